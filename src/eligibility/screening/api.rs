//! REST calls: every action of the pages. Figures are those of the pages: small ones are absent (S15).
use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::actions::{self, NewScreening};
use super::changes::{self, Turn};
use super::course::{Screening, State};
use super::figures::{self, Figures};
use super::store::Listed;
use super::{found as results, proposals, store};
use crate::access::Act;
use crate::api::{Asked, Nothing, Paged, Paging};
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ScreeningId, ServiceId, UnitId};
use crate::web::form::{Path, Query};
use crate::web::{Form, Routes};

/// The calls of screenings.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/screenings", index)
        .api("POST", "/api/v1/screenings", create)
        .api("GET", "/api/v1/screenings/{id}", show)
        .api("POST", "/api/v1/screenings/{id}/pause", pause)
        .api("POST", "/api/v1/screenings/{id}/continuation", go_on)
        .api("POST", "/api/v1/screenings/{id}/cancellation", cancel)
        .api("GET", "/api/v1/screenings/{id}/results", found)
        .api("GET", "/api/v1/screenings/{id}/changes", changed)
        .api("GET", "/api/v1/screenings/{id}/proposals", proposed)
        .api("POST", "/api/v1/screenings/{id}/proposals", propose)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(index, create, show, pause, go_on, cancel, found, changed, proposed, propose))]
struct Described;

/// A screening in a list.
#[derive(Debug, Serialize, ToSchema)]
struct ListedScreening {
    id: ScreeningId,
    unit: String,
    /// `waiting`, `running`, `paused`, `done`, `cancelled` or `failed`.
    state: String,
    services: i32,
    /// Cases gone through.
    done: i64,
    /// Cases that there are; absent before it begins.
    total: Option<i64>,
    begun_at: DateTime<Utc>,
}

impl From<Listed> for ListedScreening {
    fn from(one: Listed) -> Self {
        let Listed { id, unit_name, state, services, total, done, begun_at, .. } = one;
        Self { id, unit: unit_name, state, services, done, total, begun_at }
    }
}

/// The screenings of one's units, the latest first.
#[utoipa::path(get, path = "/api/v1/screenings", tag = "screenings",
    params(("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)), responses((status = 200, body = Paged<ListedScreening>)))]
async fn index(mut work: Work, paging: Paging) -> Result<Response, Error> {
    work.may(Act::ScreeningRun)?;
    let listed = store::list(&mut work, paging.after()?, paging.fetch()).await?;
    let page = paging.page(listed, |one| (one.begun_at, one.id.0))?;
    work.commit().await?;
    Ok(axum::Json(page.map(ListedScreening::from)).into_response())
}

/// A screening to begin.
#[derive(Debug, Deserialize, ToSchema)]
struct NewScreeningWire {
    /// The unit; all below it are screened too.
    #[serde(default)]
    unit: Option<UnitId>,
    /// Numbers of standard case types; all of them when absent.
    #[serde(default)]
    case_types: Vec<i16>,
    /// Public services that have a rule; all of them when absent.
    #[serde(default)]
    services: Vec<ServiceId>,
}

/// What was begun.
#[derive(Debug, Serialize, ToSchema)]
struct ScreeningMade {
    id: ScreeningId,
}

/// Begins a screening. Protected and restricted cases are never part of one.
#[utoipa::path(post, path = "/api/v1/screenings", tag = "screenings", request_body = NewScreeningWire,
    responses((status = 201, body = ScreeningMade), (status = 409), (status = 422)))]
async fn create(mut work: Work, asked: Asked<NewScreeningWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let NewScreeningWire { unit, case_types, services } = &asked.body;
    let new = NewScreening { unit: *unit, case_types: case_types.clone(), services: services.clone() };
    let id = actions::begin(&mut work, &new).await?;
    asked.answer(work, StatusCode::CREATED, Some(format!("/api/v1/screenings/{id}")), &ScreeningMade { id }).await
}

/// What was found of one service. Hidden figures are absent.
#[derive(Debug, Serialize, ToSchema)]
struct ScreenedService {
    service: ServiceId,
    name: String,
    provider: String,
    /// The version of the service's rule.
    rule: i32,
    eligible: Option<u64>,
    not_eligible: Option<u64>,
    unknown: Option<u64>,
    /// The fields that most of the unknown cases lack.
    lacking: Vec<String>,
    newly_eligible: Option<u64>,
    no_longer_eligible: Option<u64>,
    /// Eligible and not proposed, by reason.
    left_out: BTreeMap<String, Option<u64>>,
}

impl From<Figures> for ScreenedService {
    fn from(one: Figures) -> Self {
        Self {
            service: one.service,
            name: one.name,
            provider: one.provider,
            rule: one.number,
            eligible: one.eligible,
            not_eligible: one.not_eligible,
            unknown: one.unknown,
            lacking: one.lacking,
            newly_eligible: one.newly,
            no_longer_eligible: one.no_longer,
            left_out: one.left_out,
        }
    }
}

