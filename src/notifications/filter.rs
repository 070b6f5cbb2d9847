//! What "My notifications" is narrowed to: by when it is due, by programme, by type.
use chrono::{DateTime, Days, Months, Utc};
use chrono_tz::Tz;

use super::kinds::{Group, codes_of};
use super::wanted::{Dealt, Order, Place, Wanted};
use crate::platform::clock::midnight;
use crate::web::Form;

// From a page further on one goes back so many pages, and then to the first.
const LONGEST_TRAIL: usize = 20;

/// By when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Due {
    /// Overdue, due within a month, or without a date: what must not be missed.
    #[default]
    Soon,
    /// All that still waits, whenever it is due: what was told last stands first.
    Newest,
    /// Its time has passed.
    Overdue,
    /// Due today.
    Today,
    /// Due today or in the next seven days.
    Week,
    /// Due today or in the next month.
    Month,
    /// All that still waits.
    All,
    /// What was dealt with.
    Done,
}

impl Due {
    /// Every choice, in the order of the page.
    pub const ALL: [Self; 8] =
        [Self::Soon, Self::Newest, Self::Overdue, Self::Today, Self::Week, Self::Month, Self::All, Self::Done];

    /// Its code in addresses and texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Soon => "soon",
            Self::Newest => "newest",
            Self::Overdue => "overdue",
            Self::Today => "today",
            Self::Week => "week",
            Self::Month => "month",
            Self::All => "all",
            Self::Done => "done",
        }
    }
}

/// The whole of it.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// By when.
    pub due: Due,
    /// Only of this pack.
    pub programme: Option<String>,
    /// Only of this case type.
    pub case_type: Option<i16>,
    /// Only of this group.
    pub group: Option<Group>,
    /// Only what was not read yet.
    pub unread: bool,
}

impl Filter {
    /// As an address says it.
    pub fn of(query: &Form) -> Self {
        Self {
            due: Due::ALL.into_iter().find(|due| due.code() == query.value("due")).unwrap_or_default(),
            programme: Some(query.value("programme").to_owned()).filter(|name| !name.is_empty()),
            case_type: query.value("type").parse().ok(),
            group: Group::ALL.into_iter().find(|group| group.code() == query.value("kind")),
            unread: query.value("show") == "unread",
        }
    }

    /// In which order it is shown.
    pub fn order(&self) -> Order {
        if matches!(self.due, Due::Newest | Due::Done) { Order::Newest } else { Order::Due }
    }

    /// As an address, from the top.
    pub fn href(&self) -> String {
        self.page(None, &[])
    }

    /// As an address of the page behind this place, which one came to by those.
    pub fn page(&self, place: Option<Place>, trail: &[Place]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let case_type = self.case_type.map(|id| id.to_string()).unwrap_or_default();
        for (name, value) in [
            ("due", if self.due == Due::Soon { "" } else { self.due.code() }),
            ("programme", self.programme.as_deref().unwrap_or_default()),
            ("type", &case_type),
            ("kind", self.group.map_or("", Group::code)),
            ("show", if self.unread { "unread" } else { "" }),
            ("after", &place.map(|place| place.write()).unwrap_or_default()),
            ("trail", &trail.iter().map(Place::write).collect::<Vec<_>>().join("~")),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { "/notifications".to_owned() } else { format!("/notifications?{query}") }
    }

    /// By which places one came to this page: from the last of them the page before begins.
    pub fn trail(query: &Form) -> Vec<Place> {
        let mut trail: Vec<Place> = query.value("trail").split('~').filter_map(Place::read).collect();
        trail.drain(..trail.len().saturating_sub(LONGEST_TRAIL));
        trail
    }

    /// The pages before and after one that begins behind this place; empty for none.
    pub fn around(&self, after: Option<Place>, trail: &[Place], next: Option<Place>) -> (String, String) {
        let before = match (after, trail.split_last()) {
            (None, _) => String::new(),
            (Some(_), None) => self.href(),
            (Some(_), Some((last, earlier))) => self.page(Some(*last), earlier),
        };
        let longer: Vec<Place> = trail.iter().copied().chain(after).collect();
        (before, next.map(|next| self.page(Some(next), &longer)).unwrap_or_default())
    }

    /// As the store takes it, on this day of the reader's.
    pub fn wanted(&self, now: DateTime<Utc>, zone: Tz) -> Wanted {
        let today = now.with_timezone(&zone).date_naive();
        let (from, before, undated) = match self.due {
            Due::Soon => (None, Some(midnight(today + Months::new(1) + Days::new(1), zone)), true),
            Due::Overdue => (None, Some(now), false),
            Due::Today => (Some(midnight(today, zone)), Some(midnight(today + Days::new(1), zone)), false),
            Due::Week => (Some(midnight(today, zone)), Some(midnight(today + Days::new(8), zone)), false),
            Due::Month => (Some(midnight(today, zone)), Some(midnight(today + Months::new(1) + Days::new(1), zone)), false),
            Due::Newest | Due::All | Due::Done => (None, None, true),
        };
        Wanted {
            unread: self.unread,
            dealt: if self.due == Due::Done { Dealt::Done } else { Dealt::Open },
            kinds: self.group.map(codes_of).unwrap_or_default(),
            programme: self.programme.clone(),
            case_type: self.case_type,
            due_from: from,
            due_before: before,
            undated,
            order: self.order(),
            ..Wanted::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_the_readers_own() {
        let now: DateTime<Utc> = "2026-11-25T22:30:00Z".parse().unwrap();
        let filter = Filter { due: Due::Today, ..Filter::default() };
        let wanted = filter.wanted(now, chrono_tz::Asia::Amman);
        assert_eq!(wanted.due_from, Some("2026-11-25T21:00:00Z".parse().unwrap()));
        assert_eq!(wanted.due_before, Some("2026-11-26T21:00:00Z".parse().unwrap()));
        let soon = Filter::default().wanted(now, chrono_tz::UTC);
        assert_eq!((soon.due_from, soon.undated), (None, true));
        assert_eq!(soon.due_before, Some("2026-12-26T00:00:00Z".parse().unwrap()));
    }

    #[test]
    fn an_address_reads_back() {
        let filter = Filter {
            due: Due::Week,
            programme: Some("employment-services".into()),
            case_type: Some(21),
            group: Some(Group::Cases),
            unread: true,
        };
        let form = Form::parse(filter.href().split_once('?').unwrap().1.as_bytes());
        assert_eq!(Filter::of(&form).href(), filter.href());
        assert_eq!(Filter::default().href(), "/notifications");
    }

    #[test]
    fn every_page_leads_back_to_the_one_before() {
        let place = |n: u128| Place::among_newest(DateTime::UNIX_EPOCH, uuid::Uuid::from_u128(n));
        let filter = Filter::default();
        let form = |address: &str| Form::parse(address.split_once('?').map_or("", |(_, query)| query).as_bytes());
        let read = |address: &str| (Place::read(form(address).value("after")), Filter::trail(&form(address)));
        let (none, second) = filter.around(None, &[], Some(place(1)));
        assert!(none.is_empty());
        let (after, trail) = read(&second);
        let (first, third) = filter.around(after, &trail, Some(place(2)));
        assert_eq!(first, filter.href());
        let (after, trail) = read(&third);
        let (back, none) = filter.around(after, &trail, None);
        assert_eq!((back, none.as_str()), (second, ""));
    }
}
