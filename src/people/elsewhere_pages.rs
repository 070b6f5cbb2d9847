//! Pages: where somebody is known besides, asking another organisation, and answering one that asks.
use askama::Template;
use axum::response::Response;
use chrono::{DateTime, Datelike, Utc};

use super::elsewhere::{self, ANSWERS, Asking, Offer, Question, REASONS};
use super::{MOST, actions, elsewhere_store, store};
use crate::access::Act;
use crate::audit::About;
use crate::error::{Error, FieldErrors};
use crate::people::Person;
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, RowId};
use crate::web::form::Path;
use crate::web::parts::{Badge, Choice, Tone};
use crate::web::{Form, Page, Routes};

/// The pages of asking and answering.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/people/{id}/elsewhere", show)
        .page("POST", "/people/{id}/elsewhere", ask)
        .page("POST", "/people/{id}/elsewhere/{row}/ending", end)
        .page("GET", "/questions", index)
        .page("GET", "/questions/{id}", question)
        .page("POST", "/questions/{id}/answer", answer)
}

#[derive(Template)]
#[template(path = "people/html/elsewhere.html")]
struct Elsewhere {
    p: Page,
    form: Form,
    path: String,
    back: String,
    code: String,
    rows: Vec<Row>,
    reasons: Vec<Choice>,
    may_change: bool,
    // Nobody is asked about this person.
    closed: bool,
    whom: Vec<Choice>,
    // Who may be asked once the person agreed, and where that is recorded.
    lacking: Vec<String>,
    consent: (String, String),
    // Who was asked lately, and how that stands.
    already: Vec<String>,
    // Said where there are more than are shown.
    more: String,
}

// A question, or what came of it.
struct Row {
    title: String,
    state: Badge,
    by: String,
    words: String,
    // Where it is answered and ended; empty where it is not for this reader or not for now.
    open: String,
    end: String,
    end_label: String,
    version: i32,
}

#[derive(Template)]
#[template(path = "people/html/questions.html")]
struct Index {
    p: Page,
    rows: Vec<(String, String, String)>,
    more: String,
}

#[derive(Template)]
#[template(path = "people/html/question.html")]
struct Asked {
    p: Page,
    back: String,
    code: String,
    lead: String,
    row: Row,
    heads: Vec<String>,
    // Label, as the other side tells it, as it stands here; nothing once both were told.
    rows: Vec<(String, String, String)>,
    action: String,
}

/// GET /people/{id}/elsewhere
async fn show(mut work: Work, Path(id): Path<PersonId>) -> Result<Response, Error> {
    let page = page(&mut work, id, Form::blank([])).await?;
    work.show(About::default().with(id), page).await
}

/// POST /people/{id}/elsewhere: asks whoever is behind the handle.
async fn ask(mut work: Work, Path(id): Path<PersonId>, mut form: Form) -> Result<Response, Error> {
    store::find(&mut work, id).await?;
    let handle = form.text_maybe("hit", 64);
    let asked = match form.check() {
        Ok(()) => elsewhere::ask(&mut work, id, &Asking { handle: &handle, agreed: form.ticked("agreed") }).await,
        Err(error) => Err(error),
    };
    match asked {
        Ok(_) => work.then(&format!("/people/{id}/elsewhere"), "known-was-asked").await,
        Err(Error::Invalid(errors)) => again(work, id, form, errors).await,
        Err(error) => Err(error),
    }
}

async fn again(work: Work, id: PersonId, form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let page = page(&mut work, id, form.with_errors(errors)).await?;
    work.show_again(&page)
}

/// POST /people/{id}/elsewhere/{row}/ending
async fn end(mut work: Work, Path((id, row)): Path<(PersonId, RowId)>, mut form: Form) -> Result<Response, Error> {
    elsewhere::of(&mut work, id, row).await?;
    let reason = form.one_of("reason", REASONS.iter().copied());
    let version = form.parsed::<i32>("version").unwrap_or_default();
    form.check()?;
    elsewhere::end(&mut work, id, row, (version, &reason)).await?;
    work.then(&format!("/people/{id}/elsewhere"), "known-was-ended").await
}

