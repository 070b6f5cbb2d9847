//! Values typed to try a rule with: of the household, and of up to three members.
use serde_json::{Map, Value};

use super::view::{Group, Input};
use crate::eligibility::known::{Field, Known};
use crate::eligibility::rule::Test;
use crate::platform::lang::Lang;
use crate::web::parts::Choice;
use crate::web::{Form, Page};

// More members than this no condition needs to be tried with.
const MEMBERS: usize = 3;

fn name_of(field: &Field, member: usize) -> String {
    if field.is_of_members() { format!("v{member}_{}", field.short()) } else { format!("v_{}", field.short()) }
}

fn of_household<'a>(fields: &'a [&'a Field]) -> impl Iterator<Item = &'a Field> {
    fields.iter().copied().filter(|field| !field.is_of_members())
}

fn of_members<'a>(fields: &'a [&'a Field]) -> impl Iterator<Item = &'a Field> {
    fields.iter().copied().filter(|field| field.is_of_members())
}

/// The values of the form; what can't be read is noted in it. Nothing typed is nothing known, and nobody listed is nobody known.
pub(super) fn read(form: &mut Form, known: &Known, text: &str) -> Test {
    let fields = known.named_in(text);
    let household = values(form, of_household(&fields), 0);
    let members: Vec<Map<String, Value>> = (1..=MEMBERS).map(|nth| values(form, of_members(&fields), nth)).collect();
    let members: Vec<_> = members.into_iter().filter(|member| !member.is_empty()).collect();
    let members = (!members.is_empty() || form.ticked("no_members")).then_some(members);
    Test {
        name: form.value("test_name").trim().to_owned(),
        expect: form.value("expect").to_owned(),
        household,
        members,
        ..Test::default()
    }
}

fn values<'a>(form: &mut Form, fields: impl Iterator<Item = &'a Field>, member: usize) -> Map<String, Value> {
    let mut values = Map::new();
    for field in fields {
        let name = name_of(field, member);
        let typed = form.value(&name).trim().to_owned();
        if typed.is_empty() {
            continue;
        }
        match field.read(&typed) {
            Some(value) => drop(values.insert(field.short().to_owned(), value)),
            None => form.errors.add(&name, "not_understood"),
        }
    }
    values
}

/// The fields to type values in: only those that the rule names.
pub(super) fn groups(p: &Page, known: &Known, text: &str) -> Vec<Group> {
    let fields = known.named_in(text);
    let input = |field: &Field, member: usize| Input {
        name: name_of(field, member),
        label: field.label(p.reader.lang),
        choices: choices(p, field),
    };
    let household: Vec<Input> = of_household(&fields).map(|field| input(field, 0)).collect();
    let mut groups = vec![Group { title: p.t("rule-try-household"), inputs: household }];
    groups.extend((1..=MEMBERS).map(|nth| Group {
        title: p.ta("rule-try-member", "nth", p.number(nth as i64)),
        inputs: of_members(&fields).map(|field| input(field, nth)).collect(),
    }));
    groups.retain(|group| !group.inputs.is_empty());
    groups
}

fn choices(p: &Page, field: &Field) -> Vec<Choice> {
    let lang: Lang = p.reader.lang;
    match field.kind {
        rules::Kind::Bool => ["yes", "no"].iter().map(|code| Choice::new(*code, p.tc("rule-value", code))).collect(),
        rules::Kind::Choice => field.choices.iter().map(|code| Choice::new(code.clone(), field.choice(lang, code))).collect(),
        _ => Vec::new(),
    }
}
