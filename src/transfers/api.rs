//! REST calls of transfers: codes, ids and times; no names.
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::actions::{self, Decision};
use super::choices;
use super::pull::{self, Pull};
use super::store::{self, Which};
use super::wish::{Goes, Ground, MOST_RECORDS, Place, REASONS, When, Wish};
use super::{Item, Transfer};
use crate::access::Act;
use crate::api::{Asked, Nothing, versioned};
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PersonId, ReferralId, TransferId, UnitId, UserId, read_code};
use crate::supervision::carrying::Meant;
use crate::web::Routes;
use crate::web::form::{Path, Query};

/// The calls and their description.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/transfers", index)
        .api("POST", "/api/v1/transfers", create)
        .api("GET", "/api/v1/transfers/{id}", show)
        .api("POST", "/api/v1/transfers/{id}/submission", submit)
        .api("POST", "/api/v1/transfers/{id}/taking-back", take_back)
        .api("POST", "/api/v1/transfers/{id}/decision", decide)
        .api("POST", "/api/v1/transfers/{id}/introduction", introduce)
        .api("POST", "/api/v1/referrals/{id}/transfer", take_over)
        .api("GET", "/api/v1/receipts/{code}", receipt)
        .described::<Described>()
        .and(super::cover_api::routes())
}

#[derive(OpenApi)]
#[openapi(paths(index, create, show, submit, take_back, decide, introduce, take_over, receipt))]
struct Described;

/// A record of a transfer, as far as the reader sees it.
#[derive(Debug, Serialize, ToSchema)]
struct ItemWire {
    id: Uuid,
    case_id: CaseId,
    code: String,
    /// `asked` or `related`.
    kind: String,
    /// `waiting`, `done`, `failed` or `left_out`.
    state: String,
    /// Why it stays, as a code; for the side that has the case only.
    reason: Option<String>,
    moved_at: Option<DateTime<Utc>>,
}

/// A transfer.
#[derive(Debug, Serialize, ToSchema)]
struct TransferWire {
    id: TransferId,
    code: String,
    /// `direct`, `request` or `pull`.
    mode: String,
    /// `draft`, `submitted`, `approved`, `transferred`, `rejected` or `failed`.
    state: String,
    from_org: i32,
    from_unit: UnitId,
    to_org: i32,
    to_unit: UnitId,
    reason: String,
    submitted_at: Option<DateTime<Utc>>,
    decided_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    introduced_on: Option<NaiveDate>,
    version: i32,
    items: Vec<ItemWire>,
    /// Before it is decided, for the sender: members of the households who stay behind, for want of a ground of their own.
    members_left: Vec<MemberLeftWire>,
}

/// Somebody who does not go along to another organisation.
#[derive(Debug, Serialize, ToSchema)]
struct MemberLeftWire {
    case_id: CaseId,
    person_id: PersonId,
    /// `member_not_asked`, `member_refused` or `child_not_asked`.
    why: String,
}

/// A page of transfers; `next` goes into `before` for the page behind it.
#[derive(Debug, Serialize, ToSchema)]
struct TransferPage {
    items: Vec<TransferWire>,
    next: Option<TransferId>,
}

fn wire(transfer: Transfer, items: Vec<Item>, own: Option<i32>) -> TransferWire {
    let inside = own == Some(transfer.from_org);
    let item = |item: Item| ItemWire {
        id: item.id,
        case_id: item.case_id,
        code: item.code,
        kind: item.kind,
        state: item.state,
        reason: item.reason.map(|reason| if inside { reason } else { "not_possible".to_owned() }),
        moved_at: item.moved_at,
    };
    TransferWire {
        id: transfer.id,
        code: transfer.code,
        mode: transfer.mode,
        state: transfer.state_code,
        from_org: transfer.from_org,
        from_unit: transfer.from_unit,
        to_org: transfer.to_org,
        to_unit: transfer.to_unit,
        reason: transfer.reason,
        submitted_at: transfer.submitted_at,
        decided_at: transfer.decided_at,
        ended_at: transfer.ended_at,
        introduced_on: transfer.introduced_on,
        version: transfer.version,
        items: items.into_iter().map(item).collect(),
        members_left: Vec::new(),
    }
}

