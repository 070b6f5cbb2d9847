-- Why somebody was not referred for a need: they already receive it, can get it without help, it is not available here, or another coded
-- reason of the pack. It is a decision of the case and stays on it.
create table not_referred (
  id uuid constraint not_referred_pkey primary key,
  case_id uuid not null constraint not_referred_case_id_fkey references cases (id) on delete cascade,
  need text not null constraint not_referred_need_length check (length(need) between 1 and 60),
  service_id uuid constraint not_referred_service_id_fkey references services (id),
  reason text not null constraint not_referred_reason_length check (length(reason) between 1 and 60),
  recorded_by uuid not null constraint not_referred_recorded_by_fkey references users (id),
  recorded_at timestamptz not null default now()
);
create index not_referred_case_id_idx on not_referred (case_id, recorded_at);
create index not_referred_service_id_idx on not_referred (service_id);
create index not_referred_recorded_by_idx on not_referred (recorded_by);
select access.close_case_table('not_referred');
