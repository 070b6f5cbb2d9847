-- Who put a plan or an assessment before somebody else, who gave it back with which words, who approved it: each step stays when the next one comes.
-- The remark is sealed with the case's key.
create table approval_steps (
  id uuid constraint approval_steps_pkey primary key,
  case_id uuid not null constraint approval_steps_case_id_fkey references cases (id) on delete cascade,
  plan_id uuid constraint approval_steps_plan_id_fkey references plans (id) on delete cascade,
  assessment_id uuid constraint approval_steps_assessment_id_fkey references assessments (id) on delete cascade,
  act text not null constraint approval_steps_act_known check (act in ('submitted', 'returned', 'approved')),
  remark bytea,
  author uuid not null constraint approval_steps_author_fkey references users (id),
  author_name text not null,
  recorded_at timestamptz not null default now(),
  constraint approval_steps_of_one check (num_nonnulls(plan_id, assessment_id) = 1)
);
create index approval_steps_case_id_idx on approval_steps (case_id, recorded_at desc);
create index approval_steps_plan_id_idx on approval_steps (plan_id);
create index approval_steps_assessment_id_idx on approval_steps (assessment_id);
create index approval_steps_author_idx on approval_steps (author);
select access.close_case_table('approval_steps');
-- In one's own name, of something of this case; and whoever says that they approved it or gave it back may do so.
create policy in_ones_own_name on approval_steps as restrictive for insert to throughcare_web with check (
  author = (select access.me()) and (act = 'submitted' or access.holds('case.approve', unit, case_id))
  and (plan_id is null or exists (select from plans p where p.id = approval_steps.plan_id and p.case_id = approval_steps.case_id))
  and (assessment_id is null or exists (select from assessments a where a.id = approval_steps.assessment_id and a.case_id = approval_steps.case_id)));
