//! Somebody's place in a community project, who is exempt, and the hours of each week.
use chrono::{DateTime, Days, NaiveDate, Utc, Weekday};

use crate::platform::ids::{CaseId, PersonId, PlacementId, PlanLineId, ProjectId, RowId};

/// Why somebody need not take part.
pub const EXEMPT: [&str; 4] = ["work", "small_children", "disability", "study"];
/// Why somebody leaves; with their case for one reason more, `case_closed`, that nobody chooses.
pub const LEAVING: [&str; 9] =
    ["completed", "found_work", "own_wish", "health", "care", "moved", "project_ended", "not_suitable", "other"];
/// More hours than a week of work has.
pub const MOST_HOURS: i16 = 60;
// So many weeks are offered to be written down late.
const MOST_WEEKS: usize = 60;

/// A place that somebody of a case has, or had.
#[derive(Debug, Clone)]
pub struct Placement {
    /// Its id.
    pub id: PlacementId,
    /// The case.
    pub case_id: CaseId,
    /// The project.
    pub project_id: ProjectId,
    /// What that is called; not known where another organisation keeps it since the case moved.
    pub title: Option<String>,
    /// Where it takes place.
    pub host: Option<String>,
    /// Who.
    pub person_id: PersonId,
    /// The support that it was started from.
    pub plan_line: PlanLineId,
    /// Hours a week, as agreed.
    pub weekly_hours: i16,
    /// They are exempt, and take part because they want to.
    pub own_wish: bool,
    /// From when.
    pub starts_on: NaiveDate,
    /// The last day of the project, where one is set.
    pub ends_on: Option<NaiveDate>,
    /// When they left.
    pub left_on: Option<NaiveDate>,
    /// Why: one of [`LEAVING`], or `case_closed`.
    pub left_reason: Option<String>,
    /// Who placed them.
    pub author_name: String,
    /// Which edition of the row this is.
    pub version: i32,
}

impl Placement {
    /// Nobody said that they left.
    pub fn lasts(&self) -> bool {
        self.left_on.is_none()
    }

    // They left before their first day.
    fn never_came(&self) -> bool {
        self.left_on.is_some_and(|day| day < self.starts_on)
    }

    /// The last day on which they are expected, seen from this one.
    fn until(&self, today: NaiveDate) -> NaiveDate {
        [self.left_on, self.ends_on].into_iter().flatten().fold(today, NaiveDate::min)
    }

    /// Whether hours of this week may be written down: it has begun, and they were expected in it.
    pub fn expects(&self, week: NaiveDate, today: NaiveDate) -> bool {
        !self.never_came() && week >= monday(self.starts_on) && week <= monday(self.until(today))
    }

    /// The weeks of which nothing was written down yet, the latest first.
    pub fn unsaid(&self, weeks: &[Week], today: NaiveDate) -> Vec<NaiveDate> {
        if self.never_came() { Vec::new() } else { unsaid(weeks, (self.starts_on, self.until(today))) }
    }

    /// The address of its page.
    pub fn path(&self) -> String {
        format!("/cases/{}/placements/{}", self.case_id, self.id)
    }
}

/// The weeks between two days of which nothing was written down yet, the latest first.
pub(super) fn unsaid(weeks: &[Week], (first, last): (NaiveDate, NaiveDate)) -> Vec<NaiveDate> {
    let (first, mut week, mut open) = (monday(first), monday(last), Vec::new());
    while week >= first && open.len() < MOST_WEEKS {
        if !weeks.iter().any(|said| said.week == week) {
            open.push(week);
        }
        week = week - Days::new(7);
    }
    open
}

/// The Monday of a day's week.
pub fn monday(day: NaiveDate) -> NaiveDate {
    day.week(Weekday::Mon).first_day()
}

