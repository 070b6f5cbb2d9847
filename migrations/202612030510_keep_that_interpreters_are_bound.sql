-- Whoever interpreted for a consent is no relative and no child, and keeps what was said to themselves (S25); of what was recorded before nobody knows.
alter table consents add column interpreter_bound boolean not null default false;
