//! A task of a case in a worker's own words.
use chrono::{DateTime, Utc};

use crate::access::Act;
use crate::cases::{Case, store};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{TaskId, UserId};
use crate::tasks::{self, NewTask};

const LONGEST_TITLE: usize = 200;

/// Adds a task: one's own, or, for who gives out tasks, one for a colleague who works on such cases in the unit.
pub async fn add_task(
    work: &mut Work,
    case: &Case,
    title: &str,
    due_at: DateTime<Utc>,
    assignee: Option<UserId>,
) -> Result<TaskId, Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    let title = title.trim();
    if title.is_empty() || title.chars().count() > LONGEST_TITLE {
        return Err(invalid("title", if title.is_empty() { "required" } else { "too_long" }));
    }
    let assignee = assignee.unwrap_or(work.me()?);
    check_assignee(work, case, assignee, "assignee").await?;
    let task = NewTask::of_case("own", case.id, due_at).to(Some(assignee)).titled(title);
    let made = tasks::actions::add(work, task).await?;
    made.ok_or_else(|| anyhow::anyhow!("a task without a key is always made").into())
}

/// Refuses whoever could not do work on the case: oneself may, a colleague who works on such cases in the unit may be asked by who gives out
/// tasks, and a restricted case has two who know it (S9): its manager and its supervisor.
pub async fn check_assignee(work: &mut Work, case: &Case, assignee: UserId, field: &'static str) -> Result<(), Error> {
    let me = work.me()?;
    if assignee != me {
        work.may_in(Act::TaskAssign, case.unit, Some(case.id)).await?;
    }
    let knows = assignee == me
        || if case.sensitivity() == crate::packs::Sensitivity::Restricted {
            Some(assignee) == case.case_manager || Some(assignee) == case.supervisor
        } else {
            store::colleagues(work, case.unit, case.case_type).await?.iter().any(|colleague| colleague.id == assignee)
        };
    if knows { Ok(()) } else { Err(invalid(field, "not_a_choice")) }
}
