//! Risk levels and the clocks they start (S21).
use chrono::{DateTime, Utc};
use serde_json::json;

use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::case::Case;
use crate::cases::lost_contact;
use crate::cases::store::{self, NewMove};
use crate::error::{Error, invalid};
use crate::packs::{Demand, Pack, ReasonKind, RiskLevel};
use crate::platform::db::Work;
use crate::platform::ids::UserId;
use crate::tasks::clock::RiskClock;
use crate::tasks::task::FOLLOW_UP;
use crate::tasks::{self, NewTask};

// When the follow-up is due, and from when it is overdue.
type Moments = (DateTime<Utc>, DateTime<Utc>);

/// A risk level as a worker sets it.
#[derive(Debug, Clone)]
pub struct Assessed {
    /// The level.
    pub risk: String,
    /// Why it is lower than before; a code of the pack.
    pub reason: String,
    /// The edition of the case that the worker looked at.
    pub version: i32,
}

/// Sets the risk level: raised freely, lowered with a reason only. The next follow-up is computed anew.
pub async fn set_risk(work: &mut Work, case: Case, assessed: Assessed) -> Result<Case, Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    case.must_be_open()?;
    case.must_be(assessed.version)?;
    let pack = super::pack_of(work, &case).await?;
    if pack.risk_level(&assessed.risk).is_none() {
        return Err(invalid("risk", "not_a_choice"));
    }
    if case.risk.as_deref().is_some_and(|before| pack.lowers_risk(before, &assessed.risk)) {
        check_lowering(work, &case, &pack, &assessed.reason).await?;
    }
    let now = work.now();
    let before = case.risk.clone();
    let case = Case { risk: Some(assessed.risk), risk_set_at: Some(now), ..case };
    store::save(work, &case).await?;
    let step =
        NewMove { kind: "risk", from: before.as_deref(), to: case.risk.as_deref(), reason: &assessed.reason, happened_at: now };
    store::insert_move(work, case.id, step).await?;
    restart_clocks(work, &case, &pack, before.as_deref()).await?;
    lost_contact::follow_risk(work, &pack, &case).await?;
    let codes = json!({ "from": before, "to": case.risk, "reason": assessed.reason });
    work.record(Fact::RiskSet, About::case(case.id).note(codes)).await?;
    Ok(Case { version: case.version + 1, ..case })
}

async fn check_lowering(work: &mut Work, case: &Case, pack: &Pack, reason: &str) -> Result<(), Error> {
    if reason.is_empty() {
        return Err(invalid("reason", "required"));
    }
    let reason = pack.reason(ReasonKind::LoweringRisk, reason).ok_or_else(|| invalid("reason", "not_a_choice"))?;
    if reason.demands(Demand::Supervisor) && work.may_in(Act::CaseAssign, case.unit, Some(case.id)).await.is_err() {
        return Err(invalid("reason", "needs_supervisor"));
    }
    Ok(())
}

// A clock that runs goes on while the level still asks for what it counts: setting the level again, or a higher one, must buy nobody time (S21).
// Where no safety action is asked for any more, its task and the supervisor's alert end, and the supervisor is told of the new level.
async fn restart_clocks(work: &mut Work, case: &Case, pack: &Pack, before: Option<&str>) -> Result<(), Error> {
    let Some(level) = case.risk.as_deref().and_then(|risk| pack.risk_level(risk)) else { return Ok(()) };
    if level.safety_action.is_none() {
        tasks::actions::done_in_case(work, case.id, &["safety_action", "safety_alert"]).await?;
    }
    let next = start_safety_clock(work, case, level, case.case_manager).await?;
    let lowered = before.is_some_and(|before| pack.lowers_risk(before, &level.code));
    let open = tasks::store::of_case(work, case.id).await?;
    let waiting = open.iter().filter(|task| task.kind == FOLLOW_UP && !lowered);
    let waits = waiting.map(|task| (task.due_at, task.overdue_at.unwrap_or(task.due_at))).min();
    let (due, overdue) = waits.map_or(next, |waits| (waits.0.min(next.0), waits.1.min(next.1)));
    if waits == Some((due, overdue)) {
        return Ok(());
    }
    tasks::actions::done_in_case(work, case.id, &[FOLLOW_UP]).await?;
    add_follow_up(work, case, (due, overdue), case.case_manager).await
}

/// Starts the clocks of the case's risk level: the follow-up, and for a high risk the safety action with its alert to the supervisor.
pub(super) async fn start_clocks(work: &mut Work, case: &Case, pack: &Pack, keeper: Option<UserId>) -> Result<(), Error> {
    let Some(level) = case.risk.as_deref().and_then(|risk| pack.risk_level(risk)) else { return Ok(()) };
    let moments = start_safety_clock(work, case, level, keeper).await?;
    add_follow_up(work, case, moments, keeper).await
}

// The safety action, where the level asks for one that is not awaited yet; answers when the follow-up is due, and from when it is overdue.
async fn start_safety_clock(work: &mut Work, case: &Case, level: &RiskLevel, keeper: Option<UserId>) -> Result<Moments, Error> {
    let calendar = tasks::store::calendar(work, case.unit).await?;
    let moments = RiskClock::of(level).moments(case.risk_set_at.unwrap_or(case.opened_at), &calendar);
    if let (Some(by), false) = (moments.safety_action_by, store::awaits_safety_action(work, case.id).await?) {
        let task = NewTask::of_case("safety_action", case.id, by).to(keeper).reminded(moments.alert_at);
        tasks::actions::add(work, task).await?;
    }
    Ok((moments.follow_up_by, moments.overdue_from))
}

async fn add_follow_up(work: &mut Work, case: &Case, (due, overdue): Moments, keeper: Option<UserId>) -> Result<(), Error> {
    let task = NewTask::of_case(FOLLOW_UP, case.id, due).to(keeper).overdue_from(overdue);
    tasks::actions::add(work, task).await?;
    Ok(())
}

/// The next follow-up, counted from a contact that took place: the last one is done and the next begins.
pub(super) async fn follow_on(work: &mut Work, case: &Case, pack: &Pack) -> Result<(), Error> {
    if case.last_contact_at.is_none() {
        return Ok(());
    }
    follow_from(work, case, pack).await
}

/// The next follow-up, counted from the last contact. An older one that is written down late pulls back no clock that began after it.
pub(in crate::cases) async fn follow_from(work: &mut Work, case: &Case, pack: &Pack) -> Result<(), Error> {
    let from = case.last_contact_at.max(case.risk_set_at).unwrap_or(case.opened_at);
    tasks::actions::done_in_case(work, case.id, &[FOLLOW_UP]).await?;
    let Some(level) = case.risk.as_deref().and_then(|risk| pack.risk_level(risk)) else { return Ok(()) };
    let calendar = tasks::store::calendar(work, case.unit).await?;
    let moments = RiskClock::of(level).moments(from, &calendar);
    add_follow_up(work, case, (moments.follow_up_by, moments.overdue_from), case.case_manager).await
}
