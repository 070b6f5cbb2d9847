-- More kinds of notes: contact with others than the person, what was seen, what was decided, what supervision said.
alter table case_notes drop constraint case_notes_kind_known;
alter table case_notes add constraint case_notes_kind_known check (kind in ('note', 'contact', 'contact_other', 'contact_attempt', 'visit', 'observation',
  'decision', 'supervision', 'safety_action', 'risk', 'threat')) not valid;
alter table case_notes validate constraint case_notes_kind_known;

-- One note stands at the top of a case. Where several were pinned, the latest stays; what was pinned and taken down is kept among the case's steps.
create policy migrator_unpins on case_notes for all to throughcare_migrator using (true);
update case_notes n set pinned = false where n.pinned and exists (
  select from case_notes o where o.case_id = n.case_id and o.pinned and (o.recorded_at, o.id) > (n.recorded_at, n.id));
drop policy migrator_unpins on case_notes;
create unique index case_notes_pinned_key on case_notes (case_id) where pinned;
