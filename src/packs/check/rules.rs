//! Rules and scores of a pack: each can be read over its fields, and every test case comes out as it says.
use std::path::Path;

use serde_json::{Map, Value};

use crate::packs::mistake::Mistake;
use crate::packs::page::Page;
use crate::packs::rules::{Expected, PackField, PackRule, PackScore};
use crate::packs::words::Word;

/// What rules of the pack may name.
pub(in crate::packs) struct Known {
    fields: ::rules::Fields,
}

impl Known {
    /// The fields that the pack declares, and those that the register answers.
    pub fn of(declared: &[PackField]) -> Known {
        Known { fields: crate::packs::rules::known(declared) }
    }

    /// A rule ready to be judged; its mistakes are noted.
    pub fn compile(&self, file: &Path, text: &str, mistakes: &mut Vec<Mistake>) -> Option<::rules::Rule> {
        match ::rules::compile(text, &self.fields) {
            Ok(rule) => Some(rule),
            Err(found) => {
                mistakes.extend(found.into_iter().map(|slip| Mistake {
                    file: file.to_owned(),
                    line: slip.line,
                    column: Some(slip.column),
                    what: sentence(&slip.what),
                    remedy: sentence(&slip.remedy),
                }));
                None
            }
        }
    }
}

// Mistakes of a pack are sentences without their full stop.
pub(super) fn sentence(text: &str) -> String {
    text.trim_end_matches('.').to_owned()
}

/// Notes every test of a rule that is wrong in itself or comes out otherwise; `rule` is none where the expression has mistakes.
pub(in crate::packs) fn tests(rule: &PackRule, compiled: Option<&::rules::Rule>, known: &Known, page: &mut Page<'_>) {
    for (index, test) in rule.tests.iter().enumerate() {
        let path = format!("tests#{index}");
        let mut right = values(&test.household, &known.fields.household, &format!("{path}.household"), page);
        for member in test.members.iter().flatten() {
            right &= values(member, &known.fields.members, &format!("{path}.members"), page);
        }
        let Some(compiled) = compiled.filter(|_| right) else { continue };
        let Ok(profile) = serde_json::from_value::<::rules::Profile>(test.profile()) else {
            page.complain(&path, format!("The household of `{}` can't be read", test.name), "Write names with their values");
            continue;
        };
        let explained = compiled.explain(&profile);
        let verdict = match explained.verdict {
            ::rules::Verdict::Eligible => Expected::Eligible,
            ::rules::Verdict::NotEligible => Expected::NotEligible,
            ::rules::Verdict::Unknown => Expected::Unknown,
        };
        if verdict != test.expect {
            let what =
                format!("The test `{}` expects `{}`, the rule says `{}`", test.name, test.expect.as_str(), verdict.as_str());
            page.complain(&format!("{path}.expect"), what, "Mend the rule, or the test where the rule is right");
        }
        for field in test.decides.iter().filter(|field| !explained.decides.contains(field)) {
            let what = format!("In the test `{}` the field `{field}` does not decide", test.name);
            page.complain(&format!("{path}.decides"), what, format!("It is decided by: {}", explained.decides.join(", ")));
        }
    }
}

/// Notes scores that can't be counted and bands that say nothing.
pub(in crate::packs) fn scores(scores: &[PackScore], known: &Known, page: &mut Page<'_>) {
    for (index, score) in scores.iter().enumerate() {
        let path = format!("scores#{index}");
        if let Err(found) = ::rules::compile_score(&score.expression, &known.fields) {
            for slip in found {
                let what = format!("In `expression`, line {}, column {}: {}", slip.line, slip.column, sentence(&slip.what));
                page.complain(&format!("{path}.expression"), what, sentence(&slip.remedy));
            }
        }
        for (at, band) in score.bands.iter().enumerate().skip(1) {
            if band.from <= score.bands[at - 1].from {
                let what = format!("The band from {} stands after one from {}", band.from, score.bands[at - 1].from);
                page.complain(&format!("{path}.bands#{at}.from"), what, "List the bands from the lowest upwards");
            }
        }
    }
}

fn values(said: &Map<String, Value>, fields: &[::rules::Field], path: &str, page: &mut Page<'_>) -> bool {
    let mut right = true;
    for (name, value) in said {
        let complaint = match fields.iter().find(|field| field.name == *name) {
            None => Some((format!("There is no field `{name}`"), "Declare it in `fields.toml`, or mend the name".to_owned())),
            Some(field) => misfit(field, value),
        };
        if let Some((what, remedy)) = complaint {
            page.complain(path, what, remedy);
            right = false;
        }
    }
    right
}

fn misfit(field: &::rules::Field, value: &Value) -> Option<(String, String)> {
    let listed = |value: &Value| value.as_str().is_some_and(|word| field.choices.iter().any(|choice| choice == word));
    let fits = match field.kind {
        ::rules::Kind::Bool => value.is_boolean(),
        ::rules::Kind::Int => value.is_i64(),
        ::rules::Kind::Number => value.is_number(),
        ::rules::Kind::Text => value.is_string(),
        ::rules::Kind::Choice => listed(value),
        ::rules::Kind::Choices => value.as_array().is_some_and(|all| all.iter().all(listed)),
    };
    let remedy = match field.kind {
        ::rules::Kind::Choice | ::rules::Kind::Choices => format!("It knows {}", field.choices.join(", ")),
        ::rules::Kind::Bool => "Write `true` or `false`".to_owned(),
        ::rules::Kind::Int => "Write a whole number".to_owned(),
        ::rules::Kind::Number => "Write a number".to_owned(),
        ::rules::Kind::Text => "Write a text in quotes".to_owned(),
    };
    (!fits).then(|| (format!("`{value}` is no value of the field `{}`", field.name), remedy))
}
