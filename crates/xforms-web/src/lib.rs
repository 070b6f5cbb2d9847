//! The engine of forms for browsers: the same that the server runs, spoken to in JSON.
//!
//! Words: a *desk* holds the copies that are open; a *request* is one JSON object, a *reply* another. [`Desk::call`] is all there is, in a
//! browser through the three functions of `exports`, elsewhere directly. For the same answers, time and seed it gives the same bytes as
//! the server. It keeps nothing, asks for nothing, and answers a bad request with `{"error": …}`.
//! What deliberately is not here: pages as HTML, storage, encryption (`assets/src/field`). Rules over answers join as further requests of
//! the desk: see the `match` in `desk.rs`.
mod desk;
mod exports;
mod request;
mod shown;

pub use desk::Desk;
