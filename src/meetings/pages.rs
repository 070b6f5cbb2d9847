//! Pages: the meetings of a case, planning one, and one meeting with everything that is done on it.
use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::meeting::{ASKERS, CASE_CLOSED, KINDS, LENGTHS, Meeting, NewMeeting, OUTCOMES, Outcome, REASONS, Words};
use super::{actions, store, texts};
use crate::access::Act;
use crate::audit::About;
use crate::cases::{self, Case};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Choice, Tone};
use crate::web::{Form, Page, Routes};

/// The pages under a case.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("GET", "/cases/{id}/meetings", index)
        .page("GET", "/cases/{id}/meetings/new", new)
        .page("POST", "/cases/{id}/meetings", create)
        .page("GET", "/cases/{id}/meetings/{meeting}", show)
        .page("POST", "/cases/{id}/meetings/{meeting}/time", move_to)
        .page("POST", "/cases/{id}/meetings/{meeting}/reminder", remind)
        .page("POST", "/cases/{id}/meetings/{meeting}/outcome", conclude)
        .page("POST", "/cases/{id}/meetings/{meeting}/setting-out", set_out)
        .page("POST", "/cases/{id}/meetings/{meeting}/return", come_back)
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
    remind: Vec<Choice>,
    no_reminder: String,
}

