-- Who changed something last, of one's own organisation, and whether that was oneself, as in another window. It is told after a clash of versions to
-- whoever sees the case or the person that it is about, and nothing about anything else (S11). Only what changes the record itself counts: whoever
-- barred, let in or looked is named to nobody (S10).
drop function access.last_changed_by(uuid);
create function access.last_change(the_id uuid) returns table (by_name text, is_own boolean) stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return query select u.name, f.actor = 'user:' || access.me() from facts f join users u on f.actor = 'user:' || u.id
  where ((f.case_id = the_id and f.kind in ('case.opened', 'case.assigned', 'case.moved', 'case.risk_set', 'case.intensity_set', 'case.paused', 'case.resumed', 'case.closed',
        'case.reopened', 'case.reclassified', 'case.safety_reviewed', 'case.safety_action', 'closing.asked', 'closing.approved', 'closing.returned', 'closing.withdrawn', 'note.written'))
      or (f.referral_id = the_id and f.kind in ('referral.drafted', 'referral.edited', 'referral.in_review', 'referral.returned', 'referral.approved', 'referral.submitted'))
      or (f.subjects @> array[the_id] and f.kind in ('person.registered', 'person.changed', 'correction.answered', 'person.joined', 'join.undone', 'household.changed',
        'assessment.begun', 'assessment.edited', 'assessment.returned', 'assessment.finalised', 'form.begun', 'form.saved', 'form.completed', 'form.corrected',
        'plan.begun', 'plan.edited', 'plan.words_replaced', 'plan.proposed', 'plan.submitted', 'plan.returned', 'plan.reopened', 'plan.signed', 'plan.agreed',
        'plan.action_marked', 'plan.reviewed', 'plan.ended')))
    and f.org = any (access.my_orgs())
    and case when f.case_id is null then access.sees_person(the_id) else access.sees_case(f.case_id) end
  order by f.at desc, f.id desc limit 1;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
