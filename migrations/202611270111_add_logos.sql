-- The picture at the head of an organisation's letters. Only letters that may name their sender print it (S17).
alter table organisations add column logo bytea constraint organisations_logo_size check (octet_length(logo) <= 200000);
alter table organisations add column logo_type text constraint organisations_logo_type_known check (logo_type in ('image/png', 'image/jpeg'));
