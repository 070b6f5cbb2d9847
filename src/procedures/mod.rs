//! Verbs that span rooms in one Work: what would otherwise need a room to call one above it.
//!
//! Each does everything or nothing. Deliberately not here: rules of a single room; a procedure only says in which order rooms act.
mod call_back;
mod erase;
mod review;
mod withdraw;

pub use call_back::call_back_refused;
pub use erase::{ERASE, SWEEP, begin_erasure, erase, sweep};
pub use review::review_glass_later;
pub use withdraw::{HOWS, Withdrawal, stop_unjustified, withdraw_consent};

use crate::web::Routes;

/// Pages of procedures.
pub fn routes() -> Routes {
    withdraw::routes()
}
