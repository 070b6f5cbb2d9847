//! Codes that people were sent to agree by: their hashes, how often they were tried, until when they count.
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::error::Error;
use crate::packs::{Sensitivity, Word};
use crate::plans::plan::Plan;
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, PersonId};

/// A code that is made.
pub(in crate::plans) struct NewCode {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub person: PersonId,
    /// They were said to have the telephone in their hand.
    pub in_hand: bool,
    /// Its keyed hash.
    pub hash: Vec<u8>,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Until when it counts.
    pub expires_at: DateTime<Utc>,
}

/// Keeps a code for a plan as it was put forward this time.
pub(in crate::plans) async fn insert_code(work: &mut Work, plan: &Plan, code: &NewCode) -> Result<(), Error> {
    let me = work.me()?;
    sqlx::query!(
        "insert into plan_codes (id, plan_id, case_id, person_id, in_hand, round, code_hash, expires_at, author, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        code.id,
        plan.id.0,
        plan.case_id.0,
        code.person.0,
        code.in_hand,
        plan.round,
        code.hash,
        code.expires_at,
        me.0,
        code.made_at
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// Whoever else sends this person a code waits until this work ends, so that codes are counted one after the other.
pub(in crate::plans) async fn one_code_at_a_time(work: &mut Work, person: PersonId) -> Result<(), Error> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('plan code ' || $1::uuid::text, 0))", person.0)
        .fetch_one(work.db())
        .await?;
    Ok(())
}

/// How many codes this person was sent since, as far as the actor sees.
pub(in crate::plans) async fn codes_since(work: &mut Work, person: PersonId, since: DateTime<Utc>) -> Result<i64, Error> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from plan_codes where person_id = $1 and recorded_at > $2"#,
        person.0,
        since
    );
    Ok(count.fetch_one(work.db()).await?)
}

/// Takes one try of the newest code of this person; none where that counts no more. Whoever tries at the same time waits.
pub(in crate::plans) async fn try_code(
    work: &mut Work,
    plan: &Plan,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<Option<(Uuid, Vec<u8>)>, Error> {
    let row = sqlx::query!(
        "update plan_codes set tries = tries + 1
         where id = (select id from plan_codes where plan_id = $1 and person_id = $2 and round = $3 order by recorded_at desc, id desc limit 1)
           and used_at is null and tries < 5 and expires_at > $4 returning id, code_hash",
        plan.id.0,
        person.0,
        plan.round,
        now
    )
    .fetch_optional(work.db())
    .await?;
    Ok(row.map(|row| (row.id, row.code_hash)))
}

/// The code did its work.
pub(in crate::plans) async fn code_used(work: &mut Work, id: Uuid, now: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query!("update plan_codes set used_at = $2 where id = $1", id, now).execute(work.db()).await?;
    Ok(())
}

/// A code whose message waits to be sent, with what decides whether it may be.
pub(in crate::plans) struct Sent {
    /// Whose code it is.
    pub person_id: PersonId,
    /// Whose case.
    pub org: OrgId,
    /// How closely that is guarded.
    pub sensitivity: Option<Sensitivity>,
    /// Never asked, notified or printed (S3).
    pub not_safe_to_involve: bool,
    /// They were said to have the telephone in their hand.
    pub in_hand: bool,
    /// Where their organisation works.
    pub zone: Tz,
    /// It did its work.
    pub used: bool,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Until when it counts.
    pub expires_at: DateTime<Utc>,
}

/// That code, if it is there.
pub(in crate::plans) async fn code_sent(work: &mut Work, id: Uuid) -> Result<Option<Sent>, Error> {
    let row = sqlx::query!(
        r#"select k.person_id as "person_id!: PersonId", k.org as "org!", t.sensitivity as "sensitivity!", coalesce(p.not_safe_to_involve, true) as "not_safe_to_involve!",
             k.in_hand as "in_hand!", o.time_zone as "time_zone!", k.used_at is not null as "used!", k.recorded_at as "made_at!", k.expires_at as "expires_at!"
           from plan_codes k join case_types t on t.id = k.case_type join organisations o on o.id = k.org left join case_people p on p.case_id = k.case_id and p.person_id = k.person_id
           where k.id = $1"#,
        id
    )
    .fetch_optional(work.db())
    .await?;
    Ok(row.map(|row| Sent {
        person_id: row.person_id,
        org: row.org,
        sensitivity: Sensitivity::parse(&row.sensitivity),
        not_safe_to_involve: row.not_safe_to_involve,
        in_hand: row.in_hand,
        zone: row.time_zone.parse().unwrap_or(chrono_tz::UTC),
        used: row.used,
        made_at: row.made_at,
        expires_at: row.expires_at,
    }))
}
