//! Lengths of time as a pack writes them: `48 hours`, `2 working days`, `same day`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A length of time whose meaning the clocks of `tasks` work out for a unit's calendar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Period {
    /// Until the end of the same day, weekend or holiday included.
    #[default]
    SameDay,
    Hours(u16),
    Days(u16),
    /// Days on which the unit works, by its weekend and holidays.
    WorkingDays(u16),
    Weeks(u16),
    Months(u16),
    Years(u16),
}

/// The text is not a period, or not a positive one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAPeriod {
    /// The count is 0 or negative.
    NotPositive,
    /// The text does not read as a count and a unit.
    Unreadable,
}

impl Period {
    /// How to write one, for messages.
    pub const EXAMPLES: &'static str = "`same day`, `48 hours`, `7 days`, `2 working days`, `2 weeks`, `12 months` or `7 years`";

    /// About how many hours it lasts, fit only to compare two periods with each other.
    pub fn rough_hours(self) -> u32 {
        match self {
            Period::SameDay => 12,
            Period::Hours(count) => u32::from(count),
            Period::Days(count) => u32::from(count) * 24,
            Period::WorkingDays(count) => u32::from(count) * 24 * 7 / 5,
            Period::Weeks(count) => u32::from(count) * 24 * 7,
            Period::Months(count) => u32::from(count) * 24 * 30,
            Period::Years(count) => u32::from(count) * 24 * 365,
        }
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Period, NotAPeriod> {
        if text == "same day" {
            return Ok(Period::SameDay);
        }
        let (count, unit) = text.split_once(' ').ok_or(NotAPeriod::Unreadable)?;
        let count: i64 = count.parse().map_err(|_| NotAPeriod::Unreadable)?;
        if count <= 0 {
            return Err(NotAPeriod::NotPositive);
        }
        let count = u16::try_from(count).map_err(|_| NotAPeriod::Unreadable)?;
        match unit {
            "hour" | "hours" => Ok(Period::Hours(count)),
            "day" | "days" => Ok(Period::Days(count)),
            "working day" | "working days" => Ok(Period::WorkingDays(count)),
            "week" | "weeks" => Ok(Period::Weeks(count)),
            "month" | "months" => Ok(Period::Months(count)),
            "year" | "years" => Ok(Period::Years(count)),
            _ => Err(NotAPeriod::Unreadable),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match self {
            Period::SameDay => return out.write_str("same day"),
            Period::Hours(count) => (count, "hour"),
            Period::Days(count) => (count, "day"),
            Period::WorkingDays(count) => (count, "working day"),
            Period::Weeks(count) => (count, "week"),
            Period::Months(count) => (count, "month"),
            Period::Years(count) => (count, "year"),
        };
        let plural = if *count == 1 { "" } else { "s" };
        write!(out, "{count} {unit}{plural}")
    }
}

impl fmt::Display for NotAPeriod {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            NotAPeriod::NotPositive => "is not positive",
            NotAPeriod::Unreadable => "is not a length of time",
        })
    }
}

impl From<Period> for String {
    fn from(period: Period) -> String {
        period.to_string()
    }
}

impl TryFrom<String> for Period {
    type Error = NotAPeriod;

    fn try_from(text: String) -> Result<Period, NotAPeriod> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_reads_back_as_it_is_written() {
        for text in ["same day", "1 hour", "48 hours", "2 working days", "1 week", "7 years"] {
            assert_eq!(text.parse::<Period>().map(|period| period.to_string()), Ok(text.into()));
        }
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in ["0 days", "-3 days"] {
            assert_eq!(text.parse::<Period>(), Err(NotAPeriod::NotPositive), "{text}");
        }
        for text in ["", "7", "days", "seven days", "7 fortnights", "99999 days", "7  days"] {
            assert_eq!(text.parse::<Period>(), Err(NotAPeriod::Unreadable), "{text}");
        }
    }
}
