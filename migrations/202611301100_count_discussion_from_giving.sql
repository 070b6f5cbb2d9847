-- What a newly given case asks counts from when it was given: whoever keeps it since yesterday has not failed to discuss it since summer.
create or replace function access.supervision_due(the_units int[])
  returns table (manager uuid, pack text, pack_version int, risk text, cases int, oldest timestamptz)
stable language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  return query execute format('select c.case_manager, c.pack, c.pack_version, c.risk, count(*)::int, min(greatest(c.opened_at, d.at, g.at))
    from (select id, case_manager, pack, pack_version, risk, opened_at from cases
          where unit = any ($1) and closed_at is null and case_manager is not null and %s) c
      left join lateral (select max(k.held_at) as at from supervision_cases k where k.case_id = c.id) d on true
      left join lateral (select max(m.happened_at) as at from case_moves m
          where m.case_id = c.id and m.kind = ''assigned'' and m.to_value = c.case_manager::text) g on true
    group by 1, 2, 3, 4', access.case_rule('id')) using the_units;
end $$;
