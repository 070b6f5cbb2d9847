//! The figures of a household: how many lines stand how, and the weighted share of conditions that are missing.
//!
//! The share is the deprivation score of Alkire and Foster's method: the weights of deprived lines over the weights of all that apply. A line
//! that is not known may turn out either way, or not to apply at all: the share lies between what it would be if all of them were achieved and
//! if none of them were. Docs: `docs/achievements.md`.
use super::line::{State, Stood};
use crate::packs::Achievements;

/// How many lines stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Reached.
    pub achieved: i64,
    /// Missing.
    pub to_achieve: i64,
    /// Not for this household.
    pub does_not_apply: i64,
    /// Nobody knows yet.
    pub unknown: i64,
}

impl Counts {
    /// Of these lines.
    pub fn of<'a>(stood: impl IntoIterator<Item = &'a Stood<'a>>) -> Self {
        let mut counts = Self::default();
        for line in stood {
            match line.state {
                State::Achieved => counts.achieved += 1,
                State::ToAchieve => counts.to_achieve += 1,
                State::DoesNotApply => counts.does_not_apply += 1,
                State::Unknown => counts.unknown += 1,
            }
        }
        counts
    }

    /// Lines that apply, or may.
    pub fn applying(self) -> i64 {
        self.achieved + self.to_achieve + self.unknown
    }

    /// The share of them that is achieved, in whole per cent.
    pub fn share(self) -> u32 {
        let share = (self.achieved * 100).checked_div(self.applying()).unwrap_or(0);
        u32::try_from(share).unwrap_or(0)
    }
}

/// The share of weighted conditions that are missing: from 0 to 1, the same twice where everything is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Missing {
    /// If whatever is not known were achieved.
    pub least: f64,
    /// If none of it were.
    pub most: f64,
}

/// Whether a household is poor in several dimensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Poor {
    /// Whatever is still not known.
    Yes,
    /// Likewise.
    No,
    /// What is not known decides.
    Open,
}

impl Missing {
    /// The share of these lines; none where no line applies.
    pub fn of(list: &Achievements, stood: &[Stood<'_>]) -> Option<Self> {
        let weight = |state: State| -> f64 {
            stood.iter().filter(|line| line.state == state).map(|line| list.share(line.dimension, line.line)).sum()
        };
        let (missing, unknown) = (weight(State::ToAchieve), weight(State::Unknown));
        let all = weight(State::Achieved) + missing + unknown;
        (all > 0.0).then(|| Self { least: missing / all, most: (missing + unknown) / all })
    }

    /// Whether that is poor, from this share in per cent on.
    pub fn is_poor(self, from: u16) -> Poor {
        // A share that is the limit itself counts as poor, also where its last digit got lost.
        let reaches = |share: f64| share * 100.0 > f64::from(from) - 1e-9;
        match (reaches(self.least), reaches(self.most)) {
            (true, _) => Poor::Yes,
            (false, false) => Poor::No,
            (false, true) => Poor::Open,
        }
    }

    /// Everything is known.
    pub fn is_certain(self) -> bool {
        (self.most - self.least).abs() < 1e-9
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::tests::line;
    use super::*;
    use crate::packs::{Asks, Dimension, Known, Labels};

    fn list() -> Achievements {
        let lines = |codes: &[&str]| codes.iter().map(|code| line(code, Asks::Household, Known::ByHand)).collect();
        let dimension = |code: &str, weight: u16, codes: &[&str]| Dimension {
            code: code.into(),
            labels: Labels::default(),
            weight,
            lines: lines(codes),
        };
        Achievements {
            panel: "achievements".into(),
            case_types: Vec::new(),
            poor_from: Some(33),
            dimensions: vec![dimension("papers", 1, &["a"]), dimension("home", 1, &["b", "c"]), dimension("work", 2, &["d"])],
        }
    }

    fn stood<'a>(list: &'a Achievements, states: &[State]) -> Vec<Stood<'a>> {
        let one = |((dimension, line), state): ((&'a Dimension, _), &State)| Stood {
            dimension,
            line,
            state: *state,
            judged: Vec::new(),
        };
        list.lines().zip(states).map(one).collect()
    }

    #[test]
    fn what_is_missing_weighs_by_its_dimension_among_what_applies_and_the_unknown_makes_a_range() {
        use State::{Achieved as A, DoesNotApply as N, ToAchieve as T, Unknown as U};
        let list = list();
        let missing = |states: &[State]| Missing::of(&list, &stood(&list, states));
        // Weights: a 1/4, b and c 1/8 each, d 1/2.
        for (states, least, most) in [
            ([A, A, A, A], 0.0, 0.0),
            ([T, A, A, A], 0.25, 0.25),
            ([T, A, A, N], 0.5, 0.5),
            ([T, U, A, A], 0.25, 0.375),
            ([U, U, U, U], 0.0, 1.0),
            ([N, T, T, N], 1.0, 1.0),
        ] {
            let found = missing(&states).expect("some apply");
            assert!((found.least - least).abs() < 1e-9 && (found.most - most).abs() < 1e-9, "{states:?}: {found:?}");
        }
        assert_eq!(missing(&[N, N, N, N]), None);
        // An unknown line that turns out not to apply leaves the share inside the range.
        let (range, then) = (missing(&[T, U, A, A]).expect("some"), missing(&[T, N, A, A]).expect("some"));
        assert!(range.least <= then.least && then.least <= range.most);
    }

    #[test]
    fn a_household_is_poor_once_no_unknown_line_could_lift_it_below_the_limit() {
        for (least, most, poor) in [(0.33, 0.5, Poor::Yes), (0.1, 0.32, Poor::No), (0.1, 0.4, Poor::Open)] {
            assert_eq!(Missing { least, most }.is_poor(33), poor, "{least} {most}");
        }
    }

    #[test]
    fn progress_counts_what_applies_or_may() {
        let list = list();
        let counts = Counts::of(&stood(&list, &[State::Achieved, State::ToAchieve, State::DoesNotApply, State::Unknown]));
        assert_eq!((counts.applying(), counts.share(), counts.does_not_apply), (3, 33, 1));
        assert_eq!(Counts::default().share(), 0);
    }
}
