//! Who agreed, and how far it has come.
use chrono::{DateTime, Utc};

use super::{REVIEWED, SIGNED};
use crate::error::Error;
use crate::plans::agreement::Agreement;
use crate::plans::plan::{Plan, Review, Reviewed};
use crate::plans::signed::Signed;
use crate::platform::db::Work;
use crate::platform::ids::{DocumentId, PersonId, PlanLineId, RowId, UserId};

// Everybody of a household, some times over.
const MOST: i64 = 200;

/// Who agreed to a plan, the first of them first.
pub async fn agreements(work: &mut Work, plan: &Plan) -> Result<Vec<Agreement>, Error> {
    let rows = sqlx::query!(
        r#"select id as "id: RowId", round, side, person_id as "person_id: PersonId", way, document_id as "document_id: DocumentId", sealed, language,
             happened_at, author as "author: UserId", author_name
           from plan_agreements where plan_id = $1 order by recorded_at, id limit $2"#,
        plan.id.0,
        MOST
    )
    .fetch_all(work.db())
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = work.case_key(plan.case_id.0).await?;
    let mut agreements = Vec::new();
    for row in rows {
        let sealed = row.sealed.map(|sealed| key.open_json(SIGNED, &sealed)).transpose()?;
        agreements.push(Agreement {
            id: row.id,
            round: row.round,
            side: row.side,
            person_id: row.person_id,
            way: row.way,
            document_id: row.document_id,
            sealed: sealed.unwrap_or_default(),
            language: row.language,
            happened_at: row.happened_at,
            author: row.author,
            author_name: row.author_name,
        });
    }
    Ok(agreements)
}

/// Keeps one side's agreement.
pub(in crate::plans) async fn insert_agreement(
    work: &mut Work,
    plan: &Plan,
    given: &Agreement,
    late_reason: Option<&str>,
) -> Result<(), Error> {
    let (now, key) = (work.now(), work.case_key(plan.case_id.0).await?);
    let sealed = (given.sealed != Signed::default()).then(|| key.seal_json(SIGNED, &given.sealed)).transpose()?;
    sqlx::query!(
        "insert into plan_agreements (id, plan_id, case_id, round, side, person_id, way, document_id, sealed, language, happened_at, late_reason, author,
           author_name, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        given.id.0,
        plan.id.0,
        plan.case_id.0,
        given.round,
        given.side,
        given.person_id.map(|id| id.0),
        given.way,
        given.document_id.map(|id| id.0),
        sealed,
        given.language,
        given.happened_at,
        late_reason,
        given.author.0,
        given.author_name,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// The newest reviews of these versions of one case's plan, the first of them first.
pub async fn reviews(work: &mut Work, plans: &[&Plan]) -> Result<Vec<Review>, Error> {
    let ids: Vec<uuid::Uuid> = plans.iter().map(|plan| plan.id.0).collect();
    let rows = sqlx::query!(
        r#"select id as "id: RowId", case_id, kind, results as "results: Vec<PlanLineId>", progress, sealed, satisfaction, unsaid, happened_at, author_name
           from plan_reviews where plan_id = any ($1) order by happened_at desc, recorded_at desc limit $2"#,
        &ids,
        MOST
    )
    .fetch_all(work.db())
    .await?;
    // Of more than anybody reads the oldest fall away.
    let Some(case) = rows.first().map(|row| row.case_id) else { return Ok(Vec::new()) };
    let key = work.case_key(case).await?;
    let mut reviews = Vec::new();
    for row in rows.into_iter().rev() {
        let said = row.sealed.map(|sealed| key.open_json(REVIEWED, &sealed)).transpose()?;
        reviews.push(Review {
            id: row.id,
            kind: row.kind,
            progress: row.results.into_iter().zip(row.progress).collect(),
            said: said.unwrap_or_default(),
            satisfaction: row.satisfaction,
            unsaid: row.unsaid,
            happened_at: row.happened_at,
            author_name: row.author_name,
        });
    }
    Ok(reviews)
}

/// Keeps a review.
pub(in crate::plans) async fn insert_review(
    work: &mut Work,
    plan: &Plan,
    review: &Review,
    late_reason: Option<&str>,
) -> Result<(), Error> {
    let (me, now, key) = (work.me()?, work.now(), work.case_key(plan.case_id.0).await?);
    let sealed = (review.said != Reviewed::default()).then(|| key.seal_json(REVIEWED, &review.said)).transpose()?;
    let results: Vec<uuid::Uuid> = review.progress.keys().map(|id| id.0).collect();
    let progress: Vec<String> = review.progress.values().cloned().collect();
    let happened_at: DateTime<Utc> = review.happened_at;
    sqlx::query!(
        "insert into plan_reviews (id, plan_id, case_id, kind, results, progress, sealed, satisfaction, unsaid, happened_at, late_reason, author, author_name,
           recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        review.id.0,
        plan.id.0,
        plan.case_id.0,
        review.kind,
        &results,
        &progress,
        sealed,
        review.satisfaction,
        review.unsaid,
        happened_at,
        late_reason,
        me.0,
        review.author_name,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}
