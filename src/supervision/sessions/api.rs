//! REST calls: sessions and whose is due, writing one down, deciding, and the wellbeing notes of the two.
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::actions::{self, NewDecision};
use super::session::{NewSession, Session};
use super::{due, store};
use crate::access::Act;
use crate::api::{Asked, Paged, Paging};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId, TaskId, UnitId, UserId};
use crate::web::Routes;
use crate::web::form::{Path, Query};

/// The calls of sessions.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/team/sessions", index)
        .api("POST", "/api/v1/team/sessions", create)
        .api("GET", "/api/v1/team/sessions-due", whose)
        .api("GET", "/api/v1/team/sessions/{id}", show)
        .api("POST", "/api/v1/team/sessions/{id}/decisions", decide)
        .api("GET", "/api/v1/team/sessions/{id}/wellbeing", wellbeing)
        .api("POST", "/api/v1/team/sessions/{id}/wellbeing", note)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(index, create, whose, show, decide, wellbeing, note))]
struct Described;

/// A session of supervision.
#[derive(Debug, Serialize, ToSchema)]
struct SessionWire {
    id: RowId,
    /// `individual`, `group`, `case_discussion` or `shadowing`.
    kind: String,
    held_at: DateTime<Utc>,
    supervisor: UserId,
    workers: Vec<UserId>,
    late_reason: Option<String>,
}

impl From<Session> for SessionWire {
    fn from(one: Session) -> Self {
        let Session { id, kind, held_at, supervisor, workers, late_reason, .. } = one;
        Self { id, kind, held_at, supervisor, workers, late_reason }
    }
}

