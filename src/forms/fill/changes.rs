//! What differs between two versions of a copy.
use std::collections::BTreeMap;

use xforms::form::QuestionKind;

use super::at::At;
use super::{blocks, said};
use crate::forms::withheld;
use crate::web::Page;

// More changes than anybody reads at once.
const MOST: usize = 300;

/// A question that is answered otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Change {
    pub label: String,
    pub before: String,
    pub now: String,
}

struct Answer {
    label: String,
    words: String,
    raw: String,
}

/// Every question whose answer differs, in the order of the newer version; those that are asked no more come last.
pub(super) fn between(p: &Page, old: &At, new: &At) -> Vec<Change> {
    let (before, now) = (answers(p, old), answers(p, new));
    let known: BTreeMap<&str, &Answer> = before.iter().map(|(address, answer)| (address.as_str(), answer)).collect();
    let there: BTreeMap<&str, &Answer> = now.iter().map(|(address, answer)| (address.as_str(), answer)).collect();
    let changed = now.iter().filter_map(|(address, answer)| {
        let old = known.get(address.as_str());
        let same = old.map_or(answer.raw.is_empty(), |old| old.raw == answer.raw);
        let before = old.map(|old| old.words.clone()).unwrap_or_default();
        (!same).then(|| Change { label: answer.label.clone(), before, now: answer.words.clone() })
    });
    let gone = before.iter().filter(|(address, answer)| !there.contains_key(address.as_str()) && !answer.raw.is_empty());
    let gone = gone.map(|(_, answer)| Change { label: answer.label.clone(), before: answer.words.clone(), now: String::new() });
    changed.chain(gone).take(MOST).collect()
}

fn answers(p: &Page, at: &At) -> Vec<(String, Answer)> {
    let session = &at.session;
    let pages = session.pages();
    let elements = pages.iter().flat_map(|page| page.questions.iter().copied());
    let asked = elements.filter(|element| {
        let node = session.node(*element).filter(|node| !withheld::is_hidden(&at.case, node));
        node.and_then(|node| node.question()).is_some_and(|question| question.kind != QuestionKind::Note)
    });
    let read = |element| {
        let around = blocks::around_rounds(p, session, element);
        let label = said::label(session, element);
        let label = if around.is_empty() { label } else { format!("{around} · {label}") };
        let answer = Answer { label, words: said::answer(p, session, element), raw: session.value(element).to_owned() };
        (session.address(element), answer)
    };
    asked.map(read).collect()
}
