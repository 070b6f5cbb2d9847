//! REST: the reader's own notifications.
use axum::Json;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::filter::Filter;
use super::store::{self, Notification};
use super::wanted::{Dealt, Order, Place, Wanted};
use crate::api::{Asked, Paged, Paging};
use crate::error::{Clash, Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, NotificationId, ReferralId, TransferId};
use crate::web::Routes;
use crate::web::form::{Path, Query};

/// The calls of this room.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/notifications", index)
        .api("POST", "/api/v1/notifications/{id}/done", done)
        .api("GET", "/api/v1/notifications/digest", digest)
        .api("PUT", "/api/v1/notifications/digest", put_digest)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(index, done, digest, put_digest))]
struct Described;

/// Something that the reader should know.
#[derive(Debug, Serialize, ToSchema)]
struct Told {
    id: NotificationId,
    /// A code such as `referral_accepted`.
    kind: String,
    case_id: Option<CaseId>,
    referral_id: Option<ReferralId>,
    transfer_id: Option<TransferId>,
    /// The minutes of a conference that were shared with the reader's organisation.
    packet_id: Option<Uuid>,
    /// When a conference would have been that the reader's organisation was asked to and that is called off.
    called_off_at: Option<DateTime<Utc>>,
    /// The codes of the reader's cases that went with that transfer, and where they went.
    away_cases: Option<String>,
    away_to: Option<String>,
    /// The cover that began or ended.
    cover_id: Option<Uuid>,
    /// How many cases went with it.
    cover_cases: Option<i32>,
    /// How many incoming referrals went with it.
    cover_referrals: Option<i32>,
    /// The kind of the task, where it is about one.
    task: Option<String>,
    /// The code of the case or referral.
    code: Option<String>,
    /// The pack of its case or referral.
    programme: Option<String>,
    /// When what it is about is due.
    due_at: Option<DateTime<Utc>>,
    recorded_at: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
    /// When it was dealt with.
    done_at: Option<DateTime<Utc>>,
}

impl From<Notification> for Told {
    fn from(one: Notification) -> Self {
        Self {
            id: one.id,
            kind: one.kind,
            case_id: one.case_id.map(CaseId),
            referral_id: one.referral_id.map(ReferralId),
            transfer_id: one.transfer_id.map(TransferId),
            packet_id: one.packet_id,
            called_off_at: one.called_off_at,
            away_cases: one.away_cases,
            away_to: one.away_to,
            cover_id: one.cover_id,
            cover_cases: one.cover_cases,
            cover_referrals: one.cover_referrals,
            task: one.task,
            code: one.code,
            programme: one.programme,
            due_at: one.due_at,
            recorded_at: one.recorded_at,
            read_at: one.read_at,
            done_at: one.done_at,
        }
    }
}

/// The notifications of the token's owner, newest first; by `due` as the page has it.
#[utoipa::path(get, path = "/api/v1/notifications", tag = "notifications",
    params(("unread" = Option<bool>, Query, description = "Only what was not read yet"),
        ("due" = Option<String>, Query, description = "`soon`, `newest` (not done yet), `overdue`, `today`, `week`, `month`, `all` (not done yet) or `done`; all of them when absent"),
        ("programme" = Option<String>, Query, description = "The name of a pack"), ("type" = Option<i16>, Query, description = "The number of a case type"),
        ("kind" = Option<String>, Query, description = "`urgent`, `referrals`, `cases` or `tasks`"), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Paged<Told>)))]
async fn index(mut work: Work, Query(query): Query, paging: Paging) -> Result<Json<Paged<Told>>, Error> {
    let after = paging.after::<(DateTime<Utc>, Uuid)>()?.map(|(at, id)| Place::among_newest(at, id));
    let narrowed = Filter::of(&query).wanted(work.now(), work.zone());
    let narrowed = if query.filled("due") { narrowed } else { unhurried(narrowed) };
    let wanted = Wanted { unread: query.ticked("unread"), after, order: Order::Newest, ..narrowed };
    let rows = store::list(&mut work, &wanted, paging.fetch()).await?;
    work.commit().await?;
    Ok(Json(paging.page(rows, |one| (one.recorded_at, one.id))?.map(Told::from)))
}

// Whatever it is due, dealt with or not.
fn unhurried(wanted: Wanted) -> Wanted {
    Wanted { dealt: Dealt::Either, due_from: None, due_before: None, ..wanted }
}

/// Marks a matter as done: the notification, and what was told of the same matter before.
#[utoipa::path(post, path = "/api/v1/notifications/{id}/done", tag = "notifications", params(("id" = NotificationId, Path)), responses((status = 204)))]
async fn done(mut work: Work, Path(id): Path<NotificationId>) -> Result<StatusCode, Error> {
    store::set_done(&mut work, id).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How often the token's owner hears by mail what waits for them, and at which address.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct DigestWire {
    /// `never`, `daily` or `weekly`.
    often: String,
    /// The address that an administrator keeps; a choice is for this address and ends when it changes.
    address: String,
}

/// How often the token's owner hears by mail what waits for them.
#[utoipa::path(get, path = "/api/v1/notifications/digest", tag = "notifications", responses((status = 200, body = DigestWire)))]
async fn digest(mut work: Work) -> Result<Json<DigestWire>, Error> {
    let (often, address) = store::digest::choice(&mut work).await?;
    work.commit().await?;
    Ok(Json(DigestWire { often, address }))
}

/// Chooses it, for the address that was read.
#[utoipa::path(put, path = "/api/v1/notifications/digest", tag = "notifications", request_body = DigestWire, responses((status = 200, body = DigestWire)))]
async fn put_digest(mut work: Work, asked: Asked<DigestWire>) -> Result<Json<DigestWire>, Error> {
    let wanted = asked.body;
    if !["never", "daily", "weekly"].contains(&wanted.often.as_str()) {
        return Err(invalid("often", "not_a_choice"));
    }
    if wanted.address.is_empty() || !store::digest::choose(&mut work, &wanted.often, &wanted.address).await? {
        return Err(Error::Conflict(Clash::Stale));
    }
    work.commit().await?;
    Ok(Json(wanted))
}
