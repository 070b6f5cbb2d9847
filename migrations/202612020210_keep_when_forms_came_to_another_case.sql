-- A form that is moved to another case keeps when it came here; since when it stands on that case is kept beside it. Null where it was never moved.
alter table submissions add column moved_here_at timestamptz;
