//! Filled forms that came from a device and are on nobody's case: whether their people are known, and what becomes of them.
//!
//! An *arrival* waits in a unit. Somebody there looks whether the registry knows the people whom it names, then *places* it on an existing case, opens
//! a case for it, or *discards* it with a reason. A task of the unit stands until then, overdue after a day, so that none is forgotten.
//! One that was taken along for a case waits for those who see that case, bars and all, with a task for its keeper (S9, S10). So does a correction that
//! names another case than the one on which its copy stands: whoever decides puts both on one of them.
//!
//! Invariants. Whatever was decided on is decided on once. From then on the arrival says only that it came: its answers and files are on the case, or
//! destroyed. A file that comes later follows its form. Deliberately not here: how a device sends (`openrosa`, `field`).
mod actions;
mod api;
mod choices;
mod correcting;
mod list;
mod opening;
mod pages;
mod people;
mod sheet;

pub use actions::{Named, await_look, corrected, more_files, overtaken, writable};
pub use choices::strangers_on;
pub(in crate::forms) use choices::{both_names, names_other, stays_settled, strangers_of_copy};
pub(in crate::forms) use correcting::elsewhere;
pub use pages::named;

use crate::web::Routes;

/// The pages and calls of arrivals.
pub(super) fn routes() -> Routes {
    pages::routes().and(api::routes())
}
