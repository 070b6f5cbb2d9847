//! What was typed on a page is saved as it is; then the way goes on, back, elsewhere, or to the same page with what is wrong.
use std::collections::BTreeMap;

use axum::extract::Request;
use axum::response::Response;
use chrono::DateTime;
use chrono_tz::Tz;
use url::form_urlencoded;
use xforms::form::QuestionKind;
use xforms::instance::NodeId;
use xforms::session::{Fault, Page as FormPage, Session};

use super::at::{At, Ids, case_of, titled};
use super::field::is_told;
use super::files::{self, CopyPath};
use super::{blocks, mistakes, show, typed};
use crate::error::{Clash, Error, FieldErrors};
use crate::forms::{actions, store, withheld};
use crate::platform::db::Work;
use crate::web::Form;
use crate::web::conflict::{self, Asked, Compared};
use crate::web::form::Path;
use crate::web::upload::{Chosen, Uploads};

// As the database takes it.
const LONGEST_ADDRESS: usize = 1_000;

/// Where to go after saving.
struct Onward {
    page: String,
    /// The question at which it is shown; empty for its beginning.
    question: String,
    say: &'static str,
    /// To the list of what is missing instead.
    finishes: bool,
    /// What is missing on the page is told too.
    demands: bool,
}

/// POST /cases/{id}/forms/{submission}
pub(super) async fn update(mut work: Work, Path(ids): CopyPath, request: Request) -> Result<Response, Error> {
    // Whether it may be seen comes before anything that is read.
    let case = case_of(&mut work, ids.0).await?;
    store::submission(&mut work, case.id, ids.1).await?;
    let Uploads { form, files } = Uploads::read(&work, request).await?;
    // From here on nobody else writes in it: what is attached below is not lost to somebody who was faster.
    store::hold(&mut work, ids.1).await?;
    let mut at = At::find(&mut work, ids, form.value("language")).await?;
    actions::may_write(&mut work, &at.case).await?;
    let version = form.value("version").parse().unwrap_or(0);
    match at.copy.must_be_draft(version) {
        Ok(()) => {}
        Err(Error::Conflict(Clash::Stale)) => return stale(work, ids, &form, files).await,
        Err(error) => return Err(error),
    }
    let offered = offered(&at.session, &form);
    take(&work, &mut at, &form);
    let refused = files::attach(&mut work, &mut at, &form, files).await?;
    if !refused.is_empty() {
        return refused_files(work, &at, &form, refused).await;
    }
    let onward = onward(&mut at, &form, &offered);
    // Where it is left off is only a help: an address that is longer than any of ours is none.
    let left_off = if onward.page.len() <= LONGEST_ADDRESS { onward.page.as_str() } else { "" };
    actions::save(&mut work, &at.case, &at.copy, &at.session, left_off).await?;
    leave(work, &at, &onward).await
}

async fn leave(work: Work, at: &At, onward: &Onward) -> Result<Response, Error> {
    if onward.finishes {
        let language = at.href("").split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
        return work.then(&format!("{}/completion{language}", at.copy.path()), "fill-saved").await;
    }
    let check = if onward.demands { "&check=true" } else { "" };
    let question = match onward.question.as_str() {
        "" => String::new(),
        name => format!("#f-{}", form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>()),
    };
    work.then(&format!("{}{check}{question}", at.href(&onward.page)), onward.say).await
}

// What could be chosen on the page as it was sent, by the name of the question.
type Offered = BTreeMap<String, Vec<String>>;

fn offered(session: &Session, form: &Form) -> Offered {
    let asked = form.all("asked").iter().take(blocks::MOST_QUESTIONS * 2);
    asked.filter_map(|name| Some((name.clone(), choices(session, session.find(name)?)))).collect()
}

fn choices(session: &Session, element: NodeId) -> Vec<String> {
    session.items(element).unwrap_or_default().into_iter().map(|item| item.value).collect()
}

/// Puts what was typed into the copy, question by question in the order of the page: what one answer rules out is not asked any more.
fn take(work: &Work, at: &mut At, form: &Form) {
    let now = work.now().with_timezone(&work.zone());
    for name in form.all("asked").iter().take(blocks::MOST_QUESTIONS * 2) {
        let Some(text) = given(at, form, name, now) else { continue };
        let Some(element) = at.session.find(name) else { continue };
        if at.session.value(element) != text && at.session.answer(element, &text).is_err() {
            // What is not asked any more, because of an answer above it, keeps what stood there.
            tracing::debug!("An answer to a question that is not asked any more was left out.");
        }
    }
    files::take_back(at, form);
}

// What was typed for a question, as it is stored; nothing for what nobody types.
fn given(at: &At, form: &Form, name: &str, now: DateTime<Tz>) -> Option<String> {
    let session = &at.session;
    let element = session.find(name)?;
    let node = session.node(element)?;
    let kind = &node.question()?.kind;
    let silent = matches!(kind, QuestionKind::Note | QuestionKind::File(_) | QuestionKind::Hidden(_));
    if silent || withheld::is_withheld(&at.case, node) || is_told(session, element) {
        return None;
    }
    let items = session.items(element).unwrap_or_default();
    Some(typed::stored(node, form.all(name), session.value(element), &items, now))
}

