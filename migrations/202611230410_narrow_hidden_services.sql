-- S14: a hidden entry is known to those it names, or those cleared for it. The right to keep the organisation's entries opens it to
-- nobody else: not to the administrator, not to a colleague who answers referrals elsewhere.

drop policy shown on services;
create policy shown on services for select to throughcare_web using (
  (select access.me()) is not null and (
    visibility = 'public'
    or (visibility = 'cleared' and cleared_types && (select access.my_types()))
    or exists (select from service_viewers v where v.service_id = services.id and v.user_id = (select access.me()))));

-- A policy for all commands would let its holders read as well.
drop policy providers_write on services;
create policy providers_add on services for insert to throughcare_web with check (org = any ((select access.my_orgs_for('service.edit'))::int[]));
create policy providers_change on services for update to throughcare_web using (org = any ((select access.my_orgs_for('service.edit'))::int[]));

create or replace function access.keeps_service(the_service uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select exists (select from services s where s.id = the_service and s.org = any (access.my_orgs_for('service.edit')) and (
    s.visibility = 'public'
    or (s.visibility = 'cleared' and s.cleared_types && access.my_types())
    or exists (select from service_viewers v where v.service_id = s.id and v.user_id = access.me())))
$$;
