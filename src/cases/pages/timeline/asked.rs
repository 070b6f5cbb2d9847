//! That a closing was asked for, and what a second person said to it.
use super::{Event, Told, at};
use crate::cases::closing::asked::Asked;
use crate::packs::ReasonKind;
use crate::web::Page;
use crate::web::parts::Tone;

/// Each request, and what became of it; the page of a closing shows the latest alone.
pub(super) fn events(p: &Page, told: &Told<'_>) -> Vec<Event> {
    let latest = told.kept.asked.first().map(|asked| asked.id);
    let path = format!("{}/closing", told.case.path());
    let href = |asked: &Asked| if Some(asked.id) == latest { path.clone() } else { String::new() };
    told.kept.asked.iter().flat_map(|asked| of(p, told, asked, &href(asked))).collect()
}

fn of(p: &Page, told: &Told<'_>, asked: &Asked, href: &str) -> Vec<Event> {
    let reason = told.pack.reason(ReasonKind::Closure, &asked.closure.reason);
    let begun = Event {
        icon: "checklist",
        title: p.t("fact-closing-asked"),
        by: asked.author_name.clone(),
        words: reason.map(|reason| reason.labels.get(p.reader.lang).to_owned()).unwrap_or_default(),
        href: href.to_owned(),
        link: p.t("case-see"),
        ..at(p, asked.recorded_at)
    };
    let settled = asked.settled_at.map(|moment| Event {
        icon: "checklist",
        title: p.tc("fact-closing", &asked.state),
        by: asked.settled_by_name.clone().unwrap_or_default(),
        tone: if asked.state == "returned" { Tone::Warning } else { Tone::Neutral },
        words: asked.remark.clone(),
        ..at(p, moment)
    });
    std::iter::once(begun).chain(settled).collect()
}
