-- That the person agreed before somebody else was spoken with about them stands with the note of it (S23), and in no fact (S28).
alter table case_notes add column prior_consent boolean not null default false;
