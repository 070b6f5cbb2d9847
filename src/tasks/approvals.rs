//! Approvals don't stall: whoever is away has a stand-in, before the day the approver is reminded, and past it the approval goes one further
//! up. Never is whoever wrote it asked, and a restricted case keeps to its named supervisor (S9).
use uuid::Uuid;

use super::clock;
use super::task::NewTask;
use super::{actions, store};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::packs::Period;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, TaskId, UnitId, UserId};

/// The tasks that ask for an approval.
pub const KINDS: &[&str] = &["approve_assessment", "approve_plan", "approve_closure"];
// What one run takes; the next run takes the rest.
const AT_ONCE: i64 = 500;

/// What is to be approved.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// One of [`KINDS`].
    pub kind: &'static str,
    /// Of which case.
    pub case: CaseId,
    /// In which unit.
    pub unit: UnitId,
    /// Whoever wrote in it.
    pub writers: &'a [UserId],
    /// By when.
    pub due_at: chrono::DateTime<chrono::Utc>,
    /// How long before that the approver is reminded.
    pub reminder: Period,
}

/// Leaves the task: for the named supervisor or their stand-in, otherwise in the unit's inbox.
pub async fn ask(work: &mut Work, asked: &Asked<'_>) -> Result<(), Error> {
    let writers: Vec<Uuid> = asked.writers.iter().map(|user| user.0).collect();
    let approver = approver(work, asked.case, &writers).await?;
    let calendar = store::calendar(work, asked.unit).await?;
    let remind = clock::remind_at(work.now(), asked.due_at, asked.reminder, &calendar);
    let task = NewTask::of_case(asked.kind, asked.case, asked.due_at).to(approver).reminded(Some(remind));
    actions::add(work, task).await.map(drop)
}

/// The named supervisor of a case or their stand-in, never one of these; nobody where none is named.
pub async fn approver(work: &mut Work, case: CaseId, writers: &[Uuid]) -> Result<Option<UserId>, Error> {
    let approver = sqlx::query_scalar!(r#"select access.approver_for($1, $2) as "user: UserId""#, case.0, writers);
    Ok(approver.fetch_one(work.db()).await?)
}

struct Open {
    id: TaskId,
    kind: String,
    case_id: CaseId,
    assignee: Option<UserId>,
    writers: Vec<Uuid>,
}

/// The minute's look at the approvals of an organisation.
pub(super) async fn tend(work: &mut Work) -> Result<(), Error> {
    stand_in(work).await?;
    remind(work).await?;
    escalate(work).await
}

fn kinds() -> Vec<String> {
    KINDS.iter().map(|&kind| kind.to_owned()).collect()
}

// Whoever is away has somebody who stands in; where there is nobody, it waits for them.
async fn stand_in(work: &mut Work) -> Result<(), Error> {
    let waiting = sqlx::query_as!(
        Open,
        r#"select id as "id: TaskId", kind, case_id as "case_id!: CaseId", assignee as "assignee: UserId", access.approval_writers(case_id, kind) as "writers!"
           from tasks where kind = any ($1) and done_at is null and case_id is not null and assignee is not null and access.is_away(assignee)
           order by due_at, id limit $2"#,
        &kinds(),
        AT_ONCE
    )
    .fetch_all(work.db())
    .await?;
    for task in waiting {
        let to = approver(work, task.case_id, &task.writers).await?;
        if let Some(to) = to.filter(|to| Some(*to) != task.assignee) {
            give(work, &task, to).await?;
            work.record(Fact::TaskAssigned, about(&task).with(to)).await?;
        }
    }
    Ok(())
}

// Marked in the same transaction as told: a second run finds nothing.
async fn remind(work: &mut Work) -> Result<(), Error> {
    let now = work.now();
    let due = sqlx::query_as!(
        Open,
        r#"update tasks set remind_at = null
           where id in (select id from tasks where kind = any ($1) and done_at is null and case_id is not null and remind_at <= $2 and due_at > $2
                        order by remind_at limit $3 for update skip locked)
           returning id as "id: TaskId", kind, case_id as "case_id!: CaseId", assignee as "assignee: UserId", '{}'::uuid[] as "writers!""#,
        &kinds(),
        now,
        AT_ONCE
    )
    .fetch_all(work.db())
    .await?;
    for task in due {
        work.record(Fact::ApprovalDueSoon, about(&task)).await?;
    }
    Ok(())
}

// Past its day it goes on to the nearest who may approve besides whoever let it lie; both hear of it.
async fn escalate(work: &mut Work) -> Result<(), Error> {
    let now = work.now();
    let late = sqlx::query_as!(
        Open,
        r#"update tasks set passed_on_at = $2
           where id in (select id from tasks where kind = any ($1) and done_at is null and case_id is not null and passed_on_at is null and due_at <= $2
                        order by due_at limit $3 for update skip locked)
           returning id as "id: TaskId", kind, case_id as "case_id!: CaseId", assignee as "assignee: UserId", access.approval_writers(case_id, kind) as "writers!""#,
        &kinds(),
        now,
        AT_ONCE
    )
    .fetch_all(work.db())
    .await?;
    for task in late {
        let to = sqlx::query_scalar!(
            r#"select access.approver_above($1, $2, $3) as "user: UserId""#,
            task.case_id.0,
            &task.writers,
            task.assignee.map(|user| user.0)
        )
        .fetch_one(work.db())
        .await?;
        // Where nobody is above, whoever holds it hears that it is overdue, as of any task.
        let Some(to) = to else { continue };
        give(work, &task, to).await?;
        sqlx::query!("update tasks set escalated_at = $2 where id = $1", task.id.0, now).execute(work.db()).await?;
        let mut about = about(&task);
        about.subjects.extend(task.assignee.map(|user| user.0));
        work.record(Fact::ApprovalEscalated, about).await?;
    }
    Ok(())
}

async fn give(work: &mut Work, task: &Open, to: UserId) -> Result<(), Error> {
    sqlx::query!("update tasks set assignee = $2, version = version + 1 where id = $1 and done_at is null", task.id.0, to.0)
        .execute(work.db())
        .await?;
    Ok(())
}

fn about(task: &Open) -> About {
    About::case(task.case_id).with(task.id).note(serde_json::json!({ "kind": task.kind }))
}
