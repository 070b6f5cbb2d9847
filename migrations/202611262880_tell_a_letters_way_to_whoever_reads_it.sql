-- How the message of a letter fares is known to whoever reads the letter: after a case has changed hands, to its new owner too, although the
-- message was posted by the organisation before.
do $$
begin
  execute format($f$create or replace function access.deliveries(the_abouts uuid[]) returns table (about uuid, message_id uuid, kind text, state text, posted_at timestamptz, sent_at timestamptz, settled_at timestamptz, tries int, result text)
  stable language sql security definer set search_path = public, pg_temp as $b$
    select distinct on (m.about) m.about, m.id, m.kind, m.state, m.posted_at, m.sent_at, m.settled_at, m.tries, m.result from messages m
    where m.about = any (the_abouts)
      and (access.actor_kind() = 'operator' or m.org = any (access.my_orgs()) or m.org = access.job_org()
        or (m.kind = 'letter' and exists (select from letters where id = m.about and (%s))))
    order by m.about, m.posted_at desc
  $b$ $f$, access.from_rule());
end $$;
