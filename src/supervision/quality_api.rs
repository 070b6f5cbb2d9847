//! REST calls: this month's sample of a unit, the reviews of a case, and writing one.
use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::quality::{self, Review};
use super::{store, team};
use crate::access::Act;
use crate::api::Asked;
use crate::audit::{About, Fact};
use crate::cases::{self, Case};
use crate::error::Error;
use crate::platform::clock::midnight;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId, UnitId, UserId};
use crate::web::Routes;
use crate::web::form::{Path, Query};

/// The calls of reviews.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/team/quality", sample)
        .api("GET", "/api/v1/cases/{id}/quality", index)
        .api("POST", "/api/v1/cases/{id}/quality", write)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(sample, index, write))]
struct Described;

/// A case drawn for review.
#[derive(Debug, Serialize, ToSchema)]
struct DrawnWire {
    case: CaseId,
    code: String,
    case_manager: UserId,
    /// `good`, `improve` or `serious`, once it is reviewed.
    result: Option<String>,
}

/// The sample of a month.
#[derive(Debug, Serialize, ToSchema)]
struct SampleWire {
    /// Its first day.
    month: NaiveDate,
    cases: Vec<DrawnWire>,
}

/// This month's sample: of every worker one case in twenty, one at least.
#[utoipa::path(get, path = "/api/v1/team/quality", tag = "supervision", params(("unit" = Option<UnitId>, Query, description = "A unit within reach; the first one without it")), responses((status = 200, body = SampleWire), (status = 404)))]
async fn sample(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::CaseApprove)?;
    let units = store::units(&mut work).await?;
    let month = quality::month(&work);
    let begins = midnight(month, work.zone());
    let drawn = match team::chosen(&units, query.value("unit").parse().ok())? {
        Some(unit) => store::sample(&mut work, &unit.within, month, begins).await?,
        None => Vec::new(),
    };
    work.record(Fact::Viewed, About::subjects(drawn.iter().map(|one| one.id.0))).await?;
    work.commit().await?;
    let wire = |one: store::Drawn| DrawnWire { case: one.id, code: one.code, case_manager: one.manager, result: one.result };
    Ok(axum::Json(SampleWire { month, cases: drawn.into_iter().map(wire).collect() }).into_response())
}

/// A review of a case.
#[derive(Debug, Serialize, ToSchema)]
struct ReviewWire {
    month: NaiveDate,
    /// `consent`, `assessment`, `plan`, `follow_up`, `notes`, `referrals`, `safety` to `yes`, `partly`, `no` or `not_applicable`.
    #[schema(value_type = BTreeMap<String, String>)]
    answers: serde_json::Value,
    result: String,
    remark: String,
    author_name: String,
    recorded_at: DateTime<Utc>,
}

/// The reviews of a case, the newest first.
#[utoipa::path(get, path = "/api/v1/cases/{id}/quality", tag = "supervision", params(("id" = CaseId, Path)), responses((status = 200, body = Vec<ReviewWire>), (status = 404)))]
async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = Case::read(&mut work, id).await?;
    let reviews = store::reviews(&mut work, id).await?;
    work.record(Fact::Viewed, About::case(id).with(case.person_id)).await?;
    work.commit().await?;
    let wire = |one: store::Written| ReviewWire {
        month: one.month,
        answers: one.answers,
        result: one.result,
        remark: one.remark,
        author_name: one.author_name,
        recorded_at: one.recorded_at,
    };
    Ok(axum::Json(reviews.into_iter().map(wire).collect::<Vec<_>>()).into_response())
}

/// A review to write.
#[derive(Debug, Deserialize, ToSchema)]
struct NewReviewWire {
    /// Every question has an answer.
    #[serde(default)]
    answers: BTreeMap<String, String>,
    /// `good`, `improve` or `serious`.
    #[serde(default)]
    result: String,
    /// Needed unless the result is good.
    #[serde(default)]
    remark: String,
}

/// The review that was written.
#[derive(Debug, Serialize, ToSchema)]
struct NewReviewIdWire {
    id: RowId,
}

/// Writes this month's review of a case that one does not keep.
#[utoipa::path(post, path = "/api/v1/cases/{id}/quality", tag = "supervision", params(("id" = CaseId, Path)), request_body = NewReviewWire, responses((status = 201, body = NewReviewIdWire), (status = 404), (status = 422)))]
async fn write(mut work: Work, Path(id): Path<CaseId>, asked: Asked<NewReviewWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let case = cases::store::find(&mut work, id).await?;
    let body = &asked.body;
    let review = Review { answers: body.answers.clone(), result: body.result.clone(), remark: body.remark.clone() };
    let id = quality::write(&mut work, &case, &review).await?;
    asked.answer(work, StatusCode::CREATED, None, &NewReviewIdWire { id }).await
}
