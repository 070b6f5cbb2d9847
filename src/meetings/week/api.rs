//! REST calls: one's own week and its blocks, the week of one's team, and contracted hours.
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::block::{self, Block, KINDS, Load, NewBlock};
use super::{actions, mine, pages, store, team};
use crate::access::Act;
use crate::api::Asked;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{RowId, UserId};
use crate::web::Routes;
use crate::web::form::{Path, Query};

/// The calls of the week.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/agenda/week", week)
        .api("POST", "/api/v1/agenda/blocks", plan)
        .api("POST", "/api/v1/agenda/blocks/{id}", change)
        .api("POST", "/api/v1/agenda/blocks/{id}/removal", remove)
        .api("GET", "/api/v1/agenda/team", of_team)
        .api("POST", "/api/v1/agenda/hours/{id}", contract)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(week, plan, change, remove, of_team, contract))]
struct Described;

/// How many minutes go to one kind.
#[derive(Debug, Serialize, ToSchema)]
struct KindWire {
    /// `visits` (counted from meetings), `networking` (conferences are counted with it), `administration` or `self_care`; a planned session of supervision is
    /// `self_care` of whoever takes part and `administration` of whoever holds it.
    kind: &'static str,
    minutes: i64,
}

fn kinds(load: &Load) -> Vec<KindWire> {
    KINDS.map(|kind| KindWire { kind, minutes: load.of(kind) }).into()
}

/// Time that a worker set aside.
#[derive(Debug, Serialize, ToSchema)]
struct BlockWire {
    id: RowId,
    /// `networking`, `administration` or `self_care`.
    kind: String,
    /// On which day, or on which first.
    on_day: NaiveDate,
    /// Minutes since midnight.
    from_minute: i16,
    minutes: i16,
    /// It comes every week.
    weekly: bool,
    until_day: Option<NaiveDate>,
    words: String,
    /// For the next step.
    version: i32,
}

impl From<Block> for BlockWire {
    fn from(one: Block) -> Self {
        let Block { id, kind, on_day, from_minute, minutes, weekly, until_day, words, version } = one;
        Self { id, kind, on_day, from_minute, minutes, weekly, until_day, words, version }
    }
}

/// The caller's own week.
#[derive(Debug, Serialize, ToSchema)]
struct WeekWire {
    from: NaiveDate,
    contracted_hours: i16,
    planned_minutes: i64,
    by_kind: Vec<KindWire>,
    blocks: Vec<BlockWire>,
}

/// The caller's own week in which a day lies; this one without it.
#[utoipa::path(get, path = "/api/v1/agenda/week", tag = "meetings", params(("on" = Option<NaiveDate>, Query)), responses((status = 200, body = WeekWire)))]
async fn week(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    let from = block::begins(pages::asked(&work, &query), work.lang());
    let mine = mine::mine(&mut work, from).await?;
    let me = work.me()?;
    work.record(Fact::Viewed, About::subjects([me.0])).await?;
    work.commit().await?;
    let wire = WeekWire {
        from: mine.from,
        contracted_hours: mine.contracted,
        planned_minutes: mine.load.all(),
        by_kind: kinds(&mine.load),
        blocks: mine.blocks.into_iter().map(|(_, block)| block.into()).collect(),
    };
    Ok(axum::Json(wire).into_response())
}

/// Time to set aside.
#[derive(Debug, Deserialize, ToSchema)]
struct NewBlockWire {
    /// `networking`, `administration` or `self_care`.
    #[serde(default)]
    kind: String,
    #[serde(default)]
    on_day: Option<NaiveDate>,
    /// Minutes since midnight.
    #[serde(default)]
    from_minute: Option<i16>,
    /// 15, 30, 45, 60, 90, 120, 180, 240, 360 or 480.
    #[serde(default)]
    minutes: i16,
    /// It comes every week.
    #[serde(default)]
    weekly: bool,
    /// The last day of a weekly one.
    #[serde(default)]
    until_day: Option<NaiveDate>,
    /// What for; nobody else reads it.
    #[serde(default)]
    words: String,
    /// The version that was read; of no meaning for a new one.
    #[serde(default)]
    version: i32,
}

impl NewBlockWire {
    fn block(&self) -> NewBlock {
        NewBlock {
            kind: self.kind.clone(),
            on_day: self.on_day,
            from_minute: self.from_minute,
            minutes: self.minutes,
            weekly: self.weekly,
            until_day: self.until_day,
            words: self.words.clone(),
        }
    }
}

/// What was written; its words are not said again.
#[derive(Debug, Serialize, ToSchema)]
struct BlockMade {
    id: RowId,
    /// For the next step.
    version: i32,
}

