-- Households by the million, each a case with a profile as forms leave it: nine fields and up to eight members of six; one value in thirteen is unknown.
create function pg_temp.case_id(n bigint) returns uuid language sql immutable return ('0190b000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid;
create temp table made (n bigint, id uuid, unit int, scope int[]) on commit drop;
insert into made select n, pg_temp.case_id(n), u.unit, u.scope from generate_series(1, :households) n
  join (select i, 100001 + i as unit, access.scope_of(100001 + i, 3::smallint) as scope from generate_series(0, 19) i) u on u.i = n % 20;
insert into cases (id, code, org, unit, case_type, scope, case_manager, person_id, pack, pack_version, stage, intake_source, opened_at)
  select id, 'S-' || n, 9001, unit, 3, scope, '0190a000-0000-7000-8000-000000000001', '0190a000-0000-7000-8000-000000000002', 'protection', :version,
    'assessment', 'walk_in', now() - make_interval(hours => (n % 9000)::int) from made;
insert into profiles (case_id, fields, computed_at, org, unit, case_type, case_manager, scope)
  select m.id, jsonb_strip_nulls(jsonb_build_object(
      'household', jsonb_build_object(
        'income', case when m.n % 13 <> 1 then (m.n * 7919 % 40000) / 100.0 end, 'size', 1 + m.n % 8, 'rooms', 1 + m.n % 4,
        'has_toilet', case when m.n % 13 <> 2 then m.n % 3 <> 0 end, 'has_water', m.n % 5 <> 0,
        'shelter', (array['house', 'flat', 'tent', 'unfinished'])[1 + m.n * 31 % 4], 'rent', (m.n * 131 % 20000) / 100.0,
        'debt', case when m.n % 13 <> 3 then (m.n * 977 % 150000) / 100.0 end, 'admin1', 'Governorate ' || m.n % 12),
      'members', (select jsonb_agg(jsonb_build_object('age', case when (m.n + k) % 13 <> 4 then (m.n * 31 + k * 17) % 90 end,
          'sex', case when (m.n + k) % 2 = 0 then 'female' else 'male' end, 'in_school', (m.n + k) % 3 = 0, 'has_disability', (m.n + k) % 23 = 0,
          'works', (m.n + k) % 4 = 0, 'married', (m.n + k) % 5 = 0)) from generate_series(0, m.n % 8) k))),
    now(), 9001, m.unit, 3, '0190a000-0000-7000-8000-000000000001', m.scope
  from made m;
