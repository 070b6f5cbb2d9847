//! The course of a case: stages, pause, closing, opening again, and the people on it.
use chrono::NaiveDate;
use serde_json::json;

use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::case::Case;
use crate::cases::gates;
use crate::cases::store::{self, NewMove, Safety};
use crate::error::{Clash, Error, FieldErrors, invalid};
use crate::packs::{Demand, Meaning, Pack, ReasonKind, StageKind};
use crate::platform::db::Work;
use crate::platform::ids::PersonId;
use crate::tasks;

/// Moves the case to another stage of its process; work is a cycle, so any working stage may follow any other whose gates are open.
pub async fn move_to(work: &mut Work, case: Case, stage: &str, version: i32) -> Result<Case, Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    case.must_be_open()?;
    case.must_be(version)?;
    let pack = super::pack_of(work, &case).await?;
    let (_, process) = super::rules(&pack, &case)?;
    let to = process.stage(stage).filter(|stage| stage.kind == StageKind::Working);
    let to = to.ok_or_else(|| invalid("stage", "not_a_choice"))?;
    if !gates::before(work, &case, std::slice::from_ref(to)).await?.is_empty() {
        return Err(invalid("stage", "gate_shut"));
    }
    let (fact, kind) = if case.paused_reason.is_some() { (Fact::CasePaused, "resumed") } else { (Fact::CaseMoved, "stage") };
    step(work, Case { stage: stage.to_owned(), paused_reason: None, ..case.clone() }, &case, Step { kind, reason: "", fact })
        .await
}

/// Pauses the case: its clocks run on, so that nobody is forgotten.
pub async fn pause(work: &mut Work, case: Case, reason: &str, version: i32) -> Result<Case, Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    case.must_be_open()?;
    case.must_be(version)?;
    if !PAUSES.contains(&reason) {
        return Err(invalid("reason", "not_a_choice"));
    }
    let stage = stage_of(work, &case, StageKind::Paused).await?;
    let paused = Case { stage, paused_reason: Some(reason.to_owned()), ..case.clone() };
    step(work, paused, &case, Step { kind: "paused", reason, fact: Fact::CasePaused }).await
}

/// Why a case may be paused.
pub const PAUSES: &[&str] = &["person_away", "person_asked", "waiting_for_others", "not_safe_now"];

/// What a worker says when closing a case.
#[derive(Debug, Clone, Default)]
pub struct Closure {
    /// A closing reason of the pack.
    pub reason: String,
    /// In the worker's own words; sealed as a note.
    pub explanation: String,
    /// A last conversation took place.
    pub discussed: bool,
    /// The goals were reviewed a last time.
    pub reviewed: bool,
    /// The person knows how to come back.
    pub way_back: bool,
    /// For a child: best interests considered, by whom, and the child's view.
    pub best_interests: String,
    /// The edition of the case that the worker looked at.
    pub version: i32,
}

/// Closes the case with a coded reason. Referrals still open are ended first; death and lost contact need no last conversation.
pub async fn close(work: &mut Work, case: Case, closure: &Closure) -> Result<Case, Error> {
    work.may_in(Act::CaseClose, case.unit, Some(case.id)).await?;
    case.must_be_open()?;
    case.must_be(closure.version)?;
    if store::open_referrals(work, case.id).await? > 0 {
        return Err(Error::Conflict(Clash::State { state: case.stage.clone(), code: "open_referrals" }));
    }
    let pack = super::pack_of(work, &case).await?;
    check_closure(work, &case, &pack, closure).await?;
    let words = [closure.explanation.as_str(), closure.best_interests.as_str()].join("\n");
    if !words.trim().is_empty() {
        let note = crate::cases::note::NewNote::of("note", words.trim());
        super::notes::write_note(work, case.clone(), note).await?;
    }
    let stage = stage_of(work, &case, StageKind::Closed).await?;
    let closed_at = Some(work.now());
    let closed = Case { stage, closed_at, close_reason: Some(closure.reason.clone()), paused_reason: None, ..case.clone() };
    tasks::actions::end_with_case(work, case.id).await?;
    step(work, closed, &case, Step { kind: "closed", reason: &closure.reason, fact: Fact::CaseClosed }).await
}

