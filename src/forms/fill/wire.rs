//! What the REST calls of filling in take and give.
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xforms::form::{Node, QuestionKind};
use xforms::session::Session;

use super::at::At;
use super::mistakes::Mistake;
use super::said;
use crate::error::Error;
use crate::forms::{Form, Submission, withheld};
use crate::platform::ids::{DocumentId, FormId, SubmissionId};
use crate::web::Page;

/// A form that may be begun on the case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OfferedWire {
    pub id: FormId,
    /// Its id in the form itself.
    pub code: String,
    pub title: String,
}

impl From<&Form> for OfferedWire {
    fn from(form: &Form) -> Self {
        Self { id: form.id, code: form.code.clone(), title: form.title.clone() }
    }
}

/// A filled copy without its answers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CopyWire {
    id: SubmissionId,
    form: FormId,
    /// The form's id in itself.
    code: String,
    title: String,
    /// Its id as devices know it.
    instance_id: String,
    /// The copy whose place it takes.
    replaces: Option<SubmissionId>,
    /// `draft`, `complete` or `replaced`; `moved` for the stub of one that went to another case, which has no answers.
    state: String,
    /// `page`, `browser`, `collect` or `api`.
    origin: String,
    answered: i32,
    /// Of how many that are asked.
    asked: i32,
    started_at: DateTime<Utc>,
    completed_at: Option<DateTime<Utc>>,
    /// For the next `If-Match`.
    version: i32,
}

impl From<&Submission> for CopyWire {
    fn from(copy: &Submission) -> Self {
        Self {
            id: copy.id,
            form: copy.form_id,
            code: copy.code.clone(),
            title: copy.title.clone(),
            instance_id: copy.instance_id.clone(),
            replaces: copy.replaces,
            state: copy.state.clone(),
            origin: copy.origin.clone(),
            answered: copy.answered,
            asked: copy.asked,
            started_at: copy.started_at,
            completed_at: copy.completed_at,
            version: copy.version,
        }
    }
}

/// The forms of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FormsWire {
    /// Those that may be begun here.
    pub offered: Vec<OfferedWire>,
    /// Drafts first, then the newest.
    pub copies: Vec<CopyWire>,
}

/// One question that is asked, with its answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AnswerWire {
    /// Its path, with the number of the round in each repeat: `/data/member[2]/name`.
    pub address: String,
    pub label: String,
    /// As the form stores it; empty for none.
    pub value: String,
    /// As people read it.
    pub words: String,
    /// The document that is attached.
    pub document: Option<DocumentId>,
}

/// Something wrong or missing.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MistakeWire {
    pub address: String,
    pub label: String,
    /// What is wrong, in words.
    pub text: String,
}

impl From<Mistake> for MistakeWire {
    fn from(mistake: Mistake) -> Self {
        Self { address: mistake.address, label: mistake.label, text: mistake.text }
    }
}

/// A copy with its answers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SaidWire {
    #[serde(flatten)]
    pub copy: CopyWire,
    /// What is asked now, in the order of the form.
    pub answers: Vec<AnswerWire>,
    /// What keeps a draft from being completed.
    pub missing: Vec<MistakeWire>,
}

/// The form to begin.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct BeginWire {
    /// One of those offered.
    #[serde(default)]
    pub form: Option<FormId>,
}

/// Where a copy belongs that is on the wrong case.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct CopyMoveWire {
    /// The code of the right case.
    #[serde(default)]
    pub to: String,
    /// `other_person` or `other_case`.
    #[serde(default)]
    pub reason: String,
    /// Though the form names somebody else than that case: refused with `arrival_other_person` where this is not said.
    #[serde(default)]
    pub other_person: bool,
}

/// Answers to save.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct AnswersWire {
    /// The question's address and the answer as the form stores it; an empty one takes it away, those not named stay. A round that does not
    /// stand yet is added.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    /// Addresses of rounds to remove, before anything is answered.
    #[serde(default)]
    pub removed: Vec<String>,
}

/// What was begun or changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CopyMade {
    id: SubmissionId,
    state: String,
    answered: i32,
    asked: i32,
    /// For the next `If-Match`.
    version: i32,
}

impl From<&Submission> for CopyMade {
    fn from(copy: &Submission) -> Self {
        Self { id: copy.id, state: copy.state.clone(), answered: copy.answered, asked: copy.asked, version: copy.version }
    }
}

/// Every question that is asked, with its answer.
pub(super) fn answers(p: &Page, at: &At, files: &[(String, DocumentId)]) -> Vec<AnswerWire> {
    let session = &at.session;
    let pages = session.pages();
    let note = |node: &Node| {
        node.question().is_none_or(|question| question.kind == QuestionKind::Note) || withheld::is_hidden(&at.case, node)
    };
    let elements = pages.iter().flat_map(|page| page.questions.iter().copied());
    let asked = elements.filter(|element| !session.node(*element).is_none_or(note));
    let wire = |element| {
        let value = session.value(element).to_owned();
        AnswerWire {
            address: session.address(element),
            label: said::label(session, element),
            words: said::answer(p, session, element),
            document: files.iter().find(|(name, _)| !value.is_empty() && *name == value).map(|(_, id)| *id),
            value,
        }
    };
    asked.map(wire).collect()
}

/// The code of an address that can't be answered: errors name it.
pub(super) fn refused(address: &str, code: &'static str) -> Error {
    crate::error::invalid(&format!("answers.{address}"), code)
}

/// The rounds that an address needs, outermost first: `/data/member` and 2 for `/data/member[2]/name`.
pub(super) fn rounds(address: &str) -> Vec<(String, usize)> {
    let mut rounds = Vec::new();
    for (at, _) in address.match_indices('[') {
        let number = address[at + 1..].split(']').next().and_then(|number| number.parse().ok());
        rounds.extend(number.map(|number| (address[..at].to_owned(), number)));
    }
    rounds
}

/// Adds the rounds that an address needs and the form lets people add.
pub(super) fn grow(session: &mut Session, address: &str) -> Option<()> {
    for (repeat, number) in rounds(address) {
        let (parent, place) = super::blocks::repeat_at(session, &repeat)?;
        while session.rounds(parent, place).len() < number {
            session.add_round(parent, place).ok()?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_the_rounds_it_needs() {
        assert_eq!(rounds("/data/a/name"), []);
        assert_eq!(rounds("/data/a[2]/b[1]/c"), [("/data/a".to_owned(), 2), ("/data/a[2]/b".to_owned(), 1)]);
        assert_eq!(rounds("/data/a[x]/b"), []);
    }
}