// Where the button that was pressed leads. Adding and removing rounds happens here.
fn onward(at: &mut At, form: &Form, offered: &Offered) -> Onward {
    let here = form.value("at").to_owned();
    let stay = |say| Onward { page: here.clone(), question: String::new(), say, finishes: false, demands: false };
    let (verb, what) = form.value("go").split_once(':').unwrap_or((form.value("go"), ""));
    match verb {
        "previous" => Onward { page: before(&at.session, &here), ..stay("fill-saved") },
        "to" if at.session.page(what).is_some() => Onward { page: what.to_owned(), ..stay("fill-saved") },
        "finish" => Onward { finishes: true, ..stay("fill-saved") },
        "stay" | "to" => stay("fill-saved"),
        "more" => Onward { question: appeared(at, form, &here), ..stay("fill-saved") },
        "lang" => {
            at.chosen = if at.session.set_language(what) { what.to_owned() } else { String::new() };
            stay("fill-saved")
        }
        "add" => match grown(&mut at.session, what) {
            Some(page) => Onward { page, ..stay("fill-round-added") },
            None => stay("warning:fill-saved-rounds-fixed"),
        },
        "remove" => match shrunk(&mut at.session, what, &here) {
            Some(page) => Onward { page, ..stay("fill-round-removed") },
            None => stay("warning:fill-saved-rounds-fixed"),
        },
        _ => next(at, form, &here, offered),
    }
}

// On to the next page, unless something on this one is wrong, has only now become a question or a choice, or is missing and was not yet said to be.
fn next(at: &At, form: &Form, here: &str, offered: &Offered) -> Onward {
    let session = &at.session;
    let onward = |page: String, say| Onward { page, question: String::new(), say, finishes: false, demands: false };
    let Some(page) = session.page(here) else {
        return onward(session.next(here).map(|page| page.address).unwrap_or_default(), "fill-saved");
    };
    let part = blocks::part(&page, session.find(here)).to_vec();
    let wrong = |element: &NodeId| {
        session.check(*element).is_some_and(|finding| finding.fault != Fault::Required)
            || mistakes::ranked_wrong(session, *element)
    };
    if part.iter().any(wrong) {
        return Onward { demands: true, ..onward(here.to_owned(), "warning:fill-saved-look") };
    }
    let asks = |element: &NodeId| waits(at, *element);
    if part.iter().any(|element| asks(element) && !form.has("asked", &session.address(*element))) {
        return onward(here.to_owned(), "warning:fill-saved-more-asked");
    }
    // What hangs on an answer of the same page, as the districts of a governorate.
    let offers_more = |element: &NodeId| {
        let before = offered.get(&session.address(*element));
        before.is_some_and(|before| choices(session, *element).iter().any(|choice| !before.contains(choice)))
    };
    if part.iter().any(|element| asks(element) && offers_more(element)) {
        return onward(here.to_owned(), "warning:fill-saved-more-offered");
    }
    // Whoever was told so once may go on without.
    let missing = |element: &NodeId| {
        let name = session.address(*element);
        form.has("asked", &name)
            && !form.has("told", &name)
            && session.check(*element).is_some_and(|finding| finding.fault == Fault::Required)
    };
    if part.iter().any(|element| asks(element) && missing(element)) {
        return Onward { demands: true, ..onward(here.to_owned(), "warning:fill-saved-missing") };
    }
    match after(session, &page, part.last().copied()) {
        Some(page) => onward(page, "fill-saved"),
        None => Onward { finishes: true, ..onward(here.to_owned(), "fill-saved") },
    }
}

// The first question of a page that was not on it when it was sent.
fn appeared(at: &At, form: &Form, here: &str) -> String {
    let Some(page) = at.session.page(here) else { return String::new() };
    let part = blocks::part(&page, at.session.find(here));
    let mut names = part.iter().filter(|element| waits(at, **element)).map(|element| at.session.address(*element));
    names.find(|name| !form.has("asked", name)).unwrap_or_default()
}

// A question that somebody has yet to answer.
fn waits(at: &At, element: NodeId) -> bool {
    let session = &at.session;
    let answers = session.node(element).is_some_and(|node| {
        node.question().is_some_and(|one| one.kind != QuestionKind::Note) && !withheld::is_withheld(&at.case, node)
    });
    answers && !is_told(session, element) && session.value(element).is_empty() && !is_head(session, element)
}

fn is_head(session: &Session, element: NodeId) -> bool {
    session.node(element).is_some_and(|node| node.has_appearance("label"))
}

