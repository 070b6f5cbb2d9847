//! What someone must do by when; working days and clocks.
//!
//! A *task* belongs to a case, to one side of a referral, or to a unit alone. It is somebody's, or stands in the unit's inbox. It is *due*,
//! later *overdue*, and once overdue told to whoever holds it, by the scan in `due`; a missed follow-up at high risk to the supervisor too.
//! It can be *handed* to a colleague, who may hand it back, and can come again and again as a *series*. Who sees a task follows from its case or referral.
//! Each step on the way to an *approval*, with the words it was given back with, is kept (`approved`).
//! Deliberately not here: which clock a risk level or a referral starts; those rooms call [`actions::add`].
pub mod actions;
mod api;
pub mod approvals;
pub mod approved;
pub mod calendar;
pub mod clock;
pub mod due;
pub mod handing;
pub mod pages;
pub mod series;
mod series_api;
pub mod store;
pub mod task;

pub use task::{NewTask, Side, Task};

use crate::web::Routes;

/// One-tap answers to tasks. The tasks themselves are listed on My day and on the case.
pub fn routes() -> Routes {
    pages::routes().and(api::routes()).and(series_api::routes())
}
