//! The service directory: organisations, services, agreements; HSDS is its open-data face.
//!
//! Hidden services (S14) are absent for everybody who is not cleared or named: the row policies decide, and every question asked here,
//! counts included, goes through them.
pub mod actions;
mod api;
pub mod contacts;
pub mod hsds;
pub mod import;
mod keep_api;
mod pages;
mod publish;
pub mod remind;
mod service;
pub mod store;
mod vocabulary;

pub use service::{Agreement, Freshness, Listed, Location, Opening, Organisation, Service, Status, Visibility};
pub use vocabulary::{Vocabulary, vocabulary};

use crate::web::Routes;

/// Every route of the directory.
pub fn routes() -> Routes {
    Routes::new().and(pages::routes()).and(api::routes()).and(keep_api::routes()).and(publish::routes()).and(contacts::routes())
}
