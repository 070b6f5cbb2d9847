-- An organisation or a service is called by its name in the reader's language where it has one: said in one place, here.
create function access.named(the_names jsonb, the_name text, the_lang text) returns text immutable parallel safe language sql as $$
  select coalesce(nullif(the_names ->> the_lang, ''), the_name)
$$;
create or replace function access.session(the_hash bytea, idle interval) returns table (session_id uuid, user_id uuid, csrf text, org int, org_name text, name text, lang text, digits text, must_change_password boolean, acts text[], units int[], time_zone text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare s sessions;
begin
  select * into s from sessions where token_hash = the_hash and ended_at is null and expires_at > now() and seen_at > now() - idle;
  if not found then return; end if;
  if s.seen_at < now() - interval '1 minute' then
    update sessions set seen_at = now() where id = s.id;
  end if;
  return query select s.id, u.id, s.csrf, u.org, access.named(o.names, o.name, coalesce(u.lang, o.lang)), u.name, coalesce(u.lang, o.lang), u.digits, u.must_change_password, a.acts, a.units, o.time_zone
    from users u join organisations o on o.id = u.org and o.active, access.standing(u.id) a where u.id = s.user_id and u.active;
end $$;
create or replace function access.token(the_hash bytea) returns table (token_id uuid, user_id uuid, org int, org_name text, name text, lang text, digits text, acts text[], units int[], time_zone text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare k api_tokens;
begin
  select * into k from api_tokens where token_hash = the_hash and revoked_at is null and expires_at > now();
  if not found then return; end if;
  if k.used_at is null or k.used_at < now() - interval '1 minute' then
    update api_tokens set used_at = now() where id = k.id;
  end if;
  return query select k.id, u.id, u.org, access.named(o.names, o.name, coalesce(u.lang, o.lang)), u.name, coalesce(u.lang, o.lang), u.digits, a.acts, a.units, o.time_zone
    from users u join organisations o on o.id = u.org and o.active, access.standing(u.id) a where u.id = k.user_id and u.active;
end $$;
drop function access.search_people(text[]);
create function access.search_people(the_keys text[], the_lang text) returns table (person_id uuid, name text, name_latin text, born_on date, org_name text, desk text, kinds text[])
stable language sql security definer set search_path = public, pg_temp as $$
  with found as (
    select k.person_id, max(k.clearance) as clearance, array_agg(distinct left(k.key, 1)) as kinds from (
      (select k.person_id, k.clearance, k.key from person_keys k where k.clearance = 0 and k.key = any (the_keys) limit 400)
      union all
      (select k.person_id, k.clearance, k.key from person_keys k where k.clearance = any (access.my_types()) and k.clearance <> 0 and k.key = any (the_keys) limit 100)
    ) k where access.me() is not null group by k.person_id order by count(*) desc limit 200)
  select p.id, p.name, p.name_latin, p.born_on, access.named(o.names, o.name, the_lang), o.general_desk, f.kinds
  from found f join persons p on p.id = f.person_id join organisations o on o.id = p.org
  where (f.clearance = 0 and not exists (select from case_people cp where cp.person_id = p.id and cp.case_id = any ((select access.my_bars())::uuid[])))
    or access.sees_person(p.id)
$$;
drop function access.who_looked(uuid, uuid, uuid, uuid, int);
-- A restricted case is hidden from those who read access logs for the organisation (S11). So that no access to it goes unseen, its named
-- supervisor reads the log of that case, as of every case that they supervise by name.
create function access.who_looked(the_case uuid, the_person uuid, the_before uuid, the_after uuid, the_most int, the_lang text)
returns table (id uuid, at timestamptz, kind text, page text, name text, org_name text)
stable language plpgsql security definer set search_path = public, pg_temp as $$
declare owner int; restricted boolean := false; named uuid;
begin
  if the_case is not null then
    select c.org, t.sensitivity = 'restricted', c.supervisor into owner, restricted, named from cases c join case_types t on t.id = c.case_type where c.id = the_case and access.sees_case(the_case);
  else
    select p.org into owner from persons p where p.id = the_person and access.sees_person(the_person);
  end if;
  if owner is null or not (owner = any (access.my_orgs_for('audit.read')) or coalesce(named = access.me(), false)) then raise no_data_found; end if;
  -- What concerns a case that the reader does not see is left out (S9, S11).
  return query
    select f.id, f.at, f.kind, f.note ->> 'page', case when restricted and u.org <> owner then access.office_of(u.id) else u.name end,
      coalesce(access.named(o.names, o.name, the_lang), access.named(t.names, t.name, the_lang), nullif(r.to_name, ''))
    from (
      select x.* from facts x
      where (x.case_id = the_case or x.subjects @> array[coalesce(the_case, the_person)]
          or x.referral_id in (select r.id from referrals r where r.case_id = the_case))
        and (the_before is null or x.id < the_before) and (the_after is null or x.id > the_after)
        and (x.case_id is null or x.case_id = the_case or access.sees_case(x.case_id))
      order by case when the_after is null then x.id end desc, case when the_after is not null then x.id end limit the_most
    ) f
    left join users u on f.actor = 'user:' || u.id left join organisations o on o.id = u.org
    left join answer_links l on f.actor = 'link:' || l.id left join referrals r on r.id = l.referral_id left join organisations t on t.id = r.to_org
    order by f.id desc;
end $$;
drop function access.receipt_of(text);
create function access.receipt_of(the_code text, the_lang text) returns table (case_code text, org_name text, desk text, moved_at timestamptz) stable language sql security definer set search_path = public, pg_temp as $$
  select r.case_code, access.named(o.names, o.name, the_lang), o.general_desk, r.moved_at from transfer_receipts r join organisations o on o.id = r.to_org
  where r.case_code = the_code and r.returned_at is null and access.me() is not null
    and (r.desk_scope && access.my_scope() or ((r.manager = access.me() or r.supervisor = access.me()) and r.case_type = any (access.my_types())))
    and r.case_id <> all (access.my_bars())
  order by r.moved_at desc limit 1
$$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
