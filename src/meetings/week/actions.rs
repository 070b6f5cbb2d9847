//! The verbs: plan a block of one's own week, change it, take it out; and set what somebody is contracted for.
use chrono::{Days, NaiveDate};

use super::block::{Block, HOURS, NewBlock};
use super::store::{self, Worker};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::RowId;

/// Sets time of one's own week aside.
pub async fn plan(work: &mut Work, new: &NewBlock) -> Result<Block, Error> {
    work.may(Act::CaseRead)?;
    let block = checked(work, new, (RowId::new(), 1))?;
    store::insert(work, &block).await?;
    told(work, block.id).await?;
    Ok(block)
}

/// Changes a block of one's own.
pub async fn change(work: &mut Work, block: &Block, new: &NewBlock, version: i32) -> Result<Block, Error> {
    work.may(Act::CaseRead)?;
    must_be(block, version)?;
    let changed = checked(work, new, (block.id, block.version))?;
    store::save(work, &changed).await?;
    told(work, block.id).await?;
    Ok(changed)
}

/// Takes a block out of one's week; one that comes every week from this day on, where a day is named.
pub async fn remove(work: &mut Work, block: &Block, from: Option<NaiveDate>, version: i32) -> Result<(), Error> {
    work.may(Act::CaseRead)?;
    must_be(block, version)?;
    match from.filter(|day| block.weekly && *day > block.on_day) {
        Some(day) => store::save(work, &Block { until_day: Some(day - Days::new(1)), ..block.clone() }).await?,
        None => store::delete(work, block.id).await?,
    }
    told(work, block.id).await
}

/// Sets what somebody is contracted for, in hours a week.
pub async fn contract(work: &mut Work, worker: &Worker, hours: Option<i16>, version: i32) -> Result<(), Error> {
    may_contract(work)?;
    let hours = hours.ok_or_else(|| invalid("hours", "required"))?;
    if !HOURS.contains(&hours) {
        return Err(invalid("hours", "out_of_range"));
    }
    if worker.version.unwrap_or_default() != version {
        return Err(Error::Conflict(Clash::Stale));
    }
    store::set_hours(work, worker.id, hours, worker.version).await?;
    work.record(Fact::HoursContracted, About::subjects([worker.id.0])).await
}

/// An administrator or somebody who supervises may.
pub fn may_contract(work: &Work) -> Result<(), Error> {
    if work.holds(Act::AdminUsers) { Ok(()) } else { work.may(Act::CaseAssign) }
}

fn must_be(block: &Block, version: i32) -> Result<(), Error> {
    if block.version == version { Ok(()) } else { Err(Error::Conflict(Clash::Stale)) }
}

fn checked(work: &Work, new: &NewBlock, (id, version): (RowId, i32)) -> Result<Block, Error> {
    let (on_day, from_minute, errors) = new.check(work.today());
    errors.or_ok()?;
    Ok(Block {
        id,
        kind: new.kind.clone(),
        on_day,
        from_minute,
        minutes: new.minutes,
        weekly: new.weekly,
        until_day: new.until_day.filter(|_| new.weekly),
        words: new.words.trim().to_owned(),
        version,
    })
}

// That a week changed, and not what is in it.
async fn told(work: &mut Work, block: RowId) -> Result<(), Error> {
    let me = work.me()?;
    work.record(Fact::WeekChanged, About::subjects([me.0, block.0])).await
}
