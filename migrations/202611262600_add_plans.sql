-- Plans of a case: goals, under each the results that are expected, under each what somebody does for it. A draft is anybody's who works on
-- the case; put forward, nothing of it changes until both sides have agreed or it is taken back; agreed, it goes on until it ends or a newer
-- version takes its place. What makes somebody safer is never shut (S25): it is written and changed until the plan is over.

create table plans (
  id uuid constraint plans_pkey primary key,
  case_id uuid not null constraint plans_case_id_fkey references cases (id) on delete cascade,
  nth int not null constraint plans_nth_positive check (nth > 0),
  -- The version that it began as a copy of.
  follows uuid constraint plans_follows_fkey references plans (id) on delete cascade,
  state text not null default 'draft' constraint plans_state_known check (state in ('draft', 'proposed', 'agreed', 'ended', 'replaced')),
  -- What the person wants, what limits them, what was tried before: sealed with the case's key.
  sealed bytea,
  review_on date,
  needs_approval boolean not null default false,
  -- How often it was put forward; an agreement counts for the time it was given.
  round int not null default 0,
  proposed_at timestamptz,
  proposed_by_name text,
  -- What whoever approved it or gave it back says.
  remark bytea,
  returned_at timestamptz,
  approved_at timestamptz,
  approved_by uuid constraint plans_approved_by_fkey references users (id),
  approved_by_name text,
  agreed_at timestamptz,
  ended_at timestamptz,
  recorded_at timestamptz not null default now(),
  author uuid not null constraint plans_author_fkey references users (id),
  author_name text not null,
  -- Everybody who wrote in it: none of them approves it.
  writers uuid[] not null,
  version int not null default 1,
  constraint plans_nth_key unique (case_id, nth),
  constraint plans_of_case_key unique (id, case_id),
  constraint plans_proposed_dated check (state <> 'proposed' or proposed_at is not null),
  constraint plans_agreed_dated check (state not in ('agreed', 'ended', 'replaced') or agreed_at is not null),
  constraint plans_approved_signed check ((approved_at is null) = (approved_by is null))
);
-- One version is written at a time, and one holds.
create unique index plans_draft_key on plans (case_id) where state in ('draft', 'proposed');
create unique index plans_agreed_key on plans (case_id) where state = 'agreed';
create index plans_follows_idx on plans (follows);
create index plans_author_idx on plans (author);
create index plans_approved_by_idx on plans (approved_by);
select access.close_case_table('plans', array['state', 'sealed', 'review_on', 'needs_approval', 'round', 'proposed_at', 'proposed_by_name', 'remark', 'returned_at',
  'approved_at', 'approved_by', 'approved_by_name', 'agreed_at', 'ended_at', 'writers', 'version']);
create policy in_ones_own_name on plans as restrictive for insert to throughcare_web
  with check (author = (select access.me()) and writers = array[(select access.me())] and state = 'draft');

-- One line of a plan.
create table plan_lines (
  id uuid constraint plan_lines_pkey primary key,
  plan_id uuid not null,
  case_id uuid not null constraint plan_lines_case_id_fkey references cases (id) on delete cascade,
  parent uuid constraint plan_lines_parent_fkey references plan_lines (id) on delete cascade,
  kind text not null constraint plan_lines_kind_known check (kind in ('goal', 'result', 'commitment', 'support', 'accompaniment', 'safety')),
  words bytea not null,
  -- Who does it: somebody of the household, a colleague, a service of one's own; or what a referral is to bring.
  doer uuid constraint plan_lines_doer_fkey references persons (id),
  worker uuid constraint plan_lines_worker_fkey references users (id),
  service_id uuid constraint plan_lines_service_id_fkey references services (id),
  need text constraint plan_lines_need_length check (length(need) <= 40),
  starts_on date,
  due_on date,
  state text not null default 'open' constraint plan_lines_state_known check (state in ('open', 'done', 'not_done')),
  removed_at timestamptz,
  -- The line of the former version that it is a copy of.
  was uuid constraint plan_lines_was_fkey references plan_lines (id) on delete cascade,
  recorded_at timestamptz not null default now(),
  author uuid not null constraint plan_lines_author_fkey references users (id),
  version int not null default 1,
  constraint plan_lines_plan_id_fkey foreign key (plan_id, case_id) references plans (id, case_id) on delete cascade,
  constraint plan_lines_placed check ((parent is null) = (kind in ('goal', 'safety'))),
  constraint plan_lines_dates_ordered check (due_on >= starts_on)
);
create index plan_lines_plan_id_idx on plan_lines (plan_id, case_id);
create index plan_lines_case_id_idx on plan_lines (case_id);
create index plan_lines_parent_idx on plan_lines (parent);
create index plan_lines_doer_idx on plan_lines (doer);
create index plan_lines_worker_idx on plan_lines (worker);
create index plan_lines_service_id_idx on plan_lines (service_id);
create index plan_lines_was_idx on plan_lines (was);
create index plan_lines_author_idx on plan_lines (author);
select access.close_case_table('plan_lines', array['words', 'doer', 'worker', 'service_id', 'need', 'starts_on', 'due_on', 'state', 'removed_at', 'version']);
create policy in_ones_own_name on plan_lines as restrictive for insert to throughcare_web with check (author = (select access.me()));

