-- A proposed date of birth that is an estimate says so, with `~` behind it. Until now it was one where the date that stood was estimated too and the
-- proposed one was the first of January, as follows from an age: what waits for an answer means what it meant when it was written.
create policy migrator_marks on person_corrections for all to throughcare_migrator using (true);
create policy migrator_reads on person_correction_answers for select to throughcare_migrator using (true);
create policy migrator_reads on persons for select to throughcare_migrator using (true);
update person_corrections c set value = c.value || '~'
  where c.field = 'born_on' and c.value ~ '^[0-9]{4}-01-01$'
    and not exists (select from person_correction_answers a where a.correction_id = c.id)
    and exists (select from persons p where p.id = c.person_id and p.born_estimated);
drop policy migrator_marks on person_corrections;
drop policy migrator_reads on person_correction_answers;
drop policy migrator_reads on persons;
