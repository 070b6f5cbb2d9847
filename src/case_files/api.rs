//! REST calls: asking for a file, looking through it, releasing or refusing it, and taking it.
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::case_file::{CaseFile, Entry, NewCaseFile};
use super::{actions, pages, store};
use crate::access::Act;
use crate::api::{Asked, Nothing};
use crate::audit::{About, Fact};
use crate::cases;
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PersonId, RowId, UserId};
use crate::platform::lang::Lang;
use crate::web::Routes;
use crate::web::form::Path;

/// The calls of this room.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/cases/{id}/file", index)
        .api("POST", "/api/v1/cases/{id}/file", create)
        .api("GET", "/api/v1/cases/{id}/file/{file}", show)
        .api("POST", "/api/v1/cases/{id}/file/{file}/release", release)
        .api("POST", "/api/v1/cases/{id}/file/{file}/refusal", refuse)
        .api("GET", "/api/v1/cases/{id}/file/{file}/pdf", pdf)
        .api("GET", "/api/v1/cases/{id}/file/{file}/bundle", bundle)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(index, create, show, release, refuse, pdf, bundle))]
struct Described;

/// A copy of what is kept of a person, without what it says.
#[derive(Debug, Serialize, ToSchema)]
struct CaseFileLine {
    id: RowId,
    person: PersonId,
    /// Who receives it for them; absent where it is the person.
    given_to: Option<PersonId>,
    /// The person said so themselves.
    own_wish: bool,
    /// `asked`, `refused`, `released` (being made), `made` or `gone`.
    state: String,
    asked_by: UserId,
    asked_at: DateTime<Utc>,
    /// Until when it can be taken.
    expires_at: Option<DateTime<Utc>>,
}

impl From<&CaseFile> for CaseFileLine {
    fn from(one: &CaseFile) -> Self {
        Self {
            id: one.id,
            person: one.person_id,
            given_to: one.given_to,
            own_wish: one.own_wish,
            state: one.state.clone(),
            asked_by: one.asked_by,
            asked_at: one.asked_at,
            expires_at: one.expires_at,
        }
    }
}

/// Something that the file says.
#[derive(Debug, Serialize, ToSchema)]
struct CaseFileEntry {
    /// By which it is named when the file is released.
    place: usize,
    /// `person`, `case`, `consents`, `assessments`, `forms`, `plan`, `achievements`, `projects`, `meetings`, `referrals`, `notes`, `records` or `documents`.
    section: String,
    title: String,
    /// It may speak of others, and goes only where somebody says so.
    free: bool,
    /// Name and value, in the language of the file.
    lines: Vec<(String, String)>,
}

/// A file with what it would say, until it is made.
#[derive(Debug, Serialize, ToSchema)]
struct WholeCaseFile {
    file: CaseFileLine,
    reason: String,
    entries: Vec<CaseFileEntry>,
}

/// The files of a case that were asked for, the newest first.
#[utoipa::path(get, path = "/api/v1/cases/{id}/file", tag = "case files", params(("id" = CaseId, Path)), responses((status = 200, body = Vec<CaseFileLine>), (status = 404)))]
async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    cases::store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let files = store::list(&mut work, id, None).await?;
    work.record(Fact::Viewed, About::case(id)).await?;
    work.commit().await?;
    Ok(axum::Json(files.iter().map(CaseFileLine::from).collect::<Vec<_>>()).into_response())
}

/// What is asked for.
#[derive(Debug, Deserialize, ToSchema)]
struct NewCaseFileWire {
    #[serde(default)]
    person: Option<PersonId>,
    #[serde(default)]
    given_to: Option<PersonId>,
    /// The person said so themselves; an adult's copy goes to somebody else in no other way.
    #[serde(default)]
    own_wish: bool,
    /// `person`, `case`, `consents`, `assessments`, `forms`, `plan`, `achievements`, `projects`, `meetings`, `referrals`, `notes`, `records`, `documents`.
    #[serde(default)]
    sections: Vec<String>,
    /// At most 400 characters.
    #[serde(default)]
    reason: String,
    /// `en`, `ar`, `fr` or `es`; one's own when absent.
    #[serde(default)]
    lang: Option<String>,
}

/// Which file.
#[derive(Debug, Serialize, ToSchema)]
struct CaseFileMade {
    id: RowId,
}

