-- A document may belong to a child record of its case. That of a record with parts for whoever works the case alone is read no further than these parts are;
-- and where the case is guarded, a record of tracing may hold the photo of a person, under a consent of its own (S18).
alter table documents
  add column record_root uuid constraint documents_record_root_fkey references case_records (id),
  add column with_guarded_parts boolean not null default false,
  add constraint documents_guarded_by_record check (record_root is not null or not with_guarded_parts);
create index documents_record_root_idx on documents (record_root) where record_root is not null;
create policy guarded_with_record on documents as restrictive for select to throughcare_web using (
  not with_guarded_parts or added_by = (select access.me()) or case_manager = (select access.me()) or supervisor = (select access.me())
  or access.holds('case.approve', unit, case_id)
  or exists (select from case_records r where r.root = documents.record_root and r.author = (select access.me())));

-- What a search for family needs is agreed to by itself.
alter table consents add column for_tracing boolean not null default false;

-- Where a scanner is set later, what was kept before is looked through as well.
create index documents_unscanned_idx on documents (org, recorded_at) where scan = 'none' and withdrawn_at is null;
