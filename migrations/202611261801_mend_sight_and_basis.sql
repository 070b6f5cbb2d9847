-- What a protection officer found not justified opens no packet any more, whatever else is still to be done about it (S1).
create or replace function access.consent_stands(the_consent uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select the_consent is null or exists (
    select from consents where id = the_consent and withdrawn_at is null and kind <> 'refused' and review_finding is distinct from 'not_justified')
$$;

-- May the actor change what the registry says of this person, or of this household? Seeing is not enough: the right must reach a unit that
-- registered them, or one whose case of theirs the actor sees. Whoever reads through break-glass holds no such membership.
create function access.may_change_person(the_act text, the_person uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select exists (select from persons p where p.id = the_person and not p.has_case and access.holds(the_act, p.unit, null))
    or exists (select from case_people cp join cases c on c.id = cp.case_id
      where cp.person_id = the_person and access.sees_case(c.id) and access.holds(the_act, c.unit, c.id))
$$;
create function access.may_change_household(the_act text, the_household uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select exists (select from households h where h.id = the_household and not h.has_case and access.holds(the_act, h.unit, null))
    or exists (select from cases c where c.household_id = the_household and access.sees_case(c.id) and access.holds(the_act, c.unit, c.id))
$$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
