-- What is missing, contradicts itself or has grown old in the open cases of these units that the reader sees, a row for each. The rule is that of the
-- cases themselves; it is asked here because under row security each of thousands of rows would be asked anew.
create function access.data_gaps(the_units int[], the_time timestamptz, the_day date)
  returns table (case_id uuid, code text, case_type smallint, pack text, pack_version int, manager uuid, gap text)
stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return query execute format($f$
    with seen as materialized (
      select id, code, case_type, pack, pack_version, case_manager, person_id, risk, risk_set_at, last_contact_at, opened_at, next_due_at, limits_explained_on
      from cases where unit = any ($1) and closed_at is null and %s)
    select s.id, s.code, s.case_type, s.pack, s.pack_version, s.case_manager, g.gap
    from seen s join persons p on p.id = s.person_id cross join lateral (values
      ('no_birth', p.born_on is null),
      ('no_contact', not exists (select from person_contacts k where k.person_id = p.id)),
      ('no_next_step', s.next_due_at is null),
      ('no_limits', s.limits_explained_on is null),
      ('no_risk', s.risk is null),
      ('adult_as_child', p.born_on <= $3 - interval '18 years' and exists (select from consents k where k.case_id = s.id and k.person_id = p.id
        and k.kind = 'assent' and k.withdrawn_at is null and (k.expires_on is null or k.expires_on >= $3))),
      ('young_caregiver', exists (select from case_people cp join persons q on q.id = cp.person_id
        where cp.case_id = s.id and cp.part in ('caregiver', 'chosen_adult') and q.born_on > $3 - interval '18 years')),
      ('opened_before_birth', p.born_on > s.opened_at::date),
      ('consent_expired', exists (select from consents k where k.case_id = s.id and k.kind in ('consent', 'representative') and k.withdrawn_at is null and k.expires_on < $3)
        and not exists (select from consents k where k.case_id = s.id and k.kind in ('consent', 'representative') and k.withdrawn_at is null and (k.expires_on is null or k.expires_on >= $3))),
      ('risk_old', s.risk_set_at < $2 - interval '180 days'),
      ('phone_unchecked', exists (select from person_contacts k where k.person_id = p.id and k.channel = 'phone' and k.checked_on is null)),
      ('contact_old', coalesce(s.last_contact_at, s.opened_at) < $2 - interval '90 days')) as g (gap, is_so)
    where g.is_so$f$, access.case_rule('id')) using the_units, the_time, the_day;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
