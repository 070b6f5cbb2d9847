//! The tasks that assessments leave: the analysis that is due, the next round, an approval, and what was given back.
use chrono::{DateTime, Utc};

use super::offered::Kept;
use super::round::Round;
use super::store;
use crate::cases::Case;
use crate::cases::actions::pack_of;
use crate::error::Error;
use crate::packs::Tool;
use crate::platform::db::Work;
use crate::tasks::approvals::{self, Asked};
use crate::tasks::clock;
use crate::tasks::{self, NewTask};

/// When what follows from a tool is due, and the kind of its task: the analysis it leads to, otherwise the next round.
pub(super) async fn next(
    work: &mut Work,
    case: &Case,
    tool: &Tool,
    (goes_on, from): (bool, DateTime<Utc>),
) -> Result<Option<(&'static str, DateTime<Utc>)>, Error> {
    let period = match &tool.goes_on {
        Some(next) if goes_on => Some(("analysis_due", next.within)),
        _ => tool.again_after.map(|period| ("assess_again", period)),
    };
    let Some((kind, period)) = period else { return Ok(None) };
    let calendar = tasks::store::calendar(work, case.unit).await?;
    Ok(Some((kind, clock::due(period, from, &calendar))))
}

/// A round is finalised: what waited for it is done, and what follows from it waits.
pub(super) async fn go_on(work: &mut Work, case: &Case, next: Option<(&'static str, DateTime<Utc>)>) -> Result<(), Error> {
    tasks::actions::done_in_case(work, case.id, &["analysis_due", "assess_again", "mend_assessment"]).await?;
    if let Some((kind, due)) = next {
        tasks::actions::add(work, NewTask::of_case(kind, case.id, due).to(case.case_manager)).await?;
    }
    Ok(())
}

/// The case is open again: what follows from the round that was finalised last waits anew, counted from today, and so do approvals.
pub async fn begin_again(work: &mut Work, case: &Case) -> Result<(), Error> {
    let rounds = store::list(work, case.id).await?;
    let last = rounds.into_iter().filter(|round| round.finalised_at.is_some()).max_by_key(|round| round.finalised_at);
    if let Some(round) = last {
        let kept = Kept::of(work, &round).await?;
        let now = work.now();
        let next = next(work, case, kept.tool(), (round.goes_on_to.is_some(), now)).await?;
        go_on(work, case, next).await?;
    }
    ask_approval(work, case).await
}

/// One task for each round that waits for approval: the named supervisor's, or, where they wrote in it or are away, a stand-in's; where nobody
/// is named, the unit's.
pub(super) async fn ask_approval(work: &mut Work, case: &Case) -> Result<(), Error> {
    tasks::actions::done_in_case(work, case.id, &["approve_assessment"]).await?;
    let waiting: Vec<Round> = store::list(work, case.id).await?.into_iter().filter(Round::awaits_approval).collect();
    for round in waiting {
        let kept = Kept::of(work, &round).await?;
        let Some(approval) = &kept.tool().approval else { continue };
        let calendar = tasks::store::calendar(work, case.unit).await?;
        let due = clock::due(approval.within, round.finalised_at.unwrap_or(round.recorded_at), &calendar);
        let reminder = pack_of(work, case).await?.deadlines.reminder;
        let (kind, writers) = ("approve_assessment", round.writers.as_slice());
        approvals::ask(work, &Asked { kind, case: case.id, unit: case.unit, writers, due_at: due, reminder }).await?;
    }
    Ok(())
}

/// A round was given back: whoever wrote in it last mends it, by the next working day.
pub(super) async fn ask_mending(work: &mut Work, case: &Case, round: &Round) -> Result<(), Error> {
    let calendar = tasks::store::calendar(work, case.unit).await?;
    let due = clock::due_by_working_days(work.now(), 1, &calendar);
    let writer = round.writers.last().copied().filter(|writer| Some(*writer) == case.case_manager).or(case.case_manager);
    tasks::actions::add(work, NewTask::of_case("mend_assessment", case.id, due).to(writer)).await?;
    Ok(())
}
