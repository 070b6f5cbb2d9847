//! Screening: every household of a unit against every service that has a rule, at once.
//!
//! A *screening* goes through the profiles of open cases of standard types, in *slices* that each commit; between two slices it can be
//! *paused*, *cancelled*, or go on after a crash. Its *lines* are the services with the versions of their rules. A *result* is a case's
//! verdict on every line with the condition that decided. A *change* is a verdict that differs from the screening before it. A *proposal*
//! names a case whose person could be asked whether they agree to be referred, within the places that are free.
//! Invariants. Protected and restricted cases are never read (S16): neither the query nor the row policies know them. Nothing is sent: a
//! proposal becomes a task to ask for consent, and the worker refers. Services that are not public are never screened (S14).
//! Deliberately not here: judging one case and explaining it (`eligibility`), referring (`referrals`).
pub mod actions;
mod api;
mod asking;
mod changes;
mod choosing;
mod course;
pub mod figures;
mod found;
pub mod jobs;
pub mod judging;
mod pages;
pub mod proposals;
mod reading;
pub mod run;
pub mod scope;
mod store;

pub use actions::{NewScreening, begin};
pub use course::{Counts, Line, Screening, State};
pub use store::{find, organisations, whose};

use crate::web::Routes;

/// The pages and calls of screenings.
pub fn routes() -> Routes {
    pages::routes().and(api::routes())
}
