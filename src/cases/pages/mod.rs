//! Pages of cases.
mod asked;
mod change;
mod closing;
mod closing_asked;
mod closing_letter;
mod closing_meetings;
mod fields;
mod index;
mod menu;
mod my_day;
mod new;
mod print;
mod quick_note;
mod rail;
mod related;
mod show;
mod task_rows;
mod timeline;

use chrono::NaiveDate;

use crate::cases::{Case, Member, store};
use crate::error::Error;
use crate::packs::{Pack, ReasonKind, RiskLevel};
use crate::people::shown;
use crate::platform::db::Work;
use crate::platform::lang::Lang;
use crate::web::format::apart;
use crate::web::parts::{Badge, Choice, Entry, Tone};
use crate::web::{Page, Routes};

/// The routes of cases. `{topic}` is one of the changes that [`change`] knows; a fixed word beside it always wins.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/", my_day::show)
        .page("GET", "/cases", index::index)
        .page("POST", "/cases/views", index::save_view)
        .page("GET", "/cases/export", index::export)
        .page("GET", "/cases/new", new::new)
        .page("POST", "/cases/new", new::create)
        .page("GET", "/cases/{id}", show::show)
        .page("GET", "/cases/{id}/print", print::show)
        .page("GET", "/cases/{id}/log", show::access_log)
        .page("GET", "/cases/{id}/closure", closing::new)
        .page("POST", "/cases/{id}/closure", closing::create)
        .page("GET", "/cases/{id}/closing", closing_asked::show)
        .page("POST", "/cases/{id}/closing/approval", closing_asked::approve)
        .page("POST", "/cases/{id}/closing/return", closing_asked::give_back)
        .page("POST", "/cases/{id}/closing/withdrawal", closing_asked::take_back)
        .page("GET", "/cases/{id}/closures/{closure}", closing::show)
        .page("GET", "/cases/{id}/closures/{closure}/letter", closing_letter::show)
        .page("POST", "/cases/{id}/notes/{note}/pin", quick_note::pin)
        .page("POST", "/cases/{id}/notes/{note}/unpin", quick_note::unpin)
        .page("GET", "/quick-note", quick_note::new)
        .page("POST", "/quick-note", quick_note::create)
        .page("GET", "/cases/{id}/{topic}", change::edit)
        .page("POST", "/cases/{id}/{topic}", change::update)
}

// The risk as a word; its tone follows its rank in the pack, never its code.
/// A risk level as a word with its tone; nothing where none is set.
pub(crate) fn risk_badge(pack: &Pack, lang: Lang, risk: Option<&str>) -> Badge {
    let rank = risk.and_then(|code| pack.risk_levels.iter().position(|level| level.code == code));
    let Some(rank) = rank else { return Badge::default() };
    let level: &RiskLevel = &pack.risk_levels[rank];
    let tone = match rank {
        0 => Tone::Danger,
        rank if rank + 1 == pack.risk_levels.len() => Tone::Good,
        _ => Tone::Warning,
    };
    Badge::new(level.labels.get(lang), tone).with_icon("alert-triangle")
}

pub(crate) fn stage_label(pack: &Pack, case_type: i16, stage: &str, lang: Lang) -> String {
    let case_type = u8::try_from(case_type).ok().and_then(|id| pack.case_type_by_id(id));
    let label = case_type.and_then(|case_type| pack.process(case_type)?.stage(stage));
    label.map_or_else(|| stage.to_owned(), |stage| stage.labels.get(lang).to_owned())
}

/// How much work a case is, as its pack calls it.
fn intensity_label(p: &Page, pack: &Pack, code: &str) -> String {
    pack.own_intensity(code).map_or_else(|| p.tc("case-intensity", code), |labels| labels.get(p.reader.lang).to_owned())
}

/// What a case type is called.
pub(crate) fn type_label(pack: &Pack, case_type: i16, lang: Lang) -> String {
    let found = u8::try_from(case_type).ok().and_then(|id| pack.case_type_by_id(id));
    found.map(|found| found.labels.get(lang).to_owned()).unwrap_or_default()
}

fn reasons(pack: &Pack, kind: ReasonKind, lang: Lang) -> Vec<Choice> {
    pack.reasons(kind).map(|reason| Choice::new(&reason.code, reason.labels.get(lang))).collect()
}

// Inside the case the name may stand; the browser's title and history keep the code (S13).
fn who(case: &Case, people: &[Member]) -> String {
    let subject = people.iter().find(|member| member.person_id == case.person_id);
    subject.map_or_else(|| case.code.clone(), |subject| subject.name.clone())
}

// With whom the person whom the case is about would rather speak (S25).
fn wishes(p: &Page, case: &Case, people: &[Member]) -> Vec<Entry> {
    let subject = people.iter().find(|member| member.person_id == case.person_id);
    subject.map(|one| shown::wishes(p, one.worker_sex.as_deref(), one.interpreter_sex.as_deref())).unwrap_or_default()
}

/// The same in one line, for whoever assigns the case or plans a meeting; empty where nothing was said.
pub(crate) fn wished(p: &Page, case: &Case, people: &[Member]) -> String {
    let wishes = wishes(p, case, people);
    wishes.iter().map(|wish| p.detailed(&wish.term, &wish.text)).collect::<Vec<_>>().join(" · ")
}

/// A member's name; where somebody else on the case bears it too, with what tells them apart.
pub(crate) fn told_apart(p: &Page, people: &[Member], one: &Member) -> String {
    let named = |member: &Member| (member.code.clone(), member.name.clone(), member.born_on, member.born_estimated);
    told_apart_among(p, &people.iter().map(named).collect::<Vec<_>>(), &one.code)
}

/// Somebody by code, name, and the date of birth, which may be a guess.
pub(crate) type Named = (String, String, Option<NaiveDate>, bool);

/// The name of the person of this code among others; where another bears it too, with the age, and where that is the same or not known with the
/// code.
pub(crate) fn told_apart_among(p: &Page, people: &[Named], code: &str) -> String {
    let Some((_, name, born_on, estimated)) = people.iter().find(|one| one.0 == code) else { return code.to_owned() };
    let age = |born_on: Option<NaiveDate>, estimated: bool| Some(p.reader.age(born_on?, estimated));
    let namesakes = || people.iter().filter(move |other| other.0 != code && other.1 == *name);
    if namesakes().next().is_none() {
        return name.clone();
    }
    match age(*born_on, *estimated) {
        Some(own) if namesakes().all(|other| age(other.2, other.3).as_ref() != Some(&own)) => p.signed(name, &own),
        _ => p.signed(name, code),
    }
}

/// Whose a page inside a case is, as the bar of the case says it, so that of two that are open nobody writes in the wrong one (S28).
pub(crate) async fn whose(work: &mut Work, case: &Case) -> Result<String, Error> {
    let people = store::people(work, case.id).await?;
    let name = who(case, &people);
    Ok(if name == case.code { apart(&name) } else { format!("{} · {}", apart(&name), apart(&case.code)) })
}