/// Sets time of the caller's week aside.
#[utoipa::path(post, path = "/api/v1/agenda/blocks", tag = "meetings", request_body = NewBlockWire, responses((status = 201, body = BlockMade), (status = 422)))]
async fn plan(mut work: Work, asked: Asked<NewBlockWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let block = actions::plan(&mut work, &asked.body.block()).await?;
    asked.answer(work, StatusCode::CREATED, None, &BlockMade { id: block.id, version: block.version }).await
}

/// Changes a block of the caller's own. One that came every week before today is another, with an id of its own, from today on.
#[utoipa::path(post, path = "/api/v1/agenda/blocks/{id}", tag = "meetings", params(("id" = RowId, Path)), request_body = NewBlockWire, responses((status = 200, body = BlockMade), (status = 404), (status = 409), (status = 422)))]
async fn change(mut work: Work, Path(id): Path<RowId>, asked: Asked<NewBlockWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    work.may(Act::CaseRead)?;
    let block = store::find(&mut work, id).await?;
    let changed = actions::change(&mut work, &block, &asked.body.block(), asked.body.version).await?;
    asked.answer(work, StatusCode::OK, None, &BlockMade { id: changed.id, version: changed.version }).await
}

/// From which day on a weekly block comes no more.
#[derive(Debug, Deserialize, ToSchema)]
struct RemovalWire {
    /// Without it, today; the weeks that are over stay as they were. What was over by then goes whole.
    #[serde(default)]
    from_day: Option<NaiveDate>,
    #[serde(default)]
    version: i32,
}

/// Nothing is left to say.
#[derive(Debug, Serialize, ToSchema)]
struct DoneWire {}

/// Takes a block out of the caller's week.
#[utoipa::path(post, path = "/api/v1/agenda/blocks/{id}/removal", tag = "meetings", params(("id" = RowId, Path)), request_body = RemovalWire, responses((status = 200, body = DoneWire), (status = 404), (status = 409)))]
async fn remove(mut work: Work, Path(id): Path<RowId>, asked: Asked<RemovalWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    work.may(Act::CaseRead)?;
    let block = store::find(&mut work, id).await?;
    actions::remove(&mut work, &block, asked.body.from_day, asked.body.version).await?;
    asked.answer(work, StatusCode::OK, None, &DoneWire {}).await
}

/// The week of one worker: how much of it is interviews and visits, and never what they set time aside for, nor a sum that would tell.
#[derive(Debug, Serialize, ToSchema)]
struct WorkerWeekWire {
    worker: UserId,
    name: String,
    contracted_hours: i16,
    /// For setting the hours; 0 where nobody set them.
    hours_version: i32,
    /// Of interviews and visits.
    visits_minutes: i64,
}

/// The week of everybody whom the caller supervises, in sums.
#[utoipa::path(get, path = "/api/v1/agenda/team", tag = "meetings", params(("on" = Option<NaiveDate>, Query)), responses((status = 200, body = Vec<WorkerWeekWire>)))]
async fn of_team(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    let from = block::begins(pages::asked(&work, &query), work.lang());
    let all = team::loads(&mut work, from).await?;
    work.record(Fact::Viewed, About::subjects(all.iter().map(|one| one.worker.id.0))).await?;
    work.commit().await?;
    let wire = |one: team::Loaded| WorkerWeekWire {
        worker: one.worker.id,
        contracted_hours: one.contracted,
        hours_version: one.worker.version.unwrap_or_default(),
        visits_minutes: one.visits,
        name: one.worker.name,
    };
    Ok(axum::Json(all.into_iter().map(wire).collect::<Vec<_>>()).into_response())
}

/// Hours a week.
#[derive(Debug, Deserialize, ToSchema)]
struct HoursWire {
    /// 1 to 80.
    #[serde(default)]
    hours: Option<i16>,
    /// The version that was read; 0 where nobody set them.
    #[serde(default)]
    version: i32,
}

/// Sets for how many hours a week somebody is contracted.
#[utoipa::path(post, path = "/api/v1/agenda/hours/{id}", tag = "meetings", params(("id" = UserId, Path)), request_body = HoursWire, responses((status = 200, body = DoneWire), (status = 404), (status = 409), (status = 422)))]
async fn contract(mut work: Work, Path(id): Path<UserId>, asked: Asked<HoursWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    actions::may_contract(&work)?;
    let worker = store::worker(&mut work, id).await?;
    actions::contract(&mut work, &worker, asked.body.hours, asked.body.version).await?;
    asked.answer(work, StatusCode::OK, None, &DoneWire {}).await
}
