//! What a reader asks for of their notifications: what is wanted, in which order, and from which place on.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::store::Notification;
use crate::platform::ids::NotificationId;

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

/// Which notifications a reader asks for.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Only this one.
    pub only: Option<NotificationId>,
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
    /// The word that the query reads.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Either => "either",
            Self::Open => "open",
            Self::Done => "done",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
