//! Deadlines: when something is due, when to remind, when to escalate, and how late it is.
//!
//! Working days and "the same day" follow a unit's calendar; hours and days of risk run by the clock, also through
//! weekends. Every function takes the moments it needs: nothing here reads the time.

use chrono::{DateTime, Months, NaiveTime, TimeDelta, Utc};

use super::calendar::Calendar;
use crate::packs::{Period, RiskLevel};

// What is sent at 23:50 and due "the same day" must not be late before anybody can have read it.
const SAME_DAY_FLOOR: TimeDelta = TimeDelta::hours(2);

/// When something that started at a moment and lasts a period is due.
pub fn due(period: Period, start: DateTime<Utc>, calendar: &Calendar) -> DateTime<Utc> {
    match period {
        Period::SameDay => same_day(start, calendar),
        Period::Hours(count) => after(start, TimeDelta::hours(count.into())),
        Period::Days(count) => after(start, TimeDelta::days(count.into())),
        Period::WorkingDays(count) => due_by_working_days(start, count, calendar),
        Period::Weeks(count) => after(start, TimeDelta::weeks(count.into())),
        Period::Months(count) => months_after(start, u32::from(count)),
        Period::Years(count) => months_after(start, u32::from(count) * 12),
    }
}

/// The end of the `count`th working day after the day on which something started.
pub fn due_by_working_days(start: DateTime<Utc>, count: u16, calendar: &Calendar) -> DateTime<Utc> {
    calendar.end_of(calendar.working_days_after(calendar.date(start), count))
}

/// The end of the unit's day, but never less than two hours from the start.
pub fn same_day(start: DateTime<Utc>, calendar: &Calendar) -> DateTime<Utc> {
    calendar.end_of(calendar.date(start)).max(after(start, SAME_DAY_FLOOR))
}

/// When to remind of a deadline: the period before it, at nine in the morning where the period is in days.
///
/// A deadline nearer than that is reminded of half-way, so that nobody is reminded before the work began.
pub fn remind_at(start: DateTime<Utc>, due: DateTime<Utc>, before: Period, calendar: &Calendar) -> DateTime<Utc> {
    let morning = |date| calendar.at(date, NaiveTime::MIN + TimeDelta::hours(9));
    let due_on = calendar.date(due);
    let wanted = match before {
        Period::SameDay => morning(due_on),
        Period::WorkingDays(count) => morning(calendar.working_days_before(due_on, count)),
        Period::Hours(count) => before_by(due, TimeDelta::hours(count.into())),
        Period::Days(count) => before_by(due, TimeDelta::days(count.into())),
        Period::Weeks(count) => before_by(due, TimeDelta::weeks(count.into())),
        Period::Months(count) => before_by(due, TimeDelta::days(30 * i64::from(count))),
        Period::Years(count) => before_by(due, TimeDelta::days(365 * i64::from(count))),
    };
    let half_way = start.checked_add_signed((due - start) / 2).unwrap_or(start);
    if wanted > start { wanted.min(due) } else { half_way.max(start) }
}

/// How far off a deadline is, in the words a page shows; the surface translates them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lateness {
    /// Late by more than a day, counted in the unit's dates.
    OverdueDays(i64),
    /// Late by less than a day.
    OverdueHours(i64),
    /// Due before the unit's day is over.
    Today,
    /// Due on a later date.
    InDays(i64),
}

impl Lateness {
    /// Whether the deadline has passed.
    pub fn is_overdue(self) -> bool {
        matches!(self, Lateness::OverdueDays(_) | Lateness::OverdueHours(_))
    }
}

/// How a deadline stands at a moment, by the dates of the unit that must act.
pub fn lateness(due: DateTime<Utc>, now: DateTime<Utc>, calendar: &Calendar) -> Lateness {
    let days = (calendar.date(due) - calendar.date(now)).num_days();
    match (now > due, days) {
        (true, _) if now - due >= TimeDelta::hours(24) => Lateness::OverdueDays((-days).max(1)),
        (true, _) => Lateness::OverdueHours((now - due).num_hours()),
        (false, 0) => Lateness::Today,
        (false, days) => Lateness::InDays(days),
    }
}

/// The clocks that a level of risk starts (S21); all run by the clock, through weekends and holidays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskClock {
    /// By when an action that makes the person safer is logged.
    pub safety_action: Option<Period>,
    /// When the supervisor hears that none was logged.
    pub alert: Option<Period>,
    /// When the next follow-up is due.
    pub follow_up: Period,
    /// When that follow-up counts as overdue.
    pub overdue: Period,
}

impl RiskClock {
    /// Emergency or high risk: safety action the same day, follow-up within 48 hours.
    pub const HIGH: RiskClock = RiskClock {
        safety_action: Some(Period::SameDay),
        alert: Some(Period::Hours(2)),
        follow_up: Period::Hours(48),
        overdue: Period::Hours(48),
    };
    /// Urgent or moderate risk: due at 3 days, overdue after 5.
    pub const MODERATE: RiskClock =
        RiskClock { safety_action: None, alert: None, follow_up: Period::Days(3), overdue: Period::Days(5) };
    /// Low risk: within 10 days.
    pub const LOW: RiskClock =
        RiskClock { safety_action: None, alert: None, follow_up: Period::Days(10), overdue: Period::Days(10) };

    /// The clocks that a pack gives to a level.
    pub fn of(level: &RiskLevel) -> RiskClock {
        RiskClock { safety_action: level.safety_action, alert: level.alert, follow_up: level.follow_up, overdue: level.overdue }
    }

