//! The board: what is stuck. Referrals sent and received in columns by state, with their age, and the legal next actions of each.
//!
//! A move on the board leads to the question it asks; nothing is sent by moving a card.

mod api;
mod pages;
mod store;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use self::store::Placed;
use crate::access::Act as Right;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::OrgId;
use crate::referrals::loop_state;
use crate::referrals::possible;
use crate::referrals::referral::{Actor, Hand};
use crate::referrals::row::Referral;
use crate::referrals::rules::codes::coded;
use crate::referrals::sides::Rights;
use crate::referrals::words::{Act, Loop, Side};

/// The board, as a page and over REST.
pub fn routes() -> crate::web::Routes {
    crate::web::Routes::new()
        .page("GET", "/referrals", pages::index)
        .api("GET", "/api/v1/referrals", api::index)
        .described::<api::Described>()
}

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

/// What part of the board is looked at: the head of every column, or a page of one.
#[derive(Clone, Copy, Debug, Default)]
pub struct View {
    /// Only this column.
    pub column: Option<Column>,
    /// Which page of it, counted from 1.
    pub page: i64,
}

/// So many of each column stand on the board.
pub const HEAD: i64 = 6;
/// So many stand on a page of one column.
pub const PAGE: i64 = 30;

impl View {
    fn size(self) -> i64 {
        if self.column.is_some() { PAGE } else { HEAD }
    }

    fn skip(self) -> i64 {
        if self.column.is_some() { (self.page.max(1) - 1) * PAGE } else { 0 }
    }
}

/// One column: how many stand there, and those that this view shows, the most pressing first.
#[derive(Debug)]
pub struct Lane {
    /// Which column.
    pub column: Column,
    /// How many stand there, as far as was counted.
    pub total: i64,
    /// Whether more stand there than were counted.
    pub cut: bool,
    /// Those shown.
    pub referrals: Vec<Referral>,
}

/// The columns of a tab: all that run, and what ended within 30 days or still waits for the person's word.
pub async fn look(work: &mut Work, tab: Tab, filter: &Filter, view: View) -> Result<Vec<Lane>, Error> {
    work.keep_plans().await?;
    let placed = store::placed(work, tab, filter, view).await?;
    let ids: Vec<Uuid> = placed.iter().map(|one| one.id).collect();
    let referrals = crate::referrals::store::load(work, &ids).await?;
    let shown = columns(tab).into_iter().filter(|column| view.column.is_none_or(|only| only == *column));
    let lane = |column: Column| {
        let inside: Vec<&Placed> = placed.iter().filter(|one| one.lane == column.code()).collect();
        let find = |one: &&Placed| referrals.iter().find(|referral| referral.id.0 == one.id).cloned();
        Lane {
            column,
            total: inside.first().map_or(0, |one| one.total),
            cut: inside.first().is_some_and(|one| one.cut),
            referrals: inside.iter().filter_map(find).collect(),
        }
    };
    Ok(shown.map(lane).collect())
}

/// The names of organisations, for the other side of each card.
pub async fn names(work: &mut Work, orgs: &[OrgId]) -> Result<Vec<(OrgId, String)>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query!(
        r#"select id, access.named(names, name, $2) as "name!" from organisations where id = any ($1) order by 2, 1"#,
        orgs,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// The organisation on the other side of a card.
pub fn other_side(referral: &Referral, tab: Tab) -> Option<OrgId> {
    if tab == Tab::Sent { referral.to.org } else { Some(referral.from.org) }
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
    possible::possible(&referral.state, Actor { side, hand, on_behalf: None }, rights, work.now())
}
