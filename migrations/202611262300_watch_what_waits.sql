-- What was given up is little, and is counted each time somebody asks how the service is.
create index jobs_given_up_idx on jobs (given_up_at) where given_up_at is not null;
create index messages_dead_idx on messages (settled_at) where state = 'dead';
