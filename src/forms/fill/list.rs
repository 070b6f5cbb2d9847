//! The forms of a case: which may be filled in here, which are begun, and what was filled in.
use std::collections::HashSet;

use askama::Template;
use axum::response::Response;

use super::at::{case_of, titled};
use super::card;
use crate::access::Act;
use crate::audit::About;
use crate::cases::Case;
use crate::error::Error;
use crate::forms::{Form as Questionnaire, Submission, actions, field, store, versions};
use crate::packs::Sensitivity;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, SubmissionId};
use crate::web::form::{Path, Query};
use crate::web::parts::Badge;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "forms/fill/html/index.html")]
struct Index {
    p: Page,
    form: Form,
    back: String,
    path: String,
    code: String,
    offered: Vec<Offered>,
    others: Vec<(String, String)>,
    drafts: Vec<Line>,
    heads: [String; 4],
    filled: Vec<Line>,
    may_write: bool,
}

struct Offered {
    id: String,
    code: String,
    title: String,
    note: String,
    // Where it is taken along to be filled in without a network; empty where it may not be.
    along: String,
    // The question at which it opens, where somebody came for that; else empty.
    at: String,
}

struct Line {
    href: String,
    title: String,
    state: Badge,
    progress: String,
    answered: i32,
    asked: i32,
    by: String,
    when: String,
}

/// GET /cases/{id}/forms?form=&at=: the form of this code stands first, and is begun at this question.
pub(super) async fn index(mut work: Work, Path(id): Path<CaseId>, Query(query): Query) -> Result<Response, Error> {
    let case = case_of(&mut work, id).await?;
    let mut page = page(&mut work, &case, Form::default()).await?;
    let (code, at) = (query.value("form"), query.value("at"));
    if let Some(place) = page.offered.iter().position(|one| !code.is_empty() && one.code == code) {
        let wanted = page.offered.remove(place);
        page.offered.insert(0, Offered { at: at.to_owned(), ..wanted });
    }
    work.show(About::case(id).with(case.person_id), page).await
}

/// POST /cases/{id}/forms
pub(super) async fn create(mut work: Work, Path(id): Path<CaseId>, mut form: Form) -> Result<Response, Error> {
    let case = case_of(&mut work, id).await?;
    let begun = match form.parsed("form") {
        Some(wanted) => actions::begin(&mut work, &case, wanted).await,
        None => Err(Error::Invalid(form.errors.clone())),
    };
    match begun {
        Ok(copy) => {
            let mut there = format!("{}/forms/{copy}", case.path());
            let at = form.value("at");
            if !at.is_empty() {
                let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("at", at).finish();
                there = format!("{there}?{query}");
            }
            work.then(&there, "fill-begun").await
        }
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, &case, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

async fn page(work: &mut Work, case: &Case, form: Form) -> Result<Index, Error> {
    let p = titled(work, case).await?;
    let copies = store::submissions(work, case.id).await?;
    let may_write = case.is_open() && work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await.is_ok();
    let all = if may_write { store::forms(work).await? } else { Vec::new() };
    let ids: Vec<_> = all.iter().map(|form| form.id).collect();
    let published = store::published(work, &ids).await?;
    let is_published = |form: &&Questionnaire| published.iter().any(|edition| edition.form_id == form.id);
    let sensitivities = store::sensitivities(work).await?;
    let mut offered = Vec::new();
    let mut others = Vec::new();
    for form in all.iter().filter(is_published) {
        match why_not(case, form) {
            None => offered.push(Offered { along: along(case, form, &sensitivities), ..offer(&p, form, &copies) }),
            Some(why) => others.push((form.title.clone(), p.tc("fill-not-here", why))),
        }
    }
    let (drafts, filled): (Vec<&Submission>, Vec<&Submission>) = copies.iter().partition(|copy| copy.is_draft());
    let disputed = versions::disputed(&copies);
    let stubs = store::moved_away(work, case.id).await?;
    // What was moved away has no page any more.
    let stub = |copy| Line { href: String::new(), ..line(&p, copy, &disputed) };
    Ok(Index {
        back: case.path(),
        path: format!("{}/forms", case.path()),
        code: case.code.clone(),
        heads: ["form", "state", "by", "when"].map(|head| p.tc("fill-head", head)),
        drafts: drafts.into_iter().map(|copy| line(&p, copy, &disputed)).collect(),
        filled: filled.into_iter().map(|copy| line(&p, copy, &disputed)).chain(stubs.iter().map(stub)).collect(),
        offered,
        others,
        may_write,
        form,
        p,
    })
}

// Why a form may not be begun here.
fn why_not(case: &Case, form: &Questionnaire) -> Option<&'static str> {
    if form.is_for(case) {
        return None;
    }
    let about = if case.household_id.is_some() { "household" } else { "person" };
    if form.subject != about {
        return Some(if form.subject == "household" { "household" } else { "person" });
    }
    if case.sensitivity() == Sensitivity::Restricted { Some("restricted") } else { Some("type") }
}

// A draft that stands already is gone on with; one that was filled in before may be filled in again.
fn offer(p: &Page, form: &Questionnaire, copies: &[Submission]) -> Offered {
    let of_form = |copy: &&Submission| copy.form_id == form.id;
    let draft = copies.iter().filter(of_form).any(|copy| copy.is_draft() && copy.replaces.is_none());
    let before = copies.iter().filter(of_form).find(|copy| copy.state == "complete");
    let note = match (draft, before) {
        (true, _) => p.t("fill-goes-on"),
        (false, Some(copy)) => p.ta("fill-last", "day", p.reader.day(copy.completed_at.unwrap_or(copy.recorded_at))),
        (false, None) => String::new(),
    };
    let (along, at) = (String::new(), String::new());
    Offered { id: form.id.to_string(), code: form.code.clone(), title: form.title.clone(), note, along, at }
}

// Which form for which case stands behind `#`: neither a server nor a log reads it.
fn along(case: &Case, form: &Questionnaire, sensitivities: &[(i16, String)]) -> String {
    let may_go = field::may_go(form, case, sensitivities);
    if may_go { format!("/field#along={}/{}", case.id, form.id) } else { String::new() }
}

fn line(p: &Page, copy: &Submission, disputed: &HashSet<SubmissionId>) -> Line {
    Line {
        href: copy.path(),
        title: copy.title.clone(),
        state: card::state(p, copy, disputed),
        progress: card::progress(p, copy),
        answered: copy.answered,
        asked: copy.asked,
        by: copy.author_name.clone(),
        when: p.moment(&copy.completed_at.unwrap_or(copy.started_at)),
    }
}
