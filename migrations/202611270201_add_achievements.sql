-- Achievements of a household: how a line of the pack's list stands, each time somebody says so. Nothing of it ever changes; the newest counts.
-- What was seen, and why a line does not apply, is sealed with the case's key.
create table achievement_marks (
  id uuid constraint achievement_marks_pkey primary key,
  case_id uuid not null constraint achievement_marks_case_id_fkey references cases (id) on delete cascade,
  -- A code of the pack.
  line text not null constraint achievement_marks_line_length check (length(line) between 1 and 40),
  -- Of a line that each member has for themselves.
  person_id uuid constraint achievement_marks_person_id_fkey references persons (id),
  -- The how-manieth time of this line and person: two who write upon one state collide.
  nth int not null constraint achievement_marks_nth_positive check (nth >= 1),
  state text not null constraint achievement_marks_state_known check (state in ('achieved', 'to_achieve', 'does_not_apply', 'unknown')),
  -- Since when it is known to be so.
  seen_on date not null,
  document_id uuid constraint achievement_marks_document_id_fkey references documents (id),
  words bytea,
  author uuid not null constraint achievement_marks_author_fkey references users (id),
  author_name text not null,
  recorded_at timestamptz not null default now(),
  constraint achievement_marks_nth_key unique nulls not distinct (case_id, line, person_id, nth),
  constraint achievement_marks_shown check (state <> 'achieved' or document_id is not null or words is not null),
  constraint achievement_marks_reasoned check (state not in ('does_not_apply', 'unknown') or words is not null)
);
create index achievement_marks_case_id_idx on achievement_marks (case_id, recorded_at);
create index achievement_marks_person_id_idx on achievement_marks (person_id);
create index achievement_marks_document_id_idx on achievement_marks (document_id);
create index achievement_marks_author_idx on achievement_marks (author);
select access.close_case_table('achievement_marks', array[]::text[]);
create policy in_ones_own_name on achievement_marks as restrictive for insert to throughcare_web with check (author = (select access.me()));
