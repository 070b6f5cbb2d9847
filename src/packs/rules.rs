//! The rules of a pack: for whom a service is, over fields of a household and its members, and what is counted over them.
//!
//! A *field* is a value with a name, a kind and the place in a form where it is asked. A *rule* is one expression for one service with test
//! cases beside it; a *score* is a number with bands of risk. All of them lie in the folder `rules`; expressions are those of the crate
//! `rules`. What is known of everybody without a form (`REGISTRY`) needs no entry.
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::entry::Entry;
use super::pack::Labels;
use super::words::{Word, vocabulary};

/// A value that rules know by name: `household.income`, or `age` of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackField {
    pub of: FieldOf,
    pub name: String,
    pub kind: FieldKind,
    pub labels: Labels,
    /// Id of the form that asks it.
    pub form: String,
    /// Of a member: the repeat with one round for each, such as `/data/members/member`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<String>,
    /// Where the form has it: `/data/means/income`, or for a member the part below the repeat, such as `schooling/attends`.
    pub path: String,
    /// Of a choice: the answers that rules know, all those of the form's list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
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
    /// Whose a field is.
    FieldOf {
        Household = "household",
        Members = "members",
    }

    /// What a field holds.
    FieldKind {
        Bool = "bool",
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
pub const REGISTRY: &[(FieldOf, &str, FieldKind, &[&str])] = &[
    (FieldOf::Household, "size", FieldKind::Int, &[]),
    (FieldOf::Household, "admin1", FieldKind::Text, &[]),
    (FieldOf::Household, "admin2", FieldKind::Text, &[]),
    (FieldOf::Members, "age", FieldKind::Int, &[]),
    (FieldOf::Members, "sex", FieldKind::Choice, &["female", "male", "other"]),
];

/// What rules of a pack may name: the fields that it declares, and those that the register answers.
pub fn known(declared: &[PackField]) -> ::rules::Fields {
    let of = |whose: FieldOf| {
        let own = declared.iter().filter(|field| field.of == whose);
        let mut fields: Vec<::rules::Field> =
            own.map(|field| as_known(&field.name, field.kind, field.choices.iter().cloned())).collect();
        for (_, name, kind, choices) in REGISTRY.iter().filter(|(of, ..)| *of == whose) {
            if !fields.iter().any(|field| field.name == *name) {
                fields.push(as_known(name, *kind, choices.iter().map(|choice| (*choice).to_owned())));
            }
        }
        fields
    };
    ::rules::Fields { household: of(FieldOf::Household), members: of(FieldOf::Members) }
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

impl PackField {
    /// The value that an answer means; nothing if it means none, such as `don't know` where yes or no was asked.
    pub fn value(&self, answer: &str) -> Option<Value> {
        let answer = answer.trim();
        if answer.is_empty() {
            return None;
        }
        let known = |word: &&str| self.choices.iter().any(|choice| choice == word);
        match self.kind {
            FieldKind::Bool => match answer {
                "yes" | "true" | "1" | "OK" => Some(json!(true)),
                "no" | "false" | "0" => Some(json!(false)),
                _ => None,
            },
            FieldKind::Int => answer.parse::<i64>().ok().map(Value::from),
            FieldKind::Number => answer.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from),
            FieldKind::Text => Some(json!(answer)),
            FieldKind::Choice => Some(answer).filter(known).map(Value::from),
            FieldKind::Choices => {
                let all: Vec<&str> = answer.split_whitespace().filter(known).collect();
                (!all.is_empty()).then(|| json!(all))
            }
        }
    }

    /// The whole path in the form.
    pub fn full_path(&self) -> String {
        self.repeat.as_ref().map_or_else(|| self.path.clone(), |repeat| format!("{repeat}/{}", self.path))
    }
}

impl PackScore {
    /// The risk that a number proposes; none below the lowest band.
    pub fn risk(&self, number: f64) -> Option<&str> {
        let below = self.bands.iter().filter(|band| f64::from(band.from) <= number);
        below.max_by_key(|band| band.from).map(|band| band.risk.as_str())
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

/// What `rules/fields.toml` says.
pub(super) fn fields(entry: &mut Entry<'_, '_>) -> Vec<PackField> {
    let mut fields = entry.each_maybe("household", |field| self::field(field, FieldOf::Household));
    fields.extend(entry.each_maybe("members", |field| self::field(field, FieldOf::Members)));
    fields
}

fn field(entry: &mut Entry<'_, '_>, of: FieldOf) -> PackField {
    let form = entry.mention("form", "form");
    // A member's field may be called as one of the household.
    entry.set_scope(of.as_str());
    PackField {
        of,
        name: entry.code("name", "field"),
        kind: entry.word("kind"),
        labels: entry.labels("labels"),
        form,
        repeat: (of == FieldOf::Members).then(|| entry.text("repeat").map(|(path, _)| path).unwrap_or_default()),
        path: entry.text("path").map(|(path, _)| path).unwrap_or_default(),
        choices: entry.texts("choices"),
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
    fn an_answer_that_says_nothing_stays_unknown() {
        let of = |kind, choices: &[&str]| PackField {
            of: FieldOf::Household,
            name: "x".into(),
            kind,
            labels: Labels::default(),
            form: "f".into(),
            repeat: None,
            path: "/data/x".into(),
            choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
        };
        let rows = [
            (FieldKind::Bool, "yes", json!(true)),
            (FieldKind::Bool, "no", json!(false)),
            (FieldKind::Bool, "dont_know", Value::Null),
            (FieldKind::Int, "7", json!(7)),
            (FieldKind::Int, "seven", Value::Null),
            (FieldKind::Number, "120.5", json!(120.5)),
            (FieldKind::Number, "NaN", Value::Null),
            (FieldKind::Text, " Irbid ", json!("Irbid")),
            (FieldKind::Choice, "own", json!("own")),
            (FieldKind::Choice, "moon", Value::Null),
            (FieldKind::Choices, "own rent moon", json!(["own", "rent"])),
            (FieldKind::Choices, "", Value::Null),
        ];
        for (kind, answer, expected) in rows {
            let said = of(kind, &["own", "rent"]).value(answer);
            assert_eq!(said.unwrap_or_default(), expected, "{kind:?} {answer}");
        }
    }

    #[test]
    fn a_score_proposes_the_risk_of_the_highest_band_that_it_reaches() {
        let band = |from, risk: &str| ScoreBand { from, risk: risk.to_owned() };
        let bands = vec![band(20, "high"), band(5, "low"), band(10, "moderate")];
        let score = PackScore { code: "s".into(), labels: Labels::default(), expression: String::new(), bands };
        let told: Vec<_> = [0.0, 5.0, 19.5, 20.0].into_iter().map(|number| score.risk(number)).collect();
        assert_eq!(told, [None, Some("low"), Some("moderate"), Some("high")]);
    }
}
