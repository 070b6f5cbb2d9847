//! REST calls: the board of a unit, and giving out what waits.
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::carrying::Meant;
use super::store::{FEWEST_ANSWERS, Handed, Satisfaction};
use super::stretched::Stretched;
use super::team::{self, Carried, Given};
use crate::api::Asked;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, UnitId, UserId};
use crate::web::Routes;
use crate::web::form::Query;

/// The calls of this room.
pub(super) fn routes() -> Routes {
    Routes::new().api("GET", "/api/v1/team", show).api("POST", "/api/v1/team/assignments", give_out).described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(show, give_out))]
struct Described;

/// What lies with somebody, of what the reader may see.
#[derive(Debug, Serialize, ToSchema)]
struct CarriedWire {
    /// Open cases.
    cases: i64,
    /// Those with something overdue.
    overdue: i64,
    /// The share of one worker's caseload that they take, by type and risk; 1 is full.
    load: f64,
}

impl From<Carried> for CarriedWire {
    fn from(carried: Carried) -> Self {
        Self { cases: carried.cases, overdue: carried.overdue, load: carried.load }
    }
}

/// A colleague who works on cases there.
#[derive(Debug, Serialize, ToSchema)]
struct WorkerWire {
    id: UserId,
    name: String,
    languages: Vec<String>,
    /// Up to which level they work alone, 1 to 3.
    level: Option<i16>,
    /// The last day of their absence, where somebody stands in for them now.
    away_until: Option<NaiveDate>,
    carries: CarriedWire,
}

/// A case that nobody keeps.
#[derive(Debug, Serialize, ToSchema)]
struct WaitingWire {
    case: CaseId,
    code: String,
    /// For giving it out.
    version: i32,
    risk: Option<String>,
    /// The level of worker that its type asks for, 1 to 3; absent where any will do.
    level: Option<i16>,
    opened_at: DateTime<Utc>,
    /// Whom the rules propose; absent where nobody fits or has room.
    proposed: Option<UserId>,
    /// `knows-them`, `speaks`, `same-unit`, `carries-least`; or `nobody-fit`, `all-away`, `nobody-has-room`.
    why: Vec<&'static str>,
}

/// A unit in which more workers stand with each who supervises than the pack says.
#[derive(Debug, Serialize, ToSchema)]
struct StretchedWire {
    /// Its name.
    unit: String,
    workers: usize,
    supervisors: usize,
    /// For how many workers one supervisor is meant.
    most: u16,
}

impl From<Stretched> for StretchedWire {
    fn from(one: Stretched) -> Self {
        let Stretched { unit, workers, supervisors, most } = one;
        Self { unit, workers, supervisors, most }
    }
}

/// The board of a unit and all below it.
#[derive(Debug, Serialize, ToSchema)]
struct TeamWire {
    unit: UnitId,
    all: CarriedWire,
    /// How many wait; at most fifty of them are listed.
    waits: i64,
    waiting: Vec<WaitingWire>,
    workers: Vec<WorkerWire>,
    /// Where more workers stand with each who supervises than one is meant for.
    stretched: Vec<StretchedWire>,
    /// What colleagues do for each other; at most fifty.
    handed: Vec<PassedWire>,
    /// How many goals came to what when cases were closed in the last twelve months: `achieved`, `partly`, `not`, `no_longer_wanted`.
    outcomes: std::collections::BTreeMap<String, i64>,
    /// What people said of the support in the last twelve months; absent while fewer than ten answered.
    satisfaction: Option<SatisfactionWire>,
}

/// Of each case the last answer at a review of its plan.
#[derive(Debug, Serialize, ToSchema)]
struct SatisfactionWire {
    /// How many answered.
    said: i64,
    /// Of them, satisfied or very satisfied.
    satisfied: i64,
    /// Asked, and did not want to say.
    unsaid: i64,
}

impl From<Satisfaction> for SatisfactionWire {
    fn from(of: Satisfaction) -> Self {
        Self { said: of.said, satisfied: of.satisfied, unsaid: of.unsaid }
    }
}

