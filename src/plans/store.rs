//! SQL of plans. Everything that somebody wrote is sealed with the case's key.
mod agreed;
mod codes;
mod lines;

pub use agreed::{agreements, reviews};
pub(super) use agreed::{insert_agreement, insert_review};
pub(super) use codes::{NewCode, code_sent, code_used, codes_since, insert_code, one_code_at_a_time, try_code};
pub use lines::lines;
pub(super) use lines::{
    carry_over, copy, find_line, former_results, insert, keep_wording, lines_in, mark, remove, save, wordings,
};

use chrono::NaiveDate;

use super::plan::{Plan, Said};
use crate::cases::Case;
use crate::error::{Clash, Error, OnConstraint, changed};
use crate::packs::Pack;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PlanId, PlanLineId, ReferralId, ServiceId};

/// Where what stands above the goals lies sealed.
pub const SAID: &str = "plans.sealed";
/// Where the words of a line lie sealed.
pub const WORDS: &str = "plan_lines.words";
/// Where what belongs to a review lies sealed.
pub const REVIEWED: &str = "plan_reviews.sealed";
/// Where what belongs to an agreement lies sealed.
pub const SIGNED: &str = "plan_agreements.sealed";
const REMARK: &str = "plans.remark";
// More versions than any case needs.
const MOST: i64 = 60;

/// The versions of a case's plan, the newest first.
pub async fn list(work: &mut Work, case: CaseId) -> Result<Vec<Plan>, Error> {
    let plans = sqlx::query_as!(
        Plan,
        r#"select id as "id: PlanId", case_id as "case_id: CaseId", nth, follows as "follows: PlanId", state, review_on, needs_approval, round, proposed_at,
             proposed_by_name, returned_at, approved_at, approved_by_name, agreed_at, ended_at, recorded_at, author_name,
             writers as "writers: Vec<crate::platform::ids::UserId>", version
           from plans where case_id = $1 order by nth desc limit $2"#,
        case.0,
        MOST
    )
    .fetch_all(work.db())
    .await?;
    Ok(plans)
}

/// One version of this case's plan.
pub async fn find(work: &mut Work, case: CaseId, id: PlanId) -> Result<Plan, Error> {
    list(work, case).await?.into_iter().find(|plan| plan.id == id).ok_or(Error::NotFound)
}

/// What stands above the goals, and the remark of whoever approved the plan or gave it back.
pub async fn said(work: &mut Work, plan: &Plan) -> Result<(Said, String), Error> {
    let row = sqlx::query!("select sealed, remark from plans where id = $1", plan.id.0).fetch_one(work.db()).await?;
    if row.sealed.is_none() && row.remark.is_none() {
        return Ok(Default::default());
    }
    let key = work.case_key(plan.case_id.0).await?;
    let said = row.sealed.map(|sealed| key.open_json(SAID, &sealed)).transpose()?;
    let remark = row.remark.map(|sealed| key.open_text(REMARK, &sealed)).transpose()?;
    Ok((said.unwrap_or_default(), remark.unwrap_or_default()))
}

