//! Moving records: one transaction each. `access.move_case` checks again under the case's lock and moves the rows, or says why not; here
//! stand the fact, the task's date and the end of the transfer.
use serde_json::json;
use uuid::Uuid;

use super::actions::{self, locked, write_step};
use super::rules::{Action, Side};
use super::store::{self, Decided};
use super::transfer::Transfer;
use super::wish::When;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error};
use crate::packs::Period;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, TaskId, TransferId};
use crate::platform::jobs::Job;
use crate::tasks;

/// Leaves the job that moves every record of a transfer.
pub(super) async fn begin_later(work: &mut Work, transfer: &Transfer) -> Result<(), Error> {
    let body = json!({ "transfer": transfer.id });
    let job = Job::new(super::jobs::BEGIN, Some(transfer.from_org), body).once(format!("transfer_begin:{}", transfer.id));
    work.enqueue(job).await
}

/// Moves the one record of a transfer in this transaction, and ends the transfer; what stands in the way is the answer, and nothing is left.
pub(super) async fn move_now(work: &mut Work, transfer: &Transfer, item: Uuid, case: CaseId) -> Result<(), Error> {
    match carry(work, transfer, item, case).await? {
        None => end_if_over(work, transfer.id).await,
        Some(code) if code == "stale" => Err(Error::Conflict(Clash::Stale)),
        Some(code) => {
            let state = format!("transfer_{}", transfer.state_code);
            Err(Error::Conflict(Clash::State { state, code: refusal(&code) }))
        }
    }
}

/// Moves a record, or notes why it stays; answers with that code.
pub(super) async fn carry(work: &mut Work, transfer: &Transfer, item: Uuid, case: CaseId) -> Result<Option<String>, Error> {
    let (now, task) = (work.now(), TaskId::new());
    let by = tasks::clock::due(Period::WorkingDays(1), now, &tasks::store::calendar(work, transfer.to_unit).await?);
    let code = sqlx::query_scalar!("select access.move_case($1, $2, $3, $4)", item, now, task.0, by).fetch_one(work.db()).await?;
    let about = About::case(case).with(transfer.id).between(transfer.orgs());
    match code.as_deref() {
        None => {
            work.record(Fact::CaseTransferred, about.note(json!({ "mode": transfer.mode }))).await?;
            let job = Job::new(super::jobs::OVERTAKEN, Some(transfer.from_org), json!({ "case": case }));
            work.enqueue(job.once(format!("{}:{item}", super::jobs::OVERTAKEN))).await?;
            go_on_once_kept(work, item, case).await?;
        }
        Some("settled") => {}
        Some(code) => work.record(Fact::TransferRefused, about.note(json!({ "code": code }))).await?,
    }
    Ok(code.filter(|code| code != "settled"))
}

// Where the transfer gave it somebody who keeps it, a case goes on from the stage that lasted until then; the mover may see nothing of it by now.
async fn go_on_once_kept(work: &mut Work, item: Uuid, case: CaseId) -> Result<(), Error> {
    let moved = sqlx::query!(r#"select stood as "stood!", stands as "stands!" from access.go_on_once_kept($1)"#, item);
    let Some(moved) = moved.fetch_optional(work.db()).await? else { return Ok(()) };
    let codes = json!({ "from": moved.stood, "to": moved.stands, "reason": "" });
    work.record(Fact::CaseMoved, About::case(case).note(codes)).await
}

/// Ends the requests that waited for a case which has gone with another transfer.
pub(super) async fn end_overtaken(work: &mut Work, case: CaseId) -> Result<(), Error> {
    let overtaken = sqlx::query_scalar!(r#"select id as "id!" from access.overtake($1) as id"#, case.0);
    let overtaken = overtaken.fetch_all(work.db()).await?;
    for id in overtaken {
        end_if_over(work, TransferId(id)).await?;
    }
    Ok(())
}

/// Ends every request of the job's organisation that still waits for a case which has gone, whatever became of the job of that case.
pub(super) async fn end_all_overtaken(work: &mut Work) -> Result<(), Error> {
    let overtaken = sqlx::query_scalar!(r#"select id as "id!" from access.overtake_all() as id"#).fetch_all(work.db()).await?;
    for id in overtaken {
        end_if_over(work, TransferId(id)).await?;
    }
    Ok(())
}

/// Ends a transfer whose every record has moved or said why not.
pub(super) async fn end_if_over(work: &mut Work, id: TransferId) -> Result<(), Error> {
    // Under the lock: of two records that move at the same moment, the second to commit sees that nothing is left.
    store::lock(work, id).await?;
    let left =
        sqlx::query!(r#"select waiting as "waiting!", done as "done!", failed as "failed!" from access.transfer_left($1)"#, id.0)
            .fetch_one(work.db())
            .await?;
    let transfer = locked(work, id).await?;
    if left.waiting > 0 || transfer.state().is_over() {
        return Ok(());
    }
    let action = if left.done > 0 { Action::Finish } else { Action::Fail };
    let state = transfer.step(action, Side::System)?;
    let overtaken = action == Action::Fail && all_overtaken(work, id).await?;
    let reason = if overtaken { "moved_already" } else { "" };
    store::save_state(work, &transfer, state, &Decided::default()).await?;
    write_step(work, &transfer, action, state, reason, &When::default()).await?;
    let counts = json!({ "done": left.done, "failed": left.failed });
    work.record(Fact::TransferEnded, actions::about(&transfer).note(counts)).await
}

async fn all_overtaken(work: &mut Work, id: TransferId) -> Result<bool, Error> {
    let all = sqlx::query_scalar!(r#"select access.all_overtaken($1) as "all!""#, id.0).fetch_one(work.db()).await?;
    Ok(all)
}

/// Every code by which a record can stay where it is.
pub const REFUSALS: &[&str] = &[
    "moved_already",
    "stale",
    "closed",
    "in_follow_up",
    "no_such_unit",
    "permission",
    "not_cleared",
    "barred",
    "keeper_unfit",
    "open_draft",
    "open_referrals",
    "no_basis",
    "limits_unexplained",
    "consent_withdrawn",
    "broken",
];

fn refusal(code: &str) -> &'static str {
    match code {
        "moved_already" => "transfer_moved_already",
        "closed" => "transfer_closed",
        "in_follow_up" => "transfer_in_follow_up",
        "no_such_unit" => "transfer_no_such_unit",
        "not_cleared" => "transfer_not_cleared",
        "barred" => "transfer_barred",
        "keeper_unfit" => "transfer_keeper_unfit",
        "open_draft" => "transfer_open_draft",
        "open_referrals" => "transfer_open_referrals",
        "no_basis" => "transfer_no_basis",
        "limits_unexplained" => "transfer_limits_unexplained",
        "consent_withdrawn" => "transfer_consent_withdrawn",
        "permission" => "transfer_permission",
        _ => "transfer_broken",
    }
}
