-- step: helpers
create function pg_temp.sid(k int, n bigint) returns uuid language sql immutable parallel safe
  return ('0190a' || lpad(to_hex(k), 3, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid;
create function pg_temp.scope(u int, t int) returns int[] language sql immutable parallel safe
  return case when t = 4 then '{}'::int[] else array[100000 * 256 + t, u * 256 + t, -(u * 256 + t)] end;
create function pg_temp.unit_of(h bigint) returns int language sql immutable parallel safe
  return case when h % 5 = 0 then 100001 else 100002 + (h * 7919 % 4999)::int end;
create function pg_temp.answer_unit(n bigint) returns int language sql immutable parallel safe
  return case when n % 10 = 0 then 200001 else 200002 + (n * 31 % 199)::int end;

-- step: organisations, units and people who work there
insert into organisations (id, name, kind, general_desk, external_id) values
  (9001, 'Measured NGO', 'ngo', 'Switchboard, 555 0190', 'synth-org-1'), (9002, 'Measured provider', 'provider', 'Switchboard, 555 0191', 'synth-org-2');
insert into units (id, org, parent, name) values (100000, 9001, null, 'Measured NGO'), (200000, 9002, null, 'Measured provider');
insert into units (id, org, parent, name) select 100000 + i, 9001, 100000, 'Field unit ' || i from generate_series(1, 5001) i;
insert into units (id, org, parent, name) select 200000 + i, 9002, 200000, 'Desk ' || i from generate_series(1, 201) i;
insert into agreements (id, from_org, to_org, kind, starts_on) values (pg_temp.sid(1, 1), 9001, 9002, 'flagged', current_date - 100);
insert into users (id, org, login, name) values
  (pg_temp.sid(2, 1), 9001, 'worker200', 'Worker with 200'), (pg_temp.sid(2, 2), 9001, 'worker1000', 'Worker with 1,000'),
  (pg_temp.sid(2, 3), 9001, 'worker0', 'Worker with none'), (pg_temp.sid(2, 4), 9001, 'over5000', 'Supervisor over 5,000 units'),
  (pg_temp.sid(2, 5), 9001, 'sees1', 'Member who sees one'), (pg_temp.sid(2, 6), 9002, 'answers', 'Focal point of the busiest desk');
insert into users (id, org, login, name) select pg_temp.sid(2, 100 + i), 9001, 'colleague' || i, 'Colleague ' || i from generate_series(1, 1000) i;
insert into memberships (id, user_id, unit, org, role)
select gen_random_uuid(), pg_temp.sid(2, w.who), w.unit, 0, r.id
from (values (1, 100001, 'case_worker'), (2, 100001, 'case_worker'), (3, 100001, 'case_worker'), (4, 100000, 'coordinator'), (5, 105001, 'case_worker'),
  (6, 200001, 'provider')) w(who, unit, role) join roles r on r.code = w.role and r.org is null;
insert into memberships (id, user_id, unit, org, role)
select gen_random_uuid(), pg_temp.sid(2, 100 + i), 100001 + i, 0, r.id from generate_series(1, 1000) i join roles r on r.code = 'case_worker' and r.org is null;
insert into services (id, org, unit, external_id, name, needs, languages, verified_at)
select pg_temp.sid(3, i), 9002, 200000 + i, 'synth-service-' || i, 'Measured service ' || i,
  array[(array['health', 'legal', 'food', 'cash', 'education'])[1 + i % 5]], '{en,ar}', now() from generate_series(1, 201) i;

-- step: households
insert into households (id, code, org, unit, scope, has_case, recorded_at)
select pg_temp.sid(4, h), 'H-' || lpad(h::text, 9, '0'), 9001, pg_temp.unit_of(h), pg_temp.scope(pg_temp.unit_of(h), 0), true, now() - interval '300 days'
from generate_series(1, {n}::bigint) h;

-- step: persons
create temp table of_person on commit drop as
select p, 1 + floor((select count(*) from synth_names) * power(random(), 3))::int as name_no from generate_series(1, {n}::bigint * 5) p;
analyze of_person;
insert into persons (id, code, org, unit, scope, has_case, name, name_latin, sex, born_on, languages, admin1, recorded_at)
select pg_temp.sid(5, p), 'P-' || lpad(p::text, 9, '0'), 9001, pg_temp.unit_of((p - 1) / 5 + 1), pg_temp.scope(pg_temp.unit_of((p - 1) / 5 + 1), 0), true,
  s.name, s.latin, case when p % 2 = 0 then 'female' else 'male' end, date '1950-01-01' + (p * 13 % 26000)::int, '{ar}', 'Area ' || p % 4, now() - interval '300 days'
from of_person join synth_names s on s.no = name_no;

-- step: search keys
insert into person_keys (clearance, key, person_id) select 0, k, pg_temp.sid(5, p) from of_person join synth_names s on s.no = name_no cross join unnest(s.keys) k;

-- step: household members
insert into household_members (id, household_id, person_id, relationship, joined_on)
select pg_temp.sid(6, p), pg_temp.sid(4, (p - 1) / 5 + 1), pg_temp.sid(5, p), case when p % 5 = 1 then 'head' else 'child' end, current_date - 300
from generate_series(1, {n}::bigint * 5) p;

-- step: cases
create temp table of_case on commit drop as
select c, h, unit, t, nth, case when unit <> 100001 then 101 + (unit - 100002) % 1000 when t = 4 then 101 when nth <= 200 then 1 when nth <= 1200 then 2 else 102 end as who,
  pg_temp.scope(unit, t) as scope
from (select c, h, unit, t, row_number() over (partition by unit, t = 4 order by c) as nth from (
  select c, (c - 1) % {n} + 1 as h, pg_temp.unit_of((c - 1) % {n} + 1) as unit, (array[4, 2, 2, 1, 1, 1, 1, 3, 3, 3])[1 + (c * 7 % 10)] as t
  from generate_series(1, {n}::bigint * 3 / 2) c) a) b;
create index on of_case (c);
analyze of_case;
insert into cases (id, code, org, unit, case_type, scope, case_manager, person_id, household_id, pack, pack_version, stage, priority, risk, risk_set_at, next_due_at,
  intake_source, opened_at, closed_at, close_reason)
select pg_temp.sid(7, c), 'C-' || lpad(c::text, 9, '0'), 9001, unit, t, scope, pg_temp.sid(2, who), pg_temp.sid(5, (h - 1) * 5 + 1 + (c > {n})::int),
  case when t = 3 then pg_temp.sid(4, h) end, 'protection', 1,
  case when c % 5 = 0 then 'closed' else (array['identified', 'consented', 'assessment', 'planning', 'implementation', 'review'])[1 + c % 6] end,
  (array['normal', 'normal', 'urgent'])[1 + c % 3], (array['high', 'moderate', 'low'])[1 + c % 3], now() - interval '100 days',
  case when c % 5 <> 0 then now() + (c * 37 % 600 - 120) * interval '1 hour' end, 'outreach', now() - (c % 700) * interval '1 day',
  case when c % 5 = 0 then now() end, case when c % 5 = 0 then 'needs_met' end
from of_case;

-- step: people of the cases
insert into case_people (id, case_id, person_id, part, org, unit, case_type, case_manager, scope)
select pg_temp.sid(8, c * 8 + m), pg_temp.sid(7, c), pg_temp.sid(5, (h - 1) * 5 + 1 + (m + (c > {n})::int) % 5), case when m = 0 then 'subject' else 'member' end,
  9001, unit, t, pg_temp.sid(2, who), scope
from of_case cross join generate_series(0, 4) m where m = 0 or t = 3;

-- step: tasks
insert into tasks (id, kind, case_id, side, org, unit, case_type, scope, assignee, due_at)
select pg_temp.sid(9, c), 'follow_up', pg_temp.sid(7, c), 'from', 9001, unit, t, scope, pg_temp.sid(2, who), now() + (c * 37 % 600 - 120) * interval '1 hour'
from of_case where c % 5 <> 0;

-- step: referrals
insert into referrals (id, code, kind, case_id, case_type, from_org, from_unit, from_scope, from_manager, to_org, to_unit, to_scope, service_id, service_name, need, area,
  priority, status, step, loop, author, confirm_way, requested_at, acknowledged_at, decided_at, ended_at, acknowledge_by, decide_by, due_at, next_due_at, next_side, version, recorded_at)
select pg_temp.sid(10, r), 'R-' || lpad(r::text, 9, '0'), 'partner', pg_temp.sid(7, c), t, 9001, unit, scope, pg_temp.sid(2, who), 9002, to_unit,
  case when t = 4 then '{}'::int[] else array[200000 * 256 + t, to_unit * 256 + t, -(to_unit * 256 + t)] end,
  pg_temp.sid(3, to_unit - 200000), 'Measured service', 'health', 'Area ' || r % 4, (array['normal', 'normal', 'urgent'])[1 + r % 3], status,
  case status when 'requested' then 'sent' when 'accepted' then 'assigned' when 'in_progress' then 'started' else 'ended' end,
  case status when 'completed' then 'verified' when 'rejected' then 'not_served' when 'cancelled' then 'not_served' else 'open' end,
  pg_temp.sid(2, who), 'with_worker', sent, sent + interval '1 day', case when status <> 'requested' then sent + interval '2 days' end,
  case when status in ('completed', 'rejected', 'cancelled') then sent + interval '9 days' end, sent + interval '2 days', sent + interval '5 days', sent + interval '14 days',
  case when status in ('requested', 'accepted', 'in_progress') then now() + (r * 41 % 500 - 100) * interval '1 hour' end,
  case when status in ('requested', 'accepted', 'in_progress') then 'to' end, 3, sent
from (select r, o.*, case when o.t = 4 then 200201 else least(pg_temp.answer_unit(r), 200200) end as to_unit,
    (array['completed', 'completed', 'completed', 'completed', 'completed', 'completed', 'completed', 'completed', 'completed', 'completed', 'completed', 'completed',
      'completed', 'rejected', 'rejected', 'rejected', 'cancelled', 'requested', 'accepted', 'in_progress'])[1 + (r * 13 % 20)] as status,
    now() - (r * 17 % 700) * interval '1 day' - interval '1 hour' as sent
  from generate_series(1, {n}::bigint * 5) r join of_case o on o.c = (r - 1) % ({n}::bigint * 3 / 2) + 1) x;

-- step: consent for the measured desks
insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, form, spoken_alone, understood, given_on, expires_on, recorded_by, recorded_by_name,
  org, unit, case_type, case_manager, scope)
select pg_temp.sid(11, c), pg_temp.sid(7, c), pg_temp.sid(5, (h - 1) * 5 + 1 + (c > {n})::int), 'consent', 'consent', 'Measured', '{9002}',
  '{need,urgency,area,access_needs,identity,household,safe_contact}', 'signature', true, true, current_date - 10, current_date + 300, pg_temp.sid(2, who), 'Measured',
  9001, unit, t, pg_temp.sid(2, who), scope
from of_case where who in (1, 2);
insert into grants (id, case_id, user_id, basis, until, org)
select gen_random_uuid(), pg_temp.sid(7, c), pg_temp.sid(2, 5), 'team', now() + interval '300 days', 9001 from of_case where unit = 100001 and t = 1 order by c limit 1;

-- step: statistics
analyze households; analyze persons; analyze person_keys; analyze household_members; analyze cases; analyze case_people; analyze tasks; analyze referrals; analyze consents;
analyze units; analyze users; analyze memberships; analyze services;
