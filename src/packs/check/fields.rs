//! Rules for fields: each stands in a form of the pack, and the question there gives values of its kind.
use xforms::form::{Choice, Form, ItemSource, Kind, Node, QuestionKind, Text};

use super::forms::languages;
use crate::packs::forms::Opened;
use crate::packs::pack::Labels;
use crate::packs::page::Page;
use crate::packs::rules::{FieldKind, PackField, REGISTRY};
use crate::packs::words::Word;
use crate::platform::lang::Lang;

/// Notes what is wrong with any of them.
pub(in crate::packs) fn all(fields: &[PackField], forms: &[Opened], page: &mut Page<'_>) {
    let households = fields.iter().filter(|field| !field.of_member).count();
    for (index, field) in fields.iter().enumerate() {
        let path = if field.of_member { format!("members#{}", index - households) } else { format!("household#{index}") };
        registry(field, &path, page);
        let Some(opened) = form_of(field, forms) else { continue };
        let Some(node) = place(field, &opened.form, &path, page) else { continue };
        kind(field, node, &opened.form, &path, page);
    }
}

/// A choice that names no answers knows those of its list; each answer is called what the form calls it.
pub(in crate::packs) fn with_choices(mut fields: Vec<PackField>, forms: &[Opened]) -> Vec<PackField> {
    for field in fields.iter_mut().filter(|field| matches!(field.kind, FieldKind::Choice | FieldKind::Choices)) {
        let Some(Opened { form, .. }) = form_of(field, forms) else { continue };
        let node = find(&form.body, field.path.as_deref().unwrap_or_default(), None);
        let Some(answers) = node.and_then(|(node, _)| list(node, form)) else { continue };
        if field.choices.is_empty() {
            field.choices = answers.iter().map(|answer| answer.value.clone()).collect();
        }
        let known = answers.iter().filter(|answer| field.choices.contains(&answer.value));
        field.called = known.map(|answer| (answer.value.clone(), labels(form, &answer.label))).collect();
    }
    fields
}

// Every text of a pack's form stands in every language; what is said by a picture alone has no words, and its code stands for it.
fn labels(form: &Form, text: &Text) -> Labels {
    let mut labels = Labels::default();
    for (lang, at) in languages(form) {
        let wording = at.and_then(|at| text.in_language(at));
        let words = wording.map(|wording| wording.outline().trim().to_owned()).unwrap_or_default();
        match lang {
            Lang::En => labels.en = words,
            Lang::Ar => labels.ar = words,
            Lang::Fr => labels.fr = words,
            Lang::Es => labels.es = words,
        }
    }
    labels
}

fn form_of<'f>(field: &PackField, forms: &'f [Opened]) -> Option<&'f Opened> {
    forms.iter().find(|opened| Some(&opened.listed.code) == field.form.as_ref())
}

// What the register says too must mean the same; a form may ask it before anybody is registered.
fn registry(field: &PackField, path: &str, page: &mut Page<'_>) {
    let known = REGISTRY.iter().find(|known| known.of_member == field.of_member && known.name == field.name);
    if let Some(known) = known.filter(|known| known.kind != field.kind) {
        let kind = known.kind.as_str();
        let what = format!("The register knows `{}` as `{kind}`", field.name);
        page.complain(&format!("{path}.kind"), what, format!("Write `{kind}`, or choose another name"));
    }
}

