-- The organisations, units and the one worker of the measured registry. Its households share a person: a screening reads none.
insert into organisations (id, name, kind, external_id) values (9001, 'Measured NGO', 'ngo', 'screened-org-1'), (9002, 'Measured provider', 'provider', 'screened-org-2');
insert into units (id, org, parent, name) values (100000, 9001, null, 'Measured NGO'), (200000, 9002, null, 'Measured provider');
insert into units (id, org, parent, name) select 100000 + i, 9001, 100000, 'Field unit ' || i from generate_series(1, 20) i;
insert into users (id, org, login, name) values ('0190a000-0000-7000-8000-000000000001', 9001, 'screened', 'Worker');
insert into persons (id, code, org, unit, name) values ('0190a000-0000-7000-8000-000000000002', 'P-screened', 9001, 100000, 'Somebody');
