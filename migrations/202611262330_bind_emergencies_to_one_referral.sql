-- What was agreed or decided in an emergency covers that emergency's referral and no other (S1, S2): it never stands in for consent that
-- nobody asked for, nor for one that was taken back (S4).
alter table consents add column only_referral uuid constraint consents_only_referral_fkey references referrals (id);
create index consents_only_referral_idx on consents (only_referral) where only_referral is not null;
update consents n set only_referral = (select p.referral_id from packets p where p.consent_id = n.id order by p.id limit 1)
where n.basis <> 'consent' and n.second_due_at is not null;

-- Nor does it let a whole case change hands.
do $$
declare
  f regprocedure;
  before text;
  after text;
begin
  foreach f in array array['access.transfer_basis(uuid, uuid, timestamptz)', 'access.own_basis(uuid, uuid, int, timestamptz)']::regprocedure[] loop
    before := pg_get_functiondef(f);
    after := replace(before, 'n.child_assent_of is null and', 'n.child_assent_of is null and n.only_referral is null and');
    if after = before then raise exception '% does not ask for consent as expected', f; end if;
    execute after;
  end loop;
end $$;
