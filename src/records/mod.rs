//! Child records: incident, assessment, counselling session, communication, kept beside a case or beside a person directly.
//!
//! Which *kinds* there are, where they belong and how closely they are guarded is the pack's to say; a kind's *shape* decides what its form
//! asks. A record of a case is seen by whoever sees the case; one of a person like the person, by the organisation that wrote it and its
//! roles cleared for what it is kept for. Its words are sealed, and *guarded* parts are read by whoever works the case alone (`part.rs`). A
//! correction is a new *version*, nothing is erased; a record's address is its *root*, the first version (S28). What is started from a
//! record, a referral, is linked to it and to its case.
//! Deliberately not here: filled forms and their scores (assessments), plans. The documents of a record are documents of its case that name it.
pub mod actions;
mod api;
pub mod card;
mod next;
mod pages;
pub mod part;
pub mod place;
pub mod record;
pub mod store;

pub use place::{Of, Place};
pub use record::{NewRecord, Record, Said};

use crate::web::Routes;

/// The pages and calls of records.
pub fn routes() -> Routes {
    pages::routes().and(api::routes())
}
