//! Every integration test of the program: through the front door, on real PostgreSQL, with the named cast.
#![expect(clippy::disallowed_methods, reason = "tests arrange with plain SQL what no page arranges")]
mod access;
mod admin;
mod api;
mod audit;
mod cases;
mod catalogue;
mod census;
mod clocks;
mod consent;
mod demo;
mod directory;
mod documents;
mod follow_up;
mod inbox;
mod need_to_know;
mod notifications;
mod oversight;
mod people;
mod protection;
mod referrals;
mod reports;
mod support;
mod tasks;
mod tidy;
