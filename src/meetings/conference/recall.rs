//! Minutes are called back from whoever got some (S4, S29); how that is asked and answered is `consent::recall`.
use chrono::{DateTime, Utc};

use super::store;
use crate::access::subject::Subject;
use crate::audit::Fact;
use crate::consent::Consent;
use crate::consent::recall::{self, Copies};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::RowId;

/// Minutes of which others have copies; `access.minutes_deleted` ends the tasks.
pub const MINUTES: Copies =
    Copies { job: "conference.recall", task: "delete_minutes", asked: Fact::MinutesCalledBack, deleted: Fact::MinutesDeleted };

/// Calls back what rested on a consent or another basis; whether anybody is asked.
pub async fn resting_on(work: &mut Work, consent: &Consent, subject: &Subject) -> Result<bool, Error> {
    let packets = store::packets_resting_on(work, consent).await?;
    Ok(ask(work, subject, &packets).await?.is_some())
}

/// Calls back whatever was shared of a case; by when it is to be deleted, where anything is.
pub async fn with_its_case(work: &mut Work, subject: &Subject) -> Result<Option<DateTime<Utc>>, Error> {
    let packets = store::packets_of(work, subject.id).await?;
    ask(work, subject, &packets).await
}

async fn ask(work: &mut Work, subject: &Subject, packets: &[RowId]) -> Result<Option<DateTime<Utc>>, Error> {
    if packets.is_empty() {
        return Ok(None);
    }
    let due = recall::due(work, subject).await?;
    let asked = store::recall(work, packets, due).await?;
    MINUTES.ask(work, subject, &asked).await?;
    store::last_day_of(work, packets).await
}

/// The reader's organisation has no copy left.
pub(super) async fn deleted(work: &mut Work, packet: RowId) -> Result<(), Error> {
    recall::may_answer(work)?;
    let was_asked = store::deleted(work, packet).await?;
    MINUTES.answered(work, packet.0, was_asked).await
}
