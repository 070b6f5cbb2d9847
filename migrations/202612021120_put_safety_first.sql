-- Of what is overdue a day begins with what keeps somebody safe: a safety action, its alert, a safety review, the follow-up of a high risk (S21, S23). Whether a
-- task is one of these is kept beside it, as a day is read in the order of an index, of a worker with thousands no more than the page shows; the risk stands
-- with the case, where row security would be asked once for each. What is late of these is read apart, so the order of the rest stays as it is.
alter table tasks add column pressing boolean not null default false;
create or replace function access.set_task_scope() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare the_risk text;
begin
  if new.referral_id is not null and new.side = 'to' then
    select coalesce(r.to_unit, new.unit), coalesce(r.to_org, new.org), r.case_type, r.to_scope, null, r.case_id into new.unit, new.org, new.case_type, new.scope, new.supervisor, new.case_id from referrals r where r.id = new.referral_id;
  elsif new.case_id is not null then
    select c.unit, c.org, c.case_type, c.scope, c.supervisor, c.risk into new.unit, new.org, new.case_type, new.scope, new.supervisor, the_risk from cases c where c.id = new.case_id;
  else
    new.scope := access.scope_of(new.unit, 0::smallint);
    new.org := (select org from units where id = new.unit);
    new.case_type := 0;
  end if;
  new.pressing := new.side = 'from' and (new.kind in ('safety_action', 'safety_alert', 'safety_review') or (new.kind = 'follow_up' and coalesce(the_risk = 'high', false)));
  return new;
end $$;
-- A risk that changes takes the follow-up along.
create function access.spread_risk_to_tasks() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update tasks set pressing = coalesce(new.risk = 'high', false) where case_id = new.id and side = 'from' and kind = 'follow_up' and done_at is null;
  return null;
end $$;
create trigger cases_spread_risk after update on cases for each row when (old.risk is distinct from new.risk) execute function access.spread_risk_to_tasks();
create index tasks_pressing_idx on tasks (assignee, due_at, id) where pressing and done_at is null;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;

-- What is open already. The trigger finds the risk.
create policy migrator_marks on tasks for all to throughcare_migrator using (true);
update tasks set pressing = true where done_at is null and kind in ('safety_action', 'safety_alert', 'safety_review', 'follow_up');
drop policy migrator_marks on tasks;
