//! Pages: the rule of a service with its fields, test cases and versions.
mod rule;
mod trial;
mod view;

use crate::web::Routes;

/// The routes of rules.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/services/{id}/rule", rule::show)
        .page("POST", "/services/{id}/rule", rule::update)
        .page("POST", "/services/{id}/rule/activation", rule::activate)
        .page("POST", "/services/{id}/rule/retirement", rule::retire)
}
