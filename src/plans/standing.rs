//! How far a case has come with its plans: what gates ask, and what its page shows.
use super::plan::Plan;
use super::store;
use crate::cases::Case;
use crate::error::Error;
use crate::packs::PanelState;
use crate::packs::plan::PANEL;
use crate::platform::db::Work;

/// The versions of a case's plan.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The newest first.
    pub plans: Vec<Plan>,
}

impl Standing {
    /// How a case stands.
    pub async fn of(work: &mut Work, case: &Case) -> Result<Self, Error> {
        Ok(Self { plans: store::list(work, case.id).await? })
    }

    /// Whether the panel of plans has come so far.
    pub fn reached(&self, panel: &str, state: PanelState) -> bool {
        let has = |plan: &Plan| match state {
            PanelState::Started => true,
            PanelState::Finalised => plan.awaits_agreement() || plan.agreed_at.is_some(),
            PanelState::Agreed => plan.agreed_at.is_some(),
        };
        panel == PANEL && self.plans.iter().any(has)
    }

    /// The version that holds now.
    pub fn agreed(&self) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.is_agreed())
    }

    /// The version that is being written, or waits to be agreed to.
    pub fn coming(&self) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.is_draft() || plan.is_proposed())
    }

    /// The one to look at first.
    pub fn newest(&self) -> Option<&Plan> {
        self.plans.first()
    }
}
