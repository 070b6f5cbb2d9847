//! Every SQL statement of this room. Sensitive answers and every text are sealed with the case's key; so is all of a restricted case.
use chrono::{DateTime, Utc};

use super::round::Round;
use super::scoring::{Answers, Outcome};
use crate::cases::Case;
use crate::error::{Clash, Error, OnConstraint, changed};
use crate::packs::{AnswerKind, Sensitivity, Tool};
use crate::platform::db::Work;
use crate::platform::ids::{AssessmentId, CaseId, UserId};

/// Where sealed answers lie.
pub const SEALED: &str = "assessments.sealed";
const REMARK: &str = "assessments.remark";
// More rounds than anybody goes through with one case.
const MOST: i64 = 100;

/// The rounds of a case, the newest of each tool first.
pub async fn list(work: &mut Work, case: CaseId) -> Result<Vec<Round>, Error> {
    let rounds = sqlx::query_as!(
        Round,
        r#"select id as "id: AssessmentId", case_id as "case_id: CaseId", pack, pack_version, tool, panel, round, state, domains, scores, mosts, level,
             risk, risk_reason, goes_on_to, next_due_at, needs_approval, returned_at, happened_at, late_reason, recorded_at, author_name, writers as "writers: Vec<UserId>",
             finalised_at, finalised_by_name, approved_at, approved_by_name, version
           from assessments where case_id = $1 order by tool, round desc limit $2"#,
        case.0,
        MOST
    )
    .fetch_all(work.db())
    .await?;
    Ok(rounds)
}

/// One round of this case.
pub async fn find(work: &mut Work, case: CaseId, id: AssessmentId) -> Result<Round, Error> {
    let round = sqlx::query_as!(
        Round,
        r#"select id as "id: AssessmentId", case_id as "case_id: CaseId", pack, pack_version, tool, panel, round, state, domains, scores, mosts, level,
             risk, risk_reason, goes_on_to, next_due_at, needs_approval, returned_at, happened_at, late_reason, recorded_at, author_name, writers as "writers: Vec<UserId>",
             finalised_at, finalised_by_name, approved_at, approved_by_name, version
           from assessments where case_id = $1 and id = $2"#,
        case.0,
        id.0
    )
    .fetch_one(work.db())
    .await?;
    Ok(round)
}

/// Which analysis a finalised round of a case leads to.
#[derive(Debug)]
pub struct Led {
    /// The case.
    pub case_id: CaseId,
    /// The pack of the round, which knows the analysis.
    pub pack: String,
    /// At this version.
    pub pack_version: i32,
    /// The analysis: a code of that pack.
    pub tool: String,
}

/// To which analyses these cases were led, what was finalised last at the end.
pub(super) async fn led_to(work: &mut Work, cases: &[uuid::Uuid]) -> Result<Vec<Led>, Error> {
    let led = sqlx::query_as!(
        Led,
        r#"select case_id as "case_id: CaseId", pack, pack_version, goes_on_to as "tool!" from assessments
           where case_id = any ($1) and goes_on_to is not null and state <> 'draft' order by finalised_at"#,
        cases
    )
    .fetch_all(work.db())
    .await?;
    Ok(led)
}

/// What a round says, opened: its answers, and the remark of whoever looked at it.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The answers.
    pub answers: Answers,
    /// The remark.
    pub remark: String,
}

/// What these rounds of a case say, in their order.
pub async fn said(work: &mut Work, case: CaseId, rounds: &[Round]) -> Result<Vec<Said>, Error> {
    let ids: Vec<uuid::Uuid> = rounds.iter().map(|round| round.id.0).collect();
    let rows =
        sqlx::query!("select id, answers, sealed, remark from assessments where case_id = $1 and id = any ($2)", case.0, &ids)
            .fetch_all(work.db())
            .await?;
    let any_sealed = rows.iter().any(|row| row.sealed.is_some() || row.remark.is_some());
    let key = if any_sealed { Some(work.case_key(case.0).await?) } else { None };
    let mut said = vec![Said::default(); rounds.len()];
    for row in rows {
        let Some(at) = ids.iter().position(|id| *id == row.id) else { continue };
        let mut answers: Answers = serde_json::from_value(row.answers).map_err(anyhow::Error::from)?;
        if let Some((sealed, key)) = row.sealed.as_deref().zip(key.as_ref()) {
            answers.extend(key.open_json::<Answers>(SEALED, sealed)?);
        }
        let remark = row.remark.as_deref().zip(key.as_ref()).map(|(sealed, key)| key.open_text(REMARK, sealed)).transpose()?;
        said[at] = Said { answers, remark: remark.unwrap_or_default() };
    }
    Ok(said)
}

/// What lies open of the answers, and what is sealed.
pub fn parted(tool: &Tool, sensitivity: Sensitivity, answers: &Answers) -> (Answers, Answers) {
    let is_open = |code: &str| {
        sensitivity != Sensitivity::Restricted
            && tool.question(code).is_some_and(|question| !question.sensitive && question.kind != AnswerKind::Text)
    };
    answers.clone().into_iter().partition(|(code, _)| is_open(code))
}

