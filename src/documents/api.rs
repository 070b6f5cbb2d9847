//! Documents over REST. A file travels as Base64 within the JSON, so that a repeated request adds nothing twice.
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, NaiveDate, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::actions::{self, NewDocument};
use super::{Document, pages, store};
use crate::access::Act;
use crate::api::{Asked, Nothing};
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, DocumentId};
use crate::platform::typed;
use crate::web::Routes;
use crate::web::form::Path;
use crate::web::upload::MOST_BYTES;

// Four characters for three bytes, and the fields beside them.
const MOST_JSON: usize = MOST_BYTES / 3 * 4 + 64 * 1024;
const LONGEST_TITLE: usize = 200;

#[derive(OpenApi)]
#[openapi(paths(index, create, show, withdraw))]
struct Described;

/// The REST calls of documents.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/cases/{id}/documents", index)
        .api("POST", "/api/v1/cases/{id}/documents", create)
        .api("GET", "/api/v1/cases/{id}/documents/{document}", show)
        .api("POST", "/api/v1/cases/{id}/documents/{document}/withdrawal", withdraw)
        .described::<Described>()
}

/// A document of a case, without its bytes.
#[derive(Debug, Serialize, ToSchema)]
struct DocumentLine {
    id: DocumentId,
    /// `identity`, `certificate`, `medical`, `court`, `report`, `consent`, `letter`, `photo` or `other`.
    kind: String,
    title: String,
    /// As its bytes say: `application/pdf`, `image/jpeg`, `image/png` or `audio/wav`.
    media_type: String,
    /// As it is kept: what a picture tells beside what it shows is cut out.
    size_bytes: i64,
    added_by: String,
    recorded_at: DateTime<Utc>,
    /// When it runs out.
    expires_on: Option<NaiveDate>,
    /// Looked through for viruses: `none` where no scanner is set, `waiting`, `clean` or `infected`. One that waits or is infected is not opened.
    scan: String,
}

impl From<Document> for DocumentLine {
    fn from(one: Document) -> Self {
        Self {
            id: one.id,
            kind: one.kind,
            title: one.title,
            media_type: one.media_type,
            size_bytes: one.size_bytes,
            added_by: one.added_by_name,
            recorded_at: one.recorded_at,
            expires_on: one.expires_on,
            scan: one.scan,
        }
    }
}

/// A document to add.
#[derive(Debug, Deserialize, ToSchema)]
struct NewDocumentWire {
    #[serde(default)]
    kind: String,
    /// At most 200 characters.
    #[serde(default)]
    title: String,
    /// Its bytes in Base64, at most 15 MB: a PDF, JPEG or PNG.
    #[serde(default)]
    file: String,
    /// When it runs out; the keeper of the case is told 60 and 14 days before.
    #[serde(default)]
    expires_on: Option<NaiveDate>,
}

/// Which document.
#[derive(Debug, Serialize, ToSchema)]
struct DocumentMade {
    id: DocumentId,
}

/// The documents of a case that were not withdrawn, the newest first.
#[utoipa::path(get, path = "/api/v1/cases/{id}/documents", tag = "documents", params(("id" = CaseId, Path)), responses((status = 200, body = Vec<DocumentLine>)))]
async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    store::around(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let documents = store::list(&mut work, id, None).await?;
    work.record(Fact::Viewed, About::case(id)).await?;
    work.commit().await?;
    Ok(axum::Json(documents.into_iter().map(DocumentLine::from).collect::<Vec<_>>()).into_response())
}

/// Adds a document to a case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/documents", tag = "documents", params(("id" = CaseId, Path)), request_body = NewDocumentWire, responses((status = 201, body = DocumentMade)))]
async fn create(mut work: Work, Path(id): Path<CaseId>, asked: Asked<NewDocumentWire, MOST_JSON>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    store::around(&mut work, id).await?;
    let new = &asked.body;
    let title = new.title.trim();
    if title.is_empty() {
        return Err(invalid("title", "required"));
    }
    if title.chars().count() > LONGEST_TITLE {
        return Err(invalid("title", "too_long"));
    }
    if let Some(code) = new.expires_on.and_then(|day| typed::wrong_expiry(day, work.today())) {
        return Err(invalid("expires_on", code));
    }
    let bytes = STANDARD.decode(&new.file).map_err(|_| invalid("file", "not_understood"))?;
    if bytes.len() > MOST_BYTES {
        return Err(invalid("file", "too_large"));
    }
    let new = NewDocument { kind: new.kind.clone(), title: title.to_owned(), expires_on: new.expires_on, bytes, record: None };
    let document = actions::add(&mut work, id, new).await?;
    let path = format!("/api/v1/cases/{id}/documents/{document}");
    asked.answer(work, StatusCode::CREATED, Some(path), &DocumentMade { id: document }).await
}

/// The bytes of a document; opening one is a fact.
#[utoipa::path(get, path = "/api/v1/cases/{id}/documents/{document}", tag = "documents", params(("id" = CaseId, Path), ("document" = DocumentId, Path)),
    responses((status = 200, description = "the file", content_type = "application/octet-stream"), (status = 409, description = "it waits for the virus scan, or is in quarantine")))]
async fn show(work: Work, Path(ids): Path<(CaseId, DocumentId)>) -> Result<Response, Error> {
    pages::opened(work, ids).await
}

/// Withdraws a document that should not have been added; it is never erased.
#[utoipa::path(post, path = "/api/v1/cases/{id}/documents/{document}/withdrawal", tag = "documents", params(("id" = CaseId, Path), ("document" = DocumentId, Path)), responses((status = 200, body = DocumentMade)))]
async fn withdraw(
    mut work: Work,
    Path((id, document)): Path<(CaseId, DocumentId)>,
    asked: Asked<Option<Nothing>>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    actions::withdraw(&mut work, id, document).await?;
    asked.answer(work, StatusCode::OK, None, &DocumentMade { id: document }).await
}
