//! Counting households by place, and leaving out what is small.
use std::collections::BTreeMap;

use crate::access::suppress;
use crate::achievements::Stood;
use crate::achievements::figure::{Counts, Missing, Poor};
use crate::packs::{Achievements, Sensitivity};

/// A place by its two levels of administration; both are empty where it is not said.
pub(super) type Place = (String, String);

/// The counts of one place.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    households: u64,
    poor: u64,
    // What is not known decides whether they are poor.
    undecided: u64,
    // Those to whom any line applies, and the sums of their shares.
    measured: u64,
    least: f64,
    most: f64,
    // In the order of the list.
    dimensions: Vec<Counts>,
}

impl Tally {
    /// Counts one household.
    pub(super) fn count(&mut self, list: &Achievements, stood: &[Stood<'_>]) {
        self.households += 1;
        self.dimensions.resize(list.dimensions.len(), Counts::default());
        for (all, dimension) in self.dimensions.iter_mut().zip(&list.dimensions) {
            let of = Counts::of(stood.iter().filter(|line| line.dimension.code == dimension.code));
            all.achieved += of.achieved;
            all.to_achieve += of.to_achieve;
        }
        let Some(missing) = Missing::of(list, stood) else { return };
        self.measured += 1;
        self.least += missing.least;
        self.most += missing.most;
        match list.poor_from.map(|from| missing.is_poor(from)) {
            Some(Poor::Yes) => self.poor += 1,
            Some(Poor::Open) => self.undecided += 1,
            Some(Poor::No) | None => {}
        }
    }
}

/// The figures of a place as they may be shown; what is absent is hidden, because it is small.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shown {
    pub(super) place: Place,
    pub(super) households: Option<i32>,
    /// The share of households that are poor in several dimensions.
    pub(super) poor: Option<Missing>,
    /// The share of conditions that are missing, on average.
    pub(super) missing: Option<Missing>,
    /// Of each dimension how many lines are achieved, and how many are to achieve.
    pub(super) dimensions: Vec<Option<(i32, i32)>>,
}

/// Every place, by name; the one that is not said comes last.
pub(super) fn shown(tallies: &BTreeMap<Place, Tally>, sensitivity: Sensitivity) -> Vec<Shown> {
    let sizes: Vec<u64> = tallies.values().map(|tally| tally.households).collect();
    let large = suppress::showable(&sizes, sensitivity);
    let mut rows: Vec<Shown> = tallies
        .iter()
        .zip(large)
        .map(|((place, tally), is_large)| if is_large { figures(place, tally, sensitivity) } else { hidden(place, tally) })
        .collect();
    rows.sort_by_key(|row| row.place.0.is_empty() && row.place.1.is_empty());
    rows
}

fn hidden(place: &Place, tally: &Tally) -> Shown {
    let dimensions = vec![None; tally.dimensions.len()];
    Shown { place: place.clone(), households: None, poor: None, missing: None, dimensions }
}

fn figures(place: &Place, tally: &Tally, sensitivity: Sensitivity) -> Shown {
    let floor = suppress::floor(sensitivity);
    let of = tally.households;
    // A share of which only a few are, or only a few are not, tells of those few.
    let is_large = |n: u64| (n == 0 || n >= floor) && (n == of || of - n >= floor);
    let share = |n: u64| f64::from(suppress::shown(n, sensitivity)) / f64::from(suppress::shown(of, sensitivity).max(1));
    let (least, most) = (tally.poor, tally.poor + tally.undecided);
    let mean = |sum: f64| sum / tally.measured as f64;
    let pair = |counts: &Counts| {
        let [achieved, lacking] = [counts.achieved, counts.to_achieve].map(|n| u64::try_from(n).unwrap_or(0));
        let is_large = [achieved, lacking].into_iter().all(|n| n == 0 || n >= floor);
        is_large.then(|| (suppress::shown(achieved, sensitivity), suppress::shown(lacking, sensitivity)))
    };
    Shown {
        place: place.clone(),
        households: Some(suppress::shown(of, sensitivity)),
        poor: (is_large(least) && is_large(most)).then(|| Missing { least: share(least), most: share(most) }),
        missing: (tally.measured >= floor).then(|| Missing { least: mean(tally.least), most: mean(tally.most) }),
        dimensions: tally.dimensions.iter().map(pair).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: &str, households: u64, poor: u64, undecided: u64) -> (Place, Tally) {
        let counts = Counts { achieved: 12, to_achieve: 2, ..Counts::default() };
        let shares = households as f64;
        let tally = Tally {
            households,
            poor,
            undecided,
            measured: households,
            least: shares * 0.25,
            most: shares * 0.5,
            dimensions: vec![counts],
        };
        ((name.to_owned(), String::new()), tally)
    }

    #[test]
    fn s15_small_places_and_small_counts_are_hidden() {
        let all =
            BTreeMap::from([place("Zarqa", 20, 5, 5), place("Irbid", 3, 0, 0), place("Mafraq", 4, 4, 0), place("", 9, 1, 8)]);
        let rows = shown(&all, Sensitivity::Standard);
        let names: Vec<_> = rows.iter().map(|row| (row.place.0.as_str(), row.households)).collect();
        assert_eq!(names, [("Irbid", None), ("Mafraq", None), ("Zarqa", Some(20)), ("", Some(9))]);
        assert_eq!(rows[2].poor, Some(Missing { least: 0.25, most: 0.5 }));
        assert_eq!(rows[2].missing, Some(Missing { least: 0.25, most: 0.5 }));
        assert_eq!(rows[2].dimensions, [None], "two conditions point to a household");
        assert_eq!(rows[3].poor, None, "one poor household of nine");
        assert_eq!(rows[1].missing, None);
    }

    #[test]
    fn protected_counts_are_hidden_below_ten_and_rounded_to_five() {
        let all = BTreeMap::from([place("Zarqa", 22, 0, 22), place("Irbid", 9, 0, 0), place("Mafraq", 8, 0, 0)]);
        let rows = shown(&all, Sensitivity::Protected);
        assert_eq!(rows.iter().map(|row| row.households).collect::<Vec<_>>(), [None, None, Some(20)]);
        assert_eq!(rows[2].poor, Some(Missing { least: 0.0, most: 1.0 }));
    }
}
