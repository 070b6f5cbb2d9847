//! Who keeps a case, who supervises it, and of which type it is: changes that may end the actor's own sight of it.
use serde_json::json;

use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::case::Case;
use crate::cases::owning;
use crate::cases::store::{self, NewMove};
use crate::error::{Clash, Error, invalid};
use crate::packs::{self, CaseType, Sensitivity, Word};
use crate::platform::db::Work;
use crate::platform::ids::{UnitId, UserId};
use crate::supervision::carrying::{self, Meant};
use crate::tasks::task::TAKE_UP;
use crate::tasks::{self, NewTask};

/// A new keeper for a case.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// Who will keep it; `None` leaves it in the unit's inbox.
    pub manager: Option<UserId>,
    /// The named supervisor.
    pub supervisor: Option<UserId>,
    /// The edition of the case that the actor looked at.
    pub version: i32,
    /// What is meant all the same: that whoever gets it is away, carries more than a full caseload, or works below its level.
    pub meant: Meant,
}

/// Gives the case to a worker, or back to the unit's inbox. The new one gets a task and, by the fact, a notification.
pub async fn assign(work: &mut Work, case: Case, assignment: Assignment) -> Result<(), Error> {
    case.must_be_open()?;
    case.must_be(assignment.version)?;
    // Whoever takes a case from the inbox for themselves needs no more than the right to work on it.
    let takes_up = case.case_manager.is_none() && assignment.manager == Some(work.me()?);
    if takes_up {
        work.may_steer(case.unit, case.id).await?;
    } else {
        work.may_in(Act::CaseAssign, case.unit, Some(case.id)).await?;
    }
    let pack = super::pack_of(work, &case).await?;
    let (case_type, _) = super::rules(&pack, &case)?;
    check_keepers(work, case.unit, case_type, assignment.manager, assignment.supervisor).await?;
    if let Some(to) = assignment.manager.filter(|to| case.case_manager != Some(*to)) {
        carrying::may_get(work, &case, ("manager", to), assignment.meant).await?;
    }
    settle(work, &case, case.unit, assignment.manager, assignment.supervisor).await
}

/// Refuses keepers who could not see the case, or a restricted case without a supervisor (S9).
pub(super) async fn check_keepers(
    work: &mut Work,
    unit: UnitId,
    case_type: &CaseType,
    manager: Option<UserId>,
    supervisor: Option<UserId>,
) -> Result<(), Error> {
    if case_type.sensitivity == Sensitivity::Restricted && supervisor.is_none() {
        return Err(invalid("supervisor", "required"));
    }
    if supervisor.is_some() && supervisor == manager {
        return Err(invalid("supervisor", "same_as_manager"));
    }
    let colleagues = store::colleagues(work, unit, i16::from(case_type.id)).await?;
    if manager.is_some_and(|id| !colleagues.iter().any(|colleague| colleague.id == id)) {
        return Err(invalid("manager", "not_a_choice"));
    }
    if supervisor.is_some_and(|id| !colleagues.iter().any(|colleague| colleague.id == id && colleague.supervises)) {
        return Err(invalid("supervisor", "not_a_choice"));
    }
    Ok(())
}

/// Writes the change of keeper, then makes it: afterwards the actor may see nothing of the case.
pub(super) async fn settle(
    work: &mut Work,
    case: &Case,
    unit: UnitId,
    manager: Option<UserId>,
    supervisor: Option<UserId>,
) -> Result<(), Error> {
    let now = work.now();
    let (from, to) = (case.case_manager.map(|id| id.to_string()), manager.map(|id| id.to_string()));
    let step = NewMove { kind: "assigned", from: from.as_deref(), to: to.as_deref(), reason: "", happened_at: now };
    store::insert_move(work, case.id, step).await?;
    if manager != case.case_manager && manager == Some(work.me()?) {
        tasks::actions::done_in_case(work, case.id, &[TAKE_UP]).await?;
    } else if manager != case.case_manager {
        ask_to_take_up(work, case, unit, manager).await?;
    }
    let moved = if manager.is_some() { super::course::go_on_once_kept(work, case).await? } else { case.clone() };
    owning::hand_over(work, &moved, unit, manager, supervisor).await?;
    let mut about = About::case(case.id).note(json!({ "from": from, "to": to }));
    about.subjects.extend([case.case_manager, manager, supervisor].into_iter().flatten().map(|id| id.0));
    work.record(Fact::CaseAssigned, about).await
}

