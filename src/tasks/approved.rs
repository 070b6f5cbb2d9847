//! What was put before somebody to approve, what they gave back with which words, what they approved: every step, kept when the next one comes.
use chrono::{DateTime, Utc};

use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{AssessmentId, CaseId, PlanId, RowId};
use crate::web::Page;

const REMARK: &str = "approval_steps.remark";
// More than anybody gives one thing back.
const MOST: i64 = 200;

/// What is approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A version of a plan.
    Plan(PlanId),
    /// A round of an assessment.
    Assessment(AssessmentId),
}

/// One step on the way to an approval.
#[derive(Debug, Clone)]
pub struct Step {
    /// Of what.
    pub of: Of,
    /// `submitted`, `returned` or `approved`.
    pub act: String,
    /// What was said with it.
    pub remark: String,
    /// Whose step it was.
    pub author_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// Keeps a step.
pub async fn keep(work: &mut Work, case: CaseId, of: Of, (act, remark): (&str, &str)) -> Result<(), Error> {
    let (me, now, name) = (work.me()?, work.now(), work.standing.name.clone());
    let remark = match remark.trim() {
        "" => None,
        words => Some(work.case_key(case.0).await?.seal(REMARK, words.as_bytes())),
    };
    let (plan, assessment) = match of {
        Of::Plan(id) => (Some(id.0), None),
        Of::Assessment(id) => (None, Some(id.0)),
    };
    sqlx::query!(
        "insert into approval_steps (id, case_id, plan_id, assessment_id, act, remark, author, author_name, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        RowId::new().0,
        case.0,
        plan,
        assessment,
        act,
        remark,
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// The steps of a case, the first of them first.
pub async fn of_case(work: &mut Work, case: CaseId) -> Result<Vec<Step>, Error> {
    read(work, case, None).await
}

/// The steps of one plan or assessment, the first of them first.
pub async fn of(work: &mut Work, case: CaseId, of: Of) -> Result<Vec<Step>, Error> {
    read(work, case, Some(of)).await
}

async fn read(work: &mut Work, case: CaseId, only: Option<Of>) -> Result<Vec<Step>, Error> {
    let (plan, assessment) = match only {
        Some(Of::Plan(id)) => (Some(id.0), None),
        Some(Of::Assessment(id)) => (None, Some(id.0)),
        None => (None, None),
    };
    let rows = sqlx::query!(
        r#"select plan_id as "plan_id: PlanId", assessment_id as "assessment_id: AssessmentId", act, remark, author_name, recorded_at
           from approval_steps where case_id = $1 and ($3::uuid is null or plan_id = $3) and ($4::uuid is null or assessment_id = $4)
           order by recorded_at desc, id desc limit $2"#,
        case.0,
        MOST,
        plan,
        assessment
    )
    .fetch_all(work.db())
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = work.case_key(case.0).await?;
    let mut steps = Vec::new();
    for row in rows.into_iter().rev() {
        let remark = row.remark.map(|sealed| key.open_text(REMARK, &sealed)).transpose()?;
        let of = row.plan_id.map(Of::Plan).or(row.assessment_id.map(Of::Assessment));
        let Some(of) = of else { continue };
        let (act, author_name, recorded_at) = (row.act, row.author_name, row.recorded_at);
        steps.push(Step { of, act, remark: remark.unwrap_or_default(), author_name, recorded_at });
    }
    Ok(steps)
}

/// A step in words.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// What was done.
    pub act: String,
    /// By whom, and when.
    pub by: String,
    /// What was said with it.
    pub remark: String,
}

/// A step in words.
pub fn told(p: &Page, step: &Step) -> Told {
    let by = p.signed(&step.author_name, &p.moment(&step.recorded_at));
    Told { act: p.tc("approval-step", &step.act), by, remark: step.remark.clone() }
}
