//! How a consent reads on a page.
use super::consent::{Basis, Consent, Kind, Standing};
use super::store::{CasePerson, Recalled, Recipient};
use crate::packs::{Pack, ReasonKind, Word};
use crate::platform::ids::{OrgId, PersonId};
use crate::platform::text::has;
use crate::web::Page;
use crate::web::parts::{Badge, Entry, Tone};

/// One line of a case's list.
pub struct Row {
    /// Its page.
    pub href: String,
    /// What was said, by whom.
    pub what: String,
    /// What for, which tells apart what reads alike.
    pub purpose: String,
    /// The person it is about.
    pub person: String,
    /// For whom.
    pub to: String,
    /// From when until when.
    pub dates: String,
    /// How it stands.
    pub badge: Badge,
}

/// What codes and ids of a consent are called.
pub struct Names<'a> {
    /// Sections and reasons.
    pub pack: &'a Pack,
    /// The people of the case.
    pub people: &'a [CasePerson],
    /// Organisations.
    pub recipients: &'a [Recipient],
    /// The unsealed words.
    pub note: &'a str,
}

/// One line of a case's list.
pub fn row(p: &Page, consent: &Consent, people: &[CasePerson], recipients: &[Recipient]) -> Row {
    let until = consent.expires_on.map(|last| format!(" – {}", p.date(&last))).unwrap_or_default();
    Row {
        href: consent.path(),
        what: heading(p, consent),
        purpose: consent.purpose.clone(),
        person: person(people, consent.person_id),
        to: to(p, consent, recipients),
        dates: format!("{}{until}", p.date(&consent.given_on)),
        badge: badge(p, consent.standing(p.reader.today(), p.reader.now)),
    }
}

/// How a receiver was asked to delete its copies: where that stands, and in words.
pub fn recalled(p: &Page, one: &Recalled) -> (String, String) {
    let how = match (one.confirmed, one.outside, one.by_hand, one.mailed_at) {
        (true, ..) => p.t("consent-recall-confirmed"),
        (_, false, ..) => p.t("consent-recall-here"),
        (_, _, true, _) => p.t("consent-recall-by-hand"),
        (_, _, _, Some(at)) => p.ta("consent-recall-mailed", "day", p.reader.day(at)),
        _ => p.t("consent-recall-asking"),
    };
    (format!("/referrals/{}", one.id), p.detailed(&format!("{} · {}", one.org, one.code), &how))
}

/// How a host of a community project was asked to delete what it was told.
pub fn host_asked(p: &Page, consent: &Consent, one: &crate::projects::store::hosted::Asked) -> (String, String) {
    let how = p.t(if one.deleted { "consent-recall-confirmed" } else { "consent-recall-here" });
    let href = format!("/cases/{}/placements/{}", consent.case_id, one.placement);
    (href, p.detailed(&format!("{} · {}", one.org, one.project), &how))
}

/// What it is: "Consent", "Refusal", "Vital interest" …
pub fn heading(p: &Page, consent: &Consent) -> String {
    if consent.basis == Basis::Consent {
        p.tc("consent-kind", consent.kind.as_str())
    } else {
        p.tc("consent-basis", consent.basis.as_str())
    }
}

/// How it stands.
pub fn badge(p: &Page, standing: Standing) -> Badge {
    let tone = match standing {
        Standing::Live => Tone::Good,
        Standing::AwaitsAgreement | Standing::Expired => Tone::Warning,
        Standing::Withdrawn | Standing::Refused | Standing::Rejected => Tone::Danger,
        Standing::Beside => Tone::Neutral,
    };
    Badge::new(p.tc("consent-standing", standing.code()), tone)
}

