//! The verbs: plan a session, write one down, decide something of a case in it, and note how the worker is.
use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::json;

use super::session::{NewPlan, NewSession, Plan, Session};
use super::store;
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases;
use crate::error::{Error, FieldErrors, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId, TaskId, UnitId, UserId};
use crate::supervision::store as board;
use crate::tasks::task::FURTHEST;
use crate::tasks::{self, NewTask};

const LONGEST_DECISION: usize = 200;
const LONGEST_NOTE: usize = 4000;

/// Writes down a session that the actor held with colleagues of the units that they supervise. The facts name it and never what was said.
pub async fn hold(work: &mut Work, new: &NewSession) -> Result<Session, Error> {
    work.may(Act::CaseAssign)?;
    let (held_at, mut errors) = new.check(work.now());
    if let Some(planned) = new.planned
        && !store::plan(work, planned).await?.has_begun(work.now())
    {
        errors.add("happened_at", "before_its_plan");
    }
    let Company { workers, names, unit } = company(work, &new.workers, errors).await?;
    let me = work.me()?;
    let session = Session {
        id: RowId::new(),
        kind: new.kind.clone(),
        held_at,
        supervisor: me,
        supervisor_name: work.standing.name.clone(),
        worker_names: names,
        workers,
        late_reason: Some(new.late_reason.trim().to_owned()).filter(|reason| !reason.is_empty()),
    };
    store::insert(work, unit, &session).await?;
    for id in new.cases.iter().collect::<BTreeSet<_>>() {
        let case = cases::store::find(work, *id).await?;
        if !case.case_manager.is_some_and(|keeper| session.workers.contains(&keeper)) {
            return Err(invalid("cases", "not_a_choice"));
        }
        store::insert_case(work, &session, *id).await?;
    }
    if let Some(planned) = new.planned {
        store::end_plan(work, planned, Some(session.id)).await?;
    }
    let about = About::subjects(session.workers.iter().map(|worker| worker.0).chain(new.cases.iter().map(|case| case.0)));
    work.record(Fact::SupervisionHeld, about.with(session.id).note(json!({ "kind": session.kind }))).await?;
    Ok(session)
}

// Who takes part in a session, and the unit that it belongs to.
struct Company {
    workers: Vec<UserId>,
    names: Vec<String>,
    unit: UnitId,
}

// Those who were asked for, if each works where the actor supervises; with what else was wrong already.
async fn company(work: &mut Work, asked: &[UserId], mut errors: FieldErrors) -> Result<Company, Error> {
    let me = work.me()?;
    let units = board::units(work).await?;
    let reached: Vec<_> = units.iter().map(|unit| unit.id).collect();
    let colleagues = board::colleagues(work, &reached).await?;
    let known = |worker: &UserId| colleagues.iter().find(|one| one.id == *worker && *worker != me);
    if asked.iter().any(|worker| known(worker).is_none()) {
        errors.add("workers", "not_a_choice");
    }
    errors.or_ok()?;
    let mut workers = asked.to_vec();
    workers.sort_unstable_by_key(|worker| worker.0);
    workers.dedup();
    let unit = workers.first().and_then(known).and_then(|one| one.units.first()).copied().ok_or(Error::NotFound)?;
    let names = workers.iter().filter_map(known).map(|one| one.name.clone()).collect();
    Ok(Company { workers, names, unit })
}

/// Plans a session; it stands in the calendar of everybody who takes part.
pub async fn plan(work: &mut Work, new: &NewPlan) -> Result<RowId, Error> {
    work.may(Act::CaseAssign)?;
    let (starts_at, ends_at, errors) = new.check(work.now());
    let Company { workers, names, unit } = company(work, &new.workers, errors).await?;
    let plan = Plan {
        id: RowId::new(),
        kind: new.kind.clone(),
        starts_at,
        ends_at,
        supervisor: work.me()?,
        supervisor_name: work.standing.name.clone(),
        workers,
        worker_names: names,
        state: "planned".to_owned(),
        supervised: true,
    };
    store::insert_plan(work, unit, &plan).await?;
    let about = About::subjects(plan.workers.iter().map(|worker| worker.0)).with(plan.id);
    work.record(Fact::SupervisionPlanned, about.note(json!({ "kind": plan.kind }))).await?;
    Ok(plan.id)
}

