-- Where a pack asks, a second person approves that a case is closed. What the worker said is kept as a request until then: approved it becomes a closing in the
-- worker's name, given back it tells why. Whoever asked never approves.
create table closure_requests (
  id uuid constraint closure_requests_pkey primary key,
  case_id uuid not null constraint closure_requests_case_id_fkey references cases (id) on delete cascade,
  reason text not null constraint closure_requests_reason_length check (length(reason) <= 60),
  -- The closing as it was asked for, sealed with the case's key.
  sealed bytea not null,
  state text not null default 'waiting' constraint closure_requests_state_known check (state in ('waiting', 'approved', 'returned', 'withdrawn')),
  -- What whoever looked at it says.
  remark bytea,
  author uuid not null constraint closure_requests_author_fkey references users (id),
  author_name text not null,
  recorded_at timestamptz not null default now(),
  settled_by uuid constraint closure_requests_settled_by_fkey references users (id),
  settled_by_name text,
  settled_at timestamptz,
  version int not null default 1,
  constraint closure_requests_settled check (state = 'waiting' or (settled_by is not null and settled_at is not null))
);
create unique index closure_requests_waiting_key on closure_requests (case_id) where state = 'waiting';
create index closure_requests_case_id_idx on closure_requests (case_id, recorded_at desc);
create index closure_requests_author_idx on closure_requests (author);
create index closure_requests_settled_by_idx on closure_requests (settled_by);
select access.close_case_table('closure_requests', array['state', 'remark', 'settled_by', 'settled_by_name', 'settled_at', 'version']);
create policy in_ones_own_name on closure_requests as restrictive for insert to throughcare_web
  with check (author = (select access.me()) and state = 'waiting' and access.holds('case.close', unit, case_id));

-- Whoever asked takes it back; anybody else who may approve decides. Nothing that is settled changes.
create function access.keep_closure_request() returns trigger language plpgsql as $$
begin
  if old.state <> 'waiting' or new.settled_by is distinct from access.me()
    or (new.state = 'withdrawn') <> (old.author = access.me())
    or (new.state in ('approved', 'returned') and not access.holds('case.approve', old.unit, old.case_id)) then
    raise insufficient_privilege;
  end if;
  return new;
end $$;
create trigger closure_requests_keep before update of state, remark, settled_by, settled_by_name, settled_at, version on closure_requests for each row
  when (current_user in ('throughcare_web', 'throughcare_worker')) execute function access.keep_closure_request();

-- The request that was approved, which is carried out once.
alter table case_closures add column approved_by_name text, add column request_id uuid constraint case_closures_request_id_key unique
  constraint case_closures_request_id_fkey references closure_requests (id) on delete cascade;
-- A closing stands in the name of whoever asked for it, written down by whoever approved.
drop policy in_ones_own_name on case_closures;
create policy in_ones_own_name on case_closures as restrictive for insert to throughcare_web with check (
  (author = (select access.me()) and access.holds('case.close', unit, case_id))
  or (access.holds('case.approve', unit, case_id) and exists (select from closure_requests q
      where q.id = case_closures.request_id and q.case_id = case_closures.case_id and q.author = case_closures.author and q.state = 'approved' and q.settled_by = (select access.me()))));
-- So do the words of whoever asked, as a note of theirs: between the approval and the closing.
drop policy in_ones_own_name on case_notes;
create policy in_ones_own_name on case_notes as restrictive for insert to throughcare_web with check (
  author = (select access.me()) or access.note_stands(author, kind, happened_at, recorded_at)
  or (kind = 'note' and access.holds('case.approve', unit, case_id) and exists (select from closure_requests q
      where q.case_id = case_notes.case_id and q.author = case_notes.author and q.state = 'approved' and q.settled_by = (select access.me())
        and not exists (select from case_closures k where k.request_id = q.id))));

create or replace function access.approval_writers(the_case uuid, the_kind text) returns uuid[] stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct w), '{}') from (
    select unnest(p.writers) as w from plans p where the_kind = 'approve_plan' and p.case_id = the_case and p.state = 'proposed'
    union all select unnest(a.writers) from assessments a where the_kind = 'approve_assessment' and a.case_id = the_case and a.state = 'finalised'
    union all select q.author from closure_requests q where the_kind = 'approve_closure' and q.case_id = the_case and q.state = 'waiting') written
  where exists (select from cases c where c.id = the_case and (access.sees_case(c.id) or c.org = access.job_org()))
$$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
