//! The service directory: organisations, services, agreements; HSDS is its open-data face.
//!
//! Hidden services (S14) are absent for everybody who is not cleared or named: the row policies decide, and every question asked here,
//! counts included, goes through them.
pub mod hsds;
mod service;
pub mod store;

pub use service::{Agreement, Freshness, Listed, Location, Opening, Organisation, Service, Status, Visibility};
