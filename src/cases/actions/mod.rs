//! The verbs of cases.
mod assign;
mod chores;
mod close;
mod course;
mod intensity;
mod notes;
mod open;
mod risk;
mod safety;

pub(in crate::cases) use assign::taken_up;
pub use assign::{Assignment, assign, reclassify, types_of_process};
pub use chores::{Chore, add_agreed, add_task, check_assignee, doers, name_nobody};
pub use close::{
    Ending, OPEN_REFERRALS, approve_closing, close, give_closing_back, goals, is_alone, supervises, take_closing_back,
};
pub use course::{PAUSES, RESUMES, explain_limits, move_to, pause, remove_person, reopen, resume, set_person};
pub use intensity::set_intensity;
pub use notes::{move_note, pin_note, unpin_note, write_note};
pub use open::{Complaint, Keeper, Opening, open};
pub(in crate::cases) use risk::follow_from;
pub use risk::{Assessed, set_risk};
pub use safety::{DECISIONS, SafetyReview, may_review, review_safety};

use crate::access::Act;
use crate::cases::{Case, store};
use crate::error::Error;
use crate::packs::{CaseType, Pack, Process};
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use std::sync::Arc;

impl Case {
    /// The case, for whoever sees it and may read cases.
    pub async fn read(work: &mut Work, id: CaseId) -> Result<Self, Error> {
        let case = store::find(work, id).await?;
        work.may(Act::CaseRead)?;
        Ok(case)
    }

    /// Refuses whoever may not write on this case, and work on a closed one.
    pub async fn may_be_written(&self, work: &mut Work) -> Result<(), Error> {
        work.may_in(Act::CaseEdit, self.unit, Some(self.id)).await?;
        self.must_be_open()
    }
}

/// Writes down among the steps of a case what another room did with it.
pub async fn tell_step(work: &mut Work, case: CaseId, kind: &str, reason: &str) -> Result<(), Error> {
    let happened_at = work.now();
    store::insert_move(work, case, store::NewMove { kind, from: None, to: None, reason, happened_at }).await
}

/// The pack that this case began with.
pub async fn pack_of(work: &mut Work, case: &Case) -> Result<Arc<Pack>, Error> {
    crate::packs::store::find(work, &case.pack, case.pack_version).await
}

/// The case's type and process in its pack.
pub fn rules<'a>(pack: &'a Pack, case: &Case) -> Result<(&'a CaseType, &'a Process), Error> {
    let found = pack.case_type(&case.type_code).and_then(|case_type| Some((case_type, pack.process(case_type)?)));
    found.ok_or_else(|| {
        anyhow::anyhow!("the pack {} {} does not know case type {}", case.pack, case.pack_version, case.type_code).into()
    })
}
