//! A copy as a sheet to read and to print: what was asked and answered, who filled it in and when, its versions and what differs.
use askama::Template;
use axum::response::Response;
use xforms::form::{Kind, Node, QuestionKind};
use xforms::instance::NodeId;
use xforms::session::Session;

use super::at::{At, Ids, titled};
use super::changes::{self, Change};
use super::line::{self, Line};
use super::reached::{self, Number};
use super::tongue::{self, Tongue};
use super::{belongs, blocks, card, files, mistakes, moved, said};
use crate::cases::Case;
use crate::eligibility::proposal::{Proposal, proposals};
use crate::error::Error;
use crate::forms::{Submission, moving, store, versions, withheld};
use crate::platform::db::Work;
use crate::platform::ids::DocumentId;
use crate::web::parts::{Badge, Choice, Entry};
use crate::web::{Form, Page};

// Rounds of more questions than this are no table on any screen.
const MOST_COLUMNS: usize = 5;

#[derive(Template)]
#[template(path = "forms/fill/html/sheet.html")]
struct Sheet {
    p: Page,
    form: Form,
    back: String,
    path: String,
    title: String,
    code: String,
    state: Badge,
    facts: Vec<Entry>,
    tongue: Tongue,
    tongues: Vec<(String, String, bool)>,
    sections: Vec<Section>,
    line: Line,
    changes: Vec<Change>,
    heads: [String; 3],
    // Above where this copy and another that stands beside it differ.
    twin_heads: [String; 3],
    may_correct: bool,
    // The version over which this one is chosen.
    version: i32,
    // Why it may be moved to another case.
    reasons: Vec<Choice>,
    // Whom it names, what the case goes by to which it should be moved, and that case.
    strangers: Option<(String, String, Case)>,
    // What the answers propose for the level of risk.
    proposals: Vec<Proposal>,
    // Whom it names instead of whoever the case is about: both, until somebody settled it.
    others: Option<(String, String)>,
    // A number in them that is not known yet.
    number: Option<Number>,
}

/// Questions that stand below one heading.
#[derive(Debug, Default)]
pub(super) struct Section {
    pub heading: String,
    pub rows: Vec<Said>,
    pub table: Option<Rounds>,
}

/// A question with its answer.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub name: String,
    pub term: String,
    pub text: String,
    pub href: String,
    // Nobody's own words, and asked but once: a choice, a number, a day.
    pub is_coded: bool,
    // Then as it is kept.
    pub code: String,
    pub is_file: bool,
    // No value of the kind that is asked for.
    pub is_unfit: bool,
    // What else a rule of the form has against it, as phones send it that let it pass.
    pub against: String,
    // A phone number of the person, or empty.
    pub phone: String,
}

/// The rounds of a repeat as a table.
#[derive(Debug, Default)]
pub(super) struct Rounds {
    pub heads: Vec<String>,
    /// Cells, each with the head of its column.
    pub rows: Vec<Vec<(String, String)>>,
}

/// The sheet of a copy.
pub(super) async fn show(mut work: Work, at: &At) -> Result<Response, Error> {
    let page = page(&mut work, at, Form::default()).await?;
    work.show(at.about(), page).await
}

/// The same once more, with what was typed and what is wrong with it.
pub(super) async fn again(work: Work, ids: Ids, form: Form) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let at = At::find(&mut work, ids, "").await?;
    let page = page(&mut work, &at, form).await?;
    work.show_again(&page)
}

async fn page(work: &mut Work, at: &At, form: Form) -> Result<Sheet, Error> {
    let p = titled(work, &at.case).await?;
    let files = files::of(work, at.copy.id).await?;
    let copies = store::submissions(work, at.case.id).await?;
    let changes = changes_since(work, &p, at, &copies).await?;
    let shown = tongue::shown(&at.session);
    let is_complete = at.copy.state == "complete";
    let sections = sections(&p, at, &files);
    let others = belongs::strangers(work, at).await?;
    let is_theirs = is_complete && others.is_none();
    let number = if is_theirs { reached::offered(work, &p, at, &sections).await? } else { None };
    let disputed = versions::disputed(&copies);
    let line = line::of(work, &p, at, (&copies, &disputed)).await?;
    Ok(Sheet {
        back: format!("{}/forms", at.case.path()),
        path: at.copy.path(),
        title: at.copy.title.clone(),
        code: at.case.code.clone(),
        state: card::state(&p, &at.copy, &disputed),
        facts: facts(work, &p, at).await?,
        tongues: tongue::all(at.session.plan())
            .into_iter()
            .map(|one| (one.name.clone(), one.label().to_owned(), one == shown))
            .collect(),
        tongue: shown,
        sections,
        others,
        number,
        line,
        heads: ["question", "before", "now"].map(|head| p.tc("fill-head", head)),
        twin_heads: ["question", "other", "this"].map(|head| p.tc("fill-head", head)),
        version: at.copy.version,
        may_correct: is_complete && at.may_write(work).await,
        reasons: moving::REASONS.iter().map(|code| Choice::new(*code, p.tc("fill-move-why", code))).collect(),
        strangers: moved::strangers(work, at, &form).await?,
        proposals: if is_theirs { proposed(work, &p, at).await? } else { Vec::new() },
        changes,
        form,
        p,
    })
}

