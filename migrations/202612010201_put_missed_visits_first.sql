-- A day begins with whoever is not back from a visit, however much of it is late (S22). Its first tasks are read in this order, and of a worker with
-- thousands no more than the page shows; one index serves whoever looks for all that somebody ever held too.
drop index tasks_assignee_idx;
drop index tasks_all_assignee_idx;
create index tasks_all_assignee_idx on tasks (assignee, (done_at is null), (kind <> 'visit_overdue'), due_at, id);
