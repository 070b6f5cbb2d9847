//! REST calls: the visits that the caller is out on, whether they see the case or not (S22). They say when, and nothing of the case.
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::BackByWire;
use crate::api::Asked;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::meetings::meeting::Meeting;
use crate::meetings::store;
use crate::meetings::visit::{self, ComingBack};
use crate::platform::db::Work;
use crate::web::Routes;
use crate::web::form::Path;

/// The calls of this part.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/visits", index)
        .api("POST", "/api/v1/visits/{meeting}/return", come_back)
        .api("POST", "/api/v1/visits/{meeting}/back-by", stay_out)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(index, come_back, stay_out))]
struct Described;

/// A visit that the caller set out on.
#[derive(Debug, Serialize, ToSchema)]
struct OwnVisitWire {
    id: Uuid,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    /// When the caller set out, by when they are back, and when they were.
    set_out_at: Option<DateTime<Utc>>,
    back_by: Option<DateTime<Utc>>,
    back_at: Option<DateTime<Utc>>,
    /// For the next step.
    version: i32,
}

impl From<Meeting> for OwnVisitWire {
    fn from(one: Meeting) -> Self {
        Self {
            id: one.id,
            starts_at: one.starts_at,
            ends_at: one.ends_at,
            set_out_at: one.set_out_at,
            back_by: one.back_by,
            back_at: one.back_at,
            version: one.version,
        }
    }
}

/// The visits that the caller is out on, whichever they are to be back from first before the others.
#[utoipa::path(get, path = "/api/v1/visits", tag = "meetings", responses((status = 200, body = Vec<OwnVisitWire>)))]
async fn index(mut work: Work) -> Result<Response, Error> {
    let visits = store::own_visits(&mut work).await?;
    let visits: Vec<OwnVisitWire> = visits.into_iter().map(|own| OwnVisitWire::from(own.meeting)).collect();
    work.record(Fact::Viewed, About::subjects(visits.iter().map(|one| one.id))).await?;
    work.commit().await?;
    Ok(axum::Json(visits).into_response())
}

async fn changed<T>(mut work: Work, asked: &Asked<T>, id: Uuid) -> Result<Response, Error> {
    let own = store::own_visit(&mut work, id).await?;
    asked.answer(work, StatusCode::OK, None, &OwnVisitWire::from(own.meeting)).await
}

/// Nothing to say where all was well.
#[derive(Debug, Deserialize, ToSchema)]
struct OwnReturnWire {
    /// What happened, where it was not safe: the supervisor is asked to look at it.
    #[serde(default)]
    not_safe: Option<String>,
}

/// The caller is back from a visit. Until a week after that they may add what was not safe.
#[utoipa::path(post, path = "/api/v1/visits/{meeting}/return", tag = "meetings", params(("meeting" = Uuid, Path)), request_body = OwnReturnWire, responses((status = 200, body = OwnVisitWire), (status = 404), (status = 422)))]
async fn come_back(mut work: Work, Path(id): Path<Uuid>, asked: Asked<OwnReturnWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let own = store::own_visit(&mut work, id).await?;
    let coming = ComingBack { spoke: "", not_safe: asked.body.not_safe.as_deref() };
    visit::come_back_own(&mut work, own, coming).await?;
    changed(work, &asked, id).await
}

/// The caller is out for longer, within a day.
#[utoipa::path(post, path = "/api/v1/visits/{meeting}/back-by", tag = "meetings", params(("meeting" = Uuid, Path)), request_body = BackByWire, responses((status = 200, body = OwnVisitWire), (status = 404), (status = 409), (status = 422)))]
async fn stay_out(mut work: Work, Path(id): Path<Uuid>, asked: Asked<BackByWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let own = store::own_visit(&mut work, id).await?;
    visit::stay_out_own(&mut work, own, (asked.body.back_by, asked.body.version)).await?;
    changed(work, &asked, id).await
}
