//! The fields that rules know: what they are called and what kind of value they hold.
use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Every field there is: those of the household, and those that each of its members has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields {
    /// Read in a rule as `household.<name>`.
    #[serde(default)]
    pub household: Vec<Field>,
    /// Read inside `members.exists(m, …)` and its like as `m.<name>`.
    #[serde(default)]
    pub members: Vec<Field>,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// A letter or `_`, then letters, digits and `_`.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
    /// The values there are, for `Choice` and `Choices`; empty when any may come.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
}

/// What kind of value a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Yes or no.
    Bool,
    /// A whole number of 64 bits.
    Int,
    /// A number with a fraction, of 64 bits, never infinite.
    Number,
    /// Free text.
    Text,
    /// One of several choices, as text.
    Choice,
    /// Any number of several choices.
    Choices,
}

impl Kind {
    /// Whether its values are single texts.
    pub(crate) fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Choice)
    }
}

/// Whose field is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// The household's own.
    Household,
    /// That of the member whom the outer `members.exists(…)` or its like is about.
    Member,
    /// That of the other member, whom the inner of two such is about.
    Other,
}

/// A field as a rule uses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldRef {
    /// Whose.
    pub of: Of,
    /// Which, without `household.` or `member.` before it.
    pub name: String,
    /// What the rule takes its values for.
    pub kind: Kind,
}

impl fmt::Display for FieldRef {
    /// `household.income` or `member.age`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whose = if self.of == Of::Household { "household" } else { "member" };
        write!(out, "{whose}.{}", self.name)
    }
}

impl Fields {
    /// Only the fields of these full names (`household.income`, `member.age`), so that a batch reads no more than its rules use.
    #[must_use]
    pub fn only(&self, names: &BTreeSet<String>) -> Self {
        let keep = |fields: &[Field], whose: &str| {
            fields.iter().filter(|field| names.contains(&format!("{whose}.{}", field.name))).cloned().collect()
        };
        Self { household: keep(&self.household, "household"), members: keep(&self.members, "member") }
    }

    #[cfg(feature = "cel")]
    pub(crate) fn list(&self, of: Of) -> &[Field] {
        if of == Of::Household { &self.household } else { &self.members }
    }
}
