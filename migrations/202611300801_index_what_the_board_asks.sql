-- The coordinator's board asks for the closings of a year and for what colleagues do for each other, by unit; without these it reads every closing there is,
-- and every open task of its units.
create index case_closures_unit_idx on case_closures (unit, recorded_at);
create index tasks_handed_idx on tasks (unit, due_at) where handed_by is not null and not handed_back and done_at is null;
