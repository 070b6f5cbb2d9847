//! Page: corrections of a person, proposed by one and answered by another.
use askama::Template;
use axum::response::Response;

use super::corrections::{self, Answer, Correction, FIELDS, LONGEST, MOST};
use super::person::Person;
use super::{by_two, merge_store, store};
use crate::access::Act;
use crate::audit::About;
use crate::error::{Error, FieldErrors};
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, RowId};
use crate::web::form::Path;
use crate::web::parts::{Badge, Choice, Tone};
use crate::web::{Form, Page, Routes};

/// The pages of corrections.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/corrections", waiting)
        .page("GET", "/people/{id}/corrections", show)
        .page("POST", "/people/{id}/corrections", propose)
        .page("POST", "/people/{id}/corrections/{correction}/answer", answer)
}

#[derive(Template)]
#[template(path = "people/html/corrections.html")]
struct Corrections {
    p: Page,
    form: Form,
    back: String,
    code: String,
    fields: Vec<Choice>,
    proposed: Vec<Shown>,
    // Of the person, as they stand on the page.
    version: i32,
}

// A proposal as it stands on the page.
struct Shown {
    what: String,
    // What stands, or stood, beside what would be right.
    old: String,
    new: String,
    reason: String,
    by: String,
    state: Badge,
    answered: String,
    // Where it is answered; empty for whoever may not.
    answer: String,
}

#[derive(Template)]
#[template(path = "people/html/corrections_waiting.html")]
struct Waiting {
    p: Page,
    rows: Vec<Waits>,
    // Two records that somebody holds to be of one person: where they are compared, which, and who says so.
    joins: Vec<(String, String, String)>,
    // Said where there are more than are shown.
    more: String,
    // Said of what the reader proposed, which somebody else answers.
    own: Badge,
}

// What waits: whose by code alone (S13), and what of it.
struct Waits {
    href: String,
    code: String,
    what: String,
    by: String,
    own: bool,
}

/// GET /corrections: what waits for a second person, of those whom the reader sees.
async fn waiting(mut work: Work) -> Result<Response, Error> {
    work.may(Act::PersonEdit)?;
    let me = work.me()?;
    let found = corrections::waiting(&mut work).await?;
    let joining = merge_store::waiting(&mut work).await?;
    let p = Page::titled(&mut work, "correction-waiting").await?;
    let of_both = joining.iter().flat_map(|join| [join.stays.0, join.goes.0]);
    let ids: Vec<_> = found.iter().map(|one| one.person_id.0).chain(of_both).collect();
    let joins = joining.iter().map(|join| {
        let who = p.signed(&join.proposed_by_name, &p.moment(&join.proposed_at));
        (format!("/people/{}/same/{}", join.stays, join.goes), p.list([&join.stays_code, &join.goes_code]), who)
    });
    let joins = joins.collect();
    let full = found.len() == MOST || joining.len() == MOST;
    let more = if full { p.ta("overdue-more", "count", MOST) } else { String::new() };
    let rows = found.iter().map(|one| Waits {
        href: format!("/people/{}/corrections", one.person_id),
        code: one.person_code.clone(),
        what: p.tc("correction-field", &one.field),
        by: p.signed(&one.author_name, &p.moment(&one.recorded_at)),
        own: one.author == me,
    });
    let rows = rows.collect();
    let own = Badge::new(p.t("correction-own"), Tone::Neutral);
    work.show(About::subjects(ids), Waiting { p, rows, joins, more, own }).await
}

/// GET /people/{id}/corrections
async fn show(mut work: Work, Path(id): Path<PersonId>) -> Result<Response, Error> {
    let page = page(&mut work, id, Form::blank([])).await?;
    work.show(About::default().with(id), page).await
}

