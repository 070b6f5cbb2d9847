//! REST calls of assessments: every action of the pages.
use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::actions::{self, Finalising};
use super::store::Said;
use super::{Round, Standing, store};
use crate::api::{Asked, IfMatch, versioned};
use crate::audit::{About, Fact};
use crate::cases::Case;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{AssessmentId, CaseId};
use crate::web::Routes;
use crate::web::form::{Path, Query};

/// The calls of this room.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/cases/{id}/assessments", index)
        .api("POST", "/api/v1/cases/{id}/assessments", begin)
        .api("GET", "/api/v1/cases/{id}/assessments/comparison", compare)
        .api("GET", "/api/v1/cases/{id}/assessments/{assessment}", show)
        .api("POST", "/api/v1/cases/{id}/assessments/{assessment}/answers", save)
        .api("POST", "/api/v1/cases/{id}/assessments/{assessment}/finalisation", finalise)
        .api("POST", "/api/v1/cases/{id}/assessments/{assessment}/approval", approve)
        .api("POST", "/api/v1/cases/{id}/assessments/{assessment}/return", give_back)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(index, begin, compare, show, save, finalise, approve, give_back))]
struct Described;

/// Points of a domain.
#[derive(Debug, Serialize, ToSchema)]
struct PointsWire {
    /// A domain of the tool.
    domain: String,
    score: i32,
    /// The most that it can come to.
    most: i32,
}

/// A round without its answers.
#[derive(Debug, Serialize, ToSchema)]
struct RoundWire {
    id: AssessmentId,
    /// A tool of the pack.
    tool: String,
    pack: String,
    /// The version of the pack that it began with, and keeps.
    pack_version: i32,
    round: i32,
    /// `draft`, `finalised` or `approved`.
    state: String,
    /// Somebody who wrote none of it must approve it.
    needs_approval: bool,
    /// By domain; empty for a draft.
    points: Vec<PointsWire>,
    /// The level of risk that the pack's rule proposed.
    level: Option<String>,
    /// The level that the worker set upon it.
    risk: Option<String>,
    /// Why that is lower than proposed, or than before: a code of the pack.
    risk_reason: Option<String>,
    /// The tool that is due because of it.
    goes_on_to: Option<String>,
    next_due_at: Option<DateTime<Utc>>,
    happened_at: Option<DateTime<Utc>>,
    recorded_at: DateTime<Utc>,
    finalised_at: Option<DateTime<Utc>>,
    approved_at: Option<DateTime<Utc>>,
    /// For the next `If-Match`.
    version: i32,
}

impl From<&Round> for RoundWire {
    fn from(round: &Round) -> Self {
        let points = round.domains.iter().filter_map(|domain| {
            let (score, most) = round.of_domain(domain)?;
            Some(PointsWire { domain: domain.clone(), score, most })
        });
        Self {
            id: round.id,
            tool: round.tool.clone(),
            pack: round.pack.clone(),
            pack_version: round.pack_version,
            round: round.round,
            state: round.state.clone(),
            needs_approval: round.needs_approval,
            points: points.collect(),
            level: round.level.clone(),
            risk: round.risk.clone(),
            risk_reason: round.risk_reason.clone(),
            goes_on_to: round.goes_on_to.clone(),
            next_due_at: round.next_due_at,
            happened_at: round.happened_at,
            recorded_at: round.recorded_at,
            finalised_at: round.finalised_at,
            approved_at: round.approved_at,
            version: round.version,
        }
    }
}

/// The assessments of a case.
#[derive(Debug, Serialize, ToSchema)]
struct AssessmentsWire {
    /// Codes of the tools that may be gone through here.
    tools: Vec<String>,
    /// The tool that is due because a screening leads to it.
    owed: Option<String>,
    /// The newest of each tool first.
    rounds: Vec<RoundWire>,
}

/// A round with what it says.
#[derive(Debug, Serialize, ToSchema)]
struct SaidWire {
    #[serde(flatten)]
    round: RoundWire,
    /// The question's code and the answer.
    answers: BTreeMap<String, String>,
    /// What whoever approved it or gave it back says.
    remark: String,
}

/// The tool to go through.
#[derive(Debug, Deserialize, ToSchema)]
struct BeginWire {
    /// A tool offered on this case.
    #[serde(default)]
    tool: String,
}

