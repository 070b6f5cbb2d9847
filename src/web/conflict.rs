//! After a clash of versions: what I typed beside what stands now, field by field, with a choice for each; words can be joined by hand, in a
//! field that begins with mine. Nothing is chosen beforehand, and what I left as it was served is not asked: theirs stands. Who changed it is
//! said where the reader may know; where it was they themselves, in another window, that. Nothing typed is lost.
//!
//! The page carries the whole form along. When it is sent, [`crate::web::Form`] puts the chosen side under the fields' own names, so that
//! the verb's handler needs to know nothing of it.
use askama::Template;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use uuid::Uuid;

use super::form::{EITHER, JOINED, MINE, READ, SAME, TAKE_MINE, THEIRS, UNCHOSEN};
use super::{Form, Page};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::text::text;

/// Fields of a form that are compared as one, and how both versions read.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The names of the fields.
    pub names: Vec<String>,
    /// What they are called together.
    pub label: String,
    /// What was typed.
    pub mine: String,
    /// What stands now.
    pub theirs: String,
}

impl Compared {
    /// One field that reads as it is typed.
    pub fn field(name: &str, label: String, mine: &Form, theirs: &Form) -> Self {
        let shown = |form: &Form| form.all(name).join(", ");
        Self { names: vec![name.to_owned()], label, mine: shown(mine), theirs: shown(theirs) }
    }
}

/// The newest change of a record.
#[derive(Debug)]
pub struct Change {
    /// Who made it.
    pub by_name: String,
    /// The reader did, in another window.
    pub is_own: bool,
}

struct Row {
    take: String,
    // The field in which both are joined by hand; empty where there are no words to join.
    joined: String,
    label: String,
    mine: String,
    theirs: String,
    // What was chosen when another field of the form was left open, or that nothing was.
    takes_mine: bool,
    error: String,
}

/// The page with both versions.
#[derive(Template)]
#[template(path = "web/html/conflict.html")]
pub struct Conflict {
    p: Page,
    // What it is about; empty where the page before said it.
    of: String,
    by: String,
    back: String,
    action: String,
    take_mine: &'static str,
    rows: Vec<Row>,
    // What changed of this form where I had left all of it as it was: it stands, and I am told so before I save the rest.
    untouched: Vec<(String, String)>,
    hidden: Vec<(String, String)>,
}

/// Where the form was sent to, and where it is left.
pub struct Asked<'a> {
    /// The address that the form was sent to.
    pub action: String,
    /// The page of the record: leaving for it takes what stands now.
    pub back: String,
    /// What was typed.
    pub mine: &'a Form,
    /// The same form filled with what stands now; its `version` is the one to save over.
    pub theirs: &'a Form,
}

/// Answers 409 with both versions; those of `compared` that differ are asked for, everything else travels along as it was typed.
pub async fn show(mut work: Work, asked: Asked<'_>, compared: Vec<Compared>) -> Result<Response, Error> {
    let change = match asked.action.rsplit('/').find_map(|part| part.parse::<Uuid>().ok()) {
        Some(id) => last_change(&mut work, id).await?,
        None => None,
    };
    show_after(work, change, asked, compared, String::new()).await
}

/// The same, where the change that came between was looked up before; and what it is about, in words that the reader knows it by.
pub async fn show_after(
    mut work: Work,
    change: Option<Change>,
    asked: Asked<'_>,
    compared: Vec<Compared>,
    of: String,
) -> Result<Response, Error> {
    let title = text(work.lang(), title_after(change.as_ref()));
    let p = Page::of(&mut work, title).await?;
    let (mine, theirs) = (asked.mine, asked.theirs);
    let differing = compared.into_iter().filter(|both| both.mine != both.theirs);
    let untouched = |both: &Compared| both.names.iter().all(|name| mine.has(SAME, name));
    let (untouched, differing): (Vec<Compared>, Vec<Compared>) = differing.partition(untouched);
    let mut hidden: Vec<(String, String)> = Vec::new();
    for name in untouched.iter().flat_map(|both| &both.names) {
        hidden.extend(theirs.all(name).iter().map(|value| (name.clone(), value.clone())));
    }
    let chosen = |name: &str| untouched.iter().chain(&differing).any(|both| both.names.iter().any(|own| own == name));
    for (name, values) in mine.entries().filter(|(name, _)| !name.starts_with('_') && *name != "version" && !chosen(name)) {
        hidden.extend(values.iter().map(|value| (name.to_owned(), value.clone())));
    }
    hidden.push(("version".to_owned(), theirs.value("version").to_owned()));
    hidden.push((READ.to_owned(), mine.value("version").to_owned()));
    let mut rows = Vec::new();
    for both in differing {
        let group = both.names.join(",");
        for name in &both.names {
            hidden.extend(mine.all(name).iter().map(|value| (format!("{MINE}{name}"), value.clone())));
            hidden.extend(theirs.all(name).iter().map(|value| (format!("{THEIRS}{name}"), value.clone())));
        }
        let joined = if is_words(&both, mine) { format!("{JOINED}{group}") } else { String::new() };
        let take = format!("_take.{group}");
        let takes_mine = matches!(mine.value(&take), "mine" | "joined");
        let error = if mine.has(UNCHOSEN, &group) { p.t("conflict-choose") } else { String::new() };
        rows.push(Row { take, joined, label: both.label, mine: both.mine, theirs: both.theirs, takes_mine, error });
        hidden.push((EITHER.to_owned(), group));
    }
    let by = change.filter(|change| !change.is_own).map(|change| change.by_name).unwrap_or_default();
    let untouched = untouched.into_iter().map(|both| (both.label, both.theirs)).collect();
    let page = Conflict { p, of, by, back: asked.back, action: asked.action, take_mine: TAKE_MINE, rows, untouched, hidden };
    let mut response = work.show_again(&page)?.into_response();
    *response.status_mut() = StatusCode::CONFLICT;
    Ok(response)
}

/// The key of what is said above a form that shows what was typed again, after a clash over what has this id.
pub async fn title(work: &mut Work, id: Uuid) -> Result<&'static str, Error> {
    Ok(title_after(last_change(work, id).await?.as_ref()))
}

fn title_after(change: Option<&Change>) -> &'static str {
    if change.is_some_and(|change| change.is_own) { "conflict-title-own" } else { "conflict-title" }
}

// A single field that reads as it was typed and holds more than a word: a choice, a day or a number is one or the other.
fn is_words(both: &Compared, mine: &Form) -> bool {
    let [name] = both.names.as_slice() else { return false };
    let typed = mine.all(name).len() == 1 && mine.value(name) == both.mine;
    typed && [&both.mine, &both.theirs].iter().any(|text| text.trim().contains(char::is_whitespace))
}

/// Who changed what has this id last, where they may be named; of a change of their own everybody is told.
pub async fn last_change(work: &mut Work, id: Uuid) -> Result<Option<Change>, Error> {
    let change = sqlx::query_as!(Change, r#"select by_name as "by_name!", is_own as "is_own!" from access.last_change($1)"#, id);
    Ok(change.fetch_optional(work.db()).await?)
}
