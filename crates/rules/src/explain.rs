//! Why a rule says what it says, and what would have to be asked to know.
use std::cell::Cell;

use serde::{Deserialize, Serialize};

use crate::fields::{FieldRef, Of};
use crate::profile::{Profile, Value};
use crate::rule::{Rule, Score, Verdict};
use crate::shape::{Seen, Term, Truth};
use crate::weigh::{Facts, Trouble, all};

/// A verdict with its reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// What the rule says.
    pub verdict: Verdict,
    /// Each of its conditions.
    pub clauses: Vec<Clause>,
    /// Of an unknown verdict: the unknown fields that could still change it, by full name (`household.income`, `member.age`, or `members`
    /// when nobody knows who belongs to the household), in the order the rule names them. Filling all of them decides the verdict; filling
    /// only others leaves it unknown. Empty for a verdict that stands, and when arithmetic alone is the trouble.
    pub decides: Vec<String>,
}

/// One condition, as it turned out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clause {
    /// From where to where it stands in the rule's text, in bytes.
    pub source: (usize, usize),
    /// Whether it holds; nothing when unknown.
    pub holds: Option<bool>,
    /// What it says, for putting into words.
    pub shape: Truth,
    /// The values it looks at, each field once, in the order they are written: of a member's field one entry for each member, in their
    /// order; `members` with how many there are, when it goes through them.
    pub values: Vec<(String, Option<Value>)>,
    /// For the first condition on members inside: of which members it holds, in their order. Empty if there is none.
    pub members: Vec<Option<bool>>,
    /// Why it is unknown, when that isn't for want of an answer.
    pub trouble: Option<Trouble>,
}

pub(crate) fn explain(rule: &Rule, profile: &Profile) -> Explanation {
    let trouble = Cell::new(None);
    let facts = Facts::of(profile, &trouble);
    let mut wanted = Wanted::default();
    let clauses: Vec<Clause> = rule
        .clauses
        .iter()
        .map(|stated| {
            wanted.trouble = None;
            let holds = facts.truth(&stated.shape);
            wanted.by_truth(facts, &stated.shape);
            Clause {
                source: stated.source,
                holds,
                shape: stated.shape.clone(),
                values: values(&stated.shape, profile),
                members: first_members(&stated.shape).map(|such| of_whom(facts, such)).unwrap_or_default(),
                trouble: wanted.trouble,
            }
        })
        .collect();
    let verdict = Verdict::from_truth(all(clauses.iter().map(|clause| clause.holds)));
    let decides = if verdict == Verdict::Unknown { wanted.fields } else { Vec::new() };
    Explanation { verdict, clauses, decides }
}

pub(crate) fn lacks(score: &Score, profile: &Profile) -> Vec<String> {
    let trouble = Cell::new(None);
    let mut wanted = Wanted::default();
    wanted.by_term(Facts::of(profile, &trouble), &score.shape);
    wanted.fields
}

/// What is missing below whatever is unknown. Nothing is looked for below what is known, since nothing there can change it: to be unknown
/// no more, a part can only become what it is already.
#[derive(Default)]
struct Wanted {
    fields: Vec<String>,
    trouble: Option<Trouble>,
}

impl Wanted {
    fn name(&mut self, name: String) {
        if !self.fields.contains(&name) {
            self.fields.push(name);
        }
    }

    fn by_field(&mut self, facts: Facts<'_>, field: &FieldRef) {
        if facts.held(field).is_none() {
            self.name(field.to_string());
        }
    }

