-- The measured world's organisations, units, users and services. Ids are numbered by kind, as `skew.rs` numbers them.
create function pg_temp.sid(kind int, n bigint) returns uuid language sql immutable
  return ('0190a' || lpad(to_hex(kind), 3, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid;
insert into organisations (id, name, kind, general_desk, external_id) values
  (9001, 'Measured NGO', 'ngo', 'Switchboard, 555 0190', 'synth-org-1'), (9002, 'Measured provider', 'provider', 'Switchboard, 555 0191', 'synth-org-2');
insert into units (id, org, parent, name) values (100000, 9001, null, 'Measured NGO'), (200000, 9002, null, 'Measured provider');
insert into units (id, org, parent, name) select 100000 + i, 9001, 100000, 'Field unit ' || i from generate_series(1, 5000) i;
insert into units (id, org, parent, name) select 200000 + i, 9002, 200000, 'Desk ' || i from generate_series(1, 201) i;
insert into agreements (id, from_org, to_org, kind, starts_on) values (pg_temp.sid(1, 1), 9001, 9002, 'flagged', current_date - 100);

create temp table staff (n bigint, org int, login text, name text, unit int, role text) on commit drop;
insert into staff values (1, 9001, 'worker200', 'Worker with 200', 100001, 'case_worker'), (2, 9001, 'worker1000', 'Worker with 1,000', 100001, 'case_worker'),
  (3, 9001, 'worker0', 'Worker with none', 100001, 'case_worker'), (4, 9001, 'over5000', 'Supervisor over 5,000 units', 100000, 'coordinator'),
  (5, 9001, 'sees1', 'Member who sees one', 105000, 'case_worker'), (6, 9001, 'supervisor', 'Supervisor of the large unit', 100001, 'supervisor'),
  (7, 9001, 'guarded', 'Supervisor of guarded cases', 100001, 'gbv_supervisor'),
  (8, 9002, 'alldesks', 'Coordinator over all desks', 200000, 'coordinator');
-- Three hundred share the large unit, the others have about four small ones each.
insert into staff select 100 + i, 9001, 'colleague' || i, 'Colleague ' || i, 100001, 'case_worker' from generate_series(0, 299) i;
insert into staff select 400 + (u - 100002) % 1200, 9001, 'colleague' || 300 + (u - 100002) % 1200, 'Colleague ' || 300 + (u - 100002) % 1200, u, 'case_worker'
  from generate_series(100002, 105000) u;
insert into staff select 2000 + i, 9001, 'guarded' || i, 'Guarded ' || i, 100001, 'gbv_case_worker' from generate_series(0, 199) i;
insert into staff select 5000 + i, 9002, case i when 1 then 'answers' else 'desk' || i end, 'Focal point ' || i, 200000 + i, 'provider' from generate_series(1, 200) i;
insert into staff values (5201, 9002, 'desk201', 'Focal point 201', 200201, 'gbv_focal_point');
insert into users (id, org, login, name) select distinct on (n) pg_temp.sid(2, n), org, login, name from staff;
insert into memberships (id, user_id, unit, org, role)
  select gen_random_uuid(), pg_temp.sid(2, s.n), s.unit, 0, r.id from staff s join roles r on r.code = s.role and r.org is null;
insert into focal_points (unit, user_id) values (200201, pg_temp.sid(2, 5201));
-- Two services at each desk: referrals of the world ask the first, what is sent while measuring asks the second.
insert into services (id, org, unit, external_id, name, needs, languages, verified_at)
  select pg_temp.sid(3, i), 9002, 200000 + (i - 1) % 201 + 1, 'synth-service-' || i, 'Measured service ' || i, array['health'], '{en,ar}', now()
  from generate_series(1, 402) i;
