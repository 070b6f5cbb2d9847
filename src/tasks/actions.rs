//! The verbs of tasks.
use super::task::{NewTask, OUTLIVE_A_CASE, TAKE_UP, Task, VISIT_OUT};
use super::{handing, series, store};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId, TaskId, UserId};

/// Leaves a task; `None` when one with the same key exists already.
pub async fn add(work: &mut Work, task: NewTask) -> Result<Option<TaskId>, Error> {
    let id = TaskId::new();
    if !store::insert(work, id, &task).await? {
        return Ok(None);
    }
    let about = About { case_id: task.case_id, referral_id: task.referral_id, ..About::default() };
    let mut about = about.with(id).note(serde_json::json!({ "kind": task.kind }));
    about.subjects.extend(task.assignee.map(|user| user.0));
    work.record(Fact::TaskAdded, about).await?;
    Ok(Some(id))
}

/// The task is done, where a word says so. What a clock or a review waits for is done by the work itself (S21, S1), never by a tap.
pub async fn done(work: &mut Work, id: TaskId) -> Result<Task, Error> {
    let task = store::find(work, id).await?;
    if task.is_done_by_work() {
        return Err(Error::Conflict(Clash::State { state: "open".to_owned(), code: "task_done_by_work" }));
    }
    let now = work.now();
    store::set_done(work, &task, now).await?;
    work.record(Fact::TaskDone, about(&task)).await?;
    handing::tell_done(work, &task).await?;
    series::go_on(work, &task).await?;
    Ok(task)
}

/// Every open task of these kinds in a case is done, whoever holds it.
pub async fn done_in_case(work: &mut Work, case: CaseId, kinds: &[&str]) -> Result<(), Error> {
    end(work, case, kinds, &[]).await
}

/// The open task of a case that was made under this key is done, whoever holds it; another may be made under it later.
pub async fn done_under(work: &mut Work, case: CaseId, key: &str) -> Result<(), Error> {
    let now = work.now();
    let ended = store::end_under(work, case, key, now).await?;
    tell_ended(work, case, ended).await
}

/// Another task may be made under this key, unless one is open under it.
pub async fn free_key(work: &mut Work, case: CaseId, key: &str) -> Result<(), Error> {
    store::free_key(work, case, key).await
}

/// The open tasks of a unit alone that were made under these keys are done, whoever holds them.
pub async fn done_of_unit(work: &mut Work, keys: &[String]) -> Result<(), Error> {
    let now = work.now();
    let ended = store::end_of_unit(work, keys, now).await?;
    if ended.is_empty() {
        return Ok(());
    }
    work.record(Fact::TaskDone, About::subjects(ended.into_iter().map(|id| id.0))).await
}

/// The task by which a second person was asked about this is done, wherever it hangs: whoever answered need not see that.
pub async fn end_answered(work: &mut Work, row: RowId) -> Result<(), Error> {
    let now = work.now();
    let ended = store::end_answered(work, row, now).await?;
    if ended.is_empty() {
        return Ok(());
    }
    work.record(Fact::TaskDone, About::subjects(ended.into_iter().map(|id| id.0))).await
}

/// The case is over, and with it its tasks, whoever holds them; except what outlives a case: the reviews that are owed.
pub async fn end_with_case(work: &mut Work, case: CaseId) -> Result<(), Error> {
    series::end_in_case(work, case).await?;
    end(work, case, &[], OUTLIVE_A_CASE).await
}

async fn end(work: &mut Work, case: CaseId, kinds: &[&str], spared: &[&str]) -> Result<(), Error> {
    let now = work.now();
    let ended = store::end_in_case(work, case, kinds, spared, now).await?;
    tell_ended(work, case, ended).await
}

async fn tell_ended(work: &mut Work, case: CaseId, ended: Vec<(TaskId, String)>) -> Result<(), Error> {
    if ended.is_empty() {
        return Ok(());
    }
    let (ids, kinds): (Vec<_>, Vec<_>) = ended.into_iter().map(|(id, kind)| (id.0, kind)).unzip();
    let about = About { subjects: ids, ..About::case(case) };
    work.record(Fact::TaskDone, about.note(serde_json::json!({ "kinds": kinds }))).await
}

/// Gives the task to a colleague; whoever takes one from the inbox for themselves needs no further permission. That somebody is out stays theirs (S22),
/// and whoever takes up a case keeps it: that goes with the case alone.
pub async fn assign(work: &mut Work, id: TaskId, user: UserId) -> Result<Task, Error> {
    let task = store::find(work, id).await?;
    if task.assignee.is_some() || user != work.me()? {
        work.may_in(Act::TaskAssign, task.unit, task.case_id).await?;
    }
    let stays = match task.kind.as_str() {
        VISIT_OUT => Some("task_not_handed"),
        TAKE_UP => Some("task_goes_with_case"),
        _ => None,
    };
    if let Some(code) = stays {
        return Err(Error::Conflict(Clash::State { state: "open".to_owned(), code }));
    }
    if !store::may_hold(work, &task, user).await? || !store::may_review(work, &task, user).await? {
        return Err(invalid("assignee", "not_a_choice"));
    }
    store::set_assignee(work, &task, user).await?;
    work.record(Fact::TaskAssigned, about(&task).with(user)).await?;
    Ok(Task { assignee: Some(user), version: task.version + 1, ..task })
}

/// What the audit names of a task.
pub(super) fn about(task: &Task) -> About {
    About { case_id: task.case_id, referral_id: task.referral_id, ..About::default() }
        .with(task.id)
        .note(serde_json::json!({ "kind": task.kind }))
}
