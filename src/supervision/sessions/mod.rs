//! Sessions of supervision: individual, group, case discussion, shadowing; the cases that were discussed, and the tasks that were decided on.
//!
//! A case is *due* when it was not discussed for as long as its risk level allows (the pack: high every week, others every two). A *wellbeing note*
//! belongs to the two who met alone: no third person, no administrator, no job and no fact knows of it.
//! A session may be *planned*: it stands in the calendar of everybody who takes part until it was written down or called off.
//! Deliberately not here: how a case is worked (`quality`).
mod actions;
mod api;
mod due;
mod pages;
mod planning;
pub mod session;
pub mod store;
mod wellbeing;

use crate::web::Routes;

/// The pages and calls of sessions.
pub(super) fn routes() -> Routes {
    pages::routes().and(planning::routes()).and(wellbeing::routes()).and(api::routes())
}
