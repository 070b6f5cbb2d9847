//! The course of a case: stages, pause, opening again, and the people on it. Closing is in `close`.
use chrono::NaiveDate;
use serde_json::json;

use crate::access::Act;
use crate::assessments;
use crate::audit::{About, Fact};
use crate::cases::case::{Case, wrong_day_of_limits};
use crate::cases::gates;
use crate::cases::owning;
use crate::cases::store::{self, NewMove, Safety};
use crate::error::{Error, invalid};
use crate::packs::{Pack, ReasonKind, StageKind};
use crate::people;
use crate::plans;
use crate::platform::db::Work;
use crate::platform::ids::PersonId;

/// Moves the case to another stage of its process; work is a cycle, so any working stage may follow any other whose gates are open. A paused case
/// goes on first ([`resume`]).
pub async fn move_to(work: &mut Work, case: Case, stage: &str, version: i32) -> Result<Case, Error> {
    work.may_steer(case.unit, case.id).await?;
    case.must_be_open()?;
    case.must_be(version)?;
    case.must_go_on()?;
    let pack = super::pack_of(work, &case).await?;
    let (_, process) = super::rules(&pack, &case)?;
    let to = process.stage(stage).filter(|stage| case.may_stand_in(stage));
    let to = to.ok_or_else(|| invalid("stage", "not_a_choice"))?;
    if !gates::before(work, &case, std::slice::from_ref(to)).await?.is_empty() {
        return Err(invalid("stage", "gate_shut"));
    }
    let moved = Case { stage: stage.to_owned(), ..case.clone() };
    let moved = step(work, moved, &case, Step { kind: "stage", reason: "", fact: Fact::CaseMoved }).await?;
    super::taken_up(work, &moved).await?;
    Ok(moved)
}

/// Pauses the case: its clocks run on, so that nobody is forgotten.
pub async fn pause(work: &mut Work, case: Case, reason: &str, version: i32) -> Result<Case, Error> {
    work.may_steer(case.unit, case.id).await?;
    case.must_be_open()?;
    case.must_be(version)?;
    case.must_run()?;
    if !PAUSES.contains(&reason) {
        return Err(invalid("reason", if reason.is_empty() { "required" } else { "not_a_choice" }));
    }
    let stage = stage_of(work, &case, StageKind::Paused).await?;
    let paused = Case { stage, paused_reason: Some(reason.to_owned()), ..case.clone() };
    step(work, paused, &case, Step { kind: "paused", reason, fact: Fact::CasePaused }).await
}

/// Why a case may be paused.
pub const PAUSES: &[&str] = &["person_away", "person_asked", "waiting_for_others", "not_safe_now"];

/// Goes on with a paused case where it stood, and says why.
pub async fn resume(work: &mut Work, case: Case, reason: &str, version: i32) -> Result<Case, Error> {
    work.may_steer(case.unit, case.id).await?;
    case.must_be_open()?;
    case.must_be(version)?;
    case.must_be_paused()?;
    if !RESUMES.contains(&reason) {
        return Err(invalid("reason", if reason.is_empty() { "required" } else { "not_a_choice" }));
    }
    let pack = super::pack_of(work, &case).await?;
    let stage = match stood_before(work, &case, &pack).await? {
        Some(stage) => stage,
        None => stage_of(work, &case, StageKind::Working).await?,
    };
    let stage = if case.case_manager.is_some() { once_kept(work, &case, stage).await? } else { stage };
    let resumed = Case { stage, paused_reason: None, ..case.clone() };
    step(work, resumed, &case, Step { kind: "resumed", reason, fact: Fact::CaseResumed }).await
}

/// Why a paused case goes on.
pub const RESUMES: &[&str] = &["person_back", "person_asked", "wait_over", "safe_again"];

/// Opens a closed case again: it goes on where it stood, with whoever kept it. Where they no longer can it waits in the unit's inbox, a
/// restricted one with whoever takes their place, and stands at the beginning, as a new one does. Its risk clocks start anew; its plan and its next
/// assessment are waited for again.
pub async fn reopen(work: &mut Work, case: Case, reason: &str, version: i32) -> Result<Case, Error> {
    work.may_in(Act::CaseClose, case.unit, Some(case.id)).await?;
    case.must_be(version)?;
    case.must_be_closed()?;
    let pack = super::pack_of(work, &case).await?;
    if pack.reason(ReasonKind::Reopening, reason).is_none() {
        return Err(invalid("reason", "not_a_choice"));
    }
    let (keeper, supervisor) = owning::keepers_again(work, &case).await?;
    let kept = keeper.is_some() && keeper == case.case_manager;
    let stood = if kept { stood_before(work, &case, &pack).await? } else { None };
    let stage = match stood {
        Some(stage) => stage,
        None => stage_of(work, &case, StageKind::Working).await?,
    };
    let stage = if keeper.is_some() { once_kept(work, &case, stage).await? } else { stage };
    let risk_set_at = Some(work.now());
    let open = Case { stage, closed_at: None, close_reason: None, risk_set_at, ..case.clone() };
    let mut open = step(work, open, &case, Step { kind: "reopened", reason, fact: Fact::CaseReopened }).await?;
    if (keeper, supervisor) != (open.case_manager, open.supervisor) {
        open = super::assign::keep_again(work, open, (keeper, supervisor)).await?;
    }
    super::risk::start_clocks(work, &open, &pack, open.case_manager).await?;
    plans::actions::begin_again(work, &open).await?;
    assessments::actions::begin_again(work, &open).await?;
    Ok(open)
}

