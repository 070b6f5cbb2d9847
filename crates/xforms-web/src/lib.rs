//! The engine of forms for browsers: the same that the server runs, spoken to in JSON.
//!
//! Words: a *desk* holds the copies that are open; a *request* is one JSON object, a *reply* another. [`Desk::call`] is all there is, in a
//! browser through the three functions of `exports`, elsewhere directly. For the same answers, time and seed it gives the same bytes as
//! the server. It keeps nothing, asks for nothing, and answers a bad request with `{"error": …}`.
//! Rules that came compiled judge a finished copy (`judge`).
//! What deliberately is not here: pages as HTML, storage, encryption (`assets/src/field`), and the words of rules, which the server writes.
mod desk;
mod exports;
mod judge;
mod request;
mod shown;

pub use desk::Desk;
