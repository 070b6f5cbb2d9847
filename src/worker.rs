//! Table of contents of work behind the pages: which fact wakes which job, and which job runs which function.
pub mod upkeep;

use std::sync::Arc;
use std::time::Duration;

use rand::RngExt;

use crate::error::Error;
use crate::platform::db::{Actor, Ground, Work};
use crate::platform::jobs::{self, Job, RecordedFact, Taken};

/// The jobs that a fact wakes. Rooms below never call notifications: they record facts, and this map does the rest.
pub fn jobs_of_fact(_fact: &RecordedFact) -> Vec<Job> {
    Vec::new()
}

/// Runs one job to its end. What it did commits together, or not at all.
async fn run(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let _ = work;
    Err(anyhow::anyhow!("no job is called {}", job.kind).into())
}

/// Works until told to stop: takes due jobs one after the other, polls with jitter when there are none.
pub async fn work_until(ground: Arc<Ground>, mut stop: tokio::sync::watch::Receiver<bool>) {
    loop {
        match work_off(&ground).await {
            Ok(_) => {}
            Err(error) => tracing::warn!(?error, "The worker could not take a job; it tries again."),
        }
        let pause = Duration::from_millis(rand::rng().random_range(800..1200));
        tokio::select! {
            () = ground.wake.notified() => {}
            () = tokio::time::sleep(pause) => {}
            _ = stop.changed() => return,
        }
    }
}

/// Works off every job that is due now; answers how many. Tests call this instead of waiting.
pub async fn work_off(ground: &Arc<Ground>) -> Result<usize, Error> {
    let mut count = 0;
    while let Some(job) = jobs::take(ground).await? {
        let result = Box::pin(attempt(ground, &job)).await;
        jobs::finish(ground, &job, result).await?;
        count += 1;
    }
    Ok(count)
}

async fn attempt(ground: &Arc<Ground>, job: &Taken) -> Result<(), Error> {
    let mut work = Work::open(ground, Actor::System { job: "job", org: job.org }).await?;
    run(&mut work, job).await?;
    work.commit().await
}
