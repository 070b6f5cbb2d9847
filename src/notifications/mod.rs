//! Who hears of what happened. Lower rooms record facts; this room listens (`worker.rs`) and decides who should know.
//!
//! A notification holds a kind (a text key) and the id of its subject, never a name or a reason. Whether it may be shown is asked when it
//! is shown: row security hides what concerns a case or referral that the reader no longer sees. Nobody hears of their own acts.
//! By mail goes only a count of what waits (`digest`). What deliberately is not here: SMS.
pub mod api;
pub mod digest;
pub mod filter;
pub mod kinds;
pub mod pages;
pub mod store;
pub mod wanted;
pub mod worker;

use crate::web::Routes;

/// The list, marking as read, preferences, and the REST face.
pub fn routes() -> Routes {
    pages::routes().and(api::routes())
}
