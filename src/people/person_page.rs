//! The page of one person: who they are, how to reach them safely, with whom they live, what is under way that the reader may see.
use std::collections::BTreeSet;

use askama::Template;

use crate::access::Act;
use crate::error::Error;
use crate::people::elsewhere_store::{self, Known};
use crate::people::shown::{self, ShownContact};
use crate::people::store::{self, Linked};
use crate::people::{Document, Household, Membership, Person, corrections, elsewhere_pages, merge_store, search};
use crate::platform::db::Work;
use crate::platform::ids::PersonId;
use crate::web::Page;
use crate::web::parts::{Badge, Entry, Identity};

/// A line with a link.
pub(super) struct Line {
    pub href: String,
    pub text: String,
    pub note: String,
}

/// A document on the page.
pub(super) struct ShownDocument {
    kind: String,
    number: String,
    note: String,
    removal: String,
}

/// GET /people/{id}
#[derive(Template)]
#[template(path = "people/html/show.html")]
pub(super) struct PersonPage {
    p: Page,
    path: String,
    id: PersonId,
    identity: Identity,
    summary: Vec<Entry>,
    contacts: Vec<ShownContact>,
    documents: Vec<ShownDocument>,
    household: Option<Line>,
    members: Vec<Line>,
    past: Vec<Line>,
    cases: Vec<Line>,
    referrals: Vec<Line>,
    // Each with where both are compared.
    duplicates: Vec<(Line, String)>,
    // Something was joined with it, or is to be.
    has_joins: bool,
    // Other organisations that know them too, each with its desk, and those that were asked.
    known: Vec<String>,
    // Which of the data wait for a second person.
    waits: String,
    may_edit: bool,
    may_open_case: bool,
    may_refer: bool,
    may_keep_records: bool,
    may_read_log: bool,
}

impl PersonPage {
    /// Everything about this person that the actor may see.
    pub async fn load(work: &mut Work, id: PersonId) -> Result<Self, Error> {
        let person = store::find(work, id).await?;
        // The title goes to browser histories and window lists: the code, never the name (S13).
        let p = Page::of(work, person.code.clone()).await?;
        let (contacts, numbering) = (store::contacts(work, id).await?, work.ground().sms.numbering.clone());
        let documents = store::documents(work, id).await?;
        let memberships = store::households_of(work, id).await?;
        let home = store::household_of(work, id).await?;
        let cases = store::cases_of(work, id).await?;
        let referrals = store::referrals_of(work, id).await?;
        let duplicates = search::duplicates_of(work, &person).await?;
        let has_joins = merge_store::has_any(work, id).await?;
        let known = elsewhere_store::known_at(work, id).await?;
        let waiting = waiting(work, id).await?;
        Ok(Self {
            identity: Identity {
                who: person.full_name(),
                detail: shown::detail(&p, &person),
                status: Badge::default(),
                risk: Badge::default(),
                facts: Vec::new(),
                restrictions: shown::restrictions(&p, &person, &contacts),
            },
            summary: shown::summary(&p, &person),
            contacts: contacts.iter().map(|contact| shown::contact(&p, &person, contact, &numbering)).collect(),
            documents: documents.iter().map(|document| shown_document(&p, &person, document)).collect(),
            household: home.as_ref().map(|home| Line { href: home.path(), text: home.code.clone(), note: String::new() }),
            members: home.map(|home| members(&p, &home)).unwrap_or_default(),
            past: memberships.iter().filter_map(|past| left(&p, past)).collect(),
            cases: cases.iter().map(|case| linked(&p, "/cases/", "people-case", case)).collect(),
            referrals: referrals.iter().map(|referral| linked(&p, "/referrals/", "people-referral", referral)).collect(),
            duplicates: duplicates
                .iter()
                .map(|other| {
                    let line = Line { href: other.path(), text: other.full_name(), note: shown::detail(&p, other) };
                    (line, format!("{}/same/{}", person.path(), other.id))
                })
                .collect(),
            has_joins,
            known: known.iter().map(|there| known_line(&p, there)).collect(),
            waits: waits(&p, &waiting),
            may_edit: work.holds(Act::PersonEdit),
            may_open_case: work.holds(Act::CaseOpen),
            may_refer: work.holds(Act::ReferralWrite),
            may_keep_records: work.holds(Act::CaseRead),
            may_read_log: work.holds(Act::AuditRead),
            path: person.path(),
            id,
            p,
        })
    }
}

/// The fields of which a correction waits for a second person.
pub(super) async fn waiting(work: &mut Work, id: PersonId) -> Result<Vec<String>, Error> {
    let proposed = corrections::of_person(work, id).await?.items.into_iter().filter(|one| one.accepted.is_none());
    Ok(proposed.map(|one| one.field).collect::<BTreeSet<_>>().into_iter().collect())
}

fn waits(p: &Page, fields: &[String]) -> String {
    let names: Vec<String> = fields.iter().map(|field| p.tc("correction-field", field)).collect();
    if names.is_empty() { String::new() } else { p.ta("correction-waits-of", "fields", p.list(names)) }
}

// Where they are also known, or what was asked there.
fn known_line(p: &Page, there: &Known) -> String {
    match &there.open {
        Some((asked_at, due_at)) => format!("{} · {}", there.org, elsewhere_pages::open(p, asked_at, due_at)),
        None => p.ta("known-at", "org", p.list([&there.org, &there.desk])),
    }
}

// A household that they lived in before.
fn left(p: &Page, past: &Membership) -> Option<Line> {
    let left = past.left_on?;
    let note = format!("{} – {}", p.date(&past.joined_on), p.date(&left));
    Some(Line { href: format!("/households/{}", past.household_id), text: past.code.clone(), note })
}

fn shown_document(p: &Page, person: &Person, document: &Document) -> ShownDocument {
    let note = document.expires_on.map(|day| p.ta("people-expires", "date", p.date(&day)));
    ShownDocument {
        kind: p.tc("person-document", &document.kind),
        number: document.number.clone(),
        note: note.unwrap_or_default(),
        removal: format!("{}/documents/{}/removal", person.path(), document.id),
    }
}

/// Those who live there now, the head first, each with what they are to the head.
pub(super) fn members(p: &Page, home: &Household) -> Vec<Line> {
    home.present()
        .map(|member| {
            let relationship = p.tc("person-relationship", &member.relationship);
            let age = member.born_on.map(|day| p.reader.age(day, member.born_estimated));
            let note = [relationship].into_iter().chain(age).collect::<Vec<_>>().join(" · ");
            Line { href: format!("/people/{}", member.person_id), text: member.on_lists(), note }
        })
        .collect()
}

fn linked(p: &Page, start: &str, family: &str, row: &Linked) -> Line {
    let state = p.tc(family, &row.state);
    Line { href: format!("{start}{}", row.id), text: row.code.clone(), note: format!("{state} · {}", p.when(&row.at)) }
}
