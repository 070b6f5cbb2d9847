-- Transfers: a case changes hands. A transfer is one or many records in one direction; each record moves in a transaction of its own or
-- not at all. What the former side keeps is a receipt.

create table transfers (
  id uuid constraint transfers_pkey primary key,
  code text not null constraint transfers_code_key unique,
  mode text not null constraint transfers_mode_known check (mode in ('direct', 'request', 'pull')),
  state text not null constraint transfers_state_known check (state in ('draft', 'submitted', 'approved', 'transferred', 'rejected', 'failed')),
  from_org int not null constraint transfers_from_org_fkey references organisations (id),
  from_unit int not null constraint transfers_from_unit_fkey references units (id),
  from_scope int[] not null default '{}',
  to_org int not null constraint transfers_to_org_fkey references organisations (id),
  to_unit int not null constraint transfers_to_unit_fkey references units (id),
  to_scope int[] not null default '{}',
  -- 0 for ordinary transfers. One of a restricted case is of that case alone and as closed as the case itself (S9, S11).
  case_type smallint not null default 0,
  only_case uuid constraint transfers_only_case_fkey references cases (id),
  to_manager uuid constraint transfers_to_manager_fkey references users (id),
  to_supervisor uuid constraint transfers_to_supervisor_fkey references users (id),
  agreement_id uuid constraint transfers_agreement_id_fkey references agreements (id),
  location_id uuid constraint transfers_location_id_fkey references locations (id),
  with_types smallint[] not null default '{}',
  with_documents boolean not null default true,
  with_referrals boolean not null default true,
  with_household boolean not null default true,
  -- 'agreed': everybody was told and agreed, on this day; 'on_file': a consent or another basis stands on each case (S1).
  basis text not null default 'on_file' constraint transfers_basis_known check (basis in ('agreed', 'on_file')),
  agreed_on date,
  reason text not null constraint transfers_reason_length check (length(reason) <= 60),
  decision_reason text,
  introduced_on date,
  notice_id uuid constraint transfers_notice_id_fkey references referrals (id),
  requested_by uuid not null constraint transfers_requested_by_fkey references users (id),
  requested_by_name text not null,
  decided_by uuid constraint transfers_decided_by_fkey references users (id),
  submitted_at timestamptz,
  decided_at timestamptz,
  ended_at timestamptz,
  sent boolean generated always as (state <> 'draft') stored,
  version int not null default 1,
  recorded_at timestamptz not null default now(),
  constraint transfers_agreed_has_day check (basis <> 'agreed' or agreed_on is not null)
);
create index transfers_from_org_idx on transfers (from_org, recorded_at desc);
create index transfers_from_unit_idx on transfers (from_unit);
create index transfers_to_org_idx on transfers (to_org, recorded_at desc);
create index transfers_to_unit_idx on transfers (to_unit);
create index transfers_only_case_idx on transfers (only_case) where only_case is not null;
create index transfers_to_manager_idx on transfers (to_manager);
create index transfers_to_supervisor_idx on transfers (to_supervisor);
create index transfers_agreement_id_idx on transfers (agreement_id);
create index transfers_location_id_idx on transfers (location_id);
create index transfers_notice_id_idx on transfers (notice_id);
create index transfers_requested_by_idx on transfers (requested_by);
create index transfers_decided_by_idx on transfers (decided_by);

create function access.set_transfer_scope() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  new.from_org := (select org from units where id = new.from_unit);
  new.from_scope := access.scope_of(new.from_unit, new.case_type);
  new.to_org := (select org from units where id = new.to_unit);
  new.to_scope := access.scope_of(new.to_unit, new.case_type);
  return new;
end $$;
create trigger transfers_scope before insert or update of from_unit, to_unit, case_type on transfers for each row execute function access.set_transfer_scope();
select access.close_table('transfers');

-- The records of a transfer. As a table of cases it follows its case: once moved, the new side sees it and the former one does not.
create table transfer_items (
  id uuid constraint transfer_items_pkey primary key,
  transfer_id uuid not null constraint transfer_items_transfer_id_fkey references transfers (id) on delete cascade,
  case_id uuid not null constraint transfer_items_case_id_fkey references cases (id),
  code text not null,
  kind text not null default 'asked' constraint transfer_items_kind_known check (kind in ('asked', 'related')),
  state text not null default 'waiting' constraint transfer_items_state_known check (state in ('waiting', 'done', 'failed', 'left_out')),
  reason text,
  -- The unit and the edition that the sender saw; the edition only where nothing may have changed meanwhile.
  from_unit int not null constraint transfer_items_from_unit_fkey references units (id),
  case_version int,
  risk text,
  stage text not null default '',
  moved_at timestamptz,
  to_unit int,
  to_scope int[] not null default '{}',
  sent boolean not null default false,
  recorded_at timestamptz not null default now(),
  constraint transfer_items_once unique (transfer_id, case_id)
);
create index transfer_items_case_id_idx on transfer_items (case_id);
create index transfer_items_from_unit_idx on transfer_items (from_unit);
select access.close_case_table('transfer_items');
grant delete on transfer_items to throughcare_web;
create function access.copy_transfer() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  select t.to_unit, access.scope_of(t.to_unit, new.case_type), t.sent into new.to_unit, new.to_scope, new.sent from transfers t where t.id = new.transfer_id;
  return new;
