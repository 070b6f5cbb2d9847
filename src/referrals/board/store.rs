//! SQL of the board: which referrals stand in which column, the most pressing first, counted in the same reading, so that a column's
//! number and its cards never disagree. Each tab names its own rows, so that an index starts there; row security verifies them.
use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Column, Filter, Overdue, Tab, View};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, UnitId};
use crate::referrals::inbox;

/// One referral in its column.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The referral.
    pub id: Uuid,
    /// The code of its column.
    pub lane: String,
    /// How many stand in that column, as far as was counted.
    pub total: i64,
    /// Whether more stand there than were counted.
    pub cut: bool,
}

/// What a filter can be set to.
#[derive(Clone, Debug)]
pub struct Offered {
    /// A service's name as it was chosen, by which the filter looks for it.
    pub service: String,
    /// Its name in the reader's language.
    pub called: String,
    /// The need it answers; a sensitive one keeps the service unnamed.
    pub need: String,
    /// The organisation on the other side.
    pub other: Option<OrgId>,
}

/// So many of each column are looked at from each unit, the most pressing first: whether a unit has fifteen hundred or fifteen thousand waiting, nobody
/// reads them one by one.
pub const MOST_COUNTED: i64 = 500;

/// Whoever reaches more units than this walks through the organisation's referrals instead of unit by unit.
const FEW_UNITS: usize = 50;

// What was gathered, by column; of each the places that are looked at, and whether a walk was cut short on its way there.
macro_rules! ranked {
    ([$($few:tt)+], $waits:tt, $($bound:expr),+ $(,)?) => {
        sqlx::query_as!(
            Placed,
            "with gathered as materialized (" + $($few)+ + "),
             placed as (
               select id, due, last_moved_at, bool_or(cut) as cut,
                 case when status = 'draft' then 'draft' when status = 'requested' then 'new' when status = 'in_progress' then 'in_progress'
                   when status = 'accepted' and step in ('scheduled', 'rescheduled') then 'scheduled'
                   when status in ('accepted', 'on_hold') then 'waiting' when " + $waits + " then 'to_confirm' else 'ended' end as lane
               from gathered where step <> 'discarded' and status <> 'entered_in_error' group by id, status, step, loop, last_moved_at, due)
             select id as \"id!\", lane as \"lane!\", total as \"total!\", lane_cut as \"cut!\" from (
               select id, lane, count(*) over (partition by lane) as total, bool_or(cut) over (partition by lane) as lane_cut,
                 row_number() over (partition by lane order by due, last_moved_at desc nulls last, id) as place from placed) ranked
             where ($8::text is null or lane = $8) and place > $9 and place <= $10 order by lane, place",
            $($bound),+
        )
    };
}