-- One side agrees to a plan as it was put forward.
create table plan_agreements (
  id uuid constraint plan_agreements_pkey primary key,
  plan_id uuid not null,
  case_id uuid not null constraint plan_agreements_case_id_fkey references cases (id) on delete cascade,
  round int not null,
  side text not null constraint plan_agreements_side_known check (side in ('person', 'organisation')),
  person_id uuid constraint plan_agreements_person_id_fkey references persons (id),
  way text not null constraint plan_agreements_way_known check (way in ('paper', 'thumb', 'said', 'drawn', 'signed_in')),
  document_id uuid constraint plan_agreements_document_id_fkey references documents (id),
  -- Witness, interpreter and the drawn signature.
  sealed bytea,
  language text not null default '' constraint plan_agreements_language_length check (length(language) <= 60),
  happened_at timestamptz not null,
  late_reason text constraint plan_agreements_late_reason_length check (length(late_reason) <= 200),
  recorded_at timestamptz not null default now(),
  author uuid not null constraint plan_agreements_author_fkey references users (id),
  author_name text not null,
  constraint plan_agreements_plan_id_fkey foreign key (plan_id, case_id) references plans (id, case_id) on delete cascade,
  constraint plan_agreements_named check ((side = 'person') = (person_id is not null)),
  constraint plan_agreements_way_of_side check (way <> 'signed_in' or side = 'organisation'),
  constraint plan_agreements_paper_there check (way <> 'paper' or document_id is not null)
);
create index plan_agreements_plan_id_idx on plan_agreements (plan_id, case_id);
create index plan_agreements_case_id_idx on plan_agreements (case_id);
create index plan_agreements_person_id_idx on plan_agreements (person_id);
create index plan_agreements_document_id_idx on plan_agreements (document_id);
create index plan_agreements_author_idx on plan_agreements (author);
select access.close_case_table('plan_agreements');
create policy in_ones_own_name on plan_agreements as restrictive for insert to throughcare_web with check (author = (select access.me())
  and exists (select from plans p where p.id = plan_id and p.state = 'proposed' and p.round = plan_agreements.round and (not p.needs_approval or p.approved_at is not null)));

-- How far each result has come, on one day; at the end the same once more.
create table plan_reviews (
  id uuid constraint plan_reviews_pkey primary key,
  plan_id uuid not null,
  case_id uuid not null constraint plan_reviews_case_id_fkey references cases (id) on delete cascade,
  kind text not null constraint plan_reviews_kind_known check (kind in ('review', 'end')),
  results uuid[] not null default '{}',
  progress text[] not null default '{}' constraint plan_reviews_progress_known check (progress <@ array['achieved', 'partly', 'not']),
  sealed bytea,
  satisfaction smallint constraint plan_reviews_satisfaction_range check (satisfaction between 1 and 5),
  -- Asked, and did not want to say.
  unsaid boolean not null default false,
  happened_at timestamptz not null,
  late_reason text constraint plan_reviews_late_reason_length check (length(late_reason) <= 200),
  recorded_at timestamptz not null default now(),
  author uuid not null constraint plan_reviews_author_fkey references users (id),
  author_name text not null,
  constraint plan_reviews_plan_id_fkey foreign key (plan_id, case_id) references plans (id, case_id) on delete cascade,
  constraint plan_reviews_paired check (cardinality(results) = cardinality(progress)),
  constraint plan_reviews_said_or_not check (satisfaction is null or not unsaid)
);
create index plan_reviews_plan_id_idx on plan_reviews (plan_id, case_id);
create index plan_reviews_case_id_idx on plan_reviews (case_id);
create index plan_reviews_author_idx on plan_reviews (author);
create unique index plan_reviews_end_key on plan_reviews (plan_id) where kind = 'end';
select access.close_case_table('plan_reviews');
create policy in_ones_own_name on plan_reviews as restrictive for insert to throughcare_web
  with check (author = (select access.me()) and exists (select from plans p where p.id = plan_id and p.state = 'agreed'));

