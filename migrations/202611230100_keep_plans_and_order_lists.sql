-- What every policy asks is asked many times on a page. A function in SQL is planned anew at each call, one in PL/pgSQL once a connection.
create or replace function access.my_scope() returns int[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return (select coalesce(array_agg(distinct case r.reach when 'subtree' then m.unit * 256 + t else -(m.unit * 256 + t) end), '{}')
    from memberships m join roles r on r.id = m.role cross join unnest(r.cleared || 0::smallint) t
    where m.user_id = access.me() and m.ended_at is null and (r.reach <> 'own' or t = 0));
end $$;
create or replace function access.my_types() returns smallint[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return (select coalesce(array_agg(distinct t), '{}')::smallint[] || 0::smallint
    from memberships m join roles r on r.id = m.role cross join unnest(r.cleared) t
    where m.user_id = access.me() and m.ended_at is null);
end $$;
create or replace function access.my_units() returns int[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return (select coalesce(array_agg(distinct unit), '{}') from memberships where user_id = access.me() and ended_at is null);
end $$;
create or replace function access.my_orgs() returns int[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return (select coalesce(array_agg(org), '{}') from users where id = access.me() and active);
end $$;
create or replace function access.my_orgs_for(act text) returns int[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return (select coalesce(array_agg(distinct m.org), '{}') from memberships m join roles r on r.id = m.role
    where m.user_id = access.me() and m.ended_at is null and act = any (r.acts));
end $$;
create or replace function access.my_focal_units() returns int[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return (select coalesce(array_agg(unit), '{}') from focal_points where user_id = access.me());
end $$;
create or replace function access.my_grants() returns uuid[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return (select coalesce(array_agg(distinct g.case_id), '{}') from grants g
    where g.revoked_at is null and g.until > now() and (g.user_id = access.me() or g.unit = any (access.my_units())));
end $$;
create or replace function access.my_bars() returns uuid[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return (select coalesce(array_agg(distinct b.case_id), '{}') from bars b
    where b.lifted_at is null and (b.user_id = access.me() or exists (
      select from memberships m join units u on u.id = m.unit where m.user_id = access.me() and m.ended_at is null and b.unit = any (u.path))));
end $$;

-- Lists of cases start at a unit, or at the organisation for those who reach most of it, and walk in the order that they show.
create index cases_unit_due_idx on cases (unit, (coalesce(next_due_at, '2900-01-01 00:00:00+00'::timestamptz)), id) where closed_at is null;
create index cases_org_due_idx on cases (org, (coalesce(next_due_at, '2900-01-01 00:00:00+00'::timestamptz)), id) where closed_at is null;
create index cases_unit_risk_idx on cases (unit, (case risk when 'high' then 1 when 'moderate' then 2 when 'low' then 3 else 9 end), (coalesce(next_due_at, '2900-01-01 00:00:00+00'::timestamptz)), id)
  where closed_at is null;
create index cases_org_risk_idx on cases (org, (case risk when 'high' then 1 when 'moderate' then 2 when 'low' then 3 else 9 end), (coalesce(next_due_at, '2900-01-01 00:00:00+00'::timestamptz)), id)
  where closed_at is null;
create index cases_unit_opened_idx on cases (unit, opened_at desc, id desc);
create index cases_org_opened_idx on cases (org, opened_at desc, id desc);
-- What waits for somebody to take it up is little among all of a unit's cases.
create index cases_unit_inbox_idx on cases (unit) where coalesce(case_manager, '00000000-0000-0000-0000-000000000000') = '00000000-0000-0000-0000-000000000000';
-- The same for the inbox of referrals.
create index referrals_inbox_due_idx on referrals (to_unit, (coalesce(next_due_at, '9999-01-01 00:00:00+00'::timestamptz)), id)
  where status in ('requested', 'accepted', 'in_progress', 'on_hold');
create index referrals_inbox_org_due_idx on referrals (to_org, (coalesce(next_due_at, '9999-01-01 00:00:00+00'::timestamptz)), id)
  where status in ('requested', 'accepted', 'in_progress', 'on_hold');
-- Which units lie below one. Overlap is not leakproof, so that under row security it reads every unit there is; these functions answer instead.
create index units_path_idx on units using gin (path);
create function access.my_inbox_units() returns int[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return (select coalesce(array_agg(id), '{}') from units where path && (access.my_units() || access.my_focal_units()));
end $$;
-- Units whose cases the actor's memberships reach, of these or of all; no more than so many.
create function access.my_reach(of_these int[], most int) returns int[] stable language plpgsql security definer set search_path = public, pg_temp as $$
declare
  tokens int[] := array(select token from unnest(access.my_scope()) token where abs(token) % 256 <> 0);
  below int[] := array(select distinct token / 256 from unnest(tokens) token where token > 0);
  exact int[] := array(select distinct -token / 256 from unnest(tokens) token where token < 0);
begin
  if cardinality(tokens) = 0 then return '{}'; end if;
  return array(select id from units where (path && below or id = any (exact)) and (of_these is null or id = any (of_these)) limit most);
end $$;
select access.own_functions();
