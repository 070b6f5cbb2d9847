//! The day that a record names for the next look or session, as a task of its case: for the newest record of a kind, until a newer one is
//! written. Of a record that a person has, the task stands on the open case of theirs that its readers are cleared for; where there is none
//! nobody is asked to do anything.
mod store;

use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RecordId, UnitId, UserId};
use crate::tasks::{self, NewTask};

use super::place::{Kind, Place};
use super::store as records;

/// Sees to it that the task says what the newest record of this kind says.
pub(super) async fn keep(work: &mut Work, place: &Place, kind: &Kind) -> Result<(), Error> {
    let Some(case) = store::case_for(work, place, kind).await? else { return Ok(()) };
    let newest = store::newest_of(work, place.of, &kind.kind.code).await?;
    let day = match newest {
        Some(root) => next_on(work, place, root).await?,
        None => None,
    };
    let due = match day {
        Some(day) => Some(tasks::store::calendar(work, case.unit).await?.end_of(day)),
        None => None,
    };
    let prefix = format!("record_next:{}:{}:", case.id, kind.kind.code);
    let key = newest.map(|root| format!("{prefix}{root}"));
    let ended = store::end_tasks(work, case.id, &prefix, key.as_deref().filter(|_| due.is_some()), due).await?;
    if !ended.is_empty() {
        let about = About { subjects: ended, ..About::case(case.id) };
        work.record(Fact::TaskDone, about.note(serde_json::json!({ "kind": KIND }))).await?;
    }
    if let (Some(key), Some(due)) = (key, due) {
        tasks::actions::add(work, NewTask::of_case(KIND, case.id, due).to(case.manager).once(key)).await?;
    }
    Ok(())
}

/// Whether this record is the newest of its kind here, the one whose day counts.
pub(super) async fn is_newest(work: &mut Work, place: &Place, kind: &str, root: RecordId) -> Result<bool, Error> {
    Ok(store::newest_of(work, place.of, kind).await? == Some(root))
}

const KIND: &str = "record_next";

/// The case on which such a task stands.
pub(super) struct OnCase {
    pub id: CaseId,
    pub unit: UnitId,
    pub manager: Option<UserId>,
}

async fn next_on(work: &mut Work, place: &Place, root: RecordId) -> Result<Option<chrono::NaiveDate>, Error> {
    let versions = records::versions(work, place.of, root).await?;
    Ok(versions.into_iter().next().and_then(|newest| newest.said?.next_on))
}

/// The same for the two places of a record that is moved.
pub(super) async fn keep_both(work: &mut Work, from: &Place, to: &Place, code: &str) -> Result<(), Error> {
    for place in [from, to] {
        if let Some(kind) = place.kind(code) {
            keep(work, place, kind).await?;
        }
    }
    Ok(())
}
