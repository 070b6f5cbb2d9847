-- The board walks each state of a unit's or an organisation's referrals from the most pressing on, and stops early.
create index referrals_board_unit_idx on referrals (from_unit, status, (coalesce(next_due_at, '9999-01-01 00:00:00+00'::timestamptz)), id)
  where status in ('draft', 'requested', 'accepted', 'in_progress', 'on_hold') and step <> 'discarded';
create index referrals_board_org_idx on referrals (from_org, status, (coalesce(next_due_at, '9999-01-01 00:00:00+00'::timestamptz)), id)
  where status in ('draft', 'requested', 'accepted', 'in_progress', 'on_hold') and step <> 'discarded';
drop index referrals_inbox_idx;
create index referrals_inbox_idx on referrals (to_unit, status, (coalesce(next_due_at, '9999-01-01 00:00:00+00'::timestamptz)), id)
  where status in ('requested', 'accepted', 'in_progress', 'on_hold');
create index referrals_inbox_org_idx on referrals (to_org, status, (coalesce(next_due_at, '9999-01-01 00:00:00+00'::timestamptz)), id)
  where status in ('requested', 'accepted', 'in_progress', 'on_hold');
-- What has ended and still waits for the person's word.
create index referrals_unheard_unit_idx on referrals (from_unit, (coalesce(next_due_at, '9999-01-01 00:00:00+00'::timestamptz)), id)
  where status in ('rejected', 'completed', 'failed', 'cancelled') and loop in ('open', 'disputed');
create index referrals_unheard_org_idx on referrals (from_org, (coalesce(next_due_at, '9999-01-01 00:00:00+00'::timestamptz)), id)
  where status in ('rejected', 'completed', 'failed', 'cancelled') and loop in ('open', 'disputed');
-- What ended lately, on either side.
create index referrals_ended_from_unit_idx on referrals (from_unit, ended_at) where ended_at is not null;
create index referrals_ended_from_org_idx on referrals (from_org, ended_at) where ended_at is not null;
create index referrals_ended_to_unit_idx on referrals (to_unit, ended_at) where ended_at is not null;
create index referrals_ended_to_org_idx on referrals (to_org, ended_at) where ended_at is not null;
-- The newest of an organisation's referrals.
drop index referrals_from_org_idx;
drop index referrals_to_org_idx;
create index referrals_from_org_idx on referrals (from_org, requested_at);
create index referrals_to_org_idx on referrals (to_org, requested_at);
-- What was told last of a referral to one person.
drop index notifications_referral_id_idx;
create index notifications_referral_id_idx on notifications (referral_id, user_id, recorded_at, id);
