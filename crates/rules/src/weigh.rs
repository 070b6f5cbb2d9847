//! One profile at a time: what holds, what doesn't, and what nobody knows.
use std::cell::Cell;

use serde::{Deserialize, Serialize};

use crate::fields::{FieldRef, Of};
use crate::profile::{Answers, Held, Profile, whole};
use crate::shape::{Arithmetic, Comparison, How, Term, Truth, Values};

/// Why something is unknown though all it needs is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// A number divided by nothing.
    DivisionByZero,
    /// A number too large to be kept.
    Overflow,
}

/// A profile, and the members at hand.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    profile: &'a Profile,
    member: Option<&'a Answers>,
    other: Option<&'a Answers>,
    trouble: &'a Cell<Option<Trouble>>,
}

/// The value of a term.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Val<'a> {
    Int(i64),
    Number(f64),
    Text(&'a str),
}

/// Of how many members something is known to hold, at least and at most.
struct Tally {
    yes: i64,
    no: i64,
    all: i64,
}

impl<'a> Facts<'a> {
    /// The last trouble met is left in `trouble`.
    pub(crate) fn of(profile: &'a Profile, trouble: &'a Cell<Option<Trouble>>) -> Self {
        Self { profile, member: None, other: None, trouble }
    }

    /// The same with a member at hand; nothing if two are already.
    fn with(self, member: &'a Answers) -> Option<Self> {
        match (self.member, self.other) {
            (None, _) => Some(Self { member: Some(member), ..self }),
            (Some(_), None) => Some(Self { other: Some(member), ..self }),
            (Some(_), Some(_)) => None,
        }
    }

    /// The household's members each at hand in turn; nothing if nobody knows them.
    pub(crate) fn each(self) -> Option<impl Iterator<Item = Self>> {
        let deepest = self.other.is_some();
        let members = self.profile.members.as_ref().filter(|_| !deepest)?;
        Some(members.iter().filter_map(move |member| self.with(member)))
    }

    pub(crate) fn trouble(self) -> Option<Trouble> {
        self.trouble.take()
    }