/// A task that somebody asked a colleague to do.
#[derive(Debug, Serialize, ToSchema)]
struct PassedWire {
    case: CaseId,
    code: String,
    kind: String,
    title: String,
    from: String,
    to: String,
    reason: String,
    due_at: DateTime<Utc>,
}

impl From<Handed> for PassedWire {
    fn from(one: Handed) -> Self {
        let Handed { case, code, kind, title, from, to, reason, due_at } = one;
        Self { case, code, kind, title, from, to, reason, due_at }
    }
}

/// The board of a unit: who carries what, what waits, and whom the rules propose.
#[utoipa::path(get, path = "/api/v1/team", tag = "supervision", params(("unit" = Option<UnitId>, Query, description = "A unit within reach; the first one without it")), responses((status = 200, body = TeamWire), (status = 404)))]
async fn show(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    let board = team::board(&mut work, query.value("unit").parse().ok()).await?;
    let ids = board.seen();
    let workers = board.workers.into_iter().map(|(worker, carried)| WorkerWire {
        id: worker.id,
        name: worker.name,
        languages: worker.languages,
        level: worker.level,
        away_until: worker.away_until,
        carries: carried.into(),
    });
    let waiting = board.waiting.into_iter().map(|one| {
        let (proposed, why) = match one.to {
            Ok((worker, whys)) => (Some(worker), whys.into_iter().map(super::proposal::Why::code).collect()),
            Err(lack) => (None, vec![lack.code()]),
        };
        let case = one.case;
        WaitingWire {
            case: case.id,
            code: case.code,
            version: case.version,
            risk: case.risk,
            level: one.level,
            opened_at: case.opened_at,
            proposed,
            why,
        }
    });
    let wire = TeamWire {
        unit: board.unit,
        all: board.all.into(),
        waits: board.waits,
        waiting: waiting.collect(),
        workers: workers.collect(),
        stretched: board.stretched.into_iter().map(StretchedWire::from).collect(),
        outcomes: board.outcomes.into_iter().collect(),
        satisfaction: Some(board.satisfaction).filter(|of| of.said >= FEWEST_ANSWERS).map(SatisfactionWire::from),
        handed: board.handed.into_iter().map(PassedWire::from).collect(),
    };
    work.record(Fact::Viewed, About::subjects(ids)).await?;
    work.commit().await?;
    Ok(axum::Json(wire).into_response())
}

/// One case to be given out.
#[derive(Debug, Deserialize, ToSchema)]
struct GivenAsked {
    case: CaseId,
    to: UserId,
    /// The version that was looked at.
    #[serde(default)]
    version: i32,
}

/// Several at once.
#[derive(Debug, Deserialize, ToSchema)]
struct GiveOutAsked {
    /// At most fifty.
    #[serde(default)]
    cases: Vec<GivenAsked>,
    /// Also to somebody who would carry more than a full caseload.
    #[serde(default)]
    overfull: bool,
    /// Also to somebody below the level of worker that the case's type asks for.
    #[serde(default)]
    beyond_level: bool,
    /// Also to somebody who is away.
    #[serde(default)]
    away: bool,
}

/// What was given out.
#[derive(Debug, Serialize, ToSchema)]
struct GivenOutWire {
    /// How many cases.
    given: usize,
}

/// Gives out one case or many: all of them, or none and then `to_<case>` says what stands against which.
#[utoipa::path(post, path = "/api/v1/team/assignments", tag = "supervision", request_body = GiveOutAsked, responses((status = 200, body = GivenOutWire), (status = 404), (status = 422)))]
async fn give_out(mut work: Work, asked: Asked<GiveOutAsked>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let given = |one: &GivenAsked| Given { case: one.case, to: one.to, version: one.version };
    let given: Vec<Given> = asked.body.cases.iter().map(given).collect();
    let GiveOutAsked { overfull, away, beyond_level, .. } = asked.body;
    let meant = Meant { overfull, away, beyond_level };
    team::give_out(&mut work, &given, meant).await?;
    asked.answer(work, StatusCode::OK, None, &GivenOutWire { given: given.len() }).await
}
