//! A task of a case in a worker's own words.
use chrono::{DateTime, Utc};

use crate::access::Act;
use crate::cases::store::Colleague;
use crate::cases::{Case, store};
use crate::error::{Error, invalid};
use crate::packs::Sensitivity;
use crate::people::guard;
use crate::platform::db::Work;
use crate::platform::ids::{TaskId, UserId};
use crate::tasks::series::{Holder, Repeat};
use crate::tasks::task::FURTHEST;
use crate::tasks::{self, NewTask};

const LONGEST_TITLE: usize = 200;

/// A task in a worker's own words.
#[derive(Debug, Clone)]
pub struct Chore {
    /// What must be done; without names.
    pub title: String,
    /// By when, from today on and within two years; the first one, where it comes again.
    pub due_at: DateTime<Utc>,
    /// A colleague; oneself when `None`.
    pub assignee: Option<UserId>,
    /// How it comes again, if it does.
    pub repeat: Option<Repeat>,
}

/// Adds a task: one's own, or, for who gives out tasks, one for a colleague who works on such cases in the unit.
pub async fn add_task(work: &mut Work, case: &Case, chore: &Chore) -> Result<TaskId, Error> {
    let title = checked(work, case, chore).await?;
    let assignee = chore.assignee.unwrap_or(work.me()?);
    check_assignee(work, case, assignee, "assignee").await?;
    if let Some(repeat) = &chore.repeat {
        case.must_be_open()?;
        // Whoever keeps the case keeps what comes again with it, also when that changes.
        let named = Some(assignee).filter(|named| Some(*named) != case.case_manager);
        let holder = Holder { first: assignee, named };
        return tasks::series::begin(work, (case.id, case.unit), (title, chore.due_at, holder), repeat).await;
    }
    made(work, case, (title, assignee, chore.due_at)).await
}

/// Adds a task that was agreed in the room, at a conference: one's own, or that of one of these colleagues, who are asked for once ([`doers`]). It needs no
/// right to give out tasks, and lets nobody in.
pub async fn add_agreed(work: &mut Work, case: &Case, doers: &[Colleague], chore: &Chore) -> Result<TaskId, Error> {
    let title = checked(work, case, chore).await?;
    let me = work.me()?;
    let assignee = chore.assignee.unwrap_or(me);
    if assignee != me && !doers.iter().any(|colleague| colleague.id == assignee) {
        return Err(invalid("assignee", "not_a_choice"));
    }
    made(work, case, (title, assignee, chore.due_at)).await
}

/// Colleagues who work on such cases in the unit and may open this one, by name; of a restricted case those are its manager and its supervisor (S9).
pub async fn doers(work: &mut Work, case: &Case) -> Result<Vec<Colleague>, Error> {
    let mut colleagues = store::colleagues(work, case.unit, case.case_type).await?;
    if case.sensitivity() == Sensitivity::Restricted {
        colleagues.retain(|one| Some(one.id) == case.case_manager || Some(one.id) == case.supervisor);
    }
    let ids: Vec<_> = colleagues.iter().map(|one| one.id.0).collect();
    let see = tasks::handing::who_see(work, case.id, &ids).await?;
    colleagues.retain(|one| see.contains(&one.id));
    Ok(colleagues)
}

// What is wrong with its words and its day; answers with the words.
async fn checked<'a>(work: &mut Work, case: &Case, chore: &'a Chore) -> Result<&'a str, Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    let title = chore.title.trim();
    if title.is_empty() || title.chars().count() > LONGEST_TITLE {
        return Err(invalid("title", if title.is_empty() { "required" } else { "too_long" }));
    }
    if chore.due_at > work.now() + FURTHEST {
        return Err(invalid("due_at", "too_far"));
    }
    // A day that is over is a slip of the pen; earlier today is what was meant for this morning.
    if chore.due_at.with_timezone(&work.zone()).date_naive() < work.today() {
        return Err(invalid("due_at", "in_the_past"));
    }
    name_nobody(work, case, title, "title").await?;
    Ok(title)
}

async fn made(work: &mut Work, case: &Case, (title, assignee, due_at): (&str, UserId, DateTime<Utc>)) -> Result<TaskId, Error> {
    let task = NewTask::of_case("own", case.id, due_at).to(Some(assignee)).titled(title);
    let made = tasks::actions::add(work, task).await?;
    made.ok_or_else(|| anyhow::anyhow!("a task without a key is always made").into())
}

/// Refuses words that tell who is meant where they stand on lists, of a case that is guarded (S13): the code stands beside them.
pub async fn name_nobody(work: &mut Work, case: &Case, words: &str, field: &'static str) -> Result<(), Error> {
    if case.sensitivity() == Sensitivity::Standard {
        return Ok(());
    }
    guard::names_nobody(work, case.id, words, field).await
}

/// Refuses whoever could not do work on the case: oneself may, a colleague who works on such cases in the unit may be asked by who gives out
/// tasks, and a restricted case has two who know it (S9): its manager and its supervisor.
pub async fn check_assignee(work: &mut Work, case: &Case, assignee: UserId, field: &'static str) -> Result<(), Error> {
    let me = work.me()?;
    if assignee != me {
        work.may_in(Act::TaskAssign, case.unit, Some(case.id)).await?;
    }
    let knows = assignee == me
        || if case.sensitivity() == Sensitivity::Restricted {
            Some(assignee) == case.case_manager || Some(assignee) == case.supervisor
        } else {
            store::colleagues(work, case.unit, case.case_type).await?.iter().any(|colleague| colleague.id == assignee)
        };
    if knows { Ok(()) } else { Err(invalid(field, "not_a_choice")) }
}
