//! Tasks over REST: what waits for the caller, done, taken.
use axum::Json;
use axum::response::Response;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::{Task, actions, store};
use crate::api::{Asked, Nothing};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ReferralId, RowId, TaskId, UserId};
use crate::web::Routes;
use crate::web::form::Path;

// More than "My day" shows.
const MOST: i64 = 200;

#[derive(OpenApi)]
#[openapi(paths(index, done, assign))]
struct Described;

/// The REST calls of tasks.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/tasks", index)
        .api("POST", "/api/v1/tasks/{id}/done", done)
        .api("POST", "/api/v1/tasks/{id}/assignment", assign)
        .described::<Described>()
}

/// What waits for the caller.
#[derive(Debug, Serialize, ToSchema)]
struct TasksWire {
    /// The caller's own, the most pressing first, at most 200.
    mine: Vec<TaskLine>,
    /// Of the caller's units, taken by nobody yet.
    inbox: Vec<TaskLine>,
    /// What the caller handed to colleagues and is not done yet.
    handed_on: Vec<TaskLine>,
}

/// A task: codes, nobody's name (S13).
#[derive(Debug, Serialize, ToSchema)]
struct TaskLine {
    id: TaskId,
    kind: String,
    /// In a worker's own words, without names; empty where the kind says it all.
    title: String,
    case_id: Option<CaseId>,
    case_code: Option<String>,
    referral_id: Option<ReferralId>,
    referral_code: Option<String>,
    assignee: Option<UserId>,
    due_at: DateTime<Utc>,
    overdue: bool,
    /// It is done by the work itself, never by a call (S1, S21).
    done_by_work: bool,
    /// Who handed it to whoever holds it, or gave it back.
    handed_by: Option<UserId>,
    /// Why.
    handed_reason: String,
    /// It came back from a colleague.
    handed_back: bool,
    /// It is one of many that come again and again.
    series: Option<RowId>,
}

fn line(task: Task, now: DateTime<Utc>) -> TaskLine {
    TaskLine {
        overdue: task.is_overdue(now),
        done_by_work: task.is_done_by_work(),
        id: task.id,
        kind: task.kind,
        title: task.title,
        // The case of a referral that was received is its sender's; only who sees it may name it.
        case_id: task.case_id.filter(|_| task.case_code.is_some()),
        case_code: task.case_code,
        referral_id: task.referral_id,
        referral_code: task.referral_code,
        assignee: task.assignee,
        due_at: task.due_at,
        handed_by: task.handed_by,
        handed_reason: task.handed_reason,
        handed_back: task.handed_back,
        series: task.series,
    }
}

/// Open tasks: the caller's, and those of the caller's units that nobody has taken.
#[utoipa::path(get, path = "/api/v1/tasks", tag = "tasks", responses((status = 200, body = TasksWire)))]
async fn index(mut work: Work) -> Result<Json<TasksWire>, Error> {
    let (me, units, now) = (work.me()?, work.standing.units.clone(), work.now());
    let (mine, handed_on) = store::mine_and_handed_on(&mut work, me, (MOST, MOST)).await?;
    let inbox = store::of_inbox(&mut work, &units, MOST).await?;
    let seen = mine.iter().chain(&inbox).chain(&handed_on).filter_map(Task::subject);
    let about = About::subjects(seen).note(serde_json::json!({ "page": "/api/v1/tasks" }));
    work.record(Fact::Viewed, about).await?;
    work.commit().await?;
    let lines = |tasks: Vec<Task>| tasks.into_iter().map(|task| line(task, now)).collect();
    Ok(Json(TasksWire { mine: lines(mine), inbox: lines(inbox), handed_on: lines(handed_on) }))
}

/// A task that a word can end is done.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/done", tag = "tasks", params(("id" = TaskId, Path)), responses((status = 200, body = TaskLine)))]
async fn done(mut work: Work, Path(id): Path<TaskId>, asked: Asked<Option<Nothing>>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (task, now) = (actions::done(&mut work, id).await?, work.now());
    asked.answer(work, StatusCode::OK, None, &line(task, now)).await
}

/// Who does it.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct AssigneeWire {
    /// A colleague; the caller when absent.
    assignee: Option<UserId>,
}

/// Takes a task, or gives it to a colleague.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/assignment", tag = "tasks", params(("id" = TaskId, Path)), request_body = AssigneeWire, responses((status = 200, body = TaskLine)))]
async fn assign(mut work: Work, Path(id): Path<TaskId>, asked: Asked<AssigneeWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let user = asked.body.assignee.map_or_else(|| work.me(), Ok)?;
    let task = actions::assign(&mut work, id, user).await?;
    let now = work.now();
    asked.answer(work, StatusCode::OK, None, &line(task, now)).await
}
