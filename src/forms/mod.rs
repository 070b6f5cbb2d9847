//! Forms: an agency's own questionnaires, filled in on a case, in the browser without a network, or with a field client.
//!
//! Words: a *form* has one id through all its *editions*; an edition is one definition that was uploaded: a draft, *published* (at most one
//! of a form) or *retired*. A *submission* is one filled copy on a case and keeps its edition; complete, it never changes: a corrected copy
//! *replaces* it; on the wrong case it is *moved*, and a stub stays (S28). An *arrival* came from a device and names no case yet. A *profile* is what rules may know of a case: named fields out of
//! its newest copies and the registry; not out of one that names somebody else until that is settled.
//! Invariants. Answers are sealed with the case's key. The same copy sent twice is kept once. Restricted cases leave no profile, and a
//! profile of a protected one lies sealed (S16). Deliberately not here: tools that are data of a pack (assessments), rules over profiles.
pub mod actions;
pub mod admin;
pub mod arrivals;
pub mod devices;
mod drawn;
pub mod field;
pub mod fill;
mod form;
pub mod moving;
mod openrosa;
pub mod packed;
pub mod papers;
pub mod plans;
pub mod profile;
pub mod store;
mod times;
pub mod versions;
pub mod withheld;

pub use actions::{Landed, Received};
pub use form::{Arrival, Edition, Form, Media, Origin, Submission};
pub use times::{Said, Times};

use crate::web::Routes;

/// The pages and calls of forms, and what collecting apps ask for.
pub fn routes() -> Routes {
    let filling = fill::routes().and(field::routes()).and(openrosa::routes()).and(devices::routes());
    filling.and(arrivals::routes()).and(admin::routes())
}
