//! Once a day: whoever keeps an entry that nobody confirmed lately finds a task to confirm it.
use chrono::TimeDelta;
use serde_json::json;

use super::store::remind as store;
use super::vocabulary::vocabulary;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::jobs::Job;

/// The job that wakes every organisation's check.
pub const SWEEP: &str = "directory.sweep";
/// The job that checks one organisation's entries.
pub const CHECK: &str = "directory.check";

// How long the unit has to confirm.
const TIME_TO_CONFIRM: TimeDelta = TimeDelta::days(7);

/// Leaves today's sweep, unless it was left already. Called at every tick of the worker.
pub async fn begin(work: &mut Work) -> Result<(), Error> {
    let today = work.now().date_naive();
    work.enqueue(Job::new(SWEEP, None, json!({})).once(format!("{SWEEP}:{today}"))).await
}

/// Runs [`SWEEP`].
pub async fn sweep(work: &mut Work) -> Result<(), Error> {
    let today = work.now().date_naive();
    for org in store::organisations(work).await? {
        work.enqueue(Job::new(CHECK, Some(org), json!({})).once(format!("{CHECK}:{org}:{today}"))).await?;
    }
    Ok(())
}

/// Runs [`CHECK`] for the organisation of this work.
pub async fn check(work: &mut Work) -> Result<(), Error> {
    let stale_before = vocabulary(work).await?.stale_before;
    let due = work.now() + TIME_TO_CONFIRM;
    for service in store::leave_tasks(work, stale_before, due).await? {
        work.record(Fact::ServiceStale, About::subjects([service.0])).await?;
    }
    Ok(())
}
