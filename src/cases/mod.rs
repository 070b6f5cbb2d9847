//! A record of work with a person or household, from intake to closure.
//!
//! A *case* has one type of a programme pack, belongs to one unit, and usually has one *case manager*; without one it stands in the unit's
//! *inbox*. Its *stages*, *risk levels* and reasons are the pack's. A *move* is one step of it; a *note* is corrected, never erased. The
//! *limits* of confidentiality are dated before the first disclosure (S1). Restricted types are seen by the case manager and one named
//! supervisor only (S9). A *closing* says what became of each goal and stays when the case is opened again. Every narrative is sealed with the case's own key.
//! Deliberately not here: who may see a case (row policies), consent, referrals, plans.
pub mod actions;
pub mod api;
pub mod beside;
pub mod case;
pub mod closing;
pub mod contact;
pub mod gates;
pub mod list;
pub mod lost_contact;
pub mod next;
pub mod note;
pub mod notes;
mod order;
mod owning;
pub(crate) mod pages;
mod rare;
pub mod store;

pub use case::{Case, Member, Move};

use crate::web::Routes;

/// My day, the list of cases, a case and everything done on it.
pub fn routes() -> Routes {
    pages::routes().and(api::routes()).and(api::course::routes()).and(api::closing::routes())
}
