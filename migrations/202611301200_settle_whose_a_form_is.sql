-- A form that names somebody else than its case: since when somebody said that it belongs there all the same (S28). Moved to another case, that is
-- asked anew.
alter table submissions add column belongs_at timestamptz;
grant update (belongs_at) on submissions to throughcare_web;
