-- What people said of the support, counted by unit and time on the coordinator's board.
create index plan_reviews_unit_idx on plan_reviews (unit, happened_at) where satisfaction is not null or unsaid;
