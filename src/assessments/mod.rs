//! Assessments: a tool of the pack, a short *screening* or a deeper *analysis*, gone through in *rounds* with a household or with one person.
//!
//! A round is a *draft* that whoever works on the case may write in, over the version they have read; then *finalised*; and where the pack
//! asks, *approved* by somebody who wrote none of it, or given back. What is finalised never changes; things that change are a new round. A
//! round is *settled* once nobody need approve it: settled rounds open gates. It keeps the tool as it stood when it began. What one person
//! says alone stands in that person's own case: a household's case asks the household only (S12).
//! Deliberately not here: free forms, the risk clocks (cases), plans.
pub mod actions;
mod api;
pub mod card;
mod chart;
mod chores;
pub mod offered;
mod pages;
pub mod round;
pub mod scoring;
pub mod standing;
pub mod store;
pub mod told;

pub use offered::Offered;
pub use round::Round;
pub use standing::Standing;

use crate::web::Routes;

/// The pages and calls of assessments.
pub fn routes() -> Routes {
    pages::routes().and(api::routes())
}
