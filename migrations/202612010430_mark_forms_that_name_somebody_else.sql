-- A complete form that names somebody else than its case is marked when it is completed or put there: rules know nothing out of it until somebody settled
-- that (S28). Null where nobody looked: of a draft, of what was moved, which is asked then, and of what was kept before.
alter table submissions add column names_other boolean;
grant update (names_other) on submissions to throughcare_web;
