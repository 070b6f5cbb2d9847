//! The loop over REST.
use axum::Json;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::own::{self, Counting};
use super::store::{self, Cell, Seen};
use super::tally::{Days, Stage, Tally};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::ReferralId;
use crate::web::form::{Form, Query};

// Referrals on a page.
const ROWS: usize = 500;

/// What this room says of its REST calls.
#[derive(utoipa::OpenApi)]
#[openapi(paths(show, list))]
pub struct Described;

/// Does the loop close? Restricted types are in none of these figures (S15).
#[derive(Debug, Serialize, ToSchema)]
pub struct LoopWire {
    /// How many months back.
    months: i64,
    /// All that the caller's side sent, counted under the caller's own rights.
    own: FiguresWire,
    /// The same by month of sending, `2026-05`, the oldest first.
    by_month: Vec<CutWire>,
    /// The same by need, the most sent first; never an order by rate (S8).
    by_need: Vec<CutWire>,
    /// Of the caller's organisation, or with `scope=all` of all: counted by a job, small numbers hidden.
    wide: Vec<CellWire>,
}

/// One set of referrals, counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiguresWire {
    sent: u64,
    answered: u64,
    accepted: u64,
    served: u64,
    verified: u64,
    /// Served as the person confirms, of those whose outcome and time to ask have passed.
    verified_served_rate: RateWire,
    /// Served as the receiver reports.
    served_rate: RateWire,
    /// Not asked, and therefore in neither part of the rate.
    not_asked: u64,
    /// The person no longer wanted it.
    no_longer_wanted: u64,
    /// Some of these can still change by waiting.
    immature: bool,
    /// From sending, as are the next three.
    days_to_answer: Option<DaysWire>,
    days_to_accept: Option<DaysWire>,
    days_to_serve: Option<DaysWire>,
    days_to_verify: Option<DaysWire>,
}

/// A rate with the counts it is made from.
#[derive(Debug, Serialize, ToSchema)]
pub struct RateWire {
    part: u64,
    of: u64,
}

/// How many days a step took.
#[derive(Debug, Serialize, ToSchema)]
pub struct DaysWire {
    median: f64,
    p90: f64,
}

/// The figures of one month or need.
#[derive(Debug, Serialize, ToSchema)]
pub struct CutWire {
    value: String,
    figures: FiguresWire,
}

/// A wider figure; a number that is absent is hidden because it is small (S15).
#[derive(Debug, Serialize, ToSchema)]
pub struct CellWire {
    /// `month`, `need`, `to_org` or `area`.
    cut: String,
    value: String,
    /// `standard` or `protected`.
    sensitivity: String,
    sent: Option<i32>,
    answered: Option<i32>,
    accepted: Option<i32>,
    served: Option<i32>,
    verified: Option<i32>,
    due: Option<i32>,
    immature: bool,
    days_to_answer_median: Option<f64>,
    days_to_answer_p90: Option<f64>,
    days_to_accept_median: Option<f64>,
    days_to_accept_p90: Option<f64>,
    days_to_serve_median: Option<f64>,
    days_to_serve_p90: Option<f64>,
    days_to_verify_median: Option<f64>,
    days_to_verify_p90: Option<f64>,
}

/// A referral behind a figure: codes, nobody's name (S13).
#[derive(Debug, Serialize, ToSchema)]
pub struct BehindWire {
    id: ReferralId,
    code: String,
    need: String,
    to_name: String,
    area: String,
    status: &'static str,
    requested_at: Option<DateTime<Utc>>,
}

/// Sent, answered, accepted, served, verified; both rates; how long the steps took.
#[utoipa::path(
    get, path = "/api/v1/loop", tag = "reports",
    params(
        ("months" = Option<i64>, Query, description = "3, 6 or 12 months back; 6 when absent"),
        ("scope" = Option<String>, Query, description = "`all`: the wider figures of all organisations instead of the caller's own")
    ),
    responses((status = 200, body = LoopWire))
)]
pub async fn show(mut work: Work, Query(query): Query) -> Result<Json<LoopWire>, Error> {
    work.may(Act::ReportLoop)?;
    let months = months(&query)?;
    let seen = own::seen(&mut work, months).await?;
    let org = (query.value("scope") != "all").then_some(work.standing.org);
    let wide = store::wide(&mut work, org).await?;
    let (now, zone) = (work.now(), work.zone());
    work.commit().await?;
    Ok(Json(LoopWire {
        months,
        own: own::tally(now, seen.iter()).into(),
        by_month: own::by_month(now, zone, &seen)
            .into_iter()
            .map(|((year, month), tally)| CutWire { value: format!("{year}-{month:02}"), figures: tally.into() })
            .collect(),
        by_need: own::by_need(&seen)
            .into_iter()
            .map(|(need, seen)| CutWire { value: need.to_owned(), figures: own::tally(now, seen.into_iter()).into() })
            .collect(),
        wide: wide.into_iter().map(CellWire::from).collect(),
    }))
}

