-- What is attached to a packet opens by answer link as the packet does: for the link's own referral, from acceptance, as long as all its packets
-- are open.

create policy link_reads on referral_attachments for select to throughcare_web
  using (referral_id = (select access.my_link_referral()) and access.packets_open(referral_id));

do $$
begin
  execute format($f$create or replace function access.attachment_key(the_attachment uuid) returns bytea stable language sql security definer set search_path = public, pg_temp as
    $b$ select k.wrapped from keys k where k.owner = the_attachment and k.destroyed_at is null and exists (
      select from referral_attachments where id = the_attachment
        and ((%s) or (((%s) or referral_id = (select access.my_link_referral())) and access.packets_open(referral_id)))) $b$ $f$,
    access.from_rule(), access.to_rule());
end $$;

-- An opened attachment is a use of the link like any other.
alter table link_uses drop constraint link_uses_what_known;
alter table link_uses add constraint link_uses_what_known
  check (what in ('code_asked', 'code_sent', 'code_read', 'refused', 'proved', 'opened', 'attachment', 'answered'));
create or replace function access.note_link_use(the_what text, the_detail text) returns void language sql security definer set search_path = public, pg_temp as $$
  insert into link_uses (id, referral_id, link_id, what, detail)
  select gen_random_uuid(), l.referral_id, l.id, the_what, left(the_detail, 60) from answer_links l
  where l.id = access.my_link() and the_what in ('opened', 'attachment', 'answered')
$$;
