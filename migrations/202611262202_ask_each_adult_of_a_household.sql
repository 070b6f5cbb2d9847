-- Each adult of a household consents for themselves (S3), and nobody for them (S12): a member of a case goes along to another organisation
-- only on a ground of their own.

-- What a person said, or what other basis stands, on sharing with this organisation: null when it stands. A no that came later, or that
-- nobody took back, is one that was said.
create function access.own_basis(the_case uuid, the_person uuid, to_org int, the_moment timestamptz) returns text stable language plpgsql security definer set search_path = public, pg_temp as $$
declare k text; yes record; refused boolean;
begin
  select kind into k from organisations where id = to_org;
  select n.given_on, n.recorded_at into yes from consents n
  where n.case_id = the_case and n.person_id = the_person and n.child_assent_of is null and n.kind not in ('refused', 'assent') and n.withdrawn_at is null
    and coalesce(n.review_finding, '') <> 'not_justified' and (n.expires_on is null or n.expires_on >= the_moment::date)
    and (to_org = any (n.to_orgs) or k = any (n.to_kinds))
    and (n.basis = 'consent' or n.second_agreed_at is not null or n.second_due_at > the_moment)
  order by n.given_on desc, n.recorded_at desc limit 1;
  refused := exists (select from consents n where n.case_id = the_case and n.person_id = the_person and n.kind = 'refused' and n.withdrawn_at is null
      and (yes.given_on is null or (n.given_on, n.recorded_at) > (yes.given_on, yes.recorded_at))
      and ((n.to_orgs = '{}' and n.to_kinds = '{}') or to_org = any (n.to_orgs) or k = any (n.to_kinds)));
  if refused then return 'refused'; end if;
  if yes.given_on is not null then return null; end if;
  return case when exists (select from consents n where n.case_id = the_case and n.person_id = the_person and n.withdrawn_at is not null
      and (to_org = any (n.to_orgs) or k = any (n.to_kinds))) then 'refused' else 'none' end;
end $$;
-- Why a member of this case does not go along to this organisation; null when they do. For a child the pack says who agrees (S3): what stands
-- about the child was checked when it was written down; the smallest follow a caregiver who goes along and agreed.
create function access.why_member_stays(the_case uuid, the_person uuid, to_org int, the_moment timestamptz) returns text stable language plpgsql security definer set search_path = public, pg_temp as $$
declare c cases; said text; born date; band text;
begin
  select * into strict c from cases where id = the_case;
  said := access.own_basis(the_case, the_person, to_org, the_moment);
  if said is null then return null; end if;
  if said = 'refused' then return 'member_refused'; end if;
  select born_on into born from persons where id = the_person;
  select b ->> 'giver' into band from packs p, jsonb_array_elements(p.body -> 'consent_ages') b
    where p.name = c.pack and p.version = c.pack_version and extract(year from age(the_moment::date, born)) between (b ->> 'from')::int and (b ->> 'to')::int;
  if band is null then return 'member_not_asked'; end if;
  if band = 'caregiver' and exists (select from case_people a join persons p on p.id = a.person_id left join households h on h.id = c.household_id
      where a.case_id = c.id and a.person_id <> the_person and not a.not_safe_to_involve and (a.part = 'caregiver' or h.head_id = a.person_id)
        and (p.born_on is null or p.born_on <= the_moment::date - interval '18 years')
        and (a.part = 'subject' or access.own_basis(c.id, a.person_id, to_org, the_moment) is null)) then
    return null;
  end if;
  return 'child_not_asked';
