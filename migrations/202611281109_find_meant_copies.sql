-- A case that is erased takes along the copies that were filled in for it and wait: they are found without looking at every arrival.
create index arrivals_meant_for_idx on arrivals (meant_for) where meant_for is not null;