    fn by_truth<'a>(&mut self, facts: Facts<'a>, truth: &'a Truth) {
        if facts.truth(truth).is_some() {
            return;
        }
        match truth {
            Truth::Always(_) | Truth::Known(_) => {}
            Truth::Field(field) => self.by_field(facts, field),
            Truth::Compare { left, right, .. } => [left, right].iter().for_each(|term| self.by_side(facts, term)),
            Truth::Same { left, right } => [left, right].iter().for_each(|part| self.by_truth(facts, part)),
            Truth::Among { term, .. } => self.by_term(facts, term),
            Truth::Chosen { choice, field } => {
                self.by_term(facts, choice);
                self.by_field(facts, field);
            }
            Truth::Words { text, part, .. } => [text, part].iter().for_each(|term| self.by_term(facts, term)),
            Truth::Not(inner) => self.by_truth(facts, inner),
            Truth::All(parts) | Truth::Any(parts) => parts.iter().for_each(|part| self.by_truth(facts, part)),
            Truth::Members { such, .. } => self.by_members(facts, such),
            Truth::Choose { condition, then, otherwise } => {
                let branches = branches(facts, condition);
                self.by_truth(facts, condition);
                [then, otherwise].iter().zip(branches).filter(|(_, open)| *open).for_each(|(part, _)| self.by_truth(facts, part));
            }
        }
    }

    /// One side of a comparison: a count there may be known well enough only in part.
    fn by_side<'a>(&mut self, facts: Facts<'a>, term: &'a Term) {
        match term {
            Term::Count(Some(such)) => self.by_members(facts, such),
            _ => self.by_term(facts, term),
        }
    }

    fn by_term<'a>(&mut self, facts: Facts<'a>, term: &'a Term) {
        if facts.term(term).is_some() {
            return;
        }
        match term {
            Term::Int(_) | Term::Number(_) | Term::Text(_) => {}
            Term::Field(field) | Term::Picked(field) => self.by_field(facts, field),
            Term::Count(Some(such)) => self.by_members(facts, such),
            Term::Count(None) => self.name("members".to_owned()),
            Term::Arithmetic { terms, .. } => {
                terms.iter().for_each(|part| self.by_term(facts, part));
                if terms.iter().all(|part| facts.term(part).is_some()) {
                    self.stuck(facts, term);
                }
            }
            Term::Length(of) | Term::ToNumber(of) => self.by_term(facts, of),
            Term::Minus(of) | Term::ToInt(of) => {
                self.by_term(facts, of);
                if facts.term(of).is_some() {
                    self.stuck(facts, term);
                }
            }
            Term::Choose { condition, then, otherwise } => {
                let branches = branches(facts, condition);
                self.by_truth(facts, condition);
                [then, otherwise].iter().zip(branches).filter(|(_, open)| *open).for_each(|(part, _)| self.by_term(facts, part));
            }
        }
    }

    fn by_members<'a>(&mut self, facts: Facts<'a>, such: &'a Truth) {
        match facts.each() {
            Some(members) => members.for_each(|member| self.by_truth(member, such)),
            None => self.name("members".to_owned()),
        }
    }

    /// A term is unknown though all its parts are known.
    fn stuck<'a>(&mut self, facts: Facts<'a>, term: &'a Term) {
        facts.trouble();
        if facts.term(term).is_none() && self.trouble.is_none() {
            self.trouble = facts.trouble();
        }
    }
}

/// Which of the two ways of a choice may still be gone.
fn branches<'a>(facts: Facts<'a>, condition: &'a Truth) -> [bool; 2] {
    let holds = facts.truth(condition);
    [holds != Some(false), holds != Some(true)]
}

fn values(shape: &Truth, profile: &Profile) -> Vec<(String, Option<Value>)> {
    let mut values: Vec<(String, Option<Value>)> = Vec::new();
    shape.visit(&mut |seen| {
        let name = match &seen {
            Seen::Field(field) => field.to_string(),
            Seen::Members => "members".to_owned(),
        };
        if values.iter().any(|(known, _)| *known == name) {
            return;
        }
        let members = profile.members.as_deref();
        match seen {
            Seen::Members => {
                let size = members.and_then(|members| i64::try_from(members.len()).ok());
                values.push((name, size.map(Value::Int)));
            }
            Seen::Field(field) if field.of == Of::Household => {
                values.push((name, fitting(profile.household.get(&field.name), field)))
            }
            Seen::Field(field) => {
                values.extend(members.unwrap_or_default().iter().map(|one| (name.clone(), fitting(one.get(&field.name), field))));
            }
        }
    });
    values
}

fn fitting(value: Option<&Value>, field: &FieldRef) -> Option<Value> {
    value.filter(|value| value.as_kind(field.kind).is_some()).cloned()
}

fn of_whom<'a>(facts: Facts<'a>, such: &'a Truth) -> Vec<Option<bool>> {
    facts.each().map(|members| members.map(|member| member.truth(such)).collect()).unwrap_or_default()
}

/// What the first condition on members inside asks of each.
fn first_members(truth: &Truth) -> Option<&Truth> {
    match truth {
        Truth::Members { such, .. } => Some(such),
        Truth::Always(_)
        | Truth::Field(_)
        | Truth::Known(_)
        | Truth::Among { .. }
        | Truth::Chosen { .. }
        | Truth::Words { .. } => None,
        Truth::Compare { left, right, .. } => counted(left).or_else(|| counted(right)),
        Truth::Same { left, right } => first_members(left).or_else(|| first_members(right)),
        Truth::Not(inner) => first_members(inner),
        Truth::All(parts) | Truth::Any(parts) => parts.iter().find_map(first_members),
        Truth::Choose { condition, then, otherwise } => {
            [condition, then, otherwise].into_iter().find_map(|part| first_members(part))
        }
    }
}

fn counted(term: &Term) -> Option<&Truth> {
    match term {
        Term::Count(such) => such.as_deref(),
        Term::Arithmetic { terms, .. } => terms.iter().find_map(counted),
        Term::Minus(of) | Term::ToInt(of) | Term::ToNumber(of) => counted(of),
        _ => None,
    }
}
