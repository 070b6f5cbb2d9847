//! Pages: the meetings of a case, planning one, and one meeting with everything that is done on it.
mod correction;
mod not_safe;
mod own;
mod show;
mod visit;

use askama::Template;
use axum::response::Response;
use chrono::NaiveDate;
use uuid::Uuid;

use self::not_safe::NotSafe;
pub use self::own::{OutNow, out_now};
use super::meeting::{KINDS, LENGTHS, MOST_INVITED, Meeting, NewMeeting, Words};
use super::outcome::{Attended, Doer, NewDecision, Outcome};
use super::safety::Safety;
use super::{actions, store, texts};
use crate::access::Act;
use crate::audit::About;
use crate::cases::{self, Case};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, UserId};
use crate::tasks::task::FURTHEST;
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Choice, Tone};
use crate::web::{Form, Page, Routes};

/// The pages under a case.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("GET", "/cases/{id}/meetings", index)
        .page("GET", "/cases/{id}/meetings/new", new)
        .page("POST", "/cases/{id}/meetings", create)
        .page("GET", "/cases/{id}/meetings/out", visit::out)
        .page("GET", "/cases/{id}/meetings/not-safe", not_safe::first)
        .page("GET", "/cases/{id}/meetings/{meeting}", show)
        .page("POST", "/cases/{id}/meetings/{meeting}/time", move_to)
        .page("POST", "/cases/{id}/meetings/{meeting}/reminder", remind)
        .page("POST", "/cases/{id}/meetings/{meeting}/outcome", conclude)
        .page("GET", "/cases/{id}/meetings/{meeting}/correction", correction::show)
        .page("POST", "/cases/{id}/meetings/{meeting}/correction", correction::create)
        .page("POST", "/cases/{id}/meetings/{meeting}/setting-out", visit::set_out)
        .page("POST", "/cases/{id}/meetings/{meeting}/return", visit::come_back)
        .page("POST", "/cases/{id}/meetings/{meeting}/back-by", visit::stay_out)
        .page("GET", "/visits", own::show)
        .page("POST", "/visits/{meeting}/return", own::come_back)
        .page("POST", "/visits/{meeting}/back-by", own::stay_out)
}

#[derive(Template)]
#[template(path = "meetings/html/index.html")]
struct Index {
    p: Page,
    path: String,
    code: String,
    may: bool,
    rows: Vec<Line>,
}

struct Line {
    href: String,
    kind: String,
    at: String,
    holder: String,
    state: Badge,
}

/// GET /cases/{id}/meetings
async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let p = Page::titled(&mut work, "meetings-title").await?;
    let meetings = store::of_case(&mut work, id, None).await?;
    let may = case.is_open() && work.may_in(Act::CaseEdit, case.unit, Some(id)).await.is_ok();
    let rows = meetings.iter().map(|one| Line {
        href: format!("{}/meetings/{}", case.path(), one.id),
        kind: p.tc("meeting-kind", &one.kind),
        at: span(&p, one),
        holder: one.holder_name.clone(),
        state: state(&p, &one.state),
    });
    let rows = rows.collect();
    let page = Index { path: case.path(), code: case.code.clone(), may, rows, p };
    work.show(About::case(id).with(case.person_id), page).await
}

/// A state as a word with its tone.
pub(super) fn state(p: &Page, state: &str) -> Badge {
    let tone = match state {
        "held" | "late" | "came" => Tone::Good,
        "no_show" => Tone::Danger,
        "not_held" => Tone::Warning,
        _ => Tone::Neutral,
    };
    Badge::new(p.tc("meeting-state", state), tone)
}

fn span(p: &Page, one: &Meeting) -> String {
    format!("{} – {}", p.moment(&one.starts_at), p.reader.time(one.ends_at))
}

#[derive(Template)]
#[template(path = "meetings/html/new.html")]
struct New {
    p: Page,
    form: Form,
    path: String,
    code: String,
    id: Uuid,
    kinds: Vec<Choice>,
    lengths: Vec<Choice>,
    holders: Vec<Choice>,
    wished: String,
    not_safe: NotSafe,
    yes_no: Vec<Choice>,
    remind: Vec<Choice>,
    no_reminder: String,
}

// Colleagues in whose calendar a meeting may stand, for who gives out tasks.
async fn colleagues(work: &mut Work, case: &Case) -> Result<Vec<(UserId, String)>, Error> {
    if work.may_in(Act::TaskAssign, case.unit, Some(case.id)).await.is_err() {
        return Ok(Vec::new());
    }
    let colleagues = cases::store::colleagues(work, case.unit, case.case_type).await?;
    Ok(colleagues.into_iter().map(|one| (one.id, one.name)).collect())
}