// What the actor's side sent: by reach each column is walked from the most pressing on; what is the actor's by name is little and read whole.
macro_rules! sent {
    ($start:tt, $($bound:expr),+ $(,)?) => {
        ranked!(
            ["select id, status, step, loop, last_moved_at, coalesce(next_due_at, 'infinity') as due, cut from (
               select r.*, count(*) over (partition by here.start, walk.running, walk.scheduled) >= $11 as cut from unnest($1::int[]) here(start)
                 cross join (values ('draft', false), ('requested', false), ('accepted', false), ('accepted', true), ('in_progress', false), ('on_hold', false))
                   walk(running, scheduled)
                 cross join lateral (
                   select id, status, step, loop, last_moved_at, next_due_at from referrals
                   where " + $start + " = here.start and status = walk.running and step <> 'discarded'
                     and status in ('draft', 'requested', 'accepted', 'in_progress', 'on_hold')
                     and (status <> 'accepted' or (step in ('scheduled', 'rescheduled')) = walk.scheduled)
                     and (not $5 or next_due_at < $4) and ($6 = '' or service_name = $6) and ($7::int is null or to_org = $7)
                   order by coalesce(next_due_at, '9999-01-01 00:00:00+00'::timestamptz), id limit $11) r
               union all
               select r.*, count(*) over (partition by here.start) >= $11 as cut from unnest($1::int[]) here(start) cross join lateral (
                   select id, status, step, loop, last_moved_at, next_due_at from referrals
                   where " + $start + " = here.start and status in ('rejected', 'completed', 'failed', 'cancelled') and loop in ('open', 'disputed')
                     and (not $5 or next_due_at < $4) and ($6 = '' or service_name = $6) and ($7::int is null or to_org = $7)
                   order by coalesce(next_due_at, '9999-01-01 00:00:00+00'::timestamptz), id limit $11) r
               union all
               select r.*, count(*) over (partition by here.start) >= $11 as cut from unnest($1::int[]) here(start) cross join lateral (
                   select id, status, step, loop, last_moved_at, next_due_at from referrals
                   where " + $start + " = here.start and ended_at > $3 and loop not in ('open', 'disputed') and status <> 'entered_in_error'
                     and (not $5 or next_due_at < $4) and ($6 = '' or service_name = $6) and ($7::int is null or to_org = $7)
                   order by ended_at desc limit $11) r
               union all
               select id, status, step, loop, last_moved_at, next_due_at, false from referrals
                 where (from_manager = $2 or from_supervisor = $2) and (ended_at is null or ended_at > $3 or loop in ('open', 'disputed'))
                   and (not $5 or next_due_at < $4) and ($6 = '' or service_name = $6) and ($7::int is null or to_org = $7)
               union all
               select id, status, step, loop, last_moved_at, next_due_at, false from referrals
                 where case_id = any ((select access.my_grants())::uuid[]) and (ended_at is null or ended_at > $3 or loop in ('open', 'disputed'))
                   and (not $5 or next_due_at < $4) and ($6 = '' or service_name = $6) and ($7::int is null or to_org = $7)) walked"],
            "loop in ('open', 'disputed')", $($bound),+
        )
    };
}

// What the actor's side received. What is due after the answer, or once sharing has ended, is the sender's own (`Referral::tells_due`).
macro_rules! received {
    ($start:tt, $($bound:expr),+ $(,)?) => {
        ranked!(
            ["select id, status, step, loop, last_moved_at,
                coalesce(case when ended_at is null and sharing = 'open' or next_side = 'to' then next_due_at end, 'infinity') as due, cut from (
               select r.*, count(*) over (partition by here.start, walk.running, walk.scheduled) >= $11 as cut from unnest($1::int[]) here(start)
                 cross join (values ('requested', false), ('accepted', false), ('accepted', true), ('in_progress', false), ('on_hold', false))
                   walk(running, scheduled)
                 cross join lateral (
                   select id, status, step, loop, last_moved_at, next_due_at, next_side, sharing, ended_at, sent from referrals
                   where " + $start + " = here.start and status = walk.running and status in ('requested', 'accepted', 'in_progress', 'on_hold')
                     and (status <> 'accepted' or (step in ('scheduled', 'rescheduled')) = walk.scheduled)
                     and (not $5 or (sharing = 'open' or next_side = 'to') and next_due_at < $4)
                     and ($6 = '' or service_name = $6) and ($7::int is null or from_org = $7)
                   order by coalesce(next_due_at, '9999-01-01 00:00:00+00'::timestamptz), id limit $11) r
               union all
               select r.*, count(*) over (partition by here.start) >= $11 as cut from unnest($1::int[]) here(start) cross join lateral (
                   select id, status, step, loop, last_moved_at, next_due_at, next_side, sharing, ended_at, sent from referrals
                   where " + $start + " = here.start and ended_at > $3 and status <> 'entered_in_error'
                     and (not $5 or next_side = 'to' and next_due_at < $4)
                     and ($6 = '' or service_name = $6) and ($7::int is null or from_org = $7)
                   order by ended_at desc limit $11) r
               union all
               select id, status, step, loop, last_moved_at, next_due_at, next_side, sharing, ended_at, sent, false from referrals
                 where to_assignee = $2 and (ended_at is null or ended_at > $3)
                   and (not $5 or (ended_at is null and sharing = 'open' or next_side = 'to') and next_due_at < $4)
                   and ($6 = '' or service_name = $6) and ($7::int is null or from_org = $7)) walked
             where sent"],
            "false", $($bound),+
        )
    };
}

/// The referrals of a tab that this view shows, by column and place.
pub async fn placed(work: &mut Work, tab: Tab, filter: &Filter, view: View) -> Result<Vec<Placed>, Error> {
    let (wide, starts) = starts(work, tab).await?;
    let (me, now, since) = (work.me()?.0, work.now(), since(work));
    let (overdue, service, org) = (filter.overdue == Overdue::Only, filter.service.as_str(), filter.org);
    let (column, skip, until) = (view.column.map(Column::code), view.skip(), view.skip() + view.size());
    macro_rules! fetch {
        ($from:ident, $start:tt) => {
            $from!($start, &starts, me, since, now, overdue, service, org, column, skip, until, MOST_COUNTED)
                .fetch_all(work.db())
                .await?
        };
    }
    Ok(match (tab, wide) {
        (Tab::Sent, false) => fetch!(sent, "from_unit"),
        (Tab::Sent, true) => fetch!(sent, "from_org"),
        (Tab::Received, false) => fetch!(received, "to_unit"),
        (Tab::Received, true) => fetch!(received, "to_org"),
    })
}

// What ended longer ago is not stuck any more.
fn since(work: &Work) -> DateTime<Utc> {
    work.now() - TimeDelta::days(30)
}

// Where the walk starts: the units that the actor reaches, or for many of them their organisation.
async fn starts(work: &mut Work, tab: Tab) -> Result<(bool, Vec<i32>), Error> {
    let most = i32::try_from(FEW_UNITS + 1).unwrap_or(i32::MAX);
    let units: Vec<UnitId> = match tab {
        Tab::Sent => sqlx::query_scalar!("select access.my_reach(null, $1) as \"units!\"", most).fetch_one(work.db()).await?,
        Tab::Received => inbox::store::units(work).await?,
    };
    Ok(if units.len() > FEW_UNITS { (true, vec![work.standing.org]) } else { (false, units) })
}

/// The codes of these cases, as far as the reader sees them.
pub async fn case_codes(work: &mut Work, cases: &[Uuid]) -> Result<HashMap<Uuid, String>, Error> {
    let rows = sqlx::query!("select id, code from cases where id = any ($1)", cases).fetch_all(work.db()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.code)).collect())
}

