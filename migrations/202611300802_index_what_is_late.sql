-- Whether something of a case is late for whoever keeps it is asked for every case of a list and of the coordinator's board; with this it is read from the index alone.
create index tasks_own_late_idx on tasks (case_id, (coalesce(overdue_at, due_at))) include (assignee, due_at, overdue_at) where side = 'from' and done_at is null;
