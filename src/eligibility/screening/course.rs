//! A screening in its course, its lines and what it counts. No SQL.
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::error::{Clash, Error};
use crate::platform::ids::{OrgId, RowId, ScreeningId, ServiceId, UnitId};

/// So many services in one screening at most.
pub const MOST_LINES: usize = 100;

/// Where a screening stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody works on it yet.
    Waiting,
    /// Some of its cases are gone through.
    Running,
    /// Somebody stopped it for now.
    Paused,
    /// All of its cases are gone through.
    Done,
    /// Somebody ended it.
    Cancelled,
    /// It could not be gone on with.
    Failed,
}

impl State {
    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }

    /// The state of this word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Waiting, Self::Running, Self::Paused, Self::Done, Self::Cancelled, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == word)
    }

    /// A job works on it, or will.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Waiting | Self::Running)
    }

    /// Somebody may let it go on.
    pub fn may_go_on(self) -> bool {
        matches!(self, Self::Paused | Self::Failed)
    }

    /// The answer to whoever asks for what this state does not allow.
    pub fn refuses(self) -> Error {
        Error::Conflict(Clash::State { state: self.as_str().to_owned(), code: "screening_state" })
    }
}

/// A service with the version of its rule that a screening asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Line {
    /// The service.
    pub service: ServiceId,
    /// Its name when the screening began; where it is read, in the reader's language.
    pub name: String,
    /// Whose service.
    pub provider: String,
    /// The version of its rule.
    pub rule: RowId,
    /// The how-manieth version.
    pub number: i32,
    /// The rule itself, as the evaluator reads it.
    pub compiled: Value,
    /// The pack that brought it.
    #[serde(default)]
    pub pack: Option<String>,
    /// The screening before asked another version.
    #[serde(default)]
    pub changed: bool,
    /// The screening before asked this service too.
    #[serde(default)]
    pub is_compared: bool,
    /// Whoever reads it sees the service; never kept.
    #[serde(skip)]
    pub is_seen: bool,
}

/// What came of one line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Cases that meet the rule.
    pub eligible: u64,
    /// Cases that don't.
    pub not_eligible: u64,
    /// Cases of which something must be asked.
    pub unknown: u64,
    /// Of the unknown ones: how many lack each condition first, by its place in the rule.
    #[serde(default)]
    pub lacking: Vec<u64>,
    /// Eligible now and not in the screening before.
    #[serde(default)]
    pub newly: u64,
    /// Eligible in the screening before and not now.
    #[serde(default)]
    pub no_longer: u64,
    /// Eligible, and left out of the proposals: by reason.
    #[serde(default)]
    pub left_out: std::collections::BTreeMap<String, u64>,
    /// Proposed to a worker.
    #[serde(default)]
    pub proposed: u64,
    /// Eligible, and there is no place yet.
    #[serde(default)]
    pub waits: u64,
}

impl Counts {
    /// Adds what another part of the cases counted.
    pub fn add(&mut self, other: &Self) {
        self.eligible += other.eligible;
        self.not_eligible += other.not_eligible;
        self.unknown += other.unknown;
        self.newly += other.newly;
        self.no_longer += other.no_longer;
        if self.lacking.len() < other.lacking.len() {
            self.lacking.resize(other.lacking.len(), 0);
        }
        for (mine, theirs) in self.lacking.iter_mut().zip(&other.lacking) {
            *mine += theirs;
        }
    }

    /// The place of the condition that most of the unknown cases lack, and how many.
    pub fn lacking_most(&self) -> Option<(usize, u64)> {
        let most = self.lacking.iter().copied().enumerate().max_by_key(|&(place, count)| (count, std::cmp::Reverse(place)));
        most.filter(|&(_, count)| count > 0)
    }
}

/// One going-through.
#[derive(Debug, Clone)]
pub struct Screening {
    /// Its id.
    pub id: ScreeningId,
    /// For which organisation.
    pub org: OrgId,
    /// Of which unit, with all below it.
    pub unit: UnitId,
    /// That unit's name.
    pub unit_name: String,
    /// Cases of these types.
    pub case_types: Vec<i16>,
    /// The services that it asks, in their order.
    pub lines: Vec<Line>,
    /// Where it stands.
    pub state: State,
    /// With which it is compared.
    pub previous: Option<ScreeningId>,
    /// The last case that was gone through.
    pub at: Option<Uuid>,
    /// So many cases in one transaction.
    pub slice: i32,
    /// How many cases there are; unknown before it begins.
    pub total: Option<i64>,
    /// How many were gone through.
    pub done: i64,
    /// What came of each line.
    pub counts: Vec<Counts>,
    /// For so many lines proposals are worked out.
    pub chosen: i32,
    /// Who began it.
    pub begun_by_name: String,
    /// When.
    pub begun_at: DateTime<Utc>,
    /// When it ended, whichever way.
    pub ended_at: Option<DateTime<Utc>>,
    /// When the proposals were given to the workers.
    pub proposed_at: Option<DateTime<Utc>>,
    /// Counts its states.
    pub version: i32,
}

impl Screening {
    /// The address of its page.
    pub fn path(&self) -> String {
        format!("/screenings/{}", self.id)
    }

    /// Of a hundred cases, how many were gone through.
    pub fn percent(&self) -> i64 {
        match self.total {
            Some(total) if total > 0 => (self.done * 100 / total).clamp(0, 100),
            _ if self.state == State::Done => 100,
            _ => 0,
        }
    }

    /// Everything is gone through, and the proposals of every line are worked out.
    pub fn has_chosen(&self) -> bool {
        self.state == State::Done && usize::try_from(self.chosen).is_ok_and(|chosen| chosen >= self.lines.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_parts_count_adds_up() {
        let mut all = Counts { eligible: 2, unknown: 1, lacking: vec![0, 1], ..Counts::default() };
        all.add(&Counts { eligible: 3, unknown: 4, lacking: vec![1, 0, 3], newly: 2, ..Counts::default() });
        assert_eq!((all.eligible, all.unknown, all.newly, all.lacking.as_slice()), (5, 5, 2, [1, 1, 3].as_slice()));
    }

    #[test]
    fn the_condition_that_most_lack_is_asked_first() {
        let lacking = |lacking: &[u64]| Counts { lacking: lacking.to_vec(), ..Counts::default() }.lacking_most();
        assert_eq!(lacking(&[1, 4, 4]), Some((1, 4)));
        assert_eq!(lacking(&[0, 0]), None);
    }
}
