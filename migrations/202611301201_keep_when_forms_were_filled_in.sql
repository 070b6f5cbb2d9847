-- A form that was filled in without a network keeps when that was, and beside it when it came (S31).
alter table submissions add column arrived_at timestamptz;
-- What the device says of it, until it stands on a case.
alter table arrivals add column begun_at timestamptz, add column handed_in_at timestamptz;
