//! SQL of the inbox. Each statement names the units itself, so that the index over them is used; row security verifies every row.
use chrono::{DateTime, TimeZone, Utc};

use super::{After, Capacity, Colleague, Counts, PAGE, Row, Shelf};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::UnitId;

/// Where a referral without a running clock stands in the order of the list: at its end.
pub fn never() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(9999, 1, 1, 0, 0, 0).single().unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The units whose inbox the actor may look into: their own with all below, and those whose focal point they are.
pub async fn units(work: &mut Work) -> Result<Vec<UnitId>, Error> {
    let units =
        sqlx::query_scalar!("select id from units where path && ((select access.my_units() || access.my_focal_units())::int[])")
            .fetch_all(work.db())
            .await?;
    Ok(units)
}

/// One row more than a page holds, so that the caller knows whether there is another page.
pub async fn list(work: &mut Work, units: &[UnitId], shelf: Shelf, after: Option<After>) -> Result<Vec<Row>, Error> {
    let (now, me) = (work.now(), work.me()?);
    let rows = sqlx::query_as!(
        Row,
        r#"select r.id, r.code, r.kind, r.need, r.area, r.priority, r.status, r.step, r.case_type, o.name as from_org, f.name as from_unit,
             r.service_name, r.requested_at, r.next_due_at, r.next_side, r.appointment_at, r.expected_on, r.waitlist_position,
             r.to_assignee as assignee, u.name as "assignee_name?", r.version
           from referrals r
           join organisations o on o.id = r.from_org
           join units f on f.id = r.from_unit
           left join users u on u.id = r.to_assignee
           where r.to_unit = any($1) and r.status in ('requested', 'accepted', 'in_progress', 'on_hold')
             and case $2
               when 'all' then true
               when 'new' then r.status = 'requested'
               when 'in_progress' then r.status = 'in_progress'
               when 'scheduled' then r.status = 'accepted' and r.step in ('scheduled', 'rescheduled')
               when 'waiting' then r.status = 'on_hold' or (r.status = 'accepted' and r.step not in ('scheduled', 'rescheduled'))
               when 'overdue' then r.next_side = 'to' and r.next_due_at < $3
               else r.to_assignee = $4 end
             and ($5::timestamptz is null or (coalesce(r.next_due_at, $7), r.id) > ($5, $6))
           order by coalesce(r.next_due_at, $7), r.id
           limit $8"#,
        units,
        shelf.code(),
        now,
        me.0,
        after.map(|after| after.due),
        after.map(|after| after.id),
        never(),
        PAGE + 1
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// How many stand on each shelf, counted under the actor's own row security (S15).
pub async fn counts(work: &mut Work, units: &[UnitId]) -> Result<Counts, Error> {
    let (now, me) = (work.now(), work.me()?);
    let counts = sqlx::query_as!(
        Counts,
        r#"select count(*) as "all!",
             count(*) filter (where status = 'requested') as "new!",
             count(*) filter (where status = 'on_hold' or (status = 'accepted' and step not in ('scheduled', 'rescheduled'))) as "waiting!",
             count(*) filter (where status = 'accepted' and step in ('scheduled', 'rescheduled')) as "scheduled!",
             count(*) filter (where status = 'in_progress') as "in_progress!",
             count(*) filter (where next_side = 'to' and next_due_at < $2) as "overdue!",
             count(*) filter (where to_assignee = $3) as "mine!"
           from referrals
           where to_unit = any($1) and status in ('requested', 'accepted', 'in_progress', 'on_hold')"#,
        units,
        now,
        me.0
    )
    .fetch_one(work.db())
    .await?;
    Ok(counts)
}

/// What the units' services can take on.
pub async fn services(work: &mut Work, units: &[UnitId]) -> Result<Vec<Capacity>, Error> {
    let services = sqlx::query_as!(
        Capacity,
        "select id, name, names, places_free, waiting_days, not_accepting, verified_at
         from services where unit = any($1) and status = 'active' order by name, id limit 50",
        units
    )
    .fetch_all(work.db())
    .await?;
    Ok(services)
}

/// Who in these units answers referrals, with the case types they are cleared for.
pub async fn colleagues(work: &mut Work, units: &[UnitId]) -> Result<Vec<Colleague>, Error> {
    let colleagues = sqlx::query_as!(
        Colleague,
        r#"select u.id, u.name, array_agg(distinct t) as "cleared!"
           from memberships m
           join users u on u.id = m.user_id and u.active
           join roles r on r.id = m.role and 'referral.answer' = any (r.acts)
           cross join unnest(r.cleared || 0::smallint) t
           where m.unit = any($1) and m.ended_at is null
           group by u.id, u.name order by u.name, u.id limit 200"#,
        units
    )
    .fetch_all(work.db())
    .await?;
    Ok(colleagues)
}
