//! Whoever is not back from a visit in time: the supervisor gets a task and hears of it, once (S22). And whoever is to be reminded of a meeting now, was
//! not although it was promised, or is to be told that it does not take place.
use serde_json::json;
use uuid::Uuid;

use super::{store, texts};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::jobs::{Job, RecordedFact, Taken};
use crate::tasks::task::VISIT_OVERDUE;
use crate::tasks::{self, NewTask};

/// The job's kind.
pub const LOOK: &str = "meetings.look";

/// The kind of the job that looks at a reminder which did not get through.
pub const REMINDER_LOST: &str = "meetings.reminder_lost";

/// The job that a message wakes which did not get through. Which room it belongs to the fact does not say; the job finds no meeting where it is another's.
pub fn of_fact(fact: &RecordedFact) -> Vec<Job> {
    let failed = [Fact::MessageBounced, Fact::MessageDropped, Fact::MessageDead].iter().any(|known| known.code() == fact.kind);
    match fact.subjects.as_slice() {
        [about, _] if failed && fact.referral_id.is_none() => {
            let body = json!({ "meeting": about });
            vec![Job::new(REMINDER_LOST, fact.org, body).once(format!("{REMINDER_LOST}:{}", fact.id))]
        }
        _ => Vec::new(),
    }
}

/// Tells of a reminder that did not get through.
pub async fn reminder_lost(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let meeting: Uuid = serde_json::from_value(job.body["meeting"].clone()).map_err(anyhow::Error::from)?;
    texts::lost(work, meeting).await
}

/// The key of the task, so that coming back ends it.
pub(super) fn once(meeting: Uuid) -> String {
    format!("visit_overdue:{meeting}")
}

/// The same of the task of whoever is out.
pub(super) fn once_out(meeting: Uuid) -> String {
    format!("visit_out:{meeting}")
}

/// Looks for overdue visits and due reminders of the organisation this work is for.
pub async fn look(work: &mut Work) -> Result<(), Error> {
    for visit in store::missed(work).await? {
        let task = NewTask::of_case(VISIT_OVERDUE, visit.case_id, visit.back_by).to(visit.supervisor).titled(visit.who);
        let task = tasks::actions::add(work, task.once(once(visit.id))).await?;
        // Whoever hears of it is led by the task, which is named first: to the visit, and by when they were to be back.
        let about = task.into_iter().fold(About::case(visit.case_id), About::with);
        work.record(Fact::VisitOverdue, about.with(visit.id)).await?;
    }
    texts::write_due(work).await
}
