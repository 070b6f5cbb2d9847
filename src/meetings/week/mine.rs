//! One's own week put together: meetings, blocks, what it comes to and what the contract says.
use std::sync::Arc;

use chrono::{Days, NaiveDate};

use super::block::{Block, Load, USUAL_HOURS};
use super::store::{self, Worker};
use crate::access::Act;
use crate::error::Error;
use crate::meetings::store::{self as meetings, Entry};
use crate::packs::{self, Pack};
use crate::platform::clock::midnight;
use crate::platform::db::Work;

/// A worker's own week.
pub struct Mine {
    /// Its first day.
    pub from: NaiveDate,
    /// What it comes to.
    pub load: Load,
    /// Hours that the worker is contracted for.
    pub contracted: i16,
    /// What stands in the calendar.
    pub meetings: Vec<Entry>,
    /// Blocks with the day on which each comes this week.
    pub blocks: Vec<(NaiveDate, Block)>,
}

/// The week of whoever asks that begins on this day.
pub async fn mine(work: &mut Work, from: NaiveDate) -> Result<Mine, Error> {
    work.may(Act::CaseRead)?;
    let (me, zone) = (work.me()?, work.zone());
    let meetings = meetings::entries(work, me, midnight(from, zone), midnight(from + Days::new(7), zone)).await?;
    let blocks = store::blocks(work, from, None).await?;
    let blocks: Vec<_> = blocks.into_iter().filter_map(|block| Some((block.day_in(from)?, block))).collect();
    let mut load = Load::default();
    for entry in &meetings {
        if let Some((kind, minutes)) = counted(entry) {
            load.add(kind, minutes);
        }
    }
    for (_, block) in &blocks {
        load.add(&block.kind, i64::from(block.minutes));
    }
    let worker = store::myself(work).await?;
    let contracted = contracted(&worker, &newest_packs(work).await?);
    Ok(Mine { from, load, contracted, meetings, blocks })
}

/// What kind of work an entry of the calendar is, and how many minutes it takes: a meeting with the person is a visit, a conference with others is
/// networking; a session of supervision looks after whoever takes part, and is work of whoever holds it.
pub fn counted(entry: &Entry) -> Option<(&'static str, i64)> {
    let kind = match entry.kind.as_str() {
        "session" if entry.leads => "administration",
        "session" => "self_care",
        _ if entry.case_id.is_none() || entry.state == "not_held" => return None,
        "conference" => "networking",
        _ => "visits",
    };
    Some((kind, (entry.ends_at? - entry.starts_at).num_minutes()))
}

/// The newest version of every pack.
pub async fn newest_packs(work: &mut Work) -> Result<Vec<Arc<Pack>>, Error> {
    Ok(packs::store::newest(work).await?.into_iter().map(|(_, pack)| pack).collect())
}

/// What somebody's contract says or, where nobody wrote it down, the packs that they work under: the longest week of these.
pub fn contracted(worker: &Worker, packs: &[Arc<Pack>]) -> i16 {
    let theirs = |pack: &&Arc<Pack>| pack.case_types.iter().any(|one| worker.cleared.contains(&i16::from(one.id)));
    let usual = || packs.iter().filter(theirs).filter_map(|pack| pack.supervision.week_hours).max();
    worker.hours.unwrap_or_else(|| usual().and_then(|hours| i16::try_from(hours).ok()).unwrap_or(USUAL_HOURS))
}
