//! Phones and e-mail addresses over REST. A change or removal names the version that was read.
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use utoipa::OpenApi;

use super::api::{ContactWire, KnownContactWire, Made};
use crate::api::{Asked, IfMatch, Paged, versioned};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::people::{actions, store};
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, RowId};
use crate::web::Routes;
use crate::web::form::Path;

/// The calls of contacts.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/people/{id}/contacts", index)
        .api("POST", "/api/v1/people/{id}/contacts", create)
        .api("PUT", "/api/v1/people/{id}/contacts/{row}", update)
        .api("DELETE", "/api/v1/people/{id}/contacts/{row}", destroy)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(index, create, update, destroy))]
struct Described;

/// A person's contacts, each with its version.
#[utoipa::path(get, path = "/api/v1/people/{id}/contacts", tag = "people", params(("id" = Uuid, Path)),
  responses((status = 200, body = Paged<KnownContactWire>)))]
async fn index(mut work: Work, Path(id): Path<PersonId>) -> Result<Response, Error> {
    store::find(&mut work, id).await?;
    let items = store::contacts(&mut work, id).await?.iter().map(KnownContactWire::of).collect();
    work.record(Fact::Viewed, About::default().with(id)).await?;
    work.commit().await?;
    Ok(axum::Json(Paged { items, next: None }).into_response())
}

/// Add a contact.
#[utoipa::path(post, path = "/api/v1/people/{id}/contacts", tag = "people", params(("id" = Uuid, Path)), request_body = ContactWire,
  responses((status = 201, body = Made)))]
async fn create(mut work: Work, Path(id): Path<PersonId>, asked: Asked<ContactWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    store::find(&mut work, id).await?;
    let row = actions::add_contact(&mut work, id, &asked.body.read()).await?;
    asked.answer(work, StatusCode::CREATED, Some(format!("/api/v1/people/{id}/contacts")), &Made { id: row.0 }).await
}

/// Change a contact, or what makes it safe.
#[utoipa::path(put, path = "/api/v1/people/{id}/contacts/{row}", tag = "people", params(("id" = Uuid, Path), ("row" = Uuid, Path)),
  request_body = ContactWire, responses((status = 200, body = Made)))]
async fn update(
    mut work: Work,
    Path((id, row)): Path<(PersonId, RowId)>,
    version: IfMatch,
    asked: Asked<ContactWire>,
) -> Result<Response, Error> {
    store::find(&mut work, id).await?;
    actions::change_contact(&mut work, id, row, version.0, &asked.body.read()).await?;
    work.commit().await?;
    Ok(versioned(version.0 + 1, Made { id: row.0 }))
}

/// Remove a contact.
#[utoipa::path(delete, path = "/api/v1/people/{id}/contacts/{row}", tag = "people", params(("id" = Uuid, Path), ("row" = Uuid, Path)),
  responses((status = 204)))]
async fn destroy(mut work: Work, Path((id, row)): Path<(PersonId, RowId)>, version: IfMatch) -> Result<StatusCode, Error> {
    store::find(&mut work, id).await?;
    actions::remove_contact(&mut work, id, row, version.0).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