end $$;
-- After `copy_case`, whose case type it needs: triggers fire by name.
create trigger copy_transfer before insert or update on transfer_items for each row execute function access.copy_transfer();
create function access.spread_transfer() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update transfer_items set transfer_id = transfer_id where transfer_id = new.id;
  return null;
end $$;
create trigger transfers_spread after update on transfers for each row when (old.sent <> new.sent or old.to_unit <> new.to_unit) execute function access.spread_transfer();
create policy receiving_side on transfer_items for select to throughcare_web using (
  sent and (to_scope && (select access.my_scope())
    or (to_unit = any ((select access.my_focal_units())::int[]) and case_type = any ((select access.my_types())::smallint[])))
  and case_id <> all ((select access.my_bars())::uuid[]));
create policy receiving_side_writes on transfer_items for update to throughcare_web using (
  sent and (to_scope && (select access.my_scope())
    or (to_unit = any ((select access.my_focal_units())::int[]) and case_type = any ((select access.my_types())::smallint[])))
  and case_id <> all ((select access.my_bars())::uuid[]));

-- Its history, append-only, seen by whoever sees the transfer. For restricted types no names of staff (S31).
create table transfer_moves (
  id uuid constraint transfer_moves_pkey primary key,
  transfer_id uuid not null constraint transfer_moves_transfer_id_fkey references transfers (id) on delete cascade,
  action text not null,
  from_state text not null,
  to_state text not null,
  reason text not null default '',
  happened_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  late_reason text not null default '' constraint transfer_moves_late_reason_length check (length(late_reason) <= 200),
  actor_id uuid,
  actor_org int constraint transfer_moves_actor_org_fkey references organisations (id),
  shown_name text not null default '',
  shown_role text not null default ''
);
create index transfer_moves_transfer_id_idx on transfer_moves (transfer_id, recorded_at);
create index transfer_moves_actor_org_idx on transfer_moves (actor_org);
select access.close_table('transfer_moves');
create policy with_transfer on transfer_moves for select to throughcare_web using (exists (select from transfers t where t.id = transfer_id));
create policy with_transfer_write on transfer_moves for insert to throughcare_web with check (exists (select from transfers t where t.id = transfer_id));
create policy jobs_with_transfer on transfer_moves for all to throughcare_worker using (exists (select from transfers t where t.id = transfer_id));
grant select, insert on transfer_moves to throughcare_web, throughcare_worker;

-- What the former side keeps: the code, where to ask now, when. No name, no type, no key.
create table transfer_receipts (
  id uuid constraint transfer_receipts_pkey primary key,
  transfer_id uuid not null constraint transfer_receipts_transfer_id_fkey references transfers (id),
  case_id uuid not null constraint transfer_receipts_case_id_fkey references cases (id),
  case_code text not null,
  org int not null constraint transfer_receipts_org_fkey references organisations (id),
  unit int not null constraint transfer_receipts_unit_fkey references units (id),
  case_type smallint not null,
  scope int[] not null default '{}',
  -- Everybody who works in the unit is told where to send somebody who comes back with the code, except of restricted cases.
  desk_scope int[] not null default '{}',
  manager uuid constraint transfer_receipts_manager_fkey references users (id),
  supervisor uuid constraint transfer_receipts_supervisor_fkey references users (id),
  to_org int not null constraint transfer_receipts_to_org_fkey references organisations (id),
  moved_at timestamptz not null,
  returned_at timestamptz
);
create index transfer_receipts_transfer_id_idx on transfer_receipts (transfer_id);
create index transfer_receipts_case_id_idx on transfer_receipts (case_id);
create index transfer_receipts_code_idx on transfer_receipts (case_code);
create index transfer_receipts_org_idx on transfer_receipts (org, moved_at desc);
create index transfer_receipts_unit_idx on transfer_receipts (unit, moved_at desc);
create index transfer_receipts_manager_idx on transfer_receipts (manager);
create index transfer_receipts_supervisor_idx on transfer_receipts (supervisor);
create index transfer_receipts_to_org_idx on transfer_receipts (to_org);
select access.close_table('transfer_receipts');
create policy former_side on transfer_receipts for select to throughcare_web using (
  (scope && (select access.my_scope())
    or ((manager = (select access.me()) or supervisor = (select access.me())) and case_type = any ((select access.my_types())::smallint[])))
  and case_id <> all ((select access.my_bars())::uuid[]));
