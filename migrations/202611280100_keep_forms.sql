-- Forms: an agency's questionnaires in editions; what is filled in on a case (a submission), what came from a device and names no case (an arrival), and what
-- rules may know of a case (its profile).

create table forms (
  id uuid constraint forms_pkey primary key,
  -- Whose it is; none for a form that a pack brings to every organisation.
  org int constraint forms_org_fkey references organisations (id),
  pack text constraint forms_pack_length check (length(pack) <= 60),
  -- Its id in the form itself, the same in every edition.
  code text not null constraint forms_code_length check (length(code) between 1 and 120),
  title text not null constraint forms_title_length check (length(title) between 1 and 300),
  -- The case types it may be filled in for; none for all that are not restricted.
  case_types smallint[] not null default '{}',
  subject text not null default 'household' constraint forms_subject_known check (subject in ('household', 'person')),
  -- It may come from a device before there is a case.
  intake boolean not null default false,
  -- It may be filled in without a network.
  offline boolean not null default false,
  version int not null default 1,
  recorded_at timestamptz not null default now(),
  constraint forms_code_key unique nulls not distinct (org, code),
  constraint forms_of_somebody check ((org is null) = (pack is not null))
);
create index forms_org_idx on forms (org);

create table form_editions (
  id uuid constraint form_editions_pkey primary key,
  form_id uuid not null constraint form_editions_form_id_fkey references forms (id) on delete cascade,
  number int not null constraint form_editions_number_positive check (number > 0),
  state text not null default 'draft' constraint form_editions_state_known check (state in ('draft', 'published', 'retired')),
  -- The version as the author wrote it.
  form_version text not null default '' constraint form_editions_form_version_length check (length(form_version) <= 120),
  source bytea not null constraint form_editions_source_size check (length(source) <= 5242880),
  source_name text not null constraint form_editions_source_name_length check (length(source_name) between 1 and 200),
  -- What every client is given, and the digest of its bytes.
  xform text not null constraint form_editions_xform_size check (length(xform) <= 10485760),
  hash text not null constraint form_editions_hash_shape check (hash ~ '^[0-9a-f]{32}$'),
  -- What is unwise in it.
  problems jsonb not null default '[]',
  languages text[] not null default '{}',
  questions int not null default 0,
  uploaded_by uuid constraint form_editions_uploaded_by_fkey references users (id),
  uploaded_by_name text not null default '',
  recorded_at timestamptz not null default now(),
  published_at timestamptz,
  retired_at timestamptz,
  version int not null default 1,
  constraint form_editions_number_key unique (form_id, number),
  constraint form_editions_published_dated check (state <> 'published' or published_at is not null)
);
create unique index form_editions_published_key on form_editions (form_id) where state = 'published';
create index form_editions_uploaded_by_idx on form_editions (uploaded_by);

create table form_media (
  edition_id uuid not null constraint form_media_edition_id_fkey references form_editions (id) on delete cascade,
  name text not null constraint form_media_name_length check (length(name) between 1 and 120),
  media_type text not null constraint form_media_media_type_length check (length(media_type) between 1 and 100),
  bytes bytea not null constraint form_media_size check (length(bytes) <= 5242880),
  hash text not null constraint form_media_hash_shape check (hash ~ '^[0-9a-f]{32}$'),
  constraint form_media_pkey primary key (edition_id, name)
);

create table submissions (
  id uuid constraint submissions_pkey primary key,
  case_id uuid not null constraint submissions_case_id_fkey references cases (id) on delete cascade,
  form_id uuid not null constraint submissions_form_id_fkey references forms (id),
  edition_id uuid not null constraint submissions_edition_id_fkey references form_editions (id),
  -- The id of this copy as devices know it.
  instance_id text not null constraint submissions_instance_id_length check (length(instance_id) between 1 and 120),
  replaces uuid constraint submissions_replaces_fkey references submissions (id),
  state text not null default 'draft' constraint submissions_state_known check (state in ('draft', 'complete', 'replaced')),
  -- The copy as XML, sealed with the case's key.
  answers bytea not null,
  -- The digest of what a device sent: the same again is known, something else under its id is not.
  sent_digest bytea,
  at_page text not null default '' constraint submissions_at_page_length check (length(at_page) <= 1000),
  answered int not null default 0,
  asked int not null default 0,
  origin text not null constraint submissions_origin_known check (origin in ('page', 'browser', 'collect', 'api')),
  author uuid not null constraint submissions_author_fkey references users (id),
  author_name text not null,
  started_at timestamptz not null,
  completed_at timestamptz,
  recorded_at timestamptz not null default now(),
  version int not null default 1,
  constraint submissions_completed_dated check (state = 'draft' or completed_at is not null)
);
create index submissions_case_id_idx on submissions (case_id, started_at desc);
create index submissions_form_id_idx on submissions (form_id);
create index submissions_edition_id_idx on submissions (edition_id);
create index submissions_replaces_idx on submissions (replaces);
create index submissions_author_idx on submissions (author);
select access.close_case_table('submissions', array['state', 'answers', 'at_page', 'answered', 'asked', 'completed_at', 'version']);
-- A device that sends twice is answered twice and counted once.
create unique index submissions_instance_key on submissions (org, instance_id);
-- What was begun by mistake may go again; what is complete never does.
create policy only_drafts_go on submissions as restrictive for delete to throughcare_web using (state = 'draft');
grant delete on submissions to throughcare_web;

