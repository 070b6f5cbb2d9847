//! A page as it is shown: everything a browser needs to draw it.
use serde::Serialize;
use xforms::form::{Media, Node, Question, QuestionKind};
use xforms::instance::NodeId;
use xforms::session::{Fault, Finding, Page, Progress, Session};

/// A page.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// Where it is.
    pub address: String,
    /// What its group is called, if one is shown as a whole.
    pub title: String,
    /// What the groups and rounds around it are called, the outermost first.
    pub within: Vec<String>,
    /// Addresses of its questions, in order.
    pub order: Vec<String>,
    /// The questions: all of them, or those that are shown anew.
    pub questions: Vec<Asked>,
    /// Repeats that may grow here.
    pub growing: Vec<Growing>,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// How far the copy has come.
    pub progress: Come,
}

/// How far a copy has come.
#[derive(Debug, Serialize)]
pub struct Come {
    page: usize,
    pages: usize,
    asked: usize,
    answered: usize,
    missing: usize,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Asked {
    /// Where it is.
    pub address: String,
    kind: &'static str,
    label: String,
    hint: String,
    guidance: String,
    media: Vec<Picture>,
    value: String,
    required: bool,
    readonly: bool,
    appearance: String,
    // Its answer is written with the digits 0 to 9, whatever the keypad gives.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    digits: bool,
    // Media types of a file.
    accept: String,
    scale: Option<Scale>,
    rows: Option<u32>,
    most_pixels: Option<u32>,
    choices: Vec<Choice>,
    round: Option<Round>,
    finding: Option<Wrong>,
}

/// A picture or a sound.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Picture {
    kind: String,
    file: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Scale {
    start: String,
    end: String,
    step: String,
    whole: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Choice {
    value: String,
    label: String,
    media: Vec<Picture>,
}

// The innermost round that a question stands in.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Round {
    address: String,
    label: String,
    number: usize,
    of: usize,
    may_remove: bool,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Wrong {
    /// The question.
    pub address: String,
    /// The page it is on.
    pub page: String,
    // The rounds that it is asked in, the outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rounds: Vec<String>,
    label: String,
    fault: &'static str,
    choice: String,
    message: Option<String>,
    // What it is asked as: whoever puts the questions knows what it does not put.
    kind: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    accept: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    appearance: String,
}

/// A repeat of which a round may be added.
#[derive(Debug, Serialize)]
pub struct Growing {
    parent: String,
    repeat: String,
    label: String,
    rounds: Vec<Card>,
}

// A round in few words.
#[derive(Debug, Serialize)]
struct Card {
    address: String,
    number: usize,
    words: Vec<String>,
    // The first page of it, where it has one of its own.
    page: Option<String>,
}

/// The page at an address, the first one without it; nothing if it is gone.
pub fn page(session: &Session, address: Option<&str>) -> Option<Shown> {
    let pages = session.pages();
    let number = match address {
        None => 0,
        Some(address) => session.page_number(&pages, address)?,
    };
    let page = pages.get(number)?;
    let at = |number: Option<usize>| number.and_then(|number| pages.get(number)).map(|page| page.address.clone());
    let first = page.group.or(page.questions.first().copied()).or(page.growing.first().map(|(parent, _)| *parent));
    let questions: Vec<Asked> = page.questions.iter().filter_map(|element| question(session, page, *element)).collect();
    Some(Shown {
        address: page.address.clone(),
        title: page.group.map(|group| named(session, group)).unwrap_or_default(),
        within: first.map(|element| within(session, element, page)).unwrap_or_default(),
        order: questions.iter().map(|question| question.address.clone()).collect(),
        questions,
        growing: page.growing.iter().filter_map(|(parent, repeat)| growing(session, &pages, *parent, *repeat)).collect(),
        previous: at(number.checked_sub(1)),
        next: at(number.checked_add(1)),
        progress: come(number, session.progress_on(&pages)),
    })
}

fn come(number: usize, progress: Progress) -> Come {
    let Progress { asked, answered, missing, pages } = progress;
    Come { page: number + 1, pages, asked, answered, missing }
}

// Names of what lies around, with the number of each round; the group that is shown as a whole has its name above them.
fn within(session: &Session, element: NodeId, page: &Page) -> Vec<String> {
    let tree = session.instance();
    let start = if page.group.is_none() && page.questions.is_empty() { Some(element) } else { tree.parent(element) };
    let mut names: Vec<String> = std::iter::successors(start, |id| tree.parent(*id))
        .filter(|id| session.node(*id).is_some())
        .map(|id| named(session, id))
        .filter(|name| !name.is_empty())
        .collect();
    names.reverse();
    names
}

fn named(session: &Session, element: NodeId) -> String {
    let label = session.label(element);
    match session.round(element) {
        Some((round, _)) => format!("{label} {round}").trim().to_owned(),
        None => label,
    }
}

fn question(session: &Session, page: &Page, element: NodeId) -> Option<Asked> {
    let node = session.node(element)?;
    let question = node.question()?;
    let finding = session.check(element).map(|finding| wrong(session, page, finding));
    Some(Asked {
        address: session.address(element),
        kind: kind(question),
        label: session.label(element),
        hint: session.hint(element),
        guidance: session.guidance(element),
        media: pictures(session.media(element)),
        value: session.value(element).to_owned(),
        required: session.is_required(element),
        readonly: session.is_readonly(element),
        appearance: node.appearance.clone(),
        digits: node.wants_digits(),
        accept: accepted(question),
        scale: scale(question),
        rows: number(node, "rows"),
        most_pixels: number(node, "max-pixels"),
        choices: choices(session, element),
        round: round(session, element),
        finding,
    })
}

fn accepted(question: &Question) -> String {
    match &question.kind {
        QuestionKind::File(types) => types.clone(),
        _ => String::new(),
    }
}

fn kind(question: &Question) -> &'static str {
    match &question.kind {
        QuestionKind::Text => "text",
        QuestionKind::Integer => "integer",
        QuestionKind::Decimal => "decimal",
        QuestionKind::Date => "date",
        QuestionKind::Time => "time",
        QuestionKind::DateTime => "date_time",
        QuestionKind::SelectOne => "select_one",
        QuestionKind::SelectMultiple => "select_multiple",
        QuestionKind::Rank => "rank",
        QuestionKind::Range(_) => "range",
        QuestionKind::Note => "note",
        QuestionKind::Acknowledge => "acknowledge",
        QuestionKind::Geopoint => "geopoint",
        QuestionKind::Geotrace => "geotrace",
        QuestionKind::Geoshape => "geoshape",
        QuestionKind::File(_) => "file",
        QuestionKind::Barcode => "barcode",
        QuestionKind::Hidden(_) => "hidden",
    }
}

fn pictures(media: &[Media]) -> Vec<Picture> {
    media.iter().map(|media| Picture { kind: media.kind.clone(), file: media.file.clone() }).collect()
}

fn scale(question: &Question) -> Option<Scale> {
    let QuestionKind::Range(range) = &question.kind else { return None };
    let (start, end, step) = (range.start.clone(), range.end.clone(), range.step.clone());
    Some(Scale { start, end, step, whole: range.whole })
}

// A form that was an XForm before has its parameters among what clients are told.
fn number(node: &Node, name: &str) -> Option<u32> {
    let told = node.control.iter().chain(&node.bind.extra).find(|(key, _)| key.rsplit(':').next() == Some(name));
    node.parameter(name).or(told.map(|(_, value)| value.as_str()))?.parse().ok()
}

fn choices(session: &Session, element: NodeId) -> Vec<Choice> {
    // A filter that can't be worked out leaves nothing to choose, as in Collect.
    let items = session.items(element).unwrap_or_default();
    items.into_iter().map(|item| Choice { value: item.value, label: item.label, media: pictures(&item.media) }).collect()
}

fn round(session: &Session, element: NodeId) -> Option<Round> {
    let tree = session.instance();
    let inner = std::iter::successors(Some(element), |id| tree.parent(*id)).find(|id| session.round(*id).is_some())?;
    let (number, of) = session.round(inner)?;
    let may_remove = match (tree.parent(inner), session.place(inner)) {
        (Some(parent), Some(repeat)) => session.may_change_rounds(parent, repeat),
        _ => false,
    };
    Some(Round { address: session.address(inner), label: session.label(inner), number, of, may_remove })
}

// The names of the rounds around a question.
fn rounds(session: &Session, element: NodeId) -> Vec<String> {
    let tree = session.instance();
    let around = std::iter::successors(tree.parent(element), |id| tree.parent(*id));
    let mut names: Vec<String> = around.filter(|id| session.round(*id).is_some()).map(|id| named(session, id)).collect();
    names.reverse();
    names
}

fn wrong(session: &Session, page: &Page, finding: Finding) -> Wrong {
    let (fault, choice) = match finding.fault {
        Fault::Required => ("required", String::new()),
        Fault::Constraint => ("constraint", String::new()),
        Fault::WholeNumber => ("whole_number", String::new()),
        Fault::Number => ("number", String::new()),
        Fault::Scale => ("scale", String::new()),
        Fault::Date => ("date", String::new()),
        Fault::Time => ("time", String::new()),
        Fault::DateTime => ("date_time", String::new()),
        Fault::Location => ("location", String::new()),
        Fault::Choice(part) => ("choice", part),
    };
    let node = session.node(finding.element);
    let question = node.and_then(Node::question);
    Wrong {
        address: finding.address,
        page: page.address.clone(),
        rounds: rounds(session, finding.element),
        label: session.label(finding.element),
        fault,
        choice,
        message: finding.message,
        kind: question.map_or("", kind),
        accept: question.map(accepted).unwrap_or_default(),
        appearance: node.map(|node| node.appearance.clone()).unwrap_or_default(),
    }
}

/// What is wrong on one page, or on all without an address.
pub fn findings(session: &Session, address: Option<&str>) -> Vec<Wrong> {
    let pages = match address {
        Some(address) => session.page(address).into_iter().collect(),
        None => session.pages(),
    };
    let of_page = |page: &Page| session.check_page(page).into_iter().map(|finding| wrong(session, page, finding)).collect();
    pages.iter().flat_map(|page| -> Vec<Wrong> { of_page(page) }).collect()
}

fn growing(session: &Session, pages: &[Page], parent: NodeId, repeat: xforms::session::PlaceId) -> Option<Growing> {
    let node = session.node_at(repeat)?;
    let rounds = session.rounds(parent, repeat).into_iter().enumerate();
    let rounds = rounds.map(|(at, round)| card(session, pages, round, at + 1)).collect();
    let label = session.words(&node.label, parent).unwrap_or_default();
    Some(Growing { parent: session.address(parent), repeat: node.path.clone(), label, rounds })
}

// The first three answers say which round it is.
fn card(session: &Session, pages: &[Page], round: NodeId, number: usize) -> Card {
    let tree = session.instance();
    let inside = |element: &NodeId| std::iter::successors(Some(*element), |id| tree.parent(*id)).any(|id| id == round);
    let own = pages.iter().filter(|page| page.questions.iter().any(inside));
    let questions = own.clone().flat_map(|page| page.questions.iter().copied().filter(inside));
    let words = questions.filter_map(|element| said(session, element)).take(3).collect();
    let page = own.map(|page| page.address.clone()).next();
    Card { address: session.address(round), number, words, page }
}

// An answer as a person reads it; files and places say nothing in few words.
fn said(session: &Session, element: NodeId) -> Option<String> {
    let question = session.node(element)?.question()?;
    let value = session.value(element);
    let quiet = matches!(
        question.kind,
        QuestionKind::File(_)
            | QuestionKind::Note
            | QuestionKind::Acknowledge
            | QuestionKind::Geopoint
            | QuestionKind::Geotrace
            | QuestionKind::Geoshape
    );
    if quiet || value.is_empty() {
        return None;
    }
    if question.items.is_none() {
        return Some(value.to_owned());
    }
    let items = session.items(element).ok()?;
    let labels = value.split(' ').filter_map(|part| items.iter().find(|item| item.value == part)).map(|item| item.label.as_str());
    Some(labels.collect::<Vec<_>>().join(", ")).filter(|labels| !labels.is_empty())
}
