//! A unit's board put together: who carries what, what waits, and whom each is proposed to.
use std::collections::BTreeMap;
use std::sync::Arc;

use super::carrying::Meant;
use super::proposal::{self, Lack, Waiting, Why, Worker};
use super::store::{self, Handed, Inboxed, Load, Satisfaction, Unit};
use super::stretched::{self, Stretched};
use crate::access::Act;
use crate::cases::actions::{self, Assignment};
use crate::cases::store as cases;
use crate::error::{Error, FieldErrors};
use crate::packs::{self, Pack};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, UnitId, UserId};

/// What lies with somebody, or in the inboxes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Carried {
    /// Open cases.
    pub cases: i64,
    /// Those with something overdue.
    pub overdue: i64,
    /// The share of one worker's caseload that they take (S24).
    pub load: f64,
}

/// A case that waits, and whom the rules would give it to.
#[derive(Debug)]
pub struct Proposed {
    /// The case.
    pub case: Inboxed,
    /// Its pack.
    pub pack: Arc<Pack>,
    /// To whom and why, or why to nobody.
    pub to: Result<(UserId, Vec<Why>), Lack>,
    /// Whom it can be given to, in the order of the rules; whoever is away stands last.
    pub offered: Vec<UserId>,
    /// The level of worker that its type asks for.
    pub level: Option<i16>,
}

/// The board of a unit and all below it.
#[derive(Debug, Default)]
pub struct Board {
    /// The units that the reader may choose from.
    pub units: Vec<Unit>,
    /// The one that is shown.
    pub unit: UnitId,
    /// The colleagues who work on cases there, with what each carries.
    pub workers: Vec<(Worker, Carried)>,
    /// Where more workers stand with each who supervises than one is meant for (S24).
    pub stretched: Vec<Stretched>,
    /// All of it together.
    pub all: Carried,
    /// How much waits in the inboxes.
    pub waits: i64,
    /// What waits, at most [`store::MOST_WAITING`].
    pub waiting: Vec<Proposed>,
    /// What colleagues do for each other.
    pub handed: Vec<Handed>,
    /// How many goals came to what when cases were closed in the last twelve months.
    pub outcomes: Vec<(String, i64)>,
    /// What people said of the support in the last twelve months.
    pub satisfaction: Satisfaction,
}

impl Board {
    /// The cases that stand on it.
    pub fn seen(&self) -> Vec<uuid::Uuid> {
        self.waiting.iter().map(|one| one.case.id.0).chain(self.handed.iter().map(|one| one.case.0)).collect()
    }
}

/// The board of this unit, or of the first that the reader reaches; [`Error::NotFound`] for a unit beyond reach.
pub async fn board(work: &mut Work, unit: Option<UnitId>) -> Result<Board, Error> {
    work.may(Act::CaseAssign)?;
    let units = store::units(work).await?;
    let Some(chosen) = chosen(&units, unit)? else {
        return Ok(Board { units, ..Board::default() });
    };
    let (unit, within) = (chosen.id, chosen.within.clone());
    let colleagues = store::colleagues(work, &within).await?;
    let people: Vec<UserId> = colleagues.iter().map(|one| one.id).collect();
    let (mut carried, mut all, mut waits) = (BTreeMap::<UserId, Carried>::new(), Carried::default(), 0);
    for load in &store::loads(work, &within, &people).await? {
        let share = share(&*packs::store::find(work, &load.pack, load.pack_version).await?, load.case_type, load.risk.as_deref());
        all.add(load, share);
        match load.manager {
            Some(manager) => carried.entry(manager).or_default().add(load, share),
            None if !load.others => waits += i64::from(load.cases),
            None => {}
        }
    }
    let mut workers = Vec::new();
    for one in colleagues {
        let own = carried.get(&one.id).copied().unwrap_or_default();
        let store::Colleague { id, name, units, cleared, languages, level, supervises, apart, away_until } = one;
        let load = own.load;
        workers.push((Worker { id, name, units, cleared, languages, level, supervises, apart, away_until, load }, own));
    }
    let stretched = stretched::among(work, &units, &within, &workers).await?;
    let waiting = proposed(work, &within, &workers).await?;
    let handed = store::handed(work, &within).await?;
    let outcomes = store::outcomes(work, &within).await?;
    let satisfaction = store::satisfaction(work, &within).await?;
    Ok(Board { unit, units, workers, stretched, all, waits, waiting, handed, outcomes, satisfaction })
}

