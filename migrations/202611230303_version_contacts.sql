-- Two people who change one phone number at once: the second is shown what the first saved.
alter table person_contacts add column version int not null default 1;
