//! The closed loop: send, answer, outcome, confirm, chase.
//!
//! A *referral* asks that a service be given; ownership of the case does not change. Its *status* is the FHIR Task
//! status, its *step* the finer business status, its *loop* whether the person confirmed that the service came.
//! `moves::step` is the only way from one state to the next; what it does not allow is refused with the state named.
//! A submitted referral changes by moves alone, and moves are only ever appended.
//! Deliberately not here: who may act at all (`access`), what consent covers (`consent`), reasons (`packs`).
//!
//! `rules` is pure: states, moves, checks and figures, tried without a database. `sending` writes and sends, `answer` and `inbox` are the
//! receiver's, `follow_up` asks the person, `clocks` chases, `board` shows what is stuck. `actions` is the one verb that changes anything.

pub mod actions;
pub mod answer;
pub mod api;
pub mod ask;
pub mod attachments;
pub mod board;
pub mod clocks;
pub mod conversation;
pub mod follow_up;
pub mod inbox;
pub mod links;
mod matching_api;
mod pages;
pub mod possible;
pub mod reading;
pub mod row;
mod rules;
pub mod sending;
pub mod sides;
pub mod store;
mod telling;

pub use pages::packet_view;
pub use row::Referral;
pub use rules::permit::withdrawal;
pub use rules::{
    action, clearance, deadlines, elsewhere, figures, loop_state, moves, next, problems, referral, refusal, submission, words,
};

/// Every route of both sides.
pub fn routes() -> crate::web::Routes {
    pages::routes()
        .and(api::routes())
        .and(matching_api::routes())
        .and(reading::routes())
        .and(inbox::routes())
        .and(answer::routes())
        .and(follow_up::pages::routes())
        .and(board::routes())
        .and(links::routes())
}
