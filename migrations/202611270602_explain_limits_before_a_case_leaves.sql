-- No case leaves its organisation before the limits of confidentiality were explained (S1).
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
  -- What a notice announced was disclosed on a consent, which asks for this itself.
  if t.from_org <> t.to_org and t.mode <> 'pull' and c.limits_explained_on is null then return 'limits_unexplained'; end if;
  return access.transfer_basis(t.id, c.id, the_moment);
end $$;
