-- A task that ends or changes hands inside one of these functions is written down as one that a verb ends or gives: with ids alone. What goes to a new keeper
-- together with the case is told by the fact of the case.
create or replace function access.spread_case_to_tasks() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- Whoever gets the case is asked to take it up as they get it: the inbox is asked no more.
  if new.case_manager is not null and new.case_manager is distinct from old.case_manager then
    with ended as (
      update tasks t set done_at = now(), done_by = access.me(), version = t.version + 1
        where t.case_id = new.id and t.side = 'from' and t.kind = 'take_up' and t.assignee is null and t.done_at is null returning t.id)
      insert into facts (id, actor, org, kind, case_id, subjects, note)
        select gen_random_uuid(), '', old.org, 'task.done', new.id, array_agg(e.id), '{"kinds": ["take_up"]}'::jsonb from ended e having count(*) > 0;
  end if;
  update tasks set assignee = case
      when assignee = old.case_manager and kind <> 'visit_out' then new.case_manager
      when assignee is null and new.case_manager is distinct from old.case_manager and access.is_for_the_keeper(kind) then new.case_manager
      else assignee end,
    handed_by = case when handed_by = old.case_manager and new.case_manager is distinct from old.case_manager then null else handed_by end
  where case_id = new.id and side = 'from' and done_at is null;
  perform access.leave_unseen_tasks(new.id, null);
  return null;
end $$;

-- A transfer: what its case's tasks become of whom the new unit does not let keep it, and of drafts that end with it.
create or replace function access.move_case(the_item uuid, the_moment timestamptz, the_task uuid, take_up_by timestamptz) returns text language plpgsql security definer set search_path = public, pg_temp as $$
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
  with handed as (
    update tasks set assignee = case when kind in ('safety_alert', 'agree_basis') then coalesce(t.to_supervisor, t.to_manager) else t.to_manager end, version = version + 1
      where case_id = c.id and side = 'from' and done_at is null and assignee is not null and not access.may_keep(assignee, t.to_unit, c.case_type)
      returning tasks.id, tasks.org, tasks.assignee)
    insert into facts (id, actor, org, kind, case_id, subjects)
      select gen_random_uuid(), '', h.org, case when h.assignee is null then 'task.left_to_unit' else 'task.assigned' end, c.id, array_remove(array[h.id, h.assignee], null)
      from handed h;
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
create or replace function access.discard_drafts(the_case uuid, the_transfer uuid, the_moment timestamptz) returns void language plpgsql set search_path = public, pg_temp as $$
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
    with ended as (
      update tasks set done_at = the_moment, once = null, version = version + 1 where referral_id = r.id and done_at is null returning tasks.id, tasks.org, tasks.kind)
      insert into facts (id, actor, org, kind, case_id, referral_id, subjects, note)
        select gen_random_uuid(), '', e.org, 'task.done', the_case, r.id, array_agg(e.id), jsonb_build_object('kinds', jsonb_agg(e.kind)) from ended e group by e.org;
    insert into notifications (id, user_id, org, kind, transfer_id, recorded_at, once)
      select gen_random_uuid(), u.id, u.org, 'draft_discarded', t.id, the_moment, 'draft:' || r.id || ':' || u.id
      from users u where u.active and u.org = t.from_org and (u.id = r.author
        or u.id in (select k.manager from transfer_receipts k where k.transfer_id = t.id and k.case_id = the_case))
      on conflict do nothing;
  end loop;
end $$;

-- A user leaves: what they held of cases that others keep.
create or replace function access.hand_over_own(the_user uuid, the_colleague uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare c record; heir uuid; the_org int := (select org from users where id = the_user);
begin
  if not coalesce(the_org = any (access.my_orgs_for('admin.users')), false) then raise insufficient_privilege; end if;
  if the_colleague is not null and not exists (select from users where id = the_colleague and active and org = the_org and id <> the_user) then raise no_data_found; end if;
  for c in select id, org, case_type, unit, case_manager, supervisor from cases where closed_at is null and (case_manager = the_user or supervisor = the_user) for update loop
    heir := access.heir(the_user, the_colleague, c.id, c.case_type, c.unit);
    update cases set case_manager = case when case_manager = the_user then heir else case_manager end,
      supervisor = case when supervisor = the_user then heir else supervisor end, version = version + 1 where id = c.id;
    insert into case_moves (id, case_id, kind, from_value, to_value, reason, happened_at, actor_id, actor_name)
      select gen_random_uuid(), c.id, 'assigned', null, null, 'left', now(), access.me(), u.name from users u where u.id = access.me();
    insert into facts (id, actor, org, kind, case_id, subjects) values (gen_random_uuid(), '', c.org, 'case.assigned', c.id, array_remove(array[the_user, heir], null));
    if heir is not null and heir <> the_user then
      insert into notifications (id, user_id, org, kind, case_id) values (gen_random_uuid(), heir, the_org, 'case_assigned', c.id);
    end if;
  end loop;
  with handed as (
    update tasks t set assignee = access.heir(the_user, the_colleague, t.case_id, t.case_type, t.unit)
      where t.assignee = the_user and t.done_at is null returning t.id, t.org, t.case_id, t.referral_id, t.assignee)
    insert into facts (id, actor, org, kind, case_id, referral_id, subjects)
      select gen_random_uuid(), '', h.org, case when h.assignee is null then 'task.left_to_unit' else 'task.assigned' end, h.case_id, h.referral_id,
        array_remove(array[h.id, h.assignee], null)
      from handed h where h.assignee is distinct from the_user;
  update referrals r set to_assignee = access.heir(the_user, the_colleague, r.case_id, r.case_type, r.to_unit), version = version + 1
    where r.to_assignee = the_user and r.status in ('requested', 'accepted', 'in_progress', 'on_hold');
end $$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
