//! Answer links: how the receiver of one referral answers without an account.
//!
//! A *token* (in an e-mail, in a QR) and a *short code* (typed from paper) are derived from the keyring and the letter that carries them, so
//! that a preview shows the very code and creates nothing; only hashes are stored. Neither opens anything by itself: a *one-time code* goes to
//! the organisation's registered contact, never to an address typed on the page and never on paper (S17). Whoever types it is
//! `Actor::Link`, for whom row security shows that one referral as its receiver, no longer than its packet, and nothing else at all.
//! A GET changes and sends nothing: mail scanners open every link. Of a code that is unknown, revoked or over the page says the same.
//! Deliberately not here: what an answer does (`actions`), registered contacts (`directory::contacts`), the letter itself (`letters`).
pub mod actions;
mod api;
mod attached;
mod door;
mod entrance;
pub mod job;
mod pages;
pub mod panel;
mod questions;
pub mod secret;
pub mod sender;
pub mod store;

pub use actions::{issue, reissue, replace, revoke};
pub use secret::{Secrets, secrets, url};

/// The pages of the receiver at `/r`, and the sender's.
pub fn routes() -> crate::web::Routes {
    entrance::routes().and(questions::routes()).and(attached::routes()).and(sender::routes()).and(api::routes())
}