async fn whole(work: &mut Work, transfer: Transfer) -> Result<TransferWire, Error> {
    let items = store::items(work, transfer.id).await?;
    let ahead = transfer.is_across() && transfer.with_household && matches!(transfer.state_code.as_str(), "draft" | "submitted");
    let cases: Vec<CaseId> = items.iter().filter(|_| ahead).map(|item| item.case_id).collect();
    let left = choices::members_left(work, &cases, transfer.to_org).await?;
    let left =
        left.into_iter().map(|one| MemberLeftWire { case_id: one.case_id, person_id: one.person_id, why: one.why }).collect();
    Ok(TransferWire { members_left: left, ..wire(transfer, items, work.org()) })
}

const PAGE: usize = 50;

/// Transfers to or from the caller's side, without their records.
#[utoipa::path(get, path = "/api/v1/transfers", params(
    ("which" = Option<String>, Query, description = "`incoming` (default) or `outgoing`"), ("before" = Option<TransferId>, Query, description = "`next` of the page before"),
), responses((status = 200, body = TransferPage)))]
async fn index(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let which = if query.value("which") == "outgoing" { Which::Outgoing } else { Which::Incoming };
    let before = query.value("before").parse().ok();
    let mut found = store::list(&mut work, which, before, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().map(|transfer| transfer.id).filter(|_| more);
    let org = work.org();
    let page = TransferPage { items: found.into_iter().map(|transfer| wire(transfer, Vec::new(), org)).collect(), next };
    work.commit().await?;
    Ok(axum::Json(page).into_response())
}

/// Reads a transfer with those of its records that the caller sees.
#[utoipa::path(get, path = "/api/v1/transfers/{id}", params(("id" = TransferId, Path)), responses((status = 200, body = TransferWire)))]
async fn show(mut work: Work, Path(id): Path<TransferId>) -> Result<Response, Error> {
    let transfer = store::find(&mut work, id).await?;
    let body = whole(&mut work, transfer).await?;
    work.record(Fact::Viewed, About::subjects([id.0].into_iter().chain(body.items.iter().map(|item| item.case_id.0)))).await?;
    work.commit().await?;
    Ok(versioned(body.version, body))
}

/// Cases to be transferred.
#[derive(Debug, Deserialize, ToSchema)]
struct NewTransferWire {
    cases: Vec<CaseId>,
    /// The receiving unit.
    to: UnitId,
    /// `person_moved`, `person_asked`, `closer_service`, `specialised_help`, `caseload`, `programme_ends` or `other`.
    reason: String,
    /// Types of related cases that go along; restricted ones never do.
    #[serde(default)]
    with_types: Vec<i16>,
    #[serde(default = "yes")]
    documents: bool,
    #[serde(default = "yes")]
    referrals: bool,
    #[serde(default = "yes")]
    household: bool,
    /// The day on which everybody concerned agreed; without it a consent or another basis must stand on each case.
    agreed_on: Option<NaiveDate>,
    /// `save`, `submit` or `direct`.
    #[serde(default)]
    go: String,
    /// For `direct`: who keeps and who supervises them from now on.
    case_manager: Option<UserId>,
    supervisor: Option<UserId>,
    /// For `direct` with one case: the edition that was read.
    version: Option<i32>,
    #[serde(flatten)]
    meant: Meant,
}

fn yes() -> bool {
    true
}

/// Writes a transfer; submits it or moves the cases at once, if asked to.
#[utoipa::path(post, path = "/api/v1/transfers", request_body = NewTransferWire, responses((status = 201, body = TransferWire)))]
async fn create(mut work: Work, asked: Asked<NewTransferWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    work.may(Act::TransferRequest).or_else(|_| work.may(Act::TransferDirect))?;
    let body = &asked.body;
    let wish = wish(body, work.today())?;
    let transfer = match body.go.as_str() {
        "direct" => {
            let place = Place { manager: body.case_manager, supervisor: body.supervisor, meant: body.meant, ..Place::default() };
            actions::direct(&mut work, &wish, &place, body.version).await?
        }
        "submit" => {
            let draft = actions::draft(&mut work, &wish).await?;
            actions::submit(&mut work, draft.id, &When::default()).await?
        }
        _ => actions::draft(&mut work, &wish).await?,
    };
    let made = whole(&mut work, transfer).await?;
    asked.answer(work, StatusCode::CREATED, Some(format!("/api/v1/transfers/{}", made.id)), &made).await
}

fn wish(body: &NewTransferWire, today: NaiveDate) -> Result<Wish, Error> {
    if !REASONS.contains(&body.reason.as_str()) {
        return Err(invalid("reason", "not_a_choice"));
    }
    if body.cases.is_empty() || body.cases.len() > MOST_RECORDS {
        return Err(invalid("case", if body.cases.is_empty() { "required" } else { "too_many" }));
    }
    if body.agreed_on.is_some_and(|day| day > today) {
        return Err(invalid("agreed_on", "in_the_future"));
    }
    let goes = |along: bool| if along { Goes::Along } else { Goes::Not };
    Ok(Wish {
        cases: body.cases.clone(),
        to_unit: body.to,
        reason: body.reason.clone(),
        with_types: body.with_types.clone(),
        documents: goes(body.documents),
        referrals: goes(body.referrals),
        household: goes(body.household),
        ground: body.agreed_on.map_or(Ground::OnFile, Ground::Agreed),
    })
}

/// When a step happened, if not now; more than a day later needs a reason.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct StepWire {
    happened_at: Option<DateTime<Utc>>,
    #[serde(default)]
    late_reason: String,
}

