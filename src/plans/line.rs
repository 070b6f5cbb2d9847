//! A line of a plan: a goal, an expected result, or what somebody does for it.
use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::packs::Pack;
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
    /// The needs that service meets.
    pub service_needs: Vec<String>,
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

    /// As a household may read it: without a need that only one person alone may be asked about, and without a service for such a need (S12, S14).
    #[must_use]
    pub fn for_household(mut self, pack: &Pack) -> Self {
        if self.names_need_of_one(pack) {
            self.need = None;
        }
        if self.names_service_for_one(pack) {
            (self.service_id, self.service) = (None, None);
        }
        self
    }

    /// It names a need that only one person alone may be asked about.
    pub fn names_need_of_one(&self, pack: &Pack) -> bool {
        self.need.as_deref().is_some_and(|need| pack.is_asked_alone(need))
    }

    /// It names a service for such a need.
    pub fn names_service_for_one(&self, pack: &Pack) -> bool {
        self.service_needs.iter().any(|need| pack.is_asked_alone(need))
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

/// The number of each action in its plan, by goal and result: "1.2.1". What makes safer has none.
pub fn numbers(lines: &[Line]) -> HashMap<PlanLineId, String> {
    let under = |parent: Option<PlanLineId>| lines.iter().filter(move |line| line.parent == parent && !line.is_safety()).zip(1..);
    let mut numbers = HashMap::new();
    for (goal, first) in under(None) {
        for (result, second) in under(Some(goal.id)) {
            numbers.extend(under(Some(result.id)).map(|(action, third)| (action.id, format!("{first}.{second}.{third}"))));
        }
    }
    numbers
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
            service_needs: Vec::new(),
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
    fn s12_a_household_reads_of_no_need_and_no_service_that_only_one_may_be_asked_about() {
        let pack = crate::packs::samples::protection();
        let support = Line {
            need: Some("gbv_response".into()),
            service_id: Some(ServiceId::new()),
            service: Some("A quiet house".into()),
            service_needs: vec!["shelter".into(), "safe_accommodation".into()],
            ..line("support", "Somewhere to sleep")
        };
        let read = support.for_household(&pack);
        assert_eq!((read.need, read.service_id, read.service), (None, None, None));
        let roof = Line { need: Some("shelter".into()), service_needs: vec!["shelter".into()], ..line("support", "The roof") };
        assert_eq!(roof.clone().for_household(&pack), roof);
    }

    #[test]
    fn actions_are_numbered_by_goal_and_result_and_what_makes_safer_is_not() {
        let goals = [line("goal", "A dry home"), line("goal", "Papers")];
        let results = [0, 1, 1].map(|at: usize| Line { parent: Some(goals[at].id), ..line("result", "") });
        let actions = [0, 2, 2].map(|at: usize| Line { parent: Some(results[at].id), ..line("support", "") });
        let safety = line("safety", "A bag");
        let all = [&goals[..], &results, &actions, std::slice::from_ref(&safety)].concat();
        let numbers = numbers(&all);
        assert_eq!(actions.each_ref().map(|action| numbers[&action.id].as_str()), ["1.1.1", "2.2.1", "2.2.2"]);
        assert_eq!(numbers.len(), 3);
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
