//! What a case does not keep, whatever its forms ask: in a guarded one places and pictures, which would lead to somebody in hiding (S18); in
//! none sound and film, from which nothing here can cut what they tell beside what is heard and seen.
use xforms::form::{Node, QuestionKind};
use xforms::instance::NodeId;
use xforms::session::{Fault, Finding, Session};

use super::actions::keeps_places;
use crate::cases::Case;

/// A question that is not put on this case. A signature is drawn and shows nobody.
pub fn is_withheld(case: &Case, node: &Node) -> bool {
    match node.question().map(|question| &question.kind) {
        Some(QuestionKind::Geopoint | QuestionKind::Geotrace | QuestionKind::Geoshape) => !keeps_places(case),
        Some(QuestionKind::File(kind)) if kind.starts_with("image") => !keeps_places(case) && !is_drawn(node),
        Some(QuestionKind::File(_)) => is_recorded(node),
        _ => false,
    }
}

/// Sound or film.
pub fn is_recorded(node: &Node) -> bool {
    match node.question().map(|question| &question.kind) {
        Some(QuestionKind::File(kind)) => kind.starts_with("audio") || kind.starts_with("video"),
        _ => false,
    }
}

/// A picture that is drawn with a finger or a pen.
pub fn is_drawn(node: &Node) -> bool {
    ["signature", "draw", "annotate"].iter().any(|appearance| node.has_appearance(appearance))
}

/// An answer that is not shown either, where one came in before the case was guarded.
pub fn is_hidden(case: &Case, node: &Node) -> bool {
    is_withheld(case, node) && !is_recorded(node)
}

/// Takes out of a draft what was answered before its case was guarded.
pub fn clear(case: &Case, session: &mut Session) {
    if keeps_places(case) {
        return;
    }
    let pages = session.pages();
    let hidden = |element: &NodeId| {
        !session.value(*element).is_empty() && session.node(*element).is_some_and(|node| is_hidden(case, node))
    };
    let kept: Vec<NodeId> = pages.iter().flat_map(|page| page.questions.iter().copied()).filter(hidden).collect();
    for element in kept {
        if session.answer(element, "").is_err() {
            tracing::debug!("A place that can't be changed stays in a draft, and is shown nowhere.");
        }
    }
}

/// Everything that is wrong or missing in a copy on this case: what is not put there can't be missing.
pub fn findings(case: &Case, session: &Session) -> Vec<Finding> {
    let all = session.findings().into_iter();
    all.filter(|finding| {
        finding.fault != Fault::Required || !session.node(finding.element).is_some_and(|node| is_withheld(case, node))
    })
    .collect()
}