/// Asks for a copy of what is kept of somebody on the case. Somebody else releases it.
#[utoipa::path(post, path = "/api/v1/cases/{id}/file", tag = "case files", params(("id" = CaseId, Path)), request_body = NewCaseFileWire, responses((status = 201, body = CaseFileMade), (status = 404), (status = 422)))]
async fn create(mut work: Work, Path(id): Path<CaseId>, asked: Asked<NewCaseFileWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let case = cases::store::find(&mut work, id).await?;
    let NewCaseFileWire { person, given_to, own_wish, sections, reason, lang } = &asked.body;
    let lang = match lang.as_deref() {
        None => None,
        Some(code) => Some(code.parse::<Lang>().map_err(|_| invalid("lang", "not_a_choice"))?),
    };
    let new = NewCaseFile {
        person: *person,
        given_to: *given_to,
        own_wish: *own_wish,
        sections: sections.clone(),
        reason: reason.clone(),
        lang,
    };
    let file = actions::ask(&mut work, &case, &new).await?;
    let path = format!("/api/v1{}", file.path());
    asked.answer(work, StatusCode::CREATED, Some(path), &CaseFileMade { id: file.id }).await
}

/// A file with what it would say: for whoever asked, and for whoever may release it.
#[utoipa::path(get, path = "/api/v1/cases/{id}/file/{file}", tag = "case files", params(("id" = CaseId, Path), ("file" = RowId, Path)), responses((status = 200, body = WholeCaseFile), (status = 403), (status = 404)))]
async fn show(mut work: Work, Path((id, file)): Path<(CaseId, RowId)>) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let file = store::find(&mut work, id, file).await?;
    actions::may_look(&mut work, &case, &file).await?;
    let entries = store::content(&mut work, &file).await?;
    work.record(Fact::Viewed, About::case(id).with(file.person_id).with(file.id)).await?;
    work.commit().await?;
    let wire = |(place, one): (usize, Entry)| CaseFileEntry {
        place,
        section: one.section,
        title: one.title,
        free: one.free,
        lines: one.lines.into_iter().map(|line| (line.label, line.value)).collect(),
    };
    let whole = WholeCaseFile {
        file: CaseFileLine::from(&file),
        reason: file.reason,
        entries: entries.into_iter().enumerate().map(wire).collect(),
    };
    Ok(axum::Json(whole).into_response())
}

/// Which entries go.
#[derive(Debug, Deserialize, ToSchema)]
struct ReleaseWire {
    /// Their places.
    #[serde(default)]
    keep: Vec<usize>,
}

/// Releases a file that somebody else asked for, with these entries and no others; it is made soon after.
#[utoipa::path(post, path = "/api/v1/cases/{id}/file/{file}/release", tag = "case files", params(("id" = CaseId, Path), ("file" = RowId, Path)), request_body = ReleaseWire, responses((status = 200, body = CaseFileMade), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn release(mut work: Work, Path((id, file)): Path<(CaseId, RowId)>, asked: Asked<ReleaseWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let case = cases::store::find(&mut work, id).await?;
    let file = store::find(&mut work, id, file).await?;
    actions::release(&mut work, &case, &file, &asked.body.keep).await?;
    asked.answer(work, StatusCode::OK, None, &CaseFileMade { id: file.id }).await
}

/// Refuses a file that somebody else asked for.
#[utoipa::path(post, path = "/api/v1/cases/{id}/file/{file}/refusal", tag = "case files", params(("id" = CaseId, Path), ("file" = RowId, Path)), responses((status = 200, body = CaseFileMade), (status = 403), (status = 404), (status = 409)))]
async fn refuse(
    mut work: Work,
    Path((id, file)): Path<(CaseId, RowId)>,
    asked: Asked<Option<Nothing>>,
) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let case = cases::store::find(&mut work, id).await?;
    let file = store::find(&mut work, id, file).await?;
    actions::refuse(&mut work, &case, &file).await?;
    asked.answer(work, StatusCode::OK, None, &CaseFileMade { id: file.id }).await
}

/// The file on paper, for seven days; taking it is a fact.
#[utoipa::path(get, path = "/api/v1/cases/{id}/file/{file}/pdf", tag = "case files", params(("id" = CaseId, Path), ("file" = RowId, Path)),
    responses((status = 200, description = "the PDF", content_type = "application/pdf"), (status = 409, description = "not made yet, or gone")))]
async fn pdf(work: Work, Path(ids): Path<(CaseId, RowId)>) -> Result<Response, Error> {
    pages::taken(work, ids, "pdf").await
}

/// The file for programs, for seven days: a ZIP with a JSON for each section, and the documents; taking it is a fact.
#[utoipa::path(get, path = "/api/v1/cases/{id}/file/{file}/bundle", tag = "case files", params(("id" = CaseId, Path), ("file" = RowId, Path)),
    responses((status = 200, description = "the ZIP", content_type = "application/zip"), (status = 409, description = "not made yet, or gone")))]
async fn bundle(work: Work, Path(ids): Path<(CaseId, RowId)>) -> Result<Response, Error> {
    pages::taken(work, ids, "zip").await
}
