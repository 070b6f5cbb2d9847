-- A case could once be closed past a request that it be closed. Such a request waits no more: whoever closed the case ended it, and nobody approves it
-- once the case is opened again. So do the tasks that asked for its approval.
create policy migrator_marks on closure_requests for all to throughcare_migrator using (true);
create policy migrator_marks on tasks for all to throughcare_migrator using (true);
create policy migrator_reads on cases for select to throughcare_migrator using (true);
create policy migrator_reads on case_moves for select to throughcare_migrator using (true);
create policy migrator_reads on case_closures for select to throughcare_migrator using (true);
update closure_requests r set state = 'withdrawn', version = r.version + 1,
  settled_by = coalesce(k.author, r.author), settled_by_name = coalesce(k.author_name, r.author_name), settled_at = greatest(k.recorded_at, r.recorded_at)
from cases c left join lateral (select author, author_name, recorded_at from case_closures where case_id = c.id order by recorded_at desc limit 1) k on true
where c.id = r.case_id and r.state = 'waiting'
  and (c.closed_at is not null or exists (select from case_moves m where m.case_id = c.id and m.kind = 'reopened' and m.recorded_at > r.recorded_at));
update tasks t set done_at = now(), version = t.version + 1
where t.kind = 'approve_closure' and t.side = 'from' and t.done_at is null
  and not exists (select from closure_requests r where r.case_id = t.case_id and r.state = 'waiting');
drop policy migrator_marks on closure_requests;
drop policy migrator_marks on tasks;
drop policy migrator_reads on cases;
drop policy migrator_reads on case_moves;
drop policy migrator_reads on case_closures;
