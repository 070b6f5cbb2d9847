//! Forms filled in a browser without a network (`/field`), and what S20 asks of it.
//!
//! Words: the *shell* is the page that a browser keeps; a *device* is one person's keeping in one browser, known by a secret of its own; a
//! *lockdown* ends every session of an organisation and has its devices wiped at their next contact.
//! Invariants. The shell names nobody and holds nothing of a case. Forms for restricted types are never offered here; what is filled in for
//! protected ones is forgotten after 72 hours. Every copy is taken in by `forms::actions::receive`, once.
//! A form *taken along* for a case goes with the code of that one, and lands there.
//! What deliberately is not here: the filling itself (`crates/xforms-web`, `assets/src/field`), and lists of cases.
mod along;
mod api;
mod comparing;
mod devices;
mod lockdown;
mod offered;
mod sending;
mod shell;
mod store;

pub use along::may_go;

use crate::web::Routes;

/// The browser's endpoints, and the administrator's page of devices.
pub fn routes() -> Routes {
    Routes::new()
        .and(shell::routes())
        .and(offered::routes())
        .and(sending::routes())
        .and(comparing::routes())
        .and(along::routes())
        .and(devices::routes())
        .and(api::routes())
        .and(lockdown::routes())
}
