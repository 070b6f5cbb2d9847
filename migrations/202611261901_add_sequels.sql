-- After a refusal the sender still owes the person another way, or a talk; it is awaited until one of them is written down.
alter table referrals add column sequel text not null default 'not_owed'
  constraint referrals_sequel_known check (sequel in ('not_owed', 'owed', 'settled'));
grant update (sequel) on referrals to throughcare_web, throughcare_worker;
-- Steps of one moment are told in the order in which they were recorded.
alter table referral_moves add column nth bigint generated always as identity;
-- That copies are deleted is awaited of the receiver once, by the referral's own clock.
update tasks set done_at = now(), version = version + 1 where kind = 'delete_copies' and done_at is null;
