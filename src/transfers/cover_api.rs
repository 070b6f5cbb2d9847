//! REST calls of cover.
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::cover::{self, NewCover};
use crate::access::Act;
use crate::api::{Asked, Nothing};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ReferralId, UserId};
use crate::supervision::carrying::Meant;
use crate::web::Routes;
use crate::web::form::Path;

/// The calls and their description.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/covers", covers)
        .api("POST", "/api/v1/covers", arrange_cover)
        .api("POST", "/api/v1/covers/{id}/end", end_cover)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(covers, arrange_cover, end_cover))]
struct Described;

/// Who covers whom.
#[derive(Debug, Serialize, ToSchema)]
struct CoverWire {
    id: Uuid,
    worker: UserId,
    from_on: NaiveDate,
    until_on: Option<NaiveDate>,
    /// `planned`, `running` or `ended`.
    state: String,
    /// How many of the cases that it took the caller sees.
    cases: i64,
    /// How many of the incoming referrals that it took the caller sees.
    referrals: i64,
    /// What stays with the worker; for whoever arranged the cover.
    left: Vec<CoverLeftWire>,
}

/// A case or an incoming referral that stays with the covered worker.
#[derive(Debug, Serialize, ToSchema)]
struct CoverLeftWire {
    case_id: Option<CaseId>,
    referral_id: Option<ReferralId>,
    code: String,
    /// `named_supervisor`, `focal_point`, `not_yours`, `kept_for_another`, `supervises`, `out_of_reach` or `not_permitted`.
    why: String,
}

/// Every cover of the caller's organisation.
#[utoipa::path(get, path = "/api/v1/covers", responses((status = 200, body = Vec<CoverWire>)))]
async fn covers(mut work: Work) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let rows = cover::list(&mut work).await?;
    let left = cover::left(&mut work).await?;
    work.commit().await?;
    let left_of = |id: Uuid| {
        let of_it = left.iter().filter(|one| one.cover == id);
        let wire = of_it.map(|one| CoverLeftWire {
            case_id: one.case_id,
            referral_id: one.referral_id,
            code: one.code.clone(),
            why: one.why.clone(),
        });
        wire.collect()
    };
    let wire = rows.into_iter().map(|cover| CoverWire {
        left: left_of(cover.id),
        cases: cover.cases,
        referrals: cover.referrals,
        id: cover.id,
        worker: cover.worker,
        from_on: cover.from_on,
        until_on: cover.until_on,
        state: cover.state,
    });
    Ok(axum::Json(wire.collect::<Vec<_>>()).into_response())
}

/// A cover to be arranged.
#[derive(Debug, Deserialize, ToSchema)]
struct NewCoverWire {
    worker: UserId,
    colleague: UserId,
    from_on: NaiveDate,
    /// The last day; for good when absent.
    #[serde(default)]
    until_on: Option<NaiveDate>,
    /// Also where the colleague would carry more than a full caseload.
    #[serde(default)]
    overfull: bool,
}

/// The cover, and what went with it as far as the caller sees it.
#[derive(Debug, Serialize, ToSchema)]
struct CoverMade {
    id: Uuid,
    /// How many cases.
    cases: i64,
    /// How many incoming referrals.
    referrals: i64,
}

/// Has a colleague keep a worker's caseload.
#[utoipa::path(post, path = "/api/v1/covers", request_body = NewCoverWire, responses((status = 201, body = CoverMade)))]
async fn arrange_cover(mut work: Work, asked: Asked<NewCoverWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let NewCoverWire { worker, colleague, from_on, until_on, overfull } = asked.body;
    let meant = Meant { overfull, ..Meant::default() };
    let id = cover::arrange(&mut work, NewCover { worker, colleague, from_on, until_on, meant }).await?;
    let (cases, referrals) = cover::taken(&mut work, id).await?;
    asked.answer(work, StatusCode::CREATED, None, &CoverMade { id, cases, referrals }).await
}

/// Ends a cover before its time; cases and incoming referrals go back.
#[utoipa::path(post, path = "/api/v1/covers/{id}/end", params(("id" = Uuid, Path)), responses((status = 200, body = CoverMade)))]
async fn end_cover(mut work: Work, Path(id): Path<Uuid>, asked: Asked<Option<Nothing>>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    cover::end(&mut work, id).await?;
    let (cases, referrals) = cover::taken(&mut work, id).await?;
    asked.answer(work, StatusCode::OK, None, &CoverMade { id, cases, referrals }).await
}
