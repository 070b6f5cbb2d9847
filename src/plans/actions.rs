//! The verbs of plans: begin, write, put forward, approve, give back, agree, mark, review, end.
mod agree;
pub mod code;
mod lines;
mod review;

pub use super::chores::begin_again;
pub use agree::{Agreeing, agree};
pub(in crate::plans) use agree::{may_say_what_is_best, placed_for};
pub use lines::{change, mark, remove, write};
pub(in crate::plans) use lines::{colleagues, services};
pub(in crate::plans) use review::field;
pub use review::{Reviewing, review};

use chrono::NaiveDate;
use serde_json::json;

use super::chores;
use super::line::{ACTIONS, Line};
use super::plan::{Plan, Said};
use super::standing::Standing;
use super::store;
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::{Case, gates};
use crate::error::{Clash, Error, FieldErrors, invalid, same_version};
use crate::packs::plan::PANEL;
use crate::packs::{self, Pack};
use crate::platform::db::Work;
use crate::platform::ids::PlanId;
use crate::tasks::approved::{self, Of};

/// Begins a version, as a copy of the one that holds; where one is being written already, answers that one.
pub async fn begin(work: &mut Work, case: &Case) -> Result<PlanId, Error> {
    case.may_be_written(work).await?;
    let standing = Standing::of(work, case).await?;
    if let Some(coming) = standing.coming() {
        return Ok(coming.id);
    }
    let follows = standing.agreed();
    let id = store::begin(work, case, follows).await?;
    if let Some(former) = follows {
        copy(work, case, former, id).await?;
    }
    record(work, Fact::PlanBegun, case, id, json!({ "copied": follows.is_some() })).await?;
    Ok(id)
}

// What a household's plan should never have named is not carried on (S12).
async fn copy(work: &mut Work, case: &Case, former: &Plan, into: PlanId) -> Result<(), Error> {
    let lines: Vec<Line> = store::lines(work, &[former]).await?.into_iter().map(|(_, line)| line).collect();
    let (_, pack) = packs::store::of_case_type(work, case.case_type).await?;
    let together = case.is_of_household(&pack);
    let those = |names: fn(&Line, &Pack) -> bool| -> Vec<_> {
        lines.iter().filter(|line| together && names(line, &pack)).map(|line| line.id).collect()
    };
    let less = (those(Line::names_need_of_one), those(Line::names_service_for_one));
    store::copy(work, &lines, into, (&less.0, &less.1)).await
}

/// Saves what stands above the goals, over the version that was read.
pub async fn save(
    work: &mut Work,
    case: &Case,
    plan: &Plan,
    (version, said, review_on): (i32, &Said, Option<NaiveDate>),
) -> Result<(), Error> {
    case.may_be_written(work).await?;
    must_be_draft(plan)?;
    same_version(plan.version, version)?;
    if review_on.is_some_and(|day| day < work.today()) {
        return Err(invalid("review_on", "in_past"));
    }
    store::save_said(work, plan, said, review_on).await?;
    let fields = ["wants", "limits", "tried", "review_on"].map(ToOwned::to_owned).to_vec();
    let about = About { fields, ..about(case, plan.id) };
    work.record(Fact::PlanEdited, about).await
}

