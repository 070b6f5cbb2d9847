//! Shared wire format of the REST face: errors as problem documents, versions as `ETag`/`If-Match`, `Idempotency-Key`, paging.
//!
//! Rooms bring their own handlers and wire types; the assembled OpenAPI document is served here.
pub mod problem;
