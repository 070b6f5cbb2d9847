//! All expressions of a form, for whoever checks or compiles them.
use crate::form::{Bind, Deed, Expression, Form, ItemSource, Kind, Node, Piece, Question, Text};

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
