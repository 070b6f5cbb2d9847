//! Cover: a colleague keeps a worker's whole caseload, for a period or for good.
//!
//! The cases, and the incoming referrals that the worker holds, are re-assigned and given back (ADR 0008), so that tasks, clocks and
//! notifications reach whoever works. A period begins and ends by a job; what arrives for the covered worker meanwhile is taken too. What
//! the colleague may not have stays, and says why. Restricted cases come only with a cover that their own named supervisor arranges,
//! restricted referrals with one of a focal point's (S9).
use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, OnConstraint, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ReferralId, UserId};
use crate::supervision::carrying::{self, Meant};

/// A cover to be arranged.
#[derive(Debug, Clone, Copy)]
pub struct NewCover {
    /// Whose caseload.
    pub worker: UserId,
    /// Who keeps it.
    pub colleague: UserId,
    /// From this day on.
    pub from_on: NaiveDate,
    /// To this day, included; for good when `None`.
    pub until_on: Option<NaiveDate>,
    /// What is meant all the same: that the colleague carries more than a full caseload.
    pub meant: Meant,
}

/// A cover as the list shows it.
#[derive(Debug, Clone)]
pub struct Cover {
    /// Its id.
    pub id: Uuid,
    /// Whose caseload.
    pub worker: UserId,
    /// Their name.
    pub worker_name: String,
    /// Who keeps it.
    pub colleague_name: String,
    /// From this day on.
    pub from_on: NaiveDate,
    /// To this day; for good when `None`.
    pub until_on: Option<NaiveDate>,
    /// `planned`, `running` or `ended`.
    pub state: String,
    /// How many of the cases that it took the reader sees.
    pub cases: i64,
    /// How many of the incoming referrals that it took the reader sees.
    pub referrals: i64,
    /// Who arranged it.
    pub arranged_by: UserId,
}

/// What a cover leaves with its worker: a case or an incoming referral that whoever arranged it sees.
#[derive(Debug, Clone)]
pub struct Left {
    /// Of which cover.
    pub cover: Uuid,
    /// The case.
    pub case_id: Option<CaseId>,
    /// Or the referral.
    pub referral_id: Option<ReferralId>,
    /// Its code.
    pub code: String,
    /// Why it stays.
    pub why: String,
}

