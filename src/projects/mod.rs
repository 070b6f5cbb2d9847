//! Community projects: what a host offers to people of a plan, a few hours a week; Italy calls them *progetti utili alla collettività* (PUC).
//!
//! A *project* is kept by a unit: its *host*, its *area*, its *places* and hours a week. From a support of a plan that is not over somebody of
//! the case is *placed* in one that has a place free, for hours that they agree to; who is *exempt*, for a coded reason, only by their own wish.
//! *Attendance* is written down week by week, by whoever works on the case or by the host, who is told a name only while that person's consent
//! stands, and is asked to delete it once that ended (`recall`). What was said of a week before stays; the newest counts. Whoever leaves says why.
//! No place is given twice, and the figure of free places counts everybody, whichever cases the reader sees.
//! Deliberately not here: any consequence. Attendance feeds no benefit, no sanction, no task, no message, no figure, and no file but
//! the copy that somebody gets of what is kept of themselves (S25, S30).
pub mod actions;
mod api;
pub mod card;
mod pages;
pub mod placement;
pub mod project;
pub mod recall;
pub mod store;

pub use placement::{Exemption, Placement, Sum, Week};
pub use project::Project;

use crate::cases::{self, Case};
use crate::error::Error;
use crate::packs::{self, ProjectRules};
use crate::platform::db::Work;
use crate::web::Routes;

/// The pages and calls of community projects.
pub fn routes() -> Routes {
    pages::routes().and(api::routes())
}

/// What the newest version of the case's pack says of community projects; `None` where such cases have none.
pub async fn rules(work: &mut Work, case: &Case) -> Result<Option<ProjectRules>, Error> {
    let (_, pack) = packs::store::of_case_type(work, case.case_type).await?;
    Ok(pack.projects_of(&case.type_code).cloned())
}

/// Whether any program that the actor is cleared for has community projects.
pub async fn are_known(work: &mut Work) -> Result<bool, Error> {
    let types = cases::store::cleared_types(work).await?;
    let met = packs::store::for_types(work, &types).await?;
    Ok(met.iter().any(|(pack, types)| types.iter().any(|one| pack.projects_of(&one.code).is_some())))
}

/// The same, with [`Error::NotFound`] where none has.
pub async fn must_be_known(work: &mut Work) -> Result<(), Error> {
    if are_known(work).await? { Ok(()) } else { Err(Error::NotFound) }
}
