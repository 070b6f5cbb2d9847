-- Where somebody puts other words in the place of what stood in a line of a plan, the former words stay, with whose they were and who replaced them.
alter table plan_lines add column worded_by uuid constraint plan_lines_worded_by_fkey references users (id);
create index plan_lines_worded_by_idx on plan_lines (worded_by);
grant update (worded_by) on plan_lines to throughcare_web;

create table plan_wordings (
  id uuid constraint plan_wordings_pkey primary key,
  case_id uuid not null constraint plan_wordings_case_id_fkey references cases (id) on delete cascade,
  line_id uuid not null constraint plan_wordings_line_id_fkey references plan_lines (id) on delete cascade,
  words bytea not null,
  author uuid not null constraint plan_wordings_author_fkey references users (id),
  author_name text not null,
  replaced_by uuid not null constraint plan_wordings_replaced_by_fkey references users (id),
  replaced_at timestamptz not null
);
create index plan_wordings_case_id_idx on plan_wordings (case_id);
create index plan_wordings_line_id_idx on plan_wordings (line_id, replaced_at desc);
create index plan_wordings_author_idx on plan_wordings (author);
create index plan_wordings_replaced_by_idx on plan_wordings (replaced_by);
select access.close_case_table('plan_wordings');
create policy in_ones_own_name on plan_wordings as restrictive for insert to throughcare_web with check (replaced_by = (select access.me()));

-- Who changed something last, of one's own organisation and not oneself: told after a clash of versions to whoever sees the case or the person that it is
-- about, and nothing about anything else (S11). Only what changes the record itself counts: whoever barred, let in or looked is named to nobody (S10).
create function access.last_changed_by(the_id uuid) returns text stable language plpgsql security definer set search_path = public, pg_temp as $$
declare who text;
begin
  select u.name into who from facts f join users u on f.actor = 'user:' || u.id
  where ((f.case_id = the_id and f.kind in ('case.opened', 'case.assigned', 'case.moved', 'case.risk_set', 'case.intensity_set', 'case.paused', 'case.resumed', 'case.closed',
        'case.reopened', 'case.reclassified', 'case.safety_reviewed', 'case.safety_action', 'closing.asked', 'closing.approved', 'closing.returned', 'closing.withdrawn', 'note.written'))
      or (f.referral_id = the_id and f.kind in ('referral.drafted', 'referral.edited', 'referral.in_review', 'referral.returned', 'referral.approved', 'referral.submitted'))
      or (f.subjects @> array[the_id] and f.kind in ('person.registered', 'person.changed', 'correction.answered', 'person.joined', 'join.undone', 'household.changed',
        'assessment.begun', 'assessment.edited', 'assessment.returned', 'assessment.finalised', 'form.begun', 'form.saved', 'form.completed', 'form.corrected',
        'plan.begun', 'plan.edited', 'plan.words_replaced', 'plan.proposed', 'plan.submitted', 'plan.returned', 'plan.reopened', 'plan.signed', 'plan.agreed',
        'plan.action_marked', 'plan.reviewed', 'plan.ended')))
    and f.actor <> 'user:' || access.me() and f.org = any (access.my_orgs())
    and case when f.case_id is null then access.sees_person(the_id) else access.sees_case(f.case_id) end
  order by f.at desc, f.id desc limit 1;
  return coalesce(who, '');
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
