//! All SQL of the directory.
pub mod agreements;
pub mod import;
mod keep;
pub mod open;
mod read;
pub mod remind;
mod search;

pub use keep::{Capacity, add, keeps, save, set_capacity, set_verified, set_viewers, units, users_by_login, viewers};
pub use read::{agreement_with, find};
pub use search::{Found, Openness, PAGE, Question, Reach, Taking, areas, search};
