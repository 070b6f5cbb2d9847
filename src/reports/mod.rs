//! Figures: does the loop close, and where is it stuck?
//!
//! A *tally* counts referrals as S8 says. Two kinds of figure stand on the page and are never mixed: those counted under the reader's
//! own row security, each opening the list behind it; and wider aggregates, counted by a job, suppressed before they are stored, which
//! open nothing (S15). Restricted types are in neither. Deliberately not here: any figure of a worker, any ranking below thirty.
mod achieved;
mod api;
mod own;
pub mod pages;
pub mod refresh;
pub mod store;
pub mod tally;

use crate::web::Routes;

/// The loop dashboard, the lists behind its figures, and achievements by place.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/loop", pages::show)
        .page("GET", "/loop/referrals", pages::list)
        .api("GET", "/api/v1/loop", api::show)
        .api("GET", "/api/v1/loop/referrals", api::list)
        .described::<api::Described>()
        .and(achieved::routes())
}
