//! A task is handed to a colleague with a reason. Whoever handed it on sees it until it is done and is told; the colleague may hand it back.
//!
//! Only who may open the case can do anything for it: a colleague who does not see it is let in with the task, by whoever keeps or assigns the case, and
//! until the task is done. What somebody holds of a case that they no longer see goes back to the unit.
use std::collections::HashSet;

use chrono::TimeDelta;
use uuid::Uuid;

use super::actions::about;
use super::store;
use super::task::Task;
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, FieldErrors, invalid};
use crate::people::guard;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, TaskId, UserId};

const LONGEST_REASON: usize = 200;
const MOST_COLLEAGUES: usize = 200;
// A colleague who is let in with a task sees the case for so long after its day, and never longer than this in all.
const AFTER_ITS_DAY: TimeDelta = TimeDelta::days(7);
const LONGEST_SIGHT: TimeDelta = TimeDelta::days(366);

/// Whom a task is handed to.
#[derive(Debug, Clone, Copy)]
pub struct Handing<'a> {
    /// The colleague.
    pub to: UserId,
    /// Why.
    pub reason: &'a str,
    /// A colleague who does not see the case is let in until the task is done.
    pub lets_in: bool,
}

/// Somebody whom a task may be handed to.
#[derive(Debug)]
pub struct Colleague {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// They may open its case already.
    pub sees: bool,
}

/// Asks a colleague who works on such cases there to do what one holds oneself.
pub async fn hand_on(work: &mut Work, id: TaskId, handing: Handing<'_>) -> Result<Task, Error> {
    let task = held(work, id).await?;
    if task.is_handed() {
        return Err(refused("task_handed_already"));
    }
    if !task.may_be_handed() {
        return Err(refused("task_not_handed"));
    }
    let mut errors = FieldErrors::default();
    let reason = checked(handing.reason, &mut errors);
    let known = colleagues(work, &task).await?;
    let colleague = known.iter().find(|one| one.id == handing.to);
    match colleague {
        None => errors.add("assignee", "not_a_choice"),
        Some(one) if !one.sees && !handing.lets_in => errors.add("let_in", "colleague_sees_nothing"),
        Some(_) => {}
    }
    errors.or_ok()?;
    name_nobody(work, &task, reason).await?;
    if colleague.is_some_and(|one| !one.sees) {
        let_in(work, &task, handing.to).await?;
    }
    pass(work, &task, handing.to, (reason, Way::On)).await?;
    work.record(Fact::TaskHanded, about(&task).with(handing.to)).await?;
    store::find(work, id).await
}

// The reason stands on lists: of a case that is guarded it names nobody (S13).
async fn name_nobody(work: &mut Work, task: &Task, reason: &str) -> Result<(), Error> {
    let guarded = task.sensitivity.as_deref() != Some("standard");
    let Some(case) = task.case_id.filter(|_| guarded && task.case_code.is_some()) else { return Ok(()) };
    guard::names_nobody(work, case, reason, "reason").await
}

// Before the task is passed: whoever holds it lets in whom it goes to.
async fn let_in(work: &mut Work, task: &Task, colleague: UserId) -> Result<(), Error> {
    let (grant, now) = (Uuid::now_v7(), work.now());
    let until = (task.due_at.max(now) + AFTER_ITS_DAY).min(now + LONGEST_SIGHT);
    let given =
        sqlx::query_scalar!(r#"select access.let_in_for_task($1, $2, $3, $4) as "given!""#, task.id.0, colleague.0, grant, until)
            .fetch_one(work.db())
            .await?;
    if !given {
        return Err(invalid("let_in", "may_not_let_in"));
    }
    let about = About { case_id: task.case_id, ..About::default() };
    work.record(Fact::GrantGiven, about.with(colleague).with(grant)).await
}

/// Grants that were given for tasks end with these, and what somebody was handed, took or was given of a case that they no longer see goes back to its
/// unit. Whatever ends somebody's sight leaves the fact for it ([`Fact::TaskLeftToUnit`]) there.
pub(super) async fn tend(work: &mut Work) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!("select access.tend_handed_tasks($1)", now).fetch_one(work.db()).await?;
    Ok(())
}

/// Gives a task back to whoever handed it on.
pub async fn hand_back(work: &mut Work, id: TaskId, reason: &str) -> Result<(), Error> {
    let task = held(work, id).await?;
    let Some(giver) = task.handed_by.filter(|_| task.is_handed()) else { return Err(refused("task_not_handed")) };
    let mut errors = FieldErrors::default();
    let reason = checked(reason, &mut errors);
    errors.or_ok()?;
    name_nobody(work, &task, reason).await?;
    if !store::may_hold(work, &task, giver).await? || !store::may_review(work, &task, giver).await? {
        return Err(invalid("reason", "colleague_gone"));
    }
    pass(work, &task, giver, (reason, Way::Back)).await?;
    work.record(Fact::TaskHandedBack, about(&task).with(giver)).await
}

