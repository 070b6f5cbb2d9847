//! The inbox: what others need from the actor's units, and what those units can take on.
//!
//! An organisation's inbox comes first and a person second, so that an absent colleague never stalls a referral: a row without an
//! assignee is everybody's. The list names its units itself and row security verifies, so a row of a restricted type reaches the
//! unit's focal points and the assignee alone (S9). Rows carry codes, never names (S13).

mod api;
pub(super) mod pages;
pub(super) mod store;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Act;
use crate::error::Error;
use crate::packs::{self, Pack};
use crate::platform::db::Work;
use crate::platform::lang::Lang;
use crate::referrals::rules::codes::coded;
use crate::referrals::words::{Priority, Side, Status};
use crate::web::Routes;

/// The inbox with its REST twin.
pub fn routes() -> Routes {
    Routes::new().page("GET", "/inbox", pages::index).api("GET", "/api/v1/inbox", api::index).described::<api::Described>()
}

coded! {
    /// What a chip of the inbox shows.
    Shelf {
        All = "all",
        /// Not yet decided.
        New = "new",
        /// Taken on, and waiting for a place or an appointment.
        Waiting = "waiting",
        Scheduled = "scheduled",
        InProgress = "in_progress",
        /// Our move is late.
        Overdue = "overdue",
        /// Claimed by, or assigned to, the actor.
        Mine = "mine",
    }
}

/// Where a page of the inbox begins: after this place in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    /// False for an emergency that nobody has answered: those stand first, whatever else is overdue.
    pub can_wait: bool,
    /// The due moment of the last row shown.
    pub due: DateTime<Utc>,
    /// Its id.
    pub id: Uuid,
}

/// One referral that waits in the inbox: by code, never by name. Programs read it without what only the page needs.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = InboxRow)]
pub struct Row {
    pub id: Uuid,
    pub code: String,
    pub kind: String,
    pub need: String,
    pub area: String,
    pub priority: String,
    pub status: String,
    pub step: String,
    #[serde(skip)]
    pub case_type: i16,
    #[serde(rename = "from_organisation")]
    pub from_org: String,
    #[serde(skip)]
    pub from_unit: String,
    /// In the reader's language; empty for restricted types (S13).
    #[serde(skip)]
    pub service: String,
    pub requested_at: Option<DateTime<Utc>>,
    #[serde(rename = "due_at")]
    pub next_due_at: Option<DateTime<Utc>>,
    /// Whose move it is: `from` or `to`.
    pub next_side: Option<String>,
    pub appointment_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    pub expected_on: Option<chrono::NaiveDate>,
    #[serde(skip)]
    pub waitlist_position: Option<i32>,
    pub assignee: Option<Uuid>,
    #[serde(skip)]
    pub assignee_name: Option<String>,
    pub version: i32,
}

/// How many referrals stand on each shelf, of the most pressing [`store::MOST_COUNTED`].
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
#[schema(as = InboxCounts)]
pub struct Counts {
    pub all: i64,
    pub new: i64,
    pub waiting: i64,
    pub scheduled: i64,
    pub in_progress: i64,
    pub overdue: i64,
    pub mine: i64,
}

/// What one of our services can take on, as the directory says.
#[derive(Clone, Debug)]
pub struct Capacity {
    pub id: Uuid,
    pub name: String,
    pub names: serde_json::Value,
    pub places_free: Option<i32>,
    pub waiting_days: Option<i32>,
    pub not_accepting: bool,
    pub verified_at: Option<DateTime<Utc>>,
}

/// A colleague who may be given an incoming referral.
#[derive(Clone, Debug)]
pub struct Colleague {
    pub id: Uuid,
    pub name: String,
    pub cleared: Vec<i16>,
}

/// One page of the inbox with everything beside it.
#[derive(Debug)]
pub struct Inbox {
    pub rows: Vec<Row>,
    /// Where the next page begins, if there is one.
    pub next: Option<After>,
    pub counts: Counts,
    pub services: Vec<Capacity>,
    pub colleagues: Vec<Colleague>,
}

/// How many rows a page holds.
pub const PAGE: i64 = 25;

