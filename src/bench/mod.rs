//! Measuring: a big, skewed world, and the speed budgets measured over it through the real router.
//!
//! The world is skewed as ARCHITECTURE "Access" says: one unit with a fifth of all cases, workers with none, 200 and 1,000 cases, a
//! supervisor over 5,000 units, and a member who may see one case alone. Budgets are in [`budgets`]. No page counts that does not hold
//! what it should: an error page is quick.
//! Deliberately not here: `throughcare serve --demo`, which makes a small world that is alive.
pub mod budgets;
pub mod desk;
pub mod guard;
pub mod letters;
pub mod memory;
pub mod pages;
pub mod report;
mod rows;
pub mod screening;
pub mod served;
mod submit;
mod weight;
pub mod world;
