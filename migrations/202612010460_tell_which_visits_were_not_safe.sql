-- Which visits of this case, which the actor sees, were not safe, as long as it is not decided what must change (S22): also for whoever goes there next
-- and does not see the supervisor's task.
create function access.visits_not_safe(the_case uuid) returns setof uuid stable language sql security definer set search_path = public, pg_temp as $$
  select split_part(once, ':', 2)::uuid from tasks
  where access.sees_case(the_case) and case_id = the_case and side = 'from' and kind = 'visit_not_safe' and done_at is null and once like 'visit_not_safe:%'
  order by due_at, id
$$;

-- What a supervisor decides after such a visit comes before all else that lies on a day, as does whoever is not back: its first tasks are read in this order.
drop index tasks_all_assignee_idx;
create index tasks_all_assignee_idx on tasks (assignee, (done_at is null), (kind not in ('visit_overdue', 'visit_not_safe')), due_at, id);
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
