//! Names are called back from the hosts that were told them (S4, S29); how that is asked and answered is `consent::recall`. No name stands in it.
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Project;
use super::store::hosted as store;
use crate::access::subject::{self, Subject};
use crate::audit::Fact;
use crate::consent::Consent;
use crate::consent::recall::{self, Copies};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{ConsentId, PlacementId, ProjectId, UnitId};
use crate::platform::jobs::{Job, Taken};

/// What hosts were told; `access.hosting_deleted` ends the task.
pub const HOSTED: Copies =
    Copies { job: "project.recall", task: "delete_hosted", asked: Fact::HostAskedToDelete, deleted: Fact::HostDeleted };

/// The job that asks whoever is a project's host no more.
pub const FORMER: &str = "project.former_host";

/// Asks the hosts that were told a name on this consent, which was taken back; or on any that this refusal overrules.
pub async fn resting_on(work: &mut Work, consent: &Consent, subject: &Subject) -> Result<(), Error> {
    ask(work, subject, &Of { consent: Some(consent.id), ..Of::default() }).await.map(drop)
}

/// Asks every host that was told a name of a case; by when it is to be deleted, where anybody is asked.
pub async fn with_its_case(work: &mut Work, subject: &Subject) -> Result<Option<DateTime<Utc>>, Error> {
    ask(work, subject, &Of::default()).await
}

/// Leaves the job that asks this unit, which was the host of a project until now, to delete whom it knows from there.
pub(super) async fn former_later(work: &mut Work, project: &Project, unit: UnitId) -> Result<(), Error> {
    let once = format!("{FORMER}:{}:{unit}:{}", project.id, project.version);
    let former = Former { project: project.id, unit, since: project.host_since, until: work.now() };
    let body = serde_json::to_value(former).map_err(anyhow::Error::from)?;
    work.enqueue(Job::new(FORMER, Some(project.org), body).once(once)).await
}

/// Asks whoever is a project's host no more, of each case by the days of its own pack. The new host is told only whom its own consent names.
pub async fn former(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let former: Former = serde_json::from_value(job.body.clone()).map_err(anyhow::Error::from)?;
    for case in store::cases_in(work, former.project).await? {
        let subject = subject::find(work, case).await?;
        ask(work, &subject, &Of { former: Some(former), ..Of::default() }).await?;
    }
    Ok(())
}

// A unit that was the host of a project.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Former {
    pub(super) project: ProjectId,
    pub(super) unit: UnitId,
    // From when, where another was before, and until when.
    pub(super) since: Option<DateTime<Utc>>,
    pub(super) until: DateTime<Utc>,
}

/// Of a case, what hosts are asked to delete: what they know on a consent, or from a project that is theirs no more; everything with neither.
#[derive(Debug, Default)]
pub(super) struct Of {
    pub(super) consent: Option<ConsentId>,
    pub(super) former: Option<Former>,
}

async fn ask(work: &mut Work, subject: &Subject, of: &Of) -> Result<Option<DateTime<Utc>>, Error> {
    let due = recall::due(work, subject).await?;
    let asked = store::ask_to_delete(work, (subject.id, of), due).await?;
    HOSTED.ask(work, subject, &asked).await?;
    Ok((!asked.is_empty()).then_some(due))
}

/// The reader's organisation has no copy left of what it was told of whoever had this place.
pub(super) async fn deleted(work: &mut Work, placement: PlacementId) -> Result<(), Error> {
    recall::may_answer(work)?;
    let was_asked = store::deleted(work, placement).await?;
    HOSTED.answered(work, placement.0, was_asked).await
}
