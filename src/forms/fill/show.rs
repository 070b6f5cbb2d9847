//! A page of a draft to fill in; of a complete copy its sheet.
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use xforms::session::{Page as FormPage, Session};

use super::at::{At, titled};
use super::blocks::{self, Block, Card, Grow, Row};
use super::field::{Asking, Field};
use super::files::{self, CopyPath};
use super::tongue::{self, Tongue};
use super::words::{self, Span};
use super::{said, sheet};
use crate::error::{Error, FieldErrors};
use crate::forms::Submission;
use crate::platform::db::Work;
use crate::platform::ids::DocumentId;
use crate::platform::text::text_with;
use crate::web::Page;
use crate::web::form::{Path, Query};

// So many sections are offered to go to.
const MOST_SECTIONS: usize = 60;

#[derive(Template)]
#[template(path = "forms/fill/html/fill.html")]
pub(super) struct Fill {
    p: Page,
    back: String,
    action: String,
    form_title: String,
    around: String,
    // That it will take the place of a filled form, and who began it when; empty for one that is new.
    correction: String,
    title: Vec<Span>,
    progress: String,
    answered: usize,
    asked: usize,
    /// Which page, of how many.
    place: String,
    with_files: bool,
    version: i32,
    here: String,
    chosen: String,
    names: Vec<String>,
    tongue: Tongue,
    tongues: Vec<(String, String, bool)>,
    errors: Vec<(String, String)>,
    blocks: Vec<Block>,
    cards: Vec<Card>,
    grows: Vec<Grow>,
    sections: Vec<(String, String, bool)>,
    is_first: bool,
    is_last: bool,
    // Answers of the page lead to more of its questions.
    follows: bool,
}

/// What a page is shown with.
pub(super) struct How<'a> {
    /// The page's address; where it was left off, or the first, if there is none of this.
    pub page: &'a str,
    /// What is missing is told too.
    pub demands: bool,
    /// What could not be taken in just now.
    pub refused: FieldErrors,
}

/// GET /cases/{id}/forms/{submission}?at=&language=&check=
pub(super) async fn show(mut work: Work, Path(ids): CopyPath, Query(query): Query) -> Result<Response, Error> {
    let at = At::find(&mut work, ids, query.value("language")).await?;
    if !at.copy.is_draft() || !at.may_write(&mut work).await {
        return sheet::show(work, &at).await;
    }
    let how = How { page: query.value("at"), demands: query.ticked("check"), refused: FieldErrors::default() };
    let about = at.about();
    match page(&mut work, &at, &how).await? {
        Some(page) => work.show(about, page).await,
        None => Ok(Redirect::to(&format!("{}/completion", at.copy.path())).into_response()),
    }
}

/// A page of a draft; nothing if the form asks nothing at all now.
pub(super) async fn page(work: &mut Work, at: &At, how: &How<'_>) -> Result<Option<Fill>, Error> {
    let p = titled(work, &at.case).await?;
    let files = files::of(work, at.copy.id).await?;
    Ok(made(p, at, &files, how))
}

fn made(p: Page, at: &At, files: &[(String, DocumentId)], how: &How<'_>) -> Option<Fill> {
    let session = &at.session;
    let left_off = at.copy.at_page.as_str();
    let (page, key) = match session.page(how.page) {
        Some(page) => (page, how.page),
        None => (session.page(left_off).or_else(|| session.first())?, left_off),
    };
    let here = at_part(session, &page, key);
    let part = blocks::part(&page, session.find(&here));
    let asking = Asking { p: &p, at, files, demands: how.demands, refused: &how.refused };
    let blocks = blocks::blocks(&asking, &page, part);
    let fields: Vec<&Field> = blocks.iter().flat_map(|block| &block.rows).flat_map(of_row).collect();
    let errors = fields.iter().filter(|field| !field.error.is_empty());
    // Where the page is shown again at once, each error gets the name of its field then.
    let told = |field: &&Field| {
        if how.refused.is_empty() { p.detailed(crate::web::bare_label(&field.plain), &field.error) } else { field.error.clone() }
    };
    let errors = errors.map(|field| (field.name.clone(), told(field))).collect();
    let names = fields.iter().filter(|field| field.is_asked()).map(|field| field.name.clone()).collect();
    let with_files = fields.iter().any(|field| matches!(field.kind, "file" | "draw"));
    let pages = session.pages();
    let nth = pages.iter().position(|one| one.address == page.address).unwrap_or(0);
    let progress = session.progress();
    let shown = tongue::shown(session);
    let title = title(session, &page);
    let around = around(&p, session, &page);
    let (answered, asked) = (progress.answered, progress.asked);
    let counts = [("answered", p.number(answered as i64).into()), ("asked", p.number(asked as i64).into())];
    let place = [("nth", p.number(nth as i64 + 1).into()), ("of", p.number(pages.len() as i64).into())];
    Some(Fill {
        back: format!("{}/forms", at.case.path()),
        action: at.copy.path(),
        form_title: at.copy.title.clone(),
        correction: correction(&p, &at.copy),
        progress: text_with(p.reader.lang, "fill-progress", &counts),
        place: text_with(p.reader.lang, "fill-place", &place),
        version: at.copy.version,
        chosen: at.chosen.clone(),
        tongues: tongue::all(session.plan())
            .into_iter()
            .map(|one| (one.name.clone(), one.label().to_owned(), one == shown))
            .collect(),
        tongue: shown,
        cards: blocks::cards(&p, session, &page),
        grows: blocks::grows(&p, session, &page),
        sections: sections(session, &pages, &page),
        is_first: nth == 0 && at_start(&page, part),
        is_last: nth + 1 == pages.len() && part.last() == page.questions.last(),
        follows: page.group.is_some_and(|group| session.follows_within(group)),
        around,
        title,
        answered,
        asked,
        with_files,
        here,
        names,
        errors,
        blocks,
        p,
    })
}

