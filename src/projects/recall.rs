//! Names are called back from the hosts that were told them (S4, S29); how that is asked and answered is `consent::recall`. No name stands in it.
use chrono::{DateTime, Utc};

use super::store::hosted as store;
use crate::access::subject::Subject;
use crate::audit::Fact;
use crate::consent::Consent;
use crate::consent::recall::{self, Copies};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{ConsentId, PlacementId};

/// What hosts were told; `access.hosting_deleted` ends the task.
pub const HOSTED: Copies =
    Copies { job: "project.recall", task: "delete_hosted", asked: Fact::HostAskedToDelete, deleted: Fact::HostDeleted };

/// Asks the hosts that were told a name on this consent, which was taken back.
pub async fn resting_on(work: &mut Work, consent: &Consent, subject: &Subject) -> Result<(), Error> {
    ask(work, subject, Some(consent.id)).await.map(drop)
}

/// Asks every host that was told a name of a case; by when it is to be deleted, where anybody is asked.
pub async fn with_its_case(work: &mut Work, subject: &Subject) -> Result<Option<DateTime<Utc>>, Error> {
    ask(work, subject, None).await
}

async fn ask(work: &mut Work, subject: &Subject, consent: Option<ConsentId>) -> Result<Option<DateTime<Utc>>, Error> {
    let due = recall::due(work, subject).await?;
    let asked = store::ask_to_delete(work, (subject.id, consent), due).await?;
    HOSTED.ask(work, subject, &asked).await?;
    Ok((!asked.is_empty()).then_some(due))
}

/// The reader's organisation has no copy left of what it was told of whoever had this place.
pub(super) async fn deleted(work: &mut Work, placement: PlacementId) -> Result<(), Error> {
    recall::may_answer(work)?;
    let was_asked = store::deleted(work, placement).await?;
    HOSTED.answered(work, placement.0, was_asked).await
}
