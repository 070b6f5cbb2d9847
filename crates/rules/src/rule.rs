//! Rules and scores as they are kept: compiled, with the text they came from.
use std::cell::Cell;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::batch::Batch;
use crate::explain::{self, Explanation};
use crate::lanes;
use crate::profile::Profile;
use crate::shape::{Arithmetic, Seen, Term, Truth};
use crate::weigh::{Facts, Val, all};

/// What a rule says of a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every condition holds.
    Eligible,
    /// A condition doesn't hold, whatever else may become known.
    NotEligible,
    /// It depends on what isn't known.
    Unknown,
}

impl Verdict {
    pub(crate) fn from_truth(holds: Option<bool>) -> Self {
        match holds {
            Some(true) => Self::Eligible,
            Some(false) => Self::NotEligible,
            None => Self::Unknown,
        }
    }
}

/// The reason that stands beside `Eligible`: there is no clause to name.
pub const NO_REASON: u8 = u8::MAX;

/// A compiled rule. Keeps as JSON; what was compiled by one version is read by later ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    pub(crate) text: String,
    pub(crate) clauses: Vec<Stated>,
}

/// One condition of those that a rule joins with `&&`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stated {
    /// From where to where it stands in the rule's text, in bytes.
    pub source: (usize, usize),
    /// What it says.
    pub shape: Truth,
}

impl Rule {
    /// The text it was compiled from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its conditions, in the order they are written. A stored reason is a place in this list.
    pub fn clauses(&self) -> &[Stated] {
        &self.clauses
    }

    /// The full names of the fields it uses (`household.income`, `member.age`), with `members` if it asks who belongs to the household.
    pub fn fields(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        self.clauses.iter().for_each(|clause| clause.shape.visit(&mut |seen| gather(&mut names, &seen)));
        names
    }

    /// What it says of one household.
    pub fn judge(&self, profile: &Profile) -> Verdict {
        let trouble = Cell::new(None);
        let facts = Facts::of(profile, &trouble);
        Verdict::from_truth(all(self.clauses.iter().map(|clause| facts.truth(&clause.shape))))
    }

    /// The same with the reasons: each condition, the values it saw, and which unknown fields could still change the verdict.
    pub fn explain(&self, profile: &Profile) -> Explanation {
        explain::explain(self, profile)
    }

    /// What it says of each profile of a batch made for the fields the rule was compiled with, in the batch's order. What stood in
    /// `verdicts` before is gone.
    pub fn judge_batch(&self, batch: &Batch, verdicts: &mut Vec<Verdict>) {
        self.judge_batch_with_reasons(batch, verdicts, &mut Vec::new());
    }

    /// The same, and for each profile the number from 0 of the first clause that failed or, of an unknown verdict, the first that is
    /// unknown; [`NO_REASON`] for who is eligible. Enough to explain the verdict later without judging again.
    pub fn judge_batch_with_reasons(&self, batch: &Batch, verdicts: &mut Vec<Verdict>, reasons: &mut Vec<u8>) {
        verdicts.clear();
        reasons.clear();
        lanes::judge(&self.clauses, batch, verdicts, reasons);
    }
}

/// A compiled score: an expression that gives a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    pub(crate) text: String,
    pub(crate) shape: Term,
}

impl Score {
    /// The text it was compiled from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it says.
    pub fn shape(&self) -> &Term {
        &self.shape
    }

    /// The full names of the fields it uses, as [`Rule::fields`].
    pub fn fields(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        self.shape.visit(&mut |seen| gather(&mut names, &seen));
        names
    }

    /// The number for one household; nothing while something it needs is unknown, or when it divides by zero or grows too large.
    pub fn value(&self, profile: &Profile) -> Option<f64> {
        let trouble = Cell::new(None);
        match Facts::of(profile, &trouble).term(&self.shape)? {
            Val::Int(value) => Some(value as f64),
            Val::Number(value) => Some(value),
            Val::Text(_) => None,
        }
    }

    /// Its summands that are not nothing, each with the condition that chose it, in the order they are written; the whole as one where it is no
    /// sum. What is unknown is left out.
    pub fn parts(&self, profile: &Profile) -> Vec<Part> {
        let trouble = Cell::new(None);
        let facts = Facts::of(profile, &trouble);
        let mut summands = Vec::new();
        gather_summands(&self.shape, &mut summands);
        let part = |term: &Term| {
            let points = match facts.term(term)? {
                Val::Int(value) => value as f64,
                Val::Number(value) => value,
                Val::Text(_) => return None,
            };
            (points != 0.0).then(|| Part { points, term: term.clone(), because: chosen_by(facts, term) })
        };
        summands.into_iter().filter_map(part).collect()
    }

    /// The unknown fields that keep the score unknown, in the order they are written; none once it is a number.
    pub fn lacks(&self, profile: &Profile) -> Vec<String> {
        explain::lacks(self, profile)
    }

    /// The number for each profile of a batch, as [`Rule::judge_batch`].
    pub fn value_batch(&self, batch: &Batch, values: &mut Vec<Option<f64>>) {
        values.clear();
        lanes::score(&self.shape, batch, values);
    }
}

/// A summand of a score, as it turned out.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What it adds.
    pub points: f64,
    /// What it says.
    pub term: Term,
    /// The condition that chose its number; nothing where none did.
    pub because: Option<Truth>,
}

fn gather_summands<'a>(term: &'a Term, summands: &mut Vec<&'a Term>) {
    match term {
        Term::Arithmetic { terms, operators } if operators.iter().all(|one| *one == Arithmetic::Add) => {
            terms.iter().for_each(|term| gather_summands(term, summands));
        }
        _ => summands.push(term),
    }
}

// The innermost condition on the way that was taken; one that does not hold is told as its contrary.
fn chosen_by<'a>(facts: Facts<'a>, term: &'a Term) -> Option<Truth> {
    match term {
        Term::ToNumber(of) => chosen_by(facts, of),
        Term::Choose { condition, then, otherwise } => match facts.truth(condition)? {
            true => chosen_by(facts, then).or_else(|| Some((**condition).clone())),
            false => chosen_by(facts, otherwise).or_else(|| Some(Truth::Not(condition.clone()))),
        },
        _ => None,
    }
}

fn gather(names: &mut BTreeSet<String>, seen: &Seen<'_>) {
    names.insert(match seen {
        Seen::Field(field) => field.to_string(),
        Seen::Members => "members".to_owned(),
    });
}
