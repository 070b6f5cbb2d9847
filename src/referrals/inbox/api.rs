//! The inbox over REST.
use axum::Json;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{After, Row, Shelf};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::referrals::inbox;
use crate::web::form::Query;

/// What this room says of its REST calls.
#[derive(utoipa::OpenApi)]
#[openapi(paths(index))]
pub struct Described;

/// One page of the inbox.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxPage {
    /// The referrals, most pressing first.
    pub referrals: Vec<InboxRow>,
    /// Value of `after` for the next page; absent on the last.
    pub next: Option<String>,
    /// How many stand on each shelf.
    pub counts: InboxCounts,
}

/// A referral as the inbox lists it: by code, never by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxRow {
    pub id: Uuid,
    pub code: String,
    pub kind: String,
    pub need: String,
    pub area: String,
    pub priority: String,
    pub status: String,
    pub step: String,
    pub from_organisation: String,
    pub requested_at: Option<DateTime<Utc>>,
    pub due_at: Option<DateTime<Utc>>,
    /// Whose move it is: `from` or `to`.
    pub next_side: Option<String>,
    pub appointment_at: Option<DateTime<Utc>>,
    pub assignee: Option<Uuid>,
    pub version: i32,
}

/// How many referrals stand on each shelf.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxCounts {
    pub all: i64,
    pub new: i64,
    pub waiting: i64,
    pub scheduled: i64,
    pub in_progress: i64,
    pub overdue: i64,
    pub mine: i64,
}

/// What others need from the caller's units.
#[utoipa::path(
    get, path = "/api/v1/inbox", tag = "referrals",
    params(
        ("shelf" = Option<String>, Query, description = "all, new, waiting, scheduled, in_progress, overdue or mine"),
        ("after" = Option<String>, Query, description = "the `next` of the page before")
    ),
    responses((status = 200, body = InboxPage))
)]
pub async fn index(mut work: Work, Query(query): Query) -> Result<Json<InboxPage>, Error> {
    let shelf: Shelf = query.value("shelf").parse().unwrap_or(Shelf::All);
    let found = inbox::look(&mut work, shelf, After::read(query.value("after"))).await?;
    let note = serde_json::json!({ "page": "/api/v1/inbox" });
    work.record(Fact::Viewed, About::subjects(found.rows.iter().map(|row| row.id)).note(note)).await?;
    let counts = found.counts;
    let page = InboxPage {
        next: found.next.map(|after| after.write()),
        referrals: found.rows.into_iter().map(InboxRow::from).collect(),
        counts: InboxCounts {
            all: counts.all,
            new: counts.new,
            waiting: counts.waiting,
            scheduled: counts.scheduled,
            in_progress: counts.in_progress,
            overdue: counts.overdue,
            mine: counts.mine,
        },
    };
    work.commit().await?;
    Ok(Json(page))
}

impl From<Row> for InboxRow {
    fn from(row: Row) -> InboxRow {
        InboxRow {
            id: row.id,
            code: row.code,
            kind: row.kind,
            need: row.need,
            area: row.area,
            priority: row.priority,
            status: row.status,
            step: row.step,
            from_organisation: row.from_org,
            requested_at: row.requested_at,
            due_at: row.next_due_at,
            next_side: row.next_side,
            appointment_at: row.appointment_at,
            assignee: row.assignee,
            version: row.version,
        }
    }
}
