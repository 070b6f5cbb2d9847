//! Figures of supervision.
use serde::{Deserialize, Serialize};

/// Figures of supervision, retention and confirming receipt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supervision {
    /// Workers per supervisor (S24).
    pub workers: u16,
    /// Share of cases drawn at random for a quality check.
    pub sample_percent: u16,
    /// How often a person is asked at most whether the service was received (S7).
    pub confirmation_tries: u16,
    /// The age from which a child's years of retention count (S29).
    pub child_retention_age: u16,
    /// How a name is spelt may be mended by one alone; otherwise names and dates of birth are corrected by two.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mends_spelling: bool,
    /// How many hours a worker's week has where no contract says so; a week in which more is planned is told of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week_hours: Option<u16>,
    /// Nothing that is planned on its cases stands in calendars on other devices (S13).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_calendar_feed: bool,
}
