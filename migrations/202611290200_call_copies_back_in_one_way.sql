-- Copies that are called back are told and answered in one way: a task for each of those who answer, under one kind of key.

-- The tasks for it are done, also those that hosts and units found before people stood in the key.
create or replace function access.hosting_deleted(the_placement uuid, the_moment timestamptz) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
declare answered project_recalls;
begin
  update project_recalls set deleted_at = the_moment, deleted_by = access.me()
    where placement = the_placement and id = any (access.my_hosting_to_delete()) returning * into answered;
  if not found then return false; end if;
  update tasks set done_at = the_moment, done_by = access.me(), version = version + 1
    where done_at is null and (once = 'delete_hosted:' || answered.id
      or once in (select 'delete_hosted:' || answered.id || ':' || m.user_id from memberships m where m.org = answered.to_org));
  return true;
end $$;
create or replace function access.minutes_deleted(the_packet uuid, the_moment timestamptz) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
declare asked int;
begin
  update conference_recalls set deleted_at = the_moment, deleted_by = access.me()
    where id = the_packet and deleted_at is null and id = any (access.my_minutes_to_delete()) returning to_org into asked;
  if not found then return false; end if;
  update tasks set done_at = the_moment, done_by = access.me(), version = version + 1
    where done_at is null and once in (select 'delete_minutes:' || the_packet || ':' || u.id from units u where u.org = asked
      union select 'delete_minutes:' || the_packet || ':' || m.user_id from memberships m where m.org = asked);
  return true;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
