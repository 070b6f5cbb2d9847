-- A day begins with whoever is not back from a visit, however much of it is late (S22); its first tasks are read in this order.
drop index tasks_assignee_idx;
create index tasks_pressing_idx on tasks (assignee, (kind <> 'visit_overdue'), due_at, id) where done_at is null;
