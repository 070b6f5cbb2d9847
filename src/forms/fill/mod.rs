//! Filling in a form on our pages: page by page, saved at each step, right without scripts.
//!
//! Words: a *page* is what the form shows at a time; a *part* of it is as much as one screen holds; `at` names a page by the address of its
//! question or group and says nothing of any answer. Whatever is typed is saved as it is, and what is wrong with it stands beside it;
//! a copy is completed once nothing is. What deliberately is not here: what follows from an answer (`xforms`), storage (`forms::store`).
mod api;
mod at;
mod belongs;
mod blocks;
pub mod card;
mod changes;
mod field;
mod files;
mod finish;
mod line;
mod list;
mod mistakes;
mod moved;
mod reached;
pub(super) mod said;
mod save;
mod sheet;
mod show;
mod stroke;
pub mod told;
mod tongue;
pub(super) mod typed;
mod wire;
pub(super) mod words;

pub(in crate::forms) use changes::{Change, against};

use crate::web::Routes;

/// The pages and calls of filling in.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/cases/{id}/forms", list::index)
        .page("POST", "/cases/{id}/forms", list::create)
        .page("GET", "/cases/{id}/forms/{submission}", show::show)
        .page("POST", "/cases/{id}/forms/{submission}", save::update)
        .page("GET", "/cases/{id}/forms/{submission}/completion", finish::edit)
        .page("POST", "/cases/{id}/forms/{submission}/completion", finish::update)
        .page("POST", "/cases/{id}/forms/{submission}/correction", finish::correct)
        .page("POST", "/cases/{id}/forms/{submission}/standing", finish::stand)
        .page("POST", "/cases/{id}/forms/{submission}/move", moved::create)
        .page("POST", "/cases/{id}/forms/{submission}/belonging", belongs::create)
        .page("POST", "/cases/{id}/forms/{submission}/removal", finish::discard)
        .page("GET", "/cases/{id}/forms/{submission}/media/{name}", files::media)
        .and(api::routes())
}