end $$;
-- The same for the sender, of the cases that they see, so that the page can say it before anything is tried; without a name where the case
-- goes by its code (S13).
create function access.members_left(the_cases uuid[], to_org int, the_moment timestamptz, the_most int)
returns table (case_id uuid, person_id uuid, code text, name text, why text) stable language sql security definer set search_path = public, pg_temp as $$
  select s.case_id, s.person_id, s.code, s.name, s.why from (
    select cp.case_id, p.id as person_id, p.code, case when t.sensitivity = 'standard' then p.name else '' end as name, access.why_member_stays(cp.case_id, p.id, to_org, the_moment) as why
    from case_people cp join persons p on p.id = cp.person_id join cases c on c.id = cp.case_id join case_types t on t.id = c.case_type
    where cp.case_id = any (the_cases) and cp.part = 'member' and c.org <> to_org and access.sees_case(cp.case_id)) s
  where s.why is not null order by s.case_id, s.name, s.code limit the_most
$$;

create or replace function access.settle_across(the_case uuid, the_person uuid, the_household uuid, the_transfer uuid, the_moment timestamptz, restricted boolean) returns void language plpgsql set search_path = public, pg_temp as $$
declare t transfers; staying uuid[];
begin
  select * into strict t from transfers where id = the_transfer;
  with gone as (delete from case_people cp where cp.case_id = the_case and cp.part = 'member'
    and access.why_member_stays(the_case, cp.person_id, t.to_org, the_moment) is not null returning cp.person_id)
  select array_agg(person_id) into staying from gone;
  update persons p set has_case = false where p.id = any (staying) and not exists (select from case_people cp where cp.person_id = p.id);
  -- A consent that named the former organisation was for sharing within it. It opens nothing towards it from outside: what names nobody else
  -- ends, what names others goes on for them. Never is one widened.
  update consents set expires_on = least(coalesce(expires_on, the_moment::date), the_moment::date - 1), version = version + 1
    where case_id = the_case and basis = 'consent' and withdrawn_at is null and kind <> 'refused' and to_orgs = array[t.from_org] and to_kinds = '{}';
  update consents set to_orgs = array_remove(to_orgs, t.from_org), version = version + 1
    where case_id = the_case and basis = 'consent' and withdrawn_at is null and kind <> 'refused' and t.from_org = any (to_orgs) and to_orgs <> array[t.from_org];
  -- The registration goes along unless the former side still works with the person in the open; a restricted case decides nothing here (S11).
  update persons p set unit = t.to_unit where p.id = the_person and p.org = t.from_org and not exists (
    select from case_people cp join cases c on c.id = cp.case_id join case_types ct on ct.id = c.case_type
    where cp.person_id = p.id and c.org = t.from_org and c.id <> the_case and ct.sensitivity <> 'restricted');
  -- That of the household stays with whoever of it stays.
  update households h set unit = t.to_unit where h.id = the_household and h.org = t.from_org and staying is null
    and exists (select from cases c where c.id = the_case and c.household_id = h.id)
    and not exists (select from cases c join case_types ct on ct.id = c.case_type where c.household_id = h.id and c.org = t.from_org and ct.sensitivity <> 'restricted');
  if t.mode = 'pull' then
    perform access.discard_drafts(the_case, the_transfer, the_moment);
  end if;
  if restricted then
    -- For restricted types the other side sees role and organisation, not staff names (S31).
    update case_notes n set author_name = access.office_of(n.author) from users u where n.case_id = the_case and u.id = n.author and u.org = t.from_org;
    update case_moves n set actor_name = access.office_of(n.actor_id), actor_id = null from users u where n.case_id = the_case and u.id = n.actor_id and u.org = t.from_org;
    update documents n set added_by_name = access.office_of(n.added_by) from users u where n.case_id = the_case and u.id = n.added_by and u.org = t.from_org;
    update consents n set recorded_by_name = access.office_of(n.recorded_by) from users u where n.case_id = the_case and u.id = n.recorded_by and u.org = t.from_org;
  end if;
end $$;

select access.own_functions();
-- Answers about people whom the caller may not see; only the functions above ask.
revoke all on function access.own_basis(uuid, uuid, int, timestamptz), access.why_member_stays(uuid, uuid, int, timestamptz) from throughcare_web, throughcare_worker;
grant execute on all functions in schema access to throughcare_migrator;
