//! What may happen to a referral and what follows, as pure functions over plain values: no SQL, no HTTP, no clock of its own.
//!
//! `moves::step` is the only way from one state to the next. `permit` is DOMAIN's table, `effects` what a permitted action leaves behind,
//! `problems` what must be true before sending, `next` whose move it is and by when, `figures` the counts of S8. `properties` and
//! `walkthroughs` try all of it against `restated`, a second statement of the same rules.

pub mod action;
pub mod clearance;
pub(super) mod codes;
pub mod deadlines;
mod effects;
pub mod elsewhere;
pub mod figures;
pub mod loop_state;
pub mod moves;
pub mod next;
pub(super) mod permit;
pub mod problems;
#[cfg(test)]
mod properties;
pub mod referral;
pub mod refusal;
#[cfg(test)]
mod restated;
#[cfg(test)]
pub(super) mod scene;
pub mod submission;
#[cfg(test)]
mod walkthroughs;
pub mod words;
