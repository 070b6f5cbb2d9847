//! REST: the outbox, for a program of the administrator's.
use axum::Json;
use axum::response::Response;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::actions;
use super::store::{self, Row};
use crate::access::Act;
use crate::api::{Asked, IfMatch, Paged, Paging, versioned};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::MessageId;
use crate::platform::outbox::State;
use crate::web::Routes;
use crate::web::form::{Path, Query};

/// The calls of this room.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/outbox", depth)
        .api("GET", "/api/v1/messages", index)
        .api("GET", "/api/v1/messages/{id}", show)
        .api("POST", "/api/v1/messages/{id}/resending", resend)
        .api("POST", "/api/v1/messages/resending", resend_all)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(depth, index, show, resend, resend_all))]
struct Described;

/// How full the outbox of the caller's organisation is.
#[derive(Debug, Serialize, ToSchema)]
struct OutboxWire {
    /// How mail leaves: `smtp`, `folder` (into files, nobody receives it), `none` (it waits).
    channel: &'static str,
    /// How text messages leave: `gateway`, `folder` (into files, nobody receives them), `none` (they wait).
    text_channel: &'static str,
    /// Waiting or being sent.
    waiting: i64,
    /// Since when the oldest of them waits.
    oldest: Option<DateTime<Utc>>,
    /// Given up after two days of tries.
    dead: i64,
    /// Refused at the far end.
    bounced: i64,
    /// How the last failed try ended, as a code.
    last_failure: Option<String>,
    /// The mail server's reply with it.
    last_reply: Option<i16>,
    /// When.
    failed_at: Option<DateTime<Utc>>,
}

/// Where a message stands; never what it says or to whom.
#[derive(Debug, Serialize, ToSchema)]
struct MessageWire {
    id: MessageId,
    organisation: String,
    /// A code such as `letter` or `digest`.
    kind: String,
    state: State,
    posted_at: DateTime<Utc>,
    /// When it is tried next, while it waits.
    next_try_at: Option<DateTime<Utc>>,
    sent_at: Option<DateTime<Utc>>,
    settled_at: Option<DateTime<Utc>>,
    tries: i32,
    /// How the last try ended, or why it was dropped, as a code.
    result: Option<String>,
    /// The reply or status code with it, such as `451` or `5.1.1`.
    detail: Option<String>,
    /// What it said is forgotten, so it can't be sent again.
    forgotten: bool,
    /// Counts its changes.
    version: i32,
}

impl From<Row> for MessageWire {
    fn from(row: Row) -> Self {
        let state = State::of(&row.state);
        Self {
            id: row.id,
            organisation: row.org_name,
            kind: row.kind,
            state,
            posted_at: row.posted_at,
            next_try_at: (state == State::Queued).then_some(row.due_at),
            sent_at: row.sent_at,
            settled_at: row.settled_at,
            tries: row.tries,
            result: row.result,
            detail: row.detail,
            forgotten: row.forgotten,
            version: row.version,
        }
    }
}

/// Nothing needs to be said.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct NewResending {}

/// How many messages were queued again.
#[derive(Debug, Serialize, ToSchema)]
struct Resent {
    count: usize,
}

/// How full the outbox is.
#[utoipa::path(get, path = "/api/v1/outbox", tag = "mail", responses((status = 200, body = OutboxWire)))]
async fn depth(mut work: Work) -> Result<Json<OutboxWire>, Error> {
    work.may(Act::AdminMail)?;
    let depth = store::depth(&mut work).await?;
    let (channel, _) = work.ground().mail.channel.described();
    let (text_channel, _) = work.ground().sms.channel.described();
    work.commit().await?;
    Ok(Json(OutboxWire {
        channel,
        text_channel,
        waiting: depth.waiting,
        oldest: depth.oldest,
        dead: depth.dead,
        bounced: depth.bounced,
        last_failure: depth.last_failure,
        last_reply: depth.last_reply,
        failed_at: depth.failed_at,
    }))
}

/// The messages of the caller's organisation, the newest first.
#[utoipa::path(get, path = "/api/v1/messages", tag = "mail",
    params(("state" = Option<String>, Query, description = "Only in this state"), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Paged<MessageWire>)))]
async fn index(mut work: Work, Query(mut query): Query, paging: Paging) -> Result<Json<Paged<MessageWire>>, Error> {
    work.may(Act::AdminMail)?;
    let all = State::ALL.map(State::code);
    let states = if query.filled("state") { vec![query.one_of("state", all)] } else { all.map(str::to_owned).to_vec() };
    query.check()?;
    let states: Vec<&str> = states.iter().map(String::as_str).collect();
    let rows = store::list(&mut work, &states, paging.after::<(DateTime<Utc>, Uuid)>()?, paging.fetch()).await?;
    work.commit().await?;
    Ok(Json(paging.page(rows, |row| (row.posted_at, row.id.0))?.map(MessageWire::from)))
}

/// One message.
#[utoipa::path(get, path = "/api/v1/messages/{id}", tag = "mail", params(("id" = MessageId, Path)), responses((status = 200, body = MessageWire)))]
async fn show(mut work: Work, Path(id): Path<MessageId>) -> Result<Response, Error> {
    work.may(Act::AdminMail)?;
    let row = store::find(&mut work, id).await?;
    work.commit().await?;
    Ok(versioned(row.version, MessageWire::from(row)))
}

/// Queues a message again that bounced, was dropped or given up. The version read is named in `If-Match`.
#[utoipa::path(post, path = "/api/v1/messages/{id}/resending", tag = "mail", params(("id" = MessageId, Path)), request_body = NewResending,
    responses((status = 200, body = MessageWire)))]
async fn resend(
    mut work: Work,
    Path(id): Path<MessageId>,
    IfMatch(version): IfMatch,
    asked: Asked<NewResending>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let row = actions::resend(&mut work, id, version).await?;
    asked.answer(work, StatusCode::OK, None, &MessageWire::from(row)).await
}

/// Queues everything again that bounced or was given up.
#[utoipa::path(post, path = "/api/v1/messages/resending", tag = "mail", request_body = NewResending, responses((status = 200, body = Resent)))]
async fn resend_all(mut work: Work, asked: Asked<NewResending>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let count = actions::resend_all(&mut work).await?;
    asked.answer(work, StatusCode::OK, None, &Resent { count }).await
}
