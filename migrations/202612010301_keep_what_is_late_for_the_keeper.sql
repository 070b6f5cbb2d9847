-- The earliest moment at which something is overdue for whoever keeps a case, kept beside it: the board adds up thousands of cases at each look.
-- Written only where it changes, as the case row stands in many indexes.
alter table cases add column keepers_due_at timestamptz;
create or replace function access.set_next_due() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- Of two who end or add tasks at once the second counts what the first left.
  perform from cases where id = new.case_id for no key update;
  update cases c set next_due_at = now_due.earliest, keepers_due_at = now_due.keepers
  from (select min(t.due_at) as earliest, min(coalesce(t.overdue_at, t.due_at)) filter (where access.is_the_keepers(t.assignee, k.case_manager)) as keepers
        from cases k left join tasks t on t.case_id = k.id and t.side = 'from' and t.done_at is null where k.id = new.case_id) now_due
  where c.id = new.case_id and (c.next_due_at, c.keepers_due_at) is distinct from (now_due.earliest, now_due.keepers);
  return null;
end $$;
drop trigger tasks_next_due on tasks;
create trigger tasks_next_due after insert or update of due_at, overdue_at, done_at, assignee on tasks for each row when (new.case_id is not null and new.side = 'from')
  execute function access.set_next_due();
update cases c set keepers_due_at = (select min(coalesce(t.overdue_at, t.due_at)) from tasks t
  where t.case_id = c.id and t.side = 'from' and t.done_at is null and access.is_the_keepers(t.assignee, c.case_manager));

-- What others carry is told without their names: a board shows so many people, and is added up of all.
drop function access.team_load(int[], timestamptz);
create function access.team_load(the_units int[], the_workers uuid[], the_time timestamptz)
  returns table (manager uuid, others boolean, case_type smallint, pack text, pack_version int, risk text, cases int, overdue int)
stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- The units' cases first: left to itself the planner reads all that the rule lets a coordinator of many units see, and throws most of it away.
  return query execute format('select case when case_manager = any ($2) then case_manager end, case_manager is not null and case_manager <> all ($2), case_type, pack, pack_version, risk,
      count(*)::int, count(*) filter (where keepers_due_at < $3)::int
    from (select id, scope, case_manager, supervisor, case_type, pack, pack_version, risk, keepers_due_at
          from cases where unit = any ($1) and closed_at is null offset 0) here
    where %s group by 1, 2, 3, 4, 5, 6', access.case_rule('id')) using the_units, the_workers, the_time;
end $$;

-- My day asks for what was refused, for what was answered and for what waits, each in its own order.
create index referrals_waits_idx on referrals (from_manager, requested_at) where status = 'requested';
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
