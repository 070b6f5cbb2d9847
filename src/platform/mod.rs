//! The ground everything stands on: database, clock, randomness, jobs, sealing, the private PostgreSQL.
//!
//! Knows no word of case work. What deliberately is not here: HTML (`web`) and rights (`access`).

pub mod cluster;
pub mod doctor;
pub mod lang;
