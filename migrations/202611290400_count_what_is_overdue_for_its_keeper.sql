-- A case is overdue for whoever keeps it: the board counts what that worker's own list and My day show, and no colleague's task. What of it lies in the
-- unit's inbox is for its keeper to see to as well, or it is overdue for nobody (S21).
create function access.is_the_keepers(assignee uuid, keeper uuid) returns boolean immutable language sql as $$
  select assignee is null or coalesce(assignee = keeper, false)
$$;
grant execute on function access.is_the_keepers(uuid, uuid) to throughcare_web, throughcare_worker, throughcare_access;
create or replace function access.team_load(the_units int[], the_time timestamptz)
  returns table (manager uuid, case_type smallint, pack text, pack_version int, risk text, cases int, overdue int)
stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- The units' cases first: left to itself the planner reads all that the rule lets a coordinator of many units see, and throws most of it away.
  return query execute format('with here as materialized (select id, scope, case_manager, supervisor, case_type, pack, pack_version, risk, next_due_at
        from cases where unit = any ($1) and closed_at is null)
    select case_manager, case_type, pack, pack_version, risk, count(*)::int,
      count(*) filter (where next_due_at < $2 and exists (select from tasks w where w.case_id = here.id and w.side = ''from'' and w.done_at is null
        and coalesce(w.overdue_at, w.due_at) < $2 and access.is_the_keepers(w.assignee, here.case_manager)))::int
    from here where %s group by 1, 2, 3, 4, 5', access.case_rule('id')) using the_units, the_time;
end $$;
