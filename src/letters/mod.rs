//! Letters: templates that organisations edit, the letter of a referral, what goes out on paper or as a PDF, and what must not stand in a
//! message.
//!
//! A *template* has two faces: the *message*, which travels in the open and names nobody, and the *paper*. The *letter* of a referral is a
//! draft in its *dialogue*, is frozen when the referral is submitted, and is issued by a job: its exact bytes are kept, its answer link
//! made, its message posted, each once; what it rests on is checked again when it goes. A preview is the very file and creates nothing.
//! *Paper* prints display-ready content; *attachments* are chosen here, travel in the packet and never by mail. Only the sender's side reads
//! a letter. Deliberately not here: sending mail (`platform::outbox` and above), the answer page and its one-time codes
//! (`referrals::links`), what consent covers and what a packet says (`referrals::sending`), what tells who is meant (`people::guard`).
mod actions;
mod api;
pub mod attachments;
mod compose;
mod form_sheet;
mod further;
pub mod job;
pub mod letter;
mod logo;
mod pages;
pub mod paper;
mod sample;
pub mod store;
pub mod templates;
mod wording;
mod writing;

/// Every route of letters, templates and attachments.
pub fn routes() -> crate::web::Routes {
    pages::routes().and(api::routes()).and(templates::pages::routes()).and(templates::api::routes()).and(logo::routes())
}
