//! Jobs: begin a transfer, move one record, end what came second, keep covers. Shallow; the work is in `moving` and `cover`.
use serde_json::json;
use uuid::Uuid;

use super::{cover, moving, store, unattended};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, TransferId};
use crate::platform::jobs::{Job, Taken};

/// Leaves a job for each record.
pub const BEGIN: &str = "transfer_begin";
/// Moves one record.
pub const MOVE: &str = "transfer_move";
/// Ends what waited for a case that has gone with another transfer.
pub const OVERTAKEN: &str = "transfer_overtaken";
/// Starts and ends the covers of an organisation.
pub const COVERS: &str = "covers";
/// Looks for requests that nobody can decide any more, and for those whose cases have gone.
pub const LOOK: &str = "transfer_look";

// A record that fails so often for a reason that no rule names stays where it is; the rest of the transfer is not held up.
const MOST_ATTEMPTS: i32 = 6;

/// One job a record, so that each has a transaction of its own.
pub async fn begin(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let Some(id) = uuid_in(job, "transfer") else { return Ok(()) };
    for item in store::waiting(work, TransferId(id)).await? {
        let body = json!({ "transfer": id, "item": item });
        work.enqueue(Job::new(MOVE, job.org, body).once(format!("transfer_move:{item}"))).await?;
    }
    // A record that went with another request meanwhile is out of this job's sight: without this it would wait for ever.
    moving::end_all_overtaken(work).await?;
    moving::end_if_over(work, TransferId(id)).await
}

/// Moves one record; safe to run twice.
pub async fn move_one(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let (Some(id), Some(item)) = (uuid_in(job, "transfer"), uuid_in(job, "item")) else { return Ok(()) };
    let id = TransferId(id);
    let known = sqlx::query_scalar!("select case_id from transfer_items where id = $1 and state = 'waiting'", item)
        .fetch_optional(work.db())
        .await?;
    if let Some(case) = known {
        let transfer = store::find(work, id).await?;
        if job.attempts >= MOST_ATTEMPTS {
            sqlx::query!("update transfer_items set state = 'failed', reason = 'broken' where id = $1", item)
                .execute(work.db())
                .await?;
        } else {
            moving::carry(work, &transfer, item, CaseId(case)).await?;
        }
    } else {
        moving::end_all_overtaken(work).await?;
    }
    moving::end_if_over(work, id).await
}

/// Ends the requests that came second.
pub async fn overtaken(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let Some(case) = uuid_in(job, "case") else { return Ok(()) };
    moving::end_overtaken(work, CaseId(case)).await
}

/// Starts what begins today, takes what came in since, gives back what ends.
pub async fn covers(work: &mut Work) -> Result<(), Error> {
    cover::keep(work).await
}

/// Tells of requests that nobody can decide any more, and ends those whose cases have gone.
pub async fn look(work: &mut Work) -> Result<(), Error> {
    moving::end_all_overtaken(work).await?;
    unattended::look(work).await
}

fn uuid_in(job: &Taken, name: &str) -> Option<Uuid> {
    job.body.get(name)?.as_str()?.parse().ok()
}
