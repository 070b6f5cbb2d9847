//! A unit's working week: its time zone, weekend and holidays.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

/// The days on which a unit works, in its own time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    zone: Tz,
    weekend: BTreeSet<u32>,
    holidays: BTreeSet<NaiveDate>,
}

/// A weekend of seven days leaves no day on which a deadline could fall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoWorkingDay;

impl Calendar {
    /// The calendar of a unit; refused when every day of the week is a day of rest.
    pub fn new(zone: Tz, weekend: &[Weekday], holidays: impl IntoIterator<Item = NaiveDate>) -> Result<Calendar, NoWorkingDay> {
        let weekend: BTreeSet<u32> = weekend.iter().map(Weekday::num_days_from_monday).collect();
        if weekend.len() == 7 {
            return Err(NoWorkingDay);
        }
        let holidays = holidays.into_iter().collect();
        Ok(Calendar { zone, weekend, holidays })
    }

    /// The time zone of the unit.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The unit's own date at an instant.
    pub fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        // Near the ends of chrono's range a local date does not exist; nothing real happens there.
        let at = at.clamp(year_start(1), year_start(9999));
        at.with_timezone(&self.zone).date_naive()
    }

    /// Whether the unit works on a date.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        !self.weekend.contains(&date.weekday().num_days_from_monday()) && !self.holidays.contains(&date)
    }

    /// The date itself if the unit works then, otherwise the next date on which it does.
    pub fn working_day_from(&self, date: NaiveDate) -> NaiveDate {
        self.seek(date, NaiveDate::succ_opt)
    }

    /// The `count`th working day after a date; the date's own or next working day when `count` is 0.
    pub fn working_days_after(&self, date: NaiveDate, count: u16) -> NaiveDate {
        if count == 0 {
            return self.working_day_from(date);
        }
        (0..count).fold(date, |day, _| self.seek(day.succ_opt().unwrap_or(day), NaiveDate::succ_opt))
    }

    /// The `count`th working day before a date.
    pub fn working_days_before(&self, date: NaiveDate, count: u16) -> NaiveDate {
        (0..count).fold(date, |day, _| self.seek(day.pred_opt().unwrap_or(day), NaiveDate::pred_opt))
    }

    /// How many working days lie after the first date, up to and including the second.
    pub fn working_days_between(&self, after: NaiveDate, until: NaiveDate) -> usize {
        after.iter_days().skip(1).take_while(|day| *day <= until).filter(|day| self.is_working_day(*day)).count()
    }

    /// The instant at which a date begins for the unit.
    pub fn start_of(&self, date: NaiveDate) -> DateTime<Utc> {
        self.at(date, NaiveTime::MIN)
    }

    /// The last second of a date: what is due on a day may be done until the day is over.
    pub fn end_of(&self, date: NaiveDate) -> DateTime<Utc> {
        let next = date.checked_add_days(Days::new(1)).unwrap_or(date);
        self.start_of(next) - TimeDelta::seconds(1)
    }

    /// The instant of a wall-clock time, moved on where the clock skips it.
    pub fn at(&self, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        let wall = date.and_time(time).clamp(year_start(1).naive_utc(), year_start(9999).naive_utc());
        // A clock change skips at most an hour or two, except where a country once dropped a whole day.
        (0..=48)
            .map(|half_hours| wall + TimeDelta::minutes(30 * half_hours))
            .find_map(|wall| self.zone.from_local_datetime(&wall).earliest())
            .map_or_else(|| wall.and_utc(), |found| found.with_timezone(&Utc))
    }

    fn seek(&self, from: NaiveDate, next: fn(&NaiveDate) -> Option<NaiveDate>) -> NaiveDate {
        let mut date = from;
        while !self.is_working_day(date) {
            let Some(further) = next(&date) else {
                return date;
            };
            date = further;
        }
        date
    }
}

fn year_start(year: i32) -> DateTime<Utc> {
    let date = NaiveDate::from_yo_opt(year, 1).unwrap_or_default();
    NaiveDateTime::new(date, NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn amman() -> Calendar {
        Calendar::new(chrono_tz::Asia::Amman, &[Weekday::Fri, Weekday::Sat], [day("2026-05-25")]).unwrap()
    }

    #[test]
    fn weekends_and_holidays_do_not_count() {
        let calendar = amman();
        // (from, working days, expected); 2026-05-25 is a holiday, Friday and Saturday the weekend.
        for (from, count, expected) in [
            ("2026-05-20", 0, "2026-05-20"),
            ("2026-05-20", 1, "2026-05-21"),
            ("2026-05-20", 2, "2026-05-24"),
            ("2026-05-20", 3, "2026-05-26"),
            ("2026-05-22", 0, "2026-05-24"),
            ("2026-05-22", 1, "2026-05-24"),
            ("2026-05-22", 2, "2026-05-26"),
        ] {
            assert_eq!(calendar.working_days_after(day(from), count), day(expected), "{from} + {count}");
        }
        assert_eq!(calendar.working_days_before(day("2026-05-26"), 1), day("2026-05-24"));
        assert_eq!(calendar.working_days_between(day("2026-05-20"), day("2026-05-26")), 3);
    }

    #[test]
    fn a_date_is_the_units_own() {
        let late = "2026-05-20T22:30:00Z".parse().unwrap();
        assert_eq!(amman().date(late), day("2026-05-21"));
        let bogota = Calendar::new(chrono_tz::America::Bogota, &[], []).unwrap();
        assert_eq!(bogota.date("2026-05-20T03:00:00Z".parse().unwrap()), day("2026-05-19"));
    }

    #[test]
    fn a_day_ends_on_time_also_where_midnight_is_skipped_or_the_day_is() {
        // In Beirut clocks go from 00:00 to 01:00 on 29 March 2026, so the 28th ends at 22:00 UTC all the same.
        let beirut = Calendar::new(chrono_tz::Asia::Beirut, &[Weekday::Sun], []).unwrap();
        assert_eq!(beirut.end_of(day("2026-03-28")).to_rfc3339(), "2026-03-28T21:59:59+00:00");
        assert_eq!(beirut.end_of(day("2026-03-29")).to_rfc3339(), "2026-03-29T20:59:59+00:00");
        // Samoa had no 30 December 2011.
        let apia = Calendar::new(chrono_tz::Pacific::Apia, &[], []).unwrap();
        assert!(apia.end_of(day("2011-12-30")) >= apia.end_of(day("2011-12-29")));
    }

    #[test]
    fn nothing_breaks_at_the_ends_of_time() {
        let calendar = amman();
        for date in [NaiveDate::MIN, NaiveDate::MAX] {
            let _ = (calendar.end_of(date), calendar.start_of(date));
            let _ = (calendar.working_days_after(date, 9), calendar.working_days_before(date, 9));
        }
        let _ = (calendar.date(DateTime::<Utc>::MIN_UTC), calendar.date(DateTime::<Utc>::MAX_UTC));
    }

    #[test]
    fn a_week_without_work_is_refused() {
        let all = [0, 1, 2, 3, 4, 5, 6].map(|n| Weekday::try_from(n).unwrap());
        assert_eq!(Calendar::new(Tz::UTC, &all, []), Err(NoWorkingDay));
    }
}