/// A task that was handed on is done: whoever handed it on hears of it.
pub(super) async fn tell_done(work: &mut Work, task: &Task) -> Result<(), Error> {
    let me = work.me().ok();
    let Some(giver) = task.handed_by.filter(|giver| task.is_handed() && Some(*giver) != me) else { return Ok(()) };
    let about = About { case_id: task.case_id, ..About::default() };
    work.record(Fact::HandedTaskDone, about.with(task.id).with(giver)).await
}

/// Colleagues who work on such cases in the unit of the task, without oneself, by name; the first of very many. A review of somebody's safety goes only to
/// those who supervise, and never to whoever keeps the case (S23).
pub(super) async fn colleagues(work: &mut Work, task: &Task) -> Result<Vec<Colleague>, Error> {
    let mut others = others(work, &[task]).await?;
    others.truncate(MOST_COLLEAGUES);
    let ids: Vec<Uuid> = others.iter().map(|one| one.id.0).collect();
    let see = match task.case_id {
        Some(case) => who_see(work, case, &ids).await?,
        None => Vec::new(),
    };
    Ok(others.into_iter().map(|one| Colleague { sees: see.contains(&one.id), id: one.id, name: one.name }).collect())
}

/// Who of these would see a case that the actor sees.
pub async fn who_see(work: &mut Work, case: CaseId, of: &[Uuid]) -> Result<Vec<UserId>, Error> {
    let see = sqlx::query_scalar!(
        r#"select w.id as "id!: UserId" from unnest($1::uuid[]) as w (id) where access.would_see(w.id, $2)"#,
        of,
        case.0
    );
    Ok(see.fetch_all(work.db()).await?)
}

/// Which of these tasks that supervisors alone do may be handed to another supervisor: asked once for a whole list, and not at all where none is on it.
/// Of any other task its own page says whether there is somebody.
pub async fn with_another_supervisor(work: &mut Work, tasks: &[Task]) -> Result<HashSet<TaskId>, Error> {
    let reviews: Vec<&Task> = tasks.iter().filter(|task| task.is_a_supervisors()).collect();
    if reviews.is_empty() {
        return Ok(HashSet::new());
    }
    Ok(others(work, &reviews).await?.into_iter().map(|one| one.task).collect())
}

// Somebody else who could do a task.
struct Other {
    task: TaskId,
    id: UserId,
    name: String,
}

// Who works on such cases there comes before who is fit for this one: the second is asked of each by itself.
async fn others(work: &mut Work, tasks: &[&Task]) -> Result<Vec<Other>, Error> {
    let me = work.me()?;
    let ids: Vec<Uuid> = tasks.iter().map(|task| task.id.0).collect();
    let supervisors: Vec<Uuid> = tasks.iter().filter(|task| task.is_a_supervisors()).map(|task| task.id.0).collect();
    let others = sqlx::query_as!(
        Other,
        r#"select t.id as "task!: TaskId", w.id as "id!: UserId", w.name as "name!"
           from tasks t join units u on u.id = t.unit cross join lateral (
             select p.id, p.name from users p where p.org = u.org and p.active and not p.is_program and p.id <> $2 and exists (
               select from memberships m join roles r on r.id = m.role
               where m.user_id = p.id and m.ended_at is null and 'case.edit' = any (r.acts) and t.case_type = any (r.cleared)
                 and (r.supervises or t.id <> all ($3)) and (m.unit = u.id or (r.reach = 'subtree' and m.unit = any (u.path))))
             offset 0) w
           where t.id = any ($1) and access.fit_for(w.id, t.case_id, t.case_type)
             and (t.id <> all ($3) or not exists (select from cases c where c.id = t.case_id and c.case_manager = w.id))
           order by w.name, w.id"#,
        &ids,
        me.0,
        &supervisors
    );
    Ok(others.fetch_all(work.db()).await?)
}

/// The task, if the actor holds it and it is open.
pub(super) async fn held(work: &mut Work, id: TaskId) -> Result<Task, Error> {
    let task = store::find(work, id).await?;
    if task.assignee != Some(work.me()?) {
        return Err(Error::Forbidden(Act::TaskAssign.code()));
    }
    if task.done_at.is_some() {
        return Err(Error::Conflict(Clash::Stale));
    }
    Ok(task)
}

fn refused(code: &'static str) -> Error {
    Error::Conflict(Clash::State { state: "open".to_owned(), code })
}

fn checked<'a>(reason: &'a str, errors: &mut FieldErrors) -> &'a str {
    let reason = reason.trim();
    if reason.is_empty() {
        errors.add("reason", "required");
    }
    if reason.chars().count() > LONGEST_REASON {
        errors.add("reason", "too_long");
    }
    reason
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    On,
    Back,
}

async fn pass(work: &mut Work, task: &Task, to: UserId, (reason, way): (&str, Way)) -> Result<(), Error> {
    let me = work.me()?;
    let done = sqlx::query!(
        "update tasks set assignee = $3, handed_by = $4, handed_reason = $5, handed_back = $6, version = version + 1
         where id = $1 and version = $2 and done_at is null",
        task.id.0,
        task.version,
        to.0,
        me.0,
        reason,
        way == Way::Back
    )
    .execute(work.db())
    .await?;
    if done.rows_affected() == 0 { Err(Error::Conflict(Clash::Stale)) } else { Ok(()) }
}
