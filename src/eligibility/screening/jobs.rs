//! Jobs: go on with a screening, work out proposals, give them to the workers, forget what was overtaken. Shallow; each is safe to run twice.
use chrono::TimeDelta;
use serde_json::json;

use super::course::{Screening, State};
use super::run::{Step, advance};
use super::{asking, choosing, store};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, ScreeningId};
use crate::platform::jobs::{Job, Taken};

/// Goes on with a screening by one slice.
pub const ADVANCE: &str = "screening.advance";
/// Works out the proposals of one line.
pub const CHOOSE: &str = "screening.choose";
/// Gives proposals to the workers.
pub const ASK: &str = "screening.ask";
/// Deletes results that later screenings have overtaken.
pub const FORGET: &str = "screening.forget";

// A slice that fails so often fails for a reason that waiting does not mend.
const MOST_ATTEMPTS: i32 = 5;
// While somebody else goes on with it.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(5);
// Rows deleted in one transaction.
const FORGOTTEN_AT_ONCE: i64 = 50_000;

/// The job that goes on with a screening from where it is. One key a state and place, so that no two chains run beside each other.
pub(super) fn go_on(org: OrgId, id: ScreeningId, version: i32, done: i64) -> Job {
    let once = format!("{ADVANCE}:{id}:{version}:{done}");
    Job::new(ADVANCE, Some(org), json!({ "screening": id, "version": version })).once(once)
}

/// Goes on by one slice, and leaves the next.
pub async fn advance_later(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let (Some(id), Some(org)) = (screening_of(job), job.org) else { return Ok(()) };
    if job.attempts > MOST_ATTEMPTS {
        if store::set_state(work, id, &[State::Waiting, State::Running], State::Failed).await?.is_some() {
            work.record(Fact::ScreeningFailed, About::subjects([id.0])).await?;
        }
        return Ok(());
    }
    // It was stopped since, and goes on by a job of its own.
    let known = store::find(work, id).await?;
    if job.body.get("version").and_then(serde_json::Value::as_i64) != Some(i64::from(known.version)) {
        return Ok(());
    }
    match advance(work, id).await? {
        Step::Elsewhere => {
            let again = Job::new(ADVANCE, Some(org), job.body.clone()).at(work.now() + LOOK_AGAIN);
            work.enqueue(again).await
        }
        Step::More => {
            let screening = store::find(work, id).await?;
            work.enqueue(go_on(org, id, screening.version, screening.done)).await
        }
        Step::Over => {
            let screening = store::find(work, id).await?;
            follow_up(work, &screening).await
        }
    }
}

/// What follows once every case was gone through.
pub async fn follow_up(work: &mut Work, screening: &Screening) -> Result<(), Error> {
    if screening.state != State::Done {
        return Ok(());
    }
    let id = screening.id;
    let body = json!({ "screening": id });
    work.enqueue(Job::new(CHOOSE, Some(screening.org), body.clone()).once(format!("{CHOOSE}:{id}:0"))).await?;
    work.enqueue(Job::new(FORGET, Some(screening.org), body).once(format!("{FORGET}:{id}:0"))).await
}

/// Works out the proposals of the next line, and leaves the one after it.
pub async fn choose(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let Some(id) = screening_of(job) else { return Ok(()) };
    let Some(screening) = store::take(work, id).await? else { return Err(anyhow::anyhow!("somebody else chooses").into()) };
    if screening.state != State::Done || screening.has_chosen() {
        return Ok(());
    }
    let screening = choosing::choose_line(work, screening).await?;
    if screening.has_chosen() {
        return Ok(());
    }
    let once = format!("{CHOOSE}:{id}:{}", screening.chosen);
    work.enqueue(Job::new(CHOOSE, job.org, job.body.clone()).once(once)).await
}

/// Gives the next proposals to the workers, and leaves the rest.
pub async fn ask(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let Some(id) = screening_of(job) else { return Ok(()) };
    let screening = store::find(work, id).await?;
    if asking::ask_some(work, &screening).await? {
        work.enqueue(Job::new(ASK, job.org, job.body.clone())).await?;
    }
    Ok(())
}

/// Deletes some of what was overtaken, and leaves the rest.
pub async fn forget(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let Some(id) = screening_of(job) else { return Ok(()) };
    let screening = store::find(work, id).await?;
    let gone = store::forget_overtaken(work, &screening, FORGOTTEN_AT_ONCE).await?;
    if i64::try_from(gone).is_ok_and(|gone| gone == FORGOTTEN_AT_ONCE) {
        work.enqueue(Job::new(FORGET, job.org, job.body.clone())).await?;
    }
    Ok(())
}

fn screening_of(job: &Taken) -> Option<ScreeningId> {
    job.body.get("screening")?.as_str()?.parse().ok()
}
