-- Cases with whose person nobody had contact for as long as the pack says (S23). Told once for each silence: the moment of the last contact that it
-- was told for is kept.
alter table cases add column silence_told_for timestamptz;
grant update (silence_told_for) on cases to throughcare_worker;
create index cases_silent_idx on cases (org, pack, pack_version, (coalesce(last_contact_at, opened_at)))
  where closed_at is null and silence_told_for is distinct from coalesce(last_contact_at, opened_at);
