//! SQL of closings. Their words are sealed with the case's key.
use super::{Closed, Closure, Said};
use crate::cases::Case;
use crate::error::Error;
use crate::plans::Plan;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ClosingId, PlanId, PlanLineId, RowId, UserId};

const SEALED: &str = "case_closures.sealed";
// A case that is closed more often was never closed.
const MOST: i64 = 50;

/// The closings of a case, the latest first.
pub async fn list(work: &mut Work, case: CaseId) -> Result<Vec<Closed>, Error> {
    let rows = sqlx::query!(
        r#"select k.id as "id: RowId", k.reason, k.plan_id as "plan: PlanId", k.goals as "goals: Vec<PlanLineId>", k.outcomes, k.discussed, k.reviewed, k.way_back,
             k.letter, k.follows as "follows: UserId", u.name as "follows_name?", k.sealed, k.author_name, k.approved_by_name, k.recorded_at
           from case_closures k left join users u on u.id = k.follows where k.case_id = $1 order by k.recorded_at desc, k.id desc limit $2"#,
        case.0,
        MOST
    )
    .fetch_all(work.db())
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = work.case_key(case.0).await?;
    let mut closed = Vec::new();
    for row in rows {
        let said = row.sealed.map(|sealed| key.open_json(SEALED, &sealed)).transpose()?;
        closed.push(Closed {
            id: row.id,
            reason: row.reason,
            plan: row.plan,
            outcomes: row.goals.into_iter().zip(row.outcomes).collect(),
            discussed: row.discussed,
            reviewed: row.reviewed,
            way_back: row.way_back,
            letter: row.letter,
            follows: row.follows,
            follows_name: row.follows_name,
            said: said.unwrap_or_default(),
            author_name: row.author_name,
            approved_by_name: row.approved_by_name,
            recorded_at: row.recorded_at,
        });
    }
    Ok(closed)
}

/// One closing of this case.
pub async fn find(work: &mut Work, case: CaseId, id: RowId) -> Result<Closed, Error> {
    list(work, case).await?.into_iter().find(|closed| closed.id == id).ok_or(Error::NotFound)
}

/// In whose name a case is closed.
pub(in crate::cases) struct By {
    pub(in crate::cases) author: UserId,
    pub(in crate::cases) author_name: String,
    pub(in crate::cases) approved_by_name: Option<String>,
    /// The request that was approved.
    pub(in crate::cases) request: Option<ClosingId>,
}

/// Keeps a closing.
pub(in crate::cases) async fn insert(
    work: &mut Work,
    case: &Case,
    plan: Option<&Plan>,
    (closure, by): (&Closure, &By),
) -> Result<RowId, Error> {
    let (id, now) = (RowId::new(), work.now());
    let said = closure.said();
    let key = work.case_key(case.id.0).await?;
    let sealed = (said != Said::default()).then(|| key.seal_json(SEALED, &said)).transpose()?;
    let told: Vec<&(PlanLineId, String)> = closure.outcomes.iter().filter(|(_, word)| !word.is_empty()).collect();
    let goals: Vec<uuid::Uuid> = told.iter().map(|(goal, _)| goal.0).collect();
    let outcomes: Vec<String> = told.iter().map(|(_, word)| word.clone()).collect();
    sqlx::query!(
        "insert into case_closures (id, case_id, reason, plan_id, goals, outcomes, discussed, reviewed, way_back, letter, follows, sealed, author, author_name, recorded_at, approved_by_name, request_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        id.0,
        case.id.0,
        closure.reason,
        plan.map(|plan| plan.id.0),
        &goals,
        &outcomes,
        closure.discussed,
        closure.reviewed,
        if closure.way_back { closure.way_back_how.as_str() } else { "" },
        closure.letter,
        closure.follows.map(|user| user.0),
        sealed,
        by.author.0,
        by.author_name,
        now,
        by.approved_by_name,
        by.request.map(|request| request.0)
    )
    .execute(work.db())
    .await?;
    Ok(id)
}

/// The referrals of a case that were sent and have not ended, and the drafts.
pub(in crate::cases) async fn open_referrals(work: &mut Work, case: CaseId) -> Result<(i64, i64), Error> {
    let row = sqlx::query!(
        r#"select count(*) filter (where status <> 'draft') as "sent!", count(*) filter (where status = 'draft') as "drafts!" from referrals
           where case_id = $1 and step <> 'discarded' and status in ('draft', 'requested', 'accepted', 'in_progress', 'on_hold')"#,
        case.0
    )
    .fetch_one(work.db())
    .await?;
    Ok((row.sent, row.drafts))
}
