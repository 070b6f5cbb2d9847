//! The board: what is stuck. Referrals sent and received in columns by state, with their age, and the legal next actions of each.
//!
//! A move on the board leads to the question it asks; nothing is sent by moving a card.

pub(super) mod pages;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::access::Act as Right;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, UnitId};
use crate::referrals::inbox::store as inbox_store;
use crate::referrals::loop_state;
use crate::referrals::possible;
use crate::referrals::referral::Hand;
use crate::referrals::row::Referral;
use crate::referrals::rules::codes::coded;
use crate::referrals::sides::Rights;
use crate::referrals::store;
use crate::referrals::words::{Act, Loop, Side, Status, Step};

coded! {
    /// Which side of its referrals an organisation looks at.
    Tab {
        Sent = "sent",
        Received = "received",
    }

    /// A column of the board.
    Column {
        /// Being written; the sender's alone.
        Draft = "draft",
        New = "new",
        Waiting = "waiting",
        Scheduled = "scheduled",
        InProgress = "in_progress",
        /// Ended, and the person has not yet been heard; the sender's alone.
        ToConfirm = "to_confirm",
        Ended = "ended",
    }
}

/// What the reader wants to see of the board.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only what is overdue.
    pub overdue: Overdue,
    /// Only this service, by its name.
    pub service: String,
    /// Only with this organisation on the other side.
    pub org: Option<OrgId>,
}

/// Whether everything is shown, or what is overdue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overdue {
    #[default]
    All,
    Only,
}

/// More than this is not a board any more; the newest are shown.
pub const MOST: i64 = 300;

/// The referrals of a tab: all that run, and what ended within 30 days or still waits for the person's word.
pub async fn look(work: &mut Work, tab: Tab) -> Result<Vec<Referral>, Error> {
    let units = inbox_store::units(work).await?;
    let since = work.now() - TimeDelta::days(30);
    let ids = match tab {
        Tab::Sent => sent(work, &units, since).await?,
        Tab::Received => received(work, &units, since).await?,
    };
    store::load(work, &ids).await
}

async fn sent(work: &mut Work, units: &[UnitId], since: DateTime<Utc>) -> Result<Vec<Uuid>, Error> {
    let me = work.me()?;
    let ids = sqlx::query_scalar!(
        "select id from referrals
         where (from_unit = any ($1) or from_manager = $2) and step <> 'discarded' and status <> 'entered_in_error'
           and (ended_at is null or ended_at > $3 or loop in ('open', 'disputed'))
         order by recorded_at desc, id limit $4",
        units,
        me.0,
        since,
        MOST
    )
    .fetch_all(work.db())
    .await?;
    Ok(ids)
}

async fn received(work: &mut Work, units: &[UnitId], since: DateTime<Utc>) -> Result<Vec<Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        "select id from referrals
         where to_unit = any ($1) and sent and status <> 'entered_in_error' and (ended_at is null or ended_at > $2)
         order by requested_at desc, id limit $3",
        units,
        since,
        MOST
    )
    .fetch_all(work.db())
    .await?;
    Ok(ids)
}

/// The names of organisations, for the other side of each card.
pub async fn names(work: &mut Work, orgs: &[OrgId]) -> Result<Vec<(OrgId, String)>, Error> {
    let rows = sqlx::query!("select id, name from organisations where id = any ($1) order by name, id", orgs)
        .fetch_all(work.db())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// The organisation on the other side of a card.
pub fn other_side(referral: &Referral, tab: Tab) -> Option<OrgId> {
    if tab == Tab::Sent { referral.to.org } else { Some(referral.from.org) }
}

/// The column in which a tab shows a referral.
pub fn column(referral: &Referral, tab: Tab) -> Column {
    let state = &referral.state;
    match (state.status, state.step) {
        (Status::Draft, _) => Column::Draft,
        (Status::Requested, _) => Column::New,
        (Status::InProgress, _) => Column::InProgress,
        (Status::Accepted, Step::Scheduled | Step::Rescheduled) => Column::Scheduled,
        (Status::Accepted | Status::OnHold, _) => Column::Waiting,
        _ if tab == Tab::Sent && matches!(state.closing.state, Loop::Open | Loop::Disputed) => Column::ToConfirm,
        _ => Column::Ended,
    }
}

/// The columns of a tab, in the order of the work.
pub fn columns(tab: Tab) -> Vec<Column> {
    let own = |column: &Column| tab == Tab::Sent || !matches!(column, Column::Draft | Column::ToConfirm);
    Column::ALL.iter().copied().filter(own).collect()
}

/// What the reader's side may know of the loop (S7).
pub fn closing(referral: &Referral, tab: Tab) -> Loop {
    loop_state::seen_by(&referral.state, side(tab))
}

/// The reader's side on a tab.
pub fn side(tab: Tab) -> Side {
    if tab == Tab::Sent { Side::From } else { Side::To }
}

/// Whether its deadline has passed, and the move is somebody's.
pub fn is_overdue(referral: &Referral, now: DateTime<Utc>) -> bool {
    referral.clocks.next_due_at.is_some_and(|due| due < now)
}

/// How many days it has stood where it stands.
pub fn age_days(referral: &Referral, now: DateTime<Utc>) -> Option<i64> {
    referral.state.times.last.or(referral.state.times.sent).map(|since| (now - since).num_days())
}

/// The legal next actions a card offers. Rights are those held at all; each question checks them again where it counts.
pub fn moves(work: &Work, referral: &Referral, tab: Tab) -> Vec<Act> {
    let side = side(tab);
    let rights = Rights {
        write: side == Side::From && work.holds(Right::ReferralWrite),
        review: side == Side::From && work.holds(Right::ReferralReview),
        answer: side == Side::To && work.holds(Right::ReferralAnswer),
        assign: side == Side::To && work.holds(Right::ReferralAssign),
        reads_from: side == Side::From,
        reads_to: side == Side::To,
    };
    let hand = if work.me().is_ok_and(|me| referral.is_by(me)) { Hand::Author } else { Hand::Colleague };
    possible::possible(&referral.state, side, hand, rights)
}
