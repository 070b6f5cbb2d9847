-- A calendar begins with whose appointments it shows, not with everybody's of these days.
create index appointments_from_manager_idx on appointments (from_manager, at);
create index appointments_to_assignee_idx on appointments (to_assignee, at);
