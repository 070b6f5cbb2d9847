//! A version of a service's rule with its test cases, and how two versions differ.
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rules::{Profile, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::packs::{Labels, RuleTest, Word};
use crate::platform::ids::{RowId, ServiceId};

/// Characters that a rule has at most; the crate `rules` refuses longer ones too.
pub const MOST_TEXT: usize = 2000;
/// Test cases that a rule has at most.
pub const MOST_TESTS: usize = 50;

/// A version of a service's rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its id.
    pub id: RowId,
    /// Whose rule.
    pub service: ServiceId,
    /// The how-manieth version.
    pub number: i32,
    /// `draft`, `active` or `retired`.
    pub state: String,
    /// The expression as it was typed.
    pub text: String,
    /// The same, compiled.
    pub compiled: Value,
    /// What it is called.
    pub labels: Labels,
    /// Its test cases.
    pub tests: Vec<Test>,
    /// Who wrote it; a pack's name where a pack brought it.
    pub written_by: String,
    /// When it was written.
    pub recorded_at: DateTime<Utc>,
    /// Since when it is in force, or was.
    pub activated_at: Option<DateTime<Utc>>,
    /// The pack that brought it.
    pub pack: Option<String>,
    /// The pack whose fields it speaks of: the one that brought it, the one as whose it was read when it was
    /// written here, or that of the version it was made of.
    pub speaks_of: Option<String>,
    /// Counts changes of a draft.
    pub version: i32,
}

impl Rule {
    /// It may still be written over.
    pub fn is_draft(&self) -> bool {
        self.state == "draft"
    }

    /// Services are judged by it.
    pub fn is_active(&self) -> bool {
        self.state == "active"
    }

    /// The rule as the evaluator takes it.
    pub fn ready(&self) -> Result<rules::Rule, Error> {
        Ok(serde_json::from_value(self.compiled.clone()).map_err(anyhow::Error::from)?)
    }
}

/// A test case: values, and the verdict that the rule must come to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Test {
    /// What it is called.
    pub name: String,
    /// `eligible`, `not_eligible` or `unknown`.
    pub expect: String,
    /// Of an unknown verdict, the fields that must be named as deciding; empty asks nothing.
    #[serde(default)]
    pub decides: Vec<String>,
    /// What is known of the household.
    #[serde(default)]
    pub household: Map<String, Value>,
    /// What is known of its members; nobody knows who they are where absent.
    #[serde(default)]
    pub members: Option<Vec<Map<String, Value>>>,
}

impl Test {
    /// The values as a profile.
    pub fn profile(&self) -> Result<Profile, Error> {
        let mut values = Map::new();
        values.insert("household".to_owned(), Value::Object(self.household.clone()));
        if let Some(members) = &self.members {
            values.insert("members".to_owned(), members.iter().cloned().map(Value::Object).collect());
        }
        Ok(serde_json::from_value(Value::Object(values)).map_err(anyhow::Error::from)?)
    }

    /// What the rule makes of it.
    pub fn run(&self, rule: &rules::Rule) -> Result<Ran, Error> {
        let explained = rule.explain(&self.profile()?);
        let came_to = code(explained.verdict);
        let names_all = self.decides.iter().all(|field| explained.decides.iter().any(|named| named == field));
        Ok(Ran { name: self.name.clone(), passes: came_to == self.expect && names_all, came_to, expect: self.expect.clone() })
    }
}

impl From<&RuleTest> for Test {
    fn from(it: &RuleTest) -> Self {
        Self {
            name: it.name.clone(),
            expect: it.expect.as_str().to_owned(),
            decides: it.decides.clone(),
            household: it.household.clone(),
            members: it.members.clone(),
        }
    }
}

/// How a test case went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// The test case.
    pub name: String,
    /// The rule came to what was expected.
    pub passes: bool,
    /// The verdict it came to.
    pub came_to: &'static str,
    /// The verdict that was expected.
    pub expect: String,
}

/// The verdicts there are, in the code that is stored and shown.
pub const VERDICTS: [&str; 3] = ["eligible", "not_eligible", "unknown"];

/// The code of a verdict.
pub fn code(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Eligible => VERDICTS[0],
        Verdict::NotEligible => VERDICTS[1],
        Verdict::Unknown => VERDICTS[2],
    }
}

/// A line of two versions beside each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// In both.
    Same(String),
    /// In the earlier one alone.
    Gone(String),
    /// In the later one alone.
    New(String),
}

/// What became of the earlier text: its lines and the later one's in their order. Both are short, so the plain table of the longest common
/// part will do.
pub fn difference(earlier: &str, later: &str) -> Vec<Line> {
    let (a, b): (Vec<&str>, Vec<&str>) = (earlier.lines().collect(), later.lines().collect());
    let mut common = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i][j] = if a[i] == b[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            lines.push(Line::Same(a[i].to_owned()));
            (i, j) = (i + 1, j + 1);
        } else if i < a.len() && (j == b.len() || common[i + 1][j] >= common[i][j + 1]) {
            lines.push(Line::Gone(a[i].to_owned()));
            i += 1;
        } else {
            lines.push(Line::New(b[j].to_owned()));
            j += 1;
        }
    }
    lines
}

/// Labels out of their column, or out of what a program sends; a language that is missing is empty.
pub fn labels(of: &BTreeMap<String, String>) -> Labels {
    let get = |lang: &str| of.get(lang).cloned().unwrap_or_default();
    Labels { en: get("en"), ar: get("ar"), fr: get("fr"), es: get("es") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_versions_what_went_and_what_came_stands_line_by_line() {
        let lines = difference("age >= 60\n&& poor", "age >= 65\n&& poor\n&& alone");
        let said = |line: &Line| match line {
            Line::Same(text) => format!("= {text}"),
            Line::Gone(text) => format!("- {text}"),
            Line::New(text) => format!("+ {text}"),
        };
        let said: Vec<String> = lines.iter().map(said).collect();
        assert_eq!(said, ["- age >= 60", "+ age >= 65", "= && poor", "+ && alone"]);
    }
}
