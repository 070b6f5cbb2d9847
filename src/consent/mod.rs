//! What a person agreed to: for what purpose, for whom, which parts of their file, until when; and the other bases of disclosure.
//!
//! Words: a **consent** is given by the person, or for a child by who may give it at that age (S3); an **assent** is the child's own yes
//! beside it; a **refusal** is recorded and costs nothing; an **other basis** (S1) is vital interest, a child's best interests or a duty
//! by law, with a reason, a second person's agreement and the protection officer's review. A row is never changed into another: what no
//! longer holds is withdrawn, what is needed anew is recorded anew.
//!
//! Invariant: every disclosure asks [`covers`]. What others have is called back in one way (`recall`). Deliberately not here: ending
//! referrals and closing packets when consent is withdrawn; that spans rooms and is `procedures::withdraw_consent`.
pub mod actions;
pub mod api;
pub mod basis;
#[expect(clippy::module_inception, reason = "the room and its noun have one word")]
pub mod consent;
pub mod cover;
pub mod draft;
mod giver;
pub mod pages;
pub mod recall;
mod shown;
pub mod store;

pub use consent::{Basis, Consent, Form, Giver, Kind};
pub use cover::{CoverQuestion, Gap, covers, nearest};

use crate::web::Routes;

/// Pages and REST calls of consent.
pub fn routes() -> Routes {
    pages::routes().and(api::routes())
}
