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

/// An inbox is counted so far; where it holds more, the most pressing ones are counted.
pub const MOST_COUNTED: i64 = 500;

// Both numbers stand in the statements below: as parameters they would keep the database from keeping a plan.
const _: () = assert!(PAGE + 1 == 26 && MOST_COUNTED == 500, "what the statements say");

/// The units whose inbox the actor may look into: their own with all below, and those whose focal point they are.
pub async fn units(work: &mut Work) -> Result<Vec<UnitId>, Error> {
    Ok(sqlx::query_scalar!("select access.my_inbox_units() as \"units!\"").fetch_one(work.db()).await?)
}

/// Whoever looks after more units than this walks through the organisation's referrals instead of unit by unit.
const FEW_UNITS: usize = 50;

// Where the walk along an index starts: the units, or for many of them their organisation.
fn starts(work: &Work, units: &[UnitId]) -> (bool, Vec<i32>) {
    if units.len() > FEW_UNITS { (true, vec![work.standing.org]) } else { (false, units.to_vec()) }
}

/// The page's rows, walked from each start in the order of the list.
macro_rules! list_from {
    ($work:ident, $column:literal, $starts:expr, $shelf:expr, $after:expr) => {{
        let (now, me, lang) = ($work.now(), $work.me()?, $work.lang().code());
        sqlx::query_as!(
            Row,
            "select r.id, r.code, r.kind, r.need, r.area, r.priority, r.status, r.step, r.case_type, access.named(o.names, o.name, $7) as \"from_org!\", f.name as from_unit,
               case when t.sensitivity = 'restricted' then '' else access.named((select s.names from services s where s.id = r.service_id), r.service_name, $7) end as \"service!\",
               r.requested_at, r.next_due_at, r.next_side, r.appointment_at, r.expected_on, r.waitlist_position,
               r.to_assignee as assignee, u.name as \"assignee_name?\", r.version
             from unnest($1::int[]) here(start)
             cross join lateral (
               select * from referrals where " + $column + " = here.start and status in ('requested', 'accepted', 'in_progress', 'on_hold')
                 and case $2
                   when 'all' then true
                   when 'new' then status = 'requested'
                   when 'in_progress' then status = 'in_progress'
                   when 'scheduled' then status = 'accepted' and step in ('scheduled', 'rescheduled')
                   when 'waiting' then status = 'on_hold' or (status = 'accepted' and step not in ('scheduled', 'rescheduled'))
                   when 'overdue' then next_side = 'to' and next_due_at < $3
                   else to_assignee = $4 end
                 and (can_wait, coalesce(next_due_at, '9999-01-01 00:00:00+00'::timestamptz), id) > ($8, $5, $6)
               order by can_wait, coalesce(next_due_at, '9999-01-01 00:00:00+00'::timestamptz), id
               limit 26) r
             join organisations o on o.id = r.from_org
             join units f on f.id = r.from_unit
             left join users u on u.id = r.to_assignee
             left join case_types t on t.id = r.case_type
             order by r.can_wait, coalesce(r.next_due_at, '9999-01-01 00:00:00+00'::timestamptz), r.id
             limit 26",
            $starts,
            $shelf.code(),
            now,
            me.0,
            $after.due,
            $after.id,
            lang,
            $after.can_wait
        )
        .fetch_all($work.db())
        .await?
    }};
}

/// One row more than a page holds, so that the caller knows whether there is another page.
pub async fn list(work: &mut Work, units: &[UnitId], shelf: Shelf, after: Option<After>) -> Result<Vec<Row>, Error> {
    let after = after.unwrap_or(After { can_wait: false, due: DateTime::UNIX_EPOCH, id: uuid::Uuid::nil() });
    Ok(match starts(work, units) {
        (true, orgs) => list_from!(work, "to_org", &orgs, shelf, after),
        (false, units) => list_from!(work, "to_unit", &units, shelf, after),
    })
}

/// The figures of the most pressing rows from each start.
macro_rules! count_from {
    ($work:ident, $column:literal, $starts:expr) => {{
        let (now, me) = ($work.now(), $work.me()?);
        sqlx::query_as!(
            Counts,
            "with few as materialized (
               select r.* from unnest($1::int[]) here(start) cross join lateral (
                 select status, step, next_side, next_due_at, to_assignee from referrals where " + $column + " = here.start
                   and status in ('requested', 'accepted', 'in_progress', 'on_hold')
                 order by can_wait, coalesce(next_due_at, '9999-01-01 00:00:00+00'::timestamptz), id limit 500) r
               limit 500)
             select count(*) as \"all!\",
               count(*) filter (where status = 'requested') as \"new!\",
               count(*) filter (where status = 'on_hold' or (status = 'accepted' and step not in ('scheduled', 'rescheduled'))) as \"waiting!\",
               count(*) filter (where status = 'accepted' and step in ('scheduled', 'rescheduled')) as \"scheduled!\",
               count(*) filter (where status = 'in_progress') as \"in_progress!\",
               count(*) filter (where next_side = 'to' and next_due_at < $2) as \"overdue!\",
               count(*) filter (where to_assignee = $3) as \"mine!\"
             from few",
            $starts,
            now,
            me.0
        )
        .fetch_one($work.db())
        .await?
    }};
}

/// How many stand on each shelf, counted under the actor's own row security (S15) and no further than [`MOST_COUNTED`]: whether a desk
/// has fifteen hundred or fifteen thousand waiting, nobody reads them one by one.
pub async fn counts(work: &mut Work, units: &[UnitId]) -> Result<Counts, Error> {
    Ok(match starts(work, units) {
        (true, orgs) => count_from!(work, "to_org", &orgs),
        (false, units) => count_from!(work, "to_unit", &units),
    })
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
           join users u on u.id = m.user_id and u.active and not u.is_program
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
