-- A notification may be of a task alone; it is shown while that task is the reader's to see (S11).
alter policy own on notifications using (user_id = (select access.me())
  and (case_id is null or exists (select from cases c where c.id = case_id))
  and (referral_id is null or exists (select from referrals r where r.id = referral_id))
  and (task_id is null or exists (select from tasks t where t.id = task_id)));