-- What is complete stays as it is; only a corrected copy takes its place.
create function access.keep_submission() returns trigger language plpgsql as $$
begin
  if old.state = 'draft' and new.state in ('draft', 'complete') then return new; end if;
  if old.state = 'complete' and new.state = 'replaced' and new.answers = old.answers then return new; end if;
  raise insufficient_privilege;
end $$;
create trigger submissions_keep before update of state, answers, at_page, answered, asked, completed_at, version on submissions for each row
  when (current_user in ('throughcare_web', 'throughcare_worker')) execute function access.keep_submission();

-- Pictures, sounds and papers of a copy are documents of its case.
create table submission_files (
  submission_id uuid not null constraint submission_files_submission_id_fkey references submissions (id) on delete cascade,
  case_id uuid not null constraint submission_files_case_id_fkey references cases (id) on delete cascade,
  name text not null constraint submission_files_name_length check (length(name) between 1 and 200),
  document_id uuid not null constraint submission_files_document_id_fkey references documents (id) on delete cascade,
  constraint submission_files_pkey primary key (submission_id, name)
);
create index submission_files_case_id_idx on submission_files (case_id);
create index submission_files_document_id_idx on submission_files (document_id);
select access.close_case_table('submission_files', array['document_id']);

-- What came from a device and names no case: the unit looks whether the people are known, then places it.
create table arrivals (
  id uuid constraint arrivals_pkey primary key,
  org int not null constraint arrivals_org_fkey references organisations (id),
  unit int not null constraint arrivals_unit_fkey references units (id),
  case_type smallint not null constraint arrivals_case_type_fkey references case_types (id),
  scope int[] not null default '{}',
  form_id uuid not null constraint arrivals_form_id_fkey references forms (id),
  edition_id uuid not null constraint arrivals_edition_id_fkey references form_editions (id),
  instance_id text not null constraint arrivals_instance_id_length check (length(instance_id) between 1 and 120),
  -- The copy that it corrects, which may come later than it.
  corrects text constraint arrivals_corrects_length check (length(corrects) <= 120),
  -- The copy as XML, sealed with a key of its own.
  body bytea not null,
  sent_digest bytea,
  origin text not null constraint arrivals_origin_known check (origin in ('browser', 'collect', 'api')),
  author uuid not null constraint arrivals_author_fkey references users (id),
  author_name text not null,
  recorded_at timestamptz not null default now(),
  state text not null default 'waiting' constraint arrivals_state_known check (state in ('waiting', 'placed', 'discarded')),
  reason text constraint arrivals_reason_length check (length(reason) <= 60),
  settled_by uuid constraint arrivals_settled_by_fkey references users (id),
  settled_by_name text,
  settled_at timestamptz,
  case_id uuid constraint arrivals_case_id_fkey references cases (id) on delete set null,
  version int not null default 1,
  constraint arrivals_instance_key unique (org, instance_id),
  constraint arrivals_settled check (state = 'waiting' or (settled_by is not null and settled_at is not null))
);
create index arrivals_unit_idx on arrivals (unit, recorded_at) where state = 'waiting';
create index arrivals_unit_fkey_idx on arrivals (unit);
create index arrivals_corrects_idx on arrivals (corrects) where corrects is not null;
create index arrivals_case_type_idx on arrivals (case_type);
create index arrivals_form_id_idx on arrivals (form_id);
create index arrivals_edition_id_idx on arrivals (edition_id);
create index arrivals_author_idx on arrivals (author);
create index arrivals_settled_by_idx on arrivals (settled_by);
create index arrivals_case_id_idx on arrivals (case_id);

create table arrival_files (
  arrival_id uuid not null constraint arrival_files_arrival_id_fkey references arrivals (id) on delete cascade,
  name text not null constraint arrival_files_name_length check (length(name) between 1 and 200),
  media_type text not null constraint arrival_files_media_type_length check (length(media_type) between 1 and 100),
  -- Sealed with the arrival's key.
  bytes bytea not null constraint arrival_files_size check (length(bytes) <= 16777216),
  constraint arrival_files_pkey primary key (arrival_id, name)
);

create function access.scope_arrival() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  new.org := (select org from units where id = new.unit);
  new.scope := access.scope_of(new.unit, new.case_type);
  -- Restricted work stays off devices.
  if exists (select from case_types t where t.id = new.case_type and t.sensitivity = 'restricted') then raise insufficient_privilege; end if;
  return new;
end $$;
create trigger arrivals_scope before insert or update of unit, case_type on arrivals for each row execute function access.scope_arrival();

