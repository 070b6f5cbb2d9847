//! What colleagues carry, and who of them is away: said where one of them is chosen, and asked about before they get more (S24).
use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::team::{is_more_than_full, share};
use crate::cases::Case;
use crate::error::{Error, invalid};
use crate::packs::{self, Pack};
use crate::platform::db::Work;
use crate::platform::ids::UserId;
use crate::web::{Form, Page};

/// Said of somebody who would carry more than a full caseload.
pub const CARRIES_FULL: &str = "carries_full";
/// Said of somebody whose absence is covered now.
pub const IS_AWAY: &str = "is_away";
/// Said of a case whose type asks for a higher level than the worker has.
pub const BEYOND_LEVEL: &str = "beyond_level";

/// What is meant all the same, once it was said.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Meant {
    /// Somebody carries more than a full caseload.
    pub overfull: bool,
    /// Somebody gets a case who is away.
    pub away: bool,
    /// Somebody gets a case whose type asks for a higher level than they work at.
    pub beyond_level: bool,
}

impl Meant {
    /// What was ticked beside what was said.
    pub fn ticked(form: &Form) -> Self {
        Self { overfull: form.ticked("overfull"), away: form.ticked("away"), beyond_level: form.ticked("beyond_level") }
    }
}

/// A tick by which something is meant all the same.
#[derive(Debug)]
pub struct Tick {
    /// Its field.
    pub name: &'static str,
    /// Its words.
    pub label: String,
    /// What it means.
    pub hint: String,
}

/// The ticks for what was said of whoever was chosen in this field: each stays until all else is right too.
pub fn ticks(p: &Page, form: &Form, who: &str) -> Vec<Tick> {
    let asked = [
        ("away", IS_AWAY, "team-away-give"),
        ("overfull", CARRIES_FULL, "team-overfull-give"),
        ("beyond_level", BEYOND_LEVEL, "team-beyond-give"),
    ];
    let stands = |(name, code, _): &(&str, &str, &str)| form.ticked(name) || form.error(who) == Some(*code);
    let said = asked.into_iter().filter(stands);
    said.map(|(name, _, family)| Tick { name, label: p.t(family), hint: p.t(&format!("{family}-hint")) }).collect()
}

/// What cases ask of whoever gets them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked {
    /// The share of one worker's caseload that they take together.
    pub share: f64,
    /// The highest level that their types ask for.
    pub level: Option<i16>,
}

impl Asked {
    /// What so many cases of this type and risk ask, by the rules of their pack.
    pub fn of(pack: &Pack, (case_type, risk): (i16, Option<&str>), cases: i64) -> Self {
        let found = u8::try_from(case_type).ok().and_then(|id| pack.case_type_by_id(id));
        let level = found.and_then(|found| found.level).map(i16::from);
        Self { share: share(pack, case_type, risk) * cases as f64, level }
    }

    /// Both together.
    pub fn with(self, other: Self) -> Self {
        Self { share: self.share + other.share, level: self.level.max(other.level) }
    }
}

/// How it stands with a colleague.
#[derive(Debug, Clone, Copy, Default)]
pub struct Carrying {
    /// The share of one worker's caseload that their cases take, of those that the reader sees.
    pub load: f64,
    /// The last day of their absence, which is covered now.
    pub away_until: Option<NaiveDate>,
}

impl Carrying {
    /// Their name with what they carry and until when they are away, as it stands among choices.
    pub fn named(&self, p: &Page, name: &str) -> String {
        p.joined([name.to_owned(), p.reader.percent(self.load), away(p, self.away_until)])
    }

    // What stands against cases of this weight for them, unless it is meant.
    fn objection(&self, weight: f64, meant: Meant) -> Option<&'static str> {
        if self.away_until.is_some() && !meant.away {
            return Some(IS_AWAY);
        }
        (is_more_than_full(self.load + weight) && !meant.overfull).then_some(CARRIES_FULL)
    }
}

/// Until when somebody is away, in words; empty for whoever is there.
pub fn away(p: &Page, until: Option<NaiveDate>) -> String {
    until.map(|day| p.ta("team-away", "day", p.date(&day))).unwrap_or_default()
}

/// How it stands with each of these; whoever carries nothing and is there is left out.
pub async fn of(work: &mut Work, people: &[UserId]) -> Result<HashMap<UserId, Carrying>, Error> {
    let mut found: HashMap<UserId, Carrying> = HashMap::new();
    let kept = sqlx::query!(
        r#"select case_manager as "manager!: UserId", case_type, pack, pack_version, risk, count(*) as "cases!" from cases
           where case_manager = any ($1) and closed_at is null group by case_manager, case_type, pack, pack_version, risk"#,
        people as _
    );
    for row in kept.fetch_all(work.db()).await? {
        let pack = packs::store::find(work, &row.pack, row.pack_version).await?;
        let share = share(&pack, row.case_type, row.risk.as_deref()) * row.cases as f64;
        found.entry(row.manager).or_default().load += share;
    }
    let covered = sqlx::query!(
        r#"select worker as "worker!: UserId", max(until_on) as "until!" from covers
           where worker = any ($1) and state = 'running' and until_on is not null group by worker"#,
        people as _
    );
    for row in covered.fetch_all(work.db()).await? {
        found.entry(row.worker).or_default().away_until = Some(row.until);
    }
    Ok(found)
}

/// A case goes to somebody who has room, is there and works at its level, or it is meant so (S24); what stands against it is said of the field.
pub async fn may_get(work: &mut Work, case: &Case, (field, to): (&str, UserId), meant: Meant) -> Result<(), Error> {
    let pack = packs::store::find(work, &case.pack, case.pack_version).await?;
    may_get_all(work, Asked::of(&pack, (case.case_type, case.risk.as_deref()), 1), (field, to), meant).await
}

/// The same of cases that come together, by what they ask.
pub async fn may_get_all(work: &mut Work, asked: Asked, (field, to): (&str, UserId), meant: Meant) -> Result<(), Error> {
    let carrying = of(work, &[to]).await?.remove(&to).unwrap_or_default();
    if let Some(code) = carrying.objection(asked.share, meant) {
        return Err(invalid(field, code));
    }
    if let Some(asked) = asked.level.filter(|_| !meant.beyond_level) {
        let level = sqlx::query_scalar!("select level from users where id = $1", to.0).fetch_optional(work.db()).await?.flatten();
        if level.is_some_and(|level| level < asked) {
            return Err(invalid(field, BEYOND_LEVEL));
        }
    }
    Ok(())
}

/// Somebody who takes over a whole caseload has room for it, or it is meant so (S24).
pub async fn may_take_over(
    work: &mut Work,
    (worker, colleague): (UserId, UserId),
    field: &str,
    meant: Meant,
) -> Result<(), Error> {
    let carrying = of(work, &[worker, colleague]).await?;
    let load = |who: UserId| carrying.get(&who).map_or(0.0, |one| one.load);
    let more = load(worker);
    if more > 0.0 && is_more_than_full(load(colleague) + more) && !meant.overfull {
        return Err(invalid(field, "cover_overfull"));
    }
    Ok(())
}
