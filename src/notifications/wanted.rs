//! What a reader asks for of their notifications: what is wanted, in which order, and from which place on.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::store::Notification;

/// Where what is urgent stands among moments at which things are due: before all of them.
pub(super) const FIRST: DateTime<Utc> = DateTime::UNIX_EPOCH;
// Where what is never due stands, in microseconds; the database names both days too.
const NEVER: i64 = 253_370_764_800_000_000;

/// Where what is never due stands among moments at which things are due: behind all of them.
pub(super) fn never() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(NEVER).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Whether what was dealt with is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dealt {
    /// Both.
    #[default]
    Either,
    /// What still waits.
    Open,
    /// What was done.
    Done,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The newest first.
    #[default]
    Newest,
    /// What is urgent, the newest first; then what is due first; then what has no due date, the newest first.
    Due,
}

/// Which notifications a reader asks for; by when they are due only of those that still wait.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Only what was not read yet.
    pub unread: bool,
    /// What was dealt with, or not.
    pub dealt: Dealt,
    /// Only these kinds; empty for all.
    pub kinds: Vec<String>,
    /// Only of this pack.
    pub programme: Option<String>,
    /// Only of this case type.
    pub case_type: Option<i16>,
    /// Due from this moment on.
    pub due_from: Option<DateTime<Utc>>,
    /// Due before this moment.
    pub due_before: Option<DateTime<Utc>>,
    /// With what has no due date, and with what is urgent whenever it is due.
    pub undated: bool,
    /// Only what stands behind this place.
    pub after: Option<Place>,
    /// In which order.
    pub order: Order,
}

/// Where a notification stands in the order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// 0 for what is urgent where the order asks for that, 1 for all else.
    pub rank: i32,
    /// When it is due, where the order asks for that and it is.
    pub due: Option<DateTime<Utc>>,
    /// When it was told.
    pub at: DateTime<Utc>,
    /// The notification.
    pub id: Uuid,
}

impl Place {
    /// Where this one stands in such a list.
    pub fn of(one: &Notification, order: Order, urgent: &[String]) -> Self {
        let newest = Self::among_newest(one.recorded_at, one.id.0);
        match order {
            Order::Newest => newest,
            Order::Due if urgent.contains(&one.kind) => Self { rank: 0, ..newest },
            Order::Due => Self { due: one.due_at, ..newest },
        }
    }

    /// Where one stands that was told then, in a list of the newest first.
    pub fn among_newest(at: DateTime<Utc>, id: Uuid) -> Self {
        Self { rank: 1, due: None, at, id }
    }

    /// The moment at which an order by what is due puts it.
    pub(super) fn stands_at(&self) -> DateTime<Utc> {
        if self.rank == 0 { FIRST } else { self.due.unwrap_or_else(never) }
    }

    /// As an address carries it.
    pub fn write(&self) -> String {
        let due = self.due.map(|due| due.timestamp_micros().to_string()).unwrap_or_default();
        format!("{}_{due}_{}_{}", self.rank, self.at.timestamp_micros(), self.id)
    }

    /// As an address carries it; anything else begins at the top.
    pub fn read(text: &str) -> Option<Self> {
        let moment = |text: &str| DateTime::from_timestamp_micros(text.parse().ok()?);
        let mut parts = text.split('_');
        let rank = parts.next()?.parse().ok()?;
        let due = match parts.next()? {
            "" => None,
            due => Some(moment(due)?),
        };
        let at = moment(parts.next()?)?;
        Some(Self { rank, due, at, id: parts.next()?.parse().ok()? })
    }
}

impl Dealt {
    /// Whether what is wanted is done: no, yes, or either.
    pub(super) fn done(self) -> &'static [bool] {
        match self {
            Self::Either => &[false, true],
            Self::Open => &[false],
            Self::Done => &[true],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_never_due_stands_on_a_day_that_no_deadline_reaches() {
        assert_eq!(never().to_rfc3339(), "9999-01-01T00:00:00+00:00");
    }

    #[test]
    fn a_place_survives_its_way_through_an_address() {
        let at = "2026-05-20T10:00:00.5Z".parse().unwrap();
        for due in [None, Some(at)] {
            let place = Place { rank: 1, due, at, id: Uuid::now_v7() };
            assert_eq!(Place::read(&place.write()), Some(place));
        }
        for text in ["", "1_x_y", "1__2", "1_z_2_3"] {
            assert_eq!(Place::read(text), None, "{text}");
        }
    }
}
