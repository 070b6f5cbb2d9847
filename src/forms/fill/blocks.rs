//! A page in blocks: what belongs to one group or round stands together, tables of like questions as tables, rounds as cards.
use xforms::form::{Kind, Node};
use xforms::instance::NodeId;
use xforms::session::{Page as FormPage, PlaceId, Session};

use super::field::{Asking, Field};
use super::said;
use super::words::{self, Span};
use crate::platform::text::text_with;
use crate::web::Page;

/// So many questions stand on one screen; longer pages come in parts.
pub(super) const MOST_QUESTIONS: usize = 500;
// So many rounds are shown as cards.
const MOST_CARDS: usize = 200;
// Characters of an answer that a card shows.
const MOST_SAID: usize = 80;

/// Questions that belong together.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    /// What they are called together; empty for the page's own.
    pub heading: String,
    /// The round that they are, which may be removed; empty for none.
    pub remove: String,
    pub rows: Vec<Row>,
}

/// A question, or several as a table.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "nearly all are one question")]
pub(super) enum Row {
    One(Field),
    Table(Table),
}

/// Questions that are answered by the same choices.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub label: String,
    pub heads: Vec<Vec<Span>>,
    pub names: Vec<String>,
    pub several: bool,
    pub fields: Vec<Field>,
}

/// Where another round may be added.
#[derive(Debug, Clone, Default)]
pub(super) struct Grow {
    pub value: String,
    pub label: String,
}

/// A round as a card.
#[derive(Debug, Clone, Default)]
pub(super) struct Card {
    pub title: String,
    pub said: String,
    pub open: String,
    pub remove: String,
}

/// The part of a page's questions that an element stands in.
pub(super) fn part(page: &FormPage, element: Option<NodeId>) -> &[NodeId] {
    let at = element.and_then(|element| page.questions.iter().position(|one| *one == element)).unwrap_or(0);
    let start = at / MOST_QUESTIONS * MOST_QUESTIONS;
    &page.questions[start.min(page.questions.len())..(start + MOST_QUESTIONS).min(page.questions.len())]
}

/// The blocks of a part of a page.
pub(super) fn blocks(asking: &Asking<'_>, page: &FormPage, part: &[NodeId]) -> Vec<Block> {
    let session = &asking.at.session;
    let mut blocks: Vec<(Option<NodeId>, Block)> = Vec::new();
    for element in part {
        let holder = holder(session, page.group, *element);
        if blocks.last().is_none_or(|(last, _)| *last != holder) {
            blocks.push((
                holder,
                Block {
                    heading: path(asking.p, session, page.group, *element),
                    remove: removable(session, holder),
                    rows: Vec::new(),
                },
            ));
        }
        if let (Some(field), Some((_, block))) = (asking.field(*element), blocks.last_mut()) {
            block.rows.push(Row::One(field));
        }
    }
    let tabled = |(_, block): (_, Block)| Block { rows: tables(block.rows), ..block };
    blocks.into_iter().map(tabled).collect()
}

// The innermost group with a label, or round, between a page and its question.
fn holder(session: &Session, page: Option<NodeId>, element: NodeId) -> Option<NodeId> {
    above(session, page, element).into_iter().next()
}

// All of them, innermost first.
fn above(session: &Session, page: Option<NodeId>, element: NodeId) -> Vec<NodeId> {
    // A page of one question says around it where it stands.
    if page.is_none() {
        return Vec::new();
    }
    let up = std::iter::successors(session.instance().parent(element), |id| session.instance().parent(*id));
    up.take_while(|id| Some(*id) != page).filter(|id| is_named(session, *id)).collect()
}

fn is_named(session: &Session, element: NodeId) -> bool {
    session.round(element).is_some() || (session.node(element).is_some() && !session.label(element).is_empty())
}

fn path(p: &Page, session: &Session, page: Option<NodeId>, element: NodeId) -> String {
    let mut names: Vec<String> = above(session, page, element).into_iter().map(|id| named(p, session, id)).collect();
    names.reverse();
    names.join(" · ")
}

/// What stands around an element, the outermost first: "Household · Member 2 of 3".
pub(super) fn around(p: &Page, session: &Session, element: NodeId) -> String {
    let up = std::iter::successors(session.instance().parent(element), |id| session.instance().parent(*id));
    let mut names: Vec<String> = up.filter(|id| is_named(session, *id)).map(|id| named(p, session, id)).collect();
    names.reverse();
    names.join(" · ")
}

/// The rounds around an element alone: "Member 2 of 3".
pub(super) fn around_rounds(p: &Page, session: &Session, element: NodeId) -> String {
    let up = std::iter::successors(session.instance().parent(element), |id| session.instance().parent(*id));
    let mut names: Vec<String> = up.filter(|id| session.round(*id).is_some()).map(|id| named(p, session, id)).collect();
    names.reverse();
    names.join(" · ")
}

