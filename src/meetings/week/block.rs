//! A block of a week, and what a week comes to. No SQL.
use chrono::{Datelike, Days, NaiveDate};

use crate::error::FieldErrors;
use crate::platform::ids::RowId;
use crate::platform::lang::Lang;

/// What hours go to; the first is counted from meetings, and the second from conferences too.
pub const KINDS: [&str; 4] = ["visits", "networking", "administration", "self_care"];
/// What a block may be for.
pub const PLANNED: [&str; 3] = ["networking", "administration", "self_care"];
/// How long a block may last, in minutes.
pub const LENGTHS: [i16; 10] = [15, 30, 45, 60, 90, 120, 180, 240, 360, 480];
/// How many hours a week has where neither a contract nor a pack says so.
pub const USUAL_HOURS: i16 = 40;
/// How many hours a week may be contracted for.
pub const HOURS: std::ops::RangeInclusive<i16> = 1..=80;

const LONGEST_WORDS: usize = 200;
const DAY: i16 = 24 * 60;
// So far ahead and back, in days, a block may lie.
const FURTHEST: u64 = 731;

/// The weekday on which a reader's week begins, counted from Sunday: Saturday where Arabic is read, Monday elsewhere.
pub fn first_weekday(lang: Lang) -> u32 {
    if lang == Lang::Ar { 6 } else { 1 }
}

/// The first day of the week in which this day lies.
pub fn begins(on: NaiveDate, lang: Lang) -> NaiveDate {
    on - Days::new(u64::from((on.weekday().num_days_from_sunday() + 7 - first_weekday(lang)) % 7))
}

/// A block that the worker planned, opened for them.
#[derive(Debug, Clone)]
pub struct Block {
    /// Its id.
    pub id: RowId,
    /// One of [`PLANNED`].
    pub kind: String,
    /// On which day, or on which first.
    pub on_day: NaiveDate,
    /// From when, in minutes since midnight.
    pub from_minute: i16,
    /// How long.
    pub minutes: i16,
    /// It comes every week.
    pub weekly: bool,
    /// The last day on which it comes.
    pub until_day: Option<NaiveDate>,
    /// What for, in words that nobody else reads.
    pub words: String,
    /// Which edition this is.
    pub version: i32,
}

impl Block {
    /// It comes every week no more.
    pub fn has_ended(&self, today: NaiveDate) -> bool {
        self.until_day.is_some_and(|last| last < today)
    }

    /// On which day of the week that begins on this day it comes; on none where it does not.
    pub fn day_in(&self, week: NaiveDate) -> Option<NaiveDate> {
        let ahead = (self.on_day - week).num_days().rem_euclid(7).unsigned_abs();
        let day = week + Days::new(ahead);
        let comes = day >= self.on_day && (self.weekly || day == self.on_day);
        Some(day).filter(|day| comes && self.until_day.is_none_or(|last| *day <= last))
    }
}

/// A block as it is to be.
#[derive(Debug, Clone, Default)]
pub struct NewBlock {
    /// One of [`PLANNED`].
    pub kind: String,
    /// On which day, or on which first.
    pub on_day: Option<NaiveDate>,
    /// From when, in minutes since midnight.
    pub from_minute: Option<i16>,
    /// How long; one of [`LENGTHS`].
    pub minutes: i16,
    /// It comes every week.
    pub weekly: bool,
    /// The last day on which a weekly one comes.
    pub until_day: Option<NaiveDate>,
    /// What for.
    pub words: String,
}

impl NewBlock {
    /// The day and minute, with what is wrong with the rest.
    pub fn check(&self, today: NaiveDate) -> (NaiveDate, i16, FieldErrors) {
        let mut errors = FieldErrors::default();
        if !PLANNED.contains(&self.kind.as_str()) {
            errors.add("kind", if self.kind.is_empty() { "required" } else { "not_a_choice" });
        }
        let day = self.on_day.unwrap_or(today);
        if self.on_day.is_none() {
            errors.add("on_day", "required");
        } else if day > today + Days::new(FURTHEST) || day < today - Days::new(FURTHEST) {
            errors.add("on_day", "too_far");
        }
        if !LENGTHS.contains(&self.minutes) {
            errors.add("minutes", "not_a_choice");
        }
        let from = self.from_minute.unwrap_or_default();
        if self.from_minute.is_none() {
            errors.add("from", "required");
        } else if !(0..DAY).contains(&from) {
            errors.add("from", "not_a_choice");
        } else if LENGTHS.contains(&self.minutes) && from + self.minutes > DAY {
            errors.add("minutes", "past_midnight");
        }
        if self.weekly && self.until_day.is_some_and(|last| last < day) {
            errors.add("until_day", "until_before_begin");
        }
        if self.words.chars().count() > LONGEST_WORDS {
            errors.add("words", "too_long");
        }
        (day, from, errors)
    }
}