// From each start the newest referrals, for what a filter can be set to.
macro_rules! offered {
    ($start:tt, $person:tt, $other:tt, $starts:expr, $me:expr, $lang:expr) => {
        sqlx::query_as!(
            Offered,
            "select known.service_name as \"service!\", access.named(s.names, known.service_name, $3) as \"called!\", known.need as \"need!\", known.other as \"other?\"
             from (select distinct service_name, service_id, need, other from (
               select r.* from unnest($1::int[]) here(start) cross join lateral (
                 select service_name, service_id, need, "
                + $other
                + " as other from referrals where "
                + $start
                + " = here.start and sent
                 order by requested_at desc limit 500) r
               union all
               (select service_name, service_id, need, "
                + $other
                + " as other from referrals where "
                + $person
                + " = $2 and sent order by requested_at desc limit 500)
             ) lately order by 1 limit 500) known left join services s on s.id = known.service_id order by 1",
            $starts,
            $me,
            $lang
        )
    };
}

/// The services and organisations among the newest referrals of a tab.
pub async fn offered(work: &mut Work, tab: Tab) -> Result<Vec<Offered>, Error> {
    let (wide, starts) = starts(work, tab).await?;
    let (me, lang) = (work.me()?.0, work.lang().code());
    Ok(match (tab, wide) {
        (Tab::Sent, false) => offered!("from_unit", "from_manager", "to_org", &starts, me, lang).fetch_all(work.db()).await?,
        (Tab::Sent, true) => offered!("from_org", "from_manager", "to_org", &starts, me, lang).fetch_all(work.db()).await?,
        (Tab::Received, false) => offered!("to_unit", "to_assignee", "from_org", &starts, me, lang).fetch_all(work.db()).await?,
        (Tab::Received, true) => offered!("to_org", "to_assignee", "from_org", &starts, me, lang).fetch_all(work.db()).await?,
    })
}
