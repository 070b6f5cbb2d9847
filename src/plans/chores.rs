//! The tasks that plans leave: what is to be done by a day, a review, an approval, and what was given back.
use chrono::NaiveDate;

use super::line::{Line, numbers};
use super::plan::Plan;
use super::store;
use crate::cases::Case;
use crate::cases::actions::pack_of;
use crate::error::Error;
use crate::packs::{self, Period, PlanRules};
use crate::platform::db::Work;
use crate::platform::ids::PlanLineId;
use crate::tasks::approvals::{self, Asked};
use crate::tasks::clock;
use crate::tasks::task::PLAN_ACTION;
use crate::tasks::{self, NewTask};

/// What the newest version of the case's pack says of plans.
pub(super) async fn rules(work: &mut Work, case: &Case) -> Result<Option<PlanRules>, Error> {
    Ok(packs::store::of_case_type(work, case.case_type).await?.1.plan.clone())
}

/// A dated action that is still open waits for whoever does it or sees to it, otherwise for whoever keeps the case; any other waits no more. The
/// task names it by its number in the plan: the words lie sealed (S13).
pub(super) async fn of_line(work: &mut Work, case: &Case, line: &Line, number: Option<&String>) -> Result<(), Error> {
    end_of_line(work, case, line.id).await?;
    let Some(due_on) = line.due_on.filter(|_| line.is_action() && line.is_open()) else { return Ok(()) };
    let due = tasks::store::calendar(work, case.unit).await?.end_of(due_on);
    let number = number.cloned().unwrap_or_default();
    let task =
        NewTask::of_case(PLAN_ACTION, case.id, due).to(line.worker.or(case.case_manager)).titled(number).once(key(line.id));
    tasks::actions::add(work, task).await?;
    Ok(())
}

/// Nothing waits for this line any more.
pub(super) async fn end_of_line(work: &mut Work, case: &Case, line: PlanLineId) -> Result<(), Error> {
    tasks::actions::done_under(work, case.id, &key(line)).await
}

fn key(line: PlanLineId) -> String {
    format!("plan_action:{line}")
}

/// When progress is looked at if nobody says another day.
pub(super) async fn next_review(work: &mut Work, case: &Case) -> Result<NaiveDate, Error> {
    let period = rules(work, case).await?.and_then(|rules| rules.review_after);
    let calendar = tasks::store::calendar(work, case.unit).await?;
    let period = period.unwrap_or(Period::Months(3));
    Ok(calendar.date(clock::due(period, work.now(), &calendar)))
}

/// One task for the next review; the one before is done.
pub(super) async fn ask_review(work: &mut Work, case: &Case, on: Option<NaiveDate>) -> Result<(), Error> {
    tasks::actions::done_in_case(work, case.id, &["plan_review"]).await?;
    let Some(on) = on else { return Ok(()) };
    let due = tasks::store::calendar(work, case.unit).await?.end_of(on);
    tasks::actions::add(work, NewTask::of_case("plan_review", case.id, due).to(case.case_manager)).await?;
    Ok(())
}

/// The case is open again: what the plan that holds still asks for waits anew, and so does the approval or the mending of the one that is to follow. A
/// day that passed meanwhile is counted from today.
pub async fn begin_again(work: &mut Work, case: &Case) -> Result<(), Error> {
    let plans = store::list(work, case.id).await?;
    if let Some(plan) = plans.iter().find(|plan| plan.awaits_approval()) {
        ask_approval(work, case, plan).await?;
    }
    if let Some(plan) = plans.iter().find(|plan| plan.was_returned()) {
        ask_mending(work, case, plan).await?;
    }
    let Some(plan) = plans.into_iter().find(Plan::is_agreed) else { return Ok(()) };
    let calendar = tasks::store::calendar(work, case.unit).await?;
    let (today, soon) = (work.today(), clock::due_by_working_days(work.now(), 1, &calendar));
    let lines: Vec<Line> = store::lines(work, &[&plan]).await?.into_iter().map(|(_, line)| line).collect();
    let numbers = numbers(&lines);
    for line in lines {
        // What is left to do of what is late was not late while nobody worked on it.
        let due_on = line.due_on.map(|day| if day < today { calendar.date(soon) } else { day });
        let number = numbers.get(&line.id);
        of_line(work, case, &Line { due_on, ..line }, number).await?;
    }
    let review_on = match plan.review_on.filter(|day| *day > today) {
        Some(day) => day,
        None => next_review(work, case).await?,
    };
    if plan.review_on != Some(review_on) {
        store::set_review(work, plan.id, Some(review_on)).await?;
    }
    ask_review(work, case, Some(review_on)).await
}

/// A plan was put forward: what waited to be mended is, and where somebody must approve it that waits for the named supervisor, where they
/// wrote in it or are away for a stand-in, and where nobody is named for the unit.
pub(super) async fn ask_approval(work: &mut Work, case: &Case, plan: &Plan) -> Result<(), Error> {
    tasks::actions::done_in_case(work, case.id, &["mend_plan", "approve_plan"]).await?;
    let rules = rules(work, case).await?;
    let Some(approval) = rules.as_ref().and_then(|rules| rules.approved_for(&case.type_code)) else { return Ok(()) };
    let calendar = tasks::store::calendar(work, case.unit).await?;
    let due = clock::due(approval.within, work.now(), &calendar);
    let reminder = pack_of(work, case).await?.deadlines.reminder;
    let (kind, writers) = ("approve_plan", plan.writers.as_slice());
    approvals::ask(work, &Asked { kind, case: case.id, unit: case.unit, writers, due_at: due, reminder }).await
}

/// Nobody need approve it any more.
pub(super) async fn approval_given(work: &mut Work, case: &Case) -> Result<(), Error> {
    tasks::actions::done_in_case(work, case.id, &["approve_plan"]).await
}

/// A plan was given back: whoever wrote in it last mends it, by the next working day.
pub(super) async fn ask_mending(work: &mut Work, case: &Case, plan: &Plan) -> Result<(), Error> {
    approval_given(work, case).await?;
    let calendar = tasks::store::calendar(work, case.unit).await?;
    let due = clock::due_by_working_days(work.now(), 1, &calendar);
    let writer = plan.writers.last().copied().filter(|writer| Some(*writer) == case.case_manager).or(case.case_manager);
    tasks::actions::add(work, NewTask::of_case("mend_plan", case.id, due).to(writer)).await?;
    Ok(())
}
