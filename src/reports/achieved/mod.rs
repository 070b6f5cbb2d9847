//! Achievements of many households by place: what is achieved and what is to achieve in each dimension, and how many are poor in several.
//!
//! Counted from the open cases that the reader sees, under their own row security. A place with few households is hidden, and so is a count of
//! few (S15); the cut is fixed, no figure opens a list, and no sum stands beside the places from which a hidden one could be worked out. What
//! is not known makes a range, as it does of one household (`docs/achievements.md`). Restricted types are never counted.
//! Deliberately not here: any country's official index, which comes from a survey and not from cases.
mod api;
mod pages;
mod store;
mod tally;

use std::sync::Arc;

use crate::access::{Act, suppress};
use crate::cases;
use crate::error::Error;
use crate::packs::{self, Achievements, CaseType, Pack, Sensitivity};
use crate::platform::db::Work;
use crate::web::{Form, Routes};

use tally::Shown;

/// The page, its file and the call.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/loop/achievements", pages::show)
        .page("GET", "/loop/achievements/export", pages::export)
        .api("GET", "/api/v1/loop/achievements", api::show)
        .described::<api::Described>()
}

/// A type of case whose households have a list.
#[derive(Debug, Clone)]
struct Listed {
    pack: Arc<Pack>,
    case_type: CaseType,
}

impl Listed {
    fn id(&self) -> i16 {
        i16::from(self.case_type.id)
    }

    fn list(&self) -> &Achievements {
        self.pack.achievements_of(&self.case_type.code).expect("only types with a list are listed")
    }
}

/// The types with a list that the reader is cleared for; none for whoever reads no case.
async fn listed(work: &mut Work) -> Result<Vec<Listed>, Error> {
    if !work.holds(Act::CaseRead) {
        return Ok(Vec::new());
    }
    let cleared = cases::store::cleared_types(work).await?;
    let mut listed = Vec::new();
    for (pack, types) in packs::store::for_types(work, &cleared).await? {
        let known = types.into_iter().filter(|one| one.sensitivity != Sensitivity::Restricted);
        let known = known.filter(|one| pack.achievements_of(&one.code).is_some());
        listed.extend(known.map(|case_type| Listed { pack: pack.clone(), case_type }));
    }
    Ok(listed)
}

/// The reader has figures of achievements to look at.
pub(super) async fn is_offered(work: &mut Work) -> Result<bool, Error> {
    Ok(!listed(work).await?.is_empty())
}

/// The figures of one type of case.
#[derive(Debug)]
struct Board {
    /// The types that there are, with this one.
    types: Vec<Listed>,
    at: usize,
    /// How many households were counted, unless they are few.
    households: Option<i32>,
    /// There are more than are counted.
    more: bool,
    rows: Vec<Shown>,
}

impl Board {
    /// The figures of the type that is asked for, or else of the first; `None` where the reader has none.
    async fn read(work: &mut Work, query: &Form) -> Result<Option<Self>, Error> {
        work.may(Act::ReportLoop)?;
        work.may(Act::CaseRead)?;
        let types = listed(work).await?;
        let at = types.iter().position(|one| one.id().to_string() == query.value("type")).unwrap_or(0);
        let Some(chosen) = types.get(at) else { return Ok(None) };
        let sensitivity = chosen.case_type.sensitivity;
        let (count, tallies) = store::tallies(work, chosen.id(), (&chosen.pack, chosen.list())).await?;
        let households = u64::try_from(count).unwrap_or(0);
        let is_large = households == 0 || households >= suppress::floor(sensitivity);
        Ok(Some(Self {
            at,
            households: is_large.then(|| suppress::shown(households, sensitivity)),
            more: i64::try_from(count).is_ok_and(|count| count >= store::MOST),
            rows: tally::shown(&tallies, sensitivity),
            types,
        }))
    }

    fn chosen(&self) -> &Listed {
        &self.types[self.at]
    }
}