/// A screening.
#[derive(Debug, Serialize, ToSchema)]
struct ScreeningWire {
    id: ScreeningId,
    unit: UnitId,
    case_types: Vec<i16>,
    /// `waiting`, `running`, `paused`, `done`, `cancelled` or `failed`.
    state: String,
    done: i64,
    total: Option<i64>,
    /// With which it is compared.
    previous: Option<ScreeningId>,
    begun_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    proposed_at: Option<DateTime<Utc>>,
    /// What was found, once it is done.
    services: Vec<ScreenedService>,
}

fn wire(one: &Screening) -> Result<ScreeningWire, Error> {
    let services = if one.state == State::Done { figures::of(one)? } else { Vec::new() };
    Ok(ScreeningWire {
        id: one.id,
        unit: one.unit,
        case_types: one.case_types.clone(),
        state: one.state.as_str().to_owned(),
        done: one.done,
        total: one.total,
        previous: one.previous,
        begun_at: one.begun_at,
        ended_at: one.ended_at,
        proposed_at: one.proposed_at,
        services: services.into_iter().map(ScreenedService::from).collect(),
    })
}

/// A screening with what it found.
#[utoipa::path(get, path = "/api/v1/screenings/{id}", tag = "screenings", params(("id" = ScreeningId, Path)), responses((status = 200, body = ScreeningWire), (status = 404)))]
async fn show(mut work: Work, Path(id): Path<ScreeningId>) -> Result<Response, Error> {
    let screening = store::find(&mut work, id).await?;
    work.may(Act::ScreeningRun)?;
    work.record(Fact::Viewed, About::subjects([id.0])).await?;
    work.commit().await?;
    Ok(axum::Json(wire(&screening)?).into_response())
}

async fn answer(mut work: Work, id: ScreeningId, asked: &Asked<Option<Nothing>>) -> Result<Response, Error> {
    let screening = wire(&store::find(&mut work, id).await?)?;
    asked.answer(work, StatusCode::OK, None, &screening).await
}

/// Stops a screening for now.
#[utoipa::path(post, path = "/api/v1/screenings/{id}/pause", tag = "screenings", params(("id" = ScreeningId, Path)), responses((status = 200, body = ScreeningWire), (status = 404), (status = 409)))]
async fn pause(mut work: Work, Path(id): Path<ScreeningId>, asked: Asked<Option<Nothing>>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let screening = store::find(&mut work, id).await?;
    actions::pause(&mut work, &screening).await?;
    answer(work, id, &asked).await
}

/// Lets a screening go on where it was.
#[utoipa::path(post, path = "/api/v1/screenings/{id}/continuation", tag = "screenings", params(("id" = ScreeningId, Path)), responses((status = 200, body = ScreeningWire), (status = 404), (status = 409)))]
async fn go_on(mut work: Work, Path(id): Path<ScreeningId>, asked: Asked<Option<Nothing>>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let screening = store::find(&mut work, id).await?;
    actions::go_on(&mut work, &screening).await?;
    answer(work, id, &asked).await
}

/// Ends a screening before its end.
#[utoipa::path(post, path = "/api/v1/screenings/{id}/cancellation", tag = "screenings", params(("id" = ScreeningId, Path)), responses((status = 200, body = ScreeningWire), (status = 404), (status = 409)))]
async fn cancel(mut work: Work, Path(id): Path<ScreeningId>, asked: Asked<Option<Nothing>>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let screening = store::find(&mut work, id).await?;
    actions::cancel(&mut work, &screening).await?;
    answer(work, id, &asked).await
}

/// A case that a service was judged for.
#[derive(Debug, Serialize, ToSchema)]
struct ScreeningResult {
    case: CaseId,
    code: String,
    /// The place, from 0, of the condition of the rule that decided: the first that does not hold, or the first that is unknown.
    decided_by: Option<usize>,
}

/// Cases that one may see of which a screening found this for a service.
#[utoipa::path(get, path = "/api/v1/screenings/{id}/results", tag = "screenings",
    params(("id" = ScreeningId, Path), ("service" = Option<ServiceId>, Query, description = "The first one without it"),
        ("verdict" = Option<String>, Query, description = "`eligible` (as without it), `not_eligible` or `unknown`"),
        ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Paged<ScreeningResult>), (status = 404), (status = 422)))]
