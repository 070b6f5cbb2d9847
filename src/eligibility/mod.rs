//! Eligibility: for whom a service is, as a rule that a program can apply; and matching, which service fits a case best.
//!
//! A *rule* is one CEL expression of a service over the *fields* of a household and its members; each change is a *version*, a *draft* until
//! its *test cases* pass, then *active*, then *retired*. A *verdict* is eligible, not eligible or unknown, with a *clause* for every condition;
//! what is unknown stays unknown and names the question that would *decide* it. A service without a rule is judged by the ages and sexes of its
//! entry. *Matching* ranks services for a case, each with its reasons; `matching/weights.rs` says in which order they count. A *score* proposes
//! a level of risk and sets none.
//! Restricted cases have no profile, so no rule is ever applied to them (S16); hidden services stay hidden, rules and all (S14).
//! Deliberately not here: the language of rules (crate `rules`), filling in forms (`forms`), writing referrals (`referrals`).
pub mod actions;
mod api;
pub mod card;
mod field;
pub mod judging;
pub mod known;
pub mod matching;
mod pages;
pub mod preference;
pub mod proposal;
pub mod rule;
pub mod scores;
pub mod screening;
pub mod store;
pub mod whom;
pub mod words;

pub(crate) use api::VerdictWire;
pub use judging::{Clause, Judged, Judgement, judge};
pub use known::Known;
pub use rule::Rule;

use crate::web::Routes;

/// The pages and calls of eligibility.
pub fn routes() -> Routes {
    pages::routes().and(api::routes()).and(screening::routes()).and(field::routes())
}