/// Begins a version. While another one is written, [`Clash::Stale`].
pub(super) async fn begin(work: &mut Work, case: &Case, follows: Option<&Plan>) -> Result<PlanId, Error> {
    let (id, me, now, name) = (PlanId::new(), work.me()?, work.now(), work.standing.name.clone());
    sqlx::query!(
        "insert into plans (id, case_id, nth, follows, sealed, author, author_name, writers, recorded_at)
         values ($1, $2, (select coalesce(max(nth), 0) + 1 from plans where case_id = $2), $3, (select sealed from plans where id = $3), $4, $5, array[$4::uuid], $6)",
        id.0,
        case.id.0,
        follows.map(|plan| plan.id.0),
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await
    .on_constraint("plans_draft_key", || Error::Conflict(Clash::Stale))?;
    Ok(id)
}

/// Saves what stands above the goals, over the version that was read.
pub(super) async fn save_said(work: &mut Work, plan: &Plan, said: &Said, review_on: Option<NaiveDate>) -> Result<(), Error> {
    let (me, sealed) = (work.me()?, work.case_key(plan.case_id.0).await?.seal_json(SAID, said)?);
    let done = sqlx::query!(
        "update plans set sealed = $3, review_on = $4, version = version + 1, writers = case when $5 = any (writers) then writers else writers || $5::uuid end
         where id = $1 and version = $2 and state = 'draft'",
        plan.id.0,
        plan.version,
        sealed,
        review_on,
        me.0
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// Names the writer of a draft, and holds it until this work is done, so that nobody puts it forward meanwhile. Two who write different lines
/// do not get into each other's way: the version stays.
pub(super) async fn write_in(work: &mut Work, plan: &Plan) -> Result<(), Error> {
    let me = work.me()?;
    let done = sqlx::query!(
        "update plans set writers = case when $2 = any (writers) then writers else writers || $2::uuid end where id = $1 and state = 'draft'",
        plan.id.0,
        me.0
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// Puts a draft forward.
pub(super) async fn propose(work: &mut Work, plan: &Plan, needs_approval: bool) -> Result<(), Error> {
    let (me, now, name) = (work.me()?, work.now(), work.standing.name.clone());
    let done = sqlx::query!(
        "update plans set state = 'proposed', round = round + 1, proposed_at = $3, proposed_by_name = $4, needs_approval = $5, version = version + 1,
           writers = case when $6 = any (writers) then writers else writers || $6::uuid end
         where id = $1 and version = $2 and state = 'draft'",
        plan.id.0,
        plan.version,
        now,
        name,
        needs_approval,
        me.0
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// What was put forward is a draft again: taken back, or given back with a remark.
pub(super) async fn to_draft(work: &mut Work, plan: &Plan, remark: Option<&str>) -> Result<(), Error> {
    let returned_at = remark.map(|_| work.now());
    let remark = match remark {
        Some(words) => Some(work.case_key(plan.case_id.0).await?.seal(REMARK, words.as_bytes())),
        None => None,
    };
    let done = sqlx::query!(
        "update plans set state = 'draft', approved_at = null, approved_by = null, approved_by_name = null, returned_at = coalesce($3, returned_at),
           remark = coalesce($4, remark), version = version + 1
         where id = $1 and version = $2 and state = 'proposed'",
        plan.id.0,
        plan.version,
        returned_at,
        remark
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// Approves what was put forward, with a remark or without.
pub(super) async fn approve(work: &mut Work, plan: &Plan, remark: &str) -> Result<(), Error> {
    let (me, now, name) = (work.me()?, work.now(), work.standing.name.clone());
    let key = work.case_key(plan.case_id.0).await?;
    let remark = (!remark.is_empty()).then(|| key.seal(REMARK, remark.as_bytes()));
    let done = sqlx::query!(
        "update plans set approved_at = $3, approved_by = $4, approved_by_name = $5, remark = $6, version = version + 1
         where id = $1 and version = $2 and state = 'proposed' and approved_at is null",
        plan.id.0,
        plan.version,
        now,
        me.0,
        name,
        remark
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// Moves what was read on: a new edition, and with it nobody else's at once.
pub(super) async fn touch(work: &mut Work, plan: &Plan) -> Result<Plan, Error> {
    let done = sqlx::query!(
        "update plans set version = version + 1 where id = $1 and version = $2 and state = $3",
        plan.id.0,
        plan.version,
        plan.state
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())?;
    Ok(Plan { version: plan.version + 1, ..plan.clone() })
}

/// Both sides have agreed: it takes the place of what held before.
pub(super) async fn agreed(work: &mut Work, plan: &Plan, review_on: NaiveDate) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!(
        "update plans set state = 'replaced', version = version + 1 where case_id = $1 and state = 'agreed'",
        plan.case_id.0
    )
    .execute(work.db())
    .await?;
    let done = sqlx::query!(
        "update plans set state = 'agreed', agreed_at = $3, version = version + 1 where id = $1 and version = $2 and state = 'proposed'",
        plan.id.0,
        plan.version,
        now
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())?;
    set_review(work, plan.id, Some(review_on)).await
}

/// When progress is looked at next.
pub(super) async fn set_review(work: &mut Work, plan: PlanId, on: Option<NaiveDate>) -> Result<(), Error> {
    sqlx::query!("update plans set review_on = $2 where id = $1 and state = 'agreed'", plan.0, on).execute(work.db()).await?;
    Ok(())
}

/// The plan is over.
pub(super) async fn end(work: &mut Work, plan: &Plan) -> Result<(), Error> {
    let now = work.now();
    let done = sqlx::query!(
        "update plans set state = 'ended', ended_at = $3, review_on = null, version = version + 1 where id = $1 and version = $2 and state = 'agreed'",
        plan.id.0,
        plan.version,
        now
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// The services of one's own organisation that one sees and that are given, by their names in the reader's language, with the needs they meet.
pub(super) async fn own_services(work: &mut Work) -> Result<Vec<(ServiceId, String, Vec<String>)>, Error> {
    let (org, lang) = (work.standing.org, work.lang().code());
    let rows = sqlx::query!(
        r#"select id as "id: ServiceId", access.named(names, name, $2) as "name!", needs from services
           where org = $1 and status = 'active' order by 2, id limit 200"#,
        org,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name, row.needs)).collect())
}

/// The referrals that were started from these actions, or from what they are copies of.
pub(super) async fn referrals(work: &mut Work, plan: &Plan, actions: &[PlanLineId]) -> Result<Vec<Started>, Error> {
    let (ids, lang): (Vec<uuid::Uuid>, _) = (actions.iter().map(|id| id.0).collect(), work.lang().code());
    let rows = sqlx::query_as!(
        Started,
        r#"with recursive chain (line, id) as (
             select l.id, l.id from plan_lines l where l.case_id = $1 and l.id = any ($2)
             union all select c.line, l.was from chain c join plan_lines l on l.id = c.id where l.was is not null)
           select c.line as "line!: PlanLineId", r.id as "referral!: ReferralId", r.code as "code!", r.status as "status!",
             access.named(s.names, r.service_name, $3) as "service!", coalesce(r.need, '') as "need!", coalesce(s.needs, '{}') as "needs!"
           from chain c join referrals r on r.started_from = c.id left join services s on s.id = r.service_id
           where r.case_id = $1 and r.step <> 'discarded' order by r.recorded_at, r.id limit 500"#,
        plan.case_id.0,
        &ids,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// A referral that was started from an action.
#[derive(Debug, Clone)]
pub(super) struct Started {
    pub(super) line: PlanLineId,
    pub(super) referral: ReferralId,
    pub(super) code: String,
    pub(super) status: String,
    pub(super) service: String,
    /// What it is to bring.
    pub(super) need: String,
    /// The needs that its service meets.
    pub(super) needs: Vec<String>,
}

impl Started {
    /// As a household may read it: without the name of a service for what only one person alone may be asked about (S12, S14).
    #[must_use]
    pub(super) fn for_household(mut self, pack: &Pack) -> Self {
        if self.needs.iter().chain([&self.need]).any(|need| pack.is_asked_alone(need)) {
            self.service.clear();
        }
        self
    }
}

/// How many actions of a plan are done, and how many there are.
pub(super) async fn done(work: &mut Work, plan: &Plan) -> Result<(i64, i64), Error> {
    let row = sqlx::query!(
        r#"select count(*) filter (where state = 'done') as "done!", count(*) as "all!" from plan_lines
           where plan_id = $1 and case_id = $2 and removed_at is null and kind not in ('goal', 'result')"#,
        plan.id.0,
        plan.case_id.0
    )
    .fetch_one(work.db())
    .await?;
    Ok((row.done, row.all))
}
