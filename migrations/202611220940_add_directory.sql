-- The service directory (HSDS in the domain's words) and agreements between organisations.

create table services (
  id uuid constraint services_pkey primary key,
  org int not null constraint services_org_fkey references organisations (id),
  -- The unit whose inbox takes referrals for it.
  unit int constraint services_unit_fkey references units (id),
  external_id text constraint services_external_id_key unique,
  name text not null constraint services_name_length check (length(name) between 1 and 300),
  names jsonb not null default '{}',
  description text not null default '' constraint services_description_length check (length(description) <= 8000),
  needs text[] not null default '{}',
  languages text[] not null default '{}',
  documents_required text not null default '',
  eligibility text not null default '',
  min_age int constraint services_min_age_range check (min_age between 0 and 130),
  max_age int constraint services_max_age_range check (max_age between 0 and 130),
  sexes text[] not null default '{}',
  accessibility text not null default '',
  phone text not null default '',
  email text not null default '',
  url text not null default '',
  status text not null default 'active' constraint services_status_known check (status in ('active', 'inactive', 'defunct', 'temporarily_closed')),
  capacity int constraint services_capacity_range check (capacity >= 0),
  places_free int constraint services_places_free_range check (places_free >= 0),
  waiting_days int constraint services_waiting_days_range check (waiting_days between 0 and 3650),
  not_accepting boolean not null default false,
  requires_approval boolean not null default false,
  -- S14: public, cleared (actors cleared for one of the types), named (listed users only).
  visibility text not null default 'public' constraint services_visibility_known check (visibility in ('public', 'cleared', 'named')),
  cleared_types smallint[] not null default '{}',
  verified_at timestamptz,
  verified_by uuid constraint services_verified_by_fkey references users (id),
  imported jsonb not null default '{}',
  search tsvector,
  version int not null default 1,
  recorded_at timestamptz not null default now()
);
create index services_org_idx on services (org);
create index services_unit_idx on services (unit);
create index services_verified_by_idx on services (verified_by);
create index services_needs_idx on services using gin (needs);
create index services_search_idx on services using gin (search);

create table service_viewers (
  service_id uuid not null constraint service_viewers_service_id_fkey references services (id),
  user_id uuid not null constraint service_viewers_user_id_fkey references users (id),
  constraint service_viewers_pkey primary key (service_id, user_id)
);
create index service_viewers_user_id_idx on service_viewers (user_id);

create table locations (
  id uuid constraint locations_pkey primary key,
  service_id uuid not null constraint locations_service_id_fkey references services (id),
  external_id text,
  name text not null default '',
  admin1 text not null default '',
  admin2 text not null default '',
  address text not null default '',
  latitude double precision constraint locations_latitude_range check (latitude between -90 and 90),
  longitude double precision constraint locations_longitude_range check (longitude between -180 and 180),
  -- S14: a public service may have a place that only the cleared or the named learn of.
  visibility text not null default 'public' constraint locations_visibility_known check (visibility in ('public', 'cleared', 'named')),
  constraint locations_service_external_key unique (service_id, external_id)
);
create index locations_admin_idx on locations (admin1, admin2);

create table opening_hours (
  id uuid constraint opening_hours_pkey primary key,
  service_id uuid not null constraint opening_hours_service_id_fkey references services (id),
  weekday smallint not null constraint opening_hours_weekday_range check (weekday between 1 and 7),
  opens time not null,
  closes time not null
);
create index opening_hours_service_id_idx on opening_hours (service_id);

create table agreements (
  id uuid constraint agreements_pkey primary key,
  from_org int not null constraint agreements_from_org_fkey references organisations (id),
  to_org int not null constraint agreements_to_org_fkey references organisations (id),
  kind text not null constraint agreements_kind_known check (kind in ('flagged', 'locked', 'conditional_transfer', 'new_line')),
  places int,
  client_tracking boolean not null default true,
  starts_on date not null,
  ends_on date,
  version int not null default 1,
  constraint agreements_dates check (ends_on is null or ends_on >= starts_on)
);
create index agreements_from_org_idx on agreements (from_org);
create index agreements_to_org_idx on agreements (to_org);

select access.close_table(t::regclass) from unnest(array['services', 'service_viewers', 'locations', 'opening_hours', 'agreements']) t;

create policy shown on services for select to throughcare_web using (
  (select access.me()) is not null and (
    visibility = 'public'
    or org = any ((select access.my_orgs_for('service.edit'))::int[])
    or (visibility = 'cleared' and cleared_types && (select access.my_types()))
    or exists (select from service_viewers v where v.service_id = services.id and v.user_id = (select access.me()))));
create policy providers_write on services for all to throughcare_web using (org = any ((select access.my_orgs_for('service.edit'))::int[]));
create policy oneself_reads on service_viewers for select to throughcare_web using (user_id = (select access.me()));
create policy with_service on locations for select to throughcare_web using (exists (select from services s where s.id = service_id and (
    locations.visibility = 'public'
    or s.org = any ((select access.my_orgs_for('service.edit'))::int[])
    or (locations.visibility = 'cleared' and s.cleared_types && (select access.my_types()))
    or exists (select from service_viewers v where v.service_id = s.id and v.user_id = (select access.me())))));
create policy with_service_write on locations for all to throughcare_web using (exists (select from services s where s.id = service_id and s.org = any ((select access.my_orgs_for('service.edit'))::int[])));
create policy with_service on opening_hours for select to throughcare_web using (exists (select from services s where s.id = service_id));
create policy with_service_write on opening_hours for all to throughcare_web using (exists (select from services s where s.id = service_id and s.org = any ((select access.my_orgs_for('service.edit'))::int[])));
create policy parties_read on agreements for select to throughcare_web using (from_org = any ((select access.my_orgs())::int[]) or to_org = any ((select access.my_orgs())::int[]));
create policy administrators_write on agreements for all to throughcare_web using (from_org = any ((select access.my_orgs_for('agreement.edit'))::int[]));
create policy jobs_read on services for select to throughcare_worker using (org = (select access.job_org()));
create policy jobs_read on agreements for select to throughcare_worker using (from_org = (select access.job_org()));
grant select, insert, update on services, agreements to throughcare_web;
grant select, insert, update, delete on locations, opening_hours to throughcare_web;
grant select on service_viewers to throughcare_web;
grant select on services, agreements to throughcare_worker;

-- What is searched for in words: names in every language and the description, folded without a language's stemming.
create function access.set_service_search() returns trigger language plpgsql as $$
begin
  new.search := to_tsvector('simple', new.name || ' ' || (select coalesce(string_agg(value, ' '), '') from jsonb_each_text(new.names)) || ' ' || new.description || ' ' || array_to_string(new.needs, ' '));
  return new;
end $$;
create trigger services_search before insert or update on services for each row execute function access.set_service_search();

-- Who keeps a service names who may see it. A definer function, because services and their viewers ask about each other.
create function access.keeps_service(the_service uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select exists (select from services where id = the_service and org = any (access.my_orgs_for('service.edit')))
$$;
create policy keepers_write on service_viewers for all to throughcare_web using (access.keeps_service(service_id));
grant insert, delete on service_viewers to throughcare_web;

-- Users by their login, for naming them as viewers; nothing else is told of them.
create function access.users_by_login(logins text[]) returns table (login text, user_id uuid) stable language sql security definer set search_path = public, pg_temp as $$
  select u.login, u.id from users u where u.login = any (logins) and u.active and cardinality(access.my_orgs_for('service.edit')) > 0
$$;

-- The open-data face (S14): what is public of public services, to anybody. No staff, no hidden place, nothing else of the row.
create function access.public_services(the_id uuid, skip int, most int) returns table (
  id uuid, org uuid, org_name text, org_names jsonb, org_description text, name text, names jsonb, description text, needs text[], languages text[],
  documents_required text, eligibility text, min_age int, max_age int, phone text, email text, url text, status text, capacity int, places_free int,
  waiting_days int, verified_at timestamptz, places jsonb, hours jsonb, total bigint)
stable language sql security definer set search_path = public, pg_temp as $$
  select s.id, o.public_id, o.name, o.names, o.description, s.name, s.names, s.description, s.needs, s.languages, s.documents_required, s.eligibility,
    s.min_age, s.max_age, s.phone, s.email, s.url, s.status, s.capacity, s.places_free, s.waiting_days, s.verified_at,
    (select coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'name', l.name, 'admin1', l.admin1, 'admin2', l.admin2, 'address', l.address,
       'latitude', l.latitude, 'longitude', l.longitude) order by l.id), '[]') from locations l where l.service_id = s.id and l.visibility = 'public'),
    (select coalesce(jsonb_agg(jsonb_build_object('id', h.id, 'weekday', h.weekday, 'opens', h.opens, 'closes', h.closes) order by h.weekday, h.opens), '[]')
       from opening_hours h where h.service_id = s.id),
    count(*) over ()
  from services s join organisations o on o.id = s.org and o.active
  where s.visibility = 'public' and (the_id is null or s.id = the_id) order by s.id offset greatest(skip, 0) limit least(most, 100)
$$;
-- An organisation that has only hidden services is not published either.
create function access.public_organisations(skip int, most int) returns table (id uuid, name text, names jsonb, description text, total bigint)
stable language sql security definer set search_path = public, pg_temp as $$
  select o.public_id, o.name, o.names, o.description, count(*) over () from organisations o
  where o.active and exists (select from services s where s.org = o.id and s.visibility = 'public')
  order by o.id offset greatest(skip, 0) limit least(most, 100)
$$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
