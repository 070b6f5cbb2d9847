//! Shared wire format of the REST face: errors as problem documents, versions as `ETag`/`If-Match`, `Idempotency-Key`, paging.
//!
//! A handler takes `Work` first, then [`IfMatch`] or [`Paging`] where it needs them, and [`Asked`] last for its JSON body. A room describes
//! its calls with `#[utoipa::path]`, gathers them in one `#[derive(OpenApi)]` and hands that to `Routes::described`; a test fails for a
//! call without description. What deliberately is not here: any wire type of a room.
mod body;
pub mod etag;
pub mod idempotency;
pub mod openapi;
pub mod paging;
pub mod problem;

pub use body::Nothing;
pub use etag::{IfMatch, versioned};
pub use idempotency::Asked;
pub use paging::{Paged, Paging};
