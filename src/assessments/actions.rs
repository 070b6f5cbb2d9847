//! The verbs of assessments: begin, save, finalise, approve, give back.
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::chores;
pub use super::chores::begin_again;
use super::offered::{Kept, Offered};
use super::round::Round;
use super::scoring::{self, Answers, Outcome};
use super::store::{self, Finalised};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::actions::{self as cases, Assessed};
use crate::cases::{Case, contact, gates, note};
use crate::error::{Clash, Error, FieldErrors, invalid, same_version};
use crate::packs::{Pack, ReasonKind};
use crate::platform::db::Work;
use crate::platform::ids::AssessmentId;
use crate::tasks::approved::{self, Of};

/// Begins a round; where one of this tool is a draft already, answers that one.
pub async fn begin(work: &mut Work, case: &Case, tool: &str) -> Result<AssessmentId, Error> {
    case.may_be_written(work).await?;
    let offered = Offered::on(work, case).await?;
    let tool = offered.tool(tool).ok_or_else(|| invalid("tool", "not_a_choice"))?;
    let standing = store::list(work, case.id).await?;
    if let Some(draft) = standing.iter().find(|round| round.tool == tool.code && round.is_draft()) {
        return Ok(draft.id);
    }
    if standing.iter().any(|round| round.tool == tool.code && round.awaits_approval()) {
        return Err(state("finalised", "assessment_waits"));
    }
    gates::must_be_open(work, case, &tool.panel).await?;
    let id = store::insert(work, case, (&offered.pack.name, offered.version), tool).await?;
    work.record(Fact::AssessmentBegun, about(case, id).note(json!({ "tool": tool.code }))).await?;
    Ok(id)
}

/// Saves answers into a draft: those given replace what stands, an empty one takes it away. Two who write over one version: the second is
/// stale.
pub async fn save(work: &mut Work, case: &Case, round: &Round, version: i32, given: &Answers) -> Result<(), Error> {
    case.may_be_written(work).await?;
    must_be_draft(round, version)?;
    let kept = Kept::of(work, round).await?;
    let mut answers = answers(work, round).await?;
    let mut errors = FieldErrors::default();
    for (code, typed) in given {
        let field = field(code);
        match kept.tool().question(code).map(|question| scoring::read(question, typed)) {
            Some(Ok(Some(answer))) => drop(answers.insert(code.clone(), answer)),
            Some(Ok(None)) => drop(answers.remove(code)),
            Some(Err(wrong)) => errors.add(&field, wrong),
            None => errors.add(&field, "not_a_choice"),
        }
    }
    errors.or_ok()?;
    store::save(work, case, round, kept.tool(), &answers).await?;
    let about = About { fields: given.keys().cloned().collect(), ..about(case, round.id) };
    work.record(Fact::AssessmentEdited, about.note(json!({ "tool": round.tool }))).await
}

/// How a worker finalises a round.
#[derive(Debug, Clone, Default)]
pub struct Finalising {
    /// The edition that the worker looked at.
    pub version: i32,
    /// When the conversation took place; now when `None`.
    pub happened_at: Option<DateTime<Utc>>,
    /// Why it is written down so late.
    pub late_reason: String,
    /// The level of risk that it shows; empty where the pack has no rule and nothing changes.
    pub risk: String,
    /// Why the level is lower than the rule says, or than it was.
    pub reason: String,
}

/// Finalises a round: counts its points, sets the level of risk, and leaves what follows as a task. What is finalised never changes.
pub async fn finalise(work: &mut Work, case: Case, round: &Round, how: &Finalising) -> Result<(), Error> {
    case.may_be_written(work).await?;
    must_be_draft(round, how.version)?;
    let kept = Kept::of(work, round).await?;
    let tool = kept.tool();
    let answers = answers(work, round).await?;
    let now = work.now();
    let happened_at = how.happened_at.unwrap_or(now);
    check(&kept, &answers, how, (happened_at, now))?;
    let answers = scoring::counting(tool, &answers);
    let outcome = scoring::outcome(tool, &answers);
    let case = set_risk(work, case, &outcome, how).await?;
    let next = chores::next(work, &case, tool, (outcome.goes_on_to.is_some(), happened_at)).await?;
    let needs_approval = tool.approved_for(&case.type_code).is_some();
    let typed = |text: &'_ str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let (risk, risk_reason, late_reason) = (typed(&how.risk), typed(&how.reason), typed(&how.late_reason));
    let finalised = Finalised {
        outcome: &outcome,
        risk: risk.as_deref(),
        risk_reason: risk_reason.as_deref(),
        next_due_at: next.map(|(_, due)| due),
        needs_approval,
        happened_at,
        late_reason: late_reason.as_deref(),
    };
    store::finalise(work, &case, round, (tool, &answers), finalised).await?;
    chores::go_on(work, &case, next).await?;
    // It was a conversation.
    contact::met(work, &case, happened_at).await?;
    let fact = if needs_approval { Fact::AssessmentSubmitted } else { Fact::AssessmentFinalised };
    if needs_approval {
        chores::ask_approval(work, &case).await?;
        approved::keep(work, case.id, Of::Assessment(round.id), ("submitted", "")).await?;
    }
    let codes = json!({ "tool": tool.code, "proposed": outcome.level, "risk": how.risk, "reason": how.reason });
    work.record(fact, about(&case, round.id).note(codes)).await
}

