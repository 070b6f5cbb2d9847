//! REST calls: corrections of a person by two.
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::corrections::{self, Answer, Correction};
use super::store;
use crate::access::Act;
use crate::api::Asked;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, RowId, UserId};
use crate::web::Routes;
use crate::web::form::Path;

#[derive(OpenApi)]
#[openapi(paths(index, propose, answer))]
struct Described;

/// The calls of corrections.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/people/{id}/corrections", index)
        .api("POST", "/api/v1/people/{id}/corrections", propose)
        .api("POST", "/api/v1/people/{id}/corrections/{correction}/answer", answer)
        .described::<Described>()
}

/// A proposal, with its answer where there is one.
#[derive(Debug, Serialize, ToSchema)]
struct ProposalWire {
    id: RowId,
    field: String,
    value: String,
    reason: String,
    author: UserId,
    recorded_at: DateTime<Utc>,
    /// Absent while it waits.
    accepted: Option<bool>,
    /// What stood when it was proposed.
    was: String,
    remark: String,
    answered_at: Option<DateTime<Utc>>,
}

impl From<Correction> for ProposalWire {
    fn from(one: Correction) -> Self {
        Self {
            id: one.id,
            field: one.field,
            value: one.value,
            reason: one.reason,
            author: one.author,
            recorded_at: one.recorded_at,
            accepted: one.accepted,
            was: one.was,
            remark: one.remark,
            answered_at: one.answered_at,
        }
    }
}

/// What was proposed for a person: what waits first, then the latest; at most 100.
#[utoipa::path(get, path = "/api/v1/people/{id}/corrections", tag = "people", params(("id" = PersonId, Path)), responses((status = 200, body = Vec<ProposalWire>), (status = 404)))]
async fn index(mut work: Work, Path(id): Path<PersonId>) -> Result<Response, Error> {
    store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let found = corrections::of_person(&mut work, id).await?;
    work.record(Fact::Viewed, About::default().with(id)).await?;
    work.commit().await?;
    Ok(axum::Json(found.items.into_iter().map(ProposalWire::from).collect::<Vec<_>>()).into_response())
}

/// What would be right.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct ProposalAsked {
    /// `name`, `name_latin`, `sex`, `born_on`, `admin1`, `admin2`, `admin3` or `address`.
    #[serde(default)]
    field: String,
    /// A date of birth as `2016-03-01`, with `~` behind it where it is estimated; a sex as `female`, `male`, `other` or `unknown`.
    #[serde(default)]
    value: String,
    /// How that is known.
    #[serde(default)]
    reason: String,
}

/// The proposal.
#[derive(Debug, Serialize, ToSchema)]
struct ProposalMade {
    id: RowId,
}

/// Proposes that one datum is corrected.
#[utoipa::path(post, path = "/api/v1/people/{id}/corrections", tag = "people", params(("id" = PersonId, Path)), request_body = ProposalAsked, responses((status = 201, body = ProposalMade), (status = 404), (status = 422)))]
async fn propose(mut work: Work, Path(id): Path<PersonId>, asked: Asked<ProposalAsked>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let ProposalAsked { field, value, reason } = &asked.body;
    let id = corrections::propose(&mut work, id, (field, value, reason)).await?;
    asked.answer(work, StatusCode::CREATED, None, &ProposalMade { id }).await
}

/// Whether it is right.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct ProposalAnswer {
    /// `true` changes the person.
    #[serde(default)]
    accept: bool,
    /// The version of the person that was looked at; needed to accept.
    #[serde(default)]
    version: i32,
    /// Required when it is returned.
    #[serde(default)]
    remark: String,
}

/// Accepts a colleague's proposal, which changes the person, or returns it.
#[utoipa::path(post, path = "/api/v1/people/{id}/corrections/{correction}/answer", tag = "people", params(("id" = PersonId, Path), ("correction" = RowId, Path)), request_body = ProposalAnswer, responses((status = 200, body = ProposalMade), (status = 404), (status = 409), (status = 422)))]
async fn answer(
    mut work: Work,
    Path((id, row)): Path<(PersonId, RowId)>,
    asked: Asked<ProposalAnswer>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let how = if asked.body.accept { Answer::Accept } else { Answer::Return };
    corrections::answer(&mut work, (id, asked.body.version), row, (how, &asked.body.remark)).await?;
    asked.answer(work, StatusCode::OK, None, &ProposalMade { id: row }).await
}
