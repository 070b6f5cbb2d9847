-- Copies that are called back are told and answered in one way: a task for each unit where it is found, under one kind of key.

-- In which units of the organisation that this job is for somebody is to find a task for what is called back, and by when that is to be answered;
-- nothing once it is.
create function access.recall_units(the_recall uuid) returns table (of_unit int, by_then timestamptz)
stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return query select distinct m.unit, r.due_at from conference_recalls r join memberships m on m.org = r.to_org join roles a on a.id = m.role
    where r.id = the_recall and r.deleted_at is null and r.to_org = access.job_org() and m.ended_at is null and 'referral.answer' = any (a.acts)
    union select r.unit, r.due_at from project_recalls r where r.id = the_recall and r.deleted_at is null and r.to_org = access.job_org()
    order by 1 limit 50;
end $$;

-- The tasks for it are done, also those that hosts found before units stood in the key.
create or replace function access.hosting_deleted(the_placement uuid, the_moment timestamptz) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
declare answered project_recalls;
begin
  update project_recalls set deleted_at = the_moment, deleted_by = access.me()
    where placement = the_placement and id = any (access.my_hosting_to_delete()) returning * into answered;
  if not found then return false; end if;
  update tasks set done_at = the_moment, done_by = access.me(), version = version + 1
    where done_at is null and (once = 'delete_hosted:' || answered.id
      or once in (select 'delete_hosted:' || answered.id || ':' || u.id from units u where u.org = answered.to_org));
  return true;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