/// The page of a shelf that begins after a place; five queries, however much there is.
pub async fn look(work: &mut Work, shelf: Shelf, after: Option<After>) -> Result<Inbox, Error> {
    may_look(work)?;
    work.keep_plans().await?;
    let units = store::units(work).await?;
    let mut rows = store::list(work, &units, shelf, after).await?;
    let more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(Row::place);
    Ok(Inbox {
        next,
        rows,
        counts: store::counts(work, &units).await?,
        services: store::services(work, &units).await?,
        colleagues: store::colleagues(work, &units).await?,
    })
}

/// Answering and assigning both open the inbox: a supervisor who gives work out sees what there is to give.
pub fn may_look(work: &Work) -> Result<(), Error> {
    if work.holds(Act::ReferralAssign) { Ok(()) } else { work.may(Act::ReferralAnswer) }
}

impl Row {
    /// Where it stands in the order of the list.
    pub fn place(&self) -> After {
        let can_wait = !(self.priority == Priority::Emergency.code() && self.status == Status::Requested.code());
        After { can_wait, due: self.next_due_at.unwrap_or(store::never()), id: self.id }
    }

    /// The shelf on which it stands; overdue and mine lie across the others.
    pub fn shelf(&self) -> Shelf {
        match (self.status.as_str(), self.step.as_str()) {
            ("requested", _) => Shelf::New,
            ("in_progress", _) => Shelf::InProgress,
            ("accepted", "scheduled" | "rescheduled") => Shelf::Scheduled,
            _ => Shelf::Waiting,
        }
    }

    /// Whether our own move is late.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.next_side.as_deref() == Some(Side::To.code()) && self.next_due_at.is_some_and(|due| due < now)
    }
}

impl Counts {
    /// How many stand on a shelf.
    pub fn of(&self, shelf: Shelf) -> i64 {
        match shelf {
            Shelf::All => self.all,
            Shelf::New => self.new,
            Shelf::Waiting => self.waiting,
            Shelf::Scheduled => self.scheduled,
            Shelf::InProgress => self.in_progress,
            Shelf::Overdue => self.overdue,
            Shelf::Mine => self.mine,
        }
    }
}

impl After {
    /// As an address carries it.
    pub fn write(&self) -> String {
        format!("{}_{}_{}", self.can_wait, self.due.timestamp_micros(), self.id)
    }

    /// As an address carries it; anything else begins at the top.
    pub fn read(text: &str) -> Option<After> {
        let [can_wait, due, id] = text.split('_').collect::<Vec<_>>().try_into().ok()?;
        let due = DateTime::from_timestamp_micros(due.parse().ok()?)?;
        Some(After { can_wait: can_wait.parse().ok()?, due, id: id.parse().ok()? })
    }
}

/// What lists call a need: one whose name alone gives something away stays unnamed there (S13, S19).
pub fn need_on_lists(packs: &[std::sync::Arc<Pack>], need: &str, lang: Lang, confidential: &str) -> String {
    match packs.iter().find_map(|pack| pack.need(need)) {
        Some(known) if !is_sensitive(packs, need) => known.labels.get(lang).to_owned(),
        _ => confidential.to_owned(),
    }
}

/// Whether a need stays unnamed on lists: one that gives something away, or that no pack knows.
pub fn is_sensitive(packs: &[std::sync::Arc<Pack>], need: &str) -> bool {
    let mut known = packs.iter().filter_map(|pack| pack.need(need)).peekable();
    // Where packs differ, the more careful one decides.
    known.peek().is_none() || known.any(|need| need.sensitive)
}

/// The same for programs: the code of such a need stands in no list either.
pub fn name_no_sensitive_need(packs: &[std::sync::Arc<Pack>], row: &mut Row) {
    if is_sensitive(packs, &row.need) {
        "confidential".clone_into(&mut row.need);
    }
}

/// The newest version of every pack, for naming needs and reasons.
pub async fn packs(work: &mut Work) -> Result<Vec<std::sync::Arc<Pack>>, Error> {
    Ok(packs::store::newest(work).await?.into_iter().map(|(_, pack)| pack).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_survives_its_way_through_an_address() {
        let place = After { can_wait: true, due: "2026-05-20T10:00:00.5Z".parse().unwrap(), id: Uuid::now_v7() };
        assert_eq!(After::read(&place.write()), Some(place));
        for text in ["", "x_y", "12", "12_34", "true_12_34"] {
            assert_eq!(After::read(text), None, "{text}");
        }
    }
}
