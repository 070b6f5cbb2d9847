//! Matching over REST: services for a case, ranked with their reasons, and drafts to several of them in one call.
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::sending::offers::{self, Sought};
use super::sending::{draft, together};
use crate::access::Act;
use crate::api::Asked;
use crate::audit::{About, Fact};
use crate::eligibility::VerdictWire;
use crate::eligibility::matching::{Speaks, Suggestion, worth_asking};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ReferralId, ServiceId};
use crate::platform::lang::Lang;
use crate::platform::text::without_marks;
use crate::web::Routes;
use crate::web::form::{Path, Query};

// A program pages through the directory; this is an offer.
const MOST: usize = 50;

/// The calls and their description.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/cases/{id}/services", index)
        .api("POST", "/api/v1/cases/{id}/services", create)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(index, create))]
struct Described;

/// A reason beside a service.
#[derive(Debug, Serialize, ToSchema)]
struct MatchReason {
    /// `for`, `against` or `unknown`.
    speaks: &'static str,
    /// What it is about, such as `directory-reason-wait`.
    code: &'static str,
    /// In the caller's language.
    words: String,
}

/// A service for a case.
#[derive(Debug, Serialize, ToSchema)]
struct MatchWire {
    service: ServiceId,
    name: String,
    organisation: String,
    #[serde(flatten)]
    verdict: VerdictWire,
    /// The weightiest first.
    reasons: Vec<MatchReason>,
}

/// Services for a case.
#[derive(Debug, Serialize, ToSchema)]
struct Matches {
    /// The best first.
    services: Vec<MatchWire>,
    /// The unknown fields that would decide most of them.
    ask: Vec<String>,
}

fn wire(suggestion: &Suggestion, lang: Lang) -> MatchWire {
    let reasons = suggestion.reasons.iter().map(|reason| MatchReason {
        speaks: match reason.speaks {
            Speaks::For => "for",
            Speaks::Against => "against",
            Speaks::Unknown => "unknown",
        },
        code: reason.key,
        words: without_marks(&reason.text(lang)),
    });
    MatchWire {
        service: suggestion.service.id,
        name: suggestion.service.name.clone(),
        organisation: suggestion.service.org_name.clone(),
        verdict: VerdictWire::of(&suggestion.judgement, lang),
        reasons: reasons.collect(),
    }
}

/// Services for a case, the best first, each with its conditions and reasons; `need` in the query narrows them.
#[utoipa::path(get, path = "/api/v1/cases/{id}/services", tag = "referrals", params(("id" = CaseId, Path), ("need" = Option<String>, Query)),
    responses((status = 200, body = Matches)))]
async fn index(mut work: Work, Path(id): Path<CaseId>, Query(query): Query) -> Result<Response, Error> {
    let case = draft::brief(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let sought = Sought { need: query.value("need").to_owned(), limit: MOST, ..Sought::default() };
    let found = offers::offers(&mut work, &case, sought).await?;
    let lang = work.lang();
    work.record(Fact::Viewed, About::case(id)).await?;
    work.commit().await?;
    let ask = worth_asking(&found, 2).into_iter().map(|(field, _)| field).collect();
    Ok(axum::Json(Matches { services: found.iter().map(|one| wire(one, lang)).collect(), ask }).into_response())
}

/// Services to refer to.
#[derive(Debug, Deserialize, ToSchema)]
struct NewDrafts {
    /// A need's code; without one each draft takes the first need of its service.
    #[serde(default)]
    need: String,
    /// At most eight.
    #[serde(default)]
    services: Vec<ServiceId>,
}

/// What was begun.
#[derive(Debug, Serialize, ToSchema)]
struct DraftsMade {
    referrals: Vec<ReferralId>,
}

/// Begin one draft to each of these services. Nothing is sent.
#[utoipa::path(post, path = "/api/v1/cases/{id}/services", tag = "referrals", params(("id" = CaseId, Path)), request_body = NewDrafts,
    responses((status = 201, body = DraftsMade)))]
async fn create(mut work: Work, Path(id): Path<CaseId>, asked: Asked<NewDrafts>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = draft::case(&mut work, id).await?;
    let NewDrafts { need, services } = &asked.body;
    let ids: Vec<ReferralId> = (0..together::MOST).map(|_| ReferralId::new()).collect();
    let drafts = together::begin(&mut work, &case, need, services, &ids).await?;
    let made = DraftsMade { referrals: drafts.iter().map(|draft| draft.id).collect() };
    asked.answer(work, StatusCode::CREATED, None, &made).await
}
