-- Why a move was typed in late is somebody's words about the work with a person, so it is sealed like the remark beside it. What was written
-- before stays in late_reason: lines of a log are never rewritten, and a migration has no keys.
alter table referral_moves add column late_words bytea;
