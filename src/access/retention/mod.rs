//! Retention (S29): how long a closed case is kept says its pack; when its time is over, one proposes that it is erased and somebody else decides.
//!
//! Words: a case is *due* when its time is over; *held* while a legal hold, a complaint, a search for somebody, a reunification, a best-interests decision or a
//! referral speaks against it; *proposed*, *approved*, *erased*. One of the two who decide is a protection officer, and they are never the same. What is erased
//! is decided by the database (`access.empty_case`): every table of a case and its referrals is cleared but those that the figures need, and these are emptied.
//! All of it is read and written through definer functions, since who answers for a case is not always somebody who sees it (S9).
//! Deliberately not here: asking receivers to delete, and the jobs (`procedures::erase`); and the words of the rules, which are the pack's.
pub mod actions;
mod api;
pub mod kept;
pub(super) mod pages;
pub mod store;

use crate::web::Routes;

/// Why a case may be held by law.
pub const REASONS: [&str; 5] = ["court", "investigation", "claim", "audit", "person_asks"];
/// How far the end of a case may have come, as far as it is on the list.
pub const STATES: [&str; 4] = ["due", "proposed", "approved", "held"];
/// So many cases are proposed or decided at once.
pub const MOST: usize = 50;
/// So many stand on a page.
pub const MOST_LISTED: i32 = 50;
/// The longest reference of a hold.
pub const LONGEST_REFERENCE: usize = 80;
/// The longest wording of a proposal.
pub const LONGEST_WORDS: usize = 400;
/// The job that asks receivers to delete what they got, and then has the case erased.
pub const BEGIN: &str = "retention.begin";

/// The pages and calls of retention.
pub fn routes() -> Routes {
    pages::routes().and(api::routes())
}
