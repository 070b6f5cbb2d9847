//! The clock's own work: tasks whose time has passed are told once, those that come again are made when their day comes, and a missing safety action goes to the supervisor (S21).
use serde_json::json;

use super::task::{NewTask, SAFETY_ALERT};
use super::{actions, approvals, handing, series};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ReferralId, TaskId, UnitId, UserId};

/// The job's kind.
pub const JOB: &str = "tasks.due";
// What one run takes; the next run takes the rest.
const AT_ONCE: i64 = 500;

/// Looks at the clocks of the organisation this work is for.
pub async fn scan(work: &mut Work) -> Result<(), Error> {
    alert_supervisors(work).await?;
    series::make_due(work).await?;
    approvals::tend(work).await?;
    handing::tend(work).await?;
    tell_overdue(work).await
}

struct Missing {
    id: TaskId,
    case_id: CaseId,
    unit: UnitId,
    supervisor: Option<UserId>,
}

// A high risk for two hours without a logged safety action: the supervisor gets a task, and the fact wakes a notification.
async fn alert_supervisors(work: &mut Work) -> Result<(), Error> {
    let now = work.now();
    let missing = sqlx::query_as!(
        Missing,
        r#"select t.id as "id: TaskId", t.case_id as "case_id!: CaseId", t.unit,
           coalesce(t.supervisor, (select w.id from memberships m join roles r on r.id = m.role join users w on w.id = m.user_id
             where m.unit = t.unit and m.ended_at is null and w.active and not w.is_program and r.supervises and t.case_type = any (r.cleared)
             order by w.name limit 1)) as "supervisor: UserId"
         from tasks t
         where t.kind = 'safety_action' and t.done_at is null and t.remind_at <= $1
           and not exists (select from tasks a where a.once = 'safety_alert:' || t.id::text)
         order by t.remind_at limit $2"#,
        now,
        AT_ONCE
    )
    .fetch_all(work.db())
    .await?;
    for task in missing {
        let alert =
            NewTask::of_case(SAFETY_ALERT, task.case_id, now).to(task.supervisor).once(format!("{SAFETY_ALERT}:{}", task.id));
        if actions::add(work, alert).await?.is_some() {
            let mut about = About::case(task.case_id).with(task.id).note(json!({ "unit": task.unit }));
            about.subjects.extend(task.supervisor.map(|user| user.0));
            work.record(Fact::SafetyActionMissing, about).await?;
        }
    }
    Ok(())
}

// Marked in the same transaction as told: a second scan finds nothing. Locked rows belong to another worker's scan.
async fn tell_overdue(work: &mut Work) -> Result<(), Error> {
    let now = work.now();
    let overdue = sqlx::query!(
        r#"update tasks set escalated_at = $1
         where id in (select id from tasks where done_at is null and escalated_at is null and due_at <= $1 and coalesce(overdue_at, due_at) <= $1
                      order by due_at limit $2 for update skip locked)
         returning id as "id: TaskId", kind, case_id as "case_id: CaseId", referral_id as "referral_id: ReferralId", assignee, supervisor"#,
        now,
        AT_ONCE
    )
    .fetch_all(work.db())
    .await?;
    for task in overdue {
        let about = About { case_id: task.case_id, referral_id: task.referral_id, ..About::default() };
        let mut about = about.with(task.id).note(json!({ "kind": task.kind }));
        about.subjects.extend([task.assignee, task.supervisor].into_iter().flatten());
        work.record(Fact::TaskOverdue, about).await?;
    }
    Ok(())
}
