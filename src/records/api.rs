//! REST calls of records, the same under a case and under a person.
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::place::{Of, Place};
use super::record::{NewRecord, Record, Said};
use super::{actions, store};
use crate::api::{Asked, Paged, Paging};
use crate::audit::Fact;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PersonId, RecordId, ReferralId, UserId};
use crate::web::Routes;
use crate::web::form::Path;

/// The calls of this room.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/cases/{id}/records", case_index)
        .api("POST", "/api/v1/cases/{id}/records", case_create)
        .api("GET", "/api/v1/cases/{id}/records/{record}", case_show)
        .api("POST", "/api/v1/cases/{id}/records/{record}/corrections", case_correct)
        .api("GET", "/api/v1/people/{id}/records", person_index)
        .api("POST", "/api/v1/people/{id}/records", person_create)
        .api("GET", "/api/v1/people/{id}/records/{record}", person_show)
        .api("POST", "/api/v1/people/{id}/records/{record}/corrections", person_correct)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(case_index, case_create, case_show, case_correct, person_index, person_create, person_show, person_correct))]
struct Described;

/// A record on a list: no words.
#[derive(Debug, Serialize, ToSchema)]
struct RecordLine {
    /// The record, named by its first version.
    id: RecordId,
    /// Its kind: a code of the pack.
    kind: String,
    happened_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    author: String,
    corrected: bool,
    /// It was moved elsewhere; no words are left here.
    moved: bool,
}

impl From<store::Line> for RecordLine {
    fn from(line: store::Line) -> Self {
        Self {
            id: line.root,
            kind: line.kind,
            happened_at: line.happened_at,
            recorded_at: line.recorded_at,
            author: line.author_name,
            corrected: line.corrected,
            moved: line.moved,
        }
    }
}

/// One version of a record.
#[derive(Debug, Serialize, ToSchema)]
struct VersionWire {
    id: RecordId,
    /// What it says; absent in the stub of one that was moved.
    said: Option<Said>,
    happened_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    late_reason: Option<String>,
    author: UserId,
    /// Parts that only whoever works the case reads, left out here.
    withheld: Vec<&'static str>,
}

impl From<Record> for VersionWire {
    fn from(one: Record) -> Self {
        Self {
            id: one.id,
            said: one.said,
            happened_at: one.happened_at,
            recorded_at: one.recorded_at,
            late_reason: one.late_reason,
            author: one.author,
            withheld: one.withheld,
        }
    }
}

/// A record with all its versions, the newest first, and the referrals started from it.
#[derive(Debug, Serialize, ToSchema)]
struct RecordWire {
    id: RecordId,
    kind: String,
    versions: Vec<VersionWire>,
    referrals: Vec<ReferralId>,
}

/// A record to be written.
#[derive(Debug, Deserialize, ToSchema)]
struct NewWire {
    /// A kind that the pack lets be kept here.
    #[serde(default)]
    kind: String,
    /// What it says.
    #[serde(default)]
    said: Said,
    /// When it happened; now when absent.
    happened_at: Option<DateTime<Utc>>,
    /// Why it is written down more than a day later.
    #[serde(default)]
    late_reason: String,
}

/// A version that corrects a record.
#[derive(Debug, Deserialize, ToSchema)]
struct CorrectionWire {
    /// The version it was written upon, the first when absent; a newer one in between is a conflict.
    upon: Option<RecordId>,
    /// What it says now.
    #[serde(default)]
    said: Said,
    /// When it happened; now when absent.
    happened_at: Option<DateTime<Utc>>,
    /// Why it is written down more than a day later.
    #[serde(default)]
    late_reason: String,
}

/// What was written.
#[derive(Debug, Serialize, ToSchema)]
struct RecordMade {
    id: RecordId,
}

async fn index(mut work: Work, of: Of, paging: Paging) -> Result<Response, Error> {
    let place = Place::find(&mut work, of).await?;
    let lines = store::list(&mut work, of, paging.after()?, paging.fetch()).await?;
    work.record(Fact::Viewed, actions::about(&place, RecordId(place.person.0))).await?;
    work.commit().await?;
    let page = paging.page(lines, |line| (line.happened_at, line.root.0))?;
    Ok(axum::Json(page.map(RecordLine::from)).into_response())
}

async fn create(mut work: Work, of: Of, asked: Asked<NewWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let place = Place::find(&mut work, of).await?;
    let NewWire { kind, said, happened_at, late_reason } = &asked.body;
    let new = NewRecord { said: said.clone(), happened_at: *happened_at, late_reason: late_reason.clone() };
    let id = actions::write(&mut work, &place, kind, &new).await?;
    let path = format!("/api/v1{}/records/{id}", place.path());
    asked.answer(work, StatusCode::CREATED, Some(path), &RecordMade { id }).await
}

