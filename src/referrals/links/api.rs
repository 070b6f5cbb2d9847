//! Answer links over REST: what there is, a new one, and taking one back. No secret travels here: they are on the letter alone.
use axum::Json;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::actions;
use super::sender::{self, ByMail};
use super::store::{self, Link};
use crate::api::Asked;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{ContactId, LinkId, ReferralId};
use crate::web::Routes;
use crate::web::form::Path;

/// The calls and their description.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/referrals/{id}/links", list)
        .api("POST", "/api/v1/referrals/{id}/links", create)
        .api("POST", "/api/v1/links/{id}/revocation", revoke)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(list, create, revoke))]
struct Described;

/// An answer link, without its secrets.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkRecord {
    id: LinkId,
    /// To whom its one-time codes go.
    contact: Option<ContactId>,
    issued_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
    /// It opens the referral now.
    live: bool,
    /// Every use: what and when.
    uses: Vec<LinkUse>,
}

/// One use of a link.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkUse {
    /// `code_asked`, `code_sent`, `code_read`, `refused`, `proved`, `opened`, `attachment` or `answered`.
    what: String,
    /// The question that was answered.
    detail: String,
    at: DateTime<Utc>,
}

/// The links of a referral.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkList {
    links: Vec<LinkRecord>,
}

/// A link to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct NewAnswerLink {
    /// The registered contact to whom its one-time codes go; protected and restricted types need one that was verified by telephone.
    contact: Option<ContactId>,
    /// Write the link to the contact by e-mail.
    #[serde(default)]
    by_mail: bool,
}

async fn record(work: &mut Work, link: Link) -> Result<LinkRecord, Error> {
    let uses = store::uses(work, link.referral).await?.into_iter().filter(|one| one.link == link.id.0);
    Ok(LinkRecord {
        uses: uses.map(|one| LinkUse { what: one.what, detail: one.detail, at: one.at }).collect(),
        live: store::is_live(work, link.id).await?,
        id: link.id,
        contact: link.contact,
        issued_at: link.issued_at,
        expires_at: link.expires_at,
        revoked_at: link.revoked_at,
    })
}

/// Read the answer links of a referral that the caller sends, with every use.
#[utoipa::path(get, path = "/api/v1/referrals/{id}/links", tag = "links", params(("id" = ReferralId, Path)), responses((status = 200, body = LinkList)))]
async fn list(mut work: Work, Path(id): Path<ReferralId>) -> Result<Response, Error> {
    crate::referrals::store::find(&mut work, id).await?;
    let mut links = Vec::new();
    for link in store::of_referral(&mut work, id).await? {
        links.push(record(&mut work, link).await?);
    }
    work.commit().await?;
    Ok(Json(LinkList { links }).into_response())
}

/// Make a new answer link; those before it no longer work.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/links", tag = "links", params(("id" = ReferralId, Path)), request_body = NewAnswerLink,
    responses((status = 201, body = LinkRecord)))]
async fn create(mut work: Work, Path(id): Path<ReferralId>, asked: Asked<NewAnswerLink>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let by_mail = if asked.body.by_mail { ByMail::Yes } else { ByMail::No };
    let link = sender::issue_anew(&mut work, id, asked.body.contact, by_mail).await?;
    let link = store::find(&mut work, link).await?;
    let body = record(&mut work, link).await?;
    asked.answer(work, StatusCode::CREATED, None, &body).await
}

/// What is asked of a revocation: nothing.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Revocation {}

/// Take an answer link back at once.
#[utoipa::path(post, path = "/api/v1/links/{id}/revocation", tag = "links", params(("id" = LinkId, Path)), request_body = Revocation,
    responses((status = 200, body = LinkRecord)))]
async fn revoke(mut work: Work, Path(id): Path<LinkId>, asked: Asked<Revocation>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    actions::revoke(&mut work, id).await?;
    let link = store::find(&mut work, id).await?;
    let body = record(&mut work, link).await?;
    asked.answer(work, StatusCode::OK, None, &body).await
}
