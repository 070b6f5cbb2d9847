//! Administration of forms: what an organisation's administrator uploads, looks at, publishes and retires; and the answers as a file.
//!
//! Words: *mistakes* keep a file from becoming an edition, *warnings* stay with it; the *outline* is a form as its readers will meet it, with
//! its rules in words; a *difference* is what a second edition changes for people and for answers; an *export* is made of the filled copies
//! that whoever asks sees, and of no restricted type.
//! Invariants. A file with a mistake leaves nothing behind. What is published was a draft that somebody could look at. Forms of packs are
//! read here and never changed. An administrator sees no case: this room counts filled copies only where that tells of nobody (S11, S15).
//! Deliberately not here: filling in (`fill`), devices (`openrosa`), and a designer: forms are made in a spreadsheet.
mod actions;
mod api;
mod asked_alone;
mod beside;
mod difference;
mod edition_api;
pub mod export;
mod outline;
mod pages;
mod problem;
mod reading;
pub(super) mod say;
mod store;
mod telling;

use xforms::form::Form;

use crate::web::Routes;

pub use problem::Kept;
pub use reading::{Media, Sent};

/// A form as an upload would find it.
#[derive(Debug)]
pub struct Looked {
    /// The form, if it can be used.
    pub form: Option<Form>,
    /// Mistakes first, then warnings.
    pub problems: Vec<Kept>,
    /// What a household may not be asked together (S12).
    pub alone: Vec<Kept>,
}

/// Looks at a form with the files beside it, without keeping anything.
pub fn look(sent: &Sent) -> Looked {
    let reading::Outcome { form, problems, .. } = reading::read_now(sent);
    let alone = form.as_ref().map(|form| asked_alone::found(form, &actions::lists_of(&sent.media))).unwrap_or_default();
    Looked { form, problems, alone }
}

/// The pages and calls of the administration.
pub fn routes() -> Routes {
    pages::routes().and(api::routes()).and(edition_api::routes()).and(export::routes())
}
