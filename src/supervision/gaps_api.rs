//! REST calls: gaps in what is kept of cases, counted and listed.
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::gaps::{self, Count, Gapped, Whose};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, UnitId, UserId};
use crate::web::Routes;
use crate::web::form::Query;

#[derive(OpenApi)]
#[openapi(paths(counts, cases))]
struct Described;

/// The calls of this file.
pub(super) fn routes() -> Routes {
    Routes::new().api("GET", "/api/v1/team/data", counts).api("GET", "/api/v1/team/data/cases", cases).described::<Described>()
}

/// How many open cases of one worker have a gap.
#[derive(Debug, Serialize, ToSchema)]
struct GapCount {
    /// `missing`, `contradictory` or `stale`.
    group: &'static str,
    gap: String,
    /// Absent for those in an inbox.
    worker: Option<UserId>,
    cases: i64,
}

impl From<Count> for GapCount {
    fn from(one: Count) -> Self {
        Self { group: gaps::group_of(&one.gap), gap: one.gap, worker: one.manager, cases: one.cases }
    }
}

/// Gaps in the open cases of a unit and all below it, of those that the caller sees.
#[utoipa::path(get, path = "/api/v1/team/data", tag = "supervision", params(("unit" = Option<UnitId>, Query, description = "A unit within reach; the first one without it")), responses((status = 200, body = Vec<GapCount>), (status = 404)))]
async fn counts(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    let at = gaps::within(&mut work, query.value("unit").parse().ok()).await?;
    let counts = gaps::counts(&mut work, &at.within).await?;
    work.record(Fact::Viewed, About::default().note(serde_json::json!({ "page": "/api/v1/team/data" }))).await?;
    work.commit().await?;
    Ok(axum::Json(counts.into_iter().map(GapCount::from).collect::<Vec<_>>()).into_response())
}

/// A case with gaps: its code, nobody's name (S13).
#[derive(Debug, Serialize, ToSchema)]
struct GappedCase {
    case: CaseId,
    code: String,
    gaps: Vec<String>,
}

impl From<Gapped> for GappedCase {
    fn from(one: Gapped) -> Self {
        Self { case: one.case, code: one.code, gaps: one.gaps }
    }
}

/// The open cases with a gap or with any of a group, at most two hundred.
#[utoipa::path(get, path = "/api/v1/team/data/cases", tag = "supervision", params(
    ("unit" = Option<UnitId>, Query), ("of" = String, Query, description = "A gap or a group"),
    ("worker" = Option<String>, Query, description = "A worker, or `inbox`"),
), responses((status = 200, body = Vec<GappedCase>), (status = 404)))]
async fn cases(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    let at = gaps::within(&mut work, query.value("unit").parse().ok()).await?;
    let whose = Whose::read(query.value("worker"))?;
    let found = gaps::cases(&mut work, &at.within, &gaps::meant(query.value("of"))?, whose).await?;
    work.record(Fact::Viewed, About::subjects(found.iter().map(|one| one.case.0))).await?;
    work.commit().await?;
    Ok(axum::Json(found.into_iter().map(GappedCase::from).collect::<Vec<_>>()).into_response())
}
