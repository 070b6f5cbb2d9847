//! Progress over time: how the list stood at the end of each month, by what is known today of those days.
use chrono::{Datelike, NaiveDate};

use super::figure::{Counts, Missing};
use super::line::Grounds;
use crate::packs::Achievements;

// A year back; what is older is in the history of each line.
const MOST: usize = 12;

/// How the list stood on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The day.
    pub on: NaiveDate,
    /// How many lines stood how.
    pub counts: Counts,
    /// The share that was missing.
    pub missing: Option<Missing>,
}

/// The points, the oldest first; the last is today.
pub fn points(grounds: &Grounds, list: &Achievements, (since, today): (NaiveDate, NaiveDate)) -> Vec<Point> {
    let point = |on: NaiveDate| {
        let stood = grounds.stand(list, on);
        Point { on, counts: Counts::of(&stood), missing: Missing::of(list, &stood) }
    };
    days(since, today).into_iter().map(point).collect()
}

fn days(since: NaiveDate, today: NaiveDate) -> Vec<NaiveDate> {
    let before = |day: &NaiveDate| day.with_day(1).and_then(|first| first.pred_opt()).filter(|end| *end >= since);
    let mut days: Vec<NaiveDate> = std::iter::successors(Some(today), before).take(MOST).collect();
    days.reverse();
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::achievements::line::tests::day;

    #[test]
    fn each_month_ends_in_a_point_and_the_last_is_today() {
        let found = days(day("2026-08-20"), day("2026-11-27"));
        assert_eq!(found, ["2026-08-31", "2026-09-30", "2026-10-31", "2026-11-27"].map(day));
        assert_eq!(days(day("2026-11-26"), day("2026-11-27")), [day("2026-11-27")]);
        assert_eq!(days(day("2020-01-01"), day("2026-11-27")).len(), MOST);
    }
}
