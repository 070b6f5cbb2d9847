//! A transfer notice must lead somewhere: its case may change hands, and somebody may take it over where the notice arrives.
use super::draft::CaseBrief;
use super::target::Target;
use crate::error::{Error, invalid};
use crate::platform::db::Work;

/// Refuses a notice that nobody could complete, and one by whoever is in for a handed task alone.
pub(super) async fn check(work: &mut Work, case: &CaseBrief, target: &Target) -> Result<(), Error> {
    work.reaches_beyond_task(case.id).await?;
    let found = sqlx::query!(
        r#"select exists (select from access.fixed_cases(array[$1::uuid])) as "fixed!",
             exists (select from access.transfer_units('transfer.receive', array[$3::smallint]) as there where there = $2) as "taken!""#,
        case.id.0,
        target.unit,
        case.case_type
    )
    .fetch_one(work.db())
    .await?;
    if found.fixed {
        return Err(invalid("case", "transfer_in_follow_up"));
    }
    if found.taken { Ok(()) } else { Err(invalid("to", "transfer_nobody_receives")) }
}
