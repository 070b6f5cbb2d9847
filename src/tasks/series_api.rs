//! REST calls of handing tasks on and back, and of tasks that come again.
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::series::Series;
use super::{handing, series};
use crate::access::Act;
use crate::api::{Asked, Nothing};
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId, TaskId, UserId};
use crate::web::Routes;
use crate::web::form::Path;

#[derive(OpenApi)]
#[openapi(paths(hand_on, hand_back, of_case, end))]
struct Described;

/// The calls of this file.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("POST", "/api/v1/tasks/{id}/handing", hand_on)
        .api("POST", "/api/v1/tasks/{id}/return", hand_back)
        .api("GET", "/api/v1/cases/{id}/task-series", of_case)
        .api("POST", "/api/v1/task-series/{series}/end", end)
        .described::<Described>()
}

/// Who is asked to do it, and why.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct HandingAsked {
    /// Required when it is handed on.
    #[serde(default)]
    assignee: Option<UserId>,
    /// Without names; at most 200 characters.
    #[serde(default)]
    reason: String,
    /// A colleague who does not see the case is let in until the task is done; who sees it already needs it not.
    #[serde(default)]
    let_in: bool,
}

/// The task that changed hands.
#[derive(Debug, Serialize, ToSchema)]
struct HandedWire {
    id: TaskId,
}

/// Hands a task that the caller holds to a colleague; the caller sees it until it is done.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/handing", tag = "tasks", params(("id" = TaskId, Path)), request_body = HandingAsked, responses((status = 200, body = HandedWire), (status = 403), (status = 409), (status = 422)))]
async fn hand_on(mut work: Work, Path(id): Path<TaskId>, asked: Asked<HandingAsked>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    handing::held(&mut work, id).await?;
    let to = asked.body.assignee.ok_or_else(|| invalid("assignee", "required"))?;
    let handing = handing::Handing { to, reason: &asked.body.reason, lets_in: asked.body.let_in };
    handing::hand_on(&mut work, id, handing).await?;
    asked.answer(work, StatusCode::OK, None, &HandedWire { id }).await
}

/// Gives a task back to whoever handed it on.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/return", tag = "tasks", params(("id" = TaskId, Path)), request_body = HandingAsked, responses((status = 200, body = HandedWire), (status = 403), (status = 409), (status = 422)))]
async fn hand_back(mut work: Work, Path(id): Path<TaskId>, asked: Asked<HandingAsked>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    handing::hand_back(&mut work, id, &asked.body.reason).await?;
    asked.answer(work, StatusCode::OK, None, &HandedWire { id }).await
}

/// A task that comes again and again.
#[derive(Debug, Serialize, ToSchema)]
struct SeriesWire {
    id: RowId,
    title: String,
    every: i32,
    /// `days`, `weeks` or `months`.
    step: String,
    until_on: Option<NaiveDate>,
    times: Option<i32>,
    /// How many were made.
    made: i32,
    next_due_at: Option<DateTime<Utc>>,
    /// Whose the next one is; nobody's where the case stands in the inbox.
    assignee: Option<UserId>,
}

impl From<Series> for SeriesWire {
    fn from(series: Series) -> Self {
        Self {
            id: series.id,
            title: series.title,
            every: series.repeat.every,
            step: series.repeat.step,
            until_on: series.repeat.until_on,
            times: series.repeat.times,
            made: series.made,
            next_due_at: series.next_due_at,
            assignee: series.holder,
        }
    }
}

/// The tasks of a case that will come again.
#[utoipa::path(get, path = "/api/v1/cases/{id}/task-series", tag = "tasks", params(("id" = CaseId, Path)), responses((status = 200, body = Vec<SeriesWire>), (status = 404)))]
async fn of_case(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let seen =
        sqlx::query_scalar!(r#"select exists (select from cases where id = $1) as "seen!""#, id.0).fetch_one(work.db()).await?;
    if !seen {
        return Err(Error::NotFound);
    }
    work.may(Act::CaseRead)?;
    let found = series::of_case(&mut work, id).await?;
    work.record(Fact::Viewed, About::case(id)).await?;
    work.commit().await?;
    Ok(axum::Json(found.into_iter().map(SeriesWire::from).collect::<Vec<_>>()).into_response())
}

/// Nothing more comes of it; what was made stays.
#[utoipa::path(post, path = "/api/v1/task-series/{series}/end", tag = "tasks", params(("series" = RowId, Path)), responses((status = 200, body = SeriesWire), (status = 404)))]
async fn end(mut work: Work, Path(id): Path<RowId>, asked: Asked<Option<Nothing>>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let found = series::find(&mut work, id).await?;
    work.may_in(Act::CaseEdit, found.unit, Some(found.case_id)).await?;
    series::end(&mut work, &found).await?;
    let ended = SeriesWire::from(Series { next_due_at: None, ..found });
    asked.answer(work, StatusCode::OK, None, &ended).await
}