/// GET /questions: what other organisations ask about people whom the reader sees.
async fn index(mut work: Work) -> Result<Response, Error> {
    work.may(Act::PersonEdit)?;
    let waiting = elsewhere_store::waiting(&mut work).await?;
    let p = Page::titled(&mut work, "questions-title").await?;
    let row = |one: &Question| {
        let answered = one.answer.as_deref().map(|answer| p.tc("question-answered", answer));
        let about = [one.other.clone(), p.moment(&one.due_at)].into_iter().chain(answered);
        (format!("/questions/{}", one.id), one.person_code.clone(), about.collect::<Vec<_>>().join(" · "))
    };
    let rows = waiting.items.iter().map(row).collect();
    let more = if waiting.more { p.ta("overdue-more", "count", MOST) } else { String::new() };
    work.show(About::subjects(waiting.items.iter().map(|one| one.person.0)), Index { rows, more, p }).await
}

/// GET /questions/{id}
async fn question(mut work: Work, Path(id): Path<RowId>) -> Result<Response, Error> {
    let asked = elsewhere::put_to_us(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let person = store::find(&mut work, asked.person).await?;
    let is_open = asked.is_open(work.now());
    let may = is_open && actions::could_change(&mut work, asked.person).await?;
    // The title goes to browser histories and window lists: the code, never the name (S13).
    let p = Page::of(&mut work, asked.person_code.clone()).await?;
    let page = Asked {
        back: person.path(),
        code: person.code.clone(),
        lead: p.ta("question-lead", "org", p.list([&asked.other, &asked.desk])),
        row: row(&p, &asked),
        heads: vec![p.t("join-what"), asked.other.clone(), person.code.clone()],
        rows: if is_open { compared(&p, &asked, &person) } else { Vec::new() },
        action: if may { format!("/questions/{id}/answer") } else { String::new() },
        p,
    };
    work.show(About::default().with(asked.person).with(id), page).await
}

/// POST /questions/{id}/answer
async fn answer(mut work: Work, Path(id): Path<RowId>, mut form: Form) -> Result<Response, Error> {
    elsewhere::put_to_us(&mut work, id).await?;
    let said = form.one_of("answer", ANSWERS.iter().copied());
    let version = form.parsed::<i32>("version").unwrap_or_default();
    form.check()?;
    elsewhere::answer(&mut work, id, version, &said).await?;
    work.then(&format!("/questions/{id}"), "question-was-answered").await
}

async fn page(work: &mut Work, id: PersonId, form: Form) -> Result<Elsewhere, Error> {
    let person = store::find(work, id).await?;
    work.may(Act::CaseRead)?;
    let found = elsewhere_store::of_person(work, id).await?;
    let may_change = actions::could_change(work, id).await?;
    let closed = !elsewhere::may_be_asked(work, &person).await?;
    let offers = if may_change { elsewhere::offers(work, &person).await? } else { Vec::new() };
    let case = store::cases_of(work, id).await?.into_iter().find(|case| case.state == "open");
    let p = Page::of(work, person.code.clone()).await?;
    let path = format!("{}/elsewhere", person.path());
    let line = |one: &Question| {
        let ends = may_change && (one.state == "same" || (one.asks && one.state == "asked"));
        Row { end: if ends { format!("{path}/{}/ending", one.id) } else { String::new() }, ..row(&p, one) }
    };
    let (already, free): (Vec<_>, Vec<_>) = offers.iter().partition(|offer| offer.lately.is_some());
    let (agreed, lacking): (Vec<_>, Vec<_>) = free.into_iter().partition(|offer| offer.consent.is_some());
    Ok(Elsewhere {
        rows: found.items.iter().map(line).collect(),
        reasons: REASONS.iter().map(|reason| Choice::new(*reason, p.tc("known-reason", reason))).collect(),
        whom: agreed.iter().map(|offer| Choice::new(offer.handle.clone(), who(&p, offer))).collect(),
        lacking: lacking.iter().map(|offer| who(&p, offer)).collect(),
        already: already.iter().map(|offer| [who(&p, offer), stands(&p, offer)].join(" · ")).collect(),
        more: if found.more { p.ta("people-first-shown", "count", MOST) } else { String::new() },
        consent: match case {
            Some(case) => (format!("/cases/{}/consents/new?person={id}", case.id), p.t("known-record-consent")),
            None => (format!("/cases/new?person={id}"), p.t("people-open-case")),
        },
        back: person.path(),
        code: person.code.clone(),
        path,
        may_change,
        closed,
        form,
        p,
    })
}

// A masked hit in one line, as a search shows it.
fn who(p: &Page, offer: &Offer) -> String {
    let born = offer.born_in.map(|year| format!("{} {}", p.t("people-born"), p.reader.digits(&year.to_string())));
    let parts = [offer.name.clone(), born.unwrap_or_default(), offer.org.clone(), offer.desk.clone()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

// How it stands with what was asked lately, so that nobody asks it again.
fn stands(p: &Page, offer: &Offer) -> String {
    let Some(lately) = &offer.lately else { return String::new() };
    match lately.state.as_str() {
        "asked" => open(p, &lately.asked_at, &lately.due_at),
        "same" => p.t("known-state-same"),
        _ => [p.t("known-state-not-same"), p.ta("known-again-from", "when", p.reader.day(lately.again_from()))].join(" · "),
    }
}

/// When another organisation was asked, and by when it answers.
pub(super) fn open(p: &Page, asked_at: &DateTime<Utc>, due_at: &DateTime<Utc>) -> String {
    let day = |key: &str, moment: &DateTime<Utc>| p.ta(key, "when", p.reader.day(*moment));
    [day("known-asked-on", asked_at), day("known-answer-by", due_at)].join(" · ")
}

// Who of this side asked, or who answered.
fn by(p: &Page, one: &Question) -> String {
    let named = |key: &str, at: &DateTime<Utc>| p.ta(key, "who", p.signed(&one.author_name, &p.moment(at)));
    match &one.answered_at {
        _ if one.author_name.is_empty() => p.ta("known-asked-on", "when", p.moment(&one.asked_at)),
        Some(at) if !one.asks => named("known-answered-by", at),
        _ => named("known-asked-by", &one.asked_at),
    }
}

fn row(p: &Page, one: &Question) -> Row {
    let tone = match one.state.as_str() {
        "same" => Tone::Good,
        "asked" => Tone::Info,
        _ => Tone::Neutral,
    };
    let there = p.list([&one.other, &one.desk]);
    let due = p.moment(&one.due_at);
    let words = match (one.state.as_str(), one.answer.as_deref()) {
        ("asked", Some(answer)) => [p.tc("question-answered", answer), p.ta("known-due", "when", due)].join(" "),
        ("asked", None) => p.ta("known-due", "when", due),
        ("not_same", _) => p.t("known-not-same-words"),
        _ => String::new(),
    };
    let waits = one.state == "asked";
    let state = if waits && one.answer.is_some() {
        Badge::new(p.t("known-state-answered"), Tone::Good)
    } else {
        Badge::new(p.tc("known-state", &one.state), tone)
    };
    Row {
        title: if one.state == "same" { p.ta("known-at", "org", there) } else { there },
        state,
        // That it was asked, the state beside it says.
        by: if waits && one.answer.is_none() { p.signed(&one.author_name, &p.moment(&one.asked_at)) } else { by(p, one) },
        words,
        open: if waits && !one.asks { format!("/questions/{}", one.id) } else { String::new() },
        end: String::new(),
        end_label: p.t(if waits { "known-take-back" } else { "known-end" }),
        version: one.version,
    }
}

// What the other side lets us know, beside our own record; nothing else of either.
fn compared(p: &Page, asked: &Question, person: &Person) -> Vec<(String, String, String)> {
    let (theirs, ours) = (&asked.shown.0, &person.particulars);
    let year = |year: Option<i32>| year.map(|year| p.reader.digits(&year.to_string())).unwrap_or_default();
    let sex = |sex: Option<&str>| sex.map(|sex| p.tc("person-sex", sex)).unwrap_or_default();
    let own_place = [&ours.admin1, &ours.admin2].into_iter().filter(|part| !part.is_empty());
    let rows = vec![
        (p.tc("person-field", "name"), theirs.name.clone(), ours.name.clone()),
        (p.t("question-born"), year(theirs.born), year(ours.born_on.map(|day| day.year()))),
        (p.tc("person-field", "sex"), sex(theirs.sex.as_deref()), sex(ours.sex.as_deref())),
        (p.tc("person-field", "place"), theirs.places.join(" › "), own_place.cloned().collect::<Vec<_>>().join(" › ")),
    ];
    rows.into_iter().filter(|(_, theirs, ours)| !theirs.is_empty() || !ours.is_empty()).collect()
}
