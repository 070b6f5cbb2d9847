-- A service by its own name in the reader's language, where they see the service and it has one; else as it was called when it was chosen.
-- No definer function: which services there are is row security's to say.
create function access.service_called(the_service uuid, the_name text, the_lang text) returns text stable language sql as $$
  select coalesce((select nullif(s.names ->> the_lang, '') from public.services s where s.id = the_service), the_name)
$$;