async fn new_page(work: &mut Work, case: &Case, mut form: Form) -> Result<New, Error> {
    let p = Page::titled(work, "meeting-new").await?;
    let id = form.value("id").parse().unwrap_or_else(|_| Uuid::now_v7());
    if !form.filled("minutes") {
        form.set("minutes", "60");
    }
    let holders = colleagues(work, case).await?.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    let (remind, no_reminder) = texts::offered(work, &p, case, "").await?;
    let people = cases::store::people(work, case.id).await?;
    Ok(New {
        wished: cases::pages::wished(&p, case, &people),
        path: case.path(),
        code: case.code.clone(),
        id,
        remind,
        no_reminder,
        not_safe: not_safe::on_planning(work, &p, case).await?,
        kinds: choices(&p, "meeting-kind", &KINDS),
        lengths: LENGTHS
            .iter()
            .map(|minutes| Choice::new(minutes.to_string(), p.ta("meeting-minutes", "count", *minutes)))
            .collect(),
        holders,
        yes_no: choices(&p, "meeting-safe", &["yes", "no"]),
        form,
        p,
    })
}

/// Codes with their words.
pub(super) fn choices(p: &Page, family: &str, codes: &[&str]) -> Vec<Choice> {
    codes.iter().map(|code| Choice::new(*code, p.tc(family, code))).collect()
}

/// GET /cases/{id}/meetings/new
async fn new(mut work: Work, Path(id): Path<CaseId>, Query(form): Query) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    case.may_be_written(&mut work).await?;
    let page = new_page(&mut work, &case, form).await?;
    work.show(About::case(id), page).await
}

// What was answered about safety.
fn safety(form: &Form) -> Safety {
    let answer = |name: &str| match form.value(name) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let precaution = form.value("precaution").trim().to_owned();
    Safety { person: answer("safe_for_person"), worker: answer("safe_for_worker"), precaution }
}

