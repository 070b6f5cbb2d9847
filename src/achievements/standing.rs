//! How far a household has come: what gates ask, and what the pages show.
use std::sync::Arc;

use chrono::NaiveDate;

use super::figure::{Counts, Missing};
use super::line::{Grounds, State, Stood};
use super::progress::{self, Point};
use super::store;
use crate::cases::Case;
use crate::error::Error;
use crate::packs::{self, Achievements, Pack, PanelState};
use crate::platform::db::Work;
use crate::platform::ids::CaseId;

/// The list of a case with everything that its lines are judged by.
#[derive(Debug, Clone)]
pub struct Standing {
    pack: Arc<Pack>,
    type_code: String,
    /// What lines are judged by.
    pub grounds: Grounds,
    /// The day it is where the reader works.
    pub today: NaiveDate,
    /// Since when work goes on.
    pub since: NaiveDate,
}

impl Standing {
    /// The case of this id and how it stands; [`Error::NotFound`] where its kind has no list.
    pub async fn find(work: &mut Work, id: CaseId) -> Result<(Case, Self), Error> {
        let case = Case::read(work, id).await?;
        let standing = Self::of(work, &case).await?.ok_or(Error::NotFound)?;
        Ok((case, standing))
    }

    /// How a case stands, by the newest version of its pack; `None` where that has no list for such cases.
    pub async fn of(work: &mut Work, case: &Case) -> Result<Option<Self>, Error> {
        let (_, pack) = packs::store::of_case_type(work, case.case_type).await?;
        let Some(list) = pack.achievements_of(&case.type_code) else { return Ok(None) };
        let grounds = store::grounds(work, case, (&pack, list)).await?;
        let (today, since) = (work.today(), case.opened_at.with_timezone(&work.zone()).date_naive());
        Ok(Some(Self { type_code: case.type_code.clone(), grounds, today, since, pack }))
    }

    /// The pack that the list is of.
    pub fn pack(&self) -> &Pack {
        &self.pack
    }

    /// The list.
    pub fn list(&self) -> &Achievements {
        self.pack.achievements_of(&self.type_code).expect("a standing is made only where its pack has a list")
    }

    /// Every line as it stands today.
    pub fn stood(&self) -> Vec<Stood<'_>> {
        self.grounds.stand(self.list(), self.today)
    }

    /// How many lines stand how.
    pub fn counts(&self) -> Counts {
        Counts::of(&self.stood())
    }

    /// The share of conditions that are missing.
    pub fn missing(&self) -> Option<Missing> {
        Missing::of(self.list(), &self.stood())
    }

    /// How it stood at the end of each month.
    pub fn points(&self) -> Vec<Point> {
        progress::points(&self.grounds, self.list(), (self.since, self.today))
    }

    /// The same without those who are never named on paper (S3).
    #[must_use]
    pub fn on_paper(mut self) -> Self {
        self.grounds.people.retain(|person| !person.not_safe_to_involve);
        self
    }

    /// Whether the panel of achievements has come so far: begun once anything is known, finalised once nothing is unknown.
    pub fn reached(&self, panel: &str, state: PanelState) -> bool {
        let known = |stood: &Stood<'_>| matches!(stood.state, State::Achieved | State::ToAchieve);
        panel == self.list().panel
            && match state {
                PanelState::Started => !self.grounds.marks.is_empty() || self.stood().iter().any(known),
                PanelState::Finalised => self.counts().unknown == 0,
                // Nobody agrees to how things stand; that is a plan's.
                PanelState::Agreed => false,
            }
    }
}