fn check(
    kept: &Kept,
    answers: &Answers,
    how: &Finalising,
    (happened_at, now): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), Error> {
    let mut errors = FieldErrors::default();
    if !scoring::missing(kept.tool(), answers).is_empty() {
        errors.add("", "answers_missing");
    }
    let late_after = TimeDelta::hours(i64::from(kept.pack().deadlines.late_entry.rough_hours()));
    note::check_moment(happened_at, now, late_after, &how.late_reason, &mut errors);
    if how.late_reason.chars().count() > 200 {
        errors.add("late_reason", "too_long");
    }
    errors.or_ok()
}

// Raised freely; lower than it was, or than the pack's rule says, with a reason only.
async fn set_risk(work: &mut Work, case: Case, outcome: &Outcome, how: &Finalising) -> Result<Case, Error> {
    let pack = cases::pack_of(work, &case).await?;
    let proposed = proposed(&pack, outcome);
    if how.risk.is_empty() {
        return if proposed.is_none() { Ok(case) } else { Err(invalid("risk", "required")) };
    }
    if proposed.is_some_and(|level| pack.lowers_risk(level, &how.risk)) {
        if how.reason.is_empty() {
            return Err(invalid("reason", "required"));
        }
        if pack.reason(ReasonKind::LoweringRisk, &how.reason).is_none() {
            return Err(invalid("reason", "not_a_choice"));
        }
    }
    // The same level again would only put the next follow-up off (S21).
    if case.risk.as_deref() == Some(how.risk.as_str()) {
        return Ok(case);
    }
    let assessed = Assessed { risk: how.risk.clone(), reason: how.reason.clone(), version: case.version };
    cases::set_risk(work, case, assessed).await
}

/// The level that the rule proposes, as far as the case's own version of the pack knows it.
pub fn proposed<'a>(pack: &Pack, outcome: &'a Outcome) -> Option<&'a str> {
    outcome.level.as_deref().filter(|level| pack.risk_level(level).is_some())
}

/// Approves a finalised round; never one that the approver wrote in.
pub async fn approve(work: &mut Work, case: &Case, round: &Round, version: i32, remark: &str) -> Result<(), Error> {
    may_approve(work, case, round, version).await?;
    store::approve(work, round, remark.trim()).await?;
    approved::keep(work, case.id, Of::Assessment(round.id), ("approved", remark)).await?;
    chores::ask_approval(work, case).await?;
    work.record(Fact::AssessmentApproved, about(case, round.id).note(json!({ "tool": round.tool }))).await
}

/// Gives a finalised round back, and says why.
pub async fn give_back(work: &mut Work, case: &Case, round: &Round, version: i32, remark: &str) -> Result<(), Error> {
    may_approve(work, case, round, version).await?;
    if remark.trim().is_empty() {
        return Err(invalid("remark", "required"));
    }
    store::give_back(work, round, remark.trim()).await?;
    approved::keep(work, case.id, Of::Assessment(round.id), ("returned", remark)).await?;
    chores::ask_approval(work, case).await?;
    chores::ask_mending(work, case, round).await?;
    work.record(Fact::AssessmentReturned, about(case, round.id).note(json!({ "tool": round.tool }))).await
}

async fn may_approve(work: &mut Work, case: &Case, round: &Round, version: i32) -> Result<(), Error> {
    work.may_in(Act::CaseApprove, case.unit, Some(case.id)).await?;
    if !round.awaits_approval() {
        return Err(state(&round.state, "assessment_not_waiting"));
    }
    if round.writers.contains(&work.me()?) {
        return Err(state(&round.state, "own_review"));
    }
    same_version(round.version, version)
}

fn must_be_draft(round: &Round, version: i32) -> Result<(), Error> {
    if !round.is_draft() {
        return Err(state(&round.state, "assessment_final"));
    }
    same_version(round.version, version)
}

fn state(state: &str, code: &'static str) -> Error {
    Error::Conflict(Clash::State { state: state.to_owned(), code })
}

async fn answers(work: &mut Work, round: &Round) -> Result<Answers, Error> {
    let said = store::said(work, round.case_id, std::slice::from_ref(round)).await?;
    Ok(said.into_iter().next().unwrap_or_default().answers)
}

/// The name of a question's field in a form.
pub fn field(question: &str) -> String {
    format!("q_{question}")
}

/// What the audit names of a round.
pub(super) fn about(case: &Case, id: AssessmentId) -> About {
    About::case(case.id).with(case.person_id).with(id)
}