/// What a draft is called that corrects a filled form, with who began it when.
pub(super) fn correction(p: &Page, copy: &Submission) -> String {
    if copy.replaces.is_none() {
        return String::new();
    }
    format!("{} · {}", p.tc("fill-state", "correction"), p.signed(&copy.author_name, &p.moment(&copy.started_at)))
}

fn at_start(page: &FormPage, part: &[xforms::instance::NodeId]) -> bool {
    part.first() == page.questions.first()
}

fn of_row(row: &Row) -> &[Field] {
    match row {
        Row::One(field) => std::slice::from_ref(field),
        Row::Table(table) => &table.fields,
    }
}

// A later part of a long page goes by the address of its first question.
fn at_part(session: &Session, page: &FormPage, asked: &str) -> String {
    let part = blocks::part(page, session.find(asked));
    match part.first() {
        Some(first) if page.questions.first() != Some(first) => session.address(*first),
        _ => page.address.clone(),
    }
}

// What a page is called: its group, or the repeat that may grow; a page of one question has its question.
fn title(session: &Session, page: &FormPage) -> Vec<Span> {
    match (page.group, page.growing.first()) {
        (Some(group), _) => words::spans(&session.label(group)),
        (None, Some((parent, place))) => {
            let node = session.node_at(*place);
            node.map(|node| words::spans(&blocks::repeat_label(session, *parent, node))).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn around(p: &Page, session: &Session, page: &FormPage) -> String {
    let element =
        page.group.or_else(|| page.questions.first().copied()).or_else(|| page.growing.first().map(|(parent, _)| *parent));
    let mut around = element.map(|element| blocks::around(p, session, element)).unwrap_or_default();
    // A round that fills a page of its own says which it is.
    if let Some((round, of)) = page.group.and_then(|group| session.round(group)) {
        let values = [("nth", p.number(round as i64).into()), ("of", p.number(of as i64).into())];
        let which = text_with(p.reader.lang, "fill-round-of", &values);
        around = if around.is_empty() { which } else { format!("{around} · {which}") };
    }
    around
}

// The outermost groups with a label, each with its first page.
fn sections(session: &Session, pages: &[FormPage], here: &FormPage) -> Vec<(String, String, bool)> {
    let root = session.instance().root();
    let top = |address: &str| address.split('/').nth(2).map(|step| step.split('[').next().unwrap_or(step).to_owned());
    let mut sections: Vec<(String, String, String)> = Vec::new();
    for page in pages {
        let Some(step) = top(&page.address) else { continue };
        if sections.iter().any(|(known, ..)| *known == step) || sections.len() >= MOST_SECTIONS {
            continue;
        }
        let element = session.instance().named(root, &step).next();
        let node = element.and_then(|element| session.node(element)).filter(|node| node.question().is_none());
        if let (Some(_), Some(element)) = (node, element) {
            let label = words::plain(&session.label(element));
            if !label.is_empty() {
                sections.push((step, page.address.clone(), label));
            }
        }
    }
    let current = top(&here.address);
    sections.into_iter().map(|(step, address, label)| (address, label, current.as_deref() == Some(step.as_str()))).collect()
}

impl Fill {
    // A page of one question has the question's own label as its heading.
    fn heading(&self) -> String {
        let title: String = self.title.iter().map(|span| span.text.as_str()).collect();
        if title.is_empty() { self.form_title.clone() } else { title }
    }
}

/// A question's words for a page that compares two versions of its answer.
pub(super) fn compared(p: &Page, session: &Session, name: &str) -> Option<(String, String)> {
    let element = session.find(name)?;
    Some((said::label(session, element), said::answer(p, session, element)))
}
