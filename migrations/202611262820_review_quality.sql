-- A review of how a case is worked: coded answers, a result, and words sealed with the case's key. Written once a month at most, never by whoever keeps
-- the case, and never changed.
create table quality_reviews (
  id uuid constraint quality_reviews_pkey primary key,
  case_id uuid not null constraint quality_reviews_case_id_fkey references cases (id) on delete cascade,
  -- The first day of the month whose sample it belongs to.
  month date not null constraint quality_reviews_month_whole check (extract(day from month) = 1),
  answers jsonb not null,
  result text not null constraint quality_reviews_result_known check (result in ('good', 'improve', 'serious')),
  remark bytea,
  author uuid not null constraint quality_reviews_author_fkey references users (id),
  author_name text not null,
  recorded_at timestamptz not null default now(),
  constraint quality_reviews_month_key unique (case_id, month)
);
create index quality_reviews_author_idx on quality_reviews (author);
select access.close_case_table('quality_reviews', array[]::text[]);
create policy by_somebody_else on quality_reviews as restrictive for insert to throughcare_web
  with check (author = (select access.me()) and case_manager is distinct from author and access.holds('case.approve', unit, case_id));
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
