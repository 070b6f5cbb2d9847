//! Phones that fill forms with a collecting app: each has a key of its own, by which it works as the user who made it.
//!
//! A *key* is shown once, with a square that the app reads; its hash is kept. It ends when it is *withdrawn*, when its user is deactivated, and
//! when it was not used for ninety days. An administrator *vouches* for a phone that the organisation has locked with a PIN and can wipe: only
//! such a phone is given forms of protected types, for the app itself can do neither (S20).
//! Deliberately not here: what a phone may fetch and send (`openrosa`).
mod pages;
mod settings;
pub mod store;

use crate::web::Routes;

/// The page of a worker's phones.
pub(super) fn routes() -> Routes {
    pages::routes()
}
