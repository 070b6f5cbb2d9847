//! REST calls of plans: every action of the pages.
mod wire;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use utoipa::OpenApi;

use super::actions::{self, Agreeing, Reviewing, code};
use super::pages::{lines_of, reviews};
use super::plan::{Reviewed, Said};
use super::signed::Signed;
use super::{Line, Plan, Standing, store};
use crate::api::{Asked, IfMatch, versioned};
use crate::audit::{About, Fact};
use crate::cases::Case;
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PlanId, PlanLineId};
use crate::web::Routes;
use crate::web::form::Path;
use wire::{
    AgreeingWire, CodeToWire, LineMade, LineWire, MarkWire, PlanMade, PlanWire, RemarkWire, ReviewingWire, SaidWire, WholeWire,
    WordsWire,
};

/// The calls of this room.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/cases/{id}/plans", index)
        .api("POST", "/api/v1/cases/{id}/plans", begin)
        .api("GET", "/api/v1/cases/{id}/plans/{plan}", show)
        .api("PUT", "/api/v1/cases/{id}/plans/{plan}/words", save)
        .api("POST", "/api/v1/cases/{id}/plans/{plan}/lines", write)
        .api("PUT", "/api/v1/cases/{id}/plans/{plan}/lines/{line}", change)
        .api("POST", "/api/v1/cases/{id}/plans/{plan}/lines/{line}/removal", remove)
        .api("POST", "/api/v1/cases/{id}/plans/{plan}/lines/{line}/state", mark)
        .api("POST", "/api/v1/cases/{id}/plans/{plan}/proposal", propose)
        .api("POST", "/api/v1/cases/{id}/plans/{plan}/draft", take_back)
        .api("POST", "/api/v1/cases/{id}/plans/{plan}/approval", approve)
        .api("POST", "/api/v1/cases/{id}/plans/{plan}/return", give_back)
        .api("POST", "/api/v1/cases/{id}/plans/{plan}/agreement", agree)
        .api("POST", "/api/v1/cases/{id}/plans/{plan}/codes", send_code)
        .api("POST", "/api/v1/cases/{id}/plans/{plan}/review", review)
        .api("POST", "/api/v1/cases/{id}/plans/{plan}/ending", end)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(
    index, begin, show, save, write, change, remove, mark, propose, take_back, approve, give_back, agree, send_code, review, end
))]
struct Described;

type Ids = Path<(CaseId, PlanId)>;
type LineIds = Path<(CaseId, PlanId, PlanLineId)>;

async fn found(work: &mut Work, (id, plan): (CaseId, PlanId)) -> Result<(Case, Plan), Error> {
    let case = Case::read(work, id).await?;
    let plan = store::find(work, case.id, plan).await?;
    Ok((case, plan))
}

async fn line_of(work: &mut Work, (id, plan, line): (CaseId, PlanId, PlanLineId)) -> Result<(Case, Plan, Line), Error> {
    let (case, plan) = found(work, (id, plan)).await?;
    let line = store::find_line(work, &plan, line).await?;
    Ok((case, plan, line))
}

async fn changed<T>(mut work: Work, asked: &Asked<T>, plan: &Plan) -> Result<Response, Error> {
    let plan = store::find(&mut work, plan.case_id, plan.id).await?;
    asked.answer(work, StatusCode::OK, None, &PlanMade::from(&plan)).await
}

async fn line_changed<T>(mut work: Work, asked: &Asked<T>, plan: &Plan, id: PlanLineId) -> Result<Response, Error> {
    let line = store::find_line(&mut work, plan, id).await?;
    asked.answer(work, StatusCode::OK, None, &LineMade { id, version: line.version }).await
}

/// The versions of a case's plan, the newest first.
#[utoipa::path(get, path = "/api/v1/cases/{id}/plans", tag = "plans", params(("id" = CaseId, Path)), responses((status = 200, body = Vec<PlanWire>)))]
async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = Case::read(&mut work, id).await?;
    let standing = Standing::of(&mut work, &case).await?;
    work.record(Fact::Viewed, About::case(id).with(case.person_id)).await?;
    work.commit().await?;
    Ok(axum::Json(standing.plans.iter().map(PlanWire::from).collect::<Vec<_>>()).into_response())
}

