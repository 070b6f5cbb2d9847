//! A copy of what is kept of a person, for that person: on paper and for programs (S30).
//!
//! A worker *asks* for it section by section and says why; what it would say is gathered then, under the worker's own rights, and frozen. The
//! protection officer, or of a restricted case the other one who knows it, looks through it, leaves out what speaks of others, and *releases*
//! it: never the one who asked. A job *makes* a PDF and a bundle; both are sealed and *gone* after seven days. Whoever is not safe to involve
//! receives nothing, also where that was said later; an adult's copy goes to somebody else at their own wish only (S12). Safety plans, threats,
//! notes on how a worker is, panels and who is sought are never in it; free words go only where somebody ticked them.
//! Deliberately not here: what another organisation keeps, and what was disclosed to it (`referrals`).
mod actions;
mod answers;
mod api;
mod bundle;
pub mod case_file;
mod course;
mod gather;
pub mod jobs;
mod pages;
mod printed;
pub mod store;

use crate::web::Routes;

/// The pages and calls of case files.
pub fn routes() -> Routes {
    pages::routes().and(api::routes())
}