fn when(happened_at: Option<DateTime<Utc>>, late_reason: &str) -> When {
    When { happened_at, late_reason: late_reason.trim().chars().take(200).collect() }
}

/// Asks the receiving side to take the cases over.
#[utoipa::path(post, path = "/api/v1/transfers/{id}/submission", params(("id" = TransferId, Path)), request_body = Option<StepWire>, responses((status = 200, body = TransferWire)))]
async fn submit(mut work: Work, Path(id): Path<TransferId>, asked: Asked<Option<StepWire>>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let when = asked.body.as_ref().map(|step| when(step.happened_at, &step.late_reason)).unwrap_or_default();
    let transfer = actions::submit(&mut work, id, &when).await?;
    let made = whole(&mut work, transfer).await?;
    asked.answer(work, StatusCode::OK, None, &made).await
}

/// Takes a request back before it is decided.
#[utoipa::path(post, path = "/api/v1/transfers/{id}/taking-back", params(("id" = TransferId, Path)), responses((status = 200, body = TransferWire)))]
async fn take_back(mut work: Work, Path(id): Path<TransferId>, asked: Asked<Option<Nothing>>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let transfer = actions::take_back(&mut work, id).await?;
    let made = whole(&mut work, transfer).await?;
    asked.answer(work, StatusCode::OK, None, &made).await
}

/// The receiving side's decision.
#[derive(Debug, Deserialize, ToSchema)]
struct DecisionWire {
    /// `true` to take the cases over.
    approve: bool,
    /// Why not: `no_capacity`, `not_eligible`, `out_of_area`, `not_for_this_unit`, `incomplete_information` or `other`.
    #[serde(default)]
    reason: String,
    case_manager: Option<UserId>,
    supervisor: Option<UserId>,
    agreement: Option<Uuid>,
    location: Option<Uuid>,
    #[serde(flatten)]
    meant: Meant,
    /// Records that are not taken over.
    #[serde(default)]
    left_out: Vec<Uuid>,
    happened_at: Option<DateTime<Utc>>,
    #[serde(default)]
    late_reason: String,
}

