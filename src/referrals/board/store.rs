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
    /// How many stand in that column in all.
    pub total: i64,
}

/// What a filter can be set to.
#[derive(Clone, Debug)]
pub struct Offered {
    /// A service's name.
    pub service: String,
    /// The need it answers; a sensitive one keeps the service unnamed.
    pub need: String,
    /// The organisation on the other side.
    pub other: Option<OrgId>,
}

// What differs between the tabs: whose rows, the other side, whether an open loop is still waited for, and what is due as far as the side may
// know (`Referral::tells_due`).
macro_rules! placed {
    ($rows:tt, $other:tt, $waits:tt, $due:tt, $($bound:expr),+ $(,)?) => {
        sqlx::query_as!(
            Placed,
            r#"with placed as (
                 select id, coalesce("# + $due + r#", 'infinity') as due, last_moved_at,
                   case when status = 'draft' then 'draft' when status = 'requested' then 'new' when status = 'in_progress' then 'in_progress'
                     when status = 'accepted' and step in ('scheduled', 'rescheduled') then 'scheduled'
                     when status in ('accepted', 'on_hold') then 'waiting' when "# + $waits + r#" then 'to_confirm' else 'ended' end as lane
                 from referrals where "# + $rows + r#" and (not $5 or "# + $due + r#" < $4) and ($6 = '' or service_name = $6)
                   and ($7::int is null or "# + $other + r#" = $7))
               select id, lane as "lane!", total as "total!" from (
                 select id, lane, count(*) over (partition by lane) as total,
                   row_number() over (partition by lane order by due, last_moved_at desc nulls last, id) as place from placed) ranked
               where ($8::text is null or lane = $8) and place > $9 and place <= $10 order by lane, place"#,
            $($bound),+
        )
    };
}

/// The referrals of a tab that this view shows, by column and place.
pub async fn placed(work: &mut Work, tab: Tab, filter: &Filter, view: View) -> Result<Vec<Placed>, Error> {
    let (units, me) = (inbox::store::units(work).await?, work.me()?.0);
    let (now, since) = (work.now(), since(work));
    let (overdue, service, org) = (filter.overdue == Overdue::Only, filter.service.as_str(), filter.org);
    let (column, skip, until) = (view.column.map(Column::code), view.skip(), view.skip() + view.size());
    let rows = match tab {
        Tab::Sent => {
            placed!(
                "(from_unit = any ($1) or from_manager = $2) and step <> 'discarded' and status <> 'entered_in_error'
                 and (ended_at is null or ended_at > $3 or loop in ('open', 'disputed'))",
                "to_org", "loop in ('open', 'disputed')", "next_due_at",
                &units, me, since, now, overdue, service, org, column, skip, until,
            )
            .fetch_all(work.db())
            .await?
        }
        Tab::Received => {
            placed!(
                "(to_unit = any ($1) or to_assignee = $2) and sent and status <> 'entered_in_error' and (ended_at is null or ended_at > $3)",
                "from_org", "false",
                "case when ended_at is null or next_side = 'to' then next_due_at end",
                &units, me, since, now, overdue, service, org, column, skip, until,
            )
            .fetch_all(work.db())
            .await?
        }
    };
    Ok(rows)
}

/// The codes of these cases, as far as the reader sees them.
pub async fn case_codes(work: &mut Work, cases: &[Uuid]) -> Result<HashMap<Uuid, String>, Error> {
    let rows = sqlx::query!("select id, code from cases where id = any ($1)", cases).fetch_all(work.db()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.code)).collect())
}

// What ended longer ago is not stuck any more.
fn since(work: &Work) -> DateTime<Utc> {
    work.now() - TimeDelta::days(30)
}

/// The services and organisations among the referrals of a tab.
pub async fn offered(work: &mut Work, tab: Tab) -> Result<Vec<Offered>, Error> {
    let units: Vec<UnitId> = inbox::store::units(work).await?;
    let since = since(work);
    let offered = match tab {
        Tab::Sent => {
            sqlx::query_as!(
                Offered,
                "select distinct service_name as service, need, to_org as other from referrals
                 where from_unit = any ($1) and step <> 'discarded' and (ended_at is null or ended_at > $2) order by 1 limit 500",
                &units,
                since
            )
            .fetch_all(work.db())
            .await?
        }
        Tab::Received => {
            sqlx::query_as!(
                Offered,
                r#"select distinct service_name as service, need, from_org as "other?" from referrals
                   where to_unit = any ($1) and sent and (ended_at is null or ended_at > $2) order by 1 limit 500"#,
                &units,
                since
            )
            .fetch_all(work.db())
            .await?
        }
    };
    Ok(offered)
}
