//! A case is erased (S29), after two people decided so (`access::retention`): receivers are asked to delete what they got and have their days for it; then one
//! transaction takes the case away; then sealed files go, and the case stands on the list outside the database. Each step is a job that may run twice.
use chrono::TimeDelta;
use serde_json::json;

use super::call_back;
use crate::access::retention::kept::{self, Erased};
use crate::access::retention::{BEGIN, store};
use crate::access::subject;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::RowId;
use crate::platform::jobs::{Job, Taken};

/// The job that erases the case.
pub const ERASE: &str = "retention.erase";
/// The job that takes away what lies beside the database.
pub const SWEEP: &str = "retention.sweep";

/// Asks every receiver to delete its copies, and leaves the erasing for when their days are over; at once where nobody got anything.
pub async fn begin_erasure(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let id = erasure(job)?;
    let Some(approved) = store::approved(work, id).await? else { return Ok(()) };
    if approved.waits {
        return look_again(work, job, BEGIN).await;
    }
    let subject = match subject::find(work, approved.case).await {
        Ok(subject) => subject,
        Err(Error::NotFound) => return Ok(()),
        Err(error) => return Err(error),
    };
    let at = call_back::with_its_case(work, &subject).await?;
    store::set_erase_at(work, id, at).await?;
    work.enqueue(Job::new(ERASE, job.org, json!({ "erasure": id })).at(at).once(format!("{ERASE}:{id}"))).await
}

// A complaint holds it, of which whoever decided may not know (S11): nothing is said, and tomorrow it is looked at again.
async fn look_again(work: &mut Work, job: &Taken, step: &'static str) -> Result<(), Error> {
    let (id, at) = (erasure(job)?, work.now() + TimeDelta::days(1));
    let once = format!("{step}:{id}:{}", at.timestamp());
    work.enqueue(Job::new(step, job.org, json!({ "erasure": id })).at(at).once(once)).await
}

/// Erases the case, whole or not at all.
pub async fn erase(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let id = erasure(job)?;
    let Some((case, state)) = store::erase(work, id).await? else { return Ok(()) };
    match state.as_str() {
        "approved" => look_again(work, job, ERASE).await,
        "erased" => {
            work.enqueue(Job::new(SWEEP, job.org, json!({ "erasure": id })).once(format!("{SWEEP}:{id}"))).await?;
            work.record(Fact::CaseErased, About::case(case).with(id)).await
        }
        _ => work.record(Fact::ErasureStopped, About::case(case).with(id)).await,
    }
}

/// Takes its sealed files away, and puts it on the list that outlives every backup.
pub async fn sweep(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let id = erasure(job)?;
    let Some(left) = store::left(work, id).await? else { return Ok(()) };
    let ground = work.ground().clone();
    kept::take_away(&ground, &left.files).await?;
    kept::add(&ground, Erased { case: left.case, at: left.erased_at })?;
    store::swept(work, id).await
}

fn erasure(job: &Taken) -> Result<RowId, Error> {
    Ok(serde_json::from_value(job.body["erasure"].clone()).map_err(anyhow::Error::from)?)
}
