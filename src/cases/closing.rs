//! How a case was closed: what became of each goal, what was talked about, how the person comes back. Written once for every closing; a case
//! that is opened again keeps them all.
pub mod asked;
pub mod store;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::FieldErrors;
use crate::platform::ids::{PlanId, PlanLineId, RowId, UserId};

/// What can become of a goal.
pub const OUTCOMES: &[&str] = &["achieved", "partly", "not", "no_longer_wanted"];
/// How the way back can be explained.
pub const WAYS_BACK: &[&str] = &["spoken", "phone", "paper", "through_somebody"];
/// The longest remark on a goal, in characters.
pub const LONGEST_REMARK: usize = 300;

/// What a worker says when closing a case.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Closure {
    /// A closing reason of the pack.
    pub reason: String,
    /// In the worker's own words; sealed, and a note besides.
    pub explanation: String,
    /// The goals of the plan that holds, each with what became of it.
    pub outcomes: Vec<(PlanLineId, String)>,
    /// What is said of a goal.
    pub of_goals: BTreeMap<PlanLineId, String>,
    /// A last conversation took place.
    pub discussed: bool,
    /// The goals were reviewed a last time.
    pub reviewed: bool,
    /// The person knows how to come back.
    pub way_back: bool,
    /// How that was explained; one of [`WAYS_BACK`].
    pub way_back_how: String,
    /// For a child: best interests considered, and the child's view.
    pub best_interests: String,
    /// By whom they were considered.
    pub considered_by: String,
    /// The person wants a letter about it and can keep it safely.
    pub letter: bool,
    /// Who follows the referrals that go on, where the pack lets them.
    pub follows: Option<UserId>,
    /// The edition of the case that the worker looked at.
    pub version: i32,
}

impl Closure {
    /// What became of each of these goals was said, in words that are known; of others nothing.
    pub(super) fn check_outcomes(&self, goals: &[PlanLineId], asked: Asked, errors: &mut FieldErrors) {
        for goal in goals {
            match self.outcomes.iter().find(|(id, _)| id == goal).map(|(_, word)| word.as_str()) {
                Some(word) if OUTCOMES.contains(&word) => {}
                None | Some("") if asked == Asked::Gladly => {}
                None | Some("") => errors.add(&field(*goal), "required"),
                Some(_) => errors.add(&field(*goal), "not_a_choice"),
            }
        }
        if self.outcomes.iter().any(|(id, _)| !goals.contains(id)) || self.of_goals.keys().any(|id| !goals.contains(id)) {
            errors.add("", "not_a_choice");
        }
    }

    /// What is kept sealed.
    pub(super) fn said(&self) -> Said {
        Said {
            explanation: self.explanation.clone(),
            best_interests: self.best_interests.clone(),
            considered_by: self.considered_by.clone(),
            of_goals: self.of_goals.clone(),
        }
    }
}

/// Whether what became of the goals must be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Nobody can be spoken with any more, or the case was a mistake: whatever the worker knows is welcome.
    Gladly,
    /// It must be said.
    Must,
}

/// What of a closing is sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// In the worker's own words.
    #[serde(default)]
    pub explanation: String,
    /// For a child: best interests considered, and the child's view.
    #[serde(default)]
    pub best_interests: String,
    /// By whom they were considered.
    #[serde(default)]
    pub considered_by: String,
    /// What was said of a goal.
    #[serde(default)]
    pub of_goals: BTreeMap<PlanLineId, String>,
}

/// A closing as it is kept, opened.
#[derive(Debug, Clone)]
pub struct Closed {
    /// Its id.
    pub id: RowId,
    /// A closing reason of the pack.
    pub reason: String,
    /// The plan that held.
    pub plan: Option<PlanId>,
    /// Its goals, each with what became of it.
    pub outcomes: Vec<(PlanLineId, String)>,
    /// A last conversation took place.
    pub discussed: bool,
    /// The goals were reviewed a last time.
    pub reviewed: bool,
    /// How the way back was explained; empty where it was not.
    pub way_back: String,
    /// The person wanted a letter and can keep it safely.
    pub letter: bool,
    /// Who follows the referrals that went on.
    pub follows: Option<UserId>,
    /// Their name, where the reader may know it.
    pub follows_name: Option<String>,
    /// What was said.
    pub said: Said,
    /// Who closed it.
    pub author_name: String,
    /// Who approved that, where the pack asks.
    pub approved_by_name: Option<String>,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

impl Closed {
    /// What became of how many goals, in the order in which it is asked; of what became of none nothing.
    pub fn counts(&self) -> impl Iterator<Item = (&'static str, i64)> {
        let of = |code: &str| self.outcomes.iter().map(|(_, said)| i64::from(said == code)).sum::<i64>();
        OUTCOMES.iter().map(move |&code| (code, of(code))).filter(|(_, goals)| *goals > 0)
    }
}

/// The name of a goal's field in a form.
pub fn field(goal: PlanLineId) -> String {
    format!("g_{goal}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors_of(outcomes: Vec<(PlanLineId, String)>, goals: &[PlanLineId], asked: Asked) -> FieldErrors {
        let mut errors = FieldErrors::default();
        Closure { outcomes, ..Closure::default() }.check_outcomes(goals, asked, &mut errors);
        errors
    }

    #[test]
    fn of_each_goal_is_said_what_became_of_it_unless_nobody_can_be_asked() {
        let goal = PlanLineId::new();
        assert_eq!(errors_of(Vec::new(), &[goal], Asked::Must).get(&field(goal)), Some("required"));
        assert_eq!(errors_of(vec![(goal, String::new())], &[goal], Asked::Gladly).get(&field(goal)), None);
        assert_eq!(errors_of(vec![(goal, "well".into())], &[goal], Asked::Gladly).get(&field(goal)), Some("not_a_choice"));
        assert_eq!(errors_of(vec![(goal, "partly".into())], &[], Asked::Must).get(""), Some("not_a_choice"));
        assert!(errors_of(vec![(goal, "no_longer_wanted".into())], &[goal], Asked::Must).0.is_empty());
    }
}
