-- Screenings: every household of a unit against every service that has a rule, with what came of each; who it could be proposed to. It reads standard
-- case types alone (S16), and it sends nothing.

-- The job that works, by its name; null for everybody but a job.
create function access.job_name() returns text stable language sql parallel safe
  return case when access.actor_kind() = 'system' then split_part(current_setting('throughcare.actor', true), ':', 3) end;
-- The case types that machines may go through.
create function access.standard_types() returns smallint[] stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(id), '{}') from case_types where sensitivity = 'standard'
$$;
-- The units whose households the actor may have screened.
create function access.my_screening_units() returns int[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return array(select distinct u.id from memberships m join roles r on r.id = m.role
      join units u on u.id = m.unit or (r.reach = 'subtree' and u.path @> array[m.unit])
    where m.user_id = access.me() and m.ended_at is null and 'screening.run' = any (r.acts) limit 10000);
end $$;

create table screenings (
  id uuid constraint screenings_pkey primary key,
  org int not null constraint screenings_org_fkey references organisations (id),
  -- This unit and all below it.
  unit int not null constraint screenings_unit_fkey references units (id),
  case_types smallint[] not null constraint screenings_case_types_some check (cardinality(case_types) between 1 and 50),
  -- The services in their order, each with the version of its rule and the rule itself: what was asked stays what was asked.
  lines jsonb not null constraint screenings_lines_some check (jsonb_typeof(lines) = 'array' and jsonb_array_length(lines) between 1 and 100),
  state text not null default 'waiting' constraint screenings_state_known check (state in ('waiting', 'running', 'paused', 'done', 'cancelled', 'failed')),
  -- The screening of the same scope before it, with which it is compared.
  previous uuid constraint screenings_previous_fkey references screenings (id) on delete set null,
  -- The last case that was gone through: from there it goes on.
  at_case uuid,
  -- So many cases in one transaction.
  slice int not null default 20000 constraint screenings_slice_range check (slice between 1 and 100000),
  total bigint,
  done bigint not null default 0 constraint screenings_done_positive check (done >= 0),
  counts jsonb not null default '[]',
  -- For so many of its lines proposals are worked out.
  chosen int not null default 0,
  begun_by uuid constraint screenings_begun_by_fkey references users (id),
  begun_by_name text not null,
  begun_at timestamptz not null,
  ended_at timestamptz,
  -- When the proposals were given to the workers.
  proposed_at timestamptz,
  proposed_by uuid constraint screenings_proposed_by_fkey references users (id),
  version int not null default 1
);
create index screenings_org_idx on screenings (org);
create index screenings_unit_idx on screenings (unit, begun_at desc);
-- One at a time runs in a unit.
create unique index screenings_under_way_key on screenings (unit) where state in ('waiting', 'running');
create index screenings_previous_idx on screenings (previous);
create index screenings_begun_by_idx on screenings (begun_by);
create index screenings_proposed_by_idx on screenings (proposed_by);
select access.close_table('screenings');
create policy of_ones_units on screenings for select to throughcare_web using (unit = any ((select access.my_screening_units())::int[]));
create policy begun_in_ones_own_name on screenings for insert to throughcare_web with check (
  unit = any ((select access.my_screening_units())::int[]) and org = any ((select access.my_orgs())::int[]) and begun_by = (select access.me())
  and state = 'waiting' and done = 0 and case_types <@ (select access.standard_types()));
create policy held_by_whoever_may_begin on screenings for update to throughcare_web using (unit = any ((select access.my_screening_units())::int[]))
  with check (state in ('waiting', 'paused', 'cancelled', 'done'));
create policy jobs_of_org on screenings for all to throughcare_worker using (org = (select access.job_org()));
grant select, insert on screenings to throughcare_web;
grant update (state, ended_at, proposed_at, proposed_by, version) on screenings to throughcare_web;
grant select on screenings to throughcare_worker;
grant update (state, at_case, total, done, counts, chosen, ended_at, version) on screenings to throughcare_worker;

-- One row a case: two bits for each line (the lower one: eligible, the upper one: unknown), and a byte that names the condition that decided.
create table screening_results (
  screening_id uuid not null constraint screening_results_screening_id_fkey references screenings (id) on delete cascade,
  case_id uuid not null constraint screening_results_case_id_fkey references cases (id) on delete cascade,
  org int not null,
  case_type smallint not null,
  verdicts bytea not null constraint screening_results_verdicts_length check (length(verdicts) between 1 and 25),
  reasons bytea not null constraint screening_results_reasons_length check (length(reasons) between 1 and 100),
  -- Two bits for each line: newly eligible, no longer eligible; none where nothing changed since the screening before.
  changes bytea,
  -- How much help the case needs, where its pack has a score for it.
  need real,
  constraint screening_results_pkey primary key (screening_id, case_id)
);
create index screening_results_case_id_idx on screening_results (case_id);
create index screening_results_changed_idx on screening_results (screening_id, case_id) where changes is not null;
select access.close_table('screening_results');
create policy of_what_one_sees on screening_results for select to throughcare_web using (
  exists (select from screenings s where s.id = screening_id) and exists (select from cases c where c.id = case_id));
create policy jobs_of_org on screening_results for all to throughcare_worker using (
  org = (select access.job_org()) and case_type = any ((select access.standard_types())::smallint[]));
grant select on screening_results to throughcare_web;
grant select, insert, delete on screening_results to throughcare_worker;

-- Who could be asked whether they agree to be referred where; in which order, and why not yet.
create table screening_proposals (
  id uuid constraint screening_proposals_pkey primary key,
  screening_id uuid not null constraint screening_proposals_screening_id_fkey references screenings (id) on delete cascade,
  case_id uuid not null constraint screening_proposals_case_id_fkey references cases (id) on delete cascade,
  service_id uuid not null constraint screening_proposals_service_id_fkey references services (id),
  service_name text not null,
  nth int not null,
  need real,
  state text not null constraint screening_proposals_state_known check (state in ('proposed', 'waits', 'asked')),
  -- Why it waits.
  reason text constraint screening_proposals_reason_length check (length(reason) <= 60),
  task_id uuid constraint screening_proposals_task_id_fkey references tasks (id) on delete set null,
  constraint screening_proposals_once unique (screening_id, case_id, service_id),
  constraint screening_proposals_waits_for_a_reason check ((state = 'waits') = (reason is not null))
);
create index screening_proposals_case_id_idx on screening_proposals (case_id);
create index screening_proposals_service_id_idx on screening_proposals (service_id);
create index screening_proposals_task_id_idx on screening_proposals (task_id);
select access.close_case_table('screening_proposals', array['state', 'task_id']);
-- Jobs write them; a page reads them.
revoke insert, update on screening_proposals from throughcare_web;
-- Whoever works on the case sees what they were asked; the rest is for whoever may have households screened.
create policy asked_or_with_screening on screening_proposals as restrictive for select to throughcare_web using (
  state = 'asked' or exists (select from screenings s where s.id = screening_id));
create policy standard_alone on screening_proposals as restrictive for all to throughcare_worker using (case_type = any ((select access.standard_types())::smallint[]));

-- Protected and restricted cases do not exist for whatever reads for a screening (S16).
create policy kept_out_of_screenings on cases as restrictive for select to throughcare_worker using (
  (select access.job_name()) is distinct from 'screening' or case_type = any ((select access.standard_types())::smallint[]));
create policy kept_out_of_screenings on profiles as restrictive for select to throughcare_worker using (
  (select access.job_name()) is distinct from 'screening' or case_type = any ((select access.standard_types())::smallint[]));
-- An organisation's open cases in the order in which they are gone through.
create index cases_screened_idx on cases (org, id) where closed_at is null;

-- A case that becomes protected, or goes to another organisation, takes what screenings found of it with it.
create policy access_forgets on screening_results for delete to throughcare_access using (true);
create policy access_forgets on screening_proposals for delete to throughcare_access using (true);
grant delete on screening_results, screening_proposals to throughcare_access;
create function access.forget_screened() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  delete from screening_results where case_id = new.id;
  delete from screening_proposals where case_id = new.id;
  return null;
end $$;
create trigger cases_forget_screened after update on cases for each row
  when (old.case_type is distinct from new.case_type or old.org is distinct from new.org) execute function access.forget_screened();
-- So does a type that becomes guarded, when a newer version of its pack says so: no row of its cases changes then, but nothing about them stays in clear.
create function access.forget_screened_type() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  delete from screening_results where case_type = new.id;
  delete from screening_proposals where case_type = new.id;
  -- What guards each profile looks again.
  update profiles set fields = null where case_type = new.id;
  return null;
end $$;
create trigger case_types_forget_screened after update of sensitivity on case_types for each row
  when (old.sensitivity is distinct from new.sensitivity and new.sensitivity <> 'standard') execute function access.forget_screened_type();

-- What a job must know of services of other organisations: how many places are free, and whom the service belongs to.
create function access.screening_places(the_services uuid[])
  returns table (service_id uuid, org int, org_kind text, unit_path int[], places int, accepts boolean)
stable language sql security definer set search_path = public, pg_temp as $$
  select s.id, s.org, o.kind, coalesce(u.path, '{}'), s.places_free, s.status = 'active' and not s.not_accepting
  from services s join organisations o on o.id = s.org left join units u on u.id = s.unit
  where s.id = any (the_services) and s.visibility = 'public' and access.actor_kind() in ('system', 'operator')
$$;
-- Whoever is barred from a case is not proposed as its helper.
create policy jobs_read on bars for select to throughcare_worker using (exists (select from cases c where c.id = case_id));
grant select on bars to throughcare_worker;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
