-- A session of supervision that lies ahead: it stands in the calendar of everybody who takes part. Once it was held it is written down as one, and
-- the plan names that; or it is called off, by whoever planned it or supervises there: people leave, and what they planned is not to stay.
create table supervision_plans (
  id uuid constraint supervision_plans_pkey primary key,
  org int not null constraint supervision_plans_org_fkey references organisations (id),
  unit int not null constraint supervision_plans_unit_fkey references units (id),
  kind text not null constraint supervision_plans_kind_known check (kind in ('individual', 'group', 'case_discussion', 'shadowing')),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  supervisor uuid not null constraint supervision_plans_supervisor_fkey references users (id),
  workers uuid[] not null constraint supervision_plans_workers_some check (cardinality(workers) between 1 and 30),
  state text not null default 'planned' constraint supervision_plans_state_known check (state in ('planned', 'held', 'called_off')),
  session_id uuid constraint supervision_plans_session_id_fkey references supervision_sessions (id),
  recorded_at timestamptz not null default now(),
  constraint supervision_plans_ends_after_start check (ends_at > starts_at and ends_at <= starts_at + interval '12 hours'),
  constraint supervision_plans_with_one check (kind not in ('individual', 'shadowing') or cardinality(workers) = 1),
  constraint supervision_plans_held_as_one check ((state = 'held') = (session_id is not null))
);
create index supervision_plans_org_idx on supervision_plans (org);
create index supervision_plans_unit_idx on supervision_plans (unit);
create index supervision_plans_supervisor_idx on supervision_plans (supervisor, starts_at);
create index supervision_plans_session_id_idx on supervision_plans (session_id);
create index supervision_plans_workers_idx on supervision_plans using gin (workers);
select access.close_table('supervision_plans');
create policy takes_part on supervision_plans for select to throughcare_web using (
  supervisor = (select access.me()) or workers @> array[(select access.me())] or unit = any ((select access.my_supervised_units())::int[]));
create policy by_the_supervisor on supervision_plans for insert to throughcare_web with check (
  supervisor = (select access.me()) and org = any ((select access.my_orgs())::int[]) and unit = any ((select access.my_supervised_units())::int[])
  and not workers @> array[(select access.me())] and state = 'planned');
create policy supervisor_ends_it on supervision_plans for update to throughcare_web
  using (state = 'planned' and (supervisor = (select access.me()) or unit = any ((select access.my_supervised_units())::int[])))
  with check (state = 'called_off' or (supervisor = (select access.me()) and exists (
    select from supervision_sessions s where s.id = session_id and s.supervisor = supervision_plans.supervisor)));
grant select, insert on supervision_plans to throughcare_web;
grant update (state, session_id) on supervision_plans to throughcare_web;

-- The calendar on another device holds them too: when, and that it is a session where the user lets kinds stand there.
create or replace function access.calendar_feed(the_hash bytea, the_from timestamptz, the_to timestamptz)
  returns table (id uuid, kind text, starts_at timestamptz, ends_at timestamptz, code text, lang text)
stable language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  return query select m.id, case when f.with_codes and t.sensitivity <> 'restricted' and f.user_id in (c.case_manager, c.supervisor) then m.kind end, m.starts_at, m.ends_at,
      case when f.with_codes and t.sensitivity <> 'restricted' and f.user_id in (c.case_manager, c.supervisor) then c.code end, coalesce(u.lang, o.lang)
    from calendar_feeds f join users u on u.id = f.user_id and u.active join organisations o on o.id = u.org
      join meetings m on m.holder = f.user_id join cases c on c.id = m.case_id join case_types t on t.id = c.case_type
    where f.secret_hash = the_hash and m.state = 'planned' and m.starts_at >= the_from and m.starts_at < the_to
      and not exists (select from bars b where b.case_id = m.case_id and b.lifted_at is null and (b.user_id = f.user_id or exists (
        select from memberships s join units n on n.id = s.unit where s.user_id = f.user_id and s.ended_at is null and b.unit = any (n.path))))
    order by m.starts_at limit 500;
  return query select s.id, case when f.with_codes then 'session'::text end, s.starts_at, s.ends_at, null::text, coalesce(u.lang, o.lang)
    from calendar_feeds f join users u on u.id = f.user_id and u.active join organisations o on o.id = u.org
      join supervision_plans s on s.supervisor = f.user_id or s.workers @> array[f.user_id]
    where f.secret_hash = the_hash and s.state = 'planned' and s.starts_at >= the_from and s.starts_at < the_to
    order by s.starts_at limit 100;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