/// Begins a round: the next of its tool. While another draft of it stands, [`Clash::Stale`].
pub(super) async fn insert(work: &mut Work, case: &Case, of: (&str, i32), tool: &Tool) -> Result<AssessmentId, Error> {
    let (id, me, now) = (AssessmentId::new(), work.me()?, work.now());
    let name = work.standing.name.clone();
    sqlx::query!(
        "insert into assessments (id, case_id, pack, pack_version, tool, panel, round, author, author_name, writers, recorded_at)
         values ($1, $2, $3, $4, $5, $6, (select coalesce(max(round), 0) + 1 from assessments where case_id = $2 and tool = $5), $7, $8, array[$7::uuid], $9)",
        id.0,
        case.id.0,
        of.0,
        of.1,
        tool.code,
        tool.panel,
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await
    .on_constraint("assessments_draft_key", || Error::Conflict(Clash::Stale))?;
    Ok(id)
}

/// Saves a draft's answers over the version that was read.
pub(super) async fn save(work: &mut Work, case: &Case, round: &Round, tool: &Tool, answers: &Answers) -> Result<(), Error> {
    let (open, sealed) = sealed(work, case, tool, answers).await?;
    let me = work.me()?;
    let done = sqlx::query!(
        "update assessments set answers = $3, sealed = $4, version = version + 1,
           writers = case when $5 = any (writers) then writers else writers || $5::uuid end
         where id = $1 and version = $2 and state = 'draft'",
        round.id.0,
        round.version,
        open,
        sealed,
        me.0
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

async fn sealed(
    work: &mut Work,
    case: &Case,
    tool: &Tool,
    answers: &Answers,
) -> Result<(serde_json::Value, Option<Vec<u8>>), Error> {
    let (open, hidden) = parted(tool, case.sensitivity(), answers);
    let open = serde_json::to_value(open).map_err(anyhow::Error::from)?;
    if hidden.is_empty() {
        return Ok((open, None));
    }
    Ok((open, Some(work.case_key(case.id.0).await?.seal_json(SEALED, &hidden)?)))
}

/// How a round is finalised.
pub(super) struct Finalised<'a> {
    pub(super) outcome: &'a Outcome,
    pub(super) risk: Option<&'a str>,
    pub(super) risk_reason: Option<&'a str>,
    pub(super) next_due_at: Option<DateTime<Utc>>,
    pub(super) needs_approval: bool,
    pub(super) happened_at: DateTime<Utc>,
    pub(super) late_reason: Option<&'a str>,
}

/// Finalises a draft with the answers that count.
pub(super) async fn finalise(
    work: &mut Work,
    case: &Case,
    round: &Round,
    (tool, answers): (&Tool, &Answers),
    how: Finalised<'_>,
) -> Result<(), Error> {
    let (open, sealed) = sealed(work, case, tool, answers).await?;
    let (me, now, name) = (work.me()?, work.now(), work.standing.name.clone());
    let points = &how.outcome.points;
    let domains: Vec<String> = points.iter().map(|one| one.domain.clone()).collect();
    let scores: Vec<i32> = points.iter().map(|one| one.score).collect();
    let mosts: Vec<i32> = points.iter().map(|one| one.most).collect();
    let done = sqlx::query!(
        "update assessments set state = 'finalised', answers = $3, sealed = $4, domains = $5, scores = $6, mosts = $7, level = $8, goes_on_to = $9,
           next_due_at = $10, needs_approval = $11, happened_at = $12, late_reason = $13, finalised_at = $14, finalised_by_name = $15, risk = $17, risk_reason = $18,
           version = version + 1, writers = case when $16 = any (writers) then writers else writers || $16::uuid end
         where id = $1 and version = $2 and state = 'draft'",
        round.id.0,
        round.version,
        open,
        sealed,
        &domains,
        &scores,
        &mosts,
        how.outcome.level,
        how.outcome.goes_on_to,
        how.next_due_at,
        how.needs_approval,
        how.happened_at,
        how.late_reason,
        now,
        name,
        me.0,
        how.risk,
        how.risk_reason
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// Approves a finalised round, with a remark or without.
pub(super) async fn approve(work: &mut Work, round: &Round, remark: &str) -> Result<(), Error> {
    let (me, now, name) = (work.me()?, work.now(), work.standing.name.clone());
    let remark = sealed_remark(work, round, remark).await?;
    let done = sqlx::query!(
        "update assessments set state = 'approved', approved_at = $3, approved_by = $4, approved_by_name = $5, remark = $6, version = version + 1
         where id = $1 and version = $2 and state = 'finalised'",
        round.id.0,
        round.version,
        now,
        me.0,
        name,
        remark
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// Gives a finalised round back to whoever wrote it: it is a draft again.
pub(super) async fn give_back(work: &mut Work, round: &Round, remark: &str) -> Result<(), Error> {
    let now = work.now();
    let remark = sealed_remark(work, round, remark).await?;
    let done = sqlx::query!(
        "update assessments set state = 'draft', returned_at = $3, remark = $4, version = version + 1 where id = $1 and version = $2 and state = 'finalised'",
        round.id.0,
        round.version,
        now,
        remark
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

async fn sealed_remark(work: &mut Work, round: &Round, remark: &str) -> Result<Option<Vec<u8>>, Error> {
    if remark.is_empty() {
        return Ok(None);
    }
    Ok(Some(work.case_key(round.case_id.0).await?.seal(REMARK, remark.as_bytes())))
}
