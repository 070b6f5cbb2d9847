//! Page: corrections of a person, proposed by one and answered by another.
use askama::Template;
use axum::response::Response;
use chrono::{NaiveDate, TimeDelta};

use super::corrections::{self, Answer, Correction, FIELDS, LONGEST};
use super::person::{Particulars, Person, SEXES};
use super::{Listed, MOST, actions, by_two, merge_store, store};
use crate::access::Act;
use crate::audit::About;
use crate::error::{Error, FieldErrors};
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, RowId};
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Choice, Entry, Tone};
use crate::web::{Form, Page, Routes};

// How long an answer stands where its notification leads.
const ANSWERED_FOR: TimeDelta = TimeDelta::days(30);

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
    // The datum that is being put right; empty until one is chosen.
    field: String,
    // What stands in it, or in each that can be chosen.
    stands: Vec<Entry>,
    // What may be right, where that is one of a few.
    choices: Vec<Choice>,
    is_date: bool,
    proposed: Vec<Shown>,
    // Of the person, as they stand on the page.
    version: i32,
    // Said where there are more than are shown.
    more: String,
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
    // What the reader proposed and somebody else answered.
    answered: Vec<Answered>,
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

// An answer: whose by code alone (S13), of what, and how.
struct Answered {
    href: String,
    code: String,
    what: String,
    state: Badge,
    by: String,
}

/// GET /corrections: what waits for a second person, of those whom the reader sees, and what of the reader's own was answered.
async fn waiting(mut work: Work) -> Result<Response, Error> {
    let edits = work.holds(Act::PersonEdit);
    // Whoever reads cases proposes, too.
    if !edits {
        work.may(Act::CaseRead)?;
    }
    let (me, since) = (work.me()?, work.now() - ANSWERED_FOR);
    let found = corrections::waiting(&mut work).await?;
    let answered = corrections::answered(&mut work, since).await?;
    let joining = if edits { merge_store::waiting(&mut work).await? } else { Listed::of(Vec::new()) };
    let p = Page::titled(&mut work, "correction-waiting").await?;
    let of_both = joining.items.iter().flat_map(|join| [join.stays.0, join.goes.0]);
    let ids: Vec<_> = found.items.iter().chain(&answered).map(|one| one.person_id.0).chain(of_both).collect();
    let joins = joining.items.iter().map(|join| {
        let who = p.signed(&join.proposed_by_name, &p.moment(&join.proposed_at));
        (format!("/people/{}/same/{}", join.stays, join.goes), p.list([&join.stays_code, &join.goes_code]), who)
    });
    let joins = joins.collect();
    let more = if found.more || joining.more { p.ta("overdue-more", "count", MOST) } else { String::new() };
    let rows = found.items.iter().map(|one| Waits {
        href: format!("/people/{}/corrections", one.person_id),
        code: one.person_code.clone(),
        what: p.tc("correction-field", &one.field),
        by: p.signed(&one.author_name, &p.moment(&one.recorded_at)),
        own: one.author == me,
    });
    let rows = rows.collect();
    let own = Badge::new(p.t("correction-own"), Tone::Neutral);
    let answered = answered.iter().map(|one| was_answered(&p, one)).collect();
    work.show(About::subjects(ids), Waiting { p, rows, answered, joins, more, own }).await
}

fn was_answered(p: &Page, one: &Correction) -> Answered {
    Answered {
        href: format!("/people/{}/corrections", one.person_id),
        code: one.person_code.clone(),
        what: p.tc("correction-field", &one.field),
        state: state(p, one),
        by: one.answered_at.map(|at| p.signed(&one.answered_by_name, &p.moment(&at))).unwrap_or_default(),
    }
}

/// GET /people/{id}/corrections
async fn show(mut work: Work, Path(id): Path<PersonId>, Query(query): Query) -> Result<Response, Error> {
    let page = page(&mut work, id, Form::blank([("field", query.value("field").to_owned())])).await?;
    work.show(About::default().with(id), page).await
}

/// POST /people/{id}/corrections
async fn propose(mut work: Work, Path(id): Path<PersonId>, mut form: Form) -> Result<Response, Error> {
    let field = form.one_of("field", FIELDS.iter().copied());
    let value = right(&mut form, &field, work.today());
    let reason = form.text("reason", LONGEST);
    let proposed = match form.check() {
        Ok(()) => corrections::propose(&mut work, id, (&field, &value, &reason)).await.map(drop),
        Err(error) => Err(error),
    };
    finish(work, id, form, (proposed, "correction-proposed")).await
}