async fn new_page(work: &mut Work, case: &Case, mut form: Form) -> Result<New, Error> {
    let p = Page::titled(work, "meeting-new").await?;
    let id = form.value("id").parse().unwrap_or_else(|_| Uuid::now_v7());
    if !form.filled("minutes") {
        form.set("minutes", "60");
    }
    let mut holders = Vec::new();
    if work.may_in(Act::TaskAssign, case.unit, Some(case.id)).await.is_ok() {
        let colleagues = cases::store::colleagues(work, case.unit, case.case_type).await?;
        holders.extend(colleagues.into_iter().map(|one| Choice::new(one.id.to_string(), one.name)));
    }
    let (remind, no_reminder) = texts::offered(work, &p, case, "").await?;
    Ok(New {
        path: case.path(),
        code: case.code.clone(),
        id,
        remind,
        no_reminder,
        kinds: choices(&p, "meeting-kind", &KINDS),
        lengths: LENGTHS
            .iter()
            .map(|minutes| Choice::new(minutes.to_string(), p.ta("meeting-minutes", "count", *minutes)))
            .collect(),
        holders,
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
    work.may_in(Act::CaseEdit, case.unit, Some(id)).await?;
    let page = new_page(&mut work, &case, form).await?;
    work.show(About::case(id), page).await
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
        Ok(made) => work.then(&format!("{}/meetings/{}", case.path(), made.id), "meeting-planned").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = new_page(&mut work, &case, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "meetings/html/show.html")]
struct Show {
    p: Page,
    form: Form,
    path: String,
    meeting: Meeting,
    title: String,
    at: String,
    state: Badge,
    reason: String,
    out: String,
    may: bool,
    visit: bool,
    moves: Vec<String>,
    invited: Vec<Choice>,
    outcomes: Vec<Choice>,
    reasons: Vec<Choice>,
    askers: Vec<Choice>,
    reminder: String,
    remind: Vec<Choice>,
    no_reminder: String,
}

async fn show_page(work: &mut Work, case: &Case, meeting: Meeting, mut form: Form) -> Result<Show, Error> {
    let p = Page::titled(work, "meeting-title").await?;
    let moves = store::moves(work, case.id).await?;
    let own = moves.iter().filter(|one| one.meeting_id == meeting.id);
    let said = |one: &store::Moved| {
        let (asker, reason) = (p.tc("meeting-asker", &one.asked_by), p.tc("meeting-reason", &one.reason));
        format!("{} → {} · {asker}, {reason} · {}", p.moment(&one.from_at), p.moment(&one.to_at), one.author_name)
    };
    // What was called off with its case ends its history.
    let off = meeting.reason.as_deref().filter(|reason| *reason == CASE_CLOSED).map(|reason| {
        let (state, reason) = (p.tc("meeting-state", &meeting.state), p.tc("meeting-reason", reason));
        format!("{} → {state} · {reason}", p.moment(&meeting.starts_at))
    });
    let may = meeting.is_planned() && work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await.is_ok();
    let out = match (meeting.set_out_at, meeting.back_by, meeting.back_at) {
        (Some(_), _, Some(back)) => p.ta("meeting-was-back", "when", p.moment(&back)),
        (Some(_), Some(by), None) => p.ta("meeting-is-out", "when", p.moment(&by)),
        _ => String::new(),
    };
    let (remind, no_reminder) =
        if may { texts::offered(work, &p, case, &meeting.kind).await? } else { (Vec::new(), String::new()) };
    if let Some(reminder) = meeting.reminder.as_ref().filter(|_| !form.filled("remind")) {
        form.set("remind", reminder.before.to_string());
    }
    Ok(Show {
        reminder: texts::standing(work, &p, &meeting).await?,
        remind,
        no_reminder,
        path: format!("{}/meetings", case.path()),
        title: p.tc("meeting-kind", &meeting.kind),
        at: span(&p, &meeting),
        state: state(&p, &meeting.state),
        reason: meeting.reason.as_deref().map(|code| p.tc("meeting-reason", code)).unwrap_or_default(),
        out,
        may,
        visit: matches!(meeting.kind.as_str(), "home_visit" | "accompaniment"),
        moves: off.into_iter().chain(own.map(said)).collect(),
        invited: meeting.words.invited.iter().map(|name| Choice::new(name, name)).collect(),
        outcomes: choices(&p, "meeting-state", &OUTCOMES),
        reasons: choices(&p, "meeting-reason", &REASONS),
        askers: choices(&p, "meeting-asker", &ASKERS),
        meeting,
        form,
        p,
    })
}

/// GET /cases/{id}/meetings/{meeting}
async fn show(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let meeting = store::find(&mut work, id, one).await?;
    let page = show_page(&mut work, &case, meeting, Form::default()).await?;
    work.show(About::case(id).with(case.person_id), page).await
}

// Where a step leads, and where it leaves the reader who made a mistake: on the same page, with what was typed.
async fn answer(work: Work, case: &Case, one: Uuid, form: Form, done: Result<(), Error>, flash: &str) -> Result<Response, Error> {
    match done {
        Ok(()) => work.then(&format!("{}/meetings/{one}", case.path()), flash).await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let meeting = store::find(&mut work, case.id, one).await?;
            let page = show_page(&mut work, case, meeting, form.with_errors(errors)).await?;
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
    // Whoever dragged it in the calendar sees it there in its new place.
    let back = form.value("back").to_owned();
    if done.is_ok() && back.starts_with("/calendar?") && !back.contains(char::is_control) {
        return work.then(&back, "meeting-moved").await;
    }
    answer(work, &case, one, form, done, "meeting-moved").await
}

/// POST /cases/{id}/meetings/{meeting}/reminder
async fn remind(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, mut form: Form) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let meeting = store::find(&mut work, id, one).await?;
    meeting.must_be(form.value("version").parse().unwrap_or_default())?;
    let before = form.parsed_maybe("remind");
    let done = match form.check() {
        Ok(()) => actions::remind_by_text(&mut work, &case, &meeting, before).await,
        Err(error) => Err(error),
    };
    answer(work, &case, one, form, done, "texting-kept").await
}

/// POST /cases/{id}/meetings/{meeting}/outcome
async fn conclude(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, form: Form) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let meeting = store::find(&mut work, id, one).await?;
    let outcome = Outcome {
        state: form.value("state").to_owned(),
        reason: form.value("reason").to_owned(),
        came: form.all("came").to_vec(),
        minutes: form.value("minutes").trim().to_owned(),
        late_reason: form.value("late_reason").trim().chars().take(200).collect(),
        decisions: lines(form.value("decisions")),
        version: form.value("version").parse().unwrap_or_default(),
    };
    let done = actions::conclude(&mut work, case.clone(), meeting, &outcome).await;
    answer(work, &case, one, form, done, "meeting-concluded").await
}

/// POST /cases/{id}/meetings/{meeting}/setting-out
async fn set_out(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, mut form: Form) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let meeting = store::find(&mut work, id, one).await?;
    let zone = work.zone();
    let back_by = form.moment_maybe("back_by", zone);
    let done = match form.check() {
        Ok(()) => actions::set_out(&mut work, &case, meeting, back_by).await,
        Err(error) => Err(error),
    };
    answer(work, &case, one, form, done, "meeting-set-out").await
}

/// POST /cases/{id}/meetings/{meeting}/return
async fn come_back(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, form: Form) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let meeting = store::find(&mut work, id, one).await?;
    let done = actions::come_back(&mut work, &case, meeting).await;
    answer(work, &case, one, form, done, "meeting-back").await
}
