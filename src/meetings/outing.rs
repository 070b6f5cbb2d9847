//! Every time that somebody set out on a visit is kept (S22): the last time stands in the meeting itself, those before it among its sealed words, so that
//! what was not safe is read by whoever goes there after it.
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::meeting::{BackSaid, Meeting};

/// So often somebody sets out on one visit; what was said stays each time.
pub const MOST_OUTINGS: usize = 50;

/// One time that somebody set out and came back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outing {
    /// Who set out, by name as it was then; empty of what was kept before names were.
    pub who: String,
    /// When.
    pub set_out_at: DateTime<Utc>,
    /// By when they were to be back.
    pub back_by: Option<DateTime<Utc>>,
    /// When they were.
    pub back_at: Option<DateTime<Utc>>,
    /// Who said so, and what was not safe.
    pub said: Option<BackSaid>,
}

impl Outing {
    /// The last time, as it is kept once somebody sets out anew; none where nobody has set out yet.
    pub fn last(meeting: &Meeting) -> Option<Self> {
        Some(Self {
            who: meeting.words.out_name.clone(),
            set_out_at: meeting.set_out_at?,
            back_by: meeting.back_by,
            back_at: meeting.back_at,
            said: meeting.words.back_said.clone(),
        })
    }
}
