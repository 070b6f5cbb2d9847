//! Jobs: rows in the same transaction as the change that asked for them, taken with row locks, safe to run twice, retried with back-off.
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::error::Error;
use crate::platform::db::{Actor, Ground, Work};
use crate::platform::ids::OrgId;

/// A job to leave. Its body holds ids and codes only.
#[derive(Debug, Clone)]
pub struct Job {
    /// Which job; `worker.rs` knows what it runs.
    pub kind: &'static str,
    /// The organisation it works for.
    pub org: Option<OrgId>,
    /// Ids and codes.
    pub body: Value,
    /// When; now if `None`.
    pub run_at: Option<DateTime<Utc>>,
    /// A second job with this key does nothing.
    pub once: Option<String>,
}

impl Job {
    /// A job to run now.
    pub fn new(kind: &'static str, org: Option<OrgId>, body: Value) -> Self {
        Self { kind, org, body, run_at: None, once: None }
    }

    /// Not before this moment.
    pub fn at(mut self, when: DateTime<Utc>) -> Self {
        self.run_at = Some(when);
        self
    }

    /// Once only, under this key.
    pub fn once(mut self, key: String) -> Self {
        self.once = Some(key);
        self
    }
}

/// Which jobs a fact wakes.
pub type JobsOfFact = fn(&RecordedFact) -> Vec<Job>;

/// What the fact → jobs map gets to see of a fact.
#[derive(Debug, Clone)]
pub struct RecordedFact {
    /// The fact's own id: the natural `once` key.
    pub id: Uuid,
    /// Its code.
    pub kind: &'static str,
    /// The organisation it happened in.
    pub org: Option<OrgId>,
    /// Who did it, when it was a user.
    pub by: Option<Uuid>,
    /// The case it is about.
    pub case_id: Option<Uuid>,
    /// The referral it is about.
    pub referral_id: Option<Uuid>,
    /// Everything else it concerns, the nearest first: a task's own id for facts of tasks.
    pub subjects: Vec<Uuid>,
    /// The organisations on both sides, where the subject has two.
    pub orgs: Vec<OrgId>,
    /// The receiving side does not hear of it, also where both sides are of one organisation.
    pub kept_from_receiver: bool,
}

/// A job taken for running.
#[derive(Debug)]
pub struct Taken {
    /// Its id.
    pub id: Uuid,
    /// Which job.
    pub kind: String,
    /// The organisation it works for.
    pub org: Option<OrgId>,
    /// Ids and codes.
    pub body: Value,
    /// How often it was tried before.
    pub attempts: i32,
}

// Long enough for whoever looks after a fault; by then nothing leaves the same job under its key again.
const KEEP_DONE: TimeDelta = TimeDelta::days(30);

const HOLD: Duration = Duration::from_secs(120);
const MOST_ATTEMPTS: i32 = 12;

/// Takes the next due job, or none. It is held for two minutes; a worker that dies meanwhile loses it to another.
pub async fn take(ground: &Arc<Ground>) -> Result<Option<Taken>, Error> {
    let mut work = Work::open(ground, Actor::System { job: "take", org: None }).await?;
    let now = work.now();
    let held_until = now + HOLD;
    let taken = sqlx::query_as!(
        Taken,
        "update jobs set attempts = attempts + 1, held_until = $2
         where id = (select id from jobs where done_at is null and given_up_at is null and run_at <= $1 and (held_until is null or held_until < $1)
                     order by run_at limit 1 for update skip locked)
         returning id, kind, org, body, attempts",
        now,
        held_until
    )
    .fetch_optional(work.db())
    .await?;
    work.commit().await?;
    Ok(taken)
}

/// Writes down how a job ended: done, to be retried later, or given up for an operator to look at.
pub async fn finish(ground: &Arc<Ground>, job: &Taken, result: Result<(), Error>) -> Result<(), Error> {
    let mut work = Work::open(ground, Actor::System { job: "finish", org: None }).await?;
    let now = work.now();
    match result {
        Ok(()) => {
            sqlx::query!("update jobs set done_at = $2, error = null where id = $1", job.id, now).execute(work.db()).await?;
        }
        Err(error) => {
            let again = now + TimeDelta::seconds(15 * 2i64.pow(job.attempts.clamp(0, 12) as u32));
            let given_up = (job.attempts >= MOST_ATTEMPTS).then_some(now);
            let error = format!("{error:?}");
            tracing::warn!(job = %job.id, kind = job.kind, attempts = job.attempts, error, "A job failed.");
            sqlx::query!(
                "update jobs set run_at = $2, held_until = null, given_up_at = $3, error = left($4, 2000) where id = $1",
                job.id,
                again,
                given_up,
                error
            )
            .execute(work.db())
            .await?;
        }
    }
    work.commit().await
}

/// Deletes what was done long ago. What was given up stays for an operator to look at.
pub async fn forget_done(work: &mut Work) -> Result<(), Error> {
    let before = work.now() - KEEP_DONE;
    sqlx::query!("delete from jobs where done_at < $1", before).execute(work.db()).await?;
    Ok(())
}
