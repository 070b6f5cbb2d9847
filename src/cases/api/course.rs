//! REST calls that move a case along its course, and its notes.
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::access::Act;
use crate::api::{Asked, IfMatch, Nothing};
use crate::audit::{About, Fact};
use crate::cases::actions::{self, Assessed, SafetyReview};
use crate::cases::note::Note;
use crate::cases::{Case, notes, store};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, NoteId};
use crate::web::Routes;
use crate::web::form::Path;

// As many as the case's own page opens.
const MOST_NOTES: i64 = 200;

#[derive(OpenApi)]
#[openapi(paths(list_notes, pin, unpin, move_to, pause, resume, review_safety, set_risk, set_intensity, reopen, explain_limits))]
struct Described;

/// The calls for stages, pause, risk, opening again, and reading notes.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/cases/{id}/notes", list_notes)
        .api("POST", "/api/v1/cases/{id}/notes/{note}/pin", pin)
        .api("POST", "/api/v1/cases/{id}/notes/{note}/unpin", unpin)
        .api("POST", "/api/v1/cases/{id}/stage", move_to)
        .api("POST", "/api/v1/cases/{id}/pause", pause)
        .api("POST", "/api/v1/cases/{id}/resumption", resume)
        .api("POST", "/api/v1/cases/{id}/safety-review", review_safety)
        .api("POST", "/api/v1/cases/{id}/risk", set_risk)
        .api("POST", "/api/v1/cases/{id}/intensity", set_intensity)
        .api("POST", "/api/v1/cases/{id}/reopening", reopen)
        .api("POST", "/api/v1/cases/{id}/limits", explain_limits)
        .described::<Described>()
}

/// Where a case stands after a step.
#[derive(Serialize, ToSchema)]
struct CourseWire {
    id: CaseId,
    stage: String,
    paused_reason: Option<String>,
    risk: Option<String>,
    limits_explained_on: Option<NaiveDate>,
    /// For the next `If-Match`.
    version: i32,
}

impl From<Case> for CourseWire {
    fn from(case: Case) -> Self {
        Self {
            id: case.id,
            stage: case.stage,
            paused_reason: case.paused_reason,
            risk: case.risk,
            limits_explained_on: case.limits_explained_on,
            version: case.version,
        }
    }
}

/// One version of a note; a correction names the note that it corrects.
#[derive(Serialize, ToSchema)]
struct NoteRead {
    id: NoteId,
    kind: String,
    /// Absent in the stub of one that was moved elsewhere (S28).
    body: Option<String>,
    happened_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    late_reason: Option<String>,
    /// By name; where a restricted case came from elsewhere, their office (S31).
    author_name: String,
    corrects: Option<NoteId>,
    pinned: bool,
}

impl From<Note> for NoteRead {
    fn from(note: Note) -> Self {
        Self {
            id: note.id,
            kind: note.kind,
            body: note.body,
            happened_at: note.happened_at,
            recorded_at: note.recorded_at,
            late_reason: note.late_reason,
            author_name: note.author_name,
            corrects: note.corrects,
            pinned: note.pinned,
        }
    }
}

/// The newest 200 notes of a case, with every version.
#[utoipa::path(get, path = "/api/v1/cases/{id}/notes", params(("id" = CaseId, Path)), responses((status = 200, body = Vec<NoteRead>)))]
async fn list_notes(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let notes = notes::list(&mut work, id, MOST_NOTES).await?;
    work.record(Fact::Viewed, About::case(id)).await?;
    work.commit().await?;
    Ok(axum::Json(notes.into_iter().map(NoteRead::from).collect::<Vec<_>>()).into_response())
}

/// What stands at the top of a case.
#[derive(Serialize, ToSchema)]
struct PinnedWire {
    /// The note; absent where none is pinned.
    note: Option<NoteId>,
}

