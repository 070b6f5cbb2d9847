//! The record of the case that a referral was started from: a note, a document or a consent; it is linked to that and to the case.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::CaseId;

/// What it was started from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// `note`, `document` or `consent`.
    pub kind: String,
    /// When that was recorded.
    pub at: DateTime<Utc>,
}

/// The record, if it belongs to this case and the actor sees it.
pub async fn find_maybe(work: &mut Work, case: CaseId, id: Uuid) -> Result<Option<Origin>, Error> {
    let found = sqlx::query_as!(
        Origin,
        r#"select 'note' as "kind!", happened_at as "at!" from case_notes where id = $1 and case_id = $2
           union all select 'document', recorded_at from documents where id = $1 and case_id = $2
           union all select 'consent', recorded_at from consents where id = $1 and case_id = $2"#,
        id,
        case.0
    )
    .fetch_optional(work.db())
    .await?;
    Ok(found)
}
