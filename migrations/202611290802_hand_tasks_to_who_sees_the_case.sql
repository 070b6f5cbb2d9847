-- A task of a case is of use only to who may open the case.

-- Somebody took it, or was given it, by hand.
alter table tasks add column chosen boolean not null default false;
grant update (chosen) on tasks to throughcare_web;
-- The task that a colleague was let in for.
alter table grants add column task_id uuid constraint grants_task_id_fkey references tasks (id) on delete set null;
create index grants_task_id_idx on grants (task_id) where task_id is not null;

-- Would this user see the case? The rule of `access.case_rule` for somebody else.
create function access.sight_of(the_user uuid, the_case uuid) returns boolean stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return exists (select from cases c where c.id = the_case and access.fit_for(the_user, c.id, c.case_type) and (
    coalesce(the_user in (c.case_manager, c.supervisor), false)
    or exists (select from grants g where g.case_id = c.id and g.revoked_at is null and g.until > now() and (g.user_id = the_user
      or g.unit in (select m.unit from memberships m where m.user_id = the_user and m.ended_at is null)))
    or exists (select from memberships m join roles r on r.id = m.role cross join unnest(r.cleared) t
      where m.user_id = the_user and m.ended_at is null and r.reach <> 'own'
        and (case r.reach when 'subtree' then m.unit * 256 + t else -(m.unit * 256 + t) end) = any (c.scope))));
end $$;
-- The same, asked of a case that the actor sees themselves, or that the organisation of this job keeps.
create function access.would_see(the_user uuid, the_case uuid) returns boolean stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return exists (select from cases c where c.id = the_case and (access.sees_case(c.id) or c.org = access.job_org())) and access.sight_of(the_user, the_case);
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
  insert into grants (id, case_id, user_id, basis, task_id, until, granted_by, org)
  values (the_grant, c.id, the_colleague, 'team', the_task, the_until, access.me(), c.org);
  return true;
end $$;

-- What somebody was handed, took, or was given by hand or in words, of a case that they no longer see. Tasks of restricted cases stay with whoever the case
-- itself names for them, and what is asked of somebody by their office with them.
create function access.unseen_tasks(the_case uuid, the_org int) returns table (task uuid, of_case uuid)
stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return query select t.id, t.case_id from tasks t
    where (t.case_id = the_case or (the_case is null and t.org = the_org and t.case_id is not null)) and t.side = 'from' and t.done_at is null
      and t.assignee is not null and (t.handed_by is not null or t.chosen or t.kind = 'own')
      and not exists (select from case_types k where k.id = t.case_type and k.sensitivity = 'restricted')
      and not access.sight_of(t.assignee, t.case_id);
end $$;
-- It goes back to the unit of the case, and that it did is written down.
create function access.leave_unseen_tasks(the_case uuid, the_org int) returns void language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  with gone as (
    update tasks t set assignee = null, handed_by = null, handed_reason = '', handed_back = false, chosen = false, version = t.version + 1
      from access.unseen_tasks(the_case, the_org) u where t.id = u.task returning t.id, t.case_id, t.org)
    insert into facts (id, actor, org, kind, case_id, subjects) select gen_random_uuid(), '', g.org, 'task.left_to_unit', g.case_id, array[g.id] from gone g;
end $$;
create or replace function access.spread_case_to_tasks() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update tasks set assignee = case when assignee = old.case_manager then new.case_manager else assignee end,
    handed_by = case when handed_by = old.case_manager and new.case_manager is distinct from old.case_manager then null else handed_by end
  where case_id = new.id and side = 'from' and done_at is null;
  perform access.leave_unseen_tasks(new.id, null);
  return null;
end $$;
create function access.leave_tasks_with_grant() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform access.leave_unseen_tasks(new.case_id, null);
  return null;
end $$;
create trigger grants_leave_tasks after update of revoked_at on grants for each row
  when (old.revoked_at is null and new.revoked_at is not null) execute function access.leave_tasks_with_grant();

-- For the clock: grants that were given for a task end with it, and what was handed to, taken by or given to somebody whose sight has ended goes back to the unit.
create function access.tend_handed_tasks(the_moment timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  with ended as (
    update grants g set revoked_at = the_moment where g.org = access.job_org() and g.basis = 'team' and g.task_id is not null and g.revoked_at is null
      and not exists (select from tasks t where t.id = g.task_id and t.done_at is null and t.assignee = g.user_id)
      returning g.id, g.case_id, g.org)
    insert into facts (id, actor, org, kind, case_id, subjects) select gen_random_uuid(), '', e.org, 'grant.revoked', e.case_id, array[e.id] from ended e;
  perform access.leave_unseen_tasks(null, access.job_org());
end $$;
select access.own_functions();
-- Parts of the functions above; nobody else asks.
revoke all on function access.sight_of(uuid, uuid), access.unseen_tasks(uuid, int), access.leave_unseen_tasks(uuid, int), access.leave_tasks_with_grant()
  from throughcare_web, throughcare_worker;
revoke all on function access.tend_handed_tasks(timestamptz) from throughcare_web;
grant execute on all functions in schema access to throughcare_migrator;
