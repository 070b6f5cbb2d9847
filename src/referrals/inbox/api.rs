//! The inbox over REST.
use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::{After, Counts, Row, Shelf};
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
    pub referrals: Vec<Row>,
    /// Value of `after` for the next page; absent on the last.
    pub next: Option<String>,
    /// How many stand on each shelf.
    pub counts: Counts,
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
    let mut found = inbox::look(&mut work, shelf, After::read(query.value("after"))).await?;
    let packs = inbox::packs(&mut work).await?;
    for row in &mut found.rows {
        inbox::name_no_sensitive_need(&packs, row);
    }
    let note = serde_json::json!({ "page": "/api/v1/inbox" });
    work.record(Fact::Viewed, About::subjects(found.rows.iter().map(|row| row.id)).note(note)).await?;
    let page = InboxPage { next: found.next.map(|after| after.write()), referrals: found.rows, counts: found.counts };
    work.commit().await?;
    Ok(Json(page))
}
