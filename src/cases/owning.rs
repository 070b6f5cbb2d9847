//! SQL that says whose a case is: writing it under a code of its own, giving it away, giving it another type. What ends the actor's own
//! sight goes through functions of `access`, which check sight, right and version again.
use uuid::Uuid;

use super::case::Case;
use super::store::opened_before;
use crate::error::{Error, OnConstraint};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, UnitId, UserId, codes, no_code_free};

/// Writes a new case row under a code that is free, once for each id. Its scope is the database's to set.
pub(super) async fn insert(work: &mut Work, mut case: Case) -> Result<Case, Error> {
    for code in codes('C') {
        case.code = code;
        let stored = sqlx::query!(
            "insert into cases (id, code, org, unit, case_type, case_manager, supervisor, person_id, household_id, pack, pack_version, stage, priority,
               risk, risk_set_at, intake_source, limits_explained_on, opened_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) on conflict (code) do nothing",
            case.id.0,
            case.code,
            case.org,
            case.unit,
            case.case_type,
            case.case_manager.map(|id| id.0),
            case.supervisor.map(|id| id.0),
            case.person_id.0,
            case.household_id.map(|id| id.0),
            case.pack,
            case.pack_version,
            case.stage,
            case.priority,
            case.risk,
            case.risk_set_at,
            case.intake_source,
            case.limits_explained_on,
            case.opened_at
        );
        let opened_before = || opened_before(case.stage.clone());
        if stored.execute(work.db()).await.on_constraint("cases_pkey", opened_before)?.rows_affected() == 1 {
            return Ok(case);
        }
    }
    Err(no_code_free('C'))
}

/// Gives the case to another unit, manager or supervisor; the actor may lose sight of it.
pub(super) async fn hand_over(
    work: &mut Work,
    case: &Case,
    unit: UnitId,
    manager: Option<UserId>,
    supervisor: Option<UserId>,
) -> Result<(), Error> {
    sqlx::query!(
        "select access.hand_over($1, $2, $3, $4, $5)",
        case.id.0,
        case.version,
        unit,
        manager.map(|id| id.0) as Option<Uuid>,
        supervisor.map(|id| id.0) as Option<Uuid>
    )
    .fetch_one(work.db())
    .await?;
    Ok(())
}

/// Gives the case another type; the actor may lose sight of it, and every exception that was made for the old type ends.
pub(super) async fn reclassify(
    work: &mut Work,
    case: &Case,
    case_type: i16,
    manager: Option<UserId>,
    supervisor: Option<UserId>,
) -> Result<(), Error> {
    sqlx::query!(
        "select access.reclassify($1, $2, $3, $4, $5)",
        case.id.0,
        case.version,
        case_type,
        manager.map(|id| id.0) as Option<Uuid>,
        supervisor.map(|id| id.0) as Option<Uuid>
    )
    .fetch_one(work.db())
    .await?;
    Ok(())
}

/// Who keeps and who supervises the case once it is opened again: whoever did, where they are still here, cleared and not barred; of a restricted one
/// otherwise whoever takes their place.
pub(super) async fn keepers_again(work: &mut Work, case: &Case) -> Result<(Option<UserId>, Option<UserId>), Error> {
    let found = sqlx::query!(
        r#"select keeper as "keeper?: UserId", overseer as "overseer?: UserId" from access.keepers_again($1)"#,
        case.id.0
    )
    .fetch_one(work.db())
    .await?;
    Ok((found.keeper, found.overseer))
}

/// Makes it so; one that nobody keeps waits in the inbox of its unit.
pub(super) async fn keep_again(work: &mut Work, case: &Case) -> Result<(), Error> {
    sqlx::query!("select access.keep_again($1, $2)", case.id.0, case.version).fetch_one(work.db()).await?;
    Ok(())
}

/// The stages in which the case stood before it was closed, the last one first.
pub(super) async fn stages_before(work: &mut Work, case: CaseId) -> Result<Vec<String>, Error> {
    let stages = sqlx::query_scalar!(
        r#"select case when kind in ('closed', 'paused') then from_value else to_value end as "stage?" from case_moves
           where case_id = $1 and kind in ('opened', 'stage', 'paused', 'resumed', 'closed', 'reopened')
           order by happened_at desc, id desc limit 50"#,
        case.0
    );
    Ok(stages.fetch_all(work.db()).await?.into_iter().flatten().collect())
}
