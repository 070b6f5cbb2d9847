//! All expressions of a form, for whoever checks or compiles them.
use std::collections::HashSet;

use crate::findings::{Findings, nearest};
use crate::form::{Bind, Deed, Expression, Form, ItemSource, Kind, Node, Piece, Question, QuestionKind, Text};

impl Form {
    /// Calls `visit` for each expression, in the order of the form.
    pub fn each_expression<'a>(&'a self, visit: &mut impl FnMut(&'a Expression)) {
        self.walk(&mut |node| of_node(node, visit));
        for choice in self.lists.iter().flat_map(|list| &list.choices) {
            of_text(&choice.label, visit);
        }
        for action in &self.actions {
            if let Deed::Set(Some(value)) = &action.deed {
                visit(value);
            }
        }
        for entity in &self.entities {
            [&entity.id, &entity.create_if, &entity.update_if, &entity.label].into_iter().flatten().for_each(&mut *visit);
        }
    }
}

fn of_node<'a>(node: &'a Node, visit: &mut impl FnMut(&'a Expression)) {
    of_bind(&node.bind, visit);
    for attribute in &node.attributes {
        of_bind(&attribute.bind, visit);
    }
    for text in [&node.label, &node.hint, &node.guidance] {
        of_text(text, visit);
    }
    match &node.kind {
        Kind::Repeat(repeat) => repeat.count.iter().for_each(visit),
        Kind::Question(question) => of_question(question, visit),
        Kind::Group(_) => {}
    }
}

fn of_question<'a>(question: &'a Question, visit: &mut impl FnMut(&'a Expression)) {
    question.query.iter().for_each(&mut *visit);
    let Some(items) = &question.items else { return };
    if let ItemSource::Nodes(nodes) = &items.source {
        visit(nodes);
    }
    items.filter.iter().for_each(&mut *visit);
    items.shuffle.iter().filter_map(|shuffle| shuffle.seed.as_ref()).for_each(visit);
}

fn of_bind<'a>(bind: &'a Bind, visit: &mut impl FnMut(&'a Expression)) {
    [&bind.relevant, &bind.constraint, &bind.required, &bind.readonly, &bind.calculate]
        .into_iter()
        .flatten()
        .for_each(&mut *visit);
    of_text(&bind.constraint_message, visit);
    of_text(&bind.required_message, visit);
}

fn of_text<'a>(text: &'a Text, visit: &mut impl FnMut(&'a Expression)) {
    for piece in text.wordings.iter().flat_map(|wording| &wording.pieces) {
        if let Piece::Output(value) = piece {
            visit(value);
        }
    }
}

/// Reports expressions that look things up where nothing is, or that can't be read.
pub(crate) fn check(form: &Form, findings: &mut Findings) {
    form.each_expression(&mut |expression| readable(expression, findings));
    instances(form, findings);
    item_sources(form, findings);
}

fn readable(expression: &Expression, findings: &mut Findings) {
    // What refers to nothing is reported already, and would be reported here in harder words.
    if expression.text.contains("${") {
        return;
    }
    let Err(error) = crate::xpath::parse(&expression.text) else { return };
    let near: String =
        error.at().and_then(|at| expression.text.get(at..)).map(|rest| rest.chars().take(20).collect()).unwrap_or_default();
    let remedy = match &error {
        crate::xpath::Error::UnknownFunction { .. } => "Use a function that forms know.".to_owned(),
        _ if near.is_empty() => "Look at the end: something is missing there.".to_owned(),
        _ => format!("Look near `{near}`."),
    };
    findings.mistake("expression", expression.place.clone(), format!("The expression can't be read: {error}."), remedy);
}

// Lists of selects are looked for where selects are read.
fn item_sources(form: &Form, findings: &mut Findings) {
    let lists = form.lists.iter().map(|list| list.name.as_str());
    let known: Vec<&str> = lists.chain(form.secondary.iter().map(|other| other.id.as_str())).collect();
    let names: HashSet<&str> = known.iter().copied().collect();
    form.walk(&mut |node| {
        let Some(question) = node.question() else { return };
        let select = matches!(question.kind, QuestionKind::SelectOne | QuestionKind::SelectMultiple | QuestionKind::Rank);
        let id = match question.items.as_ref().map(|items| &items.source) {
            Some(ItemSource::Instance(id)) => id,
            Some(ItemSource::List(id)) if !select => id,
            _ => return,
        };
        if names.contains(id.as_str()) || findings.are_full() {
            return;
        }
        let remedy = nearest(id, known.iter().copied())
            .map_or_else(|| format!("Add a list or a file of the name `{id}`."), |close| format!("Perhaps `{close}` is meant."));
        findings.mistake("unknown-instance", node.place.clone(), format!("There is no list or file `{id}`."), remedy);
    });
}

fn instances(form: &Form, findings: &mut Findings) {
    let lists = form.lists.iter().map(|list| list.name.as_str());
    let mut known: Vec<&str> = lists.chain(form.secondary.iter().map(|secondary| secondary.id.as_str())).collect();
    // Lists for queries are files that clients know by themselves (`itemsets.csv`).
    form.walk(&mut |node| {
        let query = node.question().and_then(|question| question.query.as_ref());
        let id = query.and_then(|query| query.text.strip_prefix("instance('")).and_then(|rest| rest.split_once('\''));
        known.extend(id.map(|(id, _)| id));
    });
    let names: HashSet<&str> = known.iter().copied().collect();
    form.each_expression(&mut |expression| {
        for part in expression.text.split("instance(").skip(1) {
            let part = part.trim_start();
            let Some(quote) = part.chars().next().filter(|c| matches!(c, '\'' | '"')) else { continue };
            let Some((id, _)) = part[1..].split_once(quote) else { continue };
            if names.contains(id) || findings.are_full() {
                continue;
            }
            let remedy = match nearest(id, known.iter().copied()) {
                Some(close) => format!("Perhaps `{close}` is meant."),
                None => format!(
                    "Add a row of type `csv-external` named `{id}` if it is a file beside the form, or a list of that name."
                ),
            };
            findings.mistake("unknown-instance", expression.place.clone(), format!("There is no list or file `{id}`."), remedy);
        }
    });
}
