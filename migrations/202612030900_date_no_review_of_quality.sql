-- Of a case its worker hears by when something is to be done on it. A review of its quality looks back: the date of another task beside it would look
-- like its own.
create or replace function access.date_told() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.task_id is not null then
    select t.due_at, t.done_at into new.due_at, new.over_at from tasks t where t.id = new.task_id for no key update;
  elsif new.referral_id is not null then
    select access.due_for(new.org, r.from_org, r.status, r.next_side, r.next_due_at, r.due_at) into new.due_at
      from referrals r where r.id = new.referral_id for no key update;
  elsif new.case_id is not null and new.kind <> all (array['quality_reviewed', 'quality.reviewed']) then
    select c.next_due_at into new.due_at from cases c where c.id = new.case_id for no key update;
  end if;
  return new;
end $$;
create or replace function access.date_told_of_case() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from notifications n where n.case_id = new.id and n.referral_id is null and n.task_id is null order by n.id for no key update;
  update notifications n set due_at = new.next_due_at
    where n.case_id = new.id and n.referral_id is null and n.task_id is null and n.due_at is distinct from new.next_due_at
      and n.kind <> all (array['quality_reviewed', 'quality.reviewed']);
  return null;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;

-- What was told before.
create policy migrator_marks on notifications for all to throughcare_migrator using (true);
update notifications set due_at = null where kind in ('quality_reviewed', 'quality.reviewed') and due_at is not null;
drop policy migrator_marks on notifications;
