-- A datum of a person is corrected by two: one proposes, another, never the same, accepts or returns. Neither is ever changed or taken away.
create table person_corrections (
  id uuid constraint person_corrections_pkey primary key,
  person_id uuid not null constraint person_corrections_person_id_fkey references persons (id),
  field text not null constraint person_corrections_field_known check (field in ('name', 'name_latin', 'sex', 'born_on', 'admin1', 'admin2', 'admin3', 'address')),
  value text not null constraint person_corrections_value_length check (length(value) between 1 and 400),
  reason text not null constraint person_corrections_reason_length check (length(reason) between 1 and 400),
  author uuid not null constraint person_corrections_author_fkey references users (id),
  author_name text not null,
  recorded_at timestamptz not null default now()
);
create index person_corrections_person_id_idx on person_corrections (person_id, recorded_at);
create index person_corrections_author_idx on person_corrections (author);
create table person_correction_answers (
  id uuid constraint person_correction_answers_pkey primary key,
  correction_id uuid not null constraint person_correction_answers_correction_id_fkey references person_corrections (id),
  accepted boolean not null,
  remark text not null default '' constraint person_correction_answers_remark_length check (length(remark) <= 400),
  author uuid not null constraint person_correction_answers_author_fkey references users (id),
  author_name text not null,
  recorded_at timestamptz not null default now(),
  constraint person_correction_answers_once_key unique (correction_id),
  constraint person_correction_answers_returned_says_why check (accepted or remark <> '')
);
create index person_correction_answers_author_idx on person_correction_answers (author);
select access.close_table(t::regclass) from unnest(array['person_corrections', 'person_correction_answers']) t;
-- Whoever sees the person sees what was proposed and answered, and writes in their own name.
create policy with_person on person_corrections for select to throughcare_web using (exists (select from persons p where p.id = person_id));
create policy in_ones_own_name on person_corrections for insert to throughcare_web
  with check (author = (select access.me()) and exists (select from persons p where p.id = person_id));
create policy with_correction on person_correction_answers for select to throughcare_web using (exists (select from person_corrections c where c.id = correction_id));
create policy by_somebody_else on person_correction_answers for insert to throughcare_web
  with check (author = (select access.me()) and exists (select from person_corrections c where c.id = correction_id and c.author <> access.me()));
grant select, insert on person_corrections, person_correction_answers to throughcare_web;
