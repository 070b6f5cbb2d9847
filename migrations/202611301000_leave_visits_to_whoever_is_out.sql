-- A task that asks whoever is out on a visit to say that they are back stays with them when their case goes to somebody else (S22).
create or replace function access.spread_case_to_tasks() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update tasks set assignee = case when assignee = old.case_manager and kind <> 'visit_out' then new.case_manager else assignee end,
    handed_by = case when handed_by = old.case_manager and new.case_manager is distinct from old.case_manager then null else handed_by end
  where case_id = new.id and side = 'from' and done_at is null;
  perform access.leave_unseen_tasks(new.id, null);
  return null;
end $$;
select access.own_functions();
