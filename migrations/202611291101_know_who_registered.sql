-- Name and date of birth of a registered person are changed by two. Whoever registered somebody puts their own slips right within a day, so it is
-- known who that was; no key to users, since nothing is looked up by it.
alter table persons add column registered_by uuid default access.me();
-- What stood when a correction was proposed, to be read beside what would be right.
alter table person_corrections add column was text not null default '' constraint person_corrections_was_length check (length(was) <= 400);