/// Answers to save.
#[derive(Debug, Deserialize, ToSchema)]
struct AnswersWire {
    /// The question's code and the answer; an empty one takes it away, those not named stay.
    #[serde(default)]
    answers: BTreeMap<String, String>,
}

/// How a round is finalised.
#[derive(Debug, Deserialize, ToSchema)]
struct FinalisingWire {
    /// The level of risk that it shows.
    #[serde(default)]
    risk: String,
    /// Why that is lower than proposed, or than it was: a code of the pack.
    #[serde(default)]
    reason: String,
    /// When the conversation took place; now when absent.
    happened_at: Option<DateTime<Utc>>,
    /// Why it is written down more than a day later.
    #[serde(default)]
    late_reason: String,
}

/// A word to whoever wrote it.
#[derive(Debug, Deserialize, ToSchema)]
struct RemarkWire {
    /// Needed to give it back.
    #[serde(default)]
    remark: String,
}

/// What was begun or changed.
#[derive(Debug, Serialize, ToSchema)]
struct AssessmentMade {
    id: AssessmentId,
    state: String,
    /// For the next `If-Match`.
    version: i32,
}

impl From<Round> for AssessmentMade {
    fn from(round: Round) -> Self {
        Self { id: round.id, state: round.state, version: round.version }
    }
}

async fn found(work: &mut Work, (id, assessment): (CaseId, AssessmentId)) -> Result<(Case, Round), Error> {
    let case = Case::read(work, id).await?;
    let round = store::find(work, case.id, assessment).await?;
    Ok((case, round))
}

async fn changed<T>(mut work: Work, asked: &Asked<T>, (id, assessment): (CaseId, AssessmentId)) -> Result<Response, Error> {
    let round = store::find(&mut work, id, assessment).await?;
    asked.answer(work, StatusCode::OK, None, &AssessmentMade::from(round)).await
}

/// The assessments of a case, and what is due.
#[utoipa::path(get, path = "/api/v1/cases/{id}/assessments", tag = "assessments", params(("id" = CaseId, Path)), responses((status = 200, body = AssessmentsWire)))]
async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = Case::read(&mut work, id).await?;
    let standing = Standing::of(&mut work, &case).await?;
    work.record(Fact::Viewed, About::case(id).with(case.person_id)).await?;
    work.commit().await?;
    let owed = standing.offered.tools().find(|tool| standing.owes(&tool.code).is_some()).map(|tool| tool.code.clone());
    let tools = standing.offered.tools().map(|tool| tool.code.clone()).collect();
    let rounds = standing.rounds.iter().map(RoundWire::from).collect();
    Ok(axum::Json(AssessmentsWire { tools, owed, rounds }).into_response())
}

/// Begins a round of a tool; where one of it is a draft already, answers that one.
#[utoipa::path(post, path = "/api/v1/cases/{id}/assessments", tag = "assessments", params(("id" = CaseId, Path)), request_body = BeginWire, responses((status = 201, body = AssessmentMade)))]
async fn begin(mut work: Work, Path(id): Path<CaseId>, asked: Asked<BeginWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = Case::read(&mut work, id).await?;
    let made = actions::begin(&mut work, &case, &asked.body.tool).await?;
    let round = store::find(&mut work, id, made).await?;
    let path = format!("/api/v1{}", round.path());
    asked.answer(work, StatusCode::CREATED, Some(path), &AssessmentMade::from(round)).await
}

/// The finalised rounds of a tool, `tool` in the query, the newest first, each with its answers.
#[utoipa::path(get, path = "/api/v1/cases/{id}/assessments/comparison", tag = "assessments", params(("id" = CaseId, Path), ("tool" = String, Query)), responses((status = 200, body = Vec<SaidWire>)))]
async fn compare(mut work: Work, Path(id): Path<CaseId>, Query(query): Query) -> Result<Response, Error> {
    let case = Case::read(&mut work, id).await?;
    let mut rounds = store::list(&mut work, id).await?;
    rounds.retain(|round| round.tool == query.value("tool") && !round.is_draft());
    let said = store::said(&mut work, id, &rounds).await?;
    let about = rounds.iter().fold(About::case(id).with(case.person_id), |about, round| about.with(round.id));
    work.record(Fact::Viewed, about).await?;
    work.commit().await?;
    let wire = rounds.iter().zip(said).map(|(round, said)| said_wire(round, said)).collect::<Vec<_>>();
    Ok(axum::Json(wire).into_response())
}