async fn check_closure(work: &mut Work, case: &Case, pack: &Pack, closure: &Closure) -> Result<(), Error> {
    let reason = pack.reason(ReasonKind::Closure, &closure.reason).ok_or_else(|| invalid("reason", "not_a_choice"))?;
    let mut errors = FieldErrors::default();
    // Nobody can be spoken with after a death or where contact is lost.
    if !matches!(reason.meaning, Some(Meaning::Death | Meaning::ContactLost)) {
        for (field, ticked) in [("discussed", closure.discussed), ("reviewed", closure.reviewed), ("way_back", closure.way_back)]
        {
            if !ticked {
                errors.add(field, "confirm");
            }
        }
    }
    if reason.demands(Demand::Explanation) && closure.explanation.is_empty() {
        errors.add("explanation", "required");
    }
    if reason.demands(Demand::BestInterests) && closure.best_interests.is_empty() && store::is_child(work, case.person_id).await?
    {
        errors.add("best_interests", "required");
    }
    if reason.demands(Demand::Supervisor) && work.may_in(Act::CaseAssign, case.unit, Some(case.id)).await.is_err() {
        errors.add("reason", "needs_supervisor");
    }
    // An alert about a missing safety action ends by that action, or by a supervisor who closes the case and says why (S21).
    if store::awaits_safety_action(work, case.id).await? {
        if work.may_in(Act::CaseAssign, case.unit, Some(case.id)).await.is_err() {
            errors.add("reason", "safety_action_missing");
        } else if closure.explanation.is_empty() {
            errors.add("explanation", "safety_action_missing");
        }
    }
    if reason.demands(Demand::ContactAttempts) && !contact_is_lost(work, case, pack).await? {
        errors.add("reason", "needs_attempts");
    }
    errors.or_ok()
}

// No contact for as long as the pack says, and at least one logged attempt meanwhile (S23).
async fn contact_is_lost(work: &mut Work, case: &Case, pack: &Pack) -> Result<bool, Error> {
    let hours = i64::from(pack.deadlines.contact_lost.rough_hours());
    let since = case.last_contact_at.unwrap_or(case.opened_at);
    let attempts = store::contact_attempts(work, case.id, since).await?;
    Ok(work.now() - since >= chrono::TimeDelta::hours(hours) && attempts > 0)
}

/// Opens a closed case again; its risk clocks start anew.
pub async fn reopen(work: &mut Work, case: Case, reason: &str, version: i32) -> Result<Case, Error> {
    work.may_in(Act::CaseClose, case.unit, Some(case.id)).await?;
    case.must_be(version)?;
    if case.is_open() {
        return Err(Error::Conflict(Clash::State { state: case.stage.clone(), code: "case_open" }));
    }
    let pack = super::pack_of(work, &case).await?;
    if pack.reason(ReasonKind::Reopening, reason).is_none() {
        return Err(invalid("reason", "not_a_choice"));
    }
    let stage = stage_of(work, &case, StageKind::Working).await?;
    let risk_set_at = Some(work.now());
    let open = Case { stage, closed_at: None, close_reason: None, risk_set_at, ..case.clone() };
    let open = step(work, open, &case, Step { kind: "reopened", reason, fact: Fact::CaseReopened }).await?;
    super::risk::start_clocks(work, &open, &pack, open.case_manager).await?;
    Ok(open)
}

/// Dates the moment when the limits of confidentiality were explained (S1).
pub async fn explain_limits(work: &mut Work, case: Case, day: NaiveDate) -> Result<Case, Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    if day > work.today() {
        return Err(invalid("limits_explained_on", "in_the_future"));
    }
    let explained = Case { limits_explained_on: Some(day), ..case.clone() };
    step(work, explained, &case, Step { kind: "limits", reason: "", fact: Fact::CaseMoved }).await
}

/// Puts a person on the case, or changes the part they play there.
pub async fn set_person(work: &mut Work, case: &Case, person: PersonId, part: &str, safety: Safety) -> Result<(), Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    case.must_be_open()?;
    if !["member", "caregiver", "chosen_adult"].contains(&part) || person == case.person_id {
        return Err(invalid("part", "not_a_choice"));
    }
    if !store::sees_person(work, person).await? {
        return Err(invalid("person", "not_a_choice"));
    }
    store::set_person(work, case.id, person, part, safety).await?;
    let codes = json!({ "people": part, "not_safe": safety == Safety::NotSafe });
    work.record(Fact::CaseMoved, About::case(case.id).with(person).note(codes)).await
}

/// Takes a person off the case.
pub async fn remove_person(work: &mut Work, case: &Case, person: PersonId) -> Result<(), Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    case.must_be_open()?;
    store::remove_person(work, case.id, person).await?;
    work.record(Fact::CaseMoved, About::case(case.id).with(person).note(json!({ "people": "removed" }))).await
}

struct Step<'a> {
    kind: &'a str,
    reason: &'a str,
    fact: Fact,
}

// Every step is saved, written down and recorded alike.
async fn step(work: &mut Work, case: Case, before: &Case, step: Step<'_>) -> Result<Case, Error> {
    store::save(work, &case).await?;
    let (from, to) = (Some(before.stage.as_str()), Some(case.stage.as_str()));
    let happened_at = work.now();
    store::insert_move(work, case.id, NewMove { kind: step.kind, from, to, reason: step.reason, happened_at }).await?;
    let codes = json!({ "from": before.stage, "to": case.stage, "reason": step.reason });
    work.record(step.fact, About::case(case.id).note(codes)).await?;
    Ok(Case { version: case.version + 1, ..case })
}

async fn stage_of(work: &mut Work, case: &Case, kind: StageKind) -> Result<String, Error> {
    let pack = super::pack_of(work, case).await?;
    let (_, process) = super::rules(&pack, case)?;
    let stage = process.first(kind).ok_or_else(|| invalid("stage", "not_a_choice"))?;
    Ok(stage.code.clone())
}