/// Calls a planned session off: one's own, or another's where one supervises, who may have left.
pub async fn call_off(work: &mut Work, plan: &Plan) -> Result<(), Error> {
    work.may(Act::CaseAssign)?;
    if !plan.is_ended_by(work.me()?) {
        return Err(Error::Forbidden(Act::CaseAssign.code()));
    }
    store::end_plan(work, plan.id, None).await?;
    let all = plan.workers.iter().chain([&plan.supervisor]).map(|one| one.0);
    work.record(Fact::SupervisionCalledOff, About::subjects(all).with(plan.id)).await
}

/// What was decided of a case that was discussed becomes a task of it.
#[derive(Debug, Clone, Default)]
pub struct NewDecision {
    /// The case.
    pub case: Option<CaseId>,
    /// In words, without names.
    pub words: String,
    /// Who does it.
    pub assignee: Option<UserId>,
    /// By when.
    pub due_on: Option<NaiveDate>,
}

/// Decides something of a case that was discussed in a session of the actor's own.
pub async fn decide(work: &mut Work, session: &Session, new: &NewDecision) -> Result<TaskId, Error> {
    work.may(Act::CaseAssign)?;
    if session.supervisor != work.me()? {
        return Err(Error::Forbidden(Act::CaseAssign.code()));
    }
    let mut errors = FieldErrors::default();
    let words = new.words.trim();
    if words.is_empty() {
        errors.add("words", "required");
    } else if words.chars().count() > LONGEST_DECISION {
        errors.add("words", "too_long");
    }
    match new.due_on {
        None => errors.add("due_on", "required"),
        Some(day) if day < work.today() => errors.add("due_on", "in_the_past"),
        Some(day) if day > work.today() + FURTHEST => errors.add("due_on", "too_far"),
        Some(_) => {}
    }
    let discussed = store::cases(work, session.id).await?;
    let case = new.case.filter(|id| discussed.iter().any(|one| one.case == *id));
    if case.is_none() {
        errors.add("case", if new.case.is_some() { "not_a_choice" } else { "required" });
    }
    errors.or_ok()?;
    let (Some(case), Some(day)) = (case, new.due_on) else { return Err(Error::NotFound) };
    let case = cases::store::find(work, case).await?;
    case.must_be_open()?;
    cases::actions::name_nobody(work, &case, words, "words").await?;
    let assignee = new.assignee.or(case.case_manager).ok_or_else(|| invalid("assignee", "required"))?;
    cases::actions::check_assignee(work, &case, assignee, "assignee").await?;
    let due_at = tasks::store::calendar(work, case.unit).await?.end_of(day);
    let task = NewTask::of_case("supervision_decision", case.id, due_at).to(Some(assignee)).titled(words);
    let task = tasks::actions::add(work, task).await?.ok_or_else(|| anyhow::anyhow!("a task without a key is always made"))?;
    store::insert_decision(work, session.id, case.id, task).await?;
    work.record(Fact::SupervisionDecided, About::case(case.id).with(session.id).with(task)).await?;
    Ok(task)
}

/// Notes how the worker is, for the two who met alone. Neither the note nor that there is one stands in the facts.
pub async fn note_wellbeing(work: &mut Work, session: &Session, words: &str) -> Result<(), Error> {
    work.may(Act::CaseRead)?;
    let worker = between(work, session)?;
    let words = words.trim();
    if words.is_empty() || words.chars().count() > LONGEST_NOTE {
        return Err(invalid("words", if words.is_empty() { "required" } else { "too_long" }));
    }
    store::insert_wellbeing(work, session, worker, words).await
}

/// The worker of a session that was held alone, when the actor is one of the two; for anybody else there is nothing here.
pub fn between(work: &Work, session: &Session) -> Result<UserId, Error> {
    let me = work.me()?;
    session.alone_with().filter(|_| session.is_between(me)).ok_or(Error::NotFound)
}
