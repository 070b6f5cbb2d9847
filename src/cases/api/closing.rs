//! REST calls of closing: closing a case, and how it was closed, each time.
use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::access::Act;
use crate::api::{Asked, IfMatch};
use crate::audit::{About, Fact};
use crate::cases::actions::Ending;
use crate::cases::closing::{self, Closed, Closure};
use crate::cases::{actions, store};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PlanId, PlanLineId, RowId, UserId};
use crate::web::Routes;
use crate::web::form::Path;

#[derive(OpenApi)]
#[openapi(paths(close, index, approve, give_back, take_back))]
struct Described;

/// The calls of closing.
pub fn routes() -> Routes {
    Routes::new()
        .api("POST", "/api/v1/cases/{id}/closure", close)
        .api("GET", "/api/v1/cases/{id}/closures", index)
        .api("POST", "/api/v1/cases/{id}/closing/approval", approve)
        .api("POST", "/api/v1/cases/{id}/closing/return", give_back)
        .api("POST", "/api/v1/cases/{id}/closing/withdrawal", take_back)
        .described::<Described>()
}

/// What became of a goal.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
struct OutcomeWire {
    /// A goal of the plan that holds.
    goal: PlanLineId,
    /// `achieved`, `partly`, `not` or `no_longer_wanted`.
    #[serde(default)]
    outcome: String,
    /// At most 300 characters.
    #[serde(default)]
    remark: String,
}

/// How a case is closed.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct ClosureWire {
    /// A closing reason of the pack.
    #[serde(default)]
    reason: String,
    #[serde(default)]
    explanation: String,
    /// Of every goal of the plan that holds; after a death or lost contact as far as known.
    #[serde(default)]
    outcomes: Vec<OutcomeWire>,
    #[serde(default)]
    discussed: bool,
    #[serde(default)]
    reviewed: bool,
    #[serde(default)]
    way_back: bool,
    /// `spoken`, `phone`, `paper` or `through_somebody`.
    #[serde(default)]
    way_back_how: String,
    #[serde(default)]
    best_interests: String,
    /// By whom they were considered.
    #[serde(default)]
    considered_by: String,
    /// The person wants a letter about it and can keep it safely.
    #[serde(default)]
    letter: bool,
    /// Who follows the referrals that run on, where the pack lets them.
    #[serde(default)]
    follows: Option<UserId>,
}

/// The case, and what came of closing it.
#[derive(Serialize, ToSchema)]
struct Made {
    id: uuid::Uuid,
    /// `closed`; `waiting` until a second person approves it, where the pack asks; `returned` or `withdrawn`.
    state: &'static str,
}

/// What whoever decides says.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct ClosingDecisionWire {
    /// At most 4,000 characters; needed when it is given back.
    #[serde(default)]
    remark: String,
}

/// Closes a case; where the pack asks, a second person approves it first.
#[utoipa::path(post, path = "/api/v1/cases/{id}/closure", params(("id" = CaseId, Path)), request_body = ClosureWire, responses((status = 200, body = Made)))]
async fn close(mut work: Work, Path(id): Path<CaseId>, version: IfMatch, asked: Asked<ClosureWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = store::find(&mut work, id).await?;
    let wire = &asked.body;
    let mut errors = crate::error::FieldErrors::default();
    for one in &wire.outcomes {
        if one.remark.chars().count() > closing::LONGEST_REMARK {
            errors.add(&format!("w_{}", one.goal), "too_long");
        }
    }
    errors.or_ok()?;
    let remarks = wire.outcomes.iter().filter(|one| !one.remark.trim().is_empty());
    let closure = Closure {
        reason: wire.reason.clone(),
        explanation: wire.explanation.clone(),
        outcomes: wire.outcomes.iter().map(|one| (one.goal, one.outcome.clone())).collect(),
        of_goals: remarks.map(|one| (one.goal, one.remark.trim().to_owned())).collect::<BTreeMap<_, _>>(),
        discussed: wire.discussed,
        reviewed: wire.reviewed,
        way_back: wire.way_back,
        way_back_how: wire.way_back_how.clone(),
        best_interests: wire.best_interests.clone(),
        considered_by: wire.considered_by.clone(),
        letter: wire.letter,
        follows: wire.follows,
        version: version.0,
    };
    let state = match actions::close(&mut work, case, &closure).await? {
        Ending::Closed(_) => "closed",
        Ending::Waits => "waiting",
    };
    asked.answer(work, StatusCode::OK, None, &Made { id: id.0, state }).await
}

