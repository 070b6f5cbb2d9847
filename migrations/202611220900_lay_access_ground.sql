-- The ground of access: who the actor is, organisations, units, users, roles, memberships, and the functions that row policies call.
-- The words are those of ARCHITECTURE "Access". A scope token is one integer for a (unit, case type) pair: unit * 256 + type for "this unit
-- and all below", its negative for "exactly this unit" (ADR 0002). Case type 0 is the registry of persons.

create schema access;
grant usage on schema access to throughcare_web, throughcare_worker, throughcare_access, throughcare_figures;
grant usage on schema public to throughcare_web, throughcare_worker, throughcare_access, throughcare_figures;
grant create on schema access to throughcare_access; -- Needed to own functions in it.

create function access.actor_kind() returns text stable language sql parallel safe
  return split_part(coalesce(current_setting('throughcare.actor', true), ''), ':', 1);

create function access.me() returns uuid stable language sql parallel safe
  return case when access.actor_kind() = 'user' then split_part(current_setting('throughcare.actor', true), ':', 2)::uuid end;

-- The organisation a job works for; null for everybody but the worker.
create function access.job_org() returns int stable language sql parallel safe
  return case when access.actor_kind() = 'system' then nullif(split_part(current_setting('throughcare.actor', true), ':', 2), '')::int end;

create table organisations (
  id int constraint organisations_pkey primary key,
  public_id uuid not null default gen_random_uuid() constraint organisations_public_id_key unique,
  name text not null constraint organisations_name_length check (length(name) between 1 and 200),
  names jsonb not null default '{}',
  kind text not null constraint organisations_kind_known check (kind in ('ministry', 'municipality', 'un_agency', 'ngo', 'provider', 'other')),
  lang text not null default 'en' constraint organisations_lang_known check (lang in ('en', 'ar', 'fr', 'es')),
  time_zone text not null default 'UTC',
  weekend int[] not null default '{6,7}',
  holidays date[] not null default '{}',
  general_desk text not null default '' constraint organisations_desk_length check (length(general_desk) <= 200),
  in_system boolean not null default true,
  active boolean not null default true,
  external_id text constraint organisations_external_id_key unique,
  description text not null default '',
  version int not null default 1,
  created_at timestamptz not null default now()
);
create sequence organisation_ids as int owned by organisations.id;

create table units (
  id int constraint units_pkey primary key constraint units_id_range check (id between 1 and 8000000),
  org int not null constraint units_org_fkey references organisations (id),
  parent int constraint units_parent_fkey references units (id),
  path int[] not null default '{}',
  name text not null constraint units_name_length check (length(name) between 1 and 200),
  admin_area text,
  desk text not null default '',
  active boolean not null default true,
  version int not null default 1
);
create sequence unit_ids as int owned by units.id;
create index units_org_idx on units (org);
create index units_parent_idx on units (parent);

create table case_types (
  id smallint constraint case_types_pkey primary key constraint case_types_id_range check (id between 1 and 254),
  code text not null constraint case_types_code_key unique,
  pack text not null,
  sensitivity text not null constraint case_types_sensitivity_known check (sensitivity in ('standard', 'protected', 'restricted')),
  labels jsonb not null
);

create table packs (
  name text not null,
  version int not null,
  body jsonb not null,
  loaded_at timestamptz not null default now(),
  constraint packs_pkey primary key (name, version)
);

create table roles (
  id int constraint roles_pkey primary key,
  org int constraint roles_org_fkey references organisations (id),
  code text not null,
  labels jsonb not null,
  acts text[] not null,
  reach text not null constraint roles_reach_known check (reach in ('own', 'unit', 'subtree')),
  cleared smallint[] not null default '{}',
  supervises boolean not null default false,
  version int not null default 1,
  constraint roles_org_code_key unique nulls not distinct (org, code)
);
create sequence role_ids as int owned by roles.id;

create table users (
  id uuid constraint users_pkey primary key,
  org int not null constraint users_org_fkey references organisations (id),
  login text not null constraint users_login_shape check (login = lower(login) and length(login) between 2 and 100),
  name text not null constraint users_name_length check (length(name) between 1 and 200),
  email text not null default '' constraint users_email_length check (length(email) <= 200),
  lang text constraint users_lang_known check (lang in ('en', 'ar', 'fr', 'es')),
  digits text not null default 'latin' constraint users_digits_known check (digits in ('latin', 'arabic')),
  quiet text[] not null default '{}',
  active boolean not null default true,
  must_change_password boolean not null default false,
  version int not null default 1,
  created_at timestamptz not null default now(),
  constraint users_login_key unique (login)
);
create index users_org_idx on users (org);

