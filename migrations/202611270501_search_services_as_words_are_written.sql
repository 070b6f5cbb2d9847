-- What is searched for in the directory is found however it is written: letters without their accents and vowel signs, forms of hamza, alef,
-- yaa and taa marbuta alike, small and large letters alike. Said in one place, here, for what is kept and for what is asked.
create function access.folded(the_words text) returns text immutable parallel safe language sql as $$
  select translate(lower(regexp_replace(normalize(the_words, nfkd), '[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670]', '', 'g')), 'ىةٱیک', 'يهايك')
$$;
-- Folded words without the article "al" and what is written together with it, where enough remains to be a word. A colon is no letter.
create function access.bare(the_words text) returns text immutable parallel safe language sql as $$
  select regexp_replace(the_words, '(^|[\s"''«()/.,،؛:-])(?:[وبكف]?ال|لل)(?=[^\s:"]{3})', '\1', 'g')
$$;
-- What a text is found by: its words as they stand, and without their article.
create function access.found_by(the_words text) returns text immutable parallel safe language sql as $$
  select access.folded(the_words) || ' ' || access.bare(access.folded(the_words))
$$;

-- Each need that a service answers is a word of its own, so that whatever the need is called in any language finds the service.
create or replace function access.set_service_search() returns trigger language plpgsql as $$
begin
  new.search := to_tsvector('simple', access.found_by(new.name || ' ' || (select coalesce(string_agg(value, ' '), '') from jsonb_each_text(new.names)) || ' ' || new.description)
      || ' ' || array_to_string(new.needs, ' '))
    || array_to_tsvector(array(select 'need=' || need from unnest(new.needs) need where need <> ''));
  return new;
end $$;
create policy migrator_folds on services for all to throughcare_migrator using (true);
update services set name = name;
drop policy migrator_folds on services;
