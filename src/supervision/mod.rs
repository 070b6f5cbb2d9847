//! Who carries how much, what is late with whom, and who takes up what waits: the coordinator's board of a unit.
//!
//! The *load* of a worker is the share of one worker's caseload that their cases take, weighted by type and risk (S24). A *proposal* names the
//! colleague whom the rules find fittest for a case in the unit's inbox and says why; a person decides. All of it is counted over what the
//! reader may see: restricted cases of others appear in no figure (S11). A *review of quality* says how a case is worked; each month a *sample* is drawn. A *gap* is what is
//! missing, contradictory or old in a case.
//! *Carrying* is how it stands with a colleague: their load, and whether they are away.
//! A *session* is a supervisor's with one or several workers (`sessions`).
//! Deliberately not here: one case's own keeper (`cases::actions::assign`), absence cover (`transfers`).
mod api;
pub mod carrying;
pub mod gaps;
mod gaps_api;
mod gaps_pages;
mod overdue_pages;
pub mod own;
mod pages;
pub mod proposal;
pub mod quality;
mod quality_api;
mod quality_pages;
pub mod sessions;
pub mod store;
mod stretched;
mod team;

use crate::web::Routes;

/// The board, giving out what waits, reviews of quality, sessions, and gaps in what is kept.
pub fn routes() -> Routes {
    let pages = pages::routes()
        .and(overdue_pages::routes())
        .and(quality_pages::routes())
        .and(gaps_pages::routes())
        .and(sessions::routes());
    pages.and(api::routes()).and(quality_api::routes()).and(gaps_api::routes())
}
