-- Whether a user wants to hear by mail what waits for them, and how often. It is chosen for the address that the page shows: whoever
-- changes the address, the choice ends with it, so that nothing goes to an address that its user has not seen.
alter table users add column digest text not null default 'never' constraint users_digest_known check (digest in ('never', 'daily', 'weekly'));

create function access.end_digest() returns trigger language plpgsql as $$
begin
  if new.email is distinct from old.email then new.digest := 'never'; end if;
  return new;
end $$;
create trigger users_end_digest before update of email on users for each row execute function access.end_digest();