-- What rules may know of a case: named values out of its newest copies and the registry.
create table profiles (
  case_id uuid constraint profiles_pkey primary key constraint profiles_case_id_fkey references cases (id) on delete cascade,
  -- Open for standard types alone, so that a screening can read them; sealed for protected ones; restricted ones have none.
  fields jsonb,
  sealed bytea,
  computed_at timestamptz not null,
  constraint profiles_fields_size check (length(fields::text) <= 65536)
);
select access.close_case_table('profiles', array['fields', 'sealed', 'computed_at']);
create function access.guard_profile() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  guarded text := (select t.sensitivity from cases c join case_types t on t.id = c.case_type where c.id = new.case_id);
begin
  if guarded <> 'standard' then new.fields := null; end if;
  if guarded = 'restricted' then new.sealed := null; end if;
  return new;
end $$;
create trigger guard_profile before insert or update on profiles for each row execute function access.guard_profile();

select access.close_table(t::regclass) from unnest(array['forms', 'form_editions', 'form_media', 'arrivals', 'arrival_files']) t;

-- A form is seen by its organisation, a pack's by everybody who is signed in, and any by whoever sees a copy of it.
create policy own_and_of_packs on forms for select to throughcare_web using (
  (org is null and (select access.me()) is not null) or org = any ((select access.my_orgs())::int[])
  or exists (select from submissions s where s.form_id = forms.id) or exists (select from arrivals a where a.form_id = forms.id));
create policy managers_write on forms for all to throughcare_web using (org = any ((select access.my_orgs_for('form.manage'))::int[]));
create policy jobs_read on forms for select to throughcare_worker using (org is null or org = (select access.job_org()));
create policy with_form on form_editions for select to throughcare_web using (exists (select from forms f where f.id = form_id));
create policy managers_write on form_editions for all to throughcare_web using (
  exists (select from forms f where f.id = form_id and f.org = any ((select access.my_orgs_for('form.manage'))::int[])));
create policy jobs_read on form_editions for select to throughcare_worker using (exists (select from forms f where f.id = form_id));
create policy with_edition on form_media for select to throughcare_web using (exists (select from form_editions e where e.id = edition_id));
create policy managers_write on form_media for all to throughcare_web using (
  exists (select from form_editions e join forms f on f.id = e.form_id where e.id = edition_id and f.org = any ((select access.my_orgs_for('form.manage'))::int[])));
create policy jobs_read on form_media for select to throughcare_worker using (exists (select from form_editions e where e.id = edition_id));
grant select, insert, update, delete on forms, form_editions, form_media to throughcare_web;
grant select on forms, form_editions, form_media to throughcare_worker;

create policy of_ones_unit on arrivals for select to throughcare_web using (
  case_type = any ((select access.my_types())::smallint[]) and (unit = any ((select access.my_units())::int[]) or scope && (select access.my_scope())));
create policy in_ones_own_name on arrivals for insert to throughcare_web with check (
  author = (select access.me()) and unit = any ((select access.my_units())::int[]) and state = 'waiting');
create policy settled_in_ones_own_name on arrivals for update to throughcare_web using (
  state = 'waiting' and case_type = any ((select access.my_types())::smallint[])
  and (unit = any ((select access.my_units())::int[]) or scope && (select access.my_scope())))
  with check (state = 'waiting' or settled_by = (select access.me()));
create policy jobs_of_org on arrivals for select to throughcare_worker using (org = (select access.job_org()));
grant select, insert on arrivals to throughcare_web;
grant update (state, reason, settled_by, settled_by_name, settled_at, case_id, version, body) on arrivals to throughcare_web;
grant select on arrivals to throughcare_worker;
-- What waited in a unit is put on its case by anybody there, in the name of whoever filled it in.
create policy in_ones_own_name on submissions as restrictive for insert to throughcare_web with check (author = (select access.me())
  or exists (select from arrivals a where a.org = submissions.org and a.instance_id = submissions.instance_id and a.author = submissions.author and a.state = 'waiting'));
create policy with_arrival on arrival_files for all to throughcare_web using (exists (select from arrivals a where a.id = arrival_id));
grant select, insert, delete on arrival_files to throughcare_web;

create function access.arrival_key(the_arrival uuid) returns bytea stable language sql security definer set search_path = public, pg_temp as $$
  select k.wrapped from keys k join arrivals a on a.id = k.owner
  where k.owner = the_arrival and k.destroyed_at is null
    and a.case_type = any (access.my_types()) and (a.unit = any (access.my_units()) or a.scope && access.my_scope())
$$;
-- What was discarded goes with its key, so that no copy of the database opens it again.
create function access.destroy_arrival_key(the_arrival uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (select from arrivals where id = the_arrival and state = 'discarded' and settled_by = access.me()) then raise no_data_found; end if;
  update keys set wrapped = ''::bytea, destroyed_at = now() where owner = the_arrival and destroyed_at is null;
end $$;
-- A device sends again what it doesn't know to be here: the digest of what this actor sent under that id, wherever it stands now; empty where none was kept.
create function access.sent_before(the_instance text) returns bytea stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(sent_digest, '') from (
    select sent_digest from arrivals where instance_id = the_instance and author = access.me()
    union all select sent_digest from submissions where instance_id = the_instance and author = access.me() and state <> 'draft') sent limit 1
$$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
