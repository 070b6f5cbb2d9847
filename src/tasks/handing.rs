//! A task is handed to a colleague with a reason. Whoever handed it on sees it until it is done and is told; the colleague may hand it back.
use super::actions::about;
use super::store;
use super::task::Task;
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, FieldErrors, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{TaskId, UserId};

const LONGEST_REASON: usize = 200;

/// Asks a colleague who works on such cases there to do what one holds oneself.
pub async fn hand_on(work: &mut Work, id: TaskId, to: UserId, reason: &str) -> Result<Task, Error> {
    let task = held(work, id).await?;
    if task.is_handed() {
        return Err(refused("task_handed_already"));
    }
    if !task.may_be_handed() {
        return Err(refused("task_not_handed"));
    }
    let mut errors = FieldErrors::default();
    let reason = checked(reason, &mut errors);
    if !colleagues(work, &task).await?.iter().any(|(colleague, _)| *colleague == to) {
        errors.add("assignee", "not_a_choice");
    }
    errors.or_ok()?;
    pass(work, &task, to, (reason, Way::On)).await?;
    work.record(Fact::TaskHanded, about(&task).with(to)).await?;
    store::find(work, id).await
}

/// Gives a task back to whoever handed it on.
pub async fn hand_back(work: &mut Work, id: TaskId, reason: &str) -> Result<(), Error> {
    let task = held(work, id).await?;
    let Some(giver) = task.handed_by.filter(|_| task.is_handed()) else { return Err(refused("task_not_handed")) };
    let mut errors = FieldErrors::default();
    let reason = checked(reason, &mut errors);
    errors.or_ok()?;
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

/// Colleagues who work on such cases in the unit of the task, without oneself, by name. A review of somebody's safety goes only to those who
/// supervise, and never to whoever keeps the case (S23).
pub(super) async fn colleagues(work: &mut Work, task: &Task) -> Result<Vec<(UserId, String)>, Error> {
    let me = work.me()?;
    let rows = sqlx::query!(
        r#"select w.id as "id: UserId", w.name from tasks t join units u on u.id = t.unit join users w on w.org = u.org and w.active and not w.is_program and w.id <> $2
           where t.id = $1 and access.fit_for(w.id, t.case_id, t.case_type) and exists (
             select from memberships m join roles r on r.id = m.role
             where m.user_id = w.id and m.ended_at is null and 'case.edit' = any (r.acts) and t.case_type = any (r.cleared)
               and (r.supervises or not $3) and (m.unit = u.id or (r.reach = 'subtree' and m.unit = any (u.path))))
             and (not $3 or not exists (select from cases c where c.id = t.case_id and c.case_manager = w.id))
           order by w.name, w.id limit 200"#,
        task.id.0,
        me.0,
        task.is_a_supervisors()
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
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
