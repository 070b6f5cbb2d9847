-- Nobody stands in who is away themselves: two covers that point at each other would move the same cases to and fro (ADR 0008).

-- Under the organisation's lock, so that of two covers arranged at the same moment the second sees the first.
create function access.keep_covers_apart() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('covers', new.org));
  if exists (select from covers v where v.worker = new.colleague and v.state <> 'ended' and v.id <> new.id
      and v.from_on <= coalesce(new.until_on, 'infinity'::date) and new.from_on <= coalesce(v.until_on, 'infinity'::date)) then
    raise check_violation using constraint = 'covers_colleague_away', message = 'the colleague is away in these days';
  end if;
  return new;
end $$;
create trigger keep_apart before insert on covers for each row execute function access.keep_covers_apart();

-- What came to the absent worker through another cover is not theirs: it stays, to go back to whoever owned it before that cover. The rest
-- stands as it was.
create or replace function access.why_case_stays(v covers, c cases) returns text stable language sql security definer set search_path = public, pg_temp as $$
  select case
    when exists (select from case_types t where t.id = c.case_type and t.sensitivity = 'restricted') and c.supervisor is distinct from v.arranged_by then 'named_supervisor'
    when not exists (select from case_types t where t.id = c.case_type and t.sensitivity = 'restricted')
      and not access.user_holds(v.arranged_by, 'cover.arrange', c.unit) then 'not_yours'
    when not (access.may_keep(v.arranged_by, c.unit, c.case_type) and access.fit_for(v.arranged_by, c.id, c.case_type)) then 'not_yours'
    when exists (select from cover_cases k join covers o on o.id = k.cover_id
      where k.case_id = c.id and k.returned_at is null and o.id <> v.id and o.colleague = v.worker and o.state = 'running') then 'kept_for_another'
    when c.supervisor = v.colleague then 'supervises'
    when not exists (select from memberships m join roles r on r.id = m.role join users w on w.id = m.user_id join units u on u.id = c.unit
      where m.user_id = v.colleague and m.ended_at is null and w.active and (m.unit = u.id or (r.reach = 'subtree' and m.unit = any (u.path)))) then 'out_of_reach'
    when not (access.may_keep(v.colleague, c.unit, c.case_type) and access.fit_for(v.colleague, c.id, c.case_type)) then 'not_permitted'
  end
$$;
create or replace function access.why_referral_stays(v covers, r referrals) returns text stable language sql security definer set search_path = public, pg_temp as $$
  select case
    when exists (select from case_types t where t.id = r.case_type and t.sensitivity = 'restricted')
      and not exists (select from focal_points f where f.unit = r.to_unit and f.user_id = v.arranged_by) then 'focal_point'
    when not exists (select from case_types t where t.id = r.case_type and t.sensitivity = 'restricted')
      and not access.user_holds(v.arranged_by, 'cover.arrange', r.to_unit) then 'not_yours'
    when not access.fit_for(v.arranged_by, r.case_id, r.case_type) then 'not_yours'
    when exists (select from cover_referrals k join covers o on o.id = k.cover_id
      where k.referral_id = r.id and k.returned_at is null and o.id <> v.id and o.colleague = v.worker and o.state = 'running') then 'kept_for_another'
    when not access.user_holds(v.colleague, 'referral.answer', r.to_unit) then 'out_of_reach'
    when not access.fit_for(v.colleague, r.case_id, r.case_type) then 'not_permitted'
  end
$$;

select access.own_functions();
revoke all on function access.why_case_stays(covers, cases), access.why_referral_stays(covers, referrals) from throughcare_web, throughcare_worker;
grant execute on all functions in schema access to throughcare_migrator;