/// Pins a note to the top of its case, in the place of whatever stood there; of one that was corrected, the latest words.
#[utoipa::path(post, path = "/api/v1/cases/{id}/notes/{note}/pin", params(("id" = CaseId, Path), ("note" = NoteId, Path)), responses((status = 200, body = PinnedWire)))]
async fn pin(mut work: Work, Path((id, note)): Path<(CaseId, NoteId)>, asked: Asked<Option<Nothing>>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = store::find(&mut work, id).await?;
    actions::pin_note(&mut work, &case, note).await?;
    let note = notes::pinned(&mut work, id).await?.map(|note| note.id);
    asked.answer(work, StatusCode::OK, None, &PinnedWire { note }).await
}

/// Takes a pinned note down; it stays among the notes.
#[utoipa::path(post, path = "/api/v1/cases/{id}/notes/{note}/unpin", params(("id" = CaseId, Path), ("note" = NoteId, Path)), responses((status = 200, body = PinnedWire)))]
async fn unpin(
    mut work: Work,
    Path((id, note)): Path<(CaseId, NoteId)>,
    asked: Asked<Option<Nothing>>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = store::find(&mut work, id).await?;
    actions::unpin_note(&mut work, &case, note).await?;
    let note = notes::pinned(&mut work, id).await?.map(|note| note.id);
    asked.answer(work, StatusCode::OK, None, &PinnedWire { note }).await
}

/// The stage that comes next.
#[derive(Deserialize, ToSchema)]
struct StageWire {
    /// A working stage of the pack.
    #[serde(default)]
    stage: String,
}

/// Moves a case to another stage; a paused one goes on.
#[utoipa::path(post, path = "/api/v1/cases/{id}/stage", params(("id" = CaseId, Path)), request_body = StageWire, responses((status = 200, body = CourseWire)))]
async fn move_to(mut work: Work, Path(id): Path<CaseId>, version: IfMatch, asked: Asked<StageWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = store::find(&mut work, id).await?;
    let case = actions::move_to(&mut work, case, &asked.body.stage, version.0).await?;
    asked.answer(work, StatusCode::OK, None, &CourseWire::from(case)).await
}

/// Why something is done.
#[derive(Deserialize, ToSchema)]
struct ReasonWire {
    /// A code.
    #[serde(default)]
    reason: String,
}

/// Pauses a case: `person_away`, `person_asked`, `waiting_for_others` or `not_safe_now`. Its clocks run on.
#[utoipa::path(post, path = "/api/v1/cases/{id}/pause", params(("id" = CaseId, Path)), request_body = ReasonWire, responses((status = 200, body = CourseWire)))]
async fn pause(mut work: Work, Path(id): Path<CaseId>, version: IfMatch, asked: Asked<ReasonWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = store::find(&mut work, id).await?;
    let case = actions::pause(&mut work, case, &asked.body.reason, version.0).await?;
    asked.answer(work, StatusCode::OK, None, &CourseWire::from(case)).await
}

/// Goes on with a paused case where it stood: `person_back`, `person_asked`, `wait_over` or `safe_again`.
#[utoipa::path(post, path = "/api/v1/cases/{id}/resumption", params(("id" = CaseId, Path)), request_body = ReasonWire, responses((status = 200, body = CourseWire)))]
async fn resume(mut work: Work, Path(id): Path<CaseId>, version: IfMatch, asked: Asked<ReasonWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = store::find(&mut work, id).await?;
    let case = actions::resume(&mut work, case, &asked.body.reason, version.0).await?;
    asked.answer(work, StatusCode::OK, None, &CourseWire::from(case)).await
}

/// A review of the safety of somebody whom nobody reaches.
#[derive(Deserialize, ToSchema)]
struct SafetyReviewWire {
    /// At most 4,000 characters.
    #[serde(default)]
    looked_at: String,
    /// `keep_trying`, `visit_together`, `other_agency` (with consent given before) or `close_proposed`.
    #[serde(default)]
    decision: String,
    /// When to look again while the silence lasts.
    next_on: Option<NaiveDate>,
}

