//! A version of a plan, without its lines; and a review of it.
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::platform::ids::{CaseId, PlanId, PlanLineId, RowId, UserId};

/// How far a result has come.
pub const PROGRESS: &[&str] = &["achieved", "partly", "not"];

/// One version of a case's plan, without its words.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// Its case.
    pub case_id: CaseId,
    /// The how-manieth of its case.
    pub nth: i32,
    /// The version that it began as a copy of.
    pub follows: Option<PlanId>,
    /// `draft`, `proposed`, `agreed`, `ended` or `replaced`.
    pub state: String,
    /// When progress is looked at next.
    pub review_on: Option<NaiveDate>,
    /// Somebody else must approve it before it is agreed.
    pub needs_approval: bool,
    /// How often it was put forward.
    pub round: i32,
    /// When it was last put forward.
    pub proposed_at: Option<DateTime<Utc>>,
    /// By whom.
    pub proposed_by_name: Option<String>,
    /// When it was given back.
    pub returned_at: Option<DateTime<Utc>>,
    /// When it was approved.
    pub approved_at: Option<DateTime<Utc>>,
    /// By whom.
    pub approved_by_name: Option<String>,
    /// When both sides had agreed.
    pub agreed_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// When it began.
    pub recorded_at: DateTime<Utc>,
    /// Who began it.
    pub author_name: String,
    /// Everybody who wrote in it.
    pub writers: Vec<UserId>,
    /// Which edition of the row this is.
    pub version: i32,
}

impl Plan {
    /// It may still be written in.
    pub fn is_draft(&self) -> bool {
        self.state == "draft"
    }

    /// It is put forward, to be agreed to.
    pub fn is_proposed(&self) -> bool {
        self.state == "proposed"
    }

    /// It holds now.
    pub fn is_agreed(&self) -> bool {
        self.state == "agreed"
    }

    /// Neither over nor replaced.
    pub fn is_alive(&self) -> bool {
        matches!(self.state.as_str(), "draft" | "proposed" | "agreed")
    }

    /// It was put before somebody to approve, in this round or an earlier one.
    pub fn was_submitted(&self) -> bool {
        self.needs_approval || self.approved_at.is_some() || self.returned_at.is_some() || self.round > 1
    }

    /// It waits for somebody's approval.
    pub fn awaits_approval(&self) -> bool {
        self.is_proposed() && self.needs_approval && self.approved_at.is_none()
    }

    /// Both sides may agree to it now.
    pub fn awaits_agreement(&self) -> bool {
        self.is_proposed() && !self.awaits_approval()
    }

    /// A draft that was given back and not put forward again.
    pub fn was_returned(&self) -> bool {
        self.is_draft() && self.returned_at > self.proposed_at
    }

    /// The word for where it stands: the tail of a text key.
    pub fn stands(&self) -> &'static str {
        match self.state.as_str() {
            "draft" if self.was_returned() => "returned",
            "draft" => "draft",
            "proposed" if self.awaits_approval() => "waiting",
            "proposed" => "proposed",
            "agreed" => "agreed",
            "ended" => "ended",
            _ => "replaced",
        }
    }

    /// The address of its page.
    pub fn path(&self) -> String {
        format!("/cases/{}/plans/{}", self.case_id, self.id)
    }
}

/// What stands above the goals, in the person's words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// What the person wants.
    #[serde(default)]
    pub wants: String,
    /// What limits them.
    #[serde(default)]
    pub limits: String,
    /// What was tried before.
    #[serde(default)]
    pub tried: String,
}

/// A look at how far the results have come, opened.
#[derive(Debug, Clone)]
pub struct Review {
    /// Its id.
    pub id: RowId,
    /// `review` or `end`.
    pub kind: String,
    /// The results, each with how far it has come.
    pub progress: BTreeMap<PlanLineId, String>,
    /// What was said of it.
    pub said: Reviewed,
    /// From 1 to 5.
    pub satisfaction: Option<i16>,
    /// Asked how satisfied they are, they did not want to say.
    pub unsaid: bool,
    /// When.
    pub happened_at: DateTime<Utc>,
    /// By whom.
    pub author_name: String,
}

/// What of a review is sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// What was said in all.
    #[serde(default)]
    pub words: String,
    /// What was said of each result.
    #[serde(default)]
    pub of_results: BTreeMap<PlanLineId, String>,
    /// Why nobody asked how satisfied they are; empty where somebody did.
    #[serde(default)]
    pub unasked: String,
}

#[cfg(test)]
pub(in crate::plans) mod tests {
    use super::*;

    pub(in crate::plans) fn plan(state: &str, needs_approval: bool) -> Plan {
        let at = DateTime::<Utc>::from_timestamp(1_790_000_000, 0).expect("a moment");
        Plan {
            id: PlanId::new(),
            case_id: CaseId::new(),
            nth: 1,
            follows: None,
            state: state.into(),
            review_on: None,
            needs_approval,
            round: 2,
            proposed_at: Some(at),
            proposed_by_name: None,
            returned_at: None,
            approved_at: None,
            approved_by_name: None,
            agreed_at: None,
            ended_at: None,
            recorded_at: at,
            author_name: "Amina".into(),
            writers: Vec::new(),
            version: 1,
        }
    }

    #[test]
    fn a_plan_is_agreed_to_only_once_nobody_need_approve_it() {
        assert!(plan("proposed", false).awaits_agreement());
        let waiting = plan("proposed", true);
        assert_eq!((waiting.stands(), waiting.awaits_agreement()), ("waiting", false));
        let approved = Plan { approved_at: waiting.proposed_at, ..waiting.clone() };
        assert_eq!((approved.stands(), approved.awaits_agreement()), ("proposed", true));
        let at = waiting.proposed_at;
        let back = Plan { state: "draft".into(), returned_at: at.map(|at| at + chrono::TimeDelta::hours(1)), ..waiting };
        assert_eq!(back.stands(), "returned");
    }
}