-- Whoever is not the program's own spreading of scope keeps to the course.
create function access.keep_plan() returns trigger language plpgsql as $$
declare
  said jsonb := jsonb_build_object('s', new.sealed, 'w', new.writers, 'n', new.needs_approval, 'r', new.round);
  stood jsonb := jsonb_build_object('s', old.sealed, 'w', old.writers, 'n', old.needs_approval, 'r', old.round);
begin
  if old.state = 'draft' then
    -- Who writes is named among the writers, and nobody leaves them.
    if new.state not in ('draft', 'proposed') or new.approved_at is not null or not new.writers @> (old.writers || access.me()) then raise insufficient_privilege; end if;
    return new;
  end if;
  if said is distinct from stood or (old.state = 'proposed' and new.review_on is distinct from old.review_on) then raise insufficient_privilege; end if;
  if old.state = 'proposed' then
    if new.approved_at is not null and old.approved_at is null or new.returned_at is distinct from old.returned_at then
      if not old.needs_approval or access.me() = any (old.writers) or not access.holds('case.approve', old.unit, old.case_id)
        or (new.approved_at is not null and (new.approved_by is distinct from access.me() or new.state <> 'proposed')) then raise insufficient_privilege; end if;
    elsif new.state = 'agreed' then
      if (old.needs_approval and old.approved_at is null)
        or (select count(distinct side) from plan_agreements a where a.plan_id = old.id and a.round = old.round) < 2 then raise insufficient_privilege; end if;
    elsif new.state not in ('draft', 'proposed') then
      raise insufficient_privilege;
    end if;
  elsif old.state = 'agreed' then
    if new.state not in ('agreed', 'ended', 'replaced') or new.agreed_at is distinct from old.agreed_at
      or (new.state = 'ended' and not exists (select from plan_reviews r where r.plan_id = old.id and r.kind = 'end'))
      or (new.state = 'replaced' and not exists (select from plans p where p.case_id = old.case_id and p.nth > old.nth and p.state = 'proposed')) then
      raise insufficient_privilege;
    end if;
  else
    raise insufficient_privilege;
  end if;
  return new;
end $$;
create trigger plans_keep before update of state, sealed, review_on, needs_approval, round, proposed_at, proposed_by_name, remark, returned_at, approved_at, approved_by,
  approved_by_name, agreed_at, ended_at, writers, version on plans for each row
  when (current_user in ('throughcare_web', 'throughcare_worker')) execute function access.keep_plan();

create function access.keep_plan_line() returns trigger language plpgsql as $$
declare
  plan plans;
begin
  select * into plan from plans where id = new.plan_id;
  if plan.state in ('draft', 'proposed', 'agreed') and new.kind = 'safety' then return new; end if;
  -- Who writes is named among the writers first.
  if plan.state = 'draft' and access.me() = any (plan.writers) then return new; end if;
  -- Of what was agreed only how far it has come may change.
  if plan.state is distinct from 'agreed' or tg_op = 'INSERT' then raise insufficient_privilege; end if;
  if (to_jsonb(new) - 'state' - 'version') is distinct from (to_jsonb(old) - 'state' - 'version') then raise insufficient_privilege; end if;
  return new;
end $$;
create trigger plan_lines_keep before insert or update of words, doer, worker, service_id, need, starts_on, due_on, state, removed_at, version on plan_lines for each row
  when (current_user in ('throughcare_web', 'throughcare_worker')) execute function access.keep_plan_line();

-- Ends the one open task of a case that was made under this key, whoever holds it, and frees the key.
create function access.end_case_task(the_case uuid, the_key text, the_moment timestamptz) returns table (id uuid, kind text)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not access.sees_case(the_case) then raise no_data_found; end if;
  return query update tasks t set done_at = the_moment, done_by = access.me(), once = null, version = t.version + 1
    where t.case_id = the_case and t.once = the_key and t.side = 'from' and t.referral_id is null and t.done_at is null
    returning t.id, t.kind;
end $$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