/// The unit that was asked for, or the first; [`Error::NotFound`] for one beyond reach.
pub(super) fn chosen(units: &[Unit], asked: Option<UnitId>) -> Result<Option<&Unit>, Error> {
    match asked {
        Some(asked) => units.iter().find(|one| one.id == asked).map(Some).ok_or(Error::NotFound),
        None => Ok(units.first()),
    }
}

async fn proposed(work: &mut Work, within: &[UnitId], workers: &[(Worker, Carried)]) -> Result<Vec<Proposed>, Error> {
    let inboxed = store::waiting(work, within).await?;
    let (mut cases, mut known) = (Vec::new(), Vec::new());
    for case in inboxed {
        let pack = packs::store::find(work, &case.pack, case.pack_version).await?;
        let case_type = u8::try_from(case.case_type).ok().and_then(|id| pack.case_type_by_id(id));
        cases.push(Waiting {
            id: case.id,
            unit: case.unit,
            case_type: case.case_type,
            restricted: case.guarded == "restricted",
            level: case_type.and_then(|found| found.level).map(i16::from),
            languages: case.languages.clone(),
            before: case.before,
            weight: share(&pack, case.case_type, case.risk.as_deref()),
        });
        known.push((case, pack));
    }
    let workers: Vec<Worker> = workers.iter().map(|(worker, _)| worker.clone()).collect();
    let found = proposal::propose(&cases, &workers);
    let together = known.into_iter().zip(found).zip(&cases);
    Ok(together
        .map(|(((case, pack), to), waiting)| {
            let offered = proposal::in_order(waiting, &workers).iter().map(|worker| worker.id).collect();
            Proposed { case, pack, to, offered, level: waiting.level }
        })
        .collect())
}

/// The share of one worker's caseload that a case of this type and risk takes.
pub(super) fn share(pack: &Pack, case_type: i16, risk: Option<&str>) -> f64 {
    let found = u8::try_from(case_type).ok().and_then(|id| pack.case_type_by_id(id));
    found.map_or(0.0, |found| pack.load_percent(found, risk.unwrap_or_default()) / 100.0)
}

impl Carried {
    fn add(&mut self, load: &Load, share: f64) {
        self.cases += i64::from(load.cases);
        self.overdue += i64::from(load.overdue);
        self.load += share * f64::from(load.cases);
    }
}

/// One case to be given out.
#[derive(Debug, Clone, Copy)]
pub struct Given {
    /// The case.
    pub case: CaseId,
    /// To whom.
    pub to: UserId,
    /// The edition of the case that the actor looked at.
    pub version: i32,
}

/// A full load is no more than full, however its parts were rounded.
pub(super) fn is_more_than_full(load: f64) -> bool {
    load > 1.0 + 1e-9
}

/// Gives out one case or many in one transaction: all of them, or none, and then what stands against which, under `to_<case>`. Nobody gets more than a full
/// caseload (S24), a case while they are away, or one beyond their level, unless that is meant. Each is asked after those before it were given, so that all
/// that somebody gets together counts, and what they carry in units that this board does not show.
pub async fn give_out(work: &mut Work, given: &[Given], meant: Meant) -> Result<(), Error> {
    work.may(Act::CaseAssign)?;
    if given.is_empty() {
        return Err(crate::error::invalid("case", "tick_one"));
    }
    if given.len() > usize::try_from(store::MOST_WAITING).unwrap_or(usize::MAX) {
        return Err(crate::error::invalid("case", "too_many"));
    }
    let mut errors = FieldErrors::default();
    for one in given {
        let case = cases::find(work, one.case).await?;
        let supervisor = case.supervisor.filter(|supervisor| *supervisor != one.to);
        let assignment = Assignment { manager: Some(one.to), supervisor, version: one.version, meant };
        match actions::assign(work, case, assignment).await {
            Ok(()) => {}
            Err(Error::Invalid(found)) => found.0.iter().for_each(|(_, code)| errors.add(&format!("to_{}", one.case), code)),
            Err(Error::Conflict(_)) => errors.add(&format!("to_{}", one.case), "changed_meanwhile"),
            Err(error) => return Err(error),
        }
    }
    errors.or_ok()
}