create policy jobs_of_org on transfer_receipts for select to throughcare_worker using (org = (select access.job_org()));
grant select on transfer_receipts to throughcare_web, throughcare_worker;
create policy access_writes on transfer_receipts for all to throughcare_access using (true);
grant insert, update on transfer_receipts to throughcare_access;

-- A transfer names no person and no case: its units may know of it. That of a restricted case is known to whoever sees the case, to whoever
-- asked, and to the receiving unit's focal points.
do $$
declare rule text := $rule$(
    requested_by = (select access.me())
    or from_scope && (select access.my_scope())
    or (sent and (to_scope && (select access.my_scope())
      or (case_type <> 0 and to_unit = any ((select access.my_focal_units())::int[]) and case_type = any ((select access.my_types())::smallint[]))))
    or (case_type <> 0 and (exists (select from cases c where c.id = only_case) or exists (select from transfer_receipts r where r.transfer_id = transfers.id)))
  ) and (only_case is null or only_case <> all ((select access.my_bars())::uuid[]))$rule$;
begin
  execute format('create policy both_sides_read on transfers for select to throughcare_web using (%s)', rule);
  execute format('create policy both_sides_write on transfers for update to throughcare_web using (%s)', rule);
end $$;
create policy sender_writes on transfers for insert to throughcare_web with check (requested_by = (select access.me()));
create policy sender_discards on transfers for delete to throughcare_web using (state = 'draft' and requested_by = (select access.me()));
create policy jobs_of_org on transfers for all to throughcare_worker using (from_org = (select access.job_org()) or to_org = (select access.job_org()));
grant select, insert, update, delete on transfers to throughcare_web;
grant select, update on transfers to throughcare_worker;
create policy access_moves on transfers for update to throughcare_access using (true);
grant update on transfers to throughcare_access;

-- A document that does not go along stays sealed where it is: read by nobody until the case comes back to whom it was left with.
alter table documents add column left_with int constraint documents_left_with_fkey references organisations (id);
create index documents_left_with_idx on documents (left_with);
create policy not_left_behind on documents as restrictive for select to throughcare_web using (left_with is null);

-- The former case manager hears of a case that they no longer see: the notification is of the transfer.
alter table notifications add column transfer_id uuid constraint notifications_transfer_id_fkey references transfers (id);
create index notifications_transfer_id_idx on notifications (transfer_id) where transfer_id is not null;
create policy of_transfer on notifications as restrictive for all to throughcare_web
  using (transfer_id is null or exists (select from transfers t where t.id = transfer_id));

-- May this user keep or supervise a case of this type in this unit?
create function access.may_keep(the_user uuid, the_unit int, the_type smallint) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select exists (select from memberships m join roles r on r.id = m.role join users w on w.id = m.user_id join units u on u.id = the_unit
    where m.user_id = the_user and m.ended_at is null and w.active and the_type = any (r.cleared)
      and (m.unit = u.id or (r.reach = 'subtree' and m.unit = any (u.path))))
$$;
-- Does this user, whoever acts now, hold the act in this unit?
create function access.user_holds(the_user uuid, the_act text, the_unit int) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select exists (select from memberships m join roles r on r.id = m.role join users w on w.id = m.user_id join units u on u.id = the_unit
    where m.user_id = the_user and m.ended_at is null and w.active and the_act = any (r.acts)
      and (m.unit = u.id or (r.reach = 'subtree' and m.unit = any (u.path))))
$$;
-- Who may keep a case of these types in a unit that the actor fills by transfer; nobody learns of another organisation's staff otherwise.
create function access.keepers(the_unit int, the_types smallint[]) returns table (id uuid, name text, supervises boolean) stable language sql security definer set search_path = public, pg_temp as $$
  select w.id, w.name, bool_or(r.supervises) from memberships m join roles r on r.id = m.role join users w on w.id = m.user_id join units u on u.id = the_unit
  where m.ended_at is null and w.active and 'case.edit' = any (r.acts) and the_types <@ r.cleared
    and (m.unit = u.id or (r.reach = 'subtree' and m.unit = any (u.path)))
    and (access.holds('transfer.direct', the_unit, null) or access.holds('transfer.decide', the_unit, null) or access.holds('transfer.receive', the_unit, null))
  group by w.id, w.name order by w.name, w.id
$$;

