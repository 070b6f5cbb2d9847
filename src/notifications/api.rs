//! REST: the reader's own notifications.
use axum::Json;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::store::{self, Notification, Wanted};
use crate::api::{Paged, Paging};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, NotificationId, ReferralId};
use crate::web::Routes;
use crate::web::form::Query;

/// The calls of this room.
pub fn routes() -> Routes {
    Routes::new().api("GET", "/api/v1/notifications", index).described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(index))]
struct Described;

/// Something that the reader should know.
#[derive(Debug, Serialize, ToSchema)]
struct Told {
    id: NotificationId,
    /// A code such as `referral_accepted`.
    kind: String,
    case_id: Option<CaseId>,
    referral_id: Option<ReferralId>,
    /// The kind of the task, where it is about one.
    task: Option<String>,
    /// The code of the case or referral.
    code: Option<String>,
    recorded_at: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
}

impl From<Notification> for Told {
    fn from(one: Notification) -> Self {
        Self {
            id: one.id,
            kind: one.kind,
            case_id: one.case_id.map(CaseId),
            referral_id: one.referral_id.map(ReferralId),
            task: one.task,
            code: one.code,
            recorded_at: one.recorded_at,
            read_at: one.read_at,
        }
    }
}

/// The notifications of the token's owner, newest first.
#[utoipa::path(get, path = "/api/v1/notifications", tag = "notifications",
    params(("unread" = Option<bool>, Query, description = "Only what was not read yet"), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Paged<Told>)))]
async fn index(mut work: Work, Query(query): Query, paging: Paging) -> Result<Json<Paged<Told>>, Error> {
    let before = paging.after::<(DateTime<Utc>, Uuid)>()?;
    let wanted = Wanted { unread: query.ticked("unread"), before, ..Wanted::default() };
    let rows = store::list(&mut work, &wanted, paging.fetch()).await?;
    work.commit().await?;
    Ok(Json(paging.page(rows, |one| (one.recorded_at, one.id))?.map(Told::from)))
}
