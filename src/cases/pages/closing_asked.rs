//! A closing that waits for a second person: read, approved, given back, taken back.
use askama::Template;
use axum::response::Response;

use super::closing::{Told, told};
use super::closing_meetings::{CalledOff, called_off};
use crate::access::Act;
use crate::audit::About;
use crate::cases::closing::asked::{self, Asked};
use crate::cases::note::Note;
use crate::cases::{Case, actions, lost_contact, notes, store};
use crate::error::{Clash, Error, FieldErrors};
use crate::packs::{Demand, Meaning, ReasonKind};
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::web::form::Path;
use crate::web::parts::{Badge, Entry, Tone};
use crate::web::{Form, Page};

const LONGEST: usize = 4000;

#[derive(Template)]
#[template(path = "cases/html/closing_asked.html")]
struct Show {
    p: Page,
    form: Form,
    back: String,
    code: String,
    // What became of it.
    title: String,
    told: Told,
    // What approving it calls off.
    meetings: CalledOff,
    state: Badge,
    remark: String,
    // What was said to requests before this one: by whom and when, and the words.
    before: Vec<(String, String)>,
    // Where nobody reaches the person, each attempt since they were last spoken with.
    tries: Option<Vec<(String, String)>>,
    version: i32,
    may_decide: bool,
    // Who decides, where the reader may approve and a supervisor alone decides for this reason.
    not_mine: String,
    // Where the safety of somebody whom nobody reaches is reviewed first (S23).
    review: String,
    may_take_back: bool,
    again: bool,
}

/// A line above the case while its closing waits, or was given back.
pub(super) fn hand(p: &Page, case: &Case, asked: &Asked) -> Option<(String, String, String)> {
    let key = match asked.state.as_str() {
        "waiting" if case.is_open() && asked.is_waiting() => "case-closing-waits",
        "returned" if case.is_open() && asked.is_given_back() => "case-closing-returned",
        _ => return None,
    };
    let words = p.ta(key, "name", asked.author_name.clone());
    let more = if asked.remark.is_empty() { p.when(&asked.recorded_at) } else { asked.remark.clone() };
    Some((words, more, format!("{}/closing", case.path())))
}

/// GET /cases/{id}/closing
pub(super) async fn show(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let (case, asked) = find(&mut work, id).await?;
    let page = page(&mut work, &case, &asked, Form::blank([])).await?;
    work.show(About::case(id).with(asked.id), page).await
}

/// POST /cases/{id}/closing/approval
pub(super) async fn approve(mut work: Work, Path(id): Path<CaseId>, mut form: Form) -> Result<Response, Error> {
    let (case, asked) = find(&mut work, id).await?;
    let (version, remark) = (form.parsed_maybe("version").unwrap_or(0), form.text_maybe("remark", LONGEST));
    let done = match form.check() {
        Ok(()) => actions::approve_closing(&mut work, case, &asked, (version, &remark)).await.map(drop),
        Err(error) => Err(error),
    };
    let done = match done {
        Err(Error::Invalid(errors)) => Err(Error::Invalid(to_decide(errors))),
        done => done,
    };
    answer(work, id, form, done, "case-closing-approved").await
}

// What is wrong with what was asked for, as whoever decides reads it: none of its fields stands on their page.
fn to_decide(errors: FieldErrors) -> FieldErrors {
    let mut told = FieldErrors::default();
    for (field, code) in errors.0 {
        match (field.as_str(), code) {
            ("remark", _) | (_, "review_first" | "safety_review_first" | "safety_action_missing") => told.add(&field, code),
            (_, "needs_attempts") => told.add("", "attempts_missing"),
            _ => told.add("", "closing_lacks"),
        }
    }
    told
}

/// POST /cases/{id}/closing/return
pub(super) async fn give_back(mut work: Work, Path(id): Path<CaseId>, mut form: Form) -> Result<Response, Error> {
    let (case, asked) = find(&mut work, id).await?;
    let (version, remark) = (form.parsed_maybe("version").unwrap_or(0), form.text_maybe("remark", LONGEST));
    let done = match form.check() {
        Ok(()) => actions::give_closing_back(&mut work, &case, &asked, (version, &remark)).await,
        Err(error) => Err(error),
    };
    answer(work, id, form, done, "case-closing-was-returned").await
}

/// POST /cases/{id}/closing/withdrawal
pub(super) async fn take_back(mut work: Work, Path(id): Path<CaseId>, mut form: Form) -> Result<Response, Error> {
    let (case, asked) = find(&mut work, id).await?;
    let version = form.parsed_maybe("version").unwrap_or(0);
    let done = actions::take_closing_back(&mut work, &case, &asked, version).await;
    answer(work, id, form, done, "case-closing-taken-back").await
}

async fn find(work: &mut Work, id: CaseId) -> Result<(Case, Asked), Error> {
    let case = store::find(work, id).await?;
    let asked = asked::latest(work, id).await?.ok_or(Error::NotFound)?;
    Ok((case, asked))
}