-- What stands in the way of sharing the case with the other organisation (S1): null when the person agreed or another basis stands.
create function access.transfer_basis(the_transfer uuid, the_case uuid, the_moment timestamptz) returns text stable language plpgsql security definer set search_path = public, pg_temp as $$
declare t transfers; c cases; k text; yes record; since timestamptz;
begin
  select * into strict t from transfers where id = the_transfer;
  select * into strict c from cases where id = the_case;
  if t.from_org = t.to_org then return null; end if;
  select kind into k from organisations where id = t.to_org;
  select n.given_on, n.recorded_at into yes from consents n
  where n.case_id = c.id and n.person_id = c.person_id and n.child_assent_of is null and n.kind not in ('refused', 'assent') and n.withdrawn_at is null
    and coalesce(n.review_finding, '') <> 'not_justified' and (n.expires_on is null or n.expires_on >= the_moment::date)
    and (t.to_org = any (n.to_orgs) or k = any (n.to_kinds))
    and (n.basis = 'consent' or n.second_agreed_at is not null or n.second_due_at > the_moment)
  order by n.given_on desc, n.recorded_at desc limit 1;
  if not found and t.basis = 'agreed' then
    since := (select min(m.recorded_at) from transfer_items m where m.transfer_id = t.id);
    select t.agreed_on as given_on, since as recorded_at into yes;
    if exists (select from consents n where n.case_id = c.id and n.person_id = c.person_id and n.withdrawn_at >= since and (t.to_org = any (n.to_orgs) or k = any (n.to_kinds))) then
      return 'consent_withdrawn';
    end if;
  end if;
  if yes.given_on is null then
    return case when exists (select from consents n where n.case_id = c.id and n.person_id = c.person_id and n.withdrawn_at is not null and (t.to_org = any (n.to_orgs) or k = any (n.to_kinds)))
      then 'consent_withdrawn' else 'no_basis' end;
  end if;
  -- A later no overrules the yes, as far as it reaches; never another basis, but such a one is asked for again after a no.
  if exists (select from consents n where n.case_id = c.id and n.person_id = c.person_id and n.kind = 'refused' and n.withdrawn_at is null
      and (n.given_on, n.recorded_at) > (yes.given_on, yes.recorded_at)
      and ((n.to_orgs = '{}' and n.to_kinds = '{}') or t.to_org = any (n.to_orgs) or k = any (n.to_kinds))) then
    return 'consent_withdrawn';
  end if;
  return null;
end $$;

-- Why this record can't move as things stand; null when it can. The caller holds the case's lock.
create function access.why_stays(the_item uuid, the_moment timestamptz) returns text stable language plpgsql security definer set search_path = public, pg_temp as $$
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

-- The same for the sender, of the records that they see, so that a page can say it before anything is tried.
create function access.stands_in_the_way(the_transfer uuid, the_moment timestamptz) returns table (item uuid, code text) stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return query select i.id, access.why_stays(i.id, the_moment) from transfer_items i where i.transfer_id = the_transfer and i.state = 'waiting' and access.sees_case(i.case_id);
end $$;

create policy access_moves on case_people for delete to throughcare_access using (true);
grant delete on case_people to throughcare_access;
grant update (unit) on persons to throughcare_access;
grant update (unit) on households to throughcare_access;
create policy access_moves on referral_moves for insert to throughcare_access with check (true);
grant insert on referral_moves to throughcare_access;

