-- What came of a referral for cash is told as amount, day and whether the payee confirmed it (S26).
alter table referrals add column paid_on date, add column paid_confirmed boolean,
  add constraint referrals_paid_whole check ((paid_on is null) = (paid_confirmed is null));
grant update (paid_on, paid_confirmed) on referrals to throughcare_web, throughcare_worker;