// What would be right, as it is proposed: a date however it was typed, or else an age.
fn right(form: &mut Form, field: &str, today: NaiveDate) -> String {
    if field != "born_on" {
        return form.text("value", LONGEST);
    }
    let (day, age) = (form.date_maybe("value"), form.parsed_maybe::<u32>("age"));
    let about = age.and_then(|age| Particulars::born_about(age, today));
    match (day, about) {
        (Some(day), _) => {
            // Both may be typed; where they say different things, neither is dropped in silence.
            if age.is_some() && age != today.years_since(day) {
                form.errors.add("age", "not_the_age_of_the_date");
            }
            by_two::said_born(day, false)
        }
        (None, Some(about)) if !form.filled("value") => by_two::said_born(about, true),
        _ => {
            // What was typed and not understood is said already, beside its field.
            if !form.filled("value") && !form.filled("age") {
                form.errors.add("value", "required");
            } else if age.is_some() && !form.filled("value") {
                form.errors.add("age", "not_understood");
            }
            String::new()
        }
    }
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
    let may_change = actions::could_change(work, id).await?;
    let me = work.me()?;
    let p = Page::of(work, person.code.clone()).await?;
    let proposed = found
        .items
        .iter()
        .map(|one| Shown {
            answer: if may_change && one.author != me && one.accepted.is_none() { answer_at(one) } else { String::new() },
            ..shown(&p, &person, one)
        })
        .collect();
    let field = FIELDS.iter().copied().find(|field| *field == form.value("field")).unwrap_or_default();
    let sexes = SEXES.iter().filter(|_| field == "sex");
    Ok(Corrections {
        stands: stands(&p, &person, field),
        choices: sexes.map(|sex| Choice::new(*sex, p.tc("person-sex", sex))).collect(),
        is_date: field == "born_on",
        field: field.to_owned(),
        more: if found.more { p.ta("people-first-shown", "count", MOST) } else { String::new() },
        back: person.path(),
        code: person.code.clone(),
        version: person.version,
        proposed,
        form,
        p,
    })
}

// What stands in the chosen field; before one is chosen, in each, with where it is put right.
fn stands(p: &Page, person: &Person, chosen: &str) -> Vec<Entry> {
    let entry = |field: &&str| Entry::new(p.tc("correction-field", field), read(p, field, &by_two::said(person, field)));
    let at = |field: &&str| format!("{}/corrections?field={field}#f-value", person.path());
    if chosen.is_empty() {
        return FIELDS.iter().map(|field| entry(field).changed_at(at(field))).collect();
    }
    vec![entry(&chosen)]
}

// What stands in a field, or would, as its reader writes it.
fn read(p: &Page, field: &str, said: &str) -> String {
    match field {
        _ if said.is_empty() => p.t("correction-nothing"),
        "sex" => p.tc("person-sex", said),
        "born_on" => match by_two::read_born(said) {
            Some((day, true)) => p.reader.age(day, true),
            Some((day, false)) => p.date(&day),
            None => said.to_owned(),
        },
        _ => said.to_owned(),
    }
}

fn answer_at(one: &Correction) -> String {
    format!("/people/{}/corrections/{}/answer", one.person_id, one.id)
}

fn shown(p: &Page, person: &Person, one: &Correction) -> Shown {
    let stands = by_two::said(person, &one.field);
    let old = if one.accepted.is_none() { &stands } else { &one.was };
    let answered = one.answered_at.map(|at| p.signed(&one.answered_by_name, &p.moment(&at)));
    let answered = answered.into_iter().chain([one.remark.clone()].into_iter().filter(|remark| !remark.is_empty()));
    Shown {
        what: p.tc("correction-field", &one.field),
        old: read(p, &one.field, old),
        new: read(p, &one.field, &one.value),
        reason: one.reason.clone(),
        by: p.signed(&one.author_name, &p.moment(&one.recorded_at)),
        state: state(p, one),
        answered: answered.collect::<Vec<_>>().join(" · "),
        answer: String::new(),
    }
}

fn state(p: &Page, one: &Correction) -> Badge {
    match one.accepted {
        Some(true) => Badge::new(p.t("correction-state-accepted"), Tone::Good),
        Some(false) => Badge::new(p.t("correction-state-returned"), Tone::Warning),
        None => Badge::new(p.t("correction-state-waiting"), Tone::Info),
    }
}
