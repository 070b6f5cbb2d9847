-- A copy of what is kept of a person, for the person: asked for by a worker, looked through and released by somebody else, made once, gone after seven days
-- (S30). Its content lies sealed with the case's key until it is made, and the two files beside the database are sealed with it.
create table case_files (
  id uuid constraint case_files_pkey primary key,
  case_id uuid not null constraint case_files_case_id_fkey references cases (id) on delete cascade,
  person_id uuid not null constraint case_files_person_id_fkey references persons (id),
  -- Whoever receives it for the person; nobody where it is the person.
  given_to uuid constraint case_files_given_to_fkey references persons (id),
  lang text not null constraint case_files_lang_known check (lang in ('en', 'ar', 'fr', 'es')),
  reason bytea not null,
  content bytea,
  state text not null default 'asked' constraint case_files_state_known check (state in ('asked', 'refused', 'released', 'made', 'gone')),
  asked_by uuid not null constraint case_files_asked_by_fkey references users (id),
  asked_by_name text not null,
  asked_at timestamptz not null,
  decided_by uuid constraint case_files_decided_by_fkey references users (id),
  decided_by_name text,
  decided_at timestamptz,
  made_at timestamptz,
  expires_at timestamptz,
  version int not null default 1,
  constraint case_files_two_people check (decided_by is distinct from asked_by)
);
create index case_files_case_id_idx on case_files (case_id, asked_at desc);
create index case_files_person_id_idx on case_files (person_id);
create index case_files_given_to_idx on case_files (given_to);
create index case_files_asked_by_idx on case_files (asked_by);
create index case_files_decided_by_idx on case_files (decided_by);
select access.close_case_table('case_files', array['content', 'state', 'decided_by', 'decided_by_name', 'decided_at', 'made_at', 'expires_at', 'version']);
create index case_files_made_idx on case_files (org, expires_at) where state = 'made';
create policy in_ones_own_name on case_files as restrictive for insert to throughcare_web with check (asked_by = (select access.me()) and state = 'asked');
-- On a page a file is released or refused, by somebody else, and nothing more.
create policy by_somebody_else on case_files as restrictive for update to throughcare_web using (state = 'asked')
  with check (decided_by = (select access.me()) and state in ('released', 'refused'));
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
