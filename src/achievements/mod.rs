//! Achievements: a country's list of minimum conditions, and how far a household has come with them; Colombia calls them *logros*.
//!
//! A *line* is one condition, of the household or of each member; lines stand in *dimensions*. Each line is *achieved*, *to achieve*, *does not
//! apply* or not yet known. Some are known from what is there already, the registry, an assessment or a rule over forms, and nobody sets them; the others are *set*
//! by hand, with what shows it. A setting is kept for good, the newest counts. The *figure* is the weighted share of conditions that are missing
//! among those that apply (Alkire and Foster's deprivation score); what is not known makes it a range.
//! Deliberately not here: any country's official index, and figures over many households (`reports`).
pub mod actions;
mod api;
pub mod card;
pub mod figure;
pub mod line;
mod pages;
pub mod progress;
pub mod ruling;
pub mod standing;
pub mod store;

pub use line::{Grounds, Mark, Person, State, Stood};
pub use standing::Standing;

use crate::web::Routes;

/// The pages and calls of achievements.
pub fn routes() -> Routes {
    pages::routes().and(api::routes())
}