async fn found(mut work: Work, Path(id): Path<ScreeningId>, Query(query): Query, paging: Paging) -> Result<Response, Error> {
    let screening = store::find(&mut work, id).await?;
    work.may(Act::ScreeningRun)?;
    let line = line_of(&screening, &query)?;
    let verdict = match query.value("verdict") {
        "" => rules::Verdict::Eligible,
        code => results::parse(code).ok_or_else(|| invalid("verdict", "not_a_choice"))?,
    };
    figures::found(&screening, line, verdict)?;
    let found = results::list(&mut work, &screening, (line, verdict), paging.after()?, paging.fetch()).await?;
    let page = paging.page(found, |one| one.case.0)?;
    work.record(Fact::Viewed, About::subjects(page.items.iter().map(|one| one.case.0))).await?;
    work.commit().await?;
    let wire = |one: results::Found| ScreeningResult { case: one.case, decided_by: one.decided_by(), code: one.code };
    Ok(axum::Json(page.map(wire)).into_response())
}

// The line of the service that is asked about, of those that the reader sees.
fn line_of(screening: &Screening, query: &Form) -> Result<usize, Error> {
    let asked = query.value("service");
    let line = screening.lines.iter().position(|line| line.is_seen && (asked.is_empty() || line.service.to_string() == asked));
    line.ok_or_else(|| invalid("service", "not_a_choice"))
}

/// A case whose verdict changed.
#[derive(Debug, Serialize, ToSchema)]
struct ScreeningChange {
    case: CaseId,
    code: String,
}

/// Cases that one may see whose verdict on a service changed since the screening before.
#[utoipa::path(get, path = "/api/v1/screenings/{id}/changes", tag = "screenings",
    params(("id" = ScreeningId, Path), ("service" = Option<ServiceId>, Query, description = "The first one without it"),
        ("turn" = Option<String>, Query, description = "`newly` (as without it) or `no_longer` eligible"),
        ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Paged<ScreeningChange>), (status = 404), (status = 422)))]
async fn changed(mut work: Work, Path(id): Path<ScreeningId>, Query(query): Query, paging: Paging) -> Result<Response, Error> {
    let screening = store::find(&mut work, id).await?;
    work.may(Act::ScreeningRun)?;
    let line = line_of(&screening, &query)?;
    let turn = match query.value("turn") {
        "" => Turn::Newly,
        code => Turn::parse(code).ok_or_else(|| invalid("turn", "not_a_choice"))?,
    };
    figures::changed(&screening, line, turn)?;
    let found = changes::list(&mut work, &screening, (line, turn), paging.after()?, paging.fetch()).await?;
    let page = paging.page(found, |one| one.case.0)?;
    work.record(Fact::Viewed, About::subjects(page.items.iter().map(|one| one.case.0))).await?;
    work.commit().await?;
    Ok(axum::Json(page.map(|one| ScreeningChange { case: one.case, code: one.code })).into_response())
}

/// A case whose person could be asked whether they agree to be referred.
#[derive(Debug, Serialize, ToSchema)]
struct ScreeningProposal {
    id: Uuid,
    case: CaseId,
    code: String,
    service: String,
    /// `proposed`, `waits` or `asked`.
    state: String,
    /// Why it waits: `no_place`, `not_accepting`, `places_unsaid` or `next_round`.
    reason: Option<String>,
    /// What came of asking: the status of the newest referral to the service since, or `not_referred`, `unwanted` or `refused`.
    came: Option<String>,
    /// The code of the reason why nobody is referred.
    why: Option<String>,
}

/// The proposals of a screening, of the cases that one may see.
#[utoipa::path(get, path = "/api/v1/screenings/{id}/proposals", tag = "screenings",
    params(("id" = ScreeningId, Path), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Paged<ScreeningProposal>), (status = 404)))]
async fn proposed(mut work: Work, Path(id): Path<ScreeningId>, paging: Paging) -> Result<Response, Error> {
    store::find(&mut work, id).await?;
    work.may(Act::ScreeningRun)?;
    let found = proposals::list(&mut work, id, paging.after()?, paging.fetch()).await?;
    let page = paging.page(found, |one| one.id)?;
    work.record(Fact::Viewed, About::subjects(page.items.iter().map(|one| one.case.0))).await?;
    work.commit().await?;
    let wire = |one: proposals::Proposal| ScreeningProposal {
        id: one.id,
        case: one.case,
        code: one.code,
        service: one.service,
        state: one.state,
        reason: one.reason,
        came: one.came,
        why: one.why,
    };
    Ok(axum::Json(page.map(wire)).into_response())
}

/// Gives the proposals to the workers, each a task to ask for consent. Nothing is sent.
#[utoipa::path(post, path = "/api/v1/screenings/{id}/proposals", tag = "screenings", params(("id" = ScreeningId, Path)), responses((status = 200, body = ScreeningWire), (status = 404), (status = 409)))]
async fn propose(mut work: Work, Path(id): Path<ScreeningId>, asked: Asked<Option<Nothing>>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let screening = store::find(&mut work, id).await?;
    actions::propose(&mut work, &screening).await?;
    answer(work, id, &asked).await
}
