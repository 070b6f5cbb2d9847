//! Answers as people read them.
use chrono::NaiveDate;
use xforms::form::{Node, QuestionKind};
use xforms::instance::NodeId;
use xforms::session::Session;

use super::{typed, words};
use crate::web::Page;

/// What a question or group is called, in plain words; its name where the author gave it no label, and nothing where nobody gave it either.
pub(super) fn label(session: &Session, element: NodeId) -> String {
    let label = words::plain(&session.label(element));
    let named = session.node(element).filter(|node| label.trim().is_empty() && !node.is_made_head());
    named.map_or_else(|| label.trim().to_owned(), |node| node.name.clone())
}

/// The answer to a question. A file reads as what it is, never by its name.
pub(in crate::forms) fn answer(p: &Page, session: &Session, element: NodeId) -> String {
    let Some(node) = session.node(element) else { return String::new() };
    in_words(p, session, (element, node), session.value(element))
}

/// A value of a question as its answer would read.
pub(super) fn in_words(p: &Page, session: &Session, (element, node): (NodeId, &Node), value: &str) -> String {
    let Some(question) = node.question().filter(|_| !value.is_empty()) else { return String::new() };
    match &question.kind {
        QuestionKind::Date => {
            NaiveDate::parse_from_str(value, "%Y-%m-%d").map_or_else(|_| value.to_owned(), |day| day_of(p, node, day))
        }
        QuestionKind::DateTime => typed::local(value, p.reader.zone).map_or_else(
            || value.to_owned(),
            |at| p.reader.digits(&format!("{}{} {}", p.date(&at.date()), p.reader.lang.comma(), at.format("%H:%M"))),
        ),
        QuestionKind::Time => p.reader.digits(&typed::clock(value)),
        QuestionKind::SelectOne | QuestionKind::SelectMultiple => p.list(chosen(session, element, value)),
        QuestionKind::Rank => {
            let place = |(at, label): (usize, String)| format!("{}. {label}", p.number(at as i64 + 1));
            p.list(chosen(session, element, value).into_iter().enumerate().map(place))
        }
        QuestionKind::Acknowledge => p.t("fill-acknowledged"),
        QuestionKind::Geopoint => p.reader.digits(&value.split_whitespace().take(2).collect::<Vec<_>>().join(" ")),
        QuestionKind::File(_) => p.t("fill-attached"),
        QuestionKind::Integer | QuestionKind::Decimal | QuestionKind::Range(_) => p.reader.digits(value),
        _ => value.to_owned(),
    }
}

fn day_of(p: &Page, node: &Node, day: NaiveDate) -> String {
    if typed::is_year(node) {
        return p.reader.digits(&day.format("%Y").to_string());
    }
    if typed::is_month(node) { p.reader.digits(&day.format("%m/%Y").to_string()) } else { p.date(&day) }
}

// What can't be chosen any more is shown as it is stored.
fn chosen(session: &Session, element: NodeId, value: &str) -> Vec<String> {
    let items = session.items(element).unwrap_or_default();
    let one = |part: &str| {
        let item = items.iter().find(|item| item.value == part);
        item.map_or_else(|| part.to_owned(), |item| words::plain(&item.label))
    };
    if session.node(element).and_then(Node::question).is_some_and(|question| question.kind == QuestionKind::SelectOne) {
        return vec![one(value)];
    }
    value.split(' ').filter(|part| !part.is_empty()).map(one).collect()
}
