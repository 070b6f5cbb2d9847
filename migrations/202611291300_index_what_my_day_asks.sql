-- My day asks for the few of a worker's referrals whose answer is still to be looked at; without these it reads all that they ever sent.
create index referrals_owed_idx on referrals (from_manager, coalesce(ended_at, decided_at, started_at)) where sequel = 'owed' and status in ('rejected', 'failed');
create index referrals_heard_idx on referrals (from_manager, coalesce(ended_at, decided_at, started_at)) where loop = 'open' and status in ('accepted', 'completed', 'on_hold');
