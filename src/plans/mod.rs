//! Plans: what a person or a household wants to reach, and who does what for it by when; some call it the pact.
//!
//! A *goal* stands above the *results* that are expected; under each result stand *actions*: a *commitment* of somebody in the household, a
//! *support* by a service or a colleague, an *accompaniment*. A plan is a *draft* that whoever works on the case may write in, each line over
//! the version they have read; then it is *put forward*, where the pack asks *approved* by somebody who wrote none of it, and *agreed* by both
//! sides, on paper, aloud before a witness, drawn on the screen, or by a code to the person's telephone (a written pact is never required, S25). A change is a new *version* that
//! begins as a copy. A *review* says how far each result has come; at the end that is said once more. *Safety* actions are never shut: they
//! are written at any time, are no part of what is signed, and are never printed (S25).
//! Deliberately not here: who has a place in a community project (`projects`), what a referral does with its action.
pub mod actions;
pub mod agreement;
mod api;
pub mod card;
mod changes;
mod chores;
pub mod line;
mod pages;
pub mod plan;
mod progress;
pub mod signed;
pub mod standing;
pub mod store;

pub use agreement::Agreement;
pub use line::Line;
pub use plan::{Plan, Review};
pub use standing::Standing;

use crate::web::Routes;

/// The pages and calls of plans.
pub fn routes() -> Routes {
    pages::routes().and(api::routes())
}
