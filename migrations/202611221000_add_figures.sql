-- Aggregates for whoever may not see the rows (S15): counted by a job, suppressed before they are stored, in fixed cuts. They are read
-- through a function of a role that has no grant on any base table.
create table loop_figures (
  id uuid constraint loop_figures_pkey primary key,
  -- The sending organisation; null for all of them together.
  from_org int constraint loop_figures_from_org_fkey references organisations (id),
  cut text not null constraint loop_figures_cut_known check (cut in ('all', 'month', 'need', 'to_org', 'area')),
  value text not null,
  sensitivity text not null constraint loop_figures_sensitivity_known check (sensitivity in ('standard', 'protected')),
  -- Null figures are suppressed.
  sent int,
  answered int,
  accepted int,
  served int,
  verified int,
  due int,
  immature boolean not null default false,
  days_to_answer_median double precision,
  days_to_answer_p90 double precision,
  days_to_serve_median double precision,
  days_to_serve_p90 double precision,
  counted_at timestamptz not null
);
create index loop_figures_from_org_idx on loop_figures (from_org);
select access.close_table('loop_figures');
create policy jobs_of_org on loop_figures for all to throughcare_worker using (from_org is not distinct from (select access.job_org()));
grant select, insert, delete on loop_figures to throughcare_worker;
create policy figures_read on loop_figures for select to throughcare_figures using (true);
grant select on loop_figures to throughcare_figures;

-- What the job of one organisation, or of all together, counts from: dates and codes, no person, no restricted type.
create function access.referral_dates(the_org int) returns table (
  kind text, status text, loop text, requested_at timestamptz, acknowledged_at timestamptz, decided_at timestamptz, ended_at timestamptz, due_at timestamptz,
  no_longer_wanted boolean, need text, to_org int, area text, sensitivity text)
stable language sql security definer set search_path = public, pg_temp as $$
  select r.kind, r.status, r.loop, r.requested_at, r.acknowledged_at, r.decided_at, r.ended_at, r.due_at, r.person_declined or r.withdrawn_at is not null, r.need, r.to_org, r.area,
    coalesce(t.sensitivity, 'standard')
  from referrals r left join case_types t on t.id = r.case_type
  where access.actor_kind() = 'system' and (the_org is null or r.from_org = the_org) and the_org is not distinct from access.job_org()
    and r.requested_at > now() - interval '13 months' and coalesce(t.sensitivity, 'standard') <> 'restricted'
$$;
select access.own_functions();

-- The reader's own organisation, or all together for whoever holds the act in some organisation.
create function access.loop_figures(the_org int) returns setof loop_figures stable language sql security definer set search_path = public, pg_temp as $$
  select * from loop_figures where from_org is not distinct from the_org and (the_org is null or the_org = any (access.my_orgs_for('report.loop')))
    and cardinality(access.my_orgs_for('report.loop')) > 0
$$;
revoke all on function access.loop_figures(int) from public;
grant execute on function access.loop_figures(int) to throughcare_web;
grant usage on schema access to throughcare_figures;
grant execute on function access.my_orgs_for(text) to throughcare_figures;
grant create on schema access to throughcare_figures;
alter function access.loop_figures(int) owner to throughcare_figures;
revoke create on schema access from throughcare_figures;
