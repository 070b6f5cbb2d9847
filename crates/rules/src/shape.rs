//! What a rule says, as a tree: what is evaluated, and what the server puts into words. Names instead of places, so that a rule outlives
//! a change in the order of fields.
use serde::{Deserialize, Serialize};

use crate::fields::FieldRef;

/// Something that holds or doesn't.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    /// The word `true` or `false`.
    Always(bool),
    /// A field of yes or no by itself.
    Field(FieldRef),
    /// `has(…)`: whether a value is known. Never unknown itself.
    Known(FieldRef),
    /// One term beside another, both numbers or both texts.
    Compare {
        /// How the left one must stand to the right one.
        operator: Comparison,
        /// Before the operator.
        left: Box<Term>,
        /// After it.
        right: Box<Term>,
    },
    /// Both hold, or neither does (`==` between conditions).
    Same {
        /// The one.
        left: Box<Truth>,
        /// The other.
        right: Box<Truth>,
    },
    /// `term in [values]`.
    Among {
        /// What is looked for.
        term: Box<Term>,
        /// In what.
        values: Values,
    },
    /// `'radio' in household.assets`.
    Chosen {
        /// Which choice, a text.
        choice: Box<Term>,
        /// A field of several choices.
        field: FieldRef,
    },
    /// What a text begins with, ends with or contains.
    Words {
        /// Which of these.
        test: WordTest,
        /// The whole.
        text: Box<Term>,
        /// The part.
        part: Box<Term>,
    },
    /// The contrary.
    Not(Box<Truth>),
    /// Every one holds.
    All(Vec<Truth>),
    /// At least one holds.
    Any(Vec<Truth>),
    /// Of how many members something holds. Inside, fields of `Of::Member` are those of the member at hand, or of `Of::Other` when one
    /// such already stands around.
    Members {
        /// Of how many.
        how: How,
        /// What.
        such: Box<Truth>,
    },
    /// `condition ? then : otherwise`.
    Choose {
        /// What decides.
        condition: Box<Truth>,
        /// When it holds.
        then: Box<Truth>,
        /// When it doesn't.
        otherwise: Box<Truth>,
    },
}

/// Something with a value: a number or a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// A field's value: a number, a text or a choice.
    Field(FieldRef),
    /// A whole number written in the rule.
    Int(i64),
    /// A number with a fraction written in the rule.
    Number(f64),
    /// A text written in the rule.
    Text(String),
    /// How many members there are, or of how many something holds.
    Count(Option<Box<Truth>>),
    /// How many choices were made in a field of several.
    Picked(FieldRef),
    /// How many characters a text has.
    Length(Box<Term>),
    /// `a + b - c`: done from left to right. One operator fewer than terms. Whole numbers give a whole number; `7 / 2` is 3.
    Arithmetic {
        /// At least two.
        terms: Vec<Term>,
        /// Between them.
        operators: Vec<Arithmetic>,
    },
    /// The negative of a number.
    Minus(Box<Term>),
    /// `int(…)`: a number without its fraction.
    ToInt(Box<Term>),
    /// `double(…)`: a whole number as one that may have a fraction.
    ToNumber(Box<Term>),
    /// `condition ? then : otherwise`; both of one kind.
    Choose {
        /// What decides.
        condition: Box<Truth>,
        /// When it holds.
        then: Box<Term>,
        /// When it doesn't.
        otherwise: Box<Term>,
    },
}

/// The values of a list written in a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Values {
    /// Whole numbers.
    Ints(Vec<i64>),
    /// Numbers with fractions.
    Numbers(Vec<f64>),
    /// Texts or choices.
    Texts(Vec<String>),
}

/// How two terms must stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// What is done with two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`, of whole numbers
    Remainder,
}

/// Of how many members something must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// At least one: `exists`.
    Exists,
    /// Every one, also when there is none: `all`.
    All,
    /// Exactly one: `exists_one`.
    One,
}

/// What is asked of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WordTest {
    /// `startsWith`
    Starts,
    /// `endsWith`
    Ends,
    /// `contains`
    Contains,
}

impl WordTest {
    pub(crate) fn holds(self, text: &str, part: &str) -> bool {
        match self {
            Self::Starts => text.starts_with(part),
            Self::Ends => text.ends_with(part),
            Self::Contains => text.contains(part),
        }
    }
}

impl Comparison {
    pub(crate) fn holds<T: PartialOrd + Copy>(self, left: T, right: T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::More => left > right,
            Self::AtLeast => left >= right,
        }
    }

    /// The same with its sides changed: `a < b` is `b > a`.
    pub(crate) fn turned(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::More => Self::Less,
            Self::AtLeast => Self::AtMost,
            same => same,
        }
    }

    /// Whether it holds of a number that lies somewhere from `low` to `high`: two children under six are two at least, whatever the age
    /// of the third.
    pub(crate) fn within<T: PartialOrd + Copy>(self, low: T, high: T, right: T) -> Option<bool> {
        let (at_low, at_high) = (self.holds(low, right), self.holds(high, right));
        match self {
            Self::Equal | Self::NotEqual if low == high => Some(at_low),
            Self::Equal | Self::NotEqual => (right < low || right > high).then_some(self == Self::NotEqual),
            _ => (at_low == at_high).then_some(at_low),
        }
    }
}

/// What a walk through a tree comes across.
pub(crate) enum Seen<'a> {
    Field(&'a FieldRef),
    Members,
}

impl Truth {
    /// Shows every field, and every place that goes through the members, in the order they are written.
    pub(crate) fn visit<'a>(&'a self, see: &mut dyn FnMut(Seen<'a>)) {
        match self {
            Self::Always(_) => {}
            Self::Field(field) | Self::Known(field) => see(Seen::Field(field)),
            Self::Compare { left, right, .. } => [left, right].iter().for_each(|term| term.visit(see)),
            Self::Same { left, right } => [left, right].iter().for_each(|truth| truth.visit(see)),
            Self::Among { term, .. } => term.visit(see),
            Self::Chosen { choice, field } => {
                choice.visit(see);
                see(Seen::Field(field));
            }
            Self::Words { text, part, .. } => [text, part].iter().for_each(|term| term.visit(see)),
            Self::Not(inner) => inner.visit(see),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.visit(see)),
            Self::Members { such, .. } => {
                see(Seen::Members);
                such.visit(see);
            }
            Self::Choose { condition, then, otherwise } => {
                [condition, then, otherwise].iter().for_each(|truth| truth.visit(see));
            }
        }
    }
}

impl Term {
    /// As [`Truth::visit`].
    pub(crate) fn visit<'a>(&'a self, see: &mut dyn FnMut(Seen<'a>)) {
        match self {
            Self::Int(_) | Self::Number(_) | Self::Text(_) => {}
            Self::Field(field) | Self::Picked(field) => see(Seen::Field(field)),
            Self::Count(such) => {
                see(Seen::Members);
                such.iter().for_each(|such| such.visit(see));
            }
            Self::Arithmetic { terms, .. } => terms.iter().for_each(|term| term.visit(see)),
            Self::Length(of) | Self::Minus(of) | Self::ToInt(of) | Self::ToNumber(of) => of.visit(see),
            Self::Choose { condition, then, otherwise } => {
                condition.visit(see);
                [then, otherwise].iter().for_each(|term| term.visit(see));
            }
        }
    }
}