create table memberships (
  id uuid constraint memberships_pkey primary key,
  user_id uuid not null constraint memberships_user_id_fkey references users (id),
  unit int not null constraint memberships_unit_fkey references units (id),
  org int not null constraint memberships_org_fkey references organisations (id),
  role int not null constraint memberships_role_fkey references roles (id),
  ended_at timestamptz,
  created_at timestamptz not null default now()
);
create index memberships_user_id_idx on memberships (user_id);
create index memberships_unit_idx on memberships (unit);
create index memberships_role_idx on memberships (role);
create index memberships_org_idx on memberships (org);

-- Who answers for restricted types in a unit (S9): a member named for it, on duty or not.
create table focal_points (
  unit int not null constraint focal_points_unit_fkey references units (id),
  user_id uuid not null constraint focal_points_user_id_fkey references users (id),
  on_duty boolean not null default true,
  constraint focal_points_pkey primary key (unit, user_id)
);
create index focal_points_user_id_idx on focal_points (user_id);

-- Exceptions to scope. A grant opens one case to a user or a unit until a date; a bar closes it to them against everything else.
create table grants (
  id uuid constraint grants_pkey primary key,
  case_id uuid not null,
  user_id uuid constraint grants_user_id_fkey references users (id),
  unit int constraint grants_unit_fkey references units (id),
  basis text not null constraint grants_basis_known check (basis in ('team', 'transfer_view', 'break_glass')),
  reason text not null default '',
  until timestamptz not null,
  granted_by uuid constraint grants_granted_by_fkey references users (id),
  granted_at timestamptz not null default now(),
  revoked_at timestamptz,
  reviewed_by uuid constraint grants_reviewed_by_fkey references users (id),
  reviewed_at timestamptz,
  review_finding text,
  org int not null constraint grants_org_fkey references organisations (id),
  constraint grants_one_principal check ((user_id is null) <> (unit is null))
);
create index grants_case_id_idx on grants (case_id);
create index grants_user_id_idx on grants (user_id);
create index grants_unit_idx on grants (unit);
create index grants_granted_by_idx on grants (granted_by);
create index grants_reviewed_by_idx on grants (reviewed_by);
create index grants_org_idx on grants (org, granted_at) where basis = 'break_glass';

create table bars (
  id uuid constraint bars_pkey primary key,
  case_id uuid not null,
  user_id uuid constraint bars_user_id_fkey references users (id),
  unit int constraint bars_unit_fkey references units (id),
  reason text not null,
  set_by uuid constraint bars_set_by_fkey references users (id),
  set_at timestamptz not null default now(),
  lifted_at timestamptz,
  constraint bars_one_principal check ((user_id is null) <> (unit is null))
);
create index bars_case_id_idx on bars (case_id);
create index bars_user_id_idx on bars (user_id);
create index bars_unit_idx on bars (unit);
create index bars_set_by_idx on bars (set_by);

-- Units know their ancestors, so that a row's scope is one look-up.
create function access.set_unit_path() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  new.path := coalesce((select path from units where id = new.parent), '{}') || new.id;
  return new;
end $$;
create trigger units_path before insert or update of parent on units for each row execute function access.set_unit_path();

create function access.set_membership_org() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  new.org := (select org from units where id = new.unit);
  return new;
end $$;
create trigger memberships_org before insert or update of unit on memberships for each row execute function access.set_membership_org();

-- The tokens a row of this unit and type carries. Restricted types carry none: reach does not apply to them (S9).
create function access.scope_of(the_unit int, the_type smallint) returns int[] stable language sql security definer set search_path = public, pg_temp as $$
  select case when exists (select from case_types where id = the_type and sensitivity = 'restricted') then '{}'::int[]
    else (select array_agg(a * 256 + the_type) || -(the_unit * 256 + the_type) from unnest(path) a) end
  from units where id = the_unit
$$;

-- The tokens the actor's memberships match: one a cleared type, and one for the registry.
create function access.my_scope() returns int[] stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct case r.reach when 'subtree' then m.unit * 256 + t else -(m.unit * 256 + t) end), '{}')
  from memberships m join roles r on r.id = m.role cross join unnest(r.cleared || 0::smallint) t
  where m.user_id = access.me() and m.ended_at is null and (r.reach <> 'own' or t = 0)
$$;
create function access.my_types() returns smallint[] stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct t), '{}')::smallint[] || 0::smallint
  from memberships m join roles r on r.id = m.role cross join unnest(r.cleared) t
  where m.user_id = access.me() and m.ended_at is null
$$;
create function access.my_units() returns int[] stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct unit), '{}') from memberships where user_id = access.me() and ended_at is null
$$;
create function access.my_orgs() returns int[] stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(org), '{}') from users where id = access.me() and active
$$;
-- Organisations in which the actor holds this act through any membership.
create function access.my_orgs_for(act text) returns int[] stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct m.org), '{}') from memberships m join roles r on r.id = m.role
  where m.user_id = access.me() and m.ended_at is null and act = any (r.acts)