fn said_wire(round: &Round, Said { answers, remark }: Said) -> SaidWire {
    SaidWire { round: RoundWire::from(round), answers, remark }
}

/// A round with its answers.
#[utoipa::path(get, path = "/api/v1/cases/{id}/assessments/{assessment}", tag = "assessments", params(("id" = CaseId, Path), ("assessment" = AssessmentId, Path)), responses((status = 200, body = SaidWire)))]
async fn show(mut work: Work, Path(ids): Path<(CaseId, AssessmentId)>) -> Result<Response, Error> {
    let (case, round) = found(&mut work, ids).await?;
    let said = store::said(&mut work, case.id, std::slice::from_ref(&round)).await?.into_iter().next().unwrap_or_default();
    work.record(Fact::Viewed, actions::about(&case, round.id)).await?;
    work.commit().await?;
    Ok(versioned(round.version, said_wire(&round, said)))
}

/// Saves answers into a draft, over the version that `If-Match` names.
#[utoipa::path(post, path = "/api/v1/cases/{id}/assessments/{assessment}/answers", tag = "assessments", params(("id" = CaseId, Path), ("assessment" = AssessmentId, Path)), request_body = AnswersWire, responses((status = 200, body = AssessmentMade)))]
async fn save(
    mut work: Work,
    Path(ids): Path<(CaseId, AssessmentId)>,
    version: IfMatch,
    asked: Asked<AnswersWire>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, round) = found(&mut work, ids).await?;
    actions::save(&mut work, &case, &round, version.0, &asked.body.answers).await?;
    changed(work, &asked, ids).await
}

/// Finalises a draft: counts its points, sets the level of risk, leaves what follows as a task. It never changes afterwards.
#[utoipa::path(post, path = "/api/v1/cases/{id}/assessments/{assessment}/finalisation", tag = "assessments", params(("id" = CaseId, Path), ("assessment" = AssessmentId, Path)), request_body = FinalisingWire, responses((status = 200, body = AssessmentMade)))]
async fn finalise(
    mut work: Work,
    Path(ids): Path<(CaseId, AssessmentId)>,
    version: IfMatch,
    asked: Asked<FinalisingWire>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, round) = found(&mut work, ids).await?;
    let FinalisingWire { risk, reason, happened_at, late_reason } = &asked.body;
    let how = Finalising {
        version: version.0,
        happened_at: *happened_at,
        late_reason: late_reason.clone(),
        risk: risk.clone(),
        reason: reason.clone(),
    };
    actions::finalise(&mut work, case, &round, &how).await?;
    changed(work, &asked, ids).await
}

/// Approves a finalised round; never one that the caller wrote in.
#[utoipa::path(post, path = "/api/v1/cases/{id}/assessments/{assessment}/approval", tag = "assessments", params(("id" = CaseId, Path), ("assessment" = AssessmentId, Path)), request_body = RemarkWire, responses((status = 200, body = AssessmentMade)))]
async fn approve(
    mut work: Work,
    Path(ids): Path<(CaseId, AssessmentId)>,
    version: IfMatch,
    asked: Asked<RemarkWire>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, round) = found(&mut work, ids).await?;
    actions::approve(&mut work, &case, &round, version.0, &asked.body.remark).await?;
    changed(work, &asked, ids).await
}

/// Gives a finalised round back to whoever wrote it, with a remark: it is a draft again.
#[utoipa::path(post, path = "/api/v1/cases/{id}/assessments/{assessment}/return", tag = "assessments", params(("id" = CaseId, Path), ("assessment" = AssessmentId, Path)), request_body = RemarkWire, responses((status = 200, body = AssessmentMade)))]
async fn give_back(
    mut work: Work,
    Path(ids): Path<(CaseId, AssessmentId)>,
    version: IfMatch,
    asked: Asked<RemarkWire>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, round) = found(&mut work, ids).await?;
    actions::give_back(&mut work, &case, &round, version.0, &asked.body.remark).await?;
    changed(work, &asked, ids).await
}
