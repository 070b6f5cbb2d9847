//! Table of contents of work behind the pages: which fact wakes which job, and which job runs which function.
pub mod upkeep;

use std::sync::Arc;
use std::time::Duration;

use rand::RngExt;

use crate::directory::remind;
use crate::eligibility::screening;
use crate::error::Error;
use crate::forms::admin::export::jobs as form_exports;
use crate::mail::{self, Asked};
use crate::meetings::conference::recall::MINUTES;
use crate::notifications::digest;
use crate::notifications::worker as notifications;
use crate::plans::actions::code;
use crate::platform::db::{Actor, Ground, Work};
use crate::platform::jobs::{self, Job, RecordedFact, Taken};
use crate::platform::outbox::{May, Outgoing};
use crate::projects::recall::HOSTED;
use crate::referrals::clocks::job as clocks_job;
use crate::referrals::links;
use crate::{access, case_files, cases, consent, documents, letters, meetings, people, procedures, projects, tasks, transfers};

// What is done every minute for every organisation that works here.
const EVERY_MINUTE: &[&str] = &[
    clocks_job::LOOK,
    tasks::due::JOB,
    transfers::jobs::COVERS,
    transfers::jobs::LOOK,
    cases::lost_contact::JOB,
    meetings::jobs::LOOK,
    documents::jobs::SCAN,
    documents::jobs::EXPIRY,
    case_files::jobs::EXPIRE,
];

/// The jobs that a fact wakes. Rooms below never call notifications: they record facts, and this map does the rest.
pub fn jobs_of_fact(fact: &RecordedFact) -> Vec<Job> {
    [
        clocks_job::of_fact(fact),
        letters::job::of_fact(fact),
        links::job::of_fact(fact),
        meetings::jobs::of_fact(fact),
        notifications::jobs_of_fact(fact),
    ]
    .concat()
}

/// Runs one job to its end. What it did commits together, or not at all.
async fn run(work: &mut Work, job: &Taken) -> Result<(), Error> {
    match job.kind.as_str() {
        tasks::due::JOB => tasks::due::scan(work).await,
        clocks_job::LOOK => clocks_job::look(work).await,
        clocks_job::TELL => clocks_job::tell(work, &job.body).await,
        consent::actions::RENEWAL => consent::actions::renew_later(work, job).await,
        consent::actions::REFUSED => procedures::call_back_refused(work, job).await,
        access::basis_review::UNJUSTIFIED => procedures::stop_unjustified(work, job).await,
        access::break_glass::REVIEW => procedures::review_glass_later(work, job).await,
        access::retention::BEGIN => procedures::begin_erasure(work, job).await,
        procedures::ERASE => procedures::erase(work, job).await,
        procedures::SWEEP => procedures::sweep(work, job).await,
        letters::job::ISSUE => letters::job::issue(work, job).await,
        letters::job::LOST => letters::job::lost(work, job).await,
        transfers::jobs::BEGIN => transfers::jobs::begin(work, job).await,
        transfers::jobs::MOVE => transfers::jobs::move_one(work, job).await,
        transfers::jobs::OVERTAKEN => transfers::jobs::overtaken(work, job).await,
        transfers::jobs::COVERS => transfers::jobs::covers(work).await,
        transfers::jobs::LOOK => transfers::jobs::look(work).await,
        cases::lost_contact::JOB => cases::lost_contact::look(work).await,
        meetings::jobs::LOOK => meetings::jobs::look(work).await,
        meetings::jobs::REMINDER_LOST => meetings::jobs::reminder_lost(work, job).await,
        kind if kind == MINUTES.job => MINUTES.tell(work, job).await,
        kind if kind == HOSTED.job => HOSTED.tell(work, job).await,
        projects::recall::FORMER => projects::recall::former(work, job).await,
        case_files::jobs::MAKE => case_files::jobs::make(work, job).await,
        case_files::jobs::EXPIRE => case_files::jobs::expire(work).await,
        form_exports::MAKE => form_exports::make(work, job).await,
        form_exports::EXPIRE => form_exports::expire(work, job).await,
        people::merge::JOIN => people::merge::carry_out(work, job).await,
        people::merge::LAPSE => people::merge::lapse(work, job).await,
        people::elsewhere::PUT => people::elsewhere::put(work, job).await,
        people::elsewhere::TELL => people::elsewhere::tell(work, job).await,
        people::elsewhere::SETTLE => people::elsewhere::settle(work, job).await,
        documents::jobs::SCAN => documents::jobs::scan(work).await,
        documents::jobs::EXPIRY => documents::jobs::expiry(work).await,
        screening::jobs::ADVANCE => screening::jobs::advance_later(work, job).await,
        screening::jobs::CHOOSE => screening::jobs::choose(work, job).await,
        screening::jobs::ASK => screening::jobs::ask(work, job).await,
        screening::jobs::FORGET => screening::jobs::forget(work, job).await,
        remind::SWEEP => remind::sweep(work).await,
        remind::CHECK => remind::check(work).await,
        links::job::SEND_CODE => links::job::send_code(work, job).await,
        links::job::ASK_DELETION => links::job::ask_deletion(work, job).await,
        links::job::DELETION_FAILED => links::job::deletion_failed(work, job).await,
        notifications::NOTIFY => notifications::notify(work, &job.body).await,
        digest::ROUND => digest::round(work).await,
        other => Err(anyhow::anyhow!("no job is called {other}").into()),
    }
}