/// What a group or round is called: "Member 2 of 3".
pub(super) fn named(p: &Page, session: &Session, element: NodeId) -> String {
    let label = said::label(session, element);
    let Some((round, of)) = session.round(element) else { return label };
    let values = [("label", label.into()), ("round", p.number(round as i64).into()), ("of", p.number(of as i64).into())];
    text_with(p.reader.lang, "fill-round", &values)
}

fn removable(session: &Session, round: Option<NodeId>) -> String {
    let may = |round: &NodeId| {
        let (Some(parent), Some(place)) = (session.instance().parent(*round), session.place(*round)) else { return false };
        session.round(*round).is_some() && session.may_change_rounds(parent, place)
    };
    round.filter(may).map(|round| session.address(round)).unwrap_or_default()
}

// Like questions one after the other become the rows of a table; the one that only shows the choices becomes its head.
fn tables(rows: Vec<Row>) -> Vec<Row> {
    let mut done: Vec<Row> = Vec::new();
    for row in rows {
        let Row::One(field) = row else { continue };
        let chooses = matches!(field.kind, "radios" | "checks" | "select");
        match done.last_mut() {
            Some(Row::Table(table)) if chooses && field.is_row && fits(table, &field) => table.fields.push(field),
            _ if chooses && field.is_head => done.push(Row::Table(head(&field))),
            _ => done.push(Row::One(field)),
        }
    }
    // A head without rows shows nothing that could be answered.
    done.retain(|row| !matches!(row, Row::Table(table) if table.fields.is_empty()));
    done
}

fn head(field: &Field) -> Table {
    Table {
        label: field.plain.clone(),
        heads: field.picks.iter().map(|pick| pick.label.clone()).collect(),
        names: field.picks.iter().map(|pick| pick.value.clone()).collect(),
        several: field.kind == "checks",
        fields: Vec::new(),
    }
}

fn fits(table: &Table, field: &Field) -> bool {
    table.names.iter().eq(field.picks.iter().map(|pick| &pick.value))
}

/// Where rounds may be added on a page.
pub(super) fn grows(p: &Page, session: &Session, page: &FormPage) -> Vec<Grow> {
    let grow = |(parent, place): &(NodeId, PlaceId)| {
        let node = session.node_at(*place)?;
        let label = repeat_label(session, *parent, node);
        let inside =
            if page.group == Some(*parent) || !is_named(session, *parent) { String::new() } else { named(p, session, *parent) };
        let label = if inside.is_empty() { label } else { format!("{label} · {inside}") };
        Some(Grow { value: format!("{}/{}", session.address(*parent), node.name), label: p.ta("fill-add", "what", label) })
    };
    page.growing.iter().filter_map(grow).collect()
}

/// What the rounds of a repeat are called.
pub(super) fn repeat_label(session: &Session, parent: NodeId, node: &Node) -> String {
    let label = session.words(&node.label, parent).map(|label| words::plain(&label)).unwrap_or_default();
    if label.is_empty() { node.name.clone() } else { label }
}

/// The rounds of a repeat that has a page of its own.
pub(super) fn cards(p: &Page, session: &Session, page: &FormPage) -> Vec<Card> {
    let Some((parent, place)) = page.growing.first().filter(|_| page.questions.is_empty() && page.group.is_none()) else {
        return Vec::new();
    };
    let pages = session.pages();
    let card = |round: NodeId| {
        let address = session.address(round);
        let within = |one: &FormPage| one.address == address || one.address.starts_with(&format!("{address}/"));
        Card {
            title: named(p, session, round),
            said: first_words(p, session, &pages, within),
            open: pages.iter().find(|one| within(one)).map(|one| one.address.clone()).unwrap_or_default(),
            remove: address.clone(),
        }
    };
    session.rounds(*parent, *place).into_iter().take(MOST_CARDS).map(card).collect()
}

// The first answers of a round, by which it is known again.
fn first_words(p: &Page, session: &Session, pages: &[FormPage], within: impl Fn(&FormPage) -> bool) -> String {
    let elements = pages.iter().filter(|page| within(page)).flat_map(|page| page.questions.iter().copied());
    let said = elements.map(|element| said::answer(p, session, element)).filter(|words| !words.is_empty());
    said.take(3).map(|words| shortened(&words)).collect::<Vec<_>>().join(" · ")
}

// A card is to be known again, not read: a long answer is on its page.
fn shortened(words: &str) -> String {
    let short: String = words.chars().take(MOST_SAID).collect();
    if short.len() == words.len() { short } else { format!("{}…", short.trim_end()) }
}

/// The repeat at an address such as `/data/household/member`, with the element that holds its rounds.
pub(super) fn repeat_at(session: &Session, address: &str) -> Option<(NodeId, PlaceId)> {
    let (parent, name) = address.rsplit_once('/')?;
    let parent = session.find(parent)?;
    let named =
        |place: &PlaceId| session.node_at(*place).is_some_and(|node| node.name == name && matches!(node.kind, Kind::Repeat(_)));
    Some((parent, session.repeats_in(parent).into_iter().find(named)?))
}
