//! A packet's sections in the reader's language: the same for the preview and for what the receiver sees.

use chrono::NaiveDate;

use crate::packs::Pack;
use crate::referrals::row::Referral;
use crate::referrals::sending::packet::{Line, Section};
use crate::web::Page;
use crate::web::parts::Entry;

/// A section with its title and lines.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The section's name.
    pub title: String,
    /// What it says.
    pub rows: Vec<Entry>,
}

/// The sections as they are read; one that says nothing is no heading either.
pub fn view(p: &Page, pack: &Pack, sections: &[Section]) -> Vec<Shown> {
    let title = |code: &str| pack.section(code).map_or(code.to_owned(), |section| section.labels.get(p.reader.lang).to_owned());
    let said = sections.iter().filter(|section| section.lines.iter().any(|(_, value)| !value.is_empty()));
    said.map(|section| Shown { title: title(&section.code), rows: section.lines.iter().map(|line| row(p, pack, line)).collect() })
        .collect()
}

/// The same for a page about this referral, where its service is called as the reader calls it; on paper stands what was sent.
pub fn view_of(p: &Page, pack: &Pack, referral: &Referral, sections: &[Section]) -> Vec<Shown> {
    let wanted = &referral.wanted;
    let mut sections = sections.to_vec();
    for (key, value) in sections.iter_mut().flat_map(|section| &mut section.lines) {
        if key.as_str() == "service" && *value == wanted.service_name {
            value.clone_from(&wanted.service_called);
        }
    }
    view(p, pack, &sections)
}

fn row(p: &Page, pack: &Pack, (key, value): &Line) -> Entry {
    let lang = p.reader.lang;
    let text = match key.as_str() {
        "need" => pack.need(value).map_or(value.clone(), |need| need.labels.get(lang).to_owned()),
        "priority" => pack.priority(value).map_or(value.clone(), |priority| priority.labels.get(lang).to_owned()),
        "risk" => pack.risk_level(value).map_or(value.clone(), |level| level.labels.get(lang).to_owned()),
        "sex" => p.tc("packet-sex", value),
        "due" => value.parse::<NaiveDate>().map_or(value.clone(), |day| p.date(&day)),
        "languages" => languages(p, value),
        "area" => p.list(value.split(", ")),
        "accompaniment" if !value.is_empty() => p.tc("refer-accompaniment", value),
        "cash_means" => p.tc("refer-cash-means", value),
        "cash_band" => p.tc("refer-cash-band", value),
        "care" => p.tc("refer-care", value),
        "caregiver_relationship" => p.tc("refer-caregiver-relationship", value),
        "caregiver_informed" => p.tc("follow-up", value),
        key if key.starts_with("function_") => p.tc("person-level", value),
        _ => value.clone(),
    };
    Entry::new(term(p, key), text)
}

// Of several documents or difficulties each says which it is.
fn term(p: &Page, key: &str) -> String {
    match (key.strip_prefix("document_"), key.strip_prefix("function_")) {
        (Some(kind), _) => p.tc("person-document", kind),
        (_, Some(function)) => p.tc("packet-function", function),
        _ => p.tc("packet-line", key),
    }
}

fn languages(p: &Page, codes: &str) -> String {
    let comma = if p.dir == "rtl" { "، " } else { ", " };
    codes.split_whitespace().map(|code| p.tc("person-language", code)).collect::<Vec<_>>().join(comma)
}
