//! The registry of persons and households, and how one may safely reach them.
pub mod names;
