//! Units in which more workers stand with each who supervises than the pack says (S24).
use std::sync::Arc;

use super::proposal::Worker;
use super::store::Unit;
use super::team::Carried;
use crate::error::Error;
use crate::packs::{self, Pack};
use crate::platform::db::Work;
use crate::platform::ids::UnitId;

/// A unit with too few who supervise.
#[derive(Debug, PartialEq, Eq)]
pub struct Stretched {
    /// Its name.
    pub unit: String,
    /// How many work there on cases that those supervise.
    pub workers: usize,
    /// How many supervise there.
    pub supervisors: usize,
    /// For how many workers one is meant.
    pub most: u16,
}

/// Those of these units. Where nobody supervises, somebody further up may, of whom the board knows nothing: of such a unit nothing is said.
pub async fn among(
    work: &mut Work,
    units: &[Unit],
    within: &[UnitId],
    workers: &[(Worker, Carried)],
) -> Result<Vec<Stretched>, Error> {
    let packs: Vec<Arc<Pack>> = packs::store::newest(work).await?.into_iter().map(|(_, pack)| pack).collect();
    let here = |unit: UnitId| workers.iter().map(|(worker, _)| worker).filter(move |worker| worker.units.contains(&unit));
    let shown = units.iter().filter(|unit| within.contains(&unit.id));
    Ok(shown.filter_map(|unit| Stretched::of(&unit.name, here(unit.id).collect(), &packs)).collect())
}

// For how many workers somebody who supervises these types is meant: of several packs the fewest.
fn most(packs: &[Arc<Pack>], supervised: &[i16]) -> Option<u16> {
    let knows = |pack: &Pack| pack.case_types.iter().any(|known| supervised.contains(&i16::from(known.id)));
    packs.iter().filter(|pack| knows(pack)).map(|pack| pack.supervision.workers).min()
}

impl Stretched {
    // Whoever works on other cases only is supervised by somebody else.
    fn of(unit: &str, here: Vec<&Worker>, packs: &[Arc<Pack>]) -> Option<Self> {
        let (supervisors, others): (Vec<&Worker>, Vec<&Worker>) = here.into_iter().partition(|one| one.supervises);
        let supervised: Vec<i16> = supervisors.iter().flat_map(|one| one.cleared.iter().copied()).collect();
        let most = most(packs, &supervised)?;
        let workers = others.iter().filter(|one| one.cleared.iter().any(|known| supervised.contains(known))).count();
        let supervisors = supervisors.len();
        (workers > supervisors * usize::from(most)).then(|| Self { unit: unit.to_owned(), workers, supervisors, most })
    }
}
