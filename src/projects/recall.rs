//! A host that was told a name is asked to stop using it and to delete every copy, because consent was taken back (S4) or because the case is to be erased
//! (S29). Its unit finds a task and has the days of the pack; the asking stands until it said so. No name stands in it.
use chrono::{DateTime, Utc};
use serde_json::json;

use super::store::hosted as store;
use crate::access::Act;
use crate::access::subject::Subject;
use crate::audit::{About, Fact};
use crate::consent::Consent;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{ConsentId, PlacementId, RowId};
use crate::platform::jobs::{Job, Taken};
use crate::tasks::{self, NewTask};

/// The job that leaves a task for the unit that is asked.
pub const TELL: &str = "project.recall";
// The task's kind; `access.hosting_deleted` ends it under its key.
const TASK: &str = "delete_hosted";

/// Asks the hosts that were told a name on this consent, which was taken back.
pub async fn resting_on(work: &mut Work, consent: &Consent, subject: &Subject) -> Result<(), Error> {
    ask(work, subject, Some(consent.id)).await.map(drop)
}

/// Asks every host that was told a name of a case; by when it is to be deleted, where anybody is asked.
pub async fn with_its_case(work: &mut Work, subject: &Subject) -> Result<Option<DateTime<Utc>>, Error> {
    ask(work, subject, None).await
}

async fn ask(work: &mut Work, subject: &Subject, consent: Option<ConsentId>) -> Result<Option<DateTime<Utc>>, Error> {
    let period = subject.pack(work).await?.deadlines.withdrawal;
    let calendar = tasks::store::calendar(work, subject.unit).await?;
    let due = tasks::clock::due(period, work.now(), &calendar);
    let asked = store::ask_to_delete(work, (subject.id, consent), due).await?;
    for (recall, org) in &asked {
        work.record(Fact::HostAskedToDelete, About::case(subject.id).with(*recall)).await?;
        let job = Job::new(TELL, Some(*org), json!({ "recall": recall }));
        work.enqueue(job.once(format!("{TELL}:{recall}"))).await?;
    }
    Ok((!asked.is_empty()).then_some(due))
}

/// Leaves the task in the host's unit.
pub async fn tell(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let recall: RowId = serde_json::from_value(job.body["recall"].clone()).map_err(anyhow::Error::from)?;
    let Some((unit, due)) = store::asked_of(work, recall).await? else { return Ok(()) };
    tasks::actions::add(work, NewTask::of_unit(TASK, unit, due).once(format!("{TASK}:{recall}"))).await?;
    Ok(())
}

/// The reader's organisation has no copy left of what it was told of whoever had this place.
pub(super) async fn deleted(work: &mut Work, placement: PlacementId) -> Result<(), Error> {
    work.may(Act::ReferralAnswer)?;
    if !store::deleted(work, placement).await? {
        return Err(Error::NotFound);
    }
    work.record(Fact::HostDeleted, About::subjects([placement.0])).await
}