async fn waiting(work: &mut Work, id: CaseId, remark: &str) -> Result<(crate::cases::Case, closing::asked::Asked), Error> {
    if remark.chars().count() > 4000 {
        return Err(crate::error::invalid("remark", "too_long"));
    }
    let case = store::find(work, id).await?;
    let waiting = closing::asked::latest(work, id).await?.ok_or(Error::NotFound)?;
    Ok((case, waiting))
}

/// Approves a closing that waits; never what the caller asked for. `If-Match` is the version of the request.
#[utoipa::path(post, path = "/api/v1/cases/{id}/closing/approval", params(("id" = CaseId, Path)), request_body = ClosingDecisionWire, responses((status = 200, body = Made)))]
async fn approve(
    mut work: Work,
    Path(id): Path<CaseId>,
    version: IfMatch,
    asked: Asked<ClosingDecisionWire>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, waiting) = waiting(&mut work, id, &asked.body.remark).await?;
    actions::approve_closing(&mut work, case, &waiting, (version.0, asked.body.remark.trim())).await?;
    asked.answer(work, StatusCode::OK, None, &Made { id: id.0, state: "closed" }).await
}

/// Gives a closing back, with words on what is missing.
#[utoipa::path(post, path = "/api/v1/cases/{id}/closing/return", params(("id" = CaseId, Path)), request_body = ClosingDecisionWire, responses((status = 200, body = Made)))]
async fn give_back(
    mut work: Work,
    Path(id): Path<CaseId>,
    version: IfMatch,
    asked: Asked<ClosingDecisionWire>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, waiting) = waiting(&mut work, id, &asked.body.remark).await?;
    actions::give_closing_back(&mut work, &case, &waiting, (version.0, asked.body.remark.trim())).await?;
    asked.answer(work, StatusCode::OK, None, &Made { id: id.0, state: "returned" }).await
}

/// Takes back a closing that the caller asked for.
#[utoipa::path(post, path = "/api/v1/cases/{id}/closing/withdrawal", params(("id" = CaseId, Path)), request_body = ClosingDecisionWire, responses((status = 200, body = Made)))]
async fn take_back(
    mut work: Work,
    Path(id): Path<CaseId>,
    version: IfMatch,
    asked: Asked<ClosingDecisionWire>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, waiting) = waiting(&mut work, id, "").await?;
    actions::take_closing_back(&mut work, &case, &waiting, version.0).await?;
    asked.answer(work, StatusCode::OK, None, &Made { id: id.0, state: "withdrawn" }).await
}

/// One closing of a case.
#[derive(Serialize, ToSchema)]
struct ClosedWire {
    id: RowId,
    reason: String,
    plan: Option<PlanId>,
    outcomes: Vec<OutcomeWire>,
    discussed: bool,
    reviewed: bool,
    /// How the way back was explained; empty where it was not.
    way_back_how: String,
    explanation: String,
    best_interests: String,
    considered_by: String,
    letter: bool,
    follows: Option<UserId>,
    author_name: String,
    /// Who approved it, where the pack asks.
    approved_by_name: Option<String>,
    recorded_at: DateTime<Utc>,
}

impl From<Closed> for ClosedWire {
    fn from(closed: Closed) -> Self {
        let Closed { said, .. } = closed;
        let remark = |goal: &PlanLineId| said.of_goals.get(goal).cloned().unwrap_or_default();
        Self {
            outcomes: closed
                .outcomes
                .into_iter()
                .map(|(goal, outcome)| OutcomeWire { remark: remark(&goal), goal, outcome })
                .collect(),
            explanation: said.explanation.clone(),
            best_interests: said.best_interests.clone(),
            considered_by: said.considered_by.clone(),
            id: closed.id,
            reason: closed.reason,
            plan: closed.plan,
            discussed: closed.discussed,
            reviewed: closed.reviewed,
            way_back_how: closed.way_back,
            letter: closed.letter,
            follows: closed.follows,
            author_name: closed.author_name,
            approved_by_name: closed.approved_by_name,
            recorded_at: closed.recorded_at,
        }
    }
}

/// How a case was closed, each time, the latest first; a case that is open again keeps it.
#[utoipa::path(get, path = "/api/v1/cases/{id}/closures", params(("id" = CaseId, Path)), responses((status = 200, body = Vec<ClosedWire>)))]
async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let closings = closing::store::list(&mut work, id).await?;
    work.record(Fact::Viewed, About::case(id)).await?;
    work.commit().await?;
    Ok(axum::Json(closings.into_iter().map(ClosedWire::from).collect::<Vec<_>>()).into_response())
}
