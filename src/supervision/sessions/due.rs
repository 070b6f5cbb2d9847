//! Whose session is due: the worker one of whose cases was not discussed for as long as its risk level allows.
use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::store;
use crate::access::Act;
use crate::error::Error;
use crate::packs::{self, Pack};
use crate::platform::db::Work;
use crate::platform::ids::{UnitId, UserId};
use crate::supervision::store::{self as board, Unit};
use crate::supervision::team;

/// A worker, and when they are to be met.
#[derive(Debug)]
pub struct Due {
    /// Who.
    pub worker: UserId,
    /// Their name.
    pub name: String,
    /// How many open cases they keep.
    pub cases: i32,
    /// By when one of them is to be discussed.
    pub due_at: DateTime<Utc>,
    /// When they last took part in a session.
    pub last_at: Option<DateTime<Utc>>,
}

/// The workers of a unit, those first whose session is due first, with the units to choose from.
pub async fn list(work: &mut Work, unit: Option<UnitId>) -> Result<(Vec<Unit>, UnitId, Vec<Due>), Error> {
    work.may(Act::CaseAssign)?;
    let me = work.me()?;
    let units = board::units(work).await?;
    let Some(chosen) = team::chosen(&units, unit)? else { return Ok((units, 0, Vec::new())) };
    let (id, within) = (chosen.id, chosen.within.clone());
    let mut by_worker: BTreeMap<UserId, (i32, DateTime<Utc>)> = BTreeMap::new();
    for group in store::waiting(work, &within).await? {
        let pack = packs::store::find(work, &group.pack, group.pack_version).await?;
        let due_at = group.oldest + every(&pack, group.risk.as_deref());
        let known = by_worker.entry(group.manager).or_insert((0, due_at));
        *known = (known.0 + group.cases, known.1.min(due_at));
    }
    let colleagues = board::colleagues(work, &within).await?;
    let ids: Vec<_> = by_worker.keys().map(|worker| worker.0).collect();
    let last: BTreeMap<_, _> = store::last_held(work, &ids).await?.into_iter().collect();
    let named = colleagues.into_iter().filter(|one| one.id != me).filter_map(|one| {
        let (cases, due_at) = by_worker.get(&one.id).copied()?;
        Some(Due { worker: one.id, name: one.name, cases, due_at, last_at: last.get(&one.id).copied() })
    });
    let mut all: Vec<Due> = named.collect();
    all.sort_by(|a, b| a.due_at.cmp(&b.due_at).then_with(|| a.name.cmp(&b.name)));
    Ok((units, id, all))
}

/// How often a case of this risk is discussed; one without a level like the lowest.
fn every(pack: &Pack, risk: Option<&str>) -> TimeDelta {
    let level = risk.and_then(|code| pack.risk_level(code)).or(pack.risk_levels.last());
    TimeDelta::hours(level.map_or(24 * 14, |level| i64::from(level.supervision.rough_hours())))
}