-- Moves one record, or says why it stays: null, or a code. Everything that goes along moves with it, in the caller's transaction.
create function access.move_case(the_item uuid, the_moment timestamptz, the_task uuid, take_up_by timestamptz) returns text language plpgsql security definer set search_path = public, pg_temp as $$
declare i transfer_items; t transfers; c cases; why text; across boolean; restricted boolean; for_household boolean; view_days int; leaving uuid[];
begin
  select * into i from transfer_items where id = the_item for update;
  if not found then raise no_data_found; end if;
  select * into strict t from transfers where id = i.transfer_id;
  -- Here the edits of the former side and other transfers of this case wait, or were waited for.
  select * into strict c from cases where id = i.case_id for update;
  if not (case
      when access.actor_kind() = 'system' then t.state = 'approved' and coalesce(access.job_org() in (t.from_org, t.to_org), false)
      when t.requested_by is distinct from access.me() then false
      when t.mode = 'direct' then access.sees_case(c.id) and access.holds('transfer.direct', c.unit, c.id) and access.holds('transfer.direct', t.to_unit, null)
      when t.mode = 'pull' then access.holds('transfer.receive', t.to_unit, null) and access.sees_referral(t.notice_id) and exists (
        select from referrals r where r.id = t.notice_id and r.kind = 'transfer_notice' and r.case_id = c.id and r.to_org = t.to_org
          and r.status in ('requested', 'accepted', 'in_progress', 'on_hold'))
      else false end) then raise insufficient_privilege; end if;
  if i.state <> 'waiting' then return 'settled'; end if;
  why := access.why_stays(the_item, the_moment);
  if why is not null then
    update transfer_items set state = 'failed', reason = why where id = the_item;
    return why;
  end if;
  across := t.from_org <> t.to_org;
  restricted := exists (select from case_types where id = c.case_type and sensitivity = 'restricted');
  select coalesce((ct ->> 'transfer_view_days')::int, 0), ct ->> 'subject' = 'household' into view_days, for_household
    from packs p, jsonb_array_elements(p.body -> 'case_types') ct where p.name = c.pack and p.version = c.pack_version and (ct ->> 'id')::int = c.case_type;

  -- Written while the former side still holds it: what stays behind, and who has it now.
  if t.with_documents then
    update documents set left_with = null where case_id = c.id and left_with = t.to_org;
  else
    update documents set left_with = c.org where case_id = c.id and left_with is null;
  end if;
  if not t.with_household and not coalesce(for_household, false) then
    with gone as (delete from case_people where case_id = c.id and part = 'member' returning person_id) select array_agg(person_id) into leaving from gone;
    update persons p set has_case = false where p.id = any (leaving) and not exists (select from case_people cp where cp.person_id = p.id);
  end if;
  insert into case_moves (id, case_id, kind, from_value, to_value, reason, happened_at, actor_id, actor_name)
    select gen_random_uuid(), c.id, 'transferred', case when across then fo.name else fu.name end, case when across then tor.name else tu.name end, t.reason, the_moment,
      case when restricted and across then null else t.requested_by end, case when restricted and across then fo.name else t.requested_by_name end
    from organisations fo, organisations tor, units fu, units tu where fo.id = t.from_org and tor.id = t.to_org and fu.id = c.unit and tu.id = t.to_unit;
  insert into transfer_receipts (id, transfer_id, case_id, case_code, org, unit, case_type, scope, desk_scope, manager, supervisor, to_org, moved_at)
    values (gen_random_uuid(), t.id, c.id, c.code, c.org, c.unit, c.case_type, c.scope, case when restricted then '{}' else access.scope_of(c.unit, 0::smallint) end,
      c.case_manager, c.supervisor, t.to_org, the_moment);
  update transfer_receipts set returned_at = the_moment where case_id = c.id and returned_at is null and unit = t.to_unit;

  update cases set unit = t.to_unit, case_manager = t.to_manager, supervisor = t.to_supervisor, version = version + 1,
    household_id = case when t.with_household or coalesce(for_household, false) then household_id end where id = c.id;
  update grants set revoked_at = the_moment where case_id = c.id and revoked_at is null;
  -- A dated look for those two who held it, where the pack says so; never at a restricted case.
  if view_days > 0 and not restricted then
    insert into grants (id, case_id, user_id, basis, reason, until, granted_by, org)
      select gen_random_uuid(), c.id, who, 'transfer_view', '', the_moment + make_interval(days => view_days), t.requested_by, t.to_org
      from unnest(array[c.case_manager, c.supervisor]) who where who is not null;
  end if;
  -- Open tasks keep their clocks; whoever no longer sees the case holds none of them.
  update tasks set assignee = case when kind in ('safety_alert', 'agree_basis') then coalesce(t.to_supervisor, t.to_manager) else t.to_manager end, version = version + 1
    where case_id = c.id and side = 'from' and done_at is null and assignee is not null and not access.may_keep(assignee, t.to_unit, c.case_type);
  insert into tasks (id, kind, case_id, org, unit, assignee, due_at, created_by) values (the_task, 'take_up', c.id, t.to_org, t.to_unit, t.to_manager, take_up_by, access.me());
  -- The receivers of referrals that run on learn who asks from now on.
  insert into referral_moves (id, referral_id, action, side, from_status, to_status, step, happened_at, actor_org)
    select gen_random_uuid(), r.id, 'sender_changed', 'system', r.status, r.status, r.step, the_moment, t.to_org
    from referrals r where r.case_id = c.id and across and r.status in ('requested', 'accepted', 'in_progress', 'on_hold') and r.id is distinct from t.notice_id;
  if across then
    perform access.settle_across(c.id, c.person_id, c.household_id, t.id, the_moment, restricted);
  end if;
  update transfer_items set state = 'done', reason = null, moved_at = the_moment where id = the_item;
  insert into notifications (id, user_id, org, kind, transfer_id, recorded_at, once)
    select gen_random_uuid(), u.id, u.org, 'case_transferred_away', t.id, the_moment, 'away:' || t.id || ':' || u.id
    from users u where u.id = c.case_manager and u.active and u.id is distinct from access.me() and u.id is distinct from t.to_manager and not ('case_transferred_away' = any (u.quiet))
    on conflict do nothing;
  return null;
end $$;

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
-- What changes when a case leaves the organisation: consents, the registration of the person, names of staff in a restricted file. It runs
-- as its caller, the function above; called by anybody else it may do nothing.
create function access.settle_across(the_case uuid, the_person uuid, the_household uuid, the_transfer uuid, the_moment timestamptz, restricted boolean) returns void language plpgsql set search_path = public, pg_temp as $$
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
-- "Case worker, Harbour": what stands for a name.
create function access.office_of(the_user uuid) returns text stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce((select r.labels ->> o.lang from memberships m join roles r on r.id = m.role where m.user_id = u.id order by m.ended_at nulls first, m.created_at limit 1) || ', ', '') || o.name
  from users u join organisations o on o.id = u.org where u.id = the_user
