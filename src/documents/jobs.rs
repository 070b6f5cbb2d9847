//! What the clock does with documents: those that wait, and those that were kept before a scanner was set, are looked through for viruses, and
//! the keeper is told of papers that run out.
use chrono::{NaiveDate, TimeDelta};
use serde_json::json;

use super::store::{self, Expiring, Unscanned};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::clamd::{self, Verdict};
use crate::platform::db::Work;
use crate::platform::jobs::Job;
use crate::tasks::{self, NewTask};

/// The job that has waiting documents looked through.
pub const SCAN: &str = "documents.scan";
/// The job that tells of papers that run out.
pub const EXPIRY: &str = "documents.expiry";

const FIRST: i64 = 60;
const SECOND: i64 = 14;

/// Has the waiting documents of this organisation looked through, some at a time. One that can't be asked about waits for the next run.
pub async fn scan(work: &mut Work) -> Result<(), Error> {
    let clamd = work.ground().clamd.clone();
    let waiting = store::unscanned(work).await?;
    let more = waiting.len() >= store::SCANNED_AT_ONCE;
    for (nth, document) in waiting.iter().enumerate() {
        // The scanner was taken away meanwhile: the document says so, and is served like any that came without one.
        let Some(clamd) = &clamd else {
            store::judge(work, document, "none").await?;
            continue;
        };
        let bytes = match store::read_of(work, document.case_id, &document.file).await {
            Ok(bytes) => bytes,
            // One of long ago whose file is gone holds up none that came after it; it is tried again another day.
            Err(error) if document.is_older => {
                tracing::warn!(document = %document.id, ?error, "A document of before the scanner cannot be read.");
                store::judge(work, document, "none").await?;
                continue;
            }
            Err(error) => return Err(error),
        };
        match clamd::scan(clamd, &bytes).await {
            Ok(verdict) => judge(work, document, &verdict).await?,
            // What was judged before is kept.
            Err(error) if nth > 0 => {
                tracing::warn!(document = %document.id, ?error, "A document could not be looked through; the next run tries again.");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
    }
    if more {
        work.enqueue(Job::new(SCAN, work.org(), json!({}))).await?;
    }
    Ok(())
}

async fn judge(work: &mut Work, document: &Unscanned, verdict: &Verdict) -> Result<(), Error> {
    let about = About::case(document.case_id).with(document.id);
    let Verdict::Infected(name) = verdict else {
        store::judge(work, document, "clean").await?;
        return work.record(Fact::DocumentScanned, about.note(json!({ "result": "clean" }))).await;
    };
    store::judge(work, document, "infected").await?;
    tracing::warn!(document = %document.id, found = name, "A document is in quarantine.");
    let task = NewTask::of_case("document_infected", document.case_id, work.now()).to(Some(document.added_by));
    tasks::actions::add(work, task.once(format!("document_infected:{}", document.id))).await?;
    work.record(Fact::DocumentScanned, about.note(json!({ "result": "infected" }))).await
}

/// Tells the keeper of papers of this organisation that run out: 60 days before, and 14 days before unless that first task still stands.
pub async fn expiry(work: &mut Work) -> Result<(), Error> {
    let today = work.now().date_naive();
    for paper in store::expiring(work, today + TimeDelta::days(FIRST), today + TimeDelta::days(SECOND)).await? {
        let soon = paper.expires_on <= today + TimeDelta::days(SECOND);
        if !(soon && paper.asked) {
            tell(work, &paper, soon).await?;
        }
        store::mark_told(work, paper.id, if soon { 2 } else { 1 }).await?;
    }
    Ok(())
}

async fn tell(work: &mut Work, paper: &Expiring, soon: bool) -> Result<(), Error> {
    let due_on = if soon { paper.expires_on } else { paper.expires_on - TimeDelta::days(SECOND) };
    let key = store::expiry_key(paper.id, if soon { SECOND } else { FIRST });
    let task = NewTask::of_case("document_expires", paper.case_id, noon(due_on)).to(paper.keeper).once(key);
    tasks::actions::add(work, task).await.map(drop)
}

fn noon(day: NaiveDate) -> chrono::DateTime<chrono::Utc> {
    day.and_hms_opt(12, 0, 0).unwrap_or_default().and_utc()
}