/// Decides on a request; what is agreed moves by itself, record by record.
#[utoipa::path(post, path = "/api/v1/transfers/{id}/decision", params(("id" = TransferId, Path)), request_body = DecisionWire, responses((status = 200, body = TransferWire)))]
async fn decide(mut work: Work, Path(id): Path<TransferId>, asked: Asked<DecisionWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let body = &asked.body;
    let &DecisionWire { case_manager: manager, supervisor, agreement, location, meant, .. } = body;
    let place = Place { manager, supervisor, agreement, location, meant };
    let decision = if body.approve { Decision::Approve(place) } else { Decision::Reject(body.reason.clone()) };
    let transfer = actions::decide(&mut work, id, decision, &body.left_out, &when(body.happened_at, &body.late_reason)).await?;
    let made = whole(&mut work, transfer).await?;
    asked.answer(work, StatusCode::OK, None, &made).await
}

/// The day on which both workers met with the person.
#[derive(Debug, Deserialize, ToSchema)]
struct IntroductionWire {
    day: NaiveDate,
    version: i32,
}

/// Logs the joint introduction.
#[utoipa::path(post, path = "/api/v1/transfers/{id}/introduction", params(("id" = TransferId, Path)), request_body = IntroductionWire, responses((status = 200, body = TransferWire)))]
async fn introduce(mut work: Work, Path(id): Path<TransferId>, asked: Asked<IntroductionWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    actions::introduce(&mut work, id, asked.body.day, asked.body.version).await?;
    let transfer = store::find(&mut work, id).await?;
    let made = whole(&mut work, transfer).await?;
    asked.answer(work, StatusCode::OK, None, &made).await
}

/// Who takes a case over after its notice.
#[derive(Debug, Deserialize, ToSchema)]
struct PullWire {
    unit: UnitId,
    case_manager: Option<UserId>,
    supervisor: Option<UserId>,
    agreement: Option<Uuid>,
    location: Option<Uuid>,
    #[serde(flatten)]
    meant: Meant,
}

/// The case that was taken over.
#[derive(Debug, Serialize, ToSchema)]
struct TakenOver {
    case_id: CaseId,
}

/// Completes a transfer notice: the case moves to the caller's organisation.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/transfer", params(("id" = ReferralId, Path)), request_body = PullWire, responses((status = 200, body = TakenOver)))]
async fn take_over(mut work: Work, Path(id): Path<ReferralId>, asked: Asked<PullWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let &PullWire { unit, case_manager: manager, supervisor, agreement, location, meant } = &asked.body;
    let place = Place { manager, supervisor, agreement, location, meant };
    let case_id = pull::pull(&mut work, id, Pull { unit, place }, &When::default()).await?;
    asked.answer(work, StatusCode::OK, None, &TakenOver { case_id }).await
}

/// Where a case is asked for now.
#[derive(Debug, Serialize, ToSchema)]
struct ReceiptWire {
    code: String,
    organisation: String,
    general_desk: String,
    moved_at: DateTime<Utc>,
}

/// Where somebody who comes back with the code of a case is sent.
#[utoipa::path(get, path = "/api/v1/receipts/{code}", params(("code" = String, Path)), responses((status = 200, body = ReceiptWire)))]
async fn receipt(mut work: Work, Path(code): Path<String>) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let code = read_code('C', &code).unwrap_or(code);
    let (code, organisation, general_desk, moved_at) = choices::receipt_of(&mut work, &code).await?.ok_or(Error::NotFound)?;
    work.record(Fact::Viewed, About::default()).await?;
    work.commit().await?;
    Ok(axum::Json(ReceiptWire { code, organisation, general_desk, moved_at }).into_response())
}