$$;

-- How far a transfer has come, for the job that ends it; nobody else is told, for a count may depend on what they don't see (S11).
create function access.transfer_left(the_transfer uuid) returns table (waiting int, done int, failed int) stable language sql security definer set search_path = public, pg_temp as $$
  select count(*) filter (where i.state = 'waiting')::int, count(*) filter (where i.state = 'done')::int, count(*) filter (where i.state = 'failed')::int
  from transfer_items i join transfers t on t.id = i.transfer_id
  where i.transfer_id = the_transfer and (access.job_org() in (t.from_org, t.to_org) or t.requested_by = access.me())
$$;

-- Where somebody who comes back with a code is sent; nobody but the unit that had the case is told, and of a restricted one only who held it.
create function access.receipt_of(the_code text) returns table (case_code text, org_name text, desk text, moved_at timestamptz) stable language sql security definer set search_path = public, pg_temp as $$
  select r.case_code, o.name, o.general_desk, r.moved_at from transfer_receipts r join organisations o on o.id = r.to_org
  where r.case_code = the_code and r.returned_at is null and access.me() is not null
    and (r.desk_scope && access.my_scope() or ((r.manager = access.me() or r.supervisor = access.me()) and r.case_type = any (access.my_types())))
    and r.case_id <> all (access.my_bars())
  order by r.moved_at desc limit 1
$$;

