//! The verbs: plan a block of one's own week, change it, take it out; and set what somebody is contracted for.
use chrono::{Days, NaiveDate};

use super::block::{Block, HOURS, NewBlock};
use super::store::{self, Worker};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::RowId;

// So many blocks one week holds.
const MOST_BLOCKS: i64 = 100;

/// Sets time of one's own week aside.
pub async fn plan(work: &mut Work, new: &NewBlock) -> Result<Block, Error> {
    work.may(Act::CaseRead)?;
    let block = checked(work, new, (RowId::new(), 1))?;
    must_have_room(work, &block).await?;
    store::insert(work, &block).await?;
    told(work, block.id).await?;
    Ok(block)
}

/// Changes a block of one's own. Of one that comes every week the weeks that are over stay as they were: from today on it is another.
pub async fn change(work: &mut Work, block: &Block, new: &NewBlock, version: i32) -> Result<Block, Error> {
    work.may(Act::CaseRead)?;
    must_be(block, version)?;
    let today = work.today();
    let changed = if block.weekly && block.on_day < today {
        go_on(work, block, new, today).await?
    } else {
        let changed = checked(work, new, (block.id, block.version))?;
        must_have_room(work, &changed).await?;
        store::save(work, &changed).await?;
        Block { version: changed.version + 1, ..changed }
    };
    told(work, changed.id).await?;
    Ok(changed)
}

async fn go_on(work: &mut Work, block: &Block, new: &NewBlock, today: NaiveDate) -> Result<Block, Error> {
    let mut changed = checked(work, new, (RowId::new(), 1))?;
    if changed.weekly && changed.on_day < today {
        changed.on_day = today + Days::new((changed.on_day - today).num_days().rem_euclid(7).unsigned_abs());
    }
    if block.has_ended(today) || changed.on_day < today {
        return Err(invalid("on_day", "in_the_past"));
    }
    let ended = Block { until_day: Some(today - Days::new(1)), ..block.clone() };
    store::save(work, &ended).await?;
    if changed.until_day.is_some_and(|last| last < changed.on_day) {
        return Ok(Block { version: ended.version + 1, ..ended });
    }
    must_have_room(work, &changed).await?;
    store::insert(work, &changed).await?;
    Ok(changed)
}

/// Takes a block out of one's week; one that comes every week from this day on, where a day is named, or from today on: the weeks that are over stay as
/// they were, until the last of it is over too.
pub async fn remove(work: &mut Work, block: &Block, from: Option<NaiveDate>, version: i32) -> Result<(), Error> {
    work.may(Act::CaseRead)?;
    must_be(block, version)?;
    let today = work.today();
    let from = from.or((!block.has_ended(today)).then_some(today));
    match from.filter(|day| block.weekly && *day > block.on_day) {
        Some(day) => {
            let last = day - Days::new(1);
            let until_day = Some(block.until_day.map_or(last, |known| known.min(last)));
            store::save(work, &Block { until_day, ..block.clone() }).await?;
        }
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

async fn must_have_room(work: &mut Work, block: &Block) -> Result<(), Error> {
    let others = store::others_beside(work, block).await?;
    if others < MOST_BLOCKS { Ok(()) } else { Err(invalid("on_day", "too_many_blocks")) }
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
