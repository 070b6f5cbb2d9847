-- A copy that was filled in for a case without a network, by somebody who may not write there any more when it comes back, waits as an
-- arrival that says which case it was meant for. It is no reference: whoever does not see the case learns nothing of it.
alter table arrivals add column meant_for uuid;
