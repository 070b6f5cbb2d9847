//! Which cases a list shows, and in which order: each statement starts at an index and walks in the list's own order, so that a page
//! costs the same over a thousand cases and over a million. Row security verifies every case it meets.
//!
//! What an actor sees is little by name (cases they keep, supervise or were granted) and much by reach (whole units). The first is sorted
//! in memory; the second is walked unit by unit, or through the organisation for those who reach most of it.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::list::{Filter, Place};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::UnitId;

/// Whoever reaches more units than this walks through the organisation instead.
const FEW_UNITS: usize = 200;
/// The day on which stands what has no deadline, in microseconds; the indexes name it too.
const NEVER: i64 = 29_348_006_400_000_000;

/// The first `most` places after the filter's own.
pub(super) async fn places(work: &mut Work, filter: &Filter, most: usize) -> Result<Vec<Place>, Error> {
    let me = work.me()?.0;
    let own = work.standing.units.clone();
    let named = Named { manager: Some(me), supervisor: Some(me), ..Named::default() };
    let mut found = match filter.keeper.as_str() {
        "inbox" => by_name(work, filter, Named { inbox: own, ..Named::default() }, most).await?,
        "unit" => {
            let mut found = by_name(work, filter, Named { units: Some(own.clone()), ..named }, most).await?;
            let reached = reached(work, Some(&own)).await?;
            found.extend(through_units(work, filter, &reached, most).await?);
            found
        }
        "all" => {
            let reached = reached(work, None).await?;
            if reached.len() > FEW_UNITS {
                return through_organisation(work, filter, most).await;
            }
            let mut found = by_name(work, filter, named, most).await?;
            found.extend(through_units(work, filter, &reached, most).await?);
            found
        }
        _ => {
            by_name(work, filter, Named { manager: Some(filter.worker.map_or(me, |worker| worker.0)), ..Named::default() }, most)
                .await?
        }
    };
    let newest_first = filter.order() == Order::Opened;
    found.sort_by_key(|place| {
        let (micros, id) = (place.at.timestamp_micros(), place.id.as_u128());
        // Ties are walked in the same direction as the moments before them.
        (place.rank, if newest_first { -micros } else { micros }, if newest_first { !id } else { id })
    });
    found.dedup_by_key(|place| place.id);
    found.truncate(most);
    Ok(found)
}

/// In which order a list stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Due,
    Risk,
    Opened,
}

impl Filter {
    // What is closed is due no more: it is listed by when it was opened.
    fn order(&self) -> Order {
        match self.sort.as_str() {
            _ if self.closed => Order::Opened,
            "risk" => Order::Risk,
            "opened" => Order::Opened,
            _ => Order::Due,
        }
    }

    // Where the page begins; before everything on the first one.
    fn start(&self) -> Place {
        let first = match self.order() {
            Order::Opened => Place { rank: 0, at: moment(NEVER), id: Uuid::max() },
            _ => Place { rank: -1, at: DateTime::UNIX_EPOCH, id: Uuid::nil() },
        };
        self.after.unwrap_or(first)
    }

    // What is overdue is overdue for whoever keeps the case, or for the reader, as on My day: what a colleague is late with is theirs. Only
    // a case of which something is due already can hold such a task, so the walk ends with those.
    fn late(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        Some(now).filter(|_| self.overdue)
    }

    // Up to which deadline.
    fn until(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        if self.overdue { now } else { moment(NEVER) }
    }
}

fn moment(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

// The units that memberships reach, of these or of all; one more than few at most.
async fn reached(work: &mut Work, of: Option<&[UnitId]>) -> Result<Vec<UnitId>, Error> {
    let most = i32::try_from(FEW_UNITS + 1).unwrap_or(i32::MAX);
    Ok(sqlx::query_scalar!("select access.my_reach($1, $2) as \"units!\"", of, most).fetch_one(work.db()).await?)
}

/// By whose name a case is looked for; what is not said finds nothing.
#[derive(Default)]
struct Named {
    manager: Option<Uuid>,
    /// Also whatever was granted to them.
    supervisor: Option<Uuid>,
    /// What nobody keeps in these units.
    inbox: Vec<UnitId>,
    /// Of these units alone.
    units: Option<Vec<UnitId>>,
}

// What is found by name is little, so it is sorted in memory.
async fn by_name(work: &mut Work, filter: &Filter, named: Named, most: usize) -> Result<Vec<Place>, Error> {
    let (start, until) = (filter.start(), filter.until(work.now()));
    let order = match filter.order() {
        Order::Due => "due",
        Order::Risk => "risk",
        Order::Opened => "opened",
    };
    let places = sqlx::query_as!(
        Place,
        r#"select p.rank as "rank!", p.at as "at!", p.id from (
             select c.id, case when $1 = 'risk' then case c.risk when 'high' then 1 when 'moderate' then 2 when 'low' then 3 else 9 end else 0 end as rank,
               case when $1 = 'opened' then c.opened_at else coalesce(c.next_due_at, '2900-01-01 00:00:00+00'::timestamptz) end as at
             from cases c
             where (c.case_manager = $2 or c.supervisor = $3 or (c.unit = any ($4) and coalesce(c.case_manager, '00000000-0000-0000-0000-000000000000') = '00000000-0000-0000-0000-000000000000')
                 or c.id = any (array(select unnest(access.my_grants()) where $3::uuid is not null)))
               and ($5::int[] is null or c.unit = any ($5)) and (c.closed_at is not null) = $6
               and coalesce(c.next_due_at, '2900-01-01 00:00:00+00'::timestamptz) <= $7 and ($8::text is null or c.risk = $8)
               and ($9::text is null or c.stage = $9) and ($10::smallint is null or c.case_type = $10) and ($11::uuid is null or c.case_manager = $11)
               and ($16::timestamptz is null or exists (select from tasks w where w.case_id = c.id and w.side = 'from' and w.done_at is null
                 and coalesce(w.overdue_at, w.due_at) < $16 and (access.is_the_keepers(w.assignee, c.case_manager) or w.assignee = (select access.me()))))
           ) p
           where case when $1 = 'opened' then (p.at, p.id) < ($13, $14) else (p.rank, p.at, p.id) > ($12, $13, $14) end
           order by p.rank, case when $1 = 'opened' then p.at end desc, case when $1 = 'opened' then p.id end desc, p.at, p.id
           limit $15"#,
        order,
        named.manager,
        named.supervisor,
        &named.inbox,
        named.units.as_deref(),
        filter.closed,
        until,
        filter.risk,
        filter.stage,
        filter.case_type,
        filter.worker.map(|worker| worker.0),
        start.rank,
        start.at,
        start.id,
        i64::try_from(most).unwrap_or(i64::MAX),
        filter.late(work.now())
    )
    .fetch_all(work.db())
    .await?;
    Ok(places)
}

