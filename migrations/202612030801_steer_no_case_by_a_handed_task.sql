-- Whoever was let in to a case for a task alone does that task: they neither close the case nor give it to anybody.

-- The actor sees this case until a task that was handed to them is done, and in no other way.
create function access.in_for_task(the_case uuid) returns boolean stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return exists (select from grants g where g.case_id = the_case and g.user_id = access.me() and g.task_id is not null and g.revoked_at is null and g.until > now())
    and not exists (select from grants g where g.case_id = the_case and g.task_id is null and g.revoked_at is null and g.until > now()
      and (g.user_id = access.me() or g.unit = any (access.my_units())))
    and not exists (select from cases c where c.id = the_case
      and (c.scope && access.my_scope() or coalesce(access.me() in (c.case_manager, c.supervisor), false)));
end $$;
create or replace function access.holds(the_act text, the_unit int, the_case uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select exists (
    select from memberships m join roles r on r.id = m.role join units u on u.id = the_unit
    where m.user_id = access.me() and m.ended_at is null and the_act = any (r.acts)
      and (m.unit = the_unit or (r.reach = 'subtree' and m.unit = any (u.path))
        or exists (select from grants g where g.case_id = the_case and g.basis = 'team' and g.revoked_at is null and g.until > now()
                   and (g.user_id = m.user_id or g.unit = m.unit))))
    and case when the_case is not null and the_act in ('case.assign', 'case.close', 'case.classify', 'transfer.request', 'transfer.direct')
      then not access.in_for_task(the_case) else true end
$$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
