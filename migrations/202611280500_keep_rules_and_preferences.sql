-- Rules of eligibility, one expression a service, each change a version that stays; and what a person says of a service.
create table eligibility_rules (
  id uuid constraint eligibility_rules_pkey primary key,
  service_id uuid not null constraint eligibility_rules_service_id_fkey references services (id),
  -- The how-manieth version of this service's rule.
  number int not null constraint eligibility_rules_number_positive check (number >= 1),
  state text not null default 'draft' constraint eligibility_rules_state_known check (state in ('draft', 'active', 'retired')),
  text text not null constraint eligibility_rules_text_length check (length(text) between 1 and 2000),
  -- The rule as the evaluator reads it, so that judging parses nothing.
  compiled jsonb not null,
  -- What it is called, by language code.
  labels jsonb not null default '{}',
  -- Its test cases, run on each saving.
  tests jsonb not null default '[]' constraint eligibility_rules_tests_list check (jsonb_typeof(tests) = 'array'),
  written_by uuid constraint eligibility_rules_written_by_fkey references users (id),
  written_by_name text not null,
  recorded_at timestamptz not null default now(),
  activated_at timestamptz,
  retired_at timestamptz,
  -- The pack that brought it; null for one written here.
  pack text,
  version int not null default 1,
  constraint eligibility_rules_number_key unique (service_id, number),
  constraint eligibility_rules_activated check (state <> 'active' or activated_at is not null)
);
create unique index eligibility_rules_active_key on eligibility_rules (service_id) where state = 'active';
create unique index eligibility_rules_draft_key on eligibility_rules (service_id) where state = 'draft';
create index eligibility_rules_written_by_idx on eligibility_rules (written_by);
select access.close_table('eligibility_rules');
-- Whoever sees the service reads the rule that is in force or was; a draft is its keeper's alone. Hidden services stay hidden (S14).
create policy with_service on eligibility_rules for select to throughcare_web using (exists (select from services s where s.id = service_id
  and (eligibility_rules.state <> 'draft' or s.org = any ((select access.my_orgs_for('rule.manage'))::int[]))));
create policy keepers_add on eligibility_rules for insert to throughcare_web with check (
  exists (select from services s where s.id = service_id and s.org = any ((select access.my_orgs_for('rule.manage'))::int[]))
  and written_by = (select access.me()));
create policy keepers_change on eligibility_rules for update to throughcare_web using (
  exists (select from services s where s.id = service_id and s.org = any ((select access.my_orgs_for('rule.manage'))::int[])));
create policy jobs_read on eligibility_rules for select to throughcare_worker using (
  state = 'active' and exists (select from services s where s.id = service_id));
grant select, insert on eligibility_rules to throughcare_web;
-- A version in force or retired keeps its words for good: only a draft's are written over, and the trigger below holds it.
grant update (state, text, compiled, labels, tests, written_by, written_by_name, recorded_at, activated_at, retired_at, version) on eligibility_rules to throughcare_web;
grant select on eligibility_rules to throughcare_worker;
create function access.keep_rule() returns trigger language plpgsql as $$
begin
  if old.state <> 'draft' and (new.text, new.compiled, new.labels, new.tests, new.written_by, new.recorded_at) is distinct from
    (old.text, old.compiled, old.labels, old.tests, old.written_by, old.recorded_at) then
    raise exception 'a rule that was in force never changes' using errcode = '42501';
  end if;
  -- As a draft again it could be written over.
  if old.state <> 'draft' and new.state = 'draft' then raise exception 'a rule that was in force is no draft' using errcode = '42501'; end if;
  return new;
end $$;
create trigger eligibility_rules_keep before update on eligibility_rules for each row execute function access.keep_rule();

-- What the person says of a service: that they would like it, that they do not want it, or neither any more. The newest counts; nothing is
-- written over. Why is sealed with the case's key.
create table service_preferences (
  id uuid constraint service_preferences_pkey primary key,
  case_id uuid not null constraint service_preferences_case_id_fkey references cases (id) on delete cascade,
  service_id uuid not null constraint service_preferences_service_id_fkey references services (id),
  nth int not null constraint service_preferences_nth_positive check (nth >= 1),
  wish text not null constraint service_preferences_wish_known check (wish in ('wanted', 'unwanted', 'open')),
  words bytea,
  author uuid not null constraint service_preferences_author_fkey references users (id),
  author_name text not null,
  recorded_at timestamptz not null default now(),
  constraint service_preferences_nth_key unique (case_id, service_id, nth)
);
create index service_preferences_service_id_idx on service_preferences (service_id);
create index service_preferences_author_idx on service_preferences (author);
select access.close_case_table('service_preferences', array[]::text[]);
create policy in_ones_own_name on service_preferences as restrictive for insert to throughcare_web with check (author = (select access.me()));
