//! Every break-glass leaves a task for the protection officer of the organisation that owns the case (S9).
use crate::access::break_glass::Review;
use crate::consent;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::jobs::Taken;
use crate::tasks::{self, NewTask};

/// Leaves the task to review a break-glass.
pub async fn review_glass_later(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let asked: Review = serde_json::from_value(job.body.clone()).map_err(anyhow::Error::from)?;
    let Some(org) = job.org else { return Ok(()) };
    // Reviewed before this job came round: nothing is owed any more.
    let owed = sqlx::query_scalar!("select id from grants where id = $1 and reviewed_at is null", asked.grant);
    if owed.fetch_optional(work.db()).await?.is_none() {
        return Ok(());
    }
    let officer = consent::store::protection_officer(work, org).await?;
    let task = NewTask::of_case("review_break_glass", asked.case, asked.due_at).to(officer).once(asked.once());
    tasks::actions::add(work, task).await.map(|_| ())
}
