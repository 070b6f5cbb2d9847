//! The tools that may be gone through on a case, and the tool of a round that stands.
use std::sync::Arc;

use super::round::Round;
use crate::cases::Case;
use crate::error::Error;
use crate::packs::{self, Asks, Pack, Tool};
use crate::platform::db::Work;

/// The tools of the newest version of the case's pack. A case goes on in the process it began with; how it is looked at may improve.
#[derive(Debug, Clone)]
pub struct Offered {
    /// The pack.
    pub pack: Arc<Pack>,
    /// At this version.
    pub version: i32,
    /// Whether the case asks a household, or one person.
    pub of: Asks,
    type_code: String,
}

impl Offered {
    /// What is offered on this case: the household's tools in a household's case, otherwise those for one person (S12).
    pub async fn on(work: &mut Work, case: &Case) -> Result<Self, Error> {
        let (version, pack) = packs::store::of_case_type(work, case.case_type).await?;
        let of = if case.is_of_household(&pack) { Asks::Household } else { Asks::Member };
        Ok(Self { pack, version, of, type_code: case.type_code.clone() })
    }

    /// The tools, in the pack's order.
    pub fn tools(&self) -> impl Iterator<Item = &Tool> {
        self.pack.tools(&self.type_code, self.of)
    }

    /// The tool of this code.
    pub fn tool(&self, code: &str) -> Option<&Tool> {
        self.tools().find(|tool| tool.code == code)
    }
}

/// A round's tool as it stood when the round began.
#[derive(Debug, Clone)]
pub struct Kept {
    pack: Arc<Pack>,
    at: usize,
}

impl Kept {
    /// The tool of a round.
    pub async fn of(work: &mut Work, round: &Round) -> Result<Self, Error> {
        let pack = packs::store::find(work, &round.pack, round.pack_version).await?;
        let at = pack.assessments.iter().position(|tool| tool.code == round.tool);
        let at = at.ok_or_else(|| anyhow::anyhow!("{} {} has no assessment {}", round.pack, round.pack_version, round.tool))?;
        Ok(Self { pack, at })
    }

    /// The tool.
    pub fn tool(&self) -> &Tool {
        &self.pack.assessments[self.at]
    }

    /// Its pack.
    pub fn pack(&self) -> &Pack {
        &self.pack
    }
}