/// Whose caseload the actor may hand over: those who work where they supervise.
pub async fn workers(work: &mut Work) -> Result<Vec<(UserId, String)>, Error> {
    let org = work.standing.org;
    let rows = sqlx::query!(
        r#"select distinct u.name, u.id as "id: UserId" from users u join memberships m on m.user_id = u.id and m.ended_at is null join roles r on r.id = m.role
           where u.org = $1 and m.org = $1 and u.active and not u.is_program and array['case.edit', 'referral.answer'] && r.acts and access.holds('cover.arrange', m.unit, null)
           order by u.name, u.id limit 500"#,
        org
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Arranges a cover; what begins today begins now.
pub async fn arrange(work: &mut Work, new: NewCover) -> Result<Uuid, Error> {
    work.may(Act::CoverArrange)?;
    if new.worker == new.colleague {
        return Err(invalid("colleague", "cover_same_person"));
    }
    let today = work.today();
    if new.from_on < today {
        return Err(invalid("from_on", "in_past"));
    }
    if new.until_on.is_some_and(|day| day < new.from_on) {
        return Err(invalid("until_on", "ends_before_it_starts"));
    }
    may_arrange_for(work, new.worker).await?;
    let known = colleagues(work).await?;
    if !known.iter().any(|(id, _)| *id == new.colleague) {
        return Err(invalid("colleague", "not_a_choice"));
    }
    // Two covers of one worker by one arranger in the same days would pull the same cases to and fro.
    let (me, org, now, id) = (work.me()?, work.standing.org, work.now(), Uuid::now_v7());
    let doubled = sqlx::query_scalar!(
        r#"select exists (select from covers where worker = $1 and arranged_by = $2 and state <> 'ended'
             and from_on <= coalesce($4, 'infinity'::date) and coalesce(until_on, 'infinity'::date) >= $3) as "is!""#,
        new.worker.0,
        me.0,
        new.from_on,
        new.until_on
    )
    .fetch_one(work.db())
    .await?;
    if doubled {
        return Err(invalid("worker", "covered_already"));
    }
    carrying::may_take_over(work, (new.worker, new.colleague), "colleague", new.meant).await?;
    sqlx::query!(
        "insert into covers (id, org, worker, colleague, from_on, until_on, arranged_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id,
        org,
        new.worker.0,
        new.colleague.0,
        new.from_on,
        new.until_on,
        me.0,
        now
    )
    .execute(work.db())
    .await
    .on_constraint("covers_colleague_away", || invalid("colleague", "cover_colleague_away"))?;
    let about = About::subjects([id, new.worker.0, new.colleague.0]);
    work.record(Fact::CoverArranged, about).await?;
    if new.from_on <= today {
        take(work, id).await?;
    }
    Ok(id)
}

// A supervisor arranges for those who work where they supervise.
async fn may_arrange_for(work: &mut Work, worker: UserId) -> Result<(), Error> {
    let units = sqlx::query_scalar!(
        "select m.unit from memberships m join users u on u.id = m.user_id where m.user_id = $1 and m.ended_at is null and m.org = $2",
        worker.0,
        work.standing.org
    )
    .fetch_all(work.db())
    .await?;
    for unit in units {
        if work.may_in(Act::CoverArrange, unit, None).await.is_ok() {
            return Ok(());
        }
    }
    Err(invalid("worker", "not_a_choice"))
}

async fn take(work: &mut Work, id: Uuid) -> Result<(), Error> {
    let now = work.now();
    let begins = sqlx::query_scalar!(r#"select state = 'planned' as "begins!" from covers where id = $1"#, id);
    let begins = begins.fetch_optional(work.db()).await?.unwrap_or(false);
    let taken = sqlx::query_as!(Passed, r#"select case_id, referral_id from access.take_cover($1, $2)"#, id, now);
    let taken = taken.fetch_all(work.db()).await?;
    if begins {
        work.record(Fact::CoverStarted, About::subjects([id])).await?;
    }
    // Both hear of the whole cover, once; of what comes in later its new keeper hears as of anything assigned.
    let facts = if begins { (Fact::CaseCovered, Fact::ReferralCovered) } else { (Fact::CaseAssigned, Fact::ReferralAssigned) };
    record_each(work, taken, id, facts).await
}

async fn give_back(work: &mut Work, id: Uuid, why: &str) -> Result<(), Error> {
    let now = work.now();
    let back = sqlx::query_as!(Passed, r#"select case_id, referral_id from access.end_cover($1, $2, $3)"#, id, why, now);
    let back = back.fetch_all(work.db()).await?;
    work.record(Fact::CoverEnded, About::subjects([id]).note(json!({ "why": why }))).await?;
    record_each(work, back, id, (Fact::CaseCovered, Fact::ReferralCovered)).await
}

// What went to the colleague or came back: a case or a referral.
struct Passed {
    case_id: Option<Uuid>,
    referral_id: Option<Uuid>,
}

async fn record_each(work: &mut Work, passed: Vec<Passed>, cover: Uuid, (case, referral): (Fact, Fact)) -> Result<(), Error> {
    for one in passed {
        if let Some(id) = one.case_id {
            work.record(case, About::case(CaseId(id)).with(cover)).await?;
        }
        if let Some(id) = one.referral_id {
            work.record(referral, About::referral(ReferralId(id)).with(cover)).await?;
        }
    }
    Ok(())
}

/// Ends a cover before its time.
pub async fn end(work: &mut Work, id: Uuid) -> Result<(), Error> {
    work.may(Act::CoverArrange)?;
    let (me, org) = (work.me()?, work.standing.org);
    let found =
        sqlx::query!(r#"select state, arranged_by as "arranged_by: UserId" from covers where id = $1 and org = $2"#, id, org)
            .fetch_optional(work.db())
            .await?;
    let found = found.ok_or(Error::NotFound)?;
    if found.arranged_by != me {
        return Err(Error::Forbidden(Act::CoverArrange.code()));
    }
    if found.state == "ended" {
        return Err(Error::Conflict(Clash::State { state: "cover_ended".to_owned(), code: "cover_ended_already" }));
    }
    give_back(work, id, "ended").await
}

/// The minute's work of an organisation's covers: begin, take what came in since, give back.
pub async fn keep(work: &mut Work) -> Result<(), Error> {
    let org = work.org().unwrap_or_default();
    let zone = sqlx::query_scalar!("select time_zone from organisations where id = $1", org).fetch_optional(work.db()).await?;
    let zone: chrono_tz::Tz = zone.and_then(|zone| zone.parse().ok()).unwrap_or(chrono_tz::UTC);
    let today = work.now().with_timezone(&zone).date_naive();
    let due = sqlx::query!(
        r#"select v.id, v.until_on < $2 as "over!", not u.active as "gone!" from covers v join users u on u.id = v.colleague
           where v.org = $1 and v.state <> 'ended' and v.from_on <= $2 order by v.from_on"#,
        org,
        today
    )
    .fetch_all(work.db())
    .await?;
    for cover in due {
        match (cover.over, cover.gone) {
            (true, _) => give_back(work, cover.id, "over").await?,
            (_, true) => give_back(work, cover.id, "colleague_left").await?,
            _ => take(work, cover.id).await?,
        }
    }
    Ok(())
}

/// Who covers whom in the actor's organisation: those that run or will, then the latest that ended.
pub async fn list(work: &mut Work) -> Result<Vec<Cover>, Error> {
    let org = work.standing.org;
    let rows = sqlx::query_as!(
        Cover,
        r#"select v.id, v.worker as "worker: UserId", w.name as worker_name, c.name as colleague_name, v.from_on, v.until_on, v.state,
             (select count(*) from cover_cases k where k.cover_id = v.id) as "cases!",
             (select count(*) from cover_referrals k where k.cover_id = v.id) as "referrals!", v.arranged_by as "arranged_by: UserId"
           from covers v join users w on w.id = v.worker join users c on c.id = v.colleague
           where v.org = $1 order by (v.state = 'ended'), v.from_on desc, v.id limit 100"#,
        org
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// How many cases and incoming referrals a cover took, as far as the actor sees them.
pub async fn taken(work: &mut Work, id: Uuid) -> Result<(i64, i64), Error> {
    let row = sqlx::query!(
        r#"select (select count(*) from cover_cases where cover_id = $1) as "cases!",
             (select count(*) from cover_referrals where cover_id = $1) as "referrals!""#,
        id
    )
    .fetch_one(work.db())
    .await?;
    Ok((row.cases, row.referrals))
}

/// What the covers that the actor arranged leave with their workers, and why; of each cover no more than fifty.
pub async fn left(work: &mut Work) -> Result<Vec<Left>, Error> {
    let (me, org, now) = (work.me()?, work.standing.org, work.now());
    let rows = sqlx::query_as!(
        Left,
        r#"select v.id as cover, s.case_id as "case_id: CaseId", s.referral_id as "referral_id: ReferralId", s.code as "code!", s.why as "why!"
           from covers v cross join lateral access.cover_leaves(v.id, $3, 50) s
           where v.org = $1 and v.arranged_by = $2 and v.state <> 'planned' order by v.from_on desc, v.id, s.code limit 500"#,
        org,
        me.0,
        now
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// Active colleagues of the actor’s organisation who keep cases or answer referrals.
pub async fn colleagues(work: &mut Work) -> Result<Vec<(UserId, String)>, Error> {
    let org = work.standing.org;
    let rows = sqlx::query!(
        r#"select distinct u.name, u.id as "id: UserId" from users u join memberships m on m.user_id = u.id and m.ended_at is null join roles r on r.id = m.role
           where u.org = $1 and u.active and not u.is_program and array['case.edit', 'referral.answer'] && r.acts order by u.name, u.id limit 500"#,
        org
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}