/// The referrals behind a figure, the newest first, 500 a page, under the caller's own rights.
#[utoipa::path(
    get, path = "/api/v1/loop/referrals", tag = "reports",
    params(
        ("months" = Option<i64>, Query, description = "3, 6 or 12; 6 when absent"),
        ("stage" = Option<String>, Query, description = "`sent`, `answered`, `accepted`, `served` or `verified`, or `due` and `due_verified`: of what the verified-served rate is, and its part; `sent` when absent"),
        ("need" = Option<String>, Query, description = "a need by its code"),
        ("month" = Option<String>, Query, description = "a month of sending, `2026-05`"),
        ("page" = Option<usize>, Query, description = "from 1; a page that is not full is the last")
    ),
    responses((status = 200, body = Vec<BehindWire>))
)]
pub async fn list(mut work: Work, Query(query): Query) -> Result<Json<Vec<BehindWire>>, Error> {
    work.may(Act::ReportLoop)?;
    if query.filled("stage") && Counting::of(&query).is_none() {
        return Err(invalid("stage", "not_a_choice"));
    }
    let months = months(&query)?;
    let seen = own::seen(&mut work, months).await?;
    let all = own::behind((work.now(), work.zone()), &seen, &query);
    let (_, chosen) = own::page_of(&all, &query, ROWS);
    let note = serde_json::json!({ "page": "/api/v1/loop/referrals" });
    work.record(Fact::Viewed, About::subjects(chosen.iter().map(|one| one.id.0)).note(note)).await?;
    work.commit().await?;
    Ok(Json(chosen.into_iter().map(BehindWire::from).collect()))
}

fn months(query: &Form) -> Result<i64, Error> {
    let months = own::months(query);
    if query.filled("months") && query.value("months") != months.to_string() {
        Err(invalid("months", "not_a_choice"))
    } else {
        Ok(months)
    }
}

impl From<Tally> for FiguresWire {
    fn from(tally: Tally) -> Self {
        let figures = tally.figures;
        let reached = |stage: Stage| tally.reached(stage);
        let days = |stage: Stage| tally.days_to(stage).map(DaysWire::from);
        let (verified, served) = (figures.verified_served(), figures.served());
        Self {
            sent: reached(Stage::Sent),
            answered: reached(Stage::Answered),
            accepted: reached(Stage::Accepted),
            served: reached(Stage::Served),
            verified: reached(Stage::Verified),
            verified_served_rate: RateWire { part: verified.part, of: verified.of },
            served_rate: RateWire { part: served.part, of: served.of },
            not_asked: figures.not_asked,
            no_longer_wanted: figures.no_longer_wanted,
            immature: figures.is_immature(),
            days_to_answer: days(Stage::Answered),
            days_to_accept: days(Stage::Accepted),
            days_to_serve: days(Stage::Served),
            days_to_verify: days(Stage::Verified),
        }
    }
}

impl From<Days> for DaysWire {
    fn from(days: Days) -> Self {
        Self { median: days.median, p90: days.p90 }
    }
}

impl From<Cell> for CellWire {
    fn from(cell: Cell) -> Self {
        Self {
            cut: cell.cut,
            value: cell.value,
            sensitivity: cell.sensitivity,
            sent: cell.sent,
            answered: cell.answered,
            accepted: cell.accepted,
            served: cell.served,
            verified: cell.verified,
            due: cell.due,
            immature: cell.immature,
            days_to_answer_median: cell.days_to_answer_median,
            days_to_answer_p90: cell.days_to_answer_p90,
            days_to_accept_median: cell.days_to_accept_median,
            days_to_accept_p90: cell.days_to_accept_p90,
            days_to_serve_median: cell.days_to_serve_median,
            days_to_serve_p90: cell.days_to_serve_p90,
            days_to_verify_median: cell.days_to_verify_median,
            days_to_verify_p90: cell.days_to_verify_p90,
        }
    }
}

impl From<&Seen> for BehindWire {
    fn from(seen: &Seen) -> Self {
        Self {
            id: seen.id,
            code: seen.code.clone(),
            need: seen.need.clone(),
            to_name: seen.to_name.clone(),
            area: seen.area.clone(),
            status: seen.counted.status.code(),
            requested_at: seen.counted.requested_at,
        }
    }
}
