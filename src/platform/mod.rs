//! The ground everything stands on: database, clock, randomness, jobs, sealing, the private PostgreSQL.
//!
//! Knows no word of case work. [`db::Work`] is the only way to the database: an open transaction and the actor it works for.
//! What deliberately is not here: HTML (`web`) and rights (`access`).
pub mod clamd;
pub mod clock;
pub mod cluster;
pub mod db;
pub mod disk;
pub mod doctor;
pub mod http;
pub mod ids;
pub mod jobs;
pub mod kept;
pub mod lang;
pub mod mail;
pub mod merge;
pub mod migrate;
pub mod outbox;
pub mod seal;
pub mod sms;
pub mod standing;
pub mod text;
pub mod typed;
