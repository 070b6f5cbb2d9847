-- A referral may have further letters: in another language, or to another contact. The first is number 1; each has an id of its own that follows
-- from the referral and its number (ADR 0007).
alter table letters add column number smallint not null default 1 constraint letters_number_range check (number between 1 and 100);
alter table letters drop constraint letters_referral_id_key;
alter table letters add constraint letters_referral_id_number_key unique (referral_id, number);
