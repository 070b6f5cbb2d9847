//! The time, as a thing that tests can set.
use std::sync::Mutex;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// When a day begins in this zone; where clocks leap over midnight, the first moment there is.
pub fn midnight(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    midnight.and_local_timezone(zone).earliest().map_or_else(|| midnight.and_utc(), |at| at.to_utc())
}

/// Tells the time: the machine's, or one that a test sets and moves.
#[derive(Debug, Default)]
pub struct Clock {
    set: Mutex<Option<DateTime<Utc>>>,
}

impl Clock {
    /// A clock that stands at this moment until moved.
    pub fn standing_at(now: DateTime<Utc>) -> Self {
        Self { set: Mutex::new(Some(now)) }
    }

    /// Now, to the microsecond, as PostgreSQL keeps it.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn now(&self) -> DateTime<Utc> {
        let now = self.set.lock().map_or_else(|poisoned| *poisoned.into_inner(), |set| *set).unwrap_or_else(Utc::now);
        chrono::DurationRound::duration_trunc(now, TimeDelta::microseconds(1)).unwrap_or(now)
    }

    /// Moves the clock; one that went with the machine stands from then on.
    pub fn forward(&self, by: TimeDelta) {
        let moved = self.now() + by;
        *self.set.lock().expect("nobody panics while holding the clock") = Some(moved);
    }
}
