//! What rules know of the made households: as a pack declares it, and as rules are compiled against it.
use std::collections::BTreeMap;

use rules::{Field, Fields, Kind};

use crate::packs::{FieldKind, Labels, PackField};

/// Name, kind, whether it is a member's, and its choices.
type Declared = (&'static str, Kind, bool, &'static [&'static str]);

const DECLARED: &[Declared] = &[
    ("income", Kind::Number, false, &[]),
    ("rooms", Kind::Int, false, &[]),
    ("has_toilet", Kind::Bool, false, &[]),
    ("has_water", Kind::Bool, false, &[]),
    ("shelter", Kind::Choice, false, &["house", "flat", "tent", "unfinished"]),
    ("rent", Kind::Number, false, &[]),
    ("debt", Kind::Number, false, &[]),
    ("in_school", Kind::Bool, true, &[]),
    ("has_disability", Kind::Bool, true, &[]),
    ("works", Kind::Bool, true, &[]),
    ("married", Kind::Bool, true, &[]),
];

// What the registry knows without a form.
const REGISTRY: &[Declared] = &[
    ("size", Kind::Int, false, &[]),
    ("admin1", Kind::Text, false, &[]),
    ("age", Kind::Int, true, &[]),
    ("sex", Kind::Choice, true, &["female", "male", "other"]),
];

/// The fields that the pack declares.
pub fn fields() -> Vec<PackField> {
    DECLARED.iter().map(declared).collect()
}

fn declared((name, kind, of_member, choices): &Declared) -> PackField {
    let kind = match kind {
        Kind::Bool => FieldKind::Bool,
        Kind::Int => FieldKind::Int,
        Kind::Number => FieldKind::Number,
        Kind::Text => FieldKind::Text,
        Kind::Choice => FieldKind::Choice,
        Kind::Choices => FieldKind::Choices,
    };
    let label = || (*name).to_owned();
    PackField {
        of_member: *of_member,
        name: label(),
        kind,
        labels: Labels { en: label(), ar: label(), fr: label(), es: label() },
        form: None,
        path: None,
        repeat: None,
        choices: choices.iter().map(|code| (*code).to_owned()).collect(),
        called: BTreeMap::new(),
    }
}

/// The same with those of the registry, for compiling.
pub fn for_rules() -> Fields {
    let of = |members: bool| {
        let named = DECLARED.iter().chain(REGISTRY).filter(move |field| field.2 == members);
        named.map(|(name, kind, _, choices)| Field {
            name: (*name).to_owned(),
            kind: *kind,
            choices: choices.iter().map(|code| (*code).to_owned()).collect(),
        })
    };
    Fields { household: of(false).collect(), members: of(true).collect() }
}
