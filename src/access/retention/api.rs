//! REST calls of retention: the cases whose time is over, proposing and deciding, holds.
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::actions::{self, NewHold};
use super::store::{self, After, Due, Hold, Wanted};
use super::{MOST_LISTED, STATES};
use crate::api::Asked;
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId};
use crate::web::Routes;
use crate::web::form::Query;

#[derive(OpenApi)]
#[openapi(paths(index, propose, decide, holds, hold, lift))]
struct Described;

/// The calls of this file.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/retention", index)
        .api("POST", "/api/v1/retention/proposals", propose)
        .api("POST", "/api/v1/retention/decisions", decide)
        .api("GET", "/api/v1/retention/holds", holds)
        .api("POST", "/api/v1/retention/holds", hold)
        .api("POST", "/api/v1/retention/lifts", lift)
        .described::<Described>()
}

/// A case whose time is over.
#[derive(Debug, Serialize, ToSchema)]
struct RetainedWire {
    case: CaseId,
    code: String,
    closed_on: NaiveDate,
    /// From this day its time runs: of a child, from the age that its pack says.
    counts_from: NaiveDate,
    due_on: NaiveDate,
    /// `due`, `proposed`, `approved` or `held`.
    state: String,
    /// `legal_hold`, `complaint`, `tracing`, `reunification`, `best_interests`, `referral`.
    held: Vec<String>,
    /// Who proposed that it is erased.
    proposed_by_name: Option<String>,
    /// When it is erased.
    erase_at: Option<DateTime<Utc>>,
}

impl From<Due> for RetainedWire {
    fn from(due: Due) -> Self {
        let (proposed_by_name, erase_at) = due.erasure.map_or((None, None), |one| (Some(one.by_name), one.erase_at));
        Self {
            case: due.case,
            code: due.code,
            closed_on: due.closed_on,
            counts_from: due.counts_from,
            due_on: due.due_on,
            state: due.state,
            held: due.held,
            proposed_by_name,
            erase_at,
        }
    }
}

/// A page of the list.
#[derive(Debug, Serialize, ToSchema)]
struct RetainedPage {
    /// Fifty at most; there may be none although a next page has some.
    cases: Vec<RetainedWire>,
    /// Value of `after` for the next page; absent on the last.
    next: Option<String>,
}

/// The cases whose time is over and for which the caller answers, those of longest ago first.
#[utoipa::path(get, path = "/api/v1/retention", tag = "retention", params(("state" = Option<String>, Query, description = "`due`, `proposed`, `approved` or `held`"), ("after" = Option<String>, Query, description = "The `next` of the page before")), responses((status = 200, body = RetainedPage), (status = 403), (status = 422)))]
async fn index(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    actions::may_look(&work)?;
    let state = Some(query.value("state")).filter(|state| !state.is_empty());
    if state.is_some_and(|state| !STATES.contains(&state)) {
        return Err(invalid("state", "not_a_choice"));
    }
    let after = After::read(query.value("after"));
    if after.is_none() && !query.value("after").is_empty() {
        return Err(invalid("after", "not_understood"));
    }
    let listed = store::list(&mut work, Wanted { state, after, most: MOST_LISTED, ..Wanted::default() }).await?;
    work.record(Fact::Viewed, About::subjects(listed.rows.iter().map(|one| one.case.0))).await?;
    work.commit().await?;
    let cases = listed.rows.into_iter().map(RetainedWire::from).collect();
    Ok(axum::Json(RetainedPage { cases, next: listed.next.map(After::write) }).into_response())
}

/// That cases be erased.
#[derive(Debug, Deserialize, ToSchema)]
struct ErasureAsked {
    /// At most fifty, all of them due.
    #[serde(default)]
    cases: Vec<CaseId>,
    /// Why, without names; the same for all of them.
    #[serde(default)]
    words: String,
}

/// What was proposed.
#[derive(Debug, Serialize, ToSchema)]
struct ErasureWire {
    erasures: Vec<RowId>,
}

/// Proposes that cases are erased; somebody else decides.
#[utoipa::path(post, path = "/api/v1/retention/proposals", tag = "retention", request_body = ErasureAsked, responses((status = 201, body = ErasureWire), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn propose(mut work: Work, asked: Asked<ErasureAsked>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let erasures = actions::propose(&mut work, &asked.body.cases, &asked.body.words).await?;
    asked.answer(work, StatusCode::CREATED, None, &ErasureWire { erasures }).await
}

