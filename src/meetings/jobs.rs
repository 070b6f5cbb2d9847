//! Whoever is not back from a visit in time: the supervisor gets a task and hears of it, once (S22). And whoever is to be
//! reminded of a meeting now, or told that it does not take place.
use uuid::Uuid;

use super::{store, texts};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::tasks::{self, NewTask};

/// The job's kind.
pub const LOOK: &str = "meetings.look";

/// The key of the task, so that coming back ends it.
pub(super) fn once(meeting: Uuid) -> String {
    format!("visit_overdue:{meeting}")
}

/// Looks for overdue visits and due reminders of the organisation this work is for.
pub async fn look(work: &mut Work) -> Result<(), Error> {
    for visit in store::missed(work).await? {
        let task = NewTask::of_case("visit_overdue", visit.case_id, work.now()).to(visit.supervisor).once(once(visit.id));
        tasks::actions::add(work, task).await?;
        work.record(Fact::VisitOverdue, About::case(visit.case_id).with(visit.id)).await?;
    }
    texts::write_due(work).await
}
