//! All SQL of the directory.
mod read;
mod search;

pub use read::find;
pub use search::{Found, Openness, PAGE, Question, Taking, areas, search};
