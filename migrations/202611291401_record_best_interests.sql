-- For a small child for whom no adult can safely speak nobody agrees to a plan: worker and supervisor record that it is best for the child (S3). Whoever
-- records it may approve on the case, and wrote none of the plan.
alter table plan_agreements drop constraint plan_agreements_way_known;
alter table plan_agreements
  add constraint plan_agreements_way_known check (way in ('paper', 'thumb', 'said', 'drawn', 'signed_in', 'code', 'best_interests')),
  add constraint plan_agreements_best_interests_of_person check (way <> 'best_interests' or side = 'person');
create policy best_interests_by_another on plan_agreements as restrictive for insert to throughcare_web with check (way <> 'best_interests'
  or (access.holds('case.approve', unit, case_id)
    and exists (select from plans p where p.id = plan_id and (select access.me()) <> all (p.writers))));
