//! Minutes are called back: whoever got some is asked to stop using them and to delete every copy, also what was printed, because what they rested on was
//! taken back (S4) or because the case is to be erased (S29). Their people find a task and have the days of the pack; the asking stands until they said so.
use chrono::{DateTime, Utc};
use serde_json::json;

use super::store;
use crate::access::Act;
use crate::access::subject::Subject;
use crate::audit::{About, Fact};
use crate::consent::Consent;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::RowId;
use crate::platform::jobs::{Job, Taken};
use crate::tasks::{self, NewTask};

/// The job that leaves a task for whoever answers in the organisation that is asked.
pub const TELL: &str = "conference.recall";
// The task's kind; `access.minutes_deleted` ends it under its key.
const TASK: &str = "delete_minutes";

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
    let period = subject.pack(work).await?.deadlines.withdrawal;
    let calendar = tasks::store::calendar(work, subject.unit).await?;
    let due = tasks::clock::due(period, work.now(), &calendar);
    for (packet, org) in store::recall(work, packets, due).await? {
        work.record(Fact::MinutesCalledBack, About::case(subject.id).with(packet)).await?;
        work.enqueue(Job::new(TELL, Some(org), json!({ "packet": packet })).once(format!("{TELL}:{packet}"))).await?;
    }
    store::last_day_of(work, packets).await
}

/// Leaves the task, in every unit of this organisation where referrals are answered.
pub async fn tell(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let packet: RowId = serde_json::from_value(job.body["packet"].clone()).map_err(anyhow::Error::from)?;
    let Some(due) = store::recalled(work, packet).await? else { return Ok(()) };
    for unit in store::answering_units(work).await? {
        tasks::actions::add(work, NewTask::of_unit(TASK, unit, due).once(format!("{TASK}:{packet}:{unit}"))).await?;
    }
    Ok(())
}

/// The reader's organisation has no copy left.
pub(super) async fn deleted(work: &mut Work, packet: RowId) -> Result<(), Error> {
    work.may(Act::ReferralAnswer)?;
    if !store::deleted(work, packet).await? {
        return Err(Error::NotFound);
    }
    work.record(Fact::MinutesDeleted, About::subjects([packet.0])).await
}
