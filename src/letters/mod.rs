//! Letters: what goes out on paper or as a PDF with a referral, and what must not stand in a message.
//!
//! *Paper* prints display-ready content as a PDF; the *guard* finds personal data in a subject and a body.
//! Neither knows who may see what: both work on what their caller, acting for somebody, was allowed to read.
pub mod guard;
pub mod paper;
