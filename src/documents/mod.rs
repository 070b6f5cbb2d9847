//! Documents of a case: kept as sealed files beside the database, with a sealed title.
//!
//! What a file is, is decided by its bytes and never by its name. What a picture tells beside what it shows (place, time, device), or a
//! recording beside what is heard, is cut out before it is kept (S18). Where a virus scanner is set a document *waits* until it was looked through, and one in which something was
//! found is in *quarantine*: neither is opened or sent on. A document is *withdrawn*, never erased; opening one is a fact.
//! Deliberately not here: which document proves a consent (`consent`), and what travels with a referral.
pub mod actions;
mod api;
pub mod document;
pub mod jobs;
pub mod pages;
pub mod store;
mod strip;

pub use document::{Document, sniff};

use crate::error::{Error, invalid};
use crate::web::Routes;

/// What a picture's bytes say it is, and the same picture without what it tells beside what it shows (S18).
pub fn picture(bytes: Vec<u8>) -> Result<(&'static str, Vec<u8>), Error> {
    if bytes.is_empty() {
        return Err(invalid("file", "required"));
    }
    let found = document::sniff(&bytes).ok().filter(|found| found.starts_with("image/"));
    let media_type = found.ok_or_else(|| invalid("file", "picture_type"))?;
    let bytes = strip::clean(media_type, bytes).ok_or_else(|| invalid("file", "picture_broken"))?;
    Ok((media_type, bytes))
}

/// A file of a kind that is kept, without what it tells beside what it shows or says (S18); `None` where it is of no such kind, or broken.
pub fn clean(bytes: Vec<u8>) -> Option<Vec<u8>> {
    strip::clean(document::sniff(&bytes).ok()?, bytes)
}

/// How many dots a picture says it has, before anything unpacks it; `None` when it cannot be read.
pub fn dots(media_type: &str, bytes: &[u8]) -> Option<u64> {
    strip::size(media_type, bytes).map(|(width, height)| u64::from(width) * u64::from(height))
}

/// The routes of documents.
pub fn routes() -> Routes {
    pages::routes().and(api::routes())
}
