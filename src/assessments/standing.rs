//! How far a case has come with its assessments: what gates ask, and what its pages show.
use super::offered::Offered;
use super::round::{self, Round};
use super::store;
use crate::cases::Case;
use crate::error::Error;
use crate::packs::{PanelState, Tool};
use crate::platform::db::Work;

/// The tools offered on a case and the rounds gone through.
#[derive(Debug, Clone)]
pub struct Standing {
    /// What may be gone through.
    pub offered: Offered,
    /// What was, the newest of each tool first.
    pub rounds: Vec<Round>,
}

impl Standing {
    /// How a case stands.
    pub async fn of(work: &mut Work, case: &Case) -> Result<Self, Error> {
        Ok(Self { offered: Offered::on(work, case).await?, rounds: store::list(work, case.id).await? })
    }

    /// Whether a panel has come so far.
    pub fn reached(&self, panel: &str, state: PanelState) -> bool {
        round::has_reached(&self.rounds, panel, state, &|tool| self.offered.pack.tool(tool).map(|tool| tool.panel.clone()))
    }

    /// The rounds of a tool, the newest first.
    pub fn of_tool<'a>(&'a self, tool: &'a str) -> impl Iterator<Item = &'a Round> {
        self.rounds.iter().filter(move |round| round.tool == tool)
    }

    /// The draft of a tool.
    pub fn draft(&self, tool: &str) -> Option<&Round> {
        self.rounds.iter().find(|round| round.tool == tool && round.is_draft())
    }

    /// The round that leads to this analysis, which nobody has settled since.
    pub fn owes(&self, tool: &str) -> Option<&Round> {
        round::owed(&self.rounds, None).filter(|round| round.goes_on_to.as_deref() == Some(tool))
    }

    /// That analysis, of whichever round.
    pub fn owed(&self) -> Option<&Tool> {
        let code = round::owed(&self.rounds, None)?.goes_on_to.as_deref()?;
        self.offered.pack.tool(code)
    }

    /// The tools to show: those offered, and those with rounds that are offered no more.
    pub fn tools(&self) -> Vec<&Tool> {
        let gone =
            |tool: &&Tool| self.offered.tool(&tool.code).is_none() && self.rounds.iter().any(|round| round.tool == tool.code);
        self.offered.tools().chain(self.offered.pack.assessments.iter().filter(gone)).collect()
    }
}
