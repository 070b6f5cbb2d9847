//! Pages of the directory: search, a service, its form, agreements.
mod agreements;
mod edit;
mod form;
mod list;
mod show;

pub(super) use edit::{Write, mine, write};
pub(super) use form::of as fields_of;

use chrono::{DateTime, Utc};

use super::service::{Freshness, Visibility};
use super::vocabulary::Vocabulary;
use crate::web::parts::{Badge, Choice, Tone};
use crate::web::{Page, Routes};

/// Every page of the directory.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/services", list::index)
        .page("GET", "/services/new", edit::new)
        .page("POST", "/services/new", edit::create)
        .page("GET", "/services/{id}", show::show)
        .page("GET", "/services/{id}/edit", edit::edit)
        .page("POST", "/services/{id}/edit", edit::update)
        .page("POST", "/services/{id}/capacity", show::update_capacity)
        .page("POST", "/services/{id}/verification", show::verify)
        .page("GET", "/agreements", agreements::index)
        .page("POST", "/agreements", agreements::create)
        .page("POST", "/agreements/{id}/end", agreements::end)
}

/// Languages that services commonly speak, in the order in which forms offer them; an imported entry may have others.
const LANGUAGES: [&str; 12] = ["ar", "en", "fr", "es", "ku", "fa", "ps", "so", "am", "ti", "uk", "tr"];

fn language(p: &Page, code: &str) -> String {
    if LANGUAGES.contains(&code) { p.tc("directory-lang", code) } else { code.to_owned() }
}

fn language_choices(p: &Page) -> Vec<Choice> {
    LANGUAGES.iter().map(|code| Choice::new(*code, language(p, code))).collect()
}

fn accepting(p: &Page, accepting: bool) -> Badge {
    if accepting {
        Badge::new(p.t("directory-accepting"), Tone::Good)
    } else {
        Badge::new(p.t("directory-not-accepting"), Tone::Danger)
    }
}

fn freshness(p: &Page, verified_at: Option<DateTime<Utc>>, known: &Vocabulary) -> Badge {
    match Freshness::of(verified_at, known.stale_before) {
        Freshness::Fresh => Badge::default(),
        Freshness::OutOfDate => Badge::new(p.t("directory-out-of-date"), Tone::Warning).with_icon("clock"),
        Freshness::NeverConfirmed => Badge::new(p.t("directory-never-confirmed"), Tone::Warning).with_icon("clock"),
    }
}

fn hidden(p: &Page, visibility: Visibility) -> Badge {
    match visibility {
        Visibility::Public => Badge::default(),
        narrow => Badge::new(p.tc("directory-visibility", narrow.code()), Tone::Info).with_icon("eye-off"),
    }
}

/// Only a path of our own: `//elsewhere` and `/\elsewhere` are other hosts.
fn inside<'a>(back: &'a str, otherwise: &'a str) -> &'a str {
    if back.starts_with('/') && !back.starts_with("//") && !back.contains('\\') { back } else { otherwise }
}