// The next part of a long page, else the next page.
fn after(session: &Session, page: &FormPage, last: Option<NodeId>) -> Option<String> {
    let at = last.and_then(|last| page.questions.iter().position(|one| *one == last));
    match at.and_then(|at| page.questions.get(at + 1)) {
        Some(more) => Some(session.address(*more)),
        None => session.next(&page.address).map(|page| page.address),
    }
}

// The part before of a long page, else the page before.
fn before(session: &Session, here: &str) -> String {
    let Some(page) = session.page(here) else { return session.previous(here).map(|page| page.address).unwrap_or_default() };
    let first = blocks::part(&page, session.find(here)).first().copied();
    let at = first.and_then(|first| page.questions.iter().position(|one| *one == first)).unwrap_or(0);
    match at.checked_sub(blocks::MOST_QUESTIONS).and_then(|at| page.questions.get(at)) {
        Some(earlier) if at > 0 => session.address(*earlier),
        _ => session.previous(&page.address).map_or_else(|| here.to_owned(), |page| page.address),
    }
}

// Adds a round, and answers the page on which it is filled in.
fn grown(session: &mut Session, repeat: &str) -> Option<String> {
    let (parent, place) = blocks::repeat_at(session, repeat)?;
    let changes = session.add_round(parent, place).ok()?;
    let round = session.address(*changes.added.first()?);
    Some(first_in(session, &round).unwrap_or_else(|| format!("{repeat}[+]")))
}

// The first page that lies in a round, or that shows it with others.
fn first_in(session: &Session, round: &str) -> Option<String> {
    let inside = format!("{round}/");
    let pages = session.pages();
    let own = pages.iter().find(|page| page.address == round || page.address.starts_with(&inside));
    let holding =
        || pages.iter().find(|page| page.questions.iter().any(|element| session.address(*element).starts_with(&inside)));
    own.or_else(holding).map(|page| page.address.clone())
}

// Removes a round, and answers the page on which it was asked for.
fn shrunk(session: &mut Session, round: &str, here: &str) -> Option<String> {
    let element = session.find(round)?;
    session.remove_round(element).ok()?;
    let stands = session.pages().iter().any(|page| page.address == here && !page.address.starts_with(&format!("{round}/")));
    let repeat = round.rsplit_once('[').map_or(round, |(repeat, _)| repeat);
    Some(if stands && here != round { here.to_owned() } else { format!("{repeat}[+]") })
}

// Shows the page once more with everything typed: nothing was saved.
async fn refused_files(work: Work, at: &At, form: &Form, refused: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let how = show::How { page: form.value("at"), demands: false, refused };
    match show::page(&mut work, at, &how).await? {
        Some(page) => work.show_again(&page),
        None => Err(Error::NotFound),
    }
}

// Somebody else wrote in it meanwhile: both sides of each answer that differs. What was attached is kept first, over what stands now.
async fn stale(work: Work, ids: Ids, form: &Form, attached: Vec<Chosen>) -> Result<Response, Error> {
    let mut work = work.again().await?;
    // Asked before what was attached becomes the newest change.
    let change = conflict::last_change(&mut work, ids.1.0).await?;
    if !attached.is_empty() {
        let mut at = At::find(&mut work, ids, form.value("language")).await?;
        at.copy.must_be_draft(at.copy.version)?;
        let refused = files::attach(&mut work, &mut at, form, attached).await?;
        if refused.is_empty() {
            let page = at.copy.at_page.clone();
            actions::save(&mut work, &at.case, &at.copy, &at.session, &page).await?;
        }
        work = work.committed().await?;
    }
    let theirs = At::find(&mut work, ids, form.value("language")).await?;
    theirs.copy.must_be_draft(theirs.copy.version)?;
    let mut mine = At::of(&mut work, theirs.case.clone(), theirs.copy.clone(), form.value("language")).await?;
    let p = titled(&mut work, &theirs.case).await?;
    take(&work, &mut mine, form);
    let mut stands = Form::blank([("version", theirs.copy.version.to_string())]);
    let mut compared = Vec::new();
    for name in form.all("asked") {
        let Some((label, now)) = show::compared(&p, &theirs.session, name) else { continue };
        let (_, typed) = show::compared(&p, &mine.session, name).unwrap_or_default();
        stands.set_all(name, in_fields(&theirs.session, name, p.reader.zone));
        compared.push(Compared { names: vec![name.clone()], label, mine: typed, theirs: now });
    }
    let (action, back) = (theirs.copy.path(), theirs.href(form.value("at")));
    let of = format!("{} · {}", theirs.copy.title, theirs.case.code);
    conflict::show_after(work, change, Asked { action, back, mine: form, theirs: &stands }, compared, of).await
}

// What stands in the fields of a question, as its form would send it.
fn in_fields(session: &Session, name: &str, zone: Tz) -> Vec<String> {
    let Some(element) = session.find(name) else { return Vec::new() };
    session.node(element).map(|node| typed::shown(node, session.value(element), zone)).unwrap_or_default()
}
