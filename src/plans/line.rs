//! A line of a plan: a goal, an expected result, or what somebody does for it.
use chrono::{DateTime, NaiveDate, Utc};

use crate::platform::ids::{PersonId, PlanLineId, ServiceId, UserId};

/// The longest text of a field, in characters.
pub const LONGEST: usize = 4_000;
/// More lines than any plan that can still be carried out.
pub const MOST_LINES: usize = 120;

/// Kinds of actions that stand under a result.
pub const ACTIONS: &[&str] = &["commitment", "support", "accompaniment"];
/// Kinds of lines.
pub const KINDS: &[&str] = &["goal", "result", "commitment", "support", "accompaniment", "safety"];

/// A goal, a result or an action, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: PlanLineId,
    /// What it stands under.
    pub parent: Option<PlanLineId>,
    /// One of [`KINDS`].
    pub kind: String,
    /// What it says.
    pub words: String,
    /// Who of the household does it.
    pub person_id: Option<PersonId>,
    /// The colleague who does it, or sees to it.
    pub worker: Option<UserId>,
    /// That colleague's name, where the reader may know it.
    pub worker_name: Option<String>,
    /// One's own service that gives it.
    pub service_id: Option<ServiceId>,
    /// That service's name in the reader's language.
    pub service: Option<String>,
    /// That service may be named on paper (S14).
    pub service_is_public: bool,
    /// What a referral is to bring.
    pub need: Option<String>,
    /// From when.
    pub starts_on: Option<NaiveDate>,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// `open`, `done` or `not_done`.
    pub state: String,
    /// The line of the former version that it is a copy of.
    pub was: Option<PlanLineId>,
    /// Whose words it says.
    pub worded_by: UserId,
    /// Their name, where the reader may know it.
    pub worded_by_name: Option<String>,
    /// Which edition of the row this is.
    pub version: i32,
}

/// Words that stood in a line before others were put in their place.
#[derive(Debug, Clone)]
pub struct Wording {
    /// What it said.
    pub words: String,
    /// Whose words they were.
    pub author_name: String,
    /// When others took their place.
    pub replaced_at: DateTime<Utc>,
}

impl Line {
    /// Something that somebody does.
    pub fn is_action(&self) -> bool {
        ACTIONS.contains(&self.kind.as_str()) || self.is_safety()
    }

    /// What makes somebody safer.
    pub fn is_safety(&self) -> bool {
        self.kind == "safety"
    }

    /// Nobody has said yet that it is done, or will not be.
    pub fn is_open(&self) -> bool {
        self.state == "open"
    }
}

/// What is typed of a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// What it says.
    pub words: String,
    /// Who of the household does it.
    pub person_id: Option<PersonId>,
    /// The colleague who does it, or sees to it.
    pub worker: Option<UserId>,
    /// One's own service that gives it.
    pub service_id: Option<ServiceId>,
    /// What a referral is to bring.
    pub need: Option<String>,
    /// From when.
    pub starts_on: Option<NaiveDate>,
    /// By when.
    pub due_on: Option<NaiveDate>,
}

/// What a kind of line may stand under; `None` at the top.
pub fn under(kind: &str) -> Option<&'static str> {
    match kind {
        "goal" | "safety" => None,
        "result" => Some("goal"),
        _ => Some("result"),
    }
}

#[cfg(test)]
pub(in crate::plans) mod tests {
    use super::*;

    pub(in crate::plans) fn line(kind: &str, words: &str) -> Line {
        Line {
            id: PlanLineId::new(),
            parent: under(kind).map(|_| PlanLineId::new()),
            kind: kind.into(),
            words: words.into(),
            person_id: None,
            worker: None,
            worker_name: None,
            service_id: None,
            service: None,
            service_is_public: true,
            need: None,
            starts_on: None,
            due_on: None,
            state: "open".into(),
            was: None,
            worded_by: UserId::new(),
            worded_by_name: None,
            version: 1,
        }
    }

    #[test]
    fn actions_stand_under_results_and_safety_by_itself() {
        assert_eq!(
            KINDS.iter().map(|kind| under(kind)).collect::<Vec<_>>(),
            [None, Some("goal"), Some("result"), Some("result"), Some("result"), None]
        );
        assert!(line("safety", "").is_action() && !line("result", "").is_action());
    }
}
