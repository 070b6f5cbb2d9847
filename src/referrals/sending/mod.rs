//! The sender's half: a draft, what it would disclose, sending it, and the emergency path that skips the form.

pub mod agreed;
pub mod cash;
pub mod child;
pub mod draft;
pub mod emergency;
pub mod not_referred;
mod notice;
pub mod offers;
pub mod origin;
pub mod others;
pub mod packet;
pub mod send;
pub mod target;
pub mod together;
