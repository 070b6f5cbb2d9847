//! Append-only facts: what happened, to which ids, by whom. Facts hold ids, codes and field names, never values (S28), so that erasing
//! a person never breaks the chain that is sealed over them.
//!
//! A verb records its fact in the transaction of its change: both happen or neither.
pub mod facts;
pub mod looked;
pub mod merkle;
pub mod seal;
pub mod verify;
pub mod words;

pub use facts::{About, Fact};
