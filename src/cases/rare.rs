//! What most cases have none of. The page of a case asks once which of it there is, and reads the lists of what there is alone.
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::CaseId;

/// Of what a case has any, as far as the actor sees it.
#[derive(Debug, Clone, Copy)]
pub struct Rare {
    /// Child records.
    pub records: bool,
    /// Closings that were asked for.
    pub asked: bool,
    /// Decisions not to refer.
    pub not_referred: bool,
    /// Tasks that come again.
    pub series: bool,
    /// It may be about to go, or is kept for somebody who is away.
    pub moving: bool,
}

impl Rare {
    /// What there is of a case.
    pub async fn of(work: &mut Work, case: CaseId) -> Result<Self, Error> {
        let found = sqlx::query_as!(
            Rare,
            r#"select exists (select from case_records where case_id = $1) as "records!", exists (select from closure_requests where case_id = $1) as "asked!",
                 exists (select from not_referred where case_id = $1) as "not_referred!",
                 exists (select from task_series where case_id = $1 and next_due_at is not null) as "series!",
                 exists (select from transfer_items where case_id = $1 and state = 'waiting')
                   or exists (select from cover_cases where case_id = $1 and returned_at is null) as "moving!""#,
            case.0
        );
        Ok(found.fetch_one(work.db()).await?)
    }
}