/// Puts a draft forward: nothing of it changes until both sides have agreed or it is taken back.
pub async fn propose(work: &mut Work, case: &Case, plan: &Plan, version: i32) -> Result<(), Error> {
    case.may_be_written(work).await?;
    must_be_draft(plan)?;
    same_version(plan.version, version)?;
    let lines = store::lines(work, &[plan]).await?;
    let has = |kinds: &[&str]| lines.iter().any(|(_, line)| kinds.contains(&line.kind.as_str()));
    let mut errors = FieldErrors::default();
    if !(has(&["goal"]) && has(&["result"]) && has(ACTIONS)) {
        errors.add("", "plan_unfinished");
    }
    let is_bare = |goal: &Line| !lines.iter().any(|(_, line)| line.kind == "result" && line.parent == Some(goal.id));
    if lines.iter().any(|(_, line)| line.kind == "goal" && is_bare(line)) {
        errors.add("", "plan_goal_bare");
    }
    if !gates::of_panel(work, case, PANEL).await?.is_empty() {
        errors.add("", "plan_gate_shut");
    }
    errors.or_ok()?;
    let rules = chores::rules(work, case).await?;
    let needs_approval = rules.is_some_and(|rules| rules.approved_for(&case.type_code).is_some());
    store::propose(work, plan, needs_approval).await?;
    let plan = store::find(work, case.id, plan.id).await?;
    chores::ask_approval(work, case, &plan).await?;
    if needs_approval {
        approved::keep(work, case.id, Of::Plan(plan.id), ("submitted", "")).await?;
    }
    let fact = if needs_approval { Fact::PlanSubmitted } else { Fact::PlanProposed };
    record(work, fact, case, plan.id, json!({ "round": plan.round })).await
}

/// Takes what was put forward back, to write in it again: whoever agreed to it before is asked again.
pub async fn take_back(work: &mut Work, case: &Case, plan: &Plan, version: i32) -> Result<(), Error> {
    case.may_be_written(work).await?;
    must_be_proposed(plan, version)?;
    store::to_draft(work, plan, None).await?;
    chores::approval_given(work, case).await?;
    record(work, Fact::PlanReopened, case, plan.id, json!({ "round": plan.round })).await
}

/// Approves what was put forward; never what the approver wrote in.
pub async fn approve(work: &mut Work, case: &Case, plan: &Plan, version: i32, remark: &str) -> Result<(), Error> {
    may_approve(work, case, plan, version).await?;
    store::approve(work, plan, remark.trim()).await?;
    approved::keep(work, case.id, Of::Plan(plan.id), ("approved", remark)).await?;
    chores::approval_given(work, case).await?;
    record(work, Fact::PlanApproved, case, plan.id, json!({ "round": plan.round })).await
}

/// Gives back what was put forward, and says why.
pub async fn give_back(work: &mut Work, case: &Case, plan: &Plan, version: i32, remark: &str) -> Result<(), Error> {
    may_approve(work, case, plan, version).await?;
    if remark.trim().is_empty() {
        return Err(invalid("remark", "required"));
    }
    store::to_draft(work, plan, Some(remark.trim())).await?;
    approved::keep(work, case.id, Of::Plan(plan.id), ("returned", remark)).await?;
    chores::ask_mending(work, case, plan).await?;
    record(work, Fact::PlanReturned, case, plan.id, json!({ "round": plan.round })).await
}

async fn may_approve(work: &mut Work, case: &Case, plan: &Plan, version: i32) -> Result<(), Error> {
    work.may_in(Act::CaseApprove, case.unit, Some(case.id)).await?;
    if !plan.awaits_approval() {
        return Err(state(plan, "plan_not_waiting"));
    }
    if plan.writers.contains(&work.me()?) {
        return Err(state(plan, "own_review"));
    }
    same_version(plan.version, version)
}

fn must_be_draft(plan: &Plan) -> Result<(), Error> {
    if plan.is_draft() { Ok(()) } else { Err(state(plan, "plan_not_draft")) }
}

fn must_be_proposed(plan: &Plan, version: i32) -> Result<(), Error> {
    if plan.is_proposed() { same_version(plan.version, version) } else { Err(state(plan, "plan_not_proposed")) }
}

fn state(plan: &Plan, code: &'static str) -> Error {
    Error::Conflict(Clash::State { state: plan.state.clone(), code })
}

/// What the audit names of a plan.
pub(super) fn about(case: &Case, id: PlanId) -> About {
    About::case(case.id).with(case.person_id).with(id)
}

async fn record(work: &mut Work, fact: Fact, case: &Case, id: PlanId, note: serde_json::Value) -> Result<(), Error> {
    work.record(fact, about(case, id).note(note)).await
}
