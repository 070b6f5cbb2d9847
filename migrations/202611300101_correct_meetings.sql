-- What became of a meeting can be put right; what stood before stays among its sealed words. The timeline of the case finds it by this.
alter table meetings add column corrected_at timestamptz;
grant update (corrected_at) on meetings to throughcare_web;
-- A contact that was none ends no silence: whoever keeps the case is asked again about the same silence (S23).
grant update (silence_told_for) on cases to throughcare_web;