/// Begins a version, as a copy of the one that holds; where one is being written already, answers that one.
#[utoipa::path(post, path = "/api/v1/cases/{id}/plans", tag = "plans", params(("id" = CaseId, Path)), responses((status = 201, body = PlanMade)))]
async fn begin(mut work: Work, Path(id): Path<CaseId>, asked: Asked<serde_json::Value>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = Case::read(&mut work, id).await?;
    let made = actions::begin(&mut work, &case).await?;
    let plan = store::find(&mut work, id, made).await?;
    asked.answer(work, StatusCode::CREATED, Some(format!("/api/v1{}", plan.path())), &PlanMade::from(&plan)).await
}

/// A version with its lines, who agreed, and its reviews.
#[utoipa::path(get, path = "/api/v1/cases/{id}/plans/{plan}", tag = "plans", params(("id" = CaseId, Path), ("plan" = PlanId, Path)), responses((status = 200, body = WholeWire)))]
async fn show(mut work: Work, Path(ids): Ids) -> Result<Response, Error> {
    let (case, plan) = found(&mut work, ids).await?;
    let lines = lines_of(&mut work, &case, &plan).await?;
    let actions: Vec<PlanLineId> = lines.iter().filter(|line| line.is_action()).map(|line| line.id).collect();
    let referrals = store::referrals(&mut work, &plan, &actions).await?;
    let (said, remark) = store::said(&mut work, &plan).await?;
    let (agreements, reviews) = (store::agreements(&mut work, &plan).await?, reviews(&mut work, &plan).await?);
    work.record(Fact::Viewed, actions::about(&case, plan.id)).await?;
    work.commit().await?;
    let whole = WholeWire::of(&plan, (said, remark), (&lines, &referrals), (&agreements, &reviews));
    Ok(versioned(plan.version, whole))
}

/// Saves what stands above the goals, over the version that `If-Match` names.
#[utoipa::path(put, path = "/api/v1/cases/{id}/plans/{plan}/words", tag = "plans", params(("id" = CaseId, Path), ("plan" = PlanId, Path)), request_body = WordsWire, responses((status = 200, body = PlanMade)))]
async fn save(mut work: Work, Path(ids): Ids, version: IfMatch, asked: Asked<WordsWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, plan) = found(&mut work, ids).await?;
    let SaidWire { wants, limits, tried } = asked.body.said.clone();
    let said = Said { wants, limits, tried };
    actions::save(&mut work, &case, &plan, (version.0, &said, asked.body.review_on)).await?;
    changed(work, &asked, &plan).await
}

/// Adds a goal, a result or an action to a draft; a safety action to any plan that is not over.
#[utoipa::path(post, path = "/api/v1/cases/{id}/plans/{plan}/lines", tag = "plans", params(("id" = CaseId, Path), ("plan" = PlanId, Path)), request_body = LineWire, responses((status = 201, body = LineMade)))]
async fn write(mut work: Work, Path(ids): Ids, asked: Asked<LineWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, plan) = found(&mut work, ids).await?;
    let of = (asked.body.kind.as_str(), asked.body.under);
    let id = actions::write(&mut work, &case, &plan, of, &asked.body.typed()?).await?;
    asked.answer(work, StatusCode::CREATED, None, &LineMade { id, version: 1 }).await
}

/// Changes a line over its version that `If-Match` names.
#[utoipa::path(put, path = "/api/v1/cases/{id}/plans/{plan}/lines/{line}", tag = "plans", params(("id" = CaseId, Path), ("plan" = PlanId, Path), ("line" = PlanLineId, Path)), request_body = LineWire, responses((status = 200, body = LineMade)))]
async fn change(mut work: Work, Path(ids): LineIds, version: IfMatch, asked: Asked<LineWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, plan, line) = line_of(&mut work, ids).await?;
    actions::change(&mut work, &case, &plan, &line, version.0, &asked.body.typed()?).await?;
    line_changed(work, &asked, &plan, line.id).await
}

