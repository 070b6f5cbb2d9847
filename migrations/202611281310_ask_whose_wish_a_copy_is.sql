-- An adult's copy goes to somebody else only where the adult said so (S12): whether they did stands beside whom it goes to.
alter table case_files add column own_wish boolean not null default false;
