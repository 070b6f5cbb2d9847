//! What rules of a pack know by name: fields of a household and of its members, and where each is asked.
use serde::{Deserialize, Serialize};

use super::pack::Labels;

/// A named value that rules may use: `household.income`, or `m.age` of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackField {
    /// Whether each member has one, or the household as a whole.
    #[serde(default)]
    pub of_member: bool,
    /// Its name in rules.
    pub name: String,
    /// What kind of value it is.
    pub kind: FieldKind,
    /// What people call it.
    pub labels: Labels,
    /// The id of the form that asks it; none for what the registry knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Where the form asks it, such as `/data/income/per_head`; for a member's, the whole path too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The path of the repeat that holds the members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<String>,
    /// What may be chosen, for choices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
}

/// What kind of value a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Yes or no; forms answer `yes`/`no`, `true`/`false` or `1`/`0`.
    Bool,
    /// A whole number.
    Int,
    /// A number.
    Number,
    /// A text.
    Text,
    /// One of some choices.
    Choice,
    /// Any of some choices.
    Choices,
}