/// What is decided of what was proposed.
#[derive(Debug, Deserialize, ToSchema)]
struct ErasureDecisionAsked {
    /// At most fifty.
    #[serde(default)]
    cases: Vec<CaseId>,
    /// `approve` or `refuse`.
    #[serde(default)]
    decision: String,
}

/// The cases of a decision.
#[derive(Debug, Serialize, ToSchema)]
struct ErasureDecisionWire {
    cases: Vec<CaseId>,
}

/// Approves what somebody else proposed, or refuses it. What is approved is erased by a job, once receivers had their time to delete what they have.
#[utoipa::path(post, path = "/api/v1/retention/decisions", tag = "retention", request_body = ErasureDecisionAsked, responses((status = 200, body = ErasureDecisionWire), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn decide(mut work: Work, asked: Asked<ErasureDecisionAsked>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let cases = asked.body.cases.clone();
    match asked.body.decision.as_str() {
        "approve" => actions::approve(&mut work, &cases).await?,
        "refuse" => actions::refuse(&mut work, &cases).await?,
        "" => return Err(invalid("decision", "required")),
        _ => return Err(invalid("decision", "not_a_choice")),
    }
    asked.answer(work, StatusCode::OK, None, &ErasureDecisionWire { cases }).await
}

/// A hold that is in force.
#[derive(Debug, Serialize, ToSchema)]
struct HoldWire {
    id: RowId,
    case: CaseId,
    code: String,
    /// `court`, `investigation`, `claim`, `audit` or `person_asks`.
    reason: String,
    /// The number of the file elsewhere.
    reference: String,
    placed_by_name: String,
    placed_at: DateTime<Utc>,
}

impl From<Hold> for HoldWire {
    fn from(hold: Hold) -> Self {
        Self {
            id: hold.id,
            case: hold.case,
            code: hold.code,
            reason: hold.reason,
            reference: hold.reference,
            placed_by_name: hold.by_name,
            placed_at: hold.placed_at,
        }
    }
}

/// The holds that are in force, on cases for which the caller answers.
#[utoipa::path(get, path = "/api/v1/retention/holds", tag = "retention", responses((status = 200, body = Vec<HoldWire>), (status = 403)))]
async fn holds(mut work: Work) -> Result<Response, Error> {
    actions::may_look(&work)?;
    let holds = store::holds(&mut work, None).await?;
    work.record(Fact::Viewed, About::subjects(holds.iter().map(|one| one.case.0))).await?;
    work.commit().await?;
    Ok(axum::Json(holds.into_iter().map(HoldWire::from).collect::<Vec<_>>()).into_response())
}

/// A hold to be placed.
#[derive(Debug, Deserialize, ToSchema)]
struct HoldAsked {
    /// Open or closed.
    #[serde(default)]
    case: Option<CaseId>,
    /// `court`, `investigation`, `claim`, `audit` or `person_asks`.
    #[serde(default)]
    reason: String,
    /// The number of the file elsewhere, without names; at most 80 characters.
    #[serde(default)]
    reference: String,
}

/// The hold.
#[derive(Debug, Serialize, ToSchema)]
struct HoldIdWire {
    id: RowId,
}

/// Places a hold: as long as it stands the case is not erased.
#[utoipa::path(post, path = "/api/v1/retention/holds", tag = "retention", request_body = HoldAsked, responses((status = 201, body = HoldIdWire), (status = 403), (status = 422)))]
async fn hold(mut work: Work, asked: Asked<HoldAsked>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let body = &asked.body;
    let case = Some(body.case.ok_or_else(|| invalid("case", "required"))?);
    let new = NewHold { case, code: String::new(), reason: body.reason.clone(), reference: body.reference.clone() };
    let id = actions::hold(&mut work, &new).await?;
    asked.answer(work, StatusCode::CREATED, None, &HoldIdWire { id }).await
}

/// Which hold is lifted.
#[derive(Debug, Deserialize, ToSchema)]
struct LiftAsked {
    #[serde(default)]
    hold: Option<RowId>,
}

/// Lifts a hold that somebody else placed.
#[utoipa::path(post, path = "/api/v1/retention/lifts", tag = "retention", request_body = LiftAsked, responses((status = 200, body = HoldIdWire), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn lift(mut work: Work, asked: Asked<LiftAsked>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let id = asked.body.hold.ok_or_else(|| invalid("hold", "required"))?;
    actions::lift(&mut work, id).await?;
    asked.answer(work, StatusCode::OK, None, &HoldIdWire { id }).await
}
