-- An approval never waits for somebody who is away, nor for ever: it goes to a stand-in, is reminded of, and past its day goes one further up.
-- Whoever wrote what is to be approved is never asked. A restricted case has no stand-in: only its named supervisor sees it (S9).

alter table tasks add column passed_on_at timestamptz;
grant update (passed_on_at) on tasks to throughcare_worker;

-- Their caseload is covered now.
create function access.is_away(the_user uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select exists (select from covers v where v.worker = the_user and v.state = 'running')
$$;

-- The nearest colleague, up the tree of units, who may approve on this case, wrote none of it, and is there.
create function access.approver_above(the_case uuid, the_writers uuid[], besides uuid) returns uuid stable language sql security definer set search_path = public, pg_temp as $$
  select m.user_id from cases c join units u on u.id = c.unit join memberships m on m.unit = any (u.path) join units h on h.id = m.unit
    join roles r on r.id = m.role join users w on w.id = m.user_id
  where c.id = the_case and (access.sees_case(c.id) or c.org = access.job_org())
    and not exists (select from case_types t where t.id = c.case_type and t.sensitivity = 'restricted')
    and m.ended_at is null and w.active and 'case.approve' = any (r.acts) and c.case_type = any (r.cleared)
    and (m.unit = u.id or r.reach = 'subtree') and m.user_id <> all (the_writers) and m.user_id is distinct from besides
    and not access.is_away(m.user_id) and access.fit_for(m.user_id, c.id, c.case_type)
  order by cardinality(h.path) desc, w.name, w.id limit 1
$$;

-- Who is asked to approve: the named supervisor; where they wrote in it or are away, whoever covers for them, else the nearest above. Nobody
-- where nobody is named: then it stands in the unit's inbox.
create function access.approver_for(the_case uuid, the_writers uuid[]) returns uuid stable language plpgsql security definer set search_path = public, pg_temp as $$
declare
  c cases;
  stand_in uuid;
begin
  select * into c from cases where id = the_case and (access.sees_case(id) or org = access.job_org());
  if not found then raise no_data_found; end if;
  if c.supervisor is null then return null; end if;
  if c.supervisor <> all (the_writers) and (not access.is_away(c.supervisor)
    or exists (select from case_types t where t.id = c.case_type and t.sensitivity = 'restricted')) then
    return c.supervisor;
  end if;
  if exists (select from case_types t where t.id = c.case_type and t.sensitivity = 'restricted') then return null; end if;
  select v.colleague into stand_in from covers v
  where v.worker = c.supervisor and v.state = 'running' and v.colleague <> all (the_writers) and not access.is_away(v.colleague)
    and access.user_holds(v.colleague, 'case.approve', c.unit) and access.fit_for(v.colleague, c.id, c.case_type)
  order by v.from_on desc, v.id limit 1;
  return coalesce(stand_in, access.approver_above(the_case, the_writers, c.supervisor));
end $$;

-- Whoever wrote in what waits for approval on this case.
create function access.approval_writers(the_case uuid, the_kind text) returns uuid[] stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct w), '{}') from (
    select unnest(p.writers) as w from plans p where the_kind = 'approve_plan' and p.case_id = the_case and p.state = 'proposed'
    union all select unnest(a.writers) from assessments a where the_kind = 'approve_assessment' and a.case_id = the_case and a.state = 'finalised') written
  where exists (select from cases c where c.id = the_case and (access.sees_case(c.id) or c.org = access.job_org()))
$$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