$$;
create function access.my_focal_units() returns int[] stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(unit), '{}') from focal_points where user_id = access.me()
$$;
create function access.my_grants() returns uuid[] stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct g.case_id), '{}') from grants g
  where g.revoked_at is null and g.until > now() and (g.user_id = access.me() or g.unit = any (access.my_units()))
$$;
create function access.my_bars() returns uuid[] stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct b.case_id), '{}') from bars b
  where b.lifted_at is null and (b.user_id = access.me() or exists (
    select from memberships m join units u on u.id = m.unit where m.user_id = access.me() and m.ended_at is null and b.unit = any (u.path)))
$$;

-- Every function that reads behind the policies belongs to throughcare_access, which may read and owns no table.
create function access.own_functions() returns void language plpgsql as $$
declare f regprocedure;
begin
  for f in select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
           where n.nspname = 'access' and p.prosecdef and p.proowner = 'throughcare_migrator'::regrole loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to throughcare_web, throughcare_worker', f);
    execute format('alter function %s owner to throughcare_access', f);
  end loop;
end $$;

-- Closes a table: row security on and forced, and only the definer functions read behind it. Policies for the rest follow by name.
create function access.close_table(t regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy access_reads on %s for select to throughcare_access using (true)', t);
  execute format('grant select on %s to throughcare_access', t);
  -- The operator at the command line (set-up, imports, demonstration data) is an actor too, and says so.
  execute format('create policy operator_all on %s for all to throughcare_migrator using ((select access.actor_kind()) = ''operator'')', t);
end $$;

select access.close_table(t::regclass) from unnest(array['organisations', 'units', 'users', 'roles', 'memberships', 'focal_points', 'grants', 'bars', 'case_types', 'packs']) t;

-- Reference data without a person in it: everybody who is signed in reads it, and so do jobs.
create policy signed_in_reads on organisations for select to throughcare_web using ((select access.me()) is not null);
create policy administrators_write on organisations for update to throughcare_web using (id = any ((select access.my_orgs_for('admin.units'))::int[]));
create policy signed_in_reads on units for select to throughcare_web using ((select access.me()) is not null);
create policy administrators_write on units for all to throughcare_web using (org = any ((select access.my_orgs_for('admin.units'))::int[]));
create policy signed_in_reads on case_types for select to throughcare_web using ((select access.me()) is not null);
create policy signed_in_reads on packs for select to throughcare_web using ((select access.me()) is not null);
create policy signed_in_reads on roles for select to throughcare_web using ((select access.me()) is not null and (org is null or org = any ((select access.my_orgs())::int[])));
create policy administrators_write on roles for all to throughcare_web using (org = any ((select access.my_orgs_for('admin.users'))::int[]));
-- People who work here: colleagues see each other; the names of another organisation's staff come only through what they did.
create policy colleagues_read on users for select to throughcare_web using (org = any ((select access.my_orgs())::int[]));
create policy oneself_writes on users for update to throughcare_web using (id = (select access.me()));
create policy administrators_write on users for all to throughcare_web using (org = any ((select access.my_orgs_for('admin.users'))::int[]));
create policy colleagues_read on memberships for select to throughcare_web using (org = any ((select access.my_orgs())::int[]));
create policy administrators_write on memberships for all to throughcare_web using (org = any ((select access.my_orgs_for('admin.users'))::int[]));
create policy colleagues_read on focal_points for select to throughcare_web using (unit in (select id from units where org = any ((select access.my_orgs())::int[])));
create policy administrators_write on focal_points for all to throughcare_web using (unit in (select id from units where org = any ((select access.my_orgs_for('admin.users'))::int[])));
create policy jobs_read on organisations for select to throughcare_worker using (true);
create policy jobs_read on units for select to throughcare_worker using (true);
create policy jobs_read on case_types for select to throughcare_worker using (true);
create policy jobs_read on packs for select to throughcare_worker using (true);
create policy jobs_read on roles for select to throughcare_worker using (true);
create policy jobs_read on users for select to throughcare_worker using (org = (select access.job_org()));
create policy jobs_read on memberships for select to throughcare_worker using (org = (select access.job_org()));
create policy jobs_read on focal_points for select to throughcare_worker using (unit in (select id from units where org = (select access.job_org())));

grant select on organisations, units, case_types, packs, roles, users, memberships, focal_points to throughcare_web, throughcare_worker;
grant update on organisations to throughcare_web;
grant insert, update on units, users, roles, memberships to throughcare_web;
grant insert, update, delete on focal_points to throughcare_web;
grant usage on sequence organisation_ids, unit_ids, role_ids to throughcare_web;

select access.own_functions();
