//! Copies are called back: whoever got something is asked to stop using it and to delete every copy, also what was printed, because what it rested on ended
//! (S4) or because the case is to be erased (S29). Their people find a task and have the days of the pack; the asking stands until they said so.
//!
//! What can be called back, and from whom, each room knows by itself; how it is asked, told and answered stands here. Deliberately not here: referrals, of
//! which the asking is a state with clocks on both sides (`referrals::clocks::copies`).
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{Consent, store};
use crate::access::Act;
use crate::access::subject::Subject;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, RowId};
use crate::platform::jobs::{Job, Taken};
use crate::projects::store::hosted;
use crate::tasks::{self, NewTask};

/// Something of which others have copies.
#[derive(Debug)]
pub struct Copies {
    /// The job that leaves a task for whoever is asked.
    pub job: &'static str,
    /// The kind of that task. The database ends it, under its key, once they answered.
    pub task: &'static str,
    /// That somebody was asked.
    pub asked: Fact,
    /// That they have no copy left.
    pub deleted: Fact,
}

/// By when whoever is asked now is to answer.
pub async fn due(work: &mut Work, subject: &Subject) -> Result<DateTime<Utc>, Error> {
    let period = subject.pack(work).await?.deadlines.withdrawal;
    let calendar = tasks::store::calendar(work, subject.unit).await?;
    Ok(tasks::clock::due(period, work.now(), &calendar))
}

/// Somebody holds what rested on this consent and was asked to delete it.
pub async fn anybody_asked(work: &mut Work, consent: &Consent) -> Result<bool, Error> {
    Ok(!store::recalled(work, consent).await?.is_empty() || !hosted::asked_since(work, consent.id).await?.is_empty())
}

/// The actor may answer where their organisation is asked: whoever answers referrals, and its administrators for where nobody of these may open what
/// came. Which of them does, the database says of each.
pub fn may_answer(work: &Work) -> Result<(), Error> {
    if work.holds(Act::AdminUnits) { Ok(()) } else { work.may(Act::ReferralAnswer) }
}

impl Copies {
    /// These were asked for now, each of an organisation: a fact, and a job that tells it there.
    pub async fn ask(&self, work: &mut Work, subject: &Subject, asked: &[(RowId, OrgId)]) -> Result<(), Error> {
        for (recall, org) in asked {
            work.record(self.asked, About::case(subject.id).with(*recall)).await?;
            let job = Job::new(self.job, Some(*org), json!({ "recall": recall }));
            work.enqueue(job.once(format!("{}:{recall}", self.job))).await?;
        }
        Ok(())
    }

    /// Leaves a task for each of this organisation who may answer, never for a unit: whoever else works there is not to hear of it (S10, S11).
    pub async fn tell(&self, work: &mut Work, job: &Taken) -> Result<(), Error> {
        // Jobs that were left before hosts were asked in the same way name the packet.
        let id = job.body.get("recall").or(job.body.get("packet")).cloned().unwrap_or_default();
        let recall: RowId = serde_json::from_value(id).map_err(anyhow::Error::from)?;
        for (user, unit, due) in store::asked_to_delete(work, recall).await? {
            let once = format!("{}:{recall}:{user}", self.task);
            tasks::actions::add(work, NewTask::of_unit(self.task, unit, due).to(Some(user)).once(once)).await?;
        }
        Ok(())
    }

    /// The actor's organisation has no copy left of this; it was asked, or [`Error::NotFound`].
    pub async fn answered(&self, work: &mut Work, of: Uuid, was_asked: bool) -> Result<(), Error> {
        if was_asked { work.record(self.deleted, About::subjects([of])).await } else { Err(Error::NotFound) }
    }
}
