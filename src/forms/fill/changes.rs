//! What differs between two versions of a copy.
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use xforms::form::{Node, QuestionKind};
use xforms::instance::{Instance, NodeId};
use xforms::session::Session;

use super::at::{At, titled};
use super::{blocks, said};
use crate::audit::About;
use crate::error::{Error, invalid};
use crate::forms::{actions, plans, withheld};
use crate::packs::Sensitivity;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, EditionId, SubmissionId};
use crate::web::Page;

// More changes than anybody reads at once.
const MOST: usize = 300;

/// A question that is answered otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::forms) struct Change {
    pub label: String,
    pub before: String,
    pub now: String,
}

struct Answer {
    label: String,
    words: String,
    raw: String,
}

/// What a copy that a device still keeps says otherwise than this one of the same form on its case, and whom a look at it concerns. The device
/// says with which edition it was filled in and when it was handed in: it is worked out by that and as of then, as the one on the case is.
pub(in crate::forms) async fn against(
    work: &mut Work,
    ids: (CaseId, SubmissionId),
    (xml, edition, handed_in): (&str, Option<EditionId>, Option<DateTime<Utc>>),
) -> Result<(Vec<Change>, About), Error> {
    let there = At::find(work, ids, "").await?;
    // Nothing of a restricted case goes to the page of a device (S20), whatever it was when the form went along.
    if there.case.sensitivity() == Sensitivity::Restricted {
        return Err(invalid("form", "form_not_offline"));
    }
    let tree = Instance::read(xml).map_err(|_| invalid("xml", "form_unreadable"))?;
    let (form, newest) = actions::form_of(work, &tree).await?;
    if form.id != there.copy.form_id {
        return Err(invalid("xml", "form_unknown"));
    }
    let edition = actions::filled_with(work, &form, edition).await?.unwrap_or(newest);
    let plan = plans::plan(work, edition.id).await?;
    let mut surroundings = plans::on_case(work, &plan, &there.case, rand::random());
    let now = work.now();
    surroundings.now = plans::moment(handed_in.filter(|at| *at <= now).unwrap_or(now), work.zone());
    let session = Session::resume(plan, tree, surroundings);
    let here = At { case: there.case.clone(), copy: there.copy.clone(), session, chosen: String::new() };
    let p = titled(work, &there.case).await?;
    Ok((between(&p, &there, &here), there.about()))
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
        let answer = Answer { label, words: said::answer(p, session, element), raw: raw(session, element) };
        (session.address(element), answer)
    };
    asked.map(read).collect()
}

// What was chosen of several is the same in whatever order it was ticked: a form may shuffle its choices.
fn raw(session: &Session, element: NodeId) -> String {
    let value = session.value(element);
    let question = session.node(element).and_then(Node::question);
    if question.is_none_or(|question| question.kind != QuestionKind::SelectMultiple) {
        return value.to_owned();
    }
    let mut chosen: Vec<&str> = value.split_whitespace().collect();
    chosen.sort_unstable();
    chosen.join(" ")
}
