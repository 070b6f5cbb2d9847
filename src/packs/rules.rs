//! The rules of a pack: for whom a service is, over fields of a household and its members, and what is counted over them.
//!
//! A *field* is a value with a name, a kind and the place in a form where it is asked. A *rule* is one expression for one service with test
//! cases beside it; a *score* is a number with bands of risk. All of them lie in the folder `rules`; expressions are those of the crate
//! `rules`. What is known of everybody without a form (`REGISTRY`) needs no entry.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::entry::Entry;
use super::pack::Labels;
use super::words::{Word, vocabulary};

/// A value that rules know by name: `household.income`, or `age` of a member.
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
    /// What may be chosen, for choices: unsaid, the answers of the form's list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// What the form calls each of them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub called: BTreeMap<String, Labels>,
}

/// For whom one service is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PackRule {
    /// The name of its files.
    pub code: String,
    /// The id that the service has in the directory it comes from.
    pub service: String,
    /// Further services that the same rule decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    pub labels: Labels,
    /// The expression, as it is written.
    pub text: String,
    pub tests: Vec<RuleTest>,
}

/// A household for which the verdict of a rule is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleTest {
    pub name: String,
    pub expect: Expected,
    /// Fields that must be named as those which could still decide; unsaid where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decides: Vec<String>,
    /// What is known of the household: values by the names of fields.
    pub household: Map<String, Value>,
    /// What is known of its members; none where not even their number is.
    pub members: Option<Vec<Map<String, Value>>>,
}

/// A number over a household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackScore {
    pub code: String,
    pub labels: Labels,
    /// The expression.
    pub expression: String,
    /// From the lowest upwards.
    pub bands: Vec<ScoreBand>,
}

/// The risk that is proposed from a number upwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreBand {
    pub from: u16,
    /// Code of a risk level of the pack.
    pub risk: String,
}

vocabulary! {
    /// What a field holds.
    FieldKind {
        /// Yes or no; forms answer `yes`/`no`, `true`/`false` or `1`/`0`.
        Bool = "bool",
        /// A whole number.
        Int = "int",
        Number = "number",
        Text = "text",
        /// One of its choices.
        Choice = "choice",
        /// Any of its choices.
        Choices = "choices",
    }

    /// What a rule says of a household.
    Expected {
        Eligible = "eligible",
        NotEligible = "not_eligible",
        Unknown = "unknown",
    }
}

/// Fields that the register of persons and households answers, whatever was asked.
pub const REGISTRY: &[Registered] = &[
    Registered { of_member: false, name: "size", kind: FieldKind::Int, choices: &[] },
    Registered { of_member: false, name: "admin1", kind: FieldKind::Text, choices: &[] },
    Registered { of_member: false, name: "admin2", kind: FieldKind::Text, choices: &[] },
    Registered { of_member: true, name: "age", kind: FieldKind::Int, choices: &[] },
    Registered { of_member: true, name: "sex", kind: FieldKind::Choice, choices: &["female", "male", "other"] },
];

/// A field that needs no form.
#[derive(Debug)]
pub struct Registered {
    pub of_member: bool,
    pub name: &'static str,
    pub kind: FieldKind,
    pub choices: &'static [&'static str],
}

/// What rules of a pack may name: the fields that it declares, and those that the register answers.
pub fn known(declared: &[PackField]) -> ::rules::Fields {
    let of = |of_member: bool| {
        let own = declared.iter().filter(|field| field.of_member == of_member);
        let mut fields: Vec<::rules::Field> =
            own.map(|field| as_known(&field.name, field.kind, field.choices.iter().cloned())).collect();
        for registered in REGISTRY.iter().filter(|registered| registered.of_member == of_member) {
            if !fields.iter().any(|field| field.name == registered.name) {
                let choices = registered.choices.iter().map(|choice| (*choice).to_owned());
                fields.push(as_known(registered.name, registered.kind, choices));
            }
        }
        fields
    };
    ::rules::Fields { household: of(false), members: of(true) }
}

