-- Which kinds of news a user leaves out of the mail that says what waits. It is kept beside what they leave out here: whoever chose nothing hears of all.
alter table users add column quiet_mail text[] not null default '{}';
grant update (quiet_mail) on users to throughcare_web;
