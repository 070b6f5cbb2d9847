-- A task that asks whoever is out on a visit to say that they are back is theirs, and never becomes somebody else's "you are out": also where the case moves
-- to another unit, or where they leave the organisation (S22). One rule for all that gives tasks to somebody else.
create function access.keep_visit_out() returns trigger language plpgsql as $$
begin
  new.assignee := old.assignee;
  return new;
end $$;
create trigger keep_visit_out before update of assignee on tasks for each row
  when (old.kind = 'visit_out' and new.assignee is distinct from old.assignee) execute function access.keep_visit_out();