// One a line, empty lines left out.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// POST /cases/{id}/meetings
async fn create(mut work: Work, Path(id): Path<CaseId>, mut form: Form) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let zone = work.zone();
    let meeting = NewMeeting {
        kind: form.value("kind").to_owned(),
        starts_at: form.moment_maybe("starts_at", zone),
        minutes: form.value("minutes").parse().unwrap_or_default(),
        holder: form.parsed_maybe("holder"),
        words: Words {
            place: form.value("place").trim().to_owned(),
            purpose: form.value("purpose").trim().to_owned(),
            invited: lines(form.value("invited")),
            safety: Some(safety(&form)),
            ..Words::default()
        },
        remind: form.parsed_maybe("remind"),
    };
    let one = form.value("id").parse().unwrap_or_else(|_| Uuid::now_v7());
    let made = match form.check() {
        Ok(()) => actions::plan(&mut work, &case, one, &meeting).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => {
            let meets = store::meets_others(&mut work, &made).await?;
            let say = if meets { "warning:meeting-planned-over" } else { "meeting-planned" };
            work.then(&format!("{}/meetings/{}", case.path(), made.id), say).await
        }
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = new_page(&mut work, &case, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

/// GET /cases/{id}/meetings/{meeting}
async fn show(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let meeting = store::find(&mut work, id, one).await?;
    let page = show::page(&mut work, &case, meeting, Form::default()).await?;
    work.show(About::case(id).with(case.person_id), page).await
}

// Where a step leads, and where it leaves the reader who made a mistake: on the same page, with what was typed.
async fn answer(work: Work, case: &Case, one: Uuid, form: Form, done: Result<(), Error>, flash: &str) -> Result<Response, Error> {
    match done {
        Ok(()) => work.then(&format!("{}/meetings/{one}", case.path()), flash).await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let meeting = store::find(&mut work, case.id, one).await?;
            let page = show::page(&mut work, case, meeting, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

/// POST /cases/{id}/meetings/{meeting}/time
async fn move_to(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, mut form: Form) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let meeting = store::find(&mut work, id, one).await?;
    meeting.must_be(form.value("version").parse().unwrap_or_default())?;
    let zone = work.zone();
    let to = form.moment_maybe("starts_at", zone);
    let done = match form.check() {
        Ok(()) => actions::move_to(&mut work, &case, meeting, to, (form.value("asked_by"), form.value("move_reason"))).await,
        Err(error) => Err(error),
    };
    let say = match done {
        Ok(()) => {
            let moved = store::find(&mut work, id, one).await?;
            if store::meets_others(&mut work, &moved).await? { "warning:meeting-moved-over" } else { "meeting-moved" }
        }
        Err(_) => "meeting-moved",
    };
    // Whoever dragged it in the calendar sees it there in its new place.
    let back = form.value("back").to_owned();
    if done.is_ok() && back.starts_with("/calendar?") && !back.contains(char::is_control) {
        return work.then(&back, say).await;
    }
    answer(work, &case, one, form, done, say).await
}

/// POST /cases/{id}/meetings/{meeting}/reminder
async fn remind(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, mut form: Form) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let meeting = store::find(&mut work, id, one).await?;
    meeting.must_be(form.value("version").parse().unwrap_or_default())?;
    let before = form.parsed_maybe("remind");
    let done = match form.check() {
        Ok(()) => actions::remind_person(&mut work, &case, &meeting, before).await,
        Err(error) => Err(error),
    };
    answer(work, &case, one, form, done, "texting-kept").await
}

/// POST /cases/{id}/meetings/{meeting}/outcome
async fn conclude(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, mut form: Form) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let meeting = store::find(&mut work, id, one).await?;
    // Before anything is shown again: a form never comes back with a newer version than it was sent with, nor on a page that has no place for it.
    meeting.must_be(form.value("version").parse().unwrap_or_default())?;
    meeting.must_be_planned()?;
    if form.filled("more") {
        // Room for further decisions: nothing is recorded yet.
        let page = show::page(&mut work, &case, meeting, form).await?;
        return work.show(About::case(id).with(case.person_id), page).await;
    }
    let is_out = meeting.is_out();
    let outcome = Outcome { decisions: decisions(&mut form, work.today()), ..outcome(&form) };
    let done = match form.check() {
        Ok(()) => actions::conclude(&mut work, &case, meeting, &outcome).await,
        // Whoever made one mistake is told of the others too.
        Err(Error::Invalid(errors)) => match actions::check(&mut work, &meeting, &outcome).await {
            Err(Error::Invalid(more)) => Err(Error::Invalid(errors.with(more))),
            _ => Err(Error::Invalid(errors)),
        },
        Err(error) => Err(error),
    };
    let say = if is_out { "warning:meeting-concluded-out" } else { "meeting-concluded" };
    answer(work, &case, one, form, done, say).await
}

// What became of it, without what was decided.
fn outcome(form: &Form) -> Outcome {
    Outcome {
        state: form.value("state").to_owned(),
        reason: form.value("reason").to_owned(),
        came: form.all("came").to_vec(),
        others_agreed: form.ticked("others_agreed"),
        attended: attended(form),
        agreed: agreed(form),
        minutes: form.value("minutes").trim().to_owned(),
        late_reason: form.value("late_reason").trim().chars().take(200).collect(),
        decisions: Vec::new(),
        version: form.value("version").parse().unwrap_or_default(),
    }
}

// How the person and each organisation that was asked took part, where it was said.
fn attended(form: &Form) -> Vec<Attended> {
    let said = |name: &str, how: &str| {
        let key = name.strip_prefix("att_").filter(|_| !how.is_empty())?;
        let party = if key == "person" { None } else { Some(key.parse().ok()?) };
        let role = form.value(&format!("role_{key}")).trim().to_owned();
        Some(Attended { party, how: how.to_owned(), role, ..Attended::default() })
    };
    form.entries().filter_map(|(name, values)| said(name, values.first()?)).collect()
}

// The organisations of which is ticked that they keep it to themselves.
fn agreed(form: &Form) -> Vec<Uuid> {
    let ticked = form.entries().filter(|(name, _)| form.ticked(name));
    ticked.filter_map(|(name, _)| name.strip_prefix("agreed_")?.parse().ok()).collect()
}

// What is to be done: one's own, one a line; and of a conference in rows, each with who does it and by when, asked for beside the field.
fn decisions(form: &mut Form, today: NaiveDate) -> Vec<NewDecision> {
    let mut all: Vec<_> = lines(form.value("decisions")).iter().map(|what| NewDecision::own(what)).collect();
    for nth in (1..=MOST_INVITED).filter(|nth| show::is_filled(form, *nth)).collect::<Vec<_>>() {
        let [what, who, by] = show::fields(nth);
        for field in [&what, &who] {
            if !form.filled(field) {
                form.errors.add(field, "required");
            }
        }
        let doer = Doer::read(form.value(&who));
        if form.filled(&who) && doer.is_none() {
            form.errors.add(&who, "not_a_choice");
        }
        let due_on = form.date(&by);
        match due_on {
            Some(day) if day < today => form.errors.add(&by, "in_the_past"),
            Some(day) if day > today + FURTHEST => form.errors.add(&by, "too_far"),
            _ => {}
        }
        all.push(NewDecision { what: form.value(&what).trim().to_owned(), doer, due_on, field: what });
    }
    all
}
