//! SQL of the clocks: which referrals to look at, the lines they leave, and who is told.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Ring, Said};
use crate::error::Error;
use crate::packs::Sensitivity;
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, ReferralId, UnitId, UserId};
use crate::referrals::clocks;
use crate::referrals::next::Awaited;
use crate::referrals::row::Referral;
use crate::referrals::words::Side;

/// Referrals sent by this organisation whose clocks have something to say, or may have since they moved.
pub async fn due(work: &mut Work, org: OrgId, most: i64) -> Result<Vec<Uuid>, Error> {
    let now = work.now();
    let ids = sqlx::query_scalar!(
        "select id from referrals where from_org = $1 and look_at <= $2 order by look_at, id limit $3 for update skip locked",
        org,
        now,
        most
    )
    .fetch_all(work.db())
    .await?;
    Ok(ids)
}

/// Appends the line of a ring to the movement log; false when it is there already. A deadline of the sender's own stays on its side.
pub async fn log(work: &mut Work, id: Uuid, referral: &Referral, what: Awaited, ring: Ring) -> Result<bool, Error> {
    let now = work.now();
    let (own, state) = (clocks::is_the_senders_own(what), &referral.state);
    let written = sqlx::query!(
        "insert into referral_moves (id, referral_id, action, side, from_status, to_status, step, loop, reason, own_side_only, happened_at, recorded_at)
         values ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10, $10) on conflict do nothing",
        id,
        referral.id.0,
        ring.code(),
        Side::System.code(),
        state.status.code(),
        state.step.code(),
        state.closing.state.code(),
        what.code(),
        own,
        now
    )
    .execute(work.db())
    .await?;
    Ok(written.rows_affected() == 1)
}

/// What the clocks said, the oldest first, as far as a side hears of it: deadlines of the sender's own are not the receiver's to see.
pub async fn said(work: &mut Work, referral: ReferralId, side: Side) -> Result<Vec<Said>, Error> {
    let lines = sqlx::query_as!(
        Said,
        r#"select action as ring, coalesce(reason, '') as "awaited!", happened_at from referral_moves
           where referral_id = $1 and action in ('reminder', 'due', 'escalated', 'sender_changed', 'covered', 'cover_ended') and (not own_side_only or $2 <> 'to') order by happened_at, id"#,
        referral.0,
        side.code()
    )
    .fetch_all(work.db())
    .await?;
    Ok(lines)
}

/// When to look at the referral again, and what it has said by now.
pub async fn look_at(work: &mut Work, id: ReferralId, next: Option<DateTime<Utc>>, rang: &[Ring]) -> Result<(), Error> {
    let now = work.now();
    let said = |ring: Ring| rang.contains(&ring).then_some(now);
    sqlx::query!(
        "update referrals set look_at = $2, reminded_at = coalesce($3, reminded_at), escalated_at = coalesce($4, escalated_at) where id = $1",
        id.0,
        next,
        said(Ring::Reminder),
        said(Ring::Escalated)
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// Who works on it at the sender's.
pub fn workers_from(referral: &Referral) -> Vec<UserId> {
    vec![referral.from.manager.unwrap_or(referral.author)]
}

/// Who works on it at the receiver's: who holds it, otherwise everybody whose inbox it is in.
pub async fn workers_to(work: &mut Work, referral: &Referral) -> Result<Vec<UserId>, Error> {
    match (referral.to.assignee, referral.to.unit) {
        (Some(assignee), _) => Ok(vec![assignee]),
        (None, Some(unit)) if is_restricted(referral) => focal_points(work, unit).await,
        (None, Some(unit)) => answering(work, unit, referral.case_type).await,
        (None, None) => Ok(Vec::new()),
    }
}

/// The sender's supervisor: the one named for the case; for types that are not restricted else those of the unit.
pub async fn supervisors_from(work: &mut Work, referral: &Referral) -> Result<Vec<UserId>, Error> {
    match referral.from.supervisor {
        Some(named) => Ok(vec![named]),
        None if is_restricted(referral) => Ok(Vec::new()),
        None => supervising(work, referral.from.unit, referral.case_type).await,
    }
}

/// The receiver's supervisors; for restricted types its focal points, who alone see the referral (S9).
pub async fn supervisors_to(work: &mut Work, referral: &Referral) -> Result<Vec<UserId>, Error> {
    match referral.to.unit {
        Some(unit) if is_restricted(referral) => focal_points(work, unit).await,
        Some(unit) => supervising(work, unit, referral.case_type).await,
        None => Ok(Vec::new()),
    }
}

/// Leaves a notification; whether it is shown is decided by the reader's rights at reading (S11).
pub async fn notify(
    work: &mut Work,
    user: UserId,
    org: OrgId,
    kind: &str,
    referral: ReferralId,
    once: String,
) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!(
        "insert into notifications (id, user_id, org, kind, referral_id, recorded_at, once) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        Uuid::now_v7(),
        user.0,
        org,
        kind,
        referral.0,
        now,
        once
    )
    .execute(work.db())
    .await?;
    Ok(())
}

fn is_restricted(referral: &Referral) -> bool {
    referral.state.terms.sensitivity == Sensitivity::Restricted
}

async fn focal_points(work: &mut Work, unit: UnitId) -> Result<Vec<UserId>, Error> {
    let users = sqlx::query_scalar!(
        r#"select f.user_id as "id: UserId" from focal_points f join users u on u.id = f.user_id and u.active where f.unit = $1 and f.on_duty"#,
        unit
    )
    .fetch_all(work.db())
    .await?;
    Ok(users)
}

async fn answering(work: &mut Work, unit: UnitId, case_type: i16) -> Result<Vec<UserId>, Error> {
    let users = sqlx::query_scalar!(
        r#"select distinct m.user_id as "id: UserId" from memberships m
           join roles r on r.id = m.role and 'referral.answer' = any (r.acts) and $2 = any (r.cleared || 0::smallint)
           join users u on u.id = m.user_id and u.active and not u.is_program
           where m.unit = $1 and m.ended_at is null"#,
        unit,
        case_type
    )
    .fetch_all(work.db())
    .await?;
    Ok(users)
}

// The nearest who supervise: of the unit itself, otherwise of a unit above it with reach. A small organisation without supervisors
// has those who give work out.
async fn supervising(work: &mut Work, unit: UnitId, case_type: i16) -> Result<Vec<UserId>, Error> {
    let users = sqlx::query_scalar!(
        r#"select near.user_id as "id!: UserId" from (
             select m.user_id, rank() over (order by r.supervises desc, above.depth desc) as nearness
             from units here
             cross join unnest(here.path) with ordinality as above (unit, depth)
             join memberships m on m.unit = above.unit and m.ended_at is null
             join roles r on r.id = m.role and (r.supervises or 'referral.assign' = any (r.acts)) and $2 = any (r.cleared || 0::smallint)
               and (m.unit = here.id or r.reach = 'subtree')
             join users u on u.id = m.user_id and u.active and not u.is_program
             where here.id = $1) near
           where near.nearness = 1"#,
        unit,
        case_type
    )
    .fetch_all(work.db())
    .await?;
    Ok(users)
}