    /// The moments for a risk level that was set at a moment.
    pub fn moments(&self, set_at: DateTime<Utc>, calendar: &Calendar) -> RiskMoments {
        RiskMoments {
            safety_action_by: self.safety_action.map(|period| due(period, set_at, calendar)),
            alert_at: self.alert.map(|period| due(period, set_at, calendar)),
            follow_up_by: due(self.follow_up, set_at, calendar),
            overdue_from: due(self.overdue, set_at, calendar),
        }
    }
}

/// When the clocks of a level of risk ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskMoments {
    /// The safety action must be logged by then.
    pub safety_action_by: Option<DateTime<Utc>>,
    /// Without one, the supervisor hears of it then.
    pub alert_at: Option<DateTime<Utc>>,
    /// The follow-up is due then.
    pub follow_up_by: DateTime<Utc>,
    /// From then on it is overdue.
    pub overdue_from: DateTime<Utc>,
}

fn after(start: DateTime<Utc>, length: TimeDelta) -> DateTime<Utc> {
    start.checked_add_signed(length).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

fn before_by(due: DateTime<Utc>, length: TimeDelta) -> DateTime<Utc> {
    due.checked_sub_signed(length).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

fn months_after(start: DateTime<Utc>, count: u32) -> DateTime<Utc> {
    start.checked_add_months(Months::new(count)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Weekday;
    use proptest::prelude::{any, prop_assert, proptest};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    // Amman is three hours ahead of UTC all year; the weekend is Friday and Saturday.
    fn amman() -> Calendar {
        Calendar::new(chrono_tz::Asia::Amman, &[Weekday::Fri, Weekday::Sat], ["2026-05-25".parse().unwrap()]).unwrap()
    }

    #[test]
    fn spans_end_when_the_unit_would_say_so() {
        // Thursday noon.
        let start = "2026-05-21T09:00:00Z";
        for (period, expected) in [
            (Period::SameDay, "2026-05-21T20:59:59Z"),
            (Period::Hours(48), "2026-05-23T09:00:00Z"),
            (Period::Days(3), "2026-05-24T09:00:00Z"),
            (Period::WorkingDays(1), "2026-05-24T20:59:59Z"),
            (Period::WorkingDays(2), "2026-05-26T20:59:59Z"),
            (Period::Weeks(2), "2026-06-04T09:00:00Z"),
            (Period::Months(1), "2026-06-21T09:00:00Z"),
            (Period::Years(1), "2027-05-21T09:00:00Z"),
        ] {
            assert_eq!(due(period, at(start), &amman()), at(expected), "{period:?}");
        }
    }

    #[test]
    fn s21_risk_hours_run_through_the_weekend() {
        let friday = at("2026-05-22T10:00:00Z");
        let high = RiskClock::HIGH.moments(friday, &amman());
        assert_eq!(high.safety_action_by, Some(at("2026-05-22T20:59:59Z")));
        assert_eq!(high.alert_at, Some(at("2026-05-22T12:00:00Z")));
        assert_eq!(high.follow_up_by, at("2026-05-24T10:00:00Z"));
        let moderate = RiskClock::MODERATE.moments(friday, &amman());
        assert_eq!((moderate.follow_up_by, moderate.overdue_from), (at("2026-05-25T10:00:00Z"), at("2026-05-27T10:00:00Z")));
        assert_eq!(RiskClock::LOW.moments(friday, &amman()).overdue_from, at("2026-06-01T10:00:00Z"));
    }

    #[test]
    fn s02_an_emergency_just_before_midnight_is_not_late_at_once() {
        assert_eq!(same_day(at("2026-05-20T20:50:00Z"), &amman()), at("2026-05-20T22:50:00Z"));
    }

    #[test]
    fn a_reminder_comes_in_the_morning_before_or_half_way() {
        let calendar = amman();
        let start = at("2026-05-17T09:00:00Z");
        let far = due_by_working_days(start, 5, &calendar);
        assert_eq!(remind_at(start, far, Period::WorkingDays(1), &calendar), at("2026-05-21T06:00:00Z"));
        let soon = at("2026-05-17T13:00:00Z");
        assert_eq!(remind_at(start, soon, Period::WorkingDays(1), &calendar), at("2026-05-17T11:00:00Z"));
    }

    #[test]
    fn lateness_is_told_in_the_units_own_days() {
        let due = at("2026-05-20T20:59:59Z");
        for (now, expected) in [
            ("2026-05-18T10:00:00Z", Lateness::InDays(2)),
            ("2026-05-19T22:00:00Z", Lateness::Today),
            ("2026-05-20T20:59:59Z", Lateness::Today),
            ("2026-05-20T21:10:00Z", Lateness::OverdueHours(0)),
            ("2026-05-21T10:00:00Z", Lateness::OverdueHours(13)),
            ("2026-05-23T10:00:00Z", Lateness::OverdueDays(3)),
        ] {
            assert_eq!(lateness(due, at(now), &amman()), expected, "{now}");
        }
        assert!(!Lateness::Today.is_overdue() && Lateness::OverdueHours(0).is_overdue());
    }

    proptest! {
        #[test]
        fn deadlines_lie_ahead_on_working_days_and_reminders_between(seconds in 0i64..4_000_000_000, count in any::<u8>()) {
            let (calendar, start) = (amman(), DateTime::from_timestamp(seconds, 0).unwrap());
            let due = due_by_working_days(start, count.into(), &calendar);
            prop_assert!(due >= start);
            prop_assert!(calendar.is_working_day(calendar.date(due)));
            let remind = remind_at(start, due, Period::WorkingDays(1), &calendar);
            prop_assert!(start <= remind && remind <= due);
        }
    }
}
