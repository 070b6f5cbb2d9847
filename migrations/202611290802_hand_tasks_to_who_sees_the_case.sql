-- A task of a case is of use only to who may open the case.

-- Would this user, whoever acts now, see the case? The rule of `access.case_rule` for somebody else; asked only of a case that the actor sees.
create function access.would_see(the_user uuid, the_case uuid) returns boolean stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return exists (select from cases c where c.id = the_case and access.fit_for(the_user, c.id, c.case_type) and (
    coalesce(the_user in (c.case_manager, c.supervisor), false)
    or exists (select from grants g where g.case_id = c.id and g.revoked_at is null and g.until > now() and (g.user_id = the_user
      or g.unit in (select m.unit from memberships m where m.user_id = the_user and m.ended_at is null)))
    or exists (select from memberships m join roles r on r.id = m.role cross join unnest(r.cleared) t
      where m.user_id = the_user and m.ended_at is null and r.reach <> 'own'
        and (case r.reach when 'subtree' then m.unit * 256 + t else -(m.unit * 256 + t) end) = any (c.scope))));
end $$;

-- Lets the colleague whom a task is handed to see its case until a day: whoever keeps the case may, and whoever assigns such cases. Of a restricted case
-- nobody may (S9). It is a grant like any other, on the case's page of access, and ends with the task.
create function access.let_in_for_task(the_task uuid, the_colleague uuid, the_grant uuid, the_until timestamptz) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare c cases;
begin
  select k.* into c from cases k join tasks t on t.case_id = k.id
    where t.id = the_task and t.side = 'from' and t.done_at is null and t.assignee = access.me();
  if not found or not access.sees_case(c.id) then return false; end if;
  if c.case_manager is distinct from access.me() and not access.holds('case.assign', c.unit, c.id) then return false; end if;
  if exists (select from case_types t where t.id = c.case_type and t.sensitivity = 'restricted') or not access.fit_for(the_colleague, c.id, c.case_type)
    or not exists (select from users u where u.id = the_colleague and u.org = c.org) then return false; end if;
  insert into grants (id, case_id, user_id, basis, reason, until, granted_by, org)
  values (the_grant, c.id, the_colleague, 'team', 'task:' || the_task, the_until, access.me(), c.org);
  return true;
end $$;

-- What somebody was handed, or given in words, of a case that they no longer see goes back to its unit. Tasks of restricted cases stay with whoever the case
-- itself names for them.
create function access.leave_unseen_tasks(the_case uuid) returns setof uuid language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return query update tasks t set assignee = null, handed_by = null, handed_reason = '', handed_back = false, version = version + 1
    where t.case_id = the_case and t.side = 'from' and t.done_at is null and t.assignee is not null and (t.handed_by is not null or t.kind = 'own')
      and not exists (select from case_types k where k.id = t.case_type and k.sensitivity = 'restricted')
      and not access.would_see(t.assignee, the_case)
    returning t.id;
end $$;
create or replace function access.spread_case_to_tasks() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update tasks set assignee = case when assignee = old.case_manager then new.case_manager else assignee end,
    handed_by = case when handed_by = old.case_manager and new.case_manager is distinct from old.case_manager then null else handed_by end
  where case_id = new.id and side = 'from' and done_at is null;
  perform access.leave_unseen_tasks(new.id);
  return null;
end $$;
create function access.leave_tasks_with_grant() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform access.leave_unseen_tasks(new.case_id);
  return null;
end $$;
create trigger grants_leave_tasks after update of revoked_at on grants for each row
  when (old.revoked_at is null and new.revoked_at is not null) execute function access.leave_tasks_with_grant();

-- For the clock: grants that were given for a task end with it, and what was handed to somebody whose sight has ended goes back to the unit.
create function access.tend_handed_tasks(the_moment timestamptz) returns table (task uuid, of_case uuid)
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare one record;
begin
  update grants g set revoked_at = the_moment where g.org = access.job_org() and g.basis = 'team' and g.reason like 'task:%' and g.revoked_at is null
    and not exists (select from tasks t where t.id = case when g.reason like 'task:%' then substr(g.reason, 6)::uuid end
      and t.done_at is null and t.assignee = g.user_id);
  for one in select distinct t.case_id from tasks t where t.org = access.job_org() and t.handed_by is not null and t.done_at is null and t.side = 'from'
    and t.assignee is not null and t.case_id is not null and not access.would_see(t.assignee, t.case_id)
  loop
    return query select left_one, one.case_id from access.leave_unseen_tasks(one.case_id) left_one;
  end loop;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
