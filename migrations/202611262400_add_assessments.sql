-- Assessments: a tool of a pack, gone through in rounds. A draft is anybody's who works on the case; finalised, nothing of it changes any more,
-- except that where the pack asks somebody who wrote none of it approves it or gives it back.

create table assessments (
  id uuid constraint assessments_pkey primary key,
  case_id uuid not null constraint assessments_case_id_fkey references cases (id) on delete cascade,
  -- The tool as it stood in this version of the pack when the round began.
  pack text not null,
  pack_version int not null,
  tool text not null constraint assessments_tool_length check (length(tool) between 1 and 40),
  panel text not null constraint assessments_panel_length check (length(panel) between 1 and 40),
  round int not null constraint assessments_round_positive check (round > 0),
  state text not null default 'draft' constraint assessments_state_known check (state in ('draft', 'finalised', 'approved')),
  -- Coded answers that are not sensitive lie open, for figures; all others and every text are sealed with the case's key.
  answers jsonb not null default '{}',
  sealed bytea,
  -- Points by domain, with the most that each can come to; counted when it is finalised.
  domains text[] not null default '{}',
  scores int[] not null default '{}',
  mosts int[] not null default '{}',
  -- The level that the pack's rule proposed, and the tool that it leads to.
  level text constraint assessments_level_length check (length(level) <= 40),
  -- The level that the worker set upon it, and why it is lower than proposed or than before.
  risk text constraint assessments_risk_length check (length(risk) <= 40),
  risk_reason text constraint assessments_risk_reason_length check (length(risk_reason) <= 40),
  goes_on_to text constraint assessments_goes_on_to_length check (length(goes_on_to) <= 40),
  next_due_at timestamptz,
  needs_approval boolean not null default false,
  -- What whoever approved it or gave it back says.
  remark bytea,
  returned_at timestamptz,
  happened_at timestamptz,
  late_reason text constraint assessments_late_reason_length check (length(late_reason) <= 200),
  recorded_at timestamptz not null default now(),
  author uuid not null constraint assessments_author_fkey references users (id),
  author_name text not null,
  -- Everybody who wrote in it: none of them approves it.
  writers uuid[] not null,
  finalised_at timestamptz,
  finalised_by_name text,
  approved_at timestamptz,
  approved_by uuid constraint assessments_approved_by_fkey references users (id),
  approved_by_name text,
  version int not null default 1,
  constraint assessments_round_key unique (case_id, tool, round),
  constraint assessments_scores_paired check (cardinality(domains) = cardinality(scores) and cardinality(domains) = cardinality(mosts)),
  constraint assessments_finalised_dated check (state = 'draft' or (finalised_at is not null and happened_at is not null)),
  constraint assessments_approved_signed check (state <> 'approved' or (approved_at is not null and approved_by is not null)),
  constraint assessments_pack_fkey foreign key (pack, pack_version) references packs (name, version)
);
-- One round is written at a time.
create unique index assessments_draft_key on assessments (case_id, tool) where state = 'draft';
create index assessments_pack_idx on assessments (pack, pack_version);
create index assessments_author_idx on assessments (author);
create index assessments_approved_by_idx on assessments (approved_by);
select access.close_case_table('assessments', array['state', 'answers', 'sealed', 'domains', 'scores', 'mosts', 'level', 'risk', 'risk_reason', 'goes_on_to',
  'next_due_at', 'needs_approval', 'remark', 'returned_at', 'happened_at', 'late_reason', 'writers', 'finalised_at', 'finalised_by_name', 'approved_at', 'approved_by',
  'approved_by_name', 'version']);
create policy in_ones_own_name on assessments as restrictive for insert to throughcare_web
  with check (author = (select access.me()) and writers = array[(select access.me())] and state = 'draft');

-- Whoever is not the program's own spreading of scope keeps to the course: draft, finalised, approved or given back.
create function access.keep_assessment() returns trigger language plpgsql as $$
declare
  said jsonb := jsonb_build_object('a', new.answers, 's', new.sealed, 'd', new.domains, 'p', new.scores, 'm', new.mosts, 'l', new.level, 'k', new.risk, 'y', new.risk_reason, 'g', new.goes_on_to,
    'n', new.next_due_at, 'q', new.needs_approval, 'h', new.happened_at, 'r', new.late_reason, 'w', new.writers);
  stood jsonb := jsonb_build_object('a', old.answers, 's', old.sealed, 'd', old.domains, 'p', old.scores, 'm', old.mosts, 'l', old.level, 'k', old.risk, 'y', old.risk_reason, 'g', old.goes_on_to,
    'n', old.next_due_at, 'q', old.needs_approval, 'h', old.happened_at, 'r', old.late_reason, 'w', old.writers);
begin
  if old.state = 'draft' then
    -- Who writes is named among the writers, and nobody leaves them.
    if new.state = 'approved' or not new.writers @> (old.writers || access.me()) then raise insufficient_privilege; end if;
  elsif old.state = 'finalised' then
    if said is distinct from stood or not old.needs_approval or access.me() = any (old.writers)
      or not access.holds('case.approve', old.unit, old.case_id) or (new.state = 'approved' and new.approved_by is distinct from access.me()) then
      raise insufficient_privilege;
    end if;
  else
    raise insufficient_privilege;
  end if;
  return new;
end $$;
create trigger assessments_keep before update of state, answers, sealed, domains, scores, mosts, level, risk, risk_reason, goes_on_to, next_due_at, needs_approval, remark,
  returned_at, happened_at, late_reason, writers, finalised_at, finalised_by_name, approved_at, approved_by, approved_by_name, version on assessments for each row
  when (current_user in ('throughcare_web', 'throughcare_worker')) execute function access.keep_assessment();

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
