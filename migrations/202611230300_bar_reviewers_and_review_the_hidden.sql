-- A bar (S10) beats the access log and the list of break-glass uses too; what a protection officer must review (S1) is shown to them, and
-- no more of it than a review needs; the end of a case's tasks does not depend on who looks.

-- Referrals of cases from which the actor is barred; empty for nearly everybody.
create function access.my_barred_referrals() returns uuid[] stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(id), '{}') from referrals where case_id = any (access.my_bars())
$$;

alter policy protection_officers_read on facts using (
  org = any ((select access.my_orgs_for('audit.read'))::int[])
  and (case_id is null or case_id <> all ((select access.my_bars())::uuid[]))
  and (referral_id is null or referral_id <> all ((select access.my_barred_referrals())::uuid[]))
  and not subjects && (select access.my_bars())::uuid[]);
alter policy case_seers_read on grants using (
  (user_id = (select access.me()) or org = any ((select access.my_orgs_for('break_glass.review'))::int[]) or exists (select from cases c where c.id = case_id))
  and case_id <> all ((select access.my_bars())::uuid[]));
alter policy reviewers_write on grants using (
  (org = any ((select access.my_orgs_for('break_glass.review'))::int[]) or exists (select from cases c where c.id = case_id))
  and case_id <> all ((select access.my_bars())::uuid[]));

-- Other bases than consent that the actor reviews (S1), also of cases that row security hides from them (S9): the ground, who shared what
-- with whom, whether the person was told, who agreed. No person, no type of case, none of the case's own words.
create function access.bases_to_review(the_consent uuid) returns table (id uuid, case_code text, pack text, pack_version int, basis text, reason text, law text,
  sections text[], recipients text[], told boolean, not_told_reason text, recorded_by uuid, recorded_by_name text, recorded_at timestamptz,
  second_name text, second_agreed_at timestamptz, second_due_at timestamptz, reviewed_at timestamptz, finding text)
stable language sql security definer set search_path = public, pg_temp as $$
  select n.id, c.code, c.pack, c.pack_version, n.basis, coalesce(n.reason, ''), n.law, n.sections,
    array(select o.name from organisations o where o.id = any (n.to_orgs) order by o.name), n.told, n.not_told_reason, n.recorded_by, n.recorded_by_name,
    n.recorded_at, s.name, n.second_agreed_at, n.second_due_at, n.reviewed_at, n.review_finding
  from consents n join cases c on c.id = n.case_id left join users s on s.id = n.second_person
  where (the_consent is null or n.id = the_consent) and n.basis <> 'consent' and n.withdrawn_at is null
    and n.org = any (access.my_orgs_for('consent.review')) and n.case_id <> all (access.my_bars())
    and access.holds('consent.review', n.unit, n.case_id)
  order by n.reviewed_at is not null, n.recorded_at desc limit 200
$$;

-- Records the review and ends the task that asked for it; answers with the case, for the audit.
create function access.review_basis(the_consent uuid, the_finding text, the_moment timestamptz) returns uuid language plpgsql security definer set search_path = public, pg_temp as $$
declare n consents;
begin
  select x.* into n from consents x join access.bases_to_review(the_consent) b on b.id = x.id for update of x;
  if not found or n.recorded_by = access.me() then raise no_data_found; end if;
  if n.reviewed_at is not null then raise serialization_failure; end if;
  update consents set reviewed_by = access.me(), reviewed_at = the_moment, review_finding = the_finding, version = version + 1 where id = the_consent;
  update tasks set done_at = the_moment, done_by = access.me(), version = version + 1 where once = 'review_basis ' || the_consent and done_at is null;
  return n.case_id;
end $$;

-- Ends the task that asked for the review of a break-glass, once that review stands, whoever of the officers did it.
create function access.end_glass_review(the_grant uuid, the_moment timestamptz) returns void language sql security definer set search_path = public, pg_temp as $$
  update tasks set done_at = the_moment, done_by = access.me(), version = version + 1
  where once = 'review_break_glass ' || the_grant and done_at is null
    and exists (select from grants g where g.id = the_grant and g.reviewed_at is not null and g.org = any (access.my_orgs_for('break_glass.review')))
$$;

-- Ends a case's own tasks of these kinds, or all but the spared ones, whoever holds them: a worker does not see the supervisor's alert, and
-- it must not stay open behind their back. Tasks of a referral end with the referral.
create function access.end_case_tasks(the_case uuid, the_kinds text[], spared text[], the_moment timestamptz) returns table (id uuid, kind text)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not access.sees_case(the_case) and not exists (select from cases c where c.id = the_case and c.org = access.job_org()) then raise no_data_found; end if;
  return query update tasks t set done_at = the_moment, done_by = access.me(), version = t.version + 1
    where t.case_id = the_case and t.side = 'from' and t.referral_id is null and t.done_at is null
      and case when cardinality(the_kinds) > 0 then t.kind = any (the_kinds) else t.kind <> all (spared) end
    returning t.id, t.kind;
end $$;

-- Does this case, which the actor sees, wait for a safety action or for the supervisor's answer to its absence (S21)?
create function access.awaits_safety_action(the_case uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select access.sees_case(the_case)
    and exists (select from tasks where case_id = the_case and side = 'from' and kind in ('safety_action', 'safety_alert') and done_at is null)
$$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
