-- A task that is handed to a colleague, and one that comes again and again.

-- Tasks of a case that come again: the next one is made when the one before is done, or when its day comes.
create table task_series (
  id uuid constraint task_series_pkey primary key,
  case_id uuid not null constraint task_series_case_id_fkey references cases (id) on delete cascade,
  -- In the worker's own words, without names, as on the tasks themselves.
  title text not null constraint task_series_title_length check (length(title) between 1 and 200),
  every int not null constraint task_series_every_range check (every between 1 and 365),
  step text not null constraint task_series_step_known check (step in ('days', 'weeks', 'months')),
  first_due_at timestamptz not null,
  until_on date,
  times int constraint task_series_times_range check (times between 1 and 500),
  -- How many were made, and when the next one is due; nothing more comes where that is empty.
  made int not null default 1 constraint task_series_made_positive check (made > 0),
  next_due_at timestamptz,
  -- Whoever keeps the case where nobody is named.
  assignee uuid constraint task_series_assignee_fkey references users (id),
  ended_at timestamptz,
  author uuid not null constraint task_series_author_fkey references users (id),
  author_name text not null,
  recorded_at timestamptz not null default now(),
  version int not null default 1,
  constraint task_series_ended_is_over check (ended_at is null or next_due_at is null)
);
create index task_series_case_id_idx on task_series (case_id);
create index task_series_assignee_idx on task_series (assignee);
create index task_series_author_idx on task_series (author);
create index task_series_next_idx on task_series (next_due_at) where next_due_at is not null;
select access.close_case_table('task_series', array['made', 'next_due_at', 'ended_at', 'version']);
create policy in_ones_own_name on task_series as restrictive for insert to throughcare_web with check (author = (select access.me()));
create trigger hide_author before update on task_series for each row execute function access.hide_author();

alter table tasks
  -- Who handed it to whoever holds it; given back, who gave it back.
  add column handed_by uuid constraint tasks_handed_by_fkey references users (id),
  add column handed_reason text not null default '' constraint tasks_handed_reason_length check (length(handed_reason) <= 200),
  add column handed_back boolean not null default false,
  add column series_id uuid constraint tasks_series_id_fkey references task_series (id) on delete set null;
create index tasks_handed_by_idx on tasks (handed_by);
create index tasks_series_id_idx on tasks (series_id);
grant update (handed_by, handed_reason, handed_back) on tasks to throughcare_web;

-- Whoever handed a task on sees it until it is done.
alter policy need_to_know on tasks using (
  (scope && (select access.my_scope())
   or ((assignee = (select access.me()) or supervisor = (select access.me()) or handed_by = (select access.me())) and case_type = any ((select access.my_types())::smallint[]))
   or (side = 'from' and case_id = any ((select access.my_grants())::uuid[]))
   or (side = 'to' and unit = any ((select access.my_focal_units())::int[]) and case_type = any ((select access.my_types())::smallint[])))
  and (case_id is null or case_id <> all ((select access.my_bars())::uuid[])));

-- A task is handed on in one's own name; with its case it leaves the one who handed it on.
create function access.keep_handing() returns trigger language plpgsql as $$
begin
  if new.handed_by is distinct from old.handed_by and new.handed_by is distinct from access.me() then raise insufficient_privilege; end if;
  return new;
end $$;
create trigger keep_handing before update of handed_by on tasks for each row
  when (current_user in ('throughcare_web', 'throughcare_worker')) execute function access.keep_handing();
create function access.end_handing() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.unit <> old.unit or new.case_type <> old.case_type then
    new.handed_by := null;
    new.handed_reason := '';
    new.handed_back := false;
  end if;
  return new;
end $$;
-- After `tasks_scope`, which says where the task belongs now.
create trigger tasks_unhand before update on tasks for each row execute function access.end_handing();
create or replace function access.spread_case_to_tasks() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update tasks set assignee = case when assignee = old.case_manager then new.case_manager else assignee end,
    handed_by = case when handed_by = old.case_manager and new.case_manager is distinct from old.case_manager then null else handed_by end
  where case_id = new.id and side = 'from' and done_at is null;
  return null;
end $$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
