//! The SQL of the tasks that records leave.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::OnCase;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RecordId, UserId};
use crate::records::place::{Kind, Of, Place};

/// The newest record of this kind that stands here: by when it happened, not by when it was written down.
pub(super) async fn newest_of(work: &mut Work, of: Of, kind: &str) -> Result<Option<RecordId>, Error> {
    let found = match of {
        Of::Case(case) => {
            let sql = sqlx::query_scalar!(
                r#"select r.root as "root: RecordId" from case_records r where r.case_id = $1 and r.kind = $2 and r.moved_at is null
                     and not exists (select from case_records later where later.corrects = r.id)
                   order by r.happened_at desc, r.recorded_at desc limit 1"#,
                case.0,
                kind
            );
            sql.fetch_optional(work.db()).await?
        }
        Of::Person(person) => {
            let sql = sqlx::query_scalar!(
                r#"select r.root as "root: RecordId" from person_records r where r.person_id = $1 and r.kind = $2 and r.moved_at is null
                     and not exists (select from person_records later where later.corrects = r.id)
                   order by r.happened_at desc, r.recorded_at desc limit 1"#,
                person.0,
                kind
            );
            sql.fetch_optional(work.db()).await?
        }
    };
    Ok(found)
}

/// The open case on which a task of this kind of record stands: the place itself, or the newest of the person's that the record is kept for.
pub(super) async fn case_for(work: &mut Work, place: &Place, kind: &Kind) -> Result<Option<OnCase>, Error> {
    let (case, person) = match place.of {
        Of::Case(case) => (Some(case.0), None),
        Of::Person(person) => (None, Some(person.0)),
    };
    let found = sqlx::query_as!(
        OnCase,
        r#"select id as "id: CaseId", unit, case_manager as "manager: UserId" from cases
           where (id = $1 or (person_id = $2 and case_type = any ($3) and org = $4)) and closed_at is null order by opened_at desc, id limit 1"#,
        case,
        person,
        &kind.pack.kept_for(&kind.kind),
        work.standing.org
    );
    Ok(found.fetch_optional(work.db()).await?)
}

/// Ends the tasks of this kind of record but the one that says what it should; answers those that were open.
pub(super) async fn end_tasks(
    work: &mut Work,
    case: CaseId,
    prefix: &str,
    kept: Option<&str>,
    due: Option<DateTime<Utc>>,
) -> Result<Vec<Uuid>, Error> {
    let now = work.now();
    let ended =
        sqlx::query_scalar!(r#"select access.end_record_tasks($1, $2, $3, $4, $5) as "id!""#, case.0, prefix, kept, due, now);
    Ok(ended.fetch_all(work.db()).await?)
}
