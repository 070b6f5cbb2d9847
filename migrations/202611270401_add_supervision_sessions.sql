-- Sessions of supervision: who met whom, of what kind, and when; the cases that were discussed, and the tasks that were decided on. A session is seen by
-- whoever took part and by whoever supervises the unit; a case in it only by whoever sees the case.
create table supervision_sessions (
  id uuid constraint supervision_sessions_pkey primary key,
  org int not null constraint supervision_sessions_org_fkey references organisations (id),
  unit int not null constraint supervision_sessions_unit_fkey references units (id),
  kind text not null constraint supervision_sessions_kind_known check (kind in ('individual', 'group', 'case_discussion', 'shadowing')),
  held_at timestamptz not null,
  supervisor uuid not null constraint supervision_sessions_supervisor_fkey references users (id),
  supervisor_name text not null,
  workers uuid[] not null constraint supervision_sessions_workers_some check (cardinality(workers) between 1 and 30),
  late_reason text constraint supervision_sessions_late_reason_length check (length(late_reason) <= 200),
  recorded_at timestamptz not null default now(),
  constraint supervision_sessions_with_one check (kind not in ('individual', 'shadowing') or cardinality(workers) = 1)
);
create index supervision_sessions_org_idx on supervision_sessions (org);
create index supervision_sessions_unit_idx on supervision_sessions (unit, held_at desc);
create index supervision_sessions_supervisor_idx on supervision_sessions (supervisor, held_at desc);
create index supervision_sessions_workers_idx on supervision_sessions using gin (workers);
select access.close_table('supervision_sessions');

-- The units whose cases the actor gives out: there they supervise.
create function access.my_supervised_units() returns int[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return array(select distinct u.id from memberships m join roles r on r.id = m.role
      join units u on u.id = m.unit or (r.reach = 'subtree' and u.path @> array[m.unit])
    where m.user_id = access.me() and m.ended_at is null and 'case.assign' = any (r.acts) limit 2000);
end $$;
create policy took_part on supervision_sessions for select to throughcare_web using (
  supervisor = (select access.me()) or workers @> array[(select access.me())] or unit = any ((select access.my_supervised_units())::int[]));
create policy by_the_supervisor on supervision_sessions for insert to throughcare_web with check (
  supervisor = (select access.me()) and org = any ((select access.my_orgs())::int[]) and unit = any ((select access.my_supervised_units())::int[])
  and not workers @> array[(select access.me())]);
grant select, insert on supervision_sessions to throughcare_web;

create table supervision_cases (
  id uuid constraint supervision_cases_pkey primary key,
  session_id uuid not null constraint supervision_cases_session_id_fkey references supervision_sessions (id) on delete cascade,
  case_id uuid not null constraint supervision_cases_case_id_fkey references cases (id) on delete cascade,
  -- When the session was, so that a case knows when it was last discussed.
  held_at timestamptz not null,
  author uuid not null constraint supervision_cases_author_fkey references users (id),
  constraint supervision_cases_once unique (session_id, case_id)
);
create index supervision_cases_case_id_idx on supervision_cases (case_id, held_at desc);
create index supervision_cases_author_idx on supervision_cases (author);
select access.close_case_table('supervision_cases', array[]::text[]);
create policy in_ones_own_name on supervision_cases as restrictive for insert to throughcare_web with check (
  author = (select access.me()) and exists (select from supervision_sessions s where s.id = session_id and s.supervisor = author));

create table supervision_decisions (
  id uuid constraint supervision_decisions_pkey primary key,
  session_id uuid not null constraint supervision_decisions_session_id_fkey references supervision_sessions (id) on delete cascade,
  case_id uuid not null constraint supervision_decisions_case_id_fkey references cases (id) on delete cascade,
  -- What was decided is a task.
  task_id uuid not null constraint supervision_decisions_task_id_fkey references tasks (id) on delete cascade,
  author uuid not null constraint supervision_decisions_author_fkey references users (id),
  recorded_at timestamptz not null default now()
);
create index supervision_decisions_session_id_idx on supervision_decisions (session_id);
create index supervision_decisions_case_id_idx on supervision_decisions (case_id);
create index supervision_decisions_task_id_idx on supervision_decisions (task_id);
create index supervision_decisions_author_idx on supervision_decisions (author);
select access.close_case_table('supervision_decisions', array[]::text[]);
create policy in_ones_own_name on supervision_decisions as restrictive for insert to throughcare_web with check (
  author = (select access.me()) and exists (select from supervision_sessions s where s.id = session_id and s.supervisor = author));

-- How the worker is: for the two who met alone, and nobody else. No job reads it, and each is sealed with a key of its own that only the two are given.
create table wellbeing_notes (
  id uuid constraint wellbeing_notes_pkey primary key,
  session_id uuid not null constraint wellbeing_notes_session_id_fkey references supervision_sessions (id) on delete cascade,
  worker uuid not null constraint wellbeing_notes_worker_fkey references users (id),
  supervisor uuid not null constraint wellbeing_notes_supervisor_fkey references users (id),
  author uuid not null constraint wellbeing_notes_author_fkey references users (id),
  body bytea not null,
  recorded_at timestamptz not null default now()
);
create index wellbeing_notes_session_id_idx on wellbeing_notes (session_id, recorded_at);
create index wellbeing_notes_worker_idx on wellbeing_notes (worker);
create index wellbeing_notes_supervisor_idx on wellbeing_notes (supervisor);
create index wellbeing_notes_author_idx on wellbeing_notes (author);
select access.close_table('wellbeing_notes');
create policy the_two on wellbeing_notes for all to throughcare_web using ((select access.me()) in (worker, supervisor))
  with check (author = (select access.me()) and author in (worker, supervisor)
    and exists (select from supervision_sessions s where s.id = session_id and s.supervisor = wellbeing_notes.supervisor and s.workers = array[wellbeing_notes.worker]));
grant select, insert on wellbeing_notes to throughcare_web;
create function access.wellbeing_key(the_note uuid) returns bytea stable language sql security definer set search_path = public, pg_temp as $$
  select k.wrapped from keys k join wellbeing_notes n on n.id = k.owner
  where k.owner = the_note and k.destroyed_at is null and access.me() in (n.worker, n.supervisor)
$$;

-- Since when the open cases of each keeper, by pack and risk, wait to be discussed: as far as the actor sees them.
create function access.supervision_due(the_units int[])
  returns table (manager uuid, pack text, pack_version int, risk text, cases int, oldest timestamptz)
stable language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  return query execute format('select c.case_manager, c.pack, c.pack_version, c.risk, count(*)::int, min(greatest(c.opened_at, d.at))
    from (select id, case_manager, pack, pack_version, risk, opened_at from cases
          where unit = any ($1) and closed_at is null and case_manager is not null and %s) c
      left join lateral (select max(k.held_at) as at from supervision_cases k where k.case_id = c.id) d on true
    group by 1, 2, 3, 4', access.case_rule('id')) using the_units;
end $$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
