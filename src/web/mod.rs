//! Shared HTML: layout, form fields, paging, error pages, `Routes`, assets.
pub mod assets;
pub mod parts;
