-- An emergency that nobody has answered stands first in the inbox, whatever else is overdue (S2).
alter table referrals add column can_wait boolean generated always as (not (priority = 'emergency' and status = 'requested')) stored;
drop index referrals_inbox_due_idx;
create index referrals_inbox_due_idx on referrals (to_unit, can_wait, (coalesce(next_due_at, '9999-01-01 00:00:00+00'::timestamptz)), id)
  where status in ('requested', 'accepted', 'in_progress', 'on_hold');
drop index referrals_inbox_org_due_idx;
create index referrals_inbox_org_due_idx on referrals (to_org, can_wait, (coalesce(next_due_at, '9999-01-01 00:00:00+00'::timestamptz)), id)
  where status in ('requested', 'accepted', 'in_progress', 'on_hold');
