//! Chance that can be repeated: the same seed and the same moment make the same world.
use chrono::{DateTime, Days, NaiveTime, TimeDelta, Timelike, Utc};
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};
use uuid::Uuid;

use crate::platform::ids;

/// The same day while desks are open, on the quarter of an hour: what fell early in the day stands before what fell late.
pub fn desk_hour(at: DateTime<Utc>) -> DateTime<Utc> {
    let minute = i64::from(at.num_seconds_from_midnight() / 60);
    at.date_naive().and_time(NaiveTime::MIN).and_utc() + TimeDelta::minutes(7 * 60 + minute * 27 / (24 * 60) * 15)
}

/// A seeded source of everything that is left to chance, and the moment the world is dated by.
pub struct Chance {
    random: StdRng,
    /// Now, as the whole world sees it.
    pub now: DateTime<Utc>,
}

impl Chance {
    /// Chance from this seed, dated by this moment.
    pub fn new(seed: u64, now: DateTime<Utc>) -> Self {
        Self { random: StdRng::seed_from_u64(seed), now }
    }

    /// One of these.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.random.random_range(0..of.len())]
    }

    /// One of these, the likelier the heavier.
    pub fn weighed<T: Copy>(&mut self, of: &[(u32, T)]) -> T {
        let mut left = self.random.random_range(0..of.iter().map(|(weight, _)| weight).sum::<u32>());
        for (weight, value) in of {
            if left < *weight {
                return *value;
            }
            left -= weight;
        }
        of[0].1
    }

    /// A whole number from the first up to and with the last.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        self.random.random_range(first..=last)
    }

    /// Yes in this many of a hundred.
    pub fn percent(&mut self, hundredths: u32) -> bool {
        self.random.random_range(0..100) < hundredths
    }

    /// An id as the program would have made it at that moment.
    pub fn id(&mut self, at: DateTime<Utc>) -> Uuid {
        let mut bytes = [0; 10];
        self.random.fill_bytes(&mut bytes);
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }

    /// An id that says nothing of when it was made.
    pub fn public_id(&mut self) -> Uuid {
        let mut bytes = [0; 16];
        self.random.fill_bytes(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// A code for people to read.
    pub fn code(&mut self, kind: char) -> String {
        ids::code_from(kind, &mut self.random)
    }

    /// A moment in working hours, so many days ago; never in the future.
    pub fn days_ago(&mut self, days: i64) -> DateTime<Utc> {
        let day = self.now.date_naive() - Days::new(days.unsigned_abs());
        let minute = self.random.random_range(7 * 60..15 * 60);
        let at = day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::minutes(minute);
        at.min(self.now - TimeDelta::minutes(self.random.random_range(5..90)))
    }

    /// Some time after a moment, from so many to so many hours; never in the future.
    pub fn hours_after(&mut self, at: DateTime<Utc>, first: i64, last: i64) -> DateTime<Utc> {
        let minutes = self.random.random_range(first * 60..=last * 60);
        (at + TimeDelta::minutes(minutes)).min(self.now)
    }
}