// The working stage in which the case last stood.
async fn stood_before(work: &mut Work, case: &Case, pack: &Pack) -> Result<Option<String>, Error> {
    let (_, process) = super::rules(pack, case)?;
    let works = |code: &String| process.stage(code).is_some_and(|stage| stage.kind == StageKind::Working);
    Ok(owning::stages_before(work, case.id).await?.into_iter().find(works))
}

/// Dates the moment when the limits of confidentiality were explained (S1).
pub async fn explain_limits(work: &mut Work, case: Case, day: NaiveDate) -> Result<Case, Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    if let Some(code) = wrong_day_of_limits(day, work.today()) {
        return Err(invalid("limits_explained_on", code));
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
    // Who stands by a child in the place of a caregiver is of age (S3).
    if part == "chosen_adult" && people::store::find(work, person).await?.age_on(work.today()).is_some_and(|age| age < 18) {
        return Err(invalid("part", "adult_is_a_child"));
    }
    store::set_person(work, case.id, person, part, safety).await?;
    let codes = json!({ "people": part, "not_safe": safety == Safety::NotSafe, "safe_again": safety == Safety::SafeAgain });
    work.record(Fact::CaseMoved, About::case(case.id).with(person).note(codes)).await
}

/// Takes a person off the case.
pub async fn remove_person(work: &mut Work, case: &Case, person: PersonId) -> Result<(), Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    case.must_be_open()?;
    store::remove_person(work, case.id, person).await?;
    work.record(Fact::CaseMoved, About::case(case.id).with(person).note(json!({ "people": "removed" }))).await
}

/// A case that somebody keeps from now on goes on from the stage that lasted until then.
pub(super) async fn go_on_once_kept(work: &mut Work, case: &Case) -> Result<Case, Error> {
    let stage = once_kept(work, case, case.stage.clone()).await?;
    if stage == case.stage {
        return Ok(case.clone());
    }
    let moved = Case { stage, ..case.clone() };
    step(work, moved, case, Step { kind: "stage", reason: "", fact: Fact::CaseMoved }).await
}

// In which stage a case stands that somebody keeps: not in one that lasts until then, unless something is still before the next.
async fn once_kept(work: &mut Work, case: &Case, stage: String) -> Result<String, Error> {
    let pack = super::pack_of(work, case).await?;
    let (_, process) = super::rules(&pack, case)?;
    let Some(next) = process.once_kept(&stage) else { return Ok(stage) };
    let is_open = gates::before(work, case, std::slice::from_ref(next)).await?.is_empty();
    Ok(if is_open { next.code.clone() } else { stage })
}

pub(super) struct Step<'a> {
    pub(super) kind: &'a str,
    pub(super) reason: &'a str,
    pub(super) fact: Fact,
}

// Every step is saved, written down and recorded alike.
pub(super) async fn step(work: &mut Work, case: Case, before: &Case, step: Step<'_>) -> Result<Case, Error> {
    store::save(work, &case).await?;
    let (from, to) = (Some(before.stage.as_str()), Some(case.stage.as_str()));
    let happened_at = work.now();
    store::insert_move(work, case.id, NewMove { kind: step.kind, from, to, reason: step.reason, happened_at }).await?;
    let codes = json!({ "from": before.stage, "to": case.stage, "reason": step.reason });
    work.record(step.fact, About::case(case.id).note(codes)).await?;
    Ok(Case { version: case.version + 1, ..case })
}

pub(super) async fn stage_of(work: &mut Work, case: &Case, kind: StageKind) -> Result<String, Error> {
    let pack = super::pack_of(work, case).await?;
    let (_, process) = super::rules(&pack, case)?;
    let stage = process.first(kind).ok_or_else(|| invalid("stage", "not_a_choice"))?;
    Ok(stage.code.clone())
}
