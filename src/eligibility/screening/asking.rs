//! Giving proposals to the workers: a task a case, to ask the person whether they agree. What they agree to, the worker then sends.
use super::course::Screening;
use super::proposals::{self, ToAsk};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::ScreeningId;
use crate::tasks::{self, NewTask};

/// The kind of the task.
pub const TASK: &str = "screening_consent";
// So many cases in one transaction.
const AT_ONCE: i64 = 200;
// By when the person is asked.
const WORKING_DAYS: u16 = 10;

/// Gives the next cases to their workers; answers whether there may be more. Whoever is asked about a service already gets no second task.
pub async fn ask_some(work: &mut Work, screening: &Screening) -> Result<bool, Error> {
    let cases = proposals::to_ask(work, screening.id, AT_ONCE).await?;
    for case in &cases {
        let due = work_days(work, case).await?;
        let task = tasks::actions::add(work, task(due, screening.id, case)).await?;
        proposals::set_asked(work, screening.id, case.case, task).await?;
    }
    let more = i64::try_from(cases.len()).is_ok_and(|count| count == AT_ONCE);
    if !more {
        proposals::set_asked_elsewhere(work, screening.id).await?;
    }
    Ok(more)
}

async fn work_days(work: &mut Work, case: &ToAsk) -> Result<chrono::DateTime<chrono::Utc>, Error> {
    let calendar = tasks::store::calendar(work, case.unit).await?;
    let today = calendar.date(work.now());
    Ok(calendar.end_of(calendar.working_days_after(today, WORKING_DAYS)))
}

// It names no service: a service may be hidden later, and the case's page names those that its reader sees (S14).
fn task(due_at: chrono::DateTime<chrono::Utc>, screening: ScreeningId, case: &ToAsk) -> NewTask {
    let once = format!("{TASK}:{screening}:{}", case.case);
    NewTask::of_case(TASK, case.case, due_at).to(case.manager).once(once)
}