async fn show(mut work: Work, of: Of, root: RecordId) -> Result<Response, Error> {
    let place = Place::find(&mut work, of).await?;
    let versions = actions::read(&mut work, &place, root).await?;
    let started = store::referrals(&mut work, root).await?;
    work.record(Fact::Viewed, actions::about(&place, root)).await?;
    work.commit().await?;
    let kind = versions.first().map(|newest| newest.kind.clone()).unwrap_or_default();
    let versions = versions.into_iter().map(VersionWire::from).collect();
    let referrals = started.into_iter().map(|referral| referral.id).collect();
    Ok(axum::Json(RecordWire { id: root, kind, versions, referrals }).into_response())
}

async fn correct(mut work: Work, of: Of, root: RecordId, asked: Asked<CorrectionWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let place = Place::find(&mut work, of).await?;
    let CorrectionWire { upon, said, happened_at, late_reason } = &asked.body;
    let new = NewRecord { said: said.clone(), happened_at: *happened_at, late_reason: late_reason.clone() };
    actions::correct(&mut work, &place, root, upon.unwrap_or(root), &new).await?;
    asked.answer(work, StatusCode::CREATED, None, &RecordMade { id: root }).await
}

/// The records of a case, the newest first.
#[utoipa::path(get, path = "/api/v1/cases/{id}/records", tag = "records",
    params(("id" = CaseId, Path), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)), responses((status = 200, body = Paged<RecordLine>)))]
async fn case_index(work: Work, Path(id): Path<CaseId>, paging: Paging) -> Result<Response, Error> {
    index(work, Of::Case(id), paging).await
}

/// Writes a record on a case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/records", tag = "records", params(("id" = CaseId, Path)), request_body = NewWire, responses((status = 201, body = RecordMade)))]
async fn case_create(work: Work, Path(id): Path<CaseId>, asked: Asked<NewWire>) -> Result<Response, Error> {
    create(work, Of::Case(id), asked).await
}

/// A record of a case, with its versions and the referrals started from it.
#[utoipa::path(get, path = "/api/v1/cases/{id}/records/{record}", tag = "records", params(("id" = CaseId, Path), ("record" = RecordId, Path)), responses((status = 200, body = RecordWire)))]
async fn case_show(work: Work, Path((id, root)): Path<(CaseId, RecordId)>) -> Result<Response, Error> {
    show(work, Of::Case(id), root).await
}

/// Corrects a record of a case; the old words are kept.
#[utoipa::path(post, path = "/api/v1/cases/{id}/records/{record}/corrections", tag = "records", params(("id" = CaseId, Path), ("record" = RecordId, Path)), request_body = CorrectionWire, responses((status = 201, body = RecordMade)))]
async fn case_correct(
    work: Work,
    Path((id, root)): Path<(CaseId, RecordId)>,
    asked: Asked<CorrectionWire>,
) -> Result<Response, Error> {
    correct(work, Of::Case(id), root, asked).await
}

/// The records of a person that the caller's organisation keeps, the newest first.
#[utoipa::path(get, path = "/api/v1/people/{id}/records", tag = "records",
    params(("id" = PersonId, Path), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)), responses((status = 200, body = Paged<RecordLine>)))]
async fn person_index(work: Work, Path(id): Path<PersonId>, paging: Paging) -> Result<Response, Error> {
    index(work, Of::Person(id), paging).await
}

/// Writes a record on a person.
#[utoipa::path(post, path = "/api/v1/people/{id}/records", tag = "records", params(("id" = PersonId, Path)), request_body = NewWire, responses((status = 201, body = RecordMade)))]
async fn person_create(work: Work, Path(id): Path<PersonId>, asked: Asked<NewWire>) -> Result<Response, Error> {
    create(work, Of::Person(id), asked).await
}

/// A record of a person, with its versions and the referrals started from it.
#[utoipa::path(get, path = "/api/v1/people/{id}/records/{record}", tag = "records", params(("id" = PersonId, Path), ("record" = RecordId, Path)), responses((status = 200, body = RecordWire)))]
async fn person_show(work: Work, Path((id, root)): Path<(PersonId, RecordId)>) -> Result<Response, Error> {
    show(work, Of::Person(id), root).await
}

/// Corrects a record of a person; the old words are kept.
#[utoipa::path(post, path = "/api/v1/people/{id}/records/{record}/corrections", tag = "records", params(("id" = PersonId, Path), ("record" = RecordId, Path)), request_body = CorrectionWire, responses((status = 201, body = RecordMade)))]
async fn person_correct(
    work: Work,
    Path((id, root)): Path<(PersonId, RecordId)>,
    asked: Asked<CorrectionWire>,
) -> Result<Response, Error> {
    correct(work, Of::Person(id), root, asked).await
}
