-- By what the person was told that they would be reminded: whoever agreed to a text message agreed to no mail. Of what was promised before this was kept
-- nobody knows, and only a text message goes.
alter table meetings
  add column remind_by text constraint meetings_remind_by_known check (remind_by in ('text', 'mail')),
  add constraint meetings_remind_by_promised check (remind_by is null or remind_before is not null);
grant update (remind_by) on meetings to throughcare_web, throughcare_worker;
