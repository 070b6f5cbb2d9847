//! What is wrong with answers, in words.
use xforms::form::QuestionKind;
use xforms::session::{Fault, Finding, Session};

use super::said;
use super::words;
use crate::forms::withheld;
use crate::web::Page;

/// Something wrong or missing, as it is listed.
#[derive(Debug, Clone)]
pub(super) struct Mistake {
    /// The question's address.
    pub address: String,
    /// What the question is called.
    pub label: String,
    /// What is wrong.
    pub text: String,
}

/// What is wrong, in the author's words where there are any.
pub(super) fn text(p: &Page, finding: &Finding) -> String {
    if let Some(message) = &finding.message {
        return words::plain(message);
    }
    let code = match &finding.fault {
        Fault::Required => "required",
        Fault::Constraint => "constraint",
        Fault::WholeNumber => "whole-number",
        Fault::Number => "number",
        Fault::Scale => "scale",
        Fault::Date => "date",
        Fault::Time => "time",
        Fault::DateTime => "moment",
        Fault::Location => "location",
        Fault::Choice(_) => "choice",
    };
    p.tc("fill-fault", code)
}

/// A list that is to be put in order names each of it once.
pub(super) fn ranked_wrong(session: &Session, element: xforms::instance::NodeId) -> bool {
    let is_rank = session.node(element).and_then(|node| node.question()).is_some_and(|one| one.kind == QuestionKind::Rank);
    let parts: Vec<&str> = session.value(element).split(' ').filter(|part| !part.is_empty()).collect();
    if !is_rank || parts.is_empty() {
        return false;
    }
    let once = parts.iter().collect::<std::collections::BTreeSet<_>>().len() == parts.len();
    !once || session.items(element).map_or(true, |items| items.len() != parts.len())
}

/// What is wrong with one question; what is only missing counts where `demands` says so.
pub(super) fn of(p: &Page, at: &super::at::At, element: xforms::instance::NodeId, demands: bool) -> Option<String> {
    let session = &at.session;
    let node = session.node(element)?;
    let finding = session
        .check(element)
        .filter(|finding| finding.fault != Fault::Required || (demands && !withheld::is_withheld(&at.case, node)));
    match finding {
        Some(finding) => Some(text(p, &finding)),
        None => (session.is_relevant(element) && ranked_wrong(session, element)).then(|| p.t("fill-fault-rank")),
    }
}

/// An answer that is no value of its question's kind, as another program may have sent it.
pub(super) fn is_unfit(session: &Session, element: xforms::instance::NodeId) -> bool {
    let finding = session.check(element);
    finding.is_some_and(|finding| !matches!(finding.fault, Fault::Required | Fault::Constraint | Fault::Choice(_)))
}

/// Everything that is wrong or missing in a copy, in the order of its pages.
pub(super) fn all(p: &Page, at: &super::at::At) -> Vec<Mistake> {
    let pages = at.session.pages();
    let elements = pages.iter().flat_map(|page| page.questions.iter().copied());
    elements
        .filter_map(|element| {
            let text = of(p, at, element, true)?;
            let label = said::label(&at.session, element);
            Some(Mistake { address: at.session.address(element), label, text })
        })
        .collect()
}
