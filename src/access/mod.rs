//! Who may do what, and what exists for whom: the permission table, sign-in, sessions, passwords; and the administrator's pages for
//! organisations, units, users, roles and memberships (`admin`).
//!
//! What exists for an actor is decided by row security (`migrations/`, "Access" in ARCHITECTURE.md); what an actor may do with what they
//! see is decided here, by [`table::Act`]. A role holds acts; a membership gives a role in a unit.
pub mod admin;
pub mod bars;
pub mod basis_review;
pub mod break_glass;
pub mod grants;
pub mod password;
pub mod protection;
pub mod retention;
pub mod sessions;
pub mod sign_in;
pub mod subject;
pub mod suppress;
pub mod table;
pub mod tokens;

pub use table::Act;

use crate::web::Routes;

/// Sign-in, account and session routes.
pub fn routes() -> Routes {
    sign_in::routes()
        .and(grants::routes())
        .and(break_glass::routes())
        .and(protection::routes())
        .and(basis_review::routes())
        .and(retention::routes())
        .and(tokens::routes())
        .and(admin::routes())
}
