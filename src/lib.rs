//! Throughcare: case work and closed-loop referrals between many organisations.
//!
//! One room per capability; arrows between rooms point one way (`tests/it/support/tidy.rs`).
pub mod access;
pub mod achievements;
pub mod api;
pub mod assessments;
pub mod audit;
pub mod bench;
pub mod case_files;
pub mod cases;
pub mod cli;
pub mod config;
pub mod consent;
pub mod demo;
pub mod directory;
pub mod documents;
pub mod eligibility;
pub mod error;
pub mod forms;
pub mod letters;
pub mod mail;
pub mod meetings;
pub mod notifications;
pub mod packs;
pub mod people;
pub mod plans;
pub mod platform;
pub mod procedures;
pub mod records;
pub mod referrals;
pub mod reports;
pub mod routes;
pub mod supervision;
pub mod tasks;
pub mod transfers;
pub mod web;
pub mod worker;
