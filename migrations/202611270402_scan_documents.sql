-- Documents are looked through for viruses where a scanner is set: one waits until it was, and one in which something was found stays in quarantine. And what
-- runs out has a date, of which the keeper of the case is told 60 and 14 days before.
alter table documents
  add column expires_on date,
  add column expiry_told smallint not null default 0,
  add column scan text not null default 'none' constraint documents_scan_known check (scan in ('none', 'waiting', 'clean', 'infected')),
  add column scanned_at timestamptz;
grant update (scan, scanned_at, expiry_told) on documents to throughcare_worker;
-- Nobody calls their own upload clean.
create policy judged_by_the_scanner on documents as restrictive for insert to throughcare_web with check (scan in ('none', 'waiting') and scanned_at is null);
create index documents_waiting_idx on documents (org, recorded_at) where scan = 'waiting';
create index documents_expiring_idx on documents (org, expires_on) where expires_on is not null and withdrawn_at is null and expiry_told < 2;

-- How many documents wait and how many are in quarantine, for who administers the organisation. Restricted cases are in no figure (S11).
create function access.documents_looked_through() returns table (waiting int, infected int) stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return query select count(*) filter (where d.scan = 'waiting')::int, count(*) filter (where d.scan = 'infected')::int
    from documents d join case_types t on t.id = d.case_type
    where d.org = any (access.my_orgs_for('admin.units')) and d.scan in ('waiting', 'infected') and d.withdrawn_at is null and t.sensitivity <> 'restricted';
end $$;
create index documents_infected_idx on documents (org) where scan = 'infected';

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
