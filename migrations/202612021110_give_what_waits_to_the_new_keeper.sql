-- What of a case waits in its unit's inbox goes to whoever keeps the case from now on, however they came to it: its clocks would else be nobody's (S21).
-- Not what a second person does: that stays where those look who may do it, and never becomes a keeper's own (S1, S9, S22, S23).
create function access.is_for_the_keeper(the_kind text) returns boolean immutable language sql as $$
  select the_kind <> all (array['safety_alert', 'safety_review', 'visit_not_safe', 'visit_overdue', 'visit_out', 'approve_assessment', 'approve_plan',
    'approve_closure', 'referral_review', 'referral_review_emergency', 'agree_basis', 'review_basis', 'review_break_glass', 'release_case_file',
    'quality_serious', 'check_correction', 'check_join'])
$$;
grant execute on function access.is_for_the_keeper(text) to throughcare_access;
create or replace function access.spread_case_to_tasks() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- Whoever gets the case is asked to take it up as they get it: the inbox is asked no more.
  if new.case_manager is not null and new.case_manager is distinct from old.case_manager then
    update tasks set done_at = now(), done_by = access.me(), version = version + 1
      where case_id = new.id and side = 'from' and kind = 'take_up' and assignee is null and done_at is null;
  end if;
  update tasks set assignee = case
      when assignee = old.case_manager and kind <> 'visit_out' then new.case_manager
      when assignee is null and new.case_manager is distinct from old.case_manager and access.is_for_the_keeper(kind) then new.case_manager
      else assignee end,
    handed_by = case when handed_by = old.case_manager and new.case_manager is distinct from old.case_manager then null else handed_by end
  where case_id = new.id and side = 'from' and done_at is null;
  perform access.leave_unseen_tasks(new.id, null);
  return null;
end $$;

-- What waited already in cases that somebody keeps. Whoever has such a case was asked as they got it.
create policy migrator_gives on tasks for all to throughcare_migrator using (true);
create policy migrator_reads on cases for select to throughcare_migrator using (true);
update tasks t set done_at = now(), version = t.version + 1 from cases c
  where c.id = t.case_id and c.case_manager is not null and c.closed_at is null
    and t.side = 'from' and t.kind = 'take_up' and t.done_at is null and t.assignee is null;
update tasks t set assignee = c.case_manager from cases c
  where c.id = t.case_id and c.case_manager is not null and c.closed_at is null
    and t.side = 'from' and t.done_at is null and t.assignee is null and access.is_for_the_keeper(t.kind);
drop policy migrator_gives on tasks;
drop policy migrator_reads on cases;