/// The supervisor reviews the safety of somebody whom nobody reaches (S23).
#[utoipa::path(post, path = "/api/v1/cases/{id}/safety-review", params(("id" = CaseId, Path)), request_body = SafetyReviewWire, responses((status = 200, body = CourseWire)))]
async fn review_safety(
    mut work: Work,
    Path(id): Path<CaseId>,
    version: IfMatch,
    asked: Asked<SafetyReviewWire>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = store::find(&mut work, id).await?;
    let SafetyReviewWire { looked_at, decision, next_on } = &asked.body;
    let review = SafetyReview { looked_at: looked_at.clone(), decision: decision.clone(), next_on: *next_on, version: version.0 };
    actions::review_safety(&mut work, case, &review).await?;
    let case = store::find(&mut work, id).await?;
    asked.answer(work, StatusCode::OK, None, &CourseWire::from(case)).await
}

/// A risk level.
#[derive(Deserialize, ToSchema)]
struct RiskWire {
    /// A level of the pack.
    #[serde(default)]
    risk: String,
    /// Why it is lower than before: a code of the pack.
    #[serde(default)]
    reason: String,
}

/// Sets the risk level: raised freely, lowered with a reason only.
#[utoipa::path(post, path = "/api/v1/cases/{id}/risk", params(("id" = CaseId, Path)), request_body = RiskWire, responses((status = 200, body = CourseWire)))]
async fn set_risk(mut work: Work, Path(id): Path<CaseId>, version: IfMatch, asked: Asked<RiskWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = store::find(&mut work, id).await?;
    let RiskWire { risk, reason } = &asked.body;
    let assessed = Assessed { risk: risk.clone(), reason: reason.clone(), version: version.0 };
    let case = actions::set_risk(&mut work, case, assessed).await?;
    asked.answer(work, StatusCode::OK, None, &CourseWire::from(case)).await
}

/// How much work a case is.
#[derive(Deserialize, ToSchema)]
struct IntensityWire {
    /// `information`, `intermediation` or `case_work`.
    #[serde(default)]
    intensity: String,
}

/// Says how much work a case is; what was said before stays in its course.
#[utoipa::path(post, path = "/api/v1/cases/{id}/intensity", params(("id" = CaseId, Path)), request_body = IntensityWire, responses((status = 200, body = CourseWire)))]
async fn set_intensity(
    mut work: Work,
    Path(id): Path<CaseId>,
    version: IfMatch,
    asked: Asked<IntensityWire>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = store::find(&mut work, id).await?;
    actions::set_intensity(&mut work, &case, &asked.body.intensity, version.0).await?;
    asked.answer(work, StatusCode::OK, None, &CourseWire::from(case)).await
}

/// Opens a closed case again, for a reason of the pack.
#[utoipa::path(post, path = "/api/v1/cases/{id}/reopening", params(("id" = CaseId, Path)), request_body = ReasonWire, responses((status = 200, body = CourseWire)))]
async fn reopen(mut work: Work, Path(id): Path<CaseId>, version: IfMatch, asked: Asked<ReasonWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = store::find(&mut work, id).await?;
    let case = actions::reopen(&mut work, case, &asked.body.reason, version.0).await?;
    asked.answer(work, StatusCode::OK, None, &CourseWire::from(case)).await
}

/// When the limits of confidentiality were explained.
#[derive(Deserialize, ToSchema)]
struct LimitsWire {
    /// Required; not in the future.
    limits_explained_on: Option<NaiveDate>,
}

/// Dates the moment when the limits of confidentiality were explained (S1).
#[utoipa::path(post, path = "/api/v1/cases/{id}/limits", params(("id" = CaseId, Path)), request_body = LimitsWire, responses((status = 200, body = CourseWire)))]
async fn explain_limits(
    mut work: Work,
    Path(id): Path<CaseId>,
    version: IfMatch,
    asked: Asked<LimitsWire>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = store::find(&mut work, id).await?;
    version.check(case.version)?;
    let day = asked.body.limits_explained_on.ok_or_else(|| invalid("limits_explained_on", "required"))?;
    let case = actions::explain_limits(&mut work, case, day).await?;
    asked.answer(work, StatusCode::OK, None, &CourseWire::from(case)).await
}
