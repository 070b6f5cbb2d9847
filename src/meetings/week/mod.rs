//! A worker's week in hours: what they are contracted for, and how much goes to interviews and visits, networking, administration and self-care.
//!
//! *Visits* are counted from the meetings in one's calendar, and so are conferences, as networking, and planned sessions of supervision, as self-care of whoever takes part. A *block* is an hour or more that the worker plans for one of the other kinds, once or
//! every week; its words are read by nobody else. A supervisor sees how much their team plans, and how much of it are
//! visits; what else anybody sets time aside for is reported to nobody.
//! Deliberately not here: how many cases somebody carries (`supervision`).
mod actions;
mod api;
pub mod block;
mod hours;
mod mine;
pub(super) mod pages;
pub(super) mod store;
mod team;

use crate::web::Routes;

/// The planner of one's week, the week of one's team, and contracted hours.
pub(super) fn routes() -> Routes {
    pages::routes().and(team::routes()).and(hours::routes()).and(api::routes())
}
