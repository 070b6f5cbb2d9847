-- Child records: what is kept beside a case, or beside a person directly. A correction is a new row that names the old; nothing is erased
-- (S28). Their words are sealed: those of a case with the case's key, those of a person with a key of their own.

create table case_records (
  id uuid constraint case_records_pkey primary key,
  case_id uuid not null constraint case_records_case_id_fkey references cases (id) on delete cascade,
  -- The first version; the address of the record, and what referrals are started from.
  root uuid not null,
  corrects uuid constraint case_records_corrects_fkey references case_records (id),
  kind text not null constraint case_records_kind_length check (length(kind) between 1 and 40),
  body bytea,
  happened_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  late_reason text constraint case_records_late_reason_length check (length(late_reason) <= 200),
  author uuid not null constraint case_records_author_fkey references users (id),
  author_name text not null,
  -- A record on the wrong case is moved and leaves a stub without words (S28).
  moved_at timestamptz,
  constraint case_records_corrects_key unique (corrects)
);
create index case_records_case_id_idx on case_records (case_id, happened_at desc);
create index case_records_root_idx on case_records (root);
create index case_records_author_idx on case_records (author);
select access.close_case_table('case_records');

create table person_records (
  id uuid constraint person_records_pkey primary key,
  person_id uuid not null constraint person_records_person_id_fkey references persons (id),
  org int not null constraint person_records_org_fkey references organisations (id),
  unit int not null constraint person_records_unit_fkey references units (id),
  root uuid not null,
  corrects uuid constraint person_records_corrects_fkey references person_records (id),
  pack text not null,
  pack_version int not null,
  kind text not null constraint person_records_kind_length check (length(kind) between 1 and 40),
  -- Whoever is cleared for one of these case types reads it.
  case_types smallint[] not null constraint person_records_case_types_some check (cardinality(case_types) > 0),
  body bytea,
  happened_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  late_reason text constraint person_records_late_reason_length check (length(late_reason) <= 200),
  author uuid not null constraint person_records_author_fkey references users (id),
  author_name text not null,
  moved_at timestamptz,
  constraint person_records_corrects_key unique (corrects),
  constraint person_records_pack_fkey foreign key (pack, pack_version) references packs (name, version)
);
create index person_records_person_id_idx on person_records (person_id, happened_at desc);
create index person_records_org_idx on person_records (org);
create index person_records_unit_idx on person_records (unit);
create index person_records_root_idx on person_records (root);
create index person_records_author_idx on person_records (author);
create index person_records_pack_idx on person_records (pack, pack_version);
select access.close_table('person_records');

create function access.set_person_record_org() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  new.org := (select org from units where id = new.unit);
  return new;
end $$;
create trigger person_records_org before insert or update of unit on person_records for each row execute function access.set_person_record_org();

-- Persons on cases from which the actor is barred: what was said to one's own side about them is closed as well (S10).
create function access.my_barred_people() returns uuid[] stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct person_id), '{}') from case_people where case_id = any (access.my_bars())
$$;

-- Seen like the person, and no further than the organisation that wrote it (another organisation's case of the same person discloses
-- nothing, S1), the roles cleared for what it is kept for, and nobody barred from a case of the person.
create policy with_person on person_records for all to throughcare_web using (
  org = any ((select access.my_orgs())::int[])
  and case_types && (select access.my_types())::smallint[]
  and person_id <> all ((select access.my_barred_people())::uuid[])
  and exists (select from persons p where p.id = person_id));
create policy jobs_of_org on person_records for select to throughcare_worker using (org = (select access.job_org()));
grant select, insert, update on person_records to throughcare_web;
grant select on person_records to throughcare_worker;

-- The key of a person's record, for whoever sees the record. Keys are owned by the first version.
create function access.person_record_key(the_root uuid) returns bytea stable language sql security definer set search_path = public, pg_temp as $$
  select k.wrapped from keys k where k.owner = the_root and k.destroyed_at is null and exists (
    select from person_records r where r.root = the_root and (
      access.actor_kind() = 'operator'
      or (r.org = any (access.my_orgs()) and r.case_types && access.my_types() and r.person_id <> all (access.my_barred_people())
        and access.sees_person(r.person_id))))
$$;

-- Does anybody answer for referrals of this type where one would go? With several packs a receiver's people may all be cleared for another.
create function access.somebody_answers(the_unit int, the_type smallint) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select case when exists (select from case_types where id = the_type and sensitivity = 'restricted')
    then exists (select from focal_points f join memberships m on m.user_id = f.user_id and m.ended_at is null join roles r on r.id = m.role
      join users u on u.id = f.user_id and u.active where f.unit = the_unit and the_type = any (r.cleared))
    else exists (select from units here join memberships m on m.ended_at is null join roles r on r.id = m.role join users u on u.id = m.user_id and u.active
      where here.id = the_unit and (m.unit = here.id or (r.reach = 'subtree' and m.unit = any (here.path)))
        and 'referral.answer' = any (r.acts) and the_type = any (r.cleared)) end
$$;

-- My notifications: what was dealt with is done, whether or not it was read before.
alter table notifications add column done_at timestamptz;
create index notifications_open_idx on notifications (user_id, recorded_at desc) where done_at is null;
grant update (done_at) on notifications to throughcare_web;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
