//! Meetings of a case, and the calendar they stand in.
//!
//! A *meeting* is an interview, a home visit, a case conference with others, or accompaniment. It is planned, may be moved (who asked, and why, is
//! kept), and ends as held, late, *no-show* or not held with a reason, which can be put right (`correction`). Whoever sets out on a visit says by when they are back; if they are not, the
//! supervisor hears of it (S22). Decisions of a conference become tasks. A worker plans their *week* in
//! hours beside it (`week`). The *feed* lets a calendar program fetch one's times, without saying whom.
//! A *reminder* goes to the person by text message or mail, if they agreed and it is safe (`texts`).
//! Deliberately not here: appointments of a referral, which the receiver makes (`referrals::answer`).
mod actions;
mod api;
mod calendar;
pub mod card;
pub mod conference;
mod correction;
mod deciding;
mod feed;
pub mod jobs;
mod meeting;
mod outcome;
mod outing;
mod pages;
mod safety;
mod store;
pub mod texts;
mod visit;
mod week;
mod wire;

pub use actions::call_off;
pub use correction::{Former, Told};
pub use meeting::{Hears, Meeting, Words};
pub use pages::{OutNow, out_now};
pub use store::{Ahead, ahead, not_safe_yet, of_case};

use crate::web::Routes;

/// Meetings of a case, the calendar, and its feed.
pub fn routes() -> Routes {
    pages::routes().and(conference::routes()).and(calendar::routes()).and(week::routes()).and(feed::routes()).and(api::routes())
}