fn as_known(name: &str, kind: FieldKind, choices: impl Iterator<Item = String>) -> ::rules::Field {
    let kind = match kind {
        FieldKind::Bool => ::rules::Kind::Bool,
        FieldKind::Int => ::rules::Kind::Int,
        FieldKind::Number => ::rules::Kind::Number,
        FieldKind::Text => ::rules::Kind::Text,
        FieldKind::Choice => ::rules::Kind::Choice,
        FieldKind::Choices => ::rules::Kind::Choices,
    };
    ::rules::Field { name: name.to_owned(), kind, choices: choices.collect() }
}

impl PackScore {
    /// The risk that a number proposes; none below the lowest band.
    pub fn risk(&self, number: f64) -> Option<&str> {
        let below = self.bands.iter().filter(|band| f64::from(band.from) <= number);
        below.max_by_key(|band| band.from).map(|band| band.risk.as_str())
    }
}

impl PackRule {
    /// The services that it decides, by their ids in the directory they come from.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.service).chain(&self.also).map(String::as_str)
    }
}

impl RuleTest {
    /// The household as rules read it.
    pub fn profile(&self) -> Value {
        match &self.members {
            Some(members) => json!({ "household": self.household, "members": members }),
            None => json!({ "household": self.household }),
        }
    }
}

/// What `rules/fields.toml` says: those of the household first.
pub(super) fn fields(entry: &mut Entry<'_, '_>) -> Vec<PackField> {
    let mut fields = entry.each_maybe("household", |field| {
        let path = field.text("path").map(|(path, _)| path);
        self::field(field, "household", path)
    });
    fields.extend(entry.each_maybe("members", |field| {
        let repeat = field.text("repeat").map(|(repeat, _)| repeat);
        let below = field.text("path").map(|(path, _)| path);
        let path = repeat.as_ref().zip(below).map(|(repeat, below)| format!("{repeat}/{below}"));
        PackField { of_member: true, repeat, ..self::field(field, "members", path) }
    }));
    fields
}

// A member's field may be called as one of the household.
fn field(entry: &mut Entry<'_, '_>, scope: &str, path: Option<String>) -> PackField {
    let form = entry.mention("form", "form");
    entry.set_scope(scope);
    PackField {
        of_member: false,
        name: entry.code("name", "field"),
        kind: entry.word("kind"),
        labels: entry.labels("labels"),
        form: Some(form),
        path,
        repeat: None,
        choices: entry.texts("choices"),
        called: BTreeMap::new(),
    }
}

/// What `rules/<code>.toml` says; the expression stands in the file beside it.
pub(super) fn rule(entry: &mut Entry<'_, '_>, code: &str, text: &str) -> PackRule {
    PackRule {
        code: code.to_owned(),
        service: entry.text("service").map(|(service, _)| service).unwrap_or_default(),
        also: entry.texts("also"),
        labels: entry.labels("labels"),
        text: text.to_owned(),
        tests: entry.each("tests", |test| RuleTest {
            name: test.text("name").map(|(name, _)| name).unwrap_or_default(),
            expect: test.word("expect"),
            decides: test.texts("decides"),
            household: test.values_maybe("household").unwrap_or_default(),
            members: test.lists_of_values("members"),
        }),
    }
}

/// What `rules/scores.toml` says.
pub(super) fn scores(entry: &mut Entry<'_, '_>) -> Vec<PackScore> {
    entry.each_maybe("scores", |score| PackScore {
        code: score.code("code", "score"),
        labels: score.labels("labels"),
        expression: score.text("expression").map(|(text, _)| text).unwrap_or_default(),
        bands: score.each_maybe("bands", |band| ScoreBand {
            from: band.number("from", 0..=10_000),
            risk: band.mention("risk", "risk level"),
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_proposes_the_risk_of_the_highest_band_that_it_reaches() {
        let band = |from, risk: &str| ScoreBand { from, risk: risk.to_owned() };
        let bands = vec![band(20, "high"), band(5, "low"), band(10, "moderate")];
        let score = PackScore { code: "s".into(), labels: Labels::default(), expression: String::new(), bands };
        let told: Vec<_> = [0.0, 5.0, 19.5, 20.0].into_iter().map(|number| score.risk(number)).collect();
        assert_eq!(told, [None, Some("low"), Some("moderate"), Some("high")]);
    }
}
