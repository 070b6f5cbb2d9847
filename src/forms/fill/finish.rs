//! The end of filling in: what is missing, each with the way to it, and completing once nothing is; and correcting what is complete.
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use super::at::{At, titled};
use super::blocks;
use super::files::CopyPath;
use super::mistakes::{self, Mistake};
use super::show;
use crate::error::{Error, FieldErrors};
use crate::forms::{actions, versions};
use crate::platform::db::Work;
use crate::platform::text::text_with;
use crate::web::form::{Path, Query};
use crate::web::{Form, Page};

// A form may lack more than anybody reads at once.
const MOST_SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "forms/fill/html/finish.html")]
struct Finish {
    p: Page,
    back: String,
    action: String,
    form_title: String,
    code: String,
    progress: String,
    missing: Vec<(String, Mistake)>,
    more: String,
    version: i32,
    chosen: String,
    replaces: bool,
    correction: String,
    errors: FieldErrors,
}

/// GET /cases/{id}/forms/{submission}/completion?language=
pub(super) async fn edit(mut work: Work, Path(ids): CopyPath, Query(query): Query) -> Result<Response, Error> {
    let at = At::find(&mut work, ids, query.value("language")).await?;
    if !at.copy.is_draft() {
        return Ok(Redirect::to(&at.copy.path()).into_response());
    }
    actions::may_write(&mut work, &at.case).await?;
    let page = page(&mut work, &at, FieldErrors::default()).await?;
    work.show(at.about(), page).await
}

/// POST /cases/{id}/forms/{submission}/completion
pub(super) async fn update(mut work: Work, Path(ids): CopyPath, form: Form) -> Result<Response, Error> {
    let at = At::find(&mut work, ids, form.value("language")).await?;
    actions::may_write(&mut work, &at.case).await?;
    at.copy.must_be_draft(form.value("version").parse().unwrap_or(0))?;
    let to = at.copy.path();
    let p = titled(&mut work, &at.case).await?;
    let done = if mistakes::all(&p, &at).is_empty() {
        let At { case, copy, session, .. } = at;
        actions::complete(&mut work, &case, &copy, session).await
    } else {
        Err(crate::error::invalid("", "answers_missing"))
    };
    match done {
        Ok(()) => work.then(&to, "fill-completed").await,
        Err(Error::Invalid(errors)) => again(work, ids, &form, errors).await,
        Err(error) => Err(error),
    }
}

async fn again(work: Work, ids: super::at::Ids, form: &Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let at = At::find(&mut work, ids, form.value("language")).await?;
    let page = page(&mut work, &at, errors).await?;
    work.show_again(&page)
}

/// POST /cases/{id}/forms/{submission}/correction: a draft that will take its place, with the same answers.
pub(super) async fn correct(mut work: Work, Path(ids): CopyPath) -> Result<Response, Error> {
    let case = super::at::case_of(&mut work, ids.0).await?;
    let copy = crate::forms::store::submission(&mut work, case.id, ids.1).await?;
    let draft = actions::correct(&mut work, &case, &copy).await?;
    // Two don't correct the same one beside each other: the second goes on with what the first began, whose name stands above it.
    let begun = crate::forms::store::submission(&mut work, case.id, draft).await?;
    let word = if begun.author_name == work.standing.name { "fill-correction-begun" } else { "fill-correction-joined" };
    work.then(&begun.path(), word).await
}

/// POST /cases/{id}/forms/{submission}/standing: of several corrections of one copy this one counts.
pub(super) async fn stand(mut work: Work, Path(ids): CopyPath, form: Form) -> Result<Response, Error> {
    let case = super::at::case_of(&mut work, ids.0).await?;
    let copy = crate::forms::store::submission(&mut work, case.id, ids.1).await?;
    versions::stand(&mut work, &case, &copy, form.value("version").parse().unwrap_or(0)).await?;
    work.then(&copy.path(), "fill-stands").await
}

/// POST /cases/{id}/forms/{submission}/removal: a draft that nobody needs.
pub(super) async fn discard(mut work: Work, Path(ids): CopyPath, form: Form) -> Result<Response, Error> {
    let case = super::at::case_of(&mut work, ids.0).await?;
    let copy = crate::forms::store::submission(&mut work, case.id, ids.1).await?;
    actions::may_write(&mut work, &case).await?;
    copy.must_be_draft(form.value("version").parse().unwrap_or(0))?;
    actions::discard(&mut work, &case, &copy).await?;
    work.then(&format!("{}/forms", case.path()), "fill-discarded").await
}

async fn page(work: &mut Work, at: &At, errors: FieldErrors) -> Result<Finish, Error> {
    let p = titled(work, &at.case).await?;
    let mut missing = mistakes::all(&p, at);
    let more = match missing.len().saturating_sub(MOST_SHOWN) {
        0 => String::new(),
        more => p.ta("fill-missing-more", "count", more),
    };
    missing.truncate(MOST_SHOWN);
    let progress = at.session.progress();
    let counts = [("answered", p.number(progress.answered as i64).into()), ("asked", p.number(progress.asked as i64).into())];
    // Which child it is asked of stands before the question.
    let around = |address: &str| at.session.find(address).map(|element| blocks::around_rounds(&p, &at.session, element));
    let linked = |one: Mistake| {
        let href = format!("{}&check=true#f-{}", at.href(&one.address), one.address);
        let label = match around(&one.address).filter(|rounds| !rounds.is_empty()) {
            Some(rounds) => format!("{rounds} · {}", one.label),
            None => one.label,
        };
        (href, Mistake { label, address: one.address, text: one.text })
    };
    Ok(Finish {
        back: at.href(""),
        action: format!("{}/completion", at.copy.path()),
        form_title: at.copy.title.clone(),
        code: at.case.code.clone(),
        progress: text_with(p.reader.lang, "fill-progress", &counts),
        missing: missing.into_iter().map(linked).collect(),
        more,
        version: at.copy.version,
        chosen: at.chosen.clone(),
        replaces: at.copy.replaces.is_some(),
        correction: show::correction(&p, &at.copy),
        errors,
        p,
    })
}
