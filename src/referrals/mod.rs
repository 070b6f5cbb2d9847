//! The closed loop: send, answer, outcome, confirm, chase.
//!
//! A *referral* asks that a service be given; ownership of the case does not change. Its *status* is the FHIR Task
//! status, its *step* the finer business status, its *loop* whether the person confirmed that the service came.
//! `moves::step` is the only way from one state to the next; what it does not allow is refused with the state named.
//! A submitted referral changes by moves alone, and moves are only ever appended.
//! Deliberately not here: who may act at all (`access`), what consent covers (`consent`), reasons (`packs`).

pub mod action;
pub mod actions;
pub mod answer;
mod answer_case;
mod answer_next;
mod answer_pages;
pub mod answer_panel;
pub mod api;
pub mod appointments;
pub mod ask;
pub mod board;
mod board_pages;
pub mod clearance;
pub mod clocks;
pub mod clocks_job;
mod clocks_store;
mod codes;
pub mod deadlines;
pub mod draft;
mod effects;
pub mod elsewhere;
pub mod emergency;
pub mod figures;
pub mod follow_up;
mod follow_up_pages;
mod follow_up_store;
pub mod inbox;
pub mod inbox_api;
pub mod inbox_pages;
mod inbox_store;
pub mod loop_state;
pub mod moves;
pub mod next;
pub mod packet;
mod pages;
mod permit;
pub mod possible;
pub mod problems;
#[cfg(test)]
mod properties;
pub mod referral;
pub mod refusal;
#[cfg(test)]
mod restated;
pub mod row;
#[cfg(test)]
mod scene;
pub mod send;
pub mod sides;
pub mod store;
pub mod submission;
#[cfg(test)]
mod walkthroughs;
pub mod watch;
pub mod words;

pub use permit::withdrawal;
pub use row::Referral;

/// Every route of sending and of the referral's page.
pub fn routes() -> crate::web::Routes {
    pages::routes().and(api::routes())
}