/// Takes a line out, read at the version that `If-Match` names, and with it what stands under it.
#[utoipa::path(post, path = "/api/v1/cases/{id}/plans/{plan}/lines/{line}/removal", tag = "plans", params(("id" = CaseId, Path), ("plan" = PlanId, Path), ("line" = PlanLineId, Path)), responses((status = 200, body = PlanMade)))]
async fn remove(
    mut work: Work,
    Path(ids): LineIds,
    version: IfMatch,
    asked: Asked<serde_json::Value>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, plan, line) = line_of(&mut work, ids).await?;
    actions::remove(&mut work, &case, &plan, &line, version.0).await?;
    changed(work, &asked, &plan).await
}

/// Says that an action is `done`, `not_done`, or `open` again, over its version that `If-Match` names.
#[utoipa::path(post, path = "/api/v1/cases/{id}/plans/{plan}/lines/{line}/state", tag = "plans", params(("id" = CaseId, Path), ("plan" = PlanId, Path), ("line" = PlanLineId, Path)), request_body = MarkWire, responses((status = 200, body = LineMade)))]
async fn mark(mut work: Work, Path(ids): LineIds, version: IfMatch, asked: Asked<MarkWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, plan, line) = line_of(&mut work, ids).await?;
    actions::mark(&mut work, &case, &plan, &line, (version.0, &asked.body.state)).await?;
    line_changed(work, &asked, &plan, line.id).await
}

/// Puts a draft forward, to be approved where the pack asks and then agreed to.
#[utoipa::path(post, path = "/api/v1/cases/{id}/plans/{plan}/proposal", tag = "plans", params(("id" = CaseId, Path), ("plan" = PlanId, Path)), responses((status = 200, body = PlanMade)))]
async fn propose(mut work: Work, Path(ids): Ids, version: IfMatch, asked: Asked<serde_json::Value>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, plan) = found(&mut work, ids).await?;
    actions::propose(&mut work, &case, &plan, version.0).await?;
    changed(work, &asked, &plan).await
}

/// Takes what was put forward back, to write in it again.
#[utoipa::path(post, path = "/api/v1/cases/{id}/plans/{plan}/draft", tag = "plans", params(("id" = CaseId, Path), ("plan" = PlanId, Path)), responses((status = 200, body = PlanMade)))]
async fn take_back(mut work: Work, Path(ids): Ids, version: IfMatch, asked: Asked<serde_json::Value>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, plan) = found(&mut work, ids).await?;
    actions::take_back(&mut work, &case, &plan, version.0).await?;
    changed(work, &asked, &plan).await
}

/// Approves what was put forward; never what the caller wrote in.
#[utoipa::path(post, path = "/api/v1/cases/{id}/plans/{plan}/approval", tag = "plans", params(("id" = CaseId, Path), ("plan" = PlanId, Path)), request_body = RemarkWire, responses((status = 200, body = PlanMade)))]
async fn approve(mut work: Work, Path(ids): Ids, version: IfMatch, asked: Asked<RemarkWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, plan) = found(&mut work, ids).await?;
    actions::approve(&mut work, &case, &plan, version.0, &asked.body.remark).await?;
    changed(work, &asked, &plan).await
}

/// Gives what was put forward back to whoever wrote it, with a remark: it is a draft again.
#[utoipa::path(post, path = "/api/v1/cases/{id}/plans/{plan}/return", tag = "plans", params(("id" = CaseId, Path), ("plan" = PlanId, Path)), request_body = RemarkWire, responses((status = 200, body = PlanMade)))]
async fn give_back(mut work: Work, Path(ids): Ids, version: IfMatch, asked: Asked<RemarkWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, plan) = found(&mut work, ids).await?;
    actions::give_back(&mut work, &case, &plan, version.0, &asked.body.remark).await?;
    changed(work, &asked, &plan).await
}

