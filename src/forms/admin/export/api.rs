//! REST calls of exports: ask for one, look how far it is, take it. Programs are never kept waiting: each export is made by a job.
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::store::{self, Export};
use super::wanted::Wanted;
use super::{may, pages};
use crate::api::Asked;
use crate::error::Error;
use crate::forms::admin::actions;
use crate::platform::db::Work;
use crate::platform::ids::{FormId, RowId};
use crate::web::Routes;
use crate::web::form::Path;

/// The calls.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/forms/{form}/exports", index)
        .api("POST", "/api/v1/forms/{form}/exports", create)
        .api("GET", "/api/v1/forms/{form}/exports/{export}", show)
        .api("GET", "/api/v1/forms/{form}/exports/{export}/file", file)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(index, create, show, file))]
struct Described;

/// An export and how far it has come.
#[derive(Debug, Serialize, ToSchema)]
struct FormExport {
    id: RowId,
    /// `waiting`, `made`, `failed` or `gone`.
    state: String,
    /// Why it failed.
    reason: Option<String>,
    /// How many filled copies are in it so far.
    done: i32,
    /// Of how many.
    total: i32,
    asked_at: DateTime<Utc>,
    /// Until when it can be taken.
    expires_at: Option<DateTime<Utc>>,
}

impl From<&Export> for FormExport {
    fn from(one: &Export) -> Self {
        Self {
            id: one.id,
            state: one.state.clone(),
            reason: one.reason.clone(),
            done: one.done,
            total: one.total,
            asked_at: one.asked_at,
            expires_at: one.expires_at,
        }
    }
}

/// Which export.
#[derive(Debug, Serialize, ToSchema)]
struct FormExportMade {
    id: RowId,
}

/// The exports of a form that the caller asked for, the newest first.
#[utoipa::path(get, path = "/api/v1/forms/{form}/exports", tag = "forms", params(("form" = FormId, Path)), responses((status = 200, body = Vec<FormExport>), (status = 404)))]
async fn index(mut work: Work, Path(id): Path<FormId>) -> Result<Response, Error> {
    let form = actions::form(&mut work, id).await?;
    may(&work)?;
    let exports = store::exports(&mut work, form.id, None).await?;
    work.commit().await?;
    Ok(axum::Json(exports.iter().map(FormExport::from).collect::<Vec<_>>()).into_response())
}

/// Asks for the answers of a form as a file: of the cases that the caller sees, of no restricted type.
#[utoipa::path(post, path = "/api/v1/forms/{form}/exports", tag = "forms", params(("form" = FormId, Path)), request_body = Wanted,
    responses((status = 202, body = FormExportMade), (status = 403), (status = 404), (status = 422)))]
async fn create(mut work: Work, Path(id): Path<FormId>, asked: Asked<Wanted>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let form = actions::form(&mut work, id).await?;
    let total = pages::count(&mut work, &form, &asked.body).await?;
    let export = pages::later(&mut work, &form, &asked.body, total).await?;
    let location = format!("/api/v1/forms/{id}/exports/{export}");
    asked.answer(work, StatusCode::ACCEPTED, Some(location), &FormExportMade { id: export }).await
}

/// How far an export has come.
#[utoipa::path(get, path = "/api/v1/forms/{form}/exports/{export}", tag = "forms", params(("form" = FormId, Path), ("export" = RowId, Path)),
    responses((status = 200, body = FormExport), (status = 404)))]
async fn show(mut work: Work, Path((form, id)): Path<(FormId, RowId)>) -> Result<Response, Error> {
    let form = actions::form(&mut work, form).await?;
    let export = store::export(&mut work, form.id, id).await?;
    may(&work)?;
    work.commit().await?;
    Ok(axum::Json(FormExport::from(&export)).into_response())
}

/// The file, for a day; taking it is a fact.
#[utoipa::path(get, path = "/api/v1/forms/{form}/exports/{export}/file", tag = "forms", params(("form" = FormId, Path), ("export" = RowId, Path)),
    responses((status = 200, description = "CSV, spreadsheet, Parquet, or several of them as ZIP"), (status = 404), (status = 409, description = "not made yet, or gone")))]
async fn file(work: Work, Path(ids): Path<(FormId, RowId)>) -> Result<Response, Error> {
    pages::taken(work, ids).await
}
