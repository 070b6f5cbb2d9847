-- What stands below an organisation's name on its letters: address, telephone, web site, a line each. Only letters that may name their
-- sender print it (S17).
alter table organisations add column letterhead text not null default '' constraint organisations_letterhead_length check (length(letterhead) <= 600);
