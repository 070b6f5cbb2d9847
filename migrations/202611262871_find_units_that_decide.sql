-- What is known before a case is asked for: where somebody may take it over, and which cases do not change hands as they stand.

-- Units that somebody reaches who holds this act and is cleared for all of these types; of moving at once, those of the actor alone. Whoever
-- sends a case learns that somebody is there, never who.
create function access.transfer_units(the_act text, the_types smallint[]) returns setof int stable language sql security definer set search_path = public, pg_temp as $$
  select distinct u.id from memberships m join roles r on r.id = m.role join users w on w.id = m.user_id
    join units u on u.org = m.org and (u.id = m.unit or (r.reach = 'subtree' and m.unit = any (u.path)))
  where the_act in ('transfer.direct', 'transfer.decide', 'transfer.receive') and (the_act <> 'transfer.direct' or m.user_id = access.me())
    and m.ended_at is null and w.active and the_act = any (r.acts) and the_types <@ r.cleared
$$;

-- Of these cases, as far as the actor sees them, those at a stage of their pack at which a case does not change hands.
create function access.fixed_cases(the_cases uuid[]) returns setof uuid stable language sql security definer set search_path = public, pg_temp as $$
  select c.id from cases c join packs p on p.name = c.pack and p.version = c.pack_version
  where c.id = any (the_cases) and access.sees_case(c.id) and exists (
    select from jsonb_array_elements(p.body -> 'case_types') ct, jsonb_array_elements(p.body -> 'processes') pr, jsonb_array_elements(pr -> 'stages') st
    where (ct ->> 'id')::int = c.case_type and pr ->> 'code' = ct ->> 'process' and st ->> 'code' = c.stage and st ->> 'transferable' = 'false')
$$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
