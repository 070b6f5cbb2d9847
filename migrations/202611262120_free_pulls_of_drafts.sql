-- A draft referral of the sender never holds up the receiving side, which can't see it. It is discarded when the case is taken over, and
-- whoever wrote it and whoever kept the case are told.

-- Runs as its caller, the function below.
create function access.discard_drafts(the_case uuid, the_transfer uuid, the_moment timestamptz) returns void language plpgsql set search_path = public, pg_temp as $$
declare t transfers; r referrals;
begin
  select * into strict t from transfers where id = the_transfer;
  for r in select * from referrals where case_id = the_case and status = 'draft' and step <> 'discarded' order by id for update loop
    -- What the sender planned with others was no part of what was agreed to: its words don't go along with the case.
    update referrals set step = 'discarded', draft = null, service_name = '', safe_contact = '', version = version + 1 where id = r.id;
    insert into facts (id, actor, org, kind, case_id, referral_id, subjects)
      values (gen_random_uuid(), '', t.from_org, 'referral.discarded', the_case, r.id, array[r.id]);
    insert into referral_moves (id, referral_id, action, side, from_status, to_status, step, happened_at, actor_org)
      values (gen_random_uuid(), r.id, 'discard', 'system', 'draft', 'draft', 'discarded', the_moment, t.to_org);
    update tasks set done_at = the_moment, once = null, version = version + 1 where referral_id = r.id and done_at is null;
    insert into notifications (id, user_id, org, kind, transfer_id, recorded_at, once)
      select gen_random_uuid(), u.id, u.org, 'draft_discarded', t.id, the_moment, 'draft:' || r.id || ':' || u.id
      from users u where u.active and u.org = t.from_org and (u.id = r.author
        or u.id in (select k.manager from transfer_receipts k where k.transfer_id = t.id and k.case_id = the_case))
      on conflict do nothing;
  end loop;
end $$;
create or replace function access.settle_across(the_case uuid, the_person uuid, the_household uuid, the_transfer uuid, the_moment timestamptz, restricted boolean) returns void language plpgsql set search_path = public, pg_temp as $$
declare t transfers;
begin
  select * into strict t from transfers where id = the_transfer;
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
  update households h set unit = t.to_unit where h.id = the_household and h.org = t.from_org
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
create or replace function access.why_stays(the_item uuid, the_moment timestamptz) returns text stable language plpgsql security definer set search_path = public, pg_temp as $$
declare i transfer_items; t transfers; c cases; restricted boolean;
begin
  select * into strict i from transfer_items where id = the_item;
  select * into strict t from transfers where id = i.transfer_id;
  select * into strict c from cases where id = i.case_id;
  restricted := exists (select from case_types where id = c.case_type and sensitivity = 'restricted');
  if c.org <> t.from_org or c.unit <> i.from_unit then return 'moved_already'; end if;
  if i.case_version is not null and i.case_version <> c.version then return 'stale'; end if;
  if c.closed_at is not null then return 'closed'; end if;
  if exists (select from packs p, jsonb_array_elements(p.body -> 'case_types') ct, jsonb_array_elements(p.body -> 'processes') pr, jsonb_array_elements(pr -> 'stages') st
      where p.name = c.pack and p.version = c.pack_version and (ct ->> 'id')::int = c.case_type and pr ->> 'code' = ct ->> 'process'
        and st ->> 'code' = c.stage and st ->> 'transferable' = 'false') then return 'in_follow_up'; end if;
  if not exists (select from units u join organisations o on o.id = u.org where u.id = t.to_unit and u.active and o.active and o.in_system) then return 'no_such_unit'; end if;
  if not (case t.mode when 'direct' then access.user_holds(t.requested_by, 'transfer.direct', t.to_unit)
      when 'pull' then access.user_holds(t.requested_by, 'transfer.receive', t.to_unit)
      else access.user_holds(t.requested_by, 'transfer.request', c.unit) or access.user_holds(t.requested_by, 'transfer.direct', c.unit) end) then return 'permission'; end if;
  -- Whoever decided did not see, and so did not decide on, records of types they are not cleared for.
  if t.mode = 'request' and t.decided_by is not null and not access.may_keep(t.decided_by, t.to_unit, c.case_type) then return 'not_cleared'; end if;
  if restricted and (t.case_type <> c.case_type or t.to_supervisor is null) then return 'not_cleared'; end if;
  if not exists (select from memberships m join roles r on r.id = m.role join users w on w.id = m.user_id join units u on u.id = t.to_unit
      where m.ended_at is null and w.active and c.case_type = any (r.cleared) and 'case.edit' = any (r.acts)
        and (m.unit = u.id or (r.reach = 'subtree' and m.unit = any (u.path)))) then return 'not_cleared'; end if;
  if exists (select from bars b join units u on u.id = t.to_unit where b.case_id = c.id and b.lifted_at is null and b.unit = any (u.path)) then return 'barred'; end if;
  if exists (select from unnest(array[t.to_manager, t.to_supervisor]) who where who is not null
      and not (access.may_keep(who, t.to_unit, c.case_type) and access.fit_for(who, c.id, c.case_type))) then return 'keeper_unfit'; end if;
  -- Whoever takes a case over after a notice sees no draft of the sender's and can't end one: it ends with the move.
  if t.mode <> 'pull' and exists (select from referrals r where r.case_id = c.id and r.status = 'draft' and r.step <> 'discarded') then return 'open_draft'; end if;
  if not t.with_referrals and exists (select from referrals r where r.case_id = c.id and r.status in ('requested', 'accepted', 'in_progress', 'on_hold')
      and r.id is distinct from t.notice_id) then return 'open_referrals'; end if;
  return access.transfer_basis(t.id, c.id, the_moment);
end $$;

-- What the receiving side of a transfer notice may know of the case itself while it decides, beside what the packet shows: its type and
-- stage for standard types only (S13); nothing once sharing has ended.
create function access.notice_summary(the_notice uuid) returns table (code text, case_type smallint, stage text, opened_at timestamptz)
stable language sql security definer set search_path = public, pg_temp as $$
  select c.code, case when ct.sensitivity = 'standard' then c.case_type end, case when ct.sensitivity = 'standard' then c.stage end, c.opened_at
  from referrals r join cases c on c.id = r.case_id and c.org = r.from_org join case_types ct on ct.id = c.case_type
  where not exists (select from packets p where p.referral_id = r.id
      and (p.closed_at is not null or p.closes_at <= now() or not access.consent_stands(p.consent_id)))
    and r.id = the_notice and r.kind = 'transfer_notice' and r.status in ('requested', 'accepted', 'in_progress', 'on_hold') and r.sharing = 'open'
    and access.sees_referral(r.id)
$$;

-- Units below the first one of an organisation in which everybody who keeps cases is cleared for restricted types: their name alone would
-- tell outsiders what a person came for (S11, S14).
create function access.discreet_units() returns setof int stable language sql security definer set search_path = public, pg_temp as $$
  select m.unit from memberships m join roles r on r.id = m.role join units u on u.id = m.unit
  where m.ended_at is null and 'case.edit' = any (r.acts) and u.parent is not null
  group by m.unit having bool_and(exists (select from case_types t where t.id = any (r.cleared) and t.sensitivity = 'restricted'))
$$;

select access.own_functions();