/// One walk from each of these units, or organisations, along an index. Only the column, the order and the comparison differ.
macro_rules! walk {
    ($work:ident, $filter:ident, $starts:expr, $most:ident, $column:literal, $rank:literal, $at:literal, $after:literal, $order:literal) => {{
        let (start, until) = ($filter.start(), $filter.until($work.now()));
        sqlx::query_as!(
            Place,
            "select p.rank as \"rank!\", p.at as \"at!\", p.id as \"id!\" from unnest($1::int[]) s(start) cross join lateral (select c.id, "
                + $rank + " as rank, " + $at + " as at from cases c where c." + $column + " = s.start and " + $after
                + " and coalesce(c.next_due_at, '2900-01-01 00:00:00+00'::timestamptz) <= $2 and ($3::text is null or c.risk = $3)"
                + " and ($4::text is null or c.stage = $4) and ($5::smallint is null or c.case_type = $5)"
                + " and ($6::uuid is null or c.case_manager = $6) and $7::int is not null and $11::bool is not null"
                + " and ($12::timestamptz is null or exists (select from tasks w where w.case_id = c.id and w.side = 'from' and w.done_at is null"
                + " and coalesce(w.overdue_at, w.due_at) < $12 and (access.is_the_keepers(w.assignee, c.case_manager) or w.assignee = (select access.me()))))"
                + " order by " + $order + " limit $10) p",
            $starts,
            until,
            $filter.risk,
            $filter.stage,
            $filter.case_type,
            $filter.worker.map(|worker| worker.0),
            start.rank,
            start.at,
            start.id,
            i64::try_from($most).unwrap_or(i64::MAX),
            $filter.closed,
            $filter.late($work.now())
        )
        .fetch_all($work.db())
        .await?
    }};
}

/// The same in a list's own order.
macro_rules! walk_in_order {
    ($work:ident, $filter:ident, $starts:expr, $most:ident, $column:literal) => {
        match $filter.order() {
            Order::Due => walk!($work, $filter, $starts, $most, $column, "0", "coalesce(c.next_due_at, '2900-01-01 00:00:00+00'::timestamptz)",
                "c.closed_at is null and (coalesce(c.next_due_at, '2900-01-01 00:00:00+00'::timestamptz), c.id) > ($8, $9)",
                "coalesce(c.next_due_at, '2900-01-01 00:00:00+00'::timestamptz), c.id"),
            Order::Risk => walk!($work, $filter, $starts, $most, $column, "case c.risk when 'high' then 1 when 'moderate' then 2 when 'low' then 3 else 9 end",
                "coalesce(c.next_due_at, '2900-01-01 00:00:00+00'::timestamptz)",
                "c.closed_at is null and (case c.risk when 'high' then 1 when 'moderate' then 2 when 'low' then 3 else 9 end, coalesce(c.next_due_at, '2900-01-01 00:00:00+00'::timestamptz), c.id) > ($7, $8, $9)",
                "case c.risk when 'high' then 1 when 'moderate' then 2 when 'low' then 3 else 9 end, coalesce(c.next_due_at, '2900-01-01 00:00:00+00'::timestamptz), c.id"),
            Order::Opened => walk!($work, $filter, $starts, $most, $column, "0", "c.opened_at",
                "(c.closed_at is not null) = $11 and (c.opened_at, c.id) < ($8, $9)", "c.opened_at desc, c.id desc"),
        }
    };
}

async fn through_units(work: &mut Work, filter: &Filter, units: &[UnitId], most: usize) -> Result<Vec<Place>, Error> {
    if units.is_empty() {
        return Ok(Vec::new());
    }
    Ok(walk_in_order!(work, filter, units, most, "unit"))
}

async fn through_organisation(work: &mut Work, filter: &Filter, most: usize) -> Result<Vec<Place>, Error> {
    let org = [work.standing.org];
    Ok(walk_in_order!(work, filter, &org, most, "org"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_deadline_stands_on_a_day_that_no_deadline_reaches() {
        assert_eq!(moment(NEVER).to_rfc3339(), "2900-01-01T00:00:00+00:00");
    }

    #[test]
    fn a_place_survives_its_way_through_an_address() {
        let place = Place { rank: 2, at: "2026-05-20T10:00:00.5Z".parse().unwrap(), id: Uuid::now_v7() };
        assert_eq!(Place::read(&place.write()), Some(place));
        for text in ["", "1_x_y", "1_2", "12.5_018f"] {
            assert_eq!(Place::read(text), None, "{text}");
        }
    }
}
