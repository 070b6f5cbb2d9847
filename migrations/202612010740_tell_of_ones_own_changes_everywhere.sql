-- Whoever clashes with a change of their own, in another window, is told so of whatever it was: also of a household, a service, a form's terms and a
-- project, of which nobody else is named (S11). The newest change counts, whose ever it was: one of another organisation hides an older one, and is
-- told to nobody. What happened in a case that the reader does not see counts as little as before.
create or replace function access.last_change(the_id uuid) returns table (by_name text, is_own boolean) stable language plpgsql security definer set search_path = public, pg_temp as $$
declare
  newest record;
begin
  select u.name as called, f.actor as whose, f.org as whose_org, f.case_id as about_case into newest
  from facts f join users u on f.actor = 'user:' || u.id
  where ((f.case_id = the_id and f.kind in ('case.opened', 'case.assigned', 'case.moved', 'case.risk_set', 'case.intensity_set', 'case.paused', 'case.resumed', 'case.closed',
        'case.reopened', 'case.reclassified', 'case.safety_reviewed', 'case.safety_action', 'closing.asked', 'closing.approved', 'closing.returned', 'closing.withdrawn', 'note.written'))
      or (f.referral_id = the_id and f.kind in ('referral.drafted', 'referral.edited', 'referral.in_review', 'referral.returned', 'referral.approved', 'referral.submitted'))
      or (f.subjects @> array[the_id] and f.kind in ('person.registered', 'person.changed', 'correction.answered', 'person.joined', 'join.undone', 'household.changed',
        'assessment.begun', 'assessment.edited', 'assessment.returned', 'assessment.finalised', 'form.begun', 'form.saved', 'form.completed', 'form.corrected',
        'plan.begun', 'plan.edited', 'plan.words_replaced', 'plan.proposed', 'plan.submitted', 'plan.returned', 'plan.reopened', 'plan.signed', 'plan.agreed',
        'plan.action_marked', 'plan.reviewed', 'plan.ended', 'service.changed', 'service.verified', 'form.changed', 'project.started', 'project.edited', 'project.ended')))
    and (f.case_id is null or f.actor = 'user:' || access.me() or access.sees_case(f.case_id))
  order by f.at desc, f.id desc limit 1;
  if newest.whose = 'user:' || access.me() then
    return query select newest.called, true;
  elsif newest.whose_org = any (access.my_orgs()) and (newest.about_case is not null or access.sees_person(the_id)) then
    return query select newest.called, false;
  end if;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
