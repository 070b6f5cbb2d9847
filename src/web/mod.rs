//! Shared HTML: the gate every route stands behind, `Work` as an extractor, forms, the page context, error pages, assets.
//!
//! A route is private unless it was declared with [`routes::Routes::open`]. What deliberately is not here: any page of a room.
pub mod answer;
pub mod form;
pub mod format;
pub mod gate;
pub mod page;
pub mod routes;
pub mod upload;

pub use form::Form;
pub use page::Page;
pub use routes::Routes;