async fn answer(work: Work, id: CaseId, form: Form, done: Result<(), Error>, said: &str) -> Result<Response, Error> {
    let errors = match done {
        Ok(()) => return work.then(&format!("/cases/{id}"), said).await,
        Err(Error::Invalid(errors)) => errors,
        // Somebody decided or changed it meanwhile: look at it as it stands now, with what was typed here.
        Err(Error::Conflict(Clash::Stale)) => FieldErrors::one("", "look_again"),
        Err(Error::Conflict(Clash::State { code: actions::OPEN_REFERRALS, .. })) => FieldErrors::one("", actions::OPEN_REFERRALS),
        Err(error) => return Err(error),
    };
    let mut work = work.again().await?;
    let (case, asked) = find(&mut work, id).await?;
    let page = page(&mut work, &case, &asked, form.with_errors(errors)).await?;
    work.show_again(&page)
}

async fn page(work: &mut Work, case: &Case, asked: &Asked, form: Form) -> Result<Show, Error> {
    let p = Page::of(work, case.code.clone()).await?;
    let mut told = told(work, &p, case, &asked.closure).await?;
    let mine = asked.author == work.me()?;
    let open = asked.is_waiting() && case.is_open();
    let tries = if open { judged(work, &p, (case, asked), &mut told).await? } else { None };
    let approves = open && !mine && work.may_in(Act::CaseApprove, case.unit, Some(case.id)).await.is_ok();
    let supervisors = approves && supervisors_alone(work, case, asked).await?;
    let may_decide = approves && !supervisors;
    let review = if may_decide { review_first(work, case, asked).await? } else { String::new() };
    let closes = work.may_in(Act::CaseClose, case.unit, Some(case.id)).await.is_ok();
    let tone = match asked.state.as_str() {
        "approved" => Tone::Good,
        "returned" => Tone::Warning,
        _ => Tone::Info,
    };
    let who = [p.when(&asked.recorded_at), asked.author_name.clone()].join(" · ");
    Ok(Show {
        meetings: if open { called_off(work, &p, case).await? } else { CalledOff::default() },
        title: p.tc("case-closing-title", &asked.state),
        state: Badge::new(p.tc("case-closing-state", &asked.state), tone),
        remark: match &asked.settled_by_name {
            Some(name) if !asked.remark.is_empty() => p.detailed(name, &asked.remark),
            _ => String::new(),
        },
        before: before(work, &p, case, asked).await?,
        tries,
        may_decide,
        not_mine: if supervisors { p.t("error-needs-supervisor") } else { String::new() },
        review,
        may_take_back: open && mine,
        again: asked.is_given_back() && case.is_open() && closes,
        told: Told { lead: who, ..told },
        version: asked.version,
        back: case.path(),
        code: case.code.clone(),
        form,
        p,
    })
}

// What was said to requests before this one, the latest first.
async fn before(work: &mut Work, p: &Page, case: &Case, asked: &Asked) -> Result<Vec<(String, String)>, Error> {
    let others = asked::list(work, case.id).await?.into_iter().filter(|other| other.id != asked.id && !other.remark.is_empty());
    let said = |other: Asked| Some((p.signed(&other.settled_by_name?, &p.moment(&other.settled_at?)), other.remark));
    Ok(others.filter_map(said).collect())
}

// What whoever decides judges by: when the person was last spoken with and, where contact is lost, what was tried since.
async fn judged(
    work: &mut Work,
    p: &Page,
    (case, asked): (&Case, &Asked),
    told: &mut Told,
) -> Result<Option<Vec<(String, String)>>, Error> {
    let last = case.last_contact_at.map_or_else(|| p.t("case-closing-no-contact"), |moment| p.when(&moment));
    told.rows.push(Entry::new(p.t("case-closing-last-contact"), last));
    let pack = actions::pack_of(work, case).await?;
    let reason = pack.reason(ReasonKind::Closure, &asked.closure.reason);
    let lost = reason.is_some_and(|one| one.meaning == Some(Meaning::ContactLost) || one.demands(Demand::ContactAttempts));
    if !lost {
        return Ok(None);
    }
    let tried = notes::attempts(work, case.id, case.last_contact_at.unwrap_or(case.opened_at)).await?;
    let line = |note: Note| Some((p.signed(&note.author_name, &p.moment(&note.happened_at)), note.body?));
    Ok(Some(tried.into_iter().filter_map(line).collect()))
}

// For some reasons a supervisor alone approves, and the reader is none.
async fn supervisors_alone(work: &mut Work, case: &Case, asked: &Asked) -> Result<bool, Error> {
    let pack = actions::pack_of(work, case).await?;
    let reason = pack.reason(ReasonKind::Closure, &asked.closure.reason);
    Ok(reason.is_some_and(|one| one.demands(Demand::Supervisor)) && !actions::supervises(work, case).await)
}

// Empty where nothing need be reviewed before, or the reader reviews nothing.
async fn review_first(work: &mut Work, case: &Case, asked: &Asked) -> Result<String, Error> {
    let pack = actions::pack_of(work, case).await?;
    let lost =
        pack.reason(ReasonKind::Closure, &asked.closure.reason).is_some_and(|one| one.meaning == Some(Meaning::ContactLost));
    let first = lost && lost_contact::lacks_review(work, case, &pack).await? && actions::may_review(work, case).await.is_ok();
    Ok(if first { format!("{}/safety-review", case.path()) } else { String::new() })
}