fn place<'f>(field: &PackField, form: &'f Form, path: &str, page: &mut Page<'_>) -> Option<&'f Node> {
    let full = field.path.as_deref()?;
    let Some((node, within)) = find(&form.body, full, None) else {
        let mut paths = Vec::new();
        form.walk(&mut |node| paths.push(node.path.as_str()));
        let closest = paths.into_iter().max_by(|a, b| strsim::jaro_winkler(full, a).total_cmp(&strsim::jaro_winkler(full, b)));
        let what = format!("The form `{}` has no `{full}`", form.id);
        let remedy = closest.map_or("Name a question of the form".to_owned(), |path| format!("Perhaps `{path}` is meant"));
        page.complain(&format!("{path}.path"), what, remedy);
        return None;
    };
    match (&field.repeat, within) {
        (None, Some(repeat)) => {
            let what = format!("`{full}` is asked more than once, in each round of `{repeat}`");
            page.complain(&format!("{path}.path"), what, "Put it under `[[members]]`, or name a calculation over all rounds");
            None
        }
        (Some(repeat), within) if within != Some(repeat.as_str()) => {
            let what = format!("`{full}` is not asked once in each round of `{repeat}`");
            page.complain(&format!("{path}.repeat"), what, "Name the repeat that has one round for each member");
            None
        }
        _ => Some(node),
    }
}

// The node of a path, with the innermost repeat around it.
fn find<'f>(nodes: &'f [Node], path: &str, within: Option<&'f str>) -> Option<(&'f Node, Option<&'f str>)> {
    nodes.iter().find_map(|node| {
        let inside = if matches!(node.kind, Kind::Repeat(_)) { Some(node.path.as_str()) } else { within };
        match &node.kind {
            Kind::Question(_) => (node.path == path).then_some((node, within)),
            Kind::Group(children) => find(children, path, inside),
            Kind::Repeat(repeat) => find(&repeat.children, path, inside),
        }
    })
}

fn kind(field: &PackField, node: &Node, form: &Form, path: &str, page: &mut Page<'_>) {
    let Some(question) = node.question() else { return };
    let asked = &question.kind;
    let number = matches!(asked, QuestionKind::Integer | QuestionKind::Decimal | QuestionKind::Range(_));
    let computed = matches!(asked, QuestionKind::Hidden(_));
    let answers = list(node, form).map(|all| all.iter().map(|answer| answer.value.clone()).collect::<Vec<_>>());
    let fits = match field.kind {
        FieldKind::Text => true,
        FieldKind::Int | FieldKind::Number => number || computed,
        FieldKind::Bool => {
            let both = |answers: &Vec<String>| ["yes", "no"].iter().all(|word| answers.iter().any(|answer| answer == word));
            computed || *asked == QuestionKind::Acknowledge || answers.as_ref().is_some_and(both)
        }
        FieldKind::Choice => computed || *asked == QuestionKind::SelectOne,
        FieldKind::Choices => computed || *asked == QuestionKind::SelectMultiple,
    };
    if !fits {
        let what = format!("The answer to `{}` is never a `{}`", node.path, field.kind.as_str());
        let remedy = match field.kind {
            FieldKind::Bool => "Name a question with the answers `yes` and `no`, or write another `kind`",
            _ => "Write the `kind` that the question has",
        };
        page.complain(&format!("{path}.kind"), what, remedy);
        return;
    }
    let choosing = matches!(field.kind, FieldKind::Choice | FieldKind::Choices);
    if !choosing && !field.choices.is_empty() {
        let what = format!("The field `{}` is no choice and has `choices`", field.name);
        page.complain(&format!("{path}.choices"), what, "Remove them, or write `choice` or `choices` as its `kind`");
    } else if choosing && field.choices.is_empty() && answers.is_none() {
        let what = format!("Nothing says which answers `{}` knows", field.name);
        page.complain(path, what, "Add `choices = […]`");
    } else if let Some(answers) = answers.filter(|_| choosing) {
        for choice in field.choices.iter().filter(|choice| !answers.contains(choice)) {
            let what = format!("The question `{}` has no answer `{choice}`", node.path);
            page.complain(&format!("{path}.choices"), what, format!("It has {}", answers.join(", ")));
        }
    }
}

// The answers of a question whose list stands in the form.
fn list<'f>(node: &Node, form: &'f Form) -> Option<&'f [Choice]> {
    let ItemSource::List(name) = &node.question()?.items.as_ref()?.source else { return None };
    Some(&form.list(name)?.choices)
}