/// The sessions in which the caller took part, and those of the units that they supervise, the latest first.
#[utoipa::path(get, path = "/api/v1/team/sessions", tag = "supervision",
    params(("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)), responses((status = 200, body = Paged<SessionWire>)))]
async fn index(mut work: Work, paging: Paging) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let sessions = store::list(&mut work, paging.after()?, paging.fetch()).await?;
    let page = paging.page(sessions, |one| (one.held_at, one.id.0))?;
    work.record(Fact::Viewed, About::subjects(page.items.iter().map(|one| one.id.0))).await?;
    work.commit().await?;
    Ok(axum::Json(page.map(SessionWire::from)).into_response())
}

/// A session to write down.
#[derive(Debug, Deserialize, ToSchema)]
struct NewSessionWire {
    /// `individual`, `group`, `case_discussion` or `shadowing`.
    #[serde(default)]
    kind: String,
    /// Who took part.
    #[serde(default)]
    workers: Vec<UserId>,
    /// Open cases of theirs that were discussed.
    #[serde(default)]
    cases: Vec<CaseId>,
    /// When it was; now when absent.
    #[serde(default)]
    held_at: Option<DateTime<Utc>>,
    /// Why it is written down more than a day later.
    #[serde(default)]
    late_reason: String,
    /// The planned session that this was; not before it begins.
    #[serde(default)]
    planned: Option<RowId>,
}

/// What was written.
#[derive(Debug, Serialize, ToSchema)]
struct SessionMade {
    id: RowId,
}

/// Writes down a session that the caller held.
#[utoipa::path(post, path = "/api/v1/team/sessions", tag = "supervision", request_body = NewSessionWire, responses((status = 201, body = SessionMade), (status = 404), (status = 422)))]
async fn create(mut work: Work, asked: Asked<NewSessionWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let NewSessionWire { kind, workers, cases, held_at, late_reason, planned } = &asked.body;
    let new = NewSession {
        kind: kind.clone(),
        workers: workers.clone(),
        cases: cases.clone(),
        held_at: *held_at,
        late_reason: late_reason.clone(),
        planned: *planned,
    };
    let session = actions::hold(&mut work, &new).await?;
    let path = format!("/api/v1{}", session.path());
    asked.answer(work, StatusCode::CREATED, Some(path), &SessionMade { id: session.id }).await
}

/// A worker, and by when one of their cases is to be discussed.
#[derive(Debug, Serialize, ToSchema)]
struct DueWire {
    worker: UserId,
    name: String,
    /// Open cases that they keep, of those that the caller may see.
    cases: i32,
    due_at: DateTime<Utc>,
    last_at: Option<DateTime<Utc>>,
}

/// Whose session is due in a unit and all below it, the most pressing first.
#[utoipa::path(get, path = "/api/v1/team/sessions-due", tag = "supervision", params(("unit" = Option<UnitId>, Query, description = "A unit within reach; the first one without it")), responses((status = 200, body = Vec<DueWire>), (status = 404)))]
async fn whose(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    let (_, _, due) = due::list(&mut work, query.value("unit").parse().ok()).await?;
    work.record(Fact::Viewed, About::subjects(due.iter().map(|one| one.worker.0))).await?;
    work.commit().await?;
    let wire = |one: due::Due| DueWire {
        worker: one.worker,
        name: one.name,
        cases: one.cases,
        due_at: one.due_at,
        last_at: one.last_at,
    };
    Ok(axum::Json(due.into_iter().map(wire).collect::<Vec<_>>()).into_response())
}

/// What was decided of a case: a task of it.
#[derive(Debug, Serialize, ToSchema)]
struct SessionDecisionWire {
    case: CaseId,
    task: TaskId,
    words: String,
    due_at: DateTime<Utc>,
    done_at: Option<DateTime<Utc>>,
}

/// A session with the cases that the caller may see, and what was decided of them.
#[derive(Debug, Serialize, ToSchema)]
struct WholeSessionWire {
    session: SessionWire,
    cases: Vec<CaseId>,
    decisions: Vec<SessionDecisionWire>,
}

/// A session, its cases and what was decided. Wellbeing notes are not part of it.
#[utoipa::path(get, path = "/api/v1/team/sessions/{id}", tag = "supervision", params(("id" = RowId, Path)), responses((status = 200, body = WholeSessionWire), (status = 404)))]
async fn show(mut work: Work, Path(id): Path<RowId>) -> Result<Response, Error> {
    let session = store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let cases = store::cases(&mut work, id).await?.into_iter().map(|one| one.case).collect();
    let wire = |one: store::Decision| SessionDecisionWire {
        case: one.case,
        task: one.task,
        words: one.title,
        due_at: one.due_at,
        done_at: one.done_at,
    };
    let decisions = store::decisions(&mut work, id).await?.into_iter().map(wire).collect();
    work.record(Fact::Viewed, About::subjects([id.0])).await?;
    work.commit().await?;
    Ok(axum::Json(WholeSessionWire { session: session.into(), cases, decisions }).into_response())
}

/// Something to decide.
#[derive(Debug, Deserialize, ToSchema)]
struct NewSessionDecisionWire {
    /// A case that was discussed.
    #[serde(default)]
    case: Option<CaseId>,
    /// At most 200 characters, without names.
    #[serde(default)]
    words: String,
    /// Who does it; whoever keeps the case when absent.
    #[serde(default)]
    assignee: Option<UserId>,
    #[serde(default)]
    due_on: Option<NaiveDate>,
}

/// The task that came of it.
#[derive(Debug, Serialize, ToSchema)]
struct DecisionMade {
    task: TaskId,
}

/// Decides something of a case that was discussed in one's own session; it becomes a task.
#[utoipa::path(post, path = "/api/v1/team/sessions/{id}/decisions", tag = "supervision", params(("id" = RowId, Path)), request_body = NewSessionDecisionWire, responses((status = 201, body = DecisionMade), (status = 404), (status = 422)))]
async fn decide(mut work: Work, Path(id): Path<RowId>, asked: Asked<NewSessionDecisionWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let session = store::find(&mut work, id).await?;
    let NewSessionDecisionWire { case, words, assignee, due_on } = &asked.body;
    let new = NewDecision { case: *case, words: words.clone(), assignee: *assignee, due_on: *due_on };
    let task = actions::decide(&mut work, &session, &new).await?;
    asked.answer(work, StatusCode::CREATED, None, &DecisionMade { task }).await
}

/// A wellbeing note.
#[derive(Debug, Serialize, ToSchema)]
struct WellbeingWire {
    author: UserId,
    recorded_at: DateTime<Utc>,
    words: String,
}

/// The wellbeing notes of a session that was held alone: for the two, and for nobody else.
#[utoipa::path(get, path = "/api/v1/team/sessions/{id}/wellbeing", tag = "supervision", params(("id" = RowId, Path)), responses((status = 200, body = Vec<WellbeingWire>), (status = 404)))]
async fn wellbeing(mut work: Work, Path(id): Path<RowId>) -> Result<Response, Error> {
    let session = store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    actions::between(&work, &session)?;
    let notes = store::wellbeing(&mut work, id).await?;
    work.commit().await?;
    let wire = |one: store::Wellbeing| WellbeingWire { author: one.author, recorded_at: one.recorded_at, words: one.body };
    Ok(axum::Json(notes.into_iter().map(wire).collect::<Vec<_>>()).into_response())
}

/// A wellbeing note to write.
#[derive(Debug, Deserialize, ToSchema)]
struct NewWellbeingWire {
    /// At most 4,000 characters.
    #[serde(default)]
    words: String,
}

/// Writes a wellbeing note for the two.
#[utoipa::path(post, path = "/api/v1/team/sessions/{id}/wellbeing", tag = "supervision", params(("id" = RowId, Path)), request_body = NewWellbeingWire, responses((status = 201, body = SessionMade), (status = 404), (status = 422)))]
async fn note(mut work: Work, Path(id): Path<RowId>, asked: Asked<NewWellbeingWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let session = store::find(&mut work, id).await?;
    actions::note_wellbeing(&mut work, &session, &asked.body.words).await?;
    asked.answer(work, StatusCode::CREATED, None, &SessionMade { id }).await
}
