-- What became of the copies outside. A letter that never arrived is the sender's move again; after a withdrawal whoever can't be asked by mail to
-- delete what they have is asked by hand (S4). Only jobs find these out.
alter table referrals
  add column copy_lost_at timestamptz,
  add column deletion_mailed_at timestamptz,
  add column deletion_by_hand_at timestamptz;
grant update (copy_lost_at, deletion_mailed_at, deletion_by_hand_at) on referrals to throughcare_worker;