    pub(crate) fn held(self, field: &FieldRef) -> Option<Held<'a>> {
        let answers = match field.of {
            Of::Household => &self.profile.household,
            Of::Member => self.member?,
            Of::Other => self.other?,
        };
        answers.get(&field.name)?.as_kind(field.kind)
    }

    pub(crate) fn truth(self, truth: &'a Truth) -> Option<bool> {
        match truth {
            Truth::Always(value) => Some(*value),
            Truth::Field(field) => match self.held(field)? {
                Held::Bool(value) => Some(value),
                _ => None,
            },
            Truth::Known(field) => Some(self.held(field).is_some()),
            Truth::Compare { operator, left, right } => self.compare(*operator, left, right),
            Truth::Same { left, right } => Some(self.truth(left)? == self.truth(right)?),
            Truth::Among { term, values } => among(self.term(term)?, values),
            Truth::Chosen { choice, field } => match (self.term(choice)?, self.held(field)?) {
                (Val::Text(choice), Held::Choices(chosen)) => Some(chosen.iter().any(|one| one == choice)),
                _ => None,
            },
            Truth::Words { test, text, part } => match (self.term(text)?, self.term(part)?) {
                (Val::Text(text), Val::Text(part)) => Some(test.holds(text, part)),
                _ => None,
            },
            Truth::Not(inner) => self.truth(inner).map(|holds| !holds),
            Truth::All(parts) => all(parts.iter().map(|part| self.truth(part))),
            Truth::Any(parts) => all(parts.iter().map(|part| self.truth(part).map(|holds| !holds))).map(|none| !none),
            Truth::Members { how, such } => self.members(*how, such),
            Truth::Choose { condition, then, otherwise } => match self.truth(condition) {
                Some(true) => self.truth(then),
                Some(false) => self.truth(otherwise),
                None => self.truth(then).filter(|holds| self.truth(otherwise) == Some(*holds)),
            },
        }
    }

    pub(crate) fn term(self, term: &'a Term) -> Option<Val<'a>> {
        match term {
            Term::Field(field) => match self.held(field)? {
                Held::Int(value) => Some(Val::Int(value)),
                Held::Number(value) => Some(Val::Number(value)),
                Held::Text(text) => Some(Val::Text(text)),
                Held::Bool(_) | Held::Choices(_) => None,
            },
            Term::Int(value) => Some(Val::Int(*value)),
            Term::Number(value) => Some(Val::Number(*value)),
            Term::Text(text) => Some(Val::Text(text)),
            Term::Count(such) => {
                let tally = self.tally(such.as_deref())?;
                (tally.yes + tally.no == tally.all).then_some(Val::Int(tally.yes))
            }
            Term::Picked(field) => match self.held(field)? {
                Held::Choices(chosen) => i64::try_from(chosen.len()).ok().map(Val::Int),
                _ => None,
            },
            Term::Length(of) => match self.term(of)? {
                Val::Text(text) => i64::try_from(text.chars().count()).ok().map(Val::Int),
                _ => None,
            },
            Term::Arithmetic { terms, operators } => self.arithmetic(terms, operators),
            Term::Minus(of) => self.result(minus(self.term(of)?)),
            Term::ToInt(of) => self.result(to_int(self.term(of)?)),
            Term::ToNumber(of) => number(self.term(of)?).map(Val::Number),
            Term::Choose { condition, then, otherwise } => match self.truth(condition) {
                Some(true) => self.term(then),
                Some(false) => self.term(otherwise),
                None => self.term(then).filter(|value| self.term(otherwise) == Some(*value)),
            },
        }
    }

    fn compare(self, operator: Comparison, left: &'a Term, right: &'a Term) -> Option<bool> {
        match (left, right) {
            (Term::Count(such), other) => self.compare_count(operator, such.as_deref(), other),
            (other, Term::Count(such)) => self.compare_count(operator.turned(), such.as_deref(), other),
            _ => match (self.term(left)?, self.term(right)?) {
                (Val::Int(left), Val::Int(right)) => Some(operator.holds(left, right)),
                (Val::Text(left), Val::Text(right)) => Some(operator.holds(left, right)),
                (left, right) => Some(operator.holds(number(left)?, number(right)?)),
            },
        }
    }

    fn compare_count(self, operator: Comparison, such: Option<&'a Truth>, other: &'a Term) -> Option<bool> {
        let other = self.term(other)?;
        let (low, high) = self.tally(such).map_or((0, i64::MAX), |tally| (tally.yes, tally.all - tally.no));
        match other {
            Val::Int(other) => operator.within(low, high, other),
            Val::Number(other) => operator.within(low as f64, high as f64, other),
            Val::Text(_) => None,
        }
    }

    fn tally(self, such: Option<&'a Truth>) -> Option<Tally> {
        let Some(such) = such else {
            let all = i64::try_from(self.profile.members.as_ref()?.len()).ok()?;
            return Some(Tally { yes: all, no: 0, all });
        };
        let mut tally = Tally { yes: 0, no: 0, all: 0 };
        for facts in self.each()? {
            tally.all += 1;
            match facts.truth(such) {
                Some(true) => tally.yes += 1,
                Some(false) => tally.no += 1,
                None => {}
            }
        }
        Some(tally)
    }

    fn members(self, how: How, such: &'a Truth) -> Option<bool> {
        let Tally { yes, no, all } = self.tally(Some(such))?;
        match how {
            How::Exists => {
                if yes > 0 {
                    Some(true)
                } else {
                    (no == all).then_some(false)
                }
            }
            How::All => {
                if no > 0 {
                    Some(false)
                } else {
                    (yes == all).then_some(true)
                }
            }
            How::One if yes > 1 || no == all => Some(false),
            How::One => (yes == 1 && no + 1 == all).then_some(true),
        }
    }

    fn arithmetic(self, terms: &'a [Term], operators: &[Arithmetic]) -> Option<Val<'a>> {
        let (first, rest) = terms.split_first()?;
        let mut sum = self.term(first)?;
        for (operator, term) in operators.iter().zip(rest) {
            sum = self.result(operate(*operator, sum, self.term(term)?))?;
        }
        Some(sum)
    }

    fn result(self, result: Option<Result<Val<'a>, Trouble>>) -> Option<Val<'a>> {
        result?.map_err(|trouble| self.trouble.set(Some(trouble))).ok()
    }
}

/// Kleene's "and" of all: false as soon as one is, unknown if one of the others is.
pub(crate) fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut holds = Some(true);
    for part in parts {
        match part {
            Some(true) => {}
            Some(false) => return Some(false),
            None => holds = None,
        }
    }
    holds
}

fn among(value: Val<'_>, values: &Values) -> Option<bool> {
    match (value, values) {
        (Val::Int(value), Values::Ints(values)) => Some(values.contains(&value)),
        (Val::Text(value), Values::Texts(values)) => Some(values.iter().any(|one| one == value)),
        (value, Values::Numbers(values)) => Some(values.contains(&number(value)?)),
        _ => None,
    }
}

fn number(value: Val<'_>) -> Option<f64> {
    match value {
        Val::Int(value) => Some(value as f64),
        Val::Number(value) => Some(value),
        Val::Text(_) => None,
    }
}

// In these three `None` stands for a text where a number belongs, which no checked rule has.
fn minus(value: Val<'_>) -> Option<Result<Val<'static>, Trouble>> {
    match value {
        Val::Int(value) => Some(value.checked_neg().map(Val::Int).ok_or(Trouble::Overflow)),
        Val::Number(value) => Some(Ok(Val::Number(-value))),
        Val::Text(_) => None,
    }
}

fn to_int(value: Val<'_>) -> Option<Result<Val<'static>, Trouble>> {
    match value {
        Val::Int(value) => Some(Ok(Val::Int(value))),
        Val::Number(value) => Some(whole(value.trunc()).map(Val::Int).ok_or(Trouble::Overflow)),
        Val::Text(_) => None,
    }
}

fn operate(operator: Arithmetic, left: Val<'_>, right: Val<'_>) -> Option<Result<Val<'static>, Trouble>> {
    if let (Val::Int(left), Val::Int(right)) = (left, right) {
        return Some(operator.ints(left, right).map(Val::Int));
    }
    Some(operator.numbers(number(left)?, number(right)?).map(Val::Number))
}

impl Arithmetic {
    pub(crate) fn ints(self, left: i64, right: i64) -> Result<i64, Trouble> {
        let result = match self {
            Self::Add => left.checked_add(right),
            Self::Subtract => left.checked_sub(right),
            Self::Multiply => left.checked_mul(right),
            Self::Divide | Self::Remainder if right == 0 => return Err(Trouble::DivisionByZero),
            Self::Divide => left.checked_div(right),
            Self::Remainder => left.checked_rem(right),
        };
        result.ok_or(Trouble::Overflow)
    }

    pub(crate) fn numbers(self, left: f64, right: f64) -> Result<f64, Trouble> {
        let result = match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide | Self::Remainder if right == 0.0 => return Err(Trouble::DivisionByZero),
            Self::Divide => left / right,
            Self::Remainder => left % right,
        };
        if result.is_finite() { Ok(result) } else { Err(Trouble::Overflow) }
    }
}