/// Everything that was recorded.
pub fn entries(p: &Page, consent: &Consent, names: &Names<'_>) -> Vec<Entry> {
    let yes_no = |yes| p.tc("consent-told", if yes { "yes" } else { "no" });
    let sections = consent
        .sections
        .iter()
        .map(|code| names.pack.section(code).map_or(code.as_str(), |section| section.labels.get(p.reader.lang)));
    let mut list = vec![
        Entry::new(p.t("consent-person"), person(names.people, consent.person_id)),
        Entry::new(p.t("consent-to"), to(p, consent, names.recipients)),
        Entry::new(p.t("consent-sections"), sections.collect::<Vec<_>>().join(" · ")),
        Entry::new(p.t("consent-given-on"), p.date(&consent.given_on)),
        Entry::new(p.t("consent-expires-on"), consent.expires_on.map(|last| p.date(&last)).unwrap_or_default()),
        Entry::new(p.t("consent-recorded-by"), format!("{}, {}", consent.recorded_by_name, p.moment(&consent.recorded_at))),
    ];
    let mut add = |key: &str, words: String| {
        if !words.is_empty() {
            list.push(Entry::new(p.t(key), words));
        }
    };
    add("consent-purpose", consent.purpose.clone());
    if consent.for_tracing {
        add("consent-for-tracing", yes_no(true));
    }
    add("consent-note", names.note.to_owned());
    add("consent-law", consent.law.clone());
    if consent.basis == Basis::Consent {
        add("consent-given-by", given_by(p, consent, names.people));
        add("consent-form", consent.form.map(|form| p.tc("consent-form", form.as_str())).unwrap_or_default());
        add("consent-witness", consent.witness.clone());
        add("consent-language", consent.language.as_deref().map(|said| language(p, said)).unwrap_or_default());
        add("consent-interpreter", consent.interpreter.clone());
        if consent.interpreter_bound {
            add("consent-interpreter-bound", yes_no(true));
        }
        if consent.kind != Kind::Refused {
            add("consent-spoken-alone", yes_no(consent.spoken_alone));
            add("consent-understood", yes_no(consent.understood));
        }
    } else {
        let reason = consent.reason.as_deref().and_then(|code| names.pack.reason(ReasonKind::Basis, code));
        add("consent-reason", reason.map(|reason| reason.labels.get(p.reader.lang).to_owned()).unwrap_or_default());
        add("consent-told", consent.told.map_or_else(|| p.t("consent-told-open"), yes_no));
        add("consent-not-told-reason", consent.not_told_reason.clone());
        add("consent-second-agreed", consent.second_agreed_at.map(|at| p.moment(&at)).unwrap_or_default());
        add(
            "consent-second-due",
            consent.second_due_at.filter(|_| consent.second_agreed_at.is_none()).map(|at| p.moment(&at)).unwrap_or_default(),
        );
        add(
            "consent-finding",
            consent.review_finding.as_deref().map(|finding| p.tc("consent-finding", finding)).unwrap_or_default(),
        );
    }
    add("consent-withdrawn-at", consent.withdrawn_at.map(|at| p.moment(&at)).unwrap_or_default());
    list
}

// A code by its name, and whatever else was typed as it stands.
fn language(p: &Page, said: &str) -> String {
    let known = has(p.reader.lang, &format!("person-language-{said}"));
    if known { p.tc("person-language", said) } else { said.to_owned() }
}

fn given_by(p: &Page, consent: &Consent, people: &[CasePerson]) -> String {
    let who = p.tc("consent-giver", consent.given_by.as_str());
    match consent.given_by_person {
        Some(id) => p.detailed(&who, &person(people, id)),
        None => who,
    }
}

fn person(people: &[CasePerson], id: PersonId) -> String {
    people.iter().find(|known| known.id == id).map(|known| known.name.clone()).unwrap_or_default()
}

fn to(p: &Page, consent: &Consent, recipients: &[Recipient]) -> String {
    let name = |id: &OrgId| recipients.iter().find(|org| org.id == *id).map(|org| org.name.clone());
    let kinds = consent.to_kinds.iter().map(|kind| p.tc("consent-org-kind", kind));
    consent.to_orgs.iter().filter_map(name).chain(kinds).collect::<Vec<_>>().join(" · ")
}
