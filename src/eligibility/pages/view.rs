//! What the page of a rule shows, in the reader's words.
use crate::eligibility::known::Known;
use crate::eligibility::rule::{self, Ran, Rule, Test};
use crate::eligibility::words::Line;
use crate::web::Page;
use crate::web::parts::{Badge, Choice, Tone};

/// A field to type a value in.
pub(super) struct Input {
    pub(super) name: String,
    pub(super) label: String,
    /// Empty for a value that is typed.
    pub(super) choices: Vec<Choice>,
}

/// The fields of the household, or of one member.
pub(super) struct Group {
    pub(super) title: String,
    pub(super) inputs: Vec<Input>,
}

/// A field that rules may speak of.
pub(super) struct FieldRow {
    pub(super) label: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) example: String,
}

/// A test case with how it goes.
pub(super) struct TestRow {
    pub(super) nth: usize,
    pub(super) name: String,
    pub(super) expects: String,
    pub(super) state: Badge,
}

/// A version.
pub(super) struct VersionRow {
    pub(super) label: String,
    pub(super) state: Badge,
    pub(super) by: String,
    /// What changed since the one before; empty for the first.
    pub(super) difference: String,
    /// Its number and version, where it can be put into force.
    pub(super) usable: Option<(i32, i32)>,
}

/// A line of two versions beside each other.
pub(super) struct DiffRow {
    pub(super) sign: &'static str,
    pub(super) word: String,
    pub(super) text: String,
}

/// What trying came to.
pub(super) struct Tried {
    pub(super) verdict: Badge,
    pub(super) lines: Vec<Line>,
    pub(super) ask: String,
}

pub(super) fn fields(p: &Page, known: &Known) -> Vec<FieldRow> {
    let row = |field: &crate::eligibility::known::Field| FieldRow {
        label: field.label(p.reader.lang),
        name: field.in_rules(),
        kind: kind(p, field.kind),
        example: field.example(),
    };
    known.fields.iter().map(row).collect()
}

fn kind(p: &Page, kind: rules::Kind) -> String {
    p.t(match kind {
        rules::Kind::Bool => "rule-kind-bool",
        rules::Kind::Int => "rule-kind-int",
        rules::Kind::Number => "rule-kind-number",
        rules::Kind::Text => "rule-kind-text",
        rules::Kind::Choice => "rule-kind-choice",
        rules::Kind::Choices => "rule-kind-choices",
    })
}

pub(super) fn tests(p: &Page, tests: &[Test], ran: &[Ran]) -> Vec<TestRow> {
    let row = |(nth, test): (usize, &Test)| {
        let ran = ran.get(nth);
        let came_to = ran.map(|ran| p.tc("verdict", ran.came_to)).unwrap_or_default();
        TestRow {
            nth,
            name: test.name.clone(),
            expects: p.tc("verdict", &test.expect),
            state: match ran.map(|ran| ran.passes) {
                Some(true) => Badge::new(p.t("rule-test-passes"), Tone::Good),
                Some(false) => Badge::new(p.ta("rule-test-came-to", "verdict", came_to), Tone::Danger),
                None => Badge::new(p.t("rule-test-not-run"), Tone::Neutral),
            },
        }
    };
    tests.iter().enumerate().map(row).collect()
}

pub(super) fn versions(p: &Page, versions: &[Rule], path: &str, keeps: bool) -> Vec<VersionRow> {
    let row = |rule: &Rule| {
        let tone = if rule.is_active() { Tone::Good } else { Tone::Neutral };
        let by = rule.pack.as_ref().map_or_else(|| rule.written_by.clone(), |pack| p.ta("rule-from-pack", "pack", pack.as_str()));
        let since = rule.activated_at.map(|at| p.ta("rule-since", "day", p.reader.day(at)));
        VersionRow {
            label: p.ta("rule-version", "number", p.number(rule.number)),
            state: Badge::new(p.tc("rule-state", &rule.state), tone),
            by: [Some(p.signed(&by, &p.reader.day(rule.recorded_at))), since]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · "),
            difference: if rule.number > 1 { format!("{path}?difference={}#difference", rule.number) } else { String::new() },
            usable: (keeps && !rule.is_active()).then_some((rule.number, rule.version)),
        }
    };
    versions.iter().map(row).collect()
}

pub(super) fn difference(p: &Page, versions: &[Rule], number: i32) -> Vec<DiffRow> {
    let text = |number: i32| versions.iter().find(|rule| rule.number == number).map(|rule| rule.text.as_str());
    let Some((earlier, later)) = text(number - 1).zip(text(number)) else { return Vec::new() };
    let row = |line: rule::Line| {
        let (sign, key, text) = match line {
            rule::Line::Same(text) => (" ", "", text),
            rule::Line::Gone(text) => ("−", "rule-line-gone", text),
            rule::Line::New(text) => ("+", "rule-line-new", text),
        };
        DiffRow { sign, word: if key.is_empty() { String::new() } else { p.t(key) }, text }
    };
    rule::difference(earlier, later).into_iter().map(row).collect()
}
