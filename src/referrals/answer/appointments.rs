//! Appointments of a referral with their history: what became of each, who asked for the change, and why. Reasons are codes; words about
//! the person go, sealed, with the move.
use chrono::{DateTime, Utc};

use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::ReferralId;

/// One appointment, past or coming.
#[derive(Clone, Debug)]
pub struct Appointment {
    /// When.
    pub at: DateTime<Utc>,
    /// Where.
    pub place: String,
    /// `scheduled`, `came`, `no_show`, `rescheduled` or `cancelled`.
    pub state: String,
    /// Why it was moved or called off; empty otherwise.
    pub reason: String,
    /// Who asked for that.
    pub asked_by: String,
}

/// Every appointment of a referral, the latest first.
pub async fn list(work: &mut Work, referral: ReferralId) -> Result<Vec<Appointment>, Error> {
    let appointments = sqlx::query_as!(
        Appointment,
        "select at, place, state, reason, asked_by from appointments where referral_id = $1 order by recorded_at desc, id desc limit 100",
        referral.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(appointments)
}

/// Writes who asked for a change of the coming appointment and why, before the change is made.
pub(super) async fn note_change(work: &mut Work, referral: ReferralId, asked_by: &str, why: &str) -> Result<(), Error> {
    sqlx::query!(
        "update appointments set asked_by = $2, reason = $3 where referral_id = $1 and state = 'scheduled'",
        referral.0,
        asked_by,
        why
    )
    .execute(work.db())
    .await?;
    Ok(())
}
