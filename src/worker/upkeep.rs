//! The program's own upkeep, beside the jobs: sealing the audit and looking for returned mail every few seconds; counting the figures,
//! forgetting old answers of the REST face and what old messages said every hour. Several workers may run it at once: one sealer holds the
//! lock, and counting twice gives the same cells.
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, interval_at};

use crate::api::idempotency;
use crate::audit::seal;
use crate::error::Error;
use crate::mail::{bounces, store as mail};
use crate::platform::db::{Actor, Ground, Work};
use crate::platform::jobs;
use crate::referrals::links;
use crate::reports::refresh;

const SEAL_EVERY: Duration = Duration::from_secs(5);
const COUNT_EVERY: Duration = Duration::from_secs(60 * 60);
// The first count waits until the start is over.
const COUNT_AFTER: Duration = Duration::from_secs(20);

/// Keeps up until told to stop, then seals what is left.
pub async fn keep_up(ground: Arc<Ground>, mut stop: watch::Receiver<bool>) {
    let mut sealing = interval(SEAL_EVERY);
    let mut counting = interval_at(Instant::now() + COUNT_AFTER, COUNT_EVERY);
    sealing.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = sealing.tick() => {
                look_at_disk(&ground).await;
                seal_all(&ground).await;
                if let Err(error) = bounces::look(&ground).await {
                    tracing::warn!(?error, "Returned mail could not be looked at; it is tried again.");
                }
            }
            _ = counting.tick() => {
                if let Err(error) = refresh::refresh_all(&ground).await {
                    tracing::warn!(?error, "The figures could not be counted; the next hour tries again.");
                }
                if let Err(error) = forget(&ground).await {
                    tracing::warn!(?error, "What is old could not be forgotten; the next hour tries again.");
                }
            }
            _ = stop.changed() => break,
        }
    }
    seal_all(&ground).await;
}

/// Forgets what served its purpose: the answers kept under idempotency keys, jobs that were done a month ago, sessions, codes and tries of
/// answer links, and what messages said that were settled long ago.
pub async fn forget(ground: &Arc<Ground>) -> Result<(), Error> {
    let mut work = Work::open(ground, Actor::System { job: "forget", org: None }).await?;
    idempotency::forget_old(&mut work).await?;
    jobs::forget_done(&mut work).await?;
    links::store::sweep(&mut work).await?;
    let kept_since = work.now() - chrono::TimeDelta::days(i64::from(ground.mail.keep_days));
    mail::forget(&mut work, kept_since).await?;
    work.commit().await
}

// Asking the disk waits for another program, so it is done aside.
async fn look_at_disk(ground: &Arc<Ground>) {
    let ground = ground.clone();
    if let Err(error) = tokio::task::spawn_blocking(move || ground.disk.look()).await {
        tracing::warn!(?error, "The disk could not be asked how much room it has.");
    }
}

async fn seal_all(ground: &Arc<Ground>) {
    loop {
        match seal::seal_next(ground).await {
            Ok(Some(seal)) => tracing::debug!(block = seal.number, facts = seal.facts_count, "Sealed a block of facts."),
            Ok(None) => return,
            Err(error) => {
                tracing::error!(?error, "Facts could not be sealed; they stay unprotected until the next try.");
                return;
            }
        }
    }
}
