//! The service directory: organisations, services, agreements; HSDS is its open-data face.
pub mod hsds;
