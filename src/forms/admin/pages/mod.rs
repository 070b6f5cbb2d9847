//! The administrator's pages: the list, an upload, a form with its editions, one edition as its readers will meet it, and what two differ in.
mod difference;
mod edition;
mod form;
mod list;
mod upload;

use crate::forms::{Edition, Form};
use crate::web::parts::{Badge, Tone};
use crate::web::{Page, Routes};

/// The pages.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("GET", "/forms", list::index)
        .page("GET", "/forms/new", upload::new)
        .page("POST", "/forms", upload::create)
        .page("GET", "/forms/{form}", form::show)
        .page("POST", "/forms/{form}", form::update)
        .page("GET", "/forms/{form}/editions/new", upload::again)
        .page("POST", "/forms/{form}/editions", upload::add)
        .page("GET", "/forms/{form}/editions/{edition}", edition::show)
        .page("GET", "/forms/{form}/editions/{edition}/source", edition::source)
        .page("GET", "/forms/{form}/editions/{edition}/difference", difference::show)
        .page("POST", "/forms/{form}/editions/{edition}/publication", edition::publish)
        .page("POST", "/forms/{form}/editions/{edition}/retirement", edition::retire)
        .page("POST", "/forms/{form}/editions/{edition}/removal", edition::discard)
}

fn state(p: &Page, state: &str) -> Badge {
    let tone = match state {
        "published" => Tone::Good,
        "draft" => Tone::Warning,
        _ => Tone::Neutral,
    };
    Badge::new(p.tc("form-state", state), tone)
}

fn path(form: &Form) -> String {
    format!("/forms/{}", form.id)
}

fn edition_path(edition: &Edition) -> String {
    format!("/forms/{}/editions/{}", edition.form_id, edition.id)
}

// "Edition 3 · 2026-11".
fn edition_name(p: &Page, edition: &Edition) -> String {
    let name = p.ta("form-edition", "number", p.number(edition.number));
    if edition.form_version.is_empty() { name } else { format!("{name} · {}", edition.form_version) }
}

// Where it may be filled in, in words.
fn places(p: &Page, form: &Form) -> String {
    let mut places = vec![p.t("form-where-page")];
    if form.offline {
        places.push(p.t("form-where-offline"));
        places.push(p.t("form-where-collect"));
    }
    if form.intake {
        places.push(p.t("form-where-intake"));
    }
    p.list(places)
}
