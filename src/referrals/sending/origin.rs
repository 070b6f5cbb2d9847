//! The record of the case that a referral was started from: a note, a document, a consent, an action of the plan, or a child record of the case
//! or of a person on it; the referral is linked to that and to the case.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::error::Error;
use crate::packs;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RecordId};
use crate::records;

/// What it was started from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// `note`, `document`, `consent`, `plan` or `record`.
    pub kind: String,
    /// A child record's own kind, in the reader's language.
    pub called: String,
    /// When that was recorded, or happened.
    pub at: DateTime<Utc>,
    /// The page where it stands, where it has one of its own.
    pub path: String,
}

/// The record, if it belongs to this case or to a person on it, and the actor sees it.
pub async fn find_maybe(work: &mut Work, case: CaseId, id: Uuid) -> Result<Option<Origin>, Error> {
    let found = sqlx::query!(
        r#"select 'note' as "kind!", happened_at as "at!" from case_notes where id = $1 and case_id = $2
           union all select 'document', recorded_at from documents where id = $1 and case_id = $2
           union all select 'consent', recorded_at from consents where id = $1 and case_id = $2"#,
        id,
        case.0
    )
    .fetch_optional(work.db())
    .await?;
    if let Some(row) = found {
        return Ok(Some(Origin { kind: row.kind, called: String::new(), at: row.at, path: String::new() }));
    }
    if let Some(origin) = plan_action(work, case, id).await? {
        return Ok(Some(origin));
    }
    child_record(work, case, RecordId(id)).await
}

// What makes somebody safer starts nothing that leaves the house (S25).
async fn plan_action(work: &mut Work, case: CaseId, id: Uuid) -> Result<Option<Origin>, Error> {
    let found = sqlx::query!(
        "select plan_id, recorded_at from plan_lines where id = $1 and case_id = $2 and kind in ('support', 'accompaniment') and removed_at is null",
        id,
        case.0
    )
    .fetch_optional(work.db())
    .await?;
    let origin = |path: String, at| Origin { kind: "plan".to_owned(), called: String::new(), at, path };
    Ok(found.map(|row| origin(format!("/cases/{case}/plans/{}", row.plan_id), row.recorded_at)))
}

async fn child_record(work: &mut Work, case: CaseId, root: RecordId) -> Result<Option<Origin>, Error> {
    let Some((of, line)) = records::store::origin(work, case, root).await? else { return Ok(None) };
    let lang = work.lang();
    let packs = packs::store::newest(work).await?;
    let known = packs.iter().find_map(|(_, pack)| pack.record_kind(&line.kind));
    let called = known.map(|kind| kind.labels.get(lang).to_owned()).unwrap_or_default();
    let path = match of {
        records::Of::Case(id) => format!("/cases/{id}/records/{root}"),
        records::Of::Person(id) => format!("/people/{id}/records/{root}"),
    };
    Ok(Some(Origin { kind: "record".to_owned(), called, at: line.happened_at, path }))
}
