//! Being met while something else is done. An assessment that is gone through, an adult's session, a review of a plan at which the person was asked, and
//! their own agreement to it, given any way but on paper, are contacts as a note of a visit is: they end a silence. They move no follow-up: of that is written what came of it, and a
//! level that is set once more buys nobody time (S21).
use chrono::{DateTime, Utc};

use super::case::Case;
use super::{actions, lost_contact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::tasks;

/// Somebody spoke with the person at this moment. The edition of the case stays: no form that lies open says anything of it.
pub async fn met(work: &mut Work, case: &Case, at: DateTime<Utc>) -> Result<(), Error> {
    let newer = sqlx::query!(
        "update cases set last_contact_at = $2 where id = $1 and closed_at is null and (last_contact_at is null or last_contact_at < $2)",
        case.id.0,
        at
    )
    .execute(work.db())
    .await?;
    if newer.rows_affected() > 0 {
        tasks::actions::done_in_case(work, case.id, lost_contact::TASKS).await?;
    }
    Ok(())
}

/// What was written down as a contact was none: the silence goes on from the one before, if nobody spoke with the person since. The follow-up is counted
/// from there, and whoever keeps the case is asked again about a silence that they were told of already.
pub async fn not_met(work: &mut Work, case: &Case, (at, before): (DateTime<Utc>, Option<DateTime<Utc>>)) -> Result<(), Error> {
    let back = sqlx::query!(
        "update cases set last_contact_at = $3, silence_told_for = null where id = $1 and closed_at is null and last_contact_at = $2",
        case.id.0,
        at,
        before
    )
    .execute(work.db())
    .await?;
    if back.rows_affected() == 0 {
        return Ok(());
    }
    let (pack, case) = (actions::pack_of(work, case).await?, Case { last_contact_at: before, ..case.clone() });
    actions::follow_from(work, &case, &pack).await
}
