//! What a pack says of plans: when they are reviewed, and where a second person approves them before they are agreed.
use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::period::Period;
use super::tool::{self, Approval};

/// The panel of the case page that plans move; a process without it has none.
pub const PANEL: &str = "plan";

/// The rules for plans of cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRules {
    /// After which progress is reviewed, where the worker sets no date.
    pub review_after: Option<Period>,
    /// Where a second person approves a plan before both sides agree to it.
    pub approval: Option<Approval>,
}

impl PlanRules {
    /// The approval that a case of this type asks for.
    pub fn approved_for(&self, case_type: &str) -> Option<&Approval> {
        self.approval.as_ref().filter(|approval| approval.is_for(case_type))
    }
}

/// How cases are closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingRules {
    /// Where a second person approves it.
    pub approval: Option<Approval>,
}

impl ClosingRules {
    /// The approval that closing a case of this type asks for.
    pub fn approved_for(&self, case_type: &str) -> Option<&Approval> {
        self.approval.as_ref().filter(|approval| approval.is_for(case_type))
    }
}

/// The section `[closing]`.
pub(super) fn closing(entry: &mut Entry<'_, '_>) -> ClosingRules {
    ClosingRules { approval: tool::approval(entry) }
}

/// The section `[plan]`.
pub(super) fn rules(entry: &mut Entry<'_, '_>) -> PlanRules {
    PlanRules { review_after: entry.period_maybe("review_after"), approval: tool::approval(entry) }
}
