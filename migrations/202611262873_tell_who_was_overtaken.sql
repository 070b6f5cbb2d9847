-- Whoever takes a case over leaves a job for the organisation whose other request for it came too late; the job looks again at what has gone.
alter policy anybody_enqueues on jobs with check (
  ((select access.actor_kind()) in ('user', 'link')
    and kind <> all (array['referral_clocks', 'referral_ring', 'tasks.due', 'directory.sweep', 'directory.check', 'transfer_move', 'digest.round',
      'cases.silence', 'meetings.look', 'covers'])
    and (org = (select access.actor_org()) or kind in ('notify', 'break_glass.review', 'transfer_begin', 'transfer_overtaken')))
  or ((select access.actor_kind()) = 'nobody' and kind = 'answer_code'));
