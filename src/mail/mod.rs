//! The post room: sends what lies in the outbox, learns how it fared, and shows administrators what did not get through.
//!
//! A message that is due is taken under a short lease, the room that owns its kind says whether it may still go (`worker.rs` knows which),
//! it is written down and handed over, and its end is a fact. One handing over at a time runs from the message's last byte to its mark in
//! the database, so that a crash repeats at most one. What comes back (`bounces`, `text_reports`) is told apart by the message's public id alone.
//! Words: a *try* is one attempt; a *lane* is a mail domain, told apart by a hash; a *report* is what the far end says of a message.
//! What deliberately is not here: what messages say. The rooms that post them know.
pub mod actions;
pub mod api;
pub mod bounces;
pub mod pages;
pub mod report;
pub mod sender;
pub mod store;
mod text_reports;
mod turn;
pub mod words;

use std::pin::Pin;

use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::outbox::{May, Outgoing};
use crate::web::Routes;

/// The answer of the room that owns a message, when it comes.
pub type Asked<'a> = Pin<Box<dyn Future<Output = Result<May, Error>> + Send + 'a>>;

/// Asks the room that owns a message whether it may still go.
pub type Ask = for<'a> fn(&'a mut Work, &'a Outgoing) -> Asked<'a>;

/// A message that an administrator sends to themselves, to see that mail works.
pub const TRIAL: &str = "trial";

/// How the turn of a message ended that its room put off: the result of one that waits for it.
pub const PUT_OFF: &str = "put_off";

// The states in which a message did not get through.
const PROBLEMS: &[&str] = &["dead", "bounced"];

/// The administrator's pages and calls, and where a gateway reports.
pub fn routes() -> Routes {
    pages::routes().and(api::routes()).and(text_reports::routes())
}