/// One side agrees; when nobody is missing, the plan holds and takes the place of the one before.
#[utoipa::path(post, path = "/api/v1/cases/{id}/plans/{plan}/agreement", tag = "plans", params(("id" = CaseId, Path), ("plan" = PlanId, Path)), request_body = AgreeingWire, responses((status = 200, body = PlanMade)))]
async fn agree(mut work: Work, Path(ids): Ids, version: IfMatch, asked: Asked<AgreeingWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, plan) = found(&mut work, ids).await?;
    let body = &asked.body;
    body.check()?;
    let mut how = Agreeing {
        version: version.0,
        side: body.side.clone(),
        person: body.person,
        way: body.way.clone(),
        proven: None,
        document: body.document,
        sealed: Signed {
            witness: body.witness.clone(),
            interpreter: body.interpreter.clone(),
            interpreter_bound: body.interpreter_bound,
            strokes: body.strokes.clone(),
            reason: body.reason.clone(),
        },
        language: body.language.clone(),
        happened_at: body.happened_at,
        late_reason: body.late_reason.clone(),
    };
    if how.way == "code" && !code::is_typed(&body.code) {
        return Err(invalid("code", "required"));
    }
    if how.way == "code" && how.person.is_some() {
        how.proven = code::prove(&mut work, &case, &plan, (how.person, body.code.as_str())).await?;
        if how.proven.is_none() {
            // A wrong code stays counted; the call is refused all the same.
            asked.free(&mut work).await?;
            work.commit().await?;
            return Err(invalid("code", "wrong_code"));
        }
    }
    actions::agree(&mut work, &case, &plan, &how).await?;
    changed(work, &asked, &plan).await
}

/// Sends a code to the telephone of somebody on the case, by which they agree. It counts for ten minutes and five tries; the newest alone counts.
#[utoipa::path(post, path = "/api/v1/cases/{id}/plans/{plan}/codes", tag = "plans", params(("id" = CaseId, Path), ("plan" = PlanId, Path)), request_body = CodeToWire, responses((status = 200, body = PlanMade)))]
async fn send_code(mut work: Work, Path(ids): Ids, asked: Asked<CodeToWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, plan) = found(&mut work, ids).await?;
    let person = asked.body.person.ok_or_else(|| invalid("person", "required"))?;
    code::send(&mut work, &case, &plan, code::CodeTo { person, in_hand: asked.body.in_hand }).await?;
    changed(work, &asked, &plan).await
}

/// Writes down how far each result has come.
#[utoipa::path(post, path = "/api/v1/cases/{id}/plans/{plan}/review", tag = "plans", params(("id" = CaseId, Path), ("plan" = PlanId, Path)), request_body = ReviewingWire, responses((status = 200, body = PlanMade)))]
async fn review(mut work: Work, Path(ids): Ids, version: IfMatch, asked: Asked<ReviewingWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, plan) = found(&mut work, ids).await?;
    let how = reviewing(&asked.body, version)?;
    actions::review(&mut work, &case, &plan, &how).await?;
    changed(work, &asked, &plan).await
}

/// Evaluates a plan at its end, and ends it.
#[utoipa::path(post, path = "/api/v1/cases/{id}/plans/{plan}/ending", tag = "plans", params(("id" = CaseId, Path), ("plan" = PlanId, Path)), request_body = ReviewingWire, responses((status = 200, body = PlanMade)))]
async fn end(mut work: Work, Path(ids): Ids, version: IfMatch, asked: Asked<ReviewingWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, plan) = found(&mut work, ids).await?;
    let how = Reviewing { ends: true, ..reviewing(&asked.body, version)? };
    actions::review(&mut work, &case, &plan, &how).await?;
    changed(work, &asked, &plan).await
}

fn reviewing(body: &ReviewingWire, version: IfMatch) -> Result<Reviewing, Error> {
    body.check()?;
    Ok(Reviewing {
        version: version.0,
        ends: false,
        progress: body.progress.clone().into_iter().collect(),
        said: Reviewed { words: body.words.clone(), of_results: body.words_of_results.clone(), unasked: body.unasked.clone() },
        satisfaction: body.satisfaction.clone(),
        happened_at: body.happened_at,
        late_reason: body.late_reason.clone(),
        next_on: body.next_on,
    })
}
