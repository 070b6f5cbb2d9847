//! Rules from the outside.
mod batches;
mod chance;
mod explaining;
mod generated;
mod language;
mod mistakes;
mod support;
mod unknown;
