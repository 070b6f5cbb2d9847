//! Documents of a case: kept as sealed files beside the database, with a sealed title.
//!
//! What a file is, is decided by its bytes and never by its name. What a picture tells beside what it shows (place, time, device) is cut
//! out before it is kept (S18). Where a virus scanner is set a document *waits* until it was looked through, and one in which something was
//! found is in *quarantine*: neither is opened or sent on. A document is *withdrawn*, never erased; opening one is a fact.
//! Deliberately not here: which document proves a consent (`consent`), and what travels with a referral.
pub mod actions;
mod api;
pub mod document;
pub mod jobs;
pub mod pages;
pub mod store;
mod strip;

pub use document::Document;

use crate::web::Routes;

/// The routes of documents.
pub fn routes() -> Routes {
    pages::routes().and(api::routes())
}