/// So many minutes are more than the hours that the contract says.
pub fn is_over(minutes: i64, contracted: i16) -> bool {
    minutes > i64::from(contracted) * 60
}

/// How many minutes of a week go to each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Load {
    minutes: [i64; 4],
}

impl Load {
    /// Adds minutes of a kind.
    pub fn add(&mut self, kind: &str, minutes: i64) {
        if let Some(at) = KINDS.iter().position(|known| *known == kind) {
            self.minutes[at] += minutes;
        }
    }

    /// Minutes of a kind.
    pub fn of(&self, kind: &str) -> i64 {
        KINDS.iter().position(|known| *known == kind).map_or(0, |at| self.minutes[at])
    }

    /// All of them.
    pub fn all(&self) -> i64 {
        self.minutes.iter().sum()
    }

    /// More is planned than the contract says.
    pub fn is_over(&self, contracted: i16) -> bool {
        is_over(self.all(), contracted)
    }

    /// Nothing is set aside for oneself.
    pub fn lacks_self_care(&self) -> bool {
        self.of("self_care") == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_weekly_block_comes_on_its_weekday_from_its_first_to_its_last_day() {
        let once = Block {
            id: RowId(uuid::Uuid::nil()),
            kind: "self_care".into(),
            on_day: day("2026-11-26"),
            from_minute: 540,
            minutes: 60,
            weekly: false,
            until_day: None,
            words: String::new(),
            version: 1,
        };
        let (before, this, next) = (day("2026-11-16"), day("2026-11-23"), day("2026-11-30"));
        assert_eq!([before, this, next].map(|week| once.day_in(week)), [None, Some(day("2026-11-26")), None]);
        let weekly = Block { weekly: true, ..once };
        assert_eq!(
            [before, this, next].map(|week| weekly.day_in(week)),
            [None, Some(day("2026-11-26")), Some(day("2026-12-03"))]
        );
        let ended = Block { until_day: Some(day("2026-12-02")), ..weekly };
        assert_eq!(ended.day_in(next), None);
        assert_eq!(ended.day_in(day("2026-11-21")), Some(day("2026-11-26")), "a week that begins on Saturday");
    }

    #[test]
    fn a_block_ends_on_its_own_day() {
        let new = NewBlock {
            kind: "administration".into(),
            on_day: Some(day("2026-11-26")),
            from_minute: Some(23 * 60),
            minutes: 60,
            ..NewBlock::default()
        };
        let wrong = |new: &NewBlock| new.check(day("2026-11-26")).2.0.into_iter().collect::<Vec<_>>();
        assert!(wrong(&new).is_empty());
        assert_eq!(wrong(&NewBlock { minutes: 90, ..new.clone() }), [("minutes".to_owned(), "past_midnight")]);
        assert_eq!(wrong(&NewBlock { kind: "visits".into(), ..new.clone() }), [("kind".to_owned(), "not_a_choice")]);
        let back = NewBlock { weekly: true, until_day: Some(day("2026-11-25")), ..new };
        assert_eq!(wrong(&back), [("until_day".to_owned(), "until_before_begin")]);
    }

    #[test]
    fn a_week_is_over_when_more_is_planned_than_contracted() {
        let mut load = Load::default();
        load.add("visits", 39 * 60);
        load.add("networking", 60);
        assert!(!load.is_over(40) && load.is_over(39) && load.lacks_self_care());
        load.add("self_care", 30);
        load.add("nothing known", 600);
        assert_eq!((load.all(), load.lacks_self_care()), (40 * 60 + 30, false));
    }
}
