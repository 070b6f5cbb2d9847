-- A stage of a pack may last until somebody keeps the case. Where it is a transfer that gives it a keeper, the case goes on to the next stage with it; a
-- stage that waits for a panel is left to people, as the program alone knows how far panels have come. Answers with both stages, or nothing.
create function access.go_on_once_kept(the_item uuid) returns table (stood text, stands text) language plpgsql security definer set search_path = public, pg_temp as $$
declare c cases; moved timestamptz; following text;
begin
  select i.moved_at into moved from transfer_items i where i.id = the_item and i.state = 'done';
  if not found then return; end if;
  select k.* into c from transfer_items i join cases k on k.id = i.case_id
    where i.id = the_item and k.case_manager is not null and k.closed_at is null for update of k;
  if not found then return; end if;
  select f.value ->> 'code' into following
    from packs p, jsonb_array_elements(p.body -> 'case_types') ct, jsonb_array_elements(p.body -> 'processes') pr,
      jsonb_array_elements(pr -> 'stages') with ordinality s(value, place), jsonb_array_elements(pr -> 'stages') with ordinality f(value, place)
    where p.name = c.pack and p.version = c.pack_version and (ct ->> 'id')::int = c.case_type and pr ->> 'code' = ct ->> 'process'
      and s.value ->> 'code' = c.stage and s.value ->> 'until' = 'assigned'
      and f.place = s.place + 1 and f.value ->> 'kind' = 'working' and coalesce(f.value -> 'gates', '[]') = '[]';
  if not found then return; end if;
  update cases set stage = following, version = version + 1 where id = c.id;
  -- By name only where the mover works for the organisation that has the case now.
  insert into case_moves (id, case_id, kind, from_value, to_value, happened_at, actor_id, actor_name)
    select gen_random_uuid(), c.id, 'stage', c.stage, following, moved, u.id, coalesce(u.name, '')
    from (select access.me() as id) me left join users u on u.id = me.id and u.org = c.org;
  stood := c.stage;
  stands := following;
  return next;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