/// Asks the room that owns a message whether it may still go, and for what is attached to it. A kind that nobody owns goes nowhere.
fn may_send<'a>(work: &'a mut Work, message: &'a Outgoing) -> Asked<'a> {
    Box::pin(async move {
        match message.kind.as_str() {
            mail::TRIAL => Ok(May::Send(Vec::new())),
            digest::DIGEST => digest::may_send(work, message).await,
            letters::job::MESSAGE => letters::job::may(work, message).await,
            meetings::texts::MESSAGE | meetings::texts::CALLED_OFF => meetings::texts::may_send(work, message).await,
            code::MESSAGE => code::may_send(work, message).await,
            links::job::CODE | links::job::DELETION | links::job::LINK => links::job::may_send(work, message).await,
            other => Err(anyhow::anyhow!("no room owns messages of kind {other}").into()),
        }
    })
}

/// Sends what lies in the outbox until told to stop.
pub async fn send_until(ground: Arc<Ground>, stop: tokio::sync::watch::Receiver<bool>) {
    mail::sender::send_until(ground, may_send, stop).await;
}

/// Sends every message that is due now; answers how many had their turn. Tests call this instead of waiting.
pub async fn send_off(ground: &Arc<Ground>) -> Result<usize, Error> {
    mail::sender::send_due(ground, may_send).await
}

/// Works until told to stop: takes due jobs one after the other, polls with jitter when there are none.
pub async fn work_until(ground: Arc<Ground>, mut stop: tokio::sync::watch::Receiver<bool>) {
    let mut minute = 0;
    loop {
        let this_minute = ground.clock.now().timestamp() / 60;
        if this_minute != minute {
            minute = this_minute;
            if let Err(error) = tick(&ground).await {
                tracing::warn!(?error, "The work of this minute could not be left; the next minute tries again.");
            }
        }
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

/// Leaves what is done every minute. One job of a kind waits at most for each organisation, so that a worker that was away does not
/// find the minutes it missed; the key lets several workers tick at once.
pub async fn tick(ground: &Arc<Ground>) -> Result<(), Error> {
    let mut work = Work::open(ground, Actor::System { job: "tick", org: None }).await?;
    let minute = work.now().timestamp() / 60;
    for kind in EVERY_MINUTE {
        let orgs = sqlx::query_scalar!(
            "select id from organisations o where active and in_system
             and not exists (select from jobs j where j.kind = $1 and j.org = o.id and j.done_at is null and j.given_up_at is null)",
            kind
        )
        .fetch_all(work.db())
        .await?;
        for org in orgs {
            work.enqueue(Job::new(kind, Some(org), serde_json::json!({})).once(format!("{kind}:{org}:{minute}"))).await?;
        }
        // Yesterday's are of no use to anybody.
        let yesterday = work.now() - chrono::TimeDelta::days(1);
        sqlx::query!("delete from jobs where kind = $1 and done_at < $2", kind, yesterday).execute(work.db()).await?;
    }
    remind::begin(&mut work).await?;
    digest::begin(&mut work).await?;
    work.commit().await
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
