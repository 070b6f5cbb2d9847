-- Whoever is out on a visit reads that first on their day, however much of it is late (S22): its first tasks are read in this order.
drop index tasks_all_assignee_idx;
create index tasks_all_assignee_idx on tasks (assignee, (done_at is null), (kind not in ('visit_overdue', 'visit_not_safe', 'visit_out')), due_at, id);