/// POST /people/{id}/corrections
async fn propose(mut work: Work, Path(id): Path<PersonId>, mut form: Form) -> Result<Response, Error> {
    let field = form.one_of("field", FIELDS.iter().copied());
    let (value, reason) = (form.text("value", LONGEST), form.text("reason", LONGEST));
    let proposed = match form.check() {
        Ok(()) => corrections::propose(&mut work, id, (&field, &value, &reason)).await.map(drop),
        Err(error) => Err(error),
    };
    finish(work, id, form, (proposed, "correction-proposed")).await
}

/// POST /people/{id}/corrections/{correction}/answer
async fn answer(mut work: Work, Path((id, row)): Path<(PersonId, RowId)>, mut form: Form) -> Result<Response, Error> {
    let how = if form.value("answer") == "accept" { Answer::Accept } else { Answer::Return };
    let remark = form.text_maybe("remark", LONGEST);
    let version = form.parsed_maybe("version").unwrap_or_default();
    let answered = match form.check() {
        Ok(()) => corrections::answer(&mut work, (id, version), row, (how, &remark)).await,
        Err(error) => Err(error),
    };
    let said = if how == Answer::Accept { "correction-was-accepted" } else { "correction-was-returned" };
    finish(work, id, form, (answered, said)).await
}

async fn finish(work: Work, id: PersonId, form: Form, (done, said): (Result<(), Error>, &str)) -> Result<Response, Error> {
    match done {
        Ok(()) => work.then(&format!("/people/{id}/corrections"), said).await,
        Err(Error::Invalid(errors)) => again(work, id, form, errors).await,
        Err(error) => Err(error),
    }
}

async fn again(work: Work, id: PersonId, form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let page = page(&mut work, id, form.with_errors(errors)).await?;
    work.show_again(&page)
}

async fn page(work: &mut Work, id: PersonId, form: Form) -> Result<Corrections, Error> {
    let person = store::find(work, id).await?;
    work.may(Act::CaseRead)?;
    let found = corrections::of_person(work, id).await?;
    let may_change = work.holds(Act::PersonEdit) && store::may_change(work, Act::PersonEdit, id).await?;
    let me = work.me()?;
    let p = Page::of(work, person.code.clone()).await?;
    let proposed = found
        .iter()
        .map(|one| Shown {
            answer: if may_change && one.author != me && one.accepted.is_none() { answer_at(one) } else { String::new() },
            ..shown(&p, &person, one)
        })
        .collect();
    Ok(Corrections {
        fields: FIELDS.iter().map(|field| Choice::new(*field, p.tc("correction-field", field))).collect(),
        back: person.path(),
        code: person.code.clone(),
        version: person.version,
        proposed,
        form,
        p,
    })
}

fn answer_at(one: &Correction) -> String {
    format!("/people/{}/corrections/{}/answer", one.person_id, one.id)
}

fn shown(p: &Page, person: &Person, one: &Correction) -> Shown {
    let read = |value: &str| match (one.field.as_str(), value) {
        (_, "") => p.t("correction-nothing"),
        ("sex", code) => p.tc("person-sex", code),
        (_, value) => value.to_owned(),
    };
    let stands = by_two::said(person, &one.field);
    let old = if one.accepted.is_none() { &stands } else { &one.was };
    let state = match one.accepted {
        Some(true) => Badge::new(p.t("correction-state-accepted"), Tone::Good),
        Some(false) => Badge::new(p.t("correction-state-returned"), Tone::Warning),
        None => Badge::new(p.t("correction-state-waiting"), Tone::Info),
    };
    let answered = one.answered_at.map(|at| p.signed(&one.answered_by_name, &p.moment(&at)));
    let answered = answered.into_iter().chain([one.remark.clone()].into_iter().filter(|remark| !remark.is_empty()));
    Shown {
        what: p.tc("correction-field", &one.field),
        old: read(old),
        new: read(&one.value),
        reason: one.reason.clone(),
        by: p.signed(&one.author_name, &p.moment(&one.recorded_at)),
        state,
        answered: answered.collect::<Vec<_>>().join(" · "),
        answer: String::new(),
    }
}