/// Gives a re-opened case to whoever keeps and supervises it from now on; one without a keeper waits in the unit's inbox, which for a restricted case
/// would be nobody (S9).
pub(super) async fn keep_again(
    work: &mut Work,
    case: Case,
    (keeper, supervisor): (Option<UserId>, Option<UserId>),
) -> Result<Case, Error> {
    if keeper.is_none() && case.sensitivity() == Sensitivity::Restricted {
        return Err(Error::Conflict(Clash::State { state: case.stage.clone(), code: "case_without_keeper" }));
    }
    let (from, to) = (case.case_manager.map(|id| id.to_string()), keeper.map(|id| id.to_string()));
    if keeper != case.case_manager {
        let step = NewMove { kind: "assigned", from: from.as_deref(), to: to.as_deref(), reason: "", happened_at: work.now() };
        store::insert_move(work, case.id, step).await?;
        ask_to_take_up(work, &case, case.unit, keeper).await?;
    }
    owning::keep_again(work, &case).await?;
    let mut about = About::case(case.id).note(json!({ "from": from, "to": to }));
    about.subjects.extend([case.case_manager, keeper, supervisor].into_iter().flatten().map(|id| id.0));
    work.record(Fact::CaseAssigned, about).await?;
    Ok(Case { case_manager: keeper, supervisor, version: case.version + 1, ..case })
}

// Who was asked before is asked no more. Whoever gets the case takes it up from then on, and does not begin late; what goes back to the unit's inbox
// keeps the time that it waited there. The clocks of its risk run on (S21).
async fn ask_to_take_up(work: &mut Work, case: &Case, unit: UnitId, keeper: Option<UserId>) -> Result<(), Error> {
    let open = tasks::store::of_case(work, case.id).await?;
    let waited = open.iter().filter(|task| task.kind == TAKE_UP && task.assignee.is_none()).map(|task| task.due_at).min();
    tasks::actions::done_in_case(work, case.id, &[TAKE_UP]).await?;
    let next = tasks::clock::due(packs::Period::WorkingDays(1), work.now(), &tasks::store::calendar(work, unit).await?);
    let by = waited.filter(|_| keeper.is_none()).map_or(next, |due| due.min(next));
    tasks::actions::add(work, NewTask::of_case(TAKE_UP, case.id, by).to(keeper)).await?;
    Ok(())
}

/// Whoever keeps the case works on it: they are not asked to take it up any more.
pub(in crate::cases) async fn taken_up(work: &mut Work, case: &Case) -> Result<(), Error> {
    if case.case_manager == Some(work.me()?) { tasks::actions::done_in_case(work, case.id, &[TAKE_UP]).await } else { Ok(()) }
}

/// Gives the case another type, and with it another circle of people who may see it (S9).
pub async fn reclassify(
    work: &mut Work,
    case: Case,
    to_type: i16,
    supervisor: Option<UserId>,
    version: i32,
) -> Result<(), Error> {
    work.may_in(Act::CaseClassify, case.unit, Some(case.id)).await?;
    case.must_be_open()?;
    case.must_be(version)?;
    let pack = super::pack_of(work, &case).await?;
    let to = u8::try_from(to_type).ok().and_then(|id| pack.case_type_by_id(id));
    let to = to.ok_or_else(|| invalid("case_type", "not_a_choice"))?;
    let (from, _) = super::rules(&pack, &case)?;
    // A complaint about staff begins outside the unit (S9); no case of a unit becomes one.
    if to.process != from.process || to.code == from.code || to.outside_unit {
        return Err(invalid("case_type", "not_a_choice"));
    }
    if to.sensitivity == Sensitivity::Restricted && supervisor.is_none() {
        return Err(invalid("supervisor", "required"));
    }
    // Whom the new type leaves without sight keeps no part in the case.
    let colleagues = store::colleagues(work, case.unit, to_type).await?;
    if supervisor.is_some_and(|id| !colleagues.iter().any(|colleague| colleague.id == id && colleague.supervises)) {
        return Err(invalid("supervisor", "not_a_choice"));
    }
    let manager = case.case_manager.filter(|&id| colleagues.iter().any(|colleague| colleague.id == id));
    let now = work.now();
    let step = NewMove { kind: "type", from: Some(&from.code), to: Some(&to.code), reason: "", happened_at: now };
    store::insert_move(work, case.id, step).await?;
    let codes = json!({ "from": from.sensitivity.as_str(), "to": to.sensitivity.as_str() });
    if manager != case.case_manager {
        ask_to_take_up(work, &case, case.unit, supervisor).await?;
    }
    owning::reclassify(work, &case, to_type, manager, supervisor).await?;
    work.record(Fact::CaseReclassified, About::case(case.id).note(codes)).await
}

/// The packs' types this actor may give to a case of this process, by number and code.
pub async fn types_of_process(work: &mut Work, case: &Case) -> Result<Vec<(i16, packs::Labels)>, Error> {
    let pack = super::pack_of(work, case).await?;
    let (from, _) = super::rules(&pack, case)?;
    let same = pack.case_types.iter().filter(|to| to.process == from.process && to.code != from.code && !to.outside_unit);
    Ok(same.map(|to| (i16::from(to.id), to.labels.clone())).collect())
}
