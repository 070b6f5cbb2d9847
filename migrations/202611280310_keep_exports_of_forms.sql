-- Answers as a file: a large one is made behind the page, for whoever asked, and kept sealed beside the database for a day.
create table form_exports (
  id uuid constraint form_exports_pkey primary key,
  org int not null constraint form_exports_org_fkey references organisations (id),
  form_id uuid not null constraint form_exports_form_id_fkey references forms (id) on delete cascade,
  asked_by uuid not null constraint form_exports_asked_by_fkey references users (id),
  asked_at timestamptz not null,
  -- Format, labels or codes, language, names, edition, days; no answer.
  wanted jsonb not null constraint form_exports_wanted_size check (length(wanted::text) <= 2000),
  state text not null default 'waiting' constraint form_exports_state_known check (state in ('waiting', 'made', 'failed', 'gone')),
  reason text constraint form_exports_reason_length check (length(reason) <= 60),
  total int not null,
  done int not null default 0,
  media_type text,
  ending text,
  expires_at timestamptz,
  constraint form_exports_made_dated check (state <> 'made' or (expires_at is not null and media_type is not null and ending is not null))
);
create index form_exports_org_idx on form_exports (org);
create index form_exports_form_id_idx on form_exports (form_id, asked_at desc);
create index form_exports_asked_by_idx on form_exports (asked_by);
select access.close_table('form_exports');
-- A file that somebody asked for is nobody else's: it holds what they see.
create policy own on form_exports for select to throughcare_web using (asked_by = (select access.me()));
create policy in_ones_own_name on form_exports for insert to throughcare_web with check (
  asked_by = (select access.me()) and org = (select access.actor_org()) and state = 'waiting');
create policy jobs_of_org on form_exports for all to throughcare_worker using (org = (select access.job_org()));
grant select, insert on form_exports to throughcare_web;
grant select on form_exports to throughcare_worker;
grant update (state, reason, total, done, media_type, ending, expires_at) on form_exports to throughcare_worker;

-- How many copies of each form stand on cases of the organisation whose forms the actor keeps: a keeper of forms sees no case. What lies on restricted cases
-- is counted for nobody.
create function access.forms_filled() returns table (form_id uuid, open bigint, guarded bigint) stable language sql security definer set search_path = public, pg_temp as $$
  select s.form_id, count(*) filter (where t.sensitivity = 'standard'), count(*) filter (where t.sensitivity = 'protected')
  from submissions s join cases c on c.id = s.case_id join case_types t on t.id = c.case_type
  where s.state = 'complete' and t.sensitivity <> 'restricted' and c.org = any (access.my_orgs_for('form.manage'))
  group by s.form_id
$$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