// What scores propose that use an answer of this form; other forms have nothing to do with it.
async fn proposed(work: &mut Work, p: &Page, at: &At) -> Result<Vec<Proposal>, Error> {
    let all = proposals(work, p, &at.case).await?;
    Ok(all.into_iter().filter(|one| one.forms.contains(&at.copy.code)).collect())
}

async fn changes_since(work: &mut Work, p: &Page, at: &At, copies: &[Submission]) -> Result<Vec<Change>, Error> {
    let Some(old) = at.copy.replaces.and_then(|id| copies.iter().find(|copy| copy.id == id)) else { return Ok(Vec::new()) };
    let old = At::of(work, at.case.clone(), old.clone(), &at.chosen).await?;
    Ok(changes::between(p, &old, at))
}

async fn facts(work: &mut Work, p: &Page, at: &At) -> Result<Vec<Entry>, Error> {
    let edition = store::edition(work, at.copy.edition_id).await?;
    let copy = &at.copy;
    let completed = copy.completed_at.map(|then| p.moment(&then));
    let arrived = store::arrived(work, copy.id).await?.map(|then| p.moment(&then));
    let version = if edition.form_version.is_empty() { p.number(edition.number) } else { edition.form_version };
    let rows = [
        ("by", Some(copy.author_name.clone())),
        ("begun", Some(p.moment(&copy.started_at))),
        ("completed", completed),
        ("arrived", arrived),
        ("where", Some(p.tc("fill-origin", &copy.origin))),
        ("edition", Some(version)),
        ("answered", Some(card::progress(p, copy)).filter(|_| copy.asked > 0)),
    ];
    Ok(rows.into_iter().filter_map(|(name, text)| Some(Entry::new(p.tc("fill-fact", name), text?))).collect())
}

/// What was asked and answered, in the order of the form.
pub(super) fn sections(p: &Page, at: &At, files: &[(String, DocumentId)]) -> Vec<Section> {
    let mut writer = Writer { p, at, files, done: vec![Section::default()], rounds: 0 };
    let session = &at.session;
    writer.gather(&session.plan().form().body, session.instance().root());
    let mut sections = writer.done;
    sections.retain(|section| !section.rows.is_empty() || section.table.is_some());
    sections
}

struct Writer<'a> {
    p: &'a Page,
    at: &'a At,
    files: &'a [(String, DocumentId)],
    done: Vec<Section>,
    // How many repeats are open.
    rounds: usize,
}

