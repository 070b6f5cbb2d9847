//! The parts of a record that are words or codes of a shape's own, in one place: how each is asked, which must be there, and which stay with
//! whoever works the case. What a best-interests panel heard from the child is not for everybody who may open the case.
use std::collections::{BTreeMap, BTreeSet};

use crate::cases::note::MOST_CHARACTERS;
use crate::error::FieldErrors;
use crate::packs::Shape;

/// How a part is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// A line.
    Line,
    /// Several lines.
    Words,
    /// One of these codes, each with a text `record-<part>-<code>`.
    Choice(&'static [&'static str]),
}

/// A part.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// Its name in forms and in the REST calls.
    pub name: &'static str,
    /// How it is asked.
    pub ask: Ask,
    /// Only whoever keeps, supervises or approves on the case, or wrote the record, reads it.
    pub guarded: bool,
}

const fn open(name: &'static str, ask: Ask) -> Part {
    Part { name, ask, guarded: false }
}

const fn guarded(name: &'static str, ask: Ask) -> Part {
    Part { name, ask, guarded: true }
}

const AGREED: &[&str] = &["agreed", "refused", "not_asked"];
const CHILD_AGREED: &[&str] = &["agreed", "refused", "too_young", "not_asked"];
const SEPARATED: &[&str] = &["unaccompanied", "separated", "with_caregiver", "orphan", "reunited"];
const FOUND: &[&str] = &["searching", "found", "not_found", "died", "stopped"];
const REUNITED: &[&str] = &["verifying", "planned", "reunited", "not_possible"];

/// Every part there is.
pub const ALL: &[Part] = &[
    open("took_part", Ask::Words),
    guarded("panel", Ask::Words),
    guarded("childs_view", Ask::Words),
    open("options", Ask::Words),
    open("decision", Ask::Words),
    open("reasons", Ask::Words),
    open("separation", Ask::Choice(SEPARATED)),
    open("carer", Ask::Line),
    guarded("sought", Ask::Line),
    open("last_known", Ask::Words),
    open("trace", Ask::Choice(FOUND)),
    open("consent_child", Ask::Choice(CHILD_AGREED)),
    open("consent_caregiver", Ask::Choice(AGREED)),
    open("reunion", Ask::Choice(REUNITED)),
];

/// The part of this name.
pub fn find(name: &str) -> Option<&'static Part> {
    ALL.iter().find(|part| part.name == name)
}

/// What a form of this shape must have, beside the account.
pub fn needed(shape: Shape) -> &'static [&'static str] {
    match shape {
        Shape::BestInterests => &["took_part", "childs_view", "options", "advice"],
        Shape::Determination => &["panel", "childs_view", "options", "decision", "reasons", "next_on"],
        Shape::Separation => &["separation"],
        Shape::Tracing => &["sought", "trace"],
        Shape::Reunification => &["consent_child", "consent_caregiver", "reunion"],
        _ => &[],
    }
}

/// Whether these words may be kept, beside each part what is wrong with it.
pub(super) fn check(shape: Shape, more: &BTreeMap<String, String>, followed: bool, errors: &mut FieldErrors) {
    let said = |name: &str| more.get(name).map(|text| text.trim()).unwrap_or_default();
    for part in ALL {
        match part.ask {
            Ask::Choice(codes) if !said(part.name).is_empty() && !codes.contains(&said(part.name)) => {
                errors.add(part.name, "not_a_choice");
            }
            _ if said(part.name).chars().count() > MOST_CHARACTERS => errors.add(part.name, "too_long"),
            _ => {}
        }
    }
    for name in needed(shape).iter().filter(|name| find(name).is_some() && said(name).is_empty()) {
        errors.add(name, "required");
    }
    // One person alone determines nothing.
    if shape == Shape::Determination {
        match (sat(said("panel")), named(said("panel")).len()) {
            (1, _) => errors.add("panel", "panel_of_two"),
            (lines, people) if people < lines => errors.add("panel", "panel_twice"),
            _ => {}
        }
    }
    // Nobody is brought together against their word, and somebody goes to see how it is (S3).
    if shape == Shape::Reunification && said("reunion") == "reunited" {
        if !matches!(said("consent_child"), "agreed" | "too_young") {
            errors.add("consent_child", "agreement_needed");
        }
        if said("consent_caregiver") != "agreed" {
            errors.add("consent_caregiver", "agreement_needed");
        }
        if !followed {
            errors.add("next_on", "required");
        }
    }
}

// How many lines the panel has, one for each who sat on it.
fn sat(panel: &str) -> usize {
    panel.lines().filter(|line| !line.trim().is_empty()).count()
}

// Who sat on it: the name before what is said of them, however it is spaced and written.
fn named(panel: &str) -> BTreeSet<String> {
    let name = |line: &str| {
        let name = line.split([',', '،', ';', '(', ':', '·', '–']).next().unwrap_or_default();
        name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
    };
    panel.lines().filter(|line| !line.trim().is_empty()).map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(shape: Shape, said: &[(&str, &str)], followed: bool) -> Vec<String> {
        let more = said.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let mut errors = FieldErrors::default();
        check(shape, &more, followed, &mut errors);
        errors.0.iter().map(|(name, code)| format!("{name} {code}")).collect()
    }

    #[test]
    fn nobody_decides_alone_and_nobody_is_reunited_against_their_word() {
        let determined = [("panel", "Hana"), ("childs_view", "x"), ("options", "x"), ("decision", "x"), ("reasons", "x")];
        assert_eq!(wrong(Shape::Determination, &determined, true), ["panel panel_of_two"]);
        let panel = |names: &'static str| [("panel", names), determined[1], determined[2], determined[3], determined[4]];
        assert_eq!(wrong(Shape::Determination, &panel("Hana Aziz, officer\n hana  aziz (doctor)"), true), ["panel panel_twice"]);
        assert!(wrong(Shape::Determination, &panel("Hana Aziz, officer\nOmar Aziz, officer"), true).is_empty());
        let of = |child: &'static str, caregiver: &'static str| {
            [("reunion", "reunited"), ("consent_child", child), ("consent_caregiver", caregiver)]
        };
        assert!(wrong(Shape::Reunification, &of("too_young", "agreed"), true).is_empty());
        assert_eq!(wrong(Shape::Reunification, &of("refused", "agreed"), true), ["consent_child agreement_needed"]);
        assert_eq!(wrong(Shape::Reunification, &of("agreed", "agreed"), false), ["next_on required"]);
        assert_eq!(wrong(Shape::Tracing, &[("sought", "Mother"), ("trace", "maybe")], false), ["trace not_a_choice"]);
    }
}