/// The hours of one week, as they were said last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    /// Of whose place.
    pub placement: PlacementId,
    /// Its Monday.
    pub week: NaiveDate,
    /// How often it was said.
    pub nth: i32,
    /// Hours there.
    pub present: i16,
    /// Hours away for a good reason.
    pub justified: i16,
    /// Hours away without one.
    pub unjustified: i16,
    /// The host said so.
    pub by_host: bool,
    /// Who said so; a host reads the names of its own people only.
    pub author_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// Hours against what was agreed, over the weeks that were written down. A week of which nothing was said counts for nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// Weeks that were written down.
    pub weeks: i64,
    /// Hours agreed for them.
    pub agreed: i64,
    /// Hours there.
    pub present: i64,
    /// Hours away for a good reason.
    pub justified: i64,
    /// Hours away without one.
    pub unjustified: i64,
}

impl Sum {
    /// The sum of these weeks.
    pub fn of(weekly_hours: i16, weeks: &[Week]) -> Self {
        let all = |hours: fn(&Week) -> i16| weeks.iter().map(|week| i64::from(hours(week))).sum::<i64>();
        let counted = i64::try_from(weeks.len()).unwrap_or(i64::MAX);
        Self {
            weeks: counted,
            agreed: counted * i64::from(weekly_hours),
            present: all(|week| week.present),
            justified: all(|week| week.justified),
            unjustified: all(|week| week.unjustified),
        }
    }
}

/// Somebody who need not take part.
#[derive(Debug, Clone)]
pub struct Exemption {
    /// Its id.
    pub id: RowId,
    /// Who.
    pub person_id: PersonId,
    /// One of [`EXEMPT`].
    pub reason: String,
    /// The last day, where one is known.
    pub until_on: Option<NaiveDate>,
    /// Who wrote it down.
    pub author_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Which edition of the row this is.
    pub version: i32,
}

impl Exemption {
    /// It holds on this day.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.until_on.is_none_or(|last| last >= day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn placement(starts_on: &str, left_on: Option<&str>) -> Placement {
        Placement {
            id: PlacementId::new(),
            case_id: CaseId::new(),
            project_id: ProjectId::new(),
            title: None,
            host: None,
            person_id: PersonId::new(),
            plan_line: PlanLineId::new(),
            weekly_hours: 8,
            own_wish: false,
            starts_on: day(starts_on),
            ends_on: None,
            left_on: left_on.map(day),
            left_reason: left_on.map(|_| "moved".to_owned()),
            author_name: "Amina".into(),
            version: 1,
        }
    }

    fn week(of: &str, (present, justified, unjustified): (i16, i16, i16)) -> Week {
        Week {
            placement: PlacementId::new(),
            week: day(of),
            nth: 1,
            present,
            justified,
            unjustified,
            by_host: false,
            author_name: "Amina".into(),
            recorded_at: DateTime::<Utc>::from_timestamp(1_790_000_000, 0).expect("a moment"),
        }
    }

    #[test]
    fn weeks_are_open_from_the_first_one_to_this_one_or_to_the_last() {
        let weeks = [week("2026-03-09", (8, 0, 0))];
        let today = day("2026-03-25");
        let still = placement("2026-03-04", None);
        assert_eq!(still.unsaid(&weeks, today), ["2026-03-23", "2026-03-16", "2026-03-02"].map(day));
        let gone = placement("2026-03-04", Some("2026-03-17"));
        assert_eq!(gone.unsaid(&weeks, today), ["2026-03-16", "2026-03-02"].map(day));
        assert!(gone.expects(day("2026-03-16"), today) && !gone.expects(day("2026-03-23"), today));
        assert_eq!(placement("2026-04-01", None).unsaid(&[], today), []);
        let never_came = placement("2026-03-20", Some("2026-03-18"));
        assert!(never_came.unsaid(&[], today).is_empty() && !never_came.expects(day("2026-03-16"), today));
    }

    #[test]
    fn s25_a_week_of_which_nothing_was_said_is_no_absence() {
        let weeks = [week("2026-03-02", (6, 2, 0)), week("2026-03-16", (4, 0, 4))];
        assert_eq!(Sum::of(8, &weeks), Sum { weeks: 2, agreed: 16, present: 10, justified: 2, unjustified: 4 });
        assert_eq!(Sum::of(8, &[]), Sum::default());
    }
}