impl Writer<'_> {
    fn gather(&mut self, nodes: &[Node], parent: NodeId) {
        for node in nodes {
            match &node.kind {
                Kind::Question(_) => {
                    if let Some(element) = asked(self.at, node, parent) {
                        let said = self.said(element);
                        self.section().rows.push(said);
                    }
                }
                Kind::Group(children) => {
                    let Some(element) = standing(&self.at.session, node, parent) else { continue };
                    let label = said::label(&self.at.session, element);
                    let headed = element != parent && !self.at.session.label(element).is_empty();
                    if headed {
                        self.open(label);
                    }
                    self.gather(children, element);
                    if headed {
                        self.open(String::new());
                    }
                }
                Kind::Repeat(repeat) => self.rounds(node, &repeat.children, parent),
            }
        }
    }

    fn rounds(&mut self, node: &Node, children: &[Node], parent: NodeId) {
        let at = self.at;
        let session = &at.session;
        let Some(place) = session.plan().place(&node.path) else { return };
        let rounds: Vec<NodeId> = session.rounds(parent, place).into_iter().filter(|round| session.is_relevant(*round)).collect();
        let asks = |node: &&Node| node.question().is_some_and(|one| one.is_shown() && one.kind != QuestionKind::Note);
        let plain = children.iter().all(|child| matches!(child.kind, Kind::Question(_)));
        let columns: Vec<&Node> = children.iter().filter(asks).collect();
        if plain && !columns.is_empty() && columns.len() <= MOST_COLUMNS && !rounds.is_empty() {
            let label = blocks::repeat_label(session, parent, node);
            let cell =
                |round: &NodeId, node: &&Node| asked(at, node, *round).map(|element| self.cell(element)).unwrap_or_default();
            let heads: Vec<String> = columns.iter().map(|node| head(session, node, rounds[0])).collect();
            let row = |round| heads.iter().cloned().zip(columns.iter().map(|node| cell(round, node))).collect();
            let rows = rounds.iter().map(row).collect();
            self.done.push(Section { heading: label, rows: Vec::new(), table: Some(Rounds { heads, rows }) });
        } else {
            self.rounds += 1;
            for round in rounds {
                let label = blocks::named(self.p, &self.at.session, round);
                self.open(label);
                self.gather(children, round);
            }
            self.rounds -= 1;
        }
        self.open(String::new());
    }

    // An answer in a table, with what a rule has against it.
    fn cell(&self, element: NodeId) -> String {
        let against = self.against(element);
        let marked = (!against.is_empty()).then(|| self.p.ta("fill-against", "what", against));
        [self.answer(element)].into_iter().chain(marked).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    fn said(&self, element: NodeId) -> Said {
        let session = &self.at.session;
        let value = session.value(element);
        let document = self.files.iter().find(|(name, _)| !value.is_empty() && name == value);
        let node = session.node(element);
        let kind = node.and_then(Node::question).map(|question| &question.kind);
        Said {
            name: node.map(|node| node.name.clone()).unwrap_or_default(),
            is_coded: self.rounds == 0 && kind.is_some_and(is_coded),
            code: if self.rounds == 0 && kind.is_some_and(is_coded) { value.to_owned() } else { String::new() },
            is_unfit: mistakes::is_unfit(session, element),
            against: self.against(element),
            is_file: matches!(kind, Some(QuestionKind::File(_))),
            phone: node
                .filter(|node| self.rounds == 0 && reached::is_phone(node, value))
                .map(|_| value.to_owned())
                .unwrap_or_default(),
            term: said::label(session, element),
            text: self.answer(element),
            href: document.map(|(_, id)| format!("/cases/{}/documents/{id}", self.at.case.id)).unwrap_or_default(),
        }
    }

    fn against(&self, element: NodeId) -> String {
        if mistakes::is_unfit(&self.at.session, element) {
            return String::new();
        }
        mistakes::of(self.p, self.at, element, false).unwrap_or_default()
    }

    // A file that never came, or was not taken, is not told to be there.
    fn answer(&self, element: NodeId) -> String {
        let session = &self.at.session;
        let value = session.value(element);
        let question = session.node(element).and_then(Node::question);
        let is_file = question.is_some_and(|question| matches!(question.kind, QuestionKind::File(_)));
        if is_file && !value.is_empty() && self.files.iter().all(|(name, _)| name != value) {
            return self.p.t("fill-not-received");
        }
        said::answer(self.p, session, element)
    }

    fn open(&mut self, heading: String) {
        self.done.push(Section { heading, ..Section::default() });
    }

    // There is one always: the first was put there at the start.
    fn section(&mut self) -> &mut Section {
        if self.done.last().is_none_or(|last| last.table.is_some()) {
            self.open(String::new());
        }
        let last = self.done.len() - 1;
        &mut self.done[last]
    }
}

fn is_coded(kind: &QuestionKind) -> bool {
    use QuestionKind as Kind;
    matches!(
        kind,
        Kind::Integer
            | Kind::Decimal
            | Kind::Date
            | Kind::Time
            | Kind::DateTime
            | Kind::SelectOne
            | Kind::SelectMultiple
            | Kind::Rank
            | Kind::Range(_)
            | Kind::Acknowledge
    )
}

fn head(session: &Session, node: &Node, round: NodeId) -> String {
    let label = session.words(&node.label, round).map(|label| super::words::plain(&label)).unwrap_or_default();
    if label.is_empty() { node.name.clone() } else { label }
}

// The element of a group or question, if it is asked.
fn standing(session: &Session, node: &Node, parent: NodeId) -> Option<NodeId> {
    let place = session.plan().place(&node.path)?;
    if session.place(parent) == Some(place) {
        return Some(parent);
    }
    session.instance().child(parent, &node.name).filter(|id| !session.instance().get(*id).irrelevant)
}

fn asked(at: &At, node: &Node, parent: NodeId) -> Option<NodeId> {
    let question = node.question().filter(|one| one.is_shown() && one.kind != QuestionKind::Note)?;
    // A row that only shows the choices of a table was no question.
    let silent = node.has_appearance("label") && question.items.is_some();
    standing(&at.session, node, parent).filter(|_| !silent && !withheld::is_hidden(&at.case, node))
}
