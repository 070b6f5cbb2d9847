//! A case changes hands: to another unit, to another organisation, or to a colleague for a time.
//!
//! A *transfer* moves one or many *records* from one unit to another. *Direct*: somebody who may act on both sides moves them. A *request*
//! is decided by the receiving side. *Pull*: after a transfer notice the receiving side completes it itself. Each record moves in a
//! transaction of its own, whole or not at all, and says in a code why it stays. What the former side keeps is a *receipt*. A *cover* gives
//! a worker's caseload to a colleague for a time, and gives it back by itself.
//! Deliberately not here: who may see what (row policies; `access.move_case` moves the rows), the notice and its packet (`referrals`).
pub mod actions;
pub mod api;
pub mod choices;
pub mod cover;
mod cover_api;
pub mod jobs;
pub mod moving;
mod pages;
pub mod pull;
pub mod rules;
pub mod store;
pub mod transfer;
mod unattended;
pub mod wish;

pub use transfer::{Item, Transfer};

use crate::web::Routes;

/// Pages and REST calls.
pub fn routes() -> Routes {
    pages::routes().and(api::routes())
}