-- Pull: the receiving side names the case of a transfer notice that it holds, without seeing the case.
create function access.pull_item(the_item uuid, the_transfer uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into transfer_items (id, transfer_id, case_id, code, from_unit)
  select the_item, t.id, c.id, c.code, c.unit from transfers t join referrals r on r.id = t.notice_id join cases c on c.id = r.case_id
  where t.id = the_transfer and t.mode = 'pull' and t.state = 'approved' and t.requested_by = access.me() and r.kind = 'transfer_notice' and access.sees_referral(r.id)
    and c.org = t.from_org and r.to_org = t.to_org;
  if not found then raise no_data_found; end if;
end $$;
create policy access_pulls on transfer_items for insert to throughcare_access with check (true);
grant insert on transfer_items to throughcare_access;

-- Cover: a worker's caseload is kept by a colleague for a time, and comes back by itself (ADR 0008).
create table covers (
  id uuid constraint covers_pkey primary key,
  org int not null constraint covers_org_fkey references organisations (id),
  worker uuid not null constraint covers_worker_fkey references users (id),
  colleague uuid not null constraint covers_colleague_fkey references users (id),
  from_on date not null,
  until_on date,
  state text not null default 'planned' constraint covers_state_known check (state in ('planned', 'running', 'ended')),
  ended_why text,
  arranged_by uuid not null constraint covers_arranged_by_fkey references users (id),
  started_at timestamptz,
  ended_at timestamptz,
  version int not null default 1,
  recorded_at timestamptz not null default now(),
  constraint covers_dates check (until_on is null or until_on >= from_on),
  constraint covers_two_people check (worker <> colleague)
);
create index covers_org_idx on covers (org, state);
create index covers_worker_idx on covers (worker);
create index covers_colleague_idx on covers (colleague);
create index covers_arranged_by_idx on covers (arranged_by);
select access.close_table('covers');
-- Who covers whom is for every colleague to know; it names no case.
create policy colleagues_read on covers for select to throughcare_web using (org = any ((select access.my_orgs())::int[]));
create policy supervisors_arrange on covers for insert to throughcare_web with check (org = any ((select access.my_orgs_for('cover.arrange'))::int[]) and arranged_by = (select access.me()));
create policy supervisors_change on covers for update to throughcare_web using (org = any ((select access.my_orgs_for('cover.arrange'))::int[]));
create policy jobs_of_org on covers for all to throughcare_worker using (org = (select access.job_org()));
grant select, insert, update on covers to throughcare_web;
grant select, update on covers to throughcare_worker;
create policy access_covers on covers for update to throughcare_access using (true);
grant update on covers to throughcare_access;

create table cover_cases (
  id uuid constraint cover_cases_pkey primary key,
  cover_id uuid not null constraint cover_cases_cover_id_fkey references covers (id),
  case_id uuid not null constraint cover_cases_case_id_fkey references cases (id) on delete cascade,
  taken_at timestamptz not null,
  returned_at timestamptz
);
create index cover_cases_cover_id_idx on cover_cases (cover_id);
create index cover_cases_case_id_idx on cover_cases (case_id);
select access.close_case_table('cover_cases');
create policy access_covers on cover_cases for insert to throughcare_access with check (true);
grant insert on cover_cases to throughcare_access;

-- The cases of the covered worker that this arranger could give to this colleague: of restricted ones only those they supervise by name (S9).
create function access.covered_cases(the_cover uuid) returns setof uuid stable language sql security definer set search_path = public, pg_temp as $$
  select c.id from covers v join cases c on c.case_manager = v.worker and c.closed_at is null and c.org = v.org join case_types ct on ct.id = c.case_type
  where v.id = the_cover and (access.job_org() = v.org or access.me() = v.arranged_by)
    and case when ct.sensitivity = 'restricted' then c.supervisor = v.arranged_by and access.may_keep(v.arranged_by, c.unit, c.case_type)
      else access.user_holds(v.arranged_by, 'cover.arrange', c.unit) and access.may_keep(v.arranged_by, c.unit, c.case_type) end
    and access.fit_for(v.arranged_by, c.id, c.case_type) and access.fit_for(v.colleague, c.id, c.case_type)
    and access.may_keep(v.colleague, c.unit, c.case_type) and c.supervisor is distinct from v.colleague
$$;
-- A cover is told once to both: to the colleague who stands in and to whoever is away, when it begins and when it ends. Their cases are
-- not told one by one.
alter table notifications add column cover_id uuid constraint notifications_cover_id_fkey references covers (id);
alter table notifications add column cover_cases int;
create index notifications_cover_id_idx on notifications (cover_id) where cover_id is not null;
-- Runs as its caller, one of the two functions below.
create function access.tell_of_cover(the_cover uuid, the_kind text, the_cases int, the_moment timestamptz) returns void language sql set search_path = public, pg_temp as $$
  insert into notifications (id, user_id, org, kind, cover_id, cover_cases, recorded_at, once)
  select gen_random_uuid(), u.id, u.org, case when u.id = v.worker then the_kind || '_for_you' else the_kind end, v.id, the_cases, the_moment,
    the_kind || ':' || v.id || ':' || u.id
  from covers v join users u on u.id in (v.worker, v.colleague) where v.id = the_cover and u.active and u.id is distinct from access.me()
  on conflict do nothing
$$;
create function access.take_cover(the_cover uuid, the_moment timestamptz) returns setof uuid language plpgsql security definer set search_path = public, pg_temp as $$
declare v covers; c uuid; n int := 0;
begin
  select * into v from covers where id = the_cover for update;
  if not found or v.state = 'ended' then return; end if;
  for c in select x.id from cases x where x.id in (select access.covered_cases(the_cover)) for update loop
    insert into case_moves (id, case_id, kind, reason, happened_at, actor_id, actor_name)
      select gen_random_uuid(), c, case when v.until_on is null then 'assigned' else 'covered' end, '', the_moment, v.arranged_by, u.name from users u where u.id = v.arranged_by;
    if v.until_on is not null then
      insert into cover_cases (id, cover_id, case_id, taken_at) values (gen_random_uuid(), v.id, c, the_moment);
    end if;
    update cases set case_manager = v.colleague, version = version + 1 where id = c;
    n := n + 1;
    return next c;
  end loop;
  if v.state = 'planned' then
    perform access.tell_of_cover(v.id, case when v.until_on is null then 'cover_for_good' else 'cover_started' end, n, the_moment);
  end if;
  update covers set state = case when until_on is null then 'ended' else 'running' end, started_at = coalesce(started_at, the_moment),
    ended_at = case when until_on is null then the_moment end, ended_why = case when until_on is null then 'for_good' end where id = the_cover;
end $$;
-- Gives back what the cover took and the colleague, or nobody, still keeps. It runs as its caller.
create function access.give_back(the_cover uuid, why text, the_moment timestamptz) returns setof uuid language plpgsql set search_path = public, pg_temp as $$
declare v covers; c uuid; n int := 0;
begin
  select * into strict v from covers where id = the_cover;
  for c in select x.id from cases x join cover_cases k on k.case_id = x.id and k.cover_id = v.id and k.returned_at is null
      where x.closed_at is null and x.org = v.org and coalesce(x.case_manager, v.colleague) = v.colleague
        and access.may_keep(v.worker, x.unit, x.case_type) and access.fit_for(v.worker, x.id, x.case_type) order by x.id for update of x loop
    insert into case_moves (id, case_id, kind, reason, happened_at, actor_id, actor_name)
      select gen_random_uuid(), c, 'cover_ended', '', the_moment, null, u.name from users u where u.id = v.colleague;
    update cases set case_manager = v.worker, version = version + 1 where id = c;
    n := n + 1;
    return next c;
  end loop;
  if v.state = 'running' then
    perform access.tell_of_cover(v.id, 'cover_ended', n, the_moment);
  end if;
  update cover_cases set returned_at = the_moment where cover_id = v.id and returned_at is null;
  update covers set state = 'ended', ended_why = why, ended_at = the_moment, version = version + 1 where id = v.id;
end $$;
create function access.end_cover(the_cover uuid, why text, the_moment timestamptz) returns setof uuid language plpgsql security definer set search_path = public, pg_temp as $$
declare v covers;
begin
  select * into v from covers where id = the_cover for update;
  if not found or v.state = 'ended' then return; end if;
  if not coalesce(access.job_org() = v.org or v.arranged_by = access.me() or v.org = any (access.my_orgs_for('admin.users')), false) then raise insufficient_privilege; end if;
  return query select access.give_back(the_cover, why, the_moment);
end $$;

-- Who leaves first gives back what they only covered; what was covered for them stays with the colleague for good.
alter function access.hand_over(uuid, uuid) rename to hand_over_own;
create function access.hand_over(the_user uuid, the_colleague uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare v uuid;
begin
  if not coalesce((select org from users where id = the_user) = any (access.my_orgs_for('admin.users')), false) then raise insufficient_privilege; end if;
  for v in select id from covers where colleague = the_user and state <> 'ended' for update loop
    perform access.give_back(v, 'colleague_left', now());
  end loop;
  update cover_cases set returned_at = now() where returned_at is null and cover_id in (select id from covers where worker = the_user and state <> 'ended');
  update covers set state = 'ended', ended_why = 'worker_left', ended_at = now() where worker = the_user and state <> 'ended';
  perform access.hand_over_own(the_user, the_colleague);
end $$;

-- What is written on a case while it moves: the mover does not see the new row and can't take it along, and the row would keep the access
-- columns of the former side. So every new row of a case waits for whoever moves it; if the case is elsewhere then, the writer came second.
create function access.await_mover_of(the_case uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare before int;
begin
  select unit into before from cases where id = the_case;
  perform from cases where id = the_case for no key update;
  if before <> (select unit from cases where id = the_case) then raise serialization_failure; end if;
end $$;
create or replace function access.copy_case() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then perform access.await_mover_of(new.case_id); end if;
  select c.org, c.unit, c.case_type, c.case_manager, c.supervisor, c.scope
  into new.org, new.unit, new.case_type, new.case_manager, new.supervisor, new.scope
  from cases c where c.id = new.case_id;
  return new;
end $$;
create or replace function access.copy_referral() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then perform from referrals where id = new.referral_id for no key update; end if;
  select r.case_id, r.case_type, r.from_org, r.from_scope, r.from_manager, r.from_supervisor, r.to_org, r.to_unit, r.to_scope, r.to_assignee, r.sent
  into new.case_id, new.case_type, new.from_org, new.from_scope, new.from_manager, new.from_supervisor, new.to_org, new.to_unit, new.to_scope, new.to_assignee, new.sent
  from referrals r where r.id = new.referral_id;
  return new;
end $$;
-- Fires before the scope is set: triggers fire by name.
create function access.await_mover() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.case_id is not null then perform access.await_mover_of(new.case_id); end if;
  return new;
end $$;
create trigger await_mover before insert on tasks for each row execute function access.await_mover();
create trigger await_mover before insert on referrals for each row execute function access.await_mover();
-- Nor does a grant come into being that the hand-over could not revoke.
create function access.await_mover_of_grant() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from cases where id = new.case_id for no key update;
  if access.actor_kind() <> 'operator' and new.org is distinct from (select org from cases where id = new.case_id)
     or (new.basis = 'team' and access.actor_kind() = 'user' and not access.sees_case(new.case_id)) then raise serialization_failure; end if;
  return new;
end $$;
create trigger await_mover before insert on grants for each row when (new.basis <> 'transfer_view') execute function access.await_mover_of_grant();

-- Who looked at a restricted case is shown to another organisation by role and organisation only (S31).
create or replace function access.who_looked(the_case uuid, the_person uuid, the_before uuid, the_after uuid, the_most int)
returns table (id uuid, at timestamptz, kind text, page text, name text, org_name text)
stable language plpgsql security definer set search_path = public, pg_temp as $$
declare owner int; restricted boolean := false;
begin
  if the_case is not null then
    select c.org, t.sensitivity = 'restricted' into owner, restricted from cases c join case_types t on t.id = c.case_type where c.id = the_case and access.sees_case(the_case);
  else
    select p.org into owner from persons p where p.id = the_person and access.sees_person(the_person);
  end if;
  if owner is null or owner <> all (access.my_orgs_for('audit.read')) then raise no_data_found; end if;
  -- What concerns a case that the reader does not see is left out (S9, S11).
  return query
    select f.id, f.at, f.kind, f.note ->> 'page', case when restricted and u.org <> owner then access.office_of(u.id) else u.name end,
      coalesce(o.name, t.name, nullif(r.to_name, ''))
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

-- The receiving side's answer to one record, and nothing else of it.
grant update (state, reason) on transfer_items to throughcare_web, throughcare_worker;

select access.own_functions();
-- Answers about cases that the caller may not see, or locks them; only the functions above ask.
revoke all on function access.await_mover_of(uuid), access.why_stays(uuid, timestamptz), access.transfer_basis(uuid, uuid, timestamptz) from throughcare_web, throughcare_worker;
grant execute on all functions in schema access to throughcare_migrator;
