//! Taking over a directory written in HSDS, as the operator. Repeatable: what has not changed is not written, and what people here keep
//! by hand is left to them.
mod entry;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::hsds::{self, Reading, RefusedRow};
use super::service::{Organisation, Service};
use super::store;
use super::vocabulary::{Vocabulary, vocabulary};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, ServiceId};

/// How many records of one kind were met, by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
    /// Changed by hand here since the last import, and left as it is.
    pub kept_by_hand: usize,
}

impl Counts {
    /// Nothing was written.
    pub fn wrote_nothing(self) -> bool {
        self.added == 0 && self.changed == 0
    }
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    pub organisations: Counts,
    pub services: Counts,
    /// Every row, or value of a row, that was not taken over.
    pub refused: Vec<RefusedRow>,
    /// Terms that are no need of any loaded pack, with how many services carry them.
    pub unmapped: BTreeMap<String, usize>,
}

impl Report {
    /// The database is as it was before.
    pub fn changed_nothing(&self) -> bool {
        self.organisations.wrote_nothing() && self.services.wrote_nothing()
    }
}

/// Takes over what was read. All or nothing: a failure leaves the directory as it was.
pub async fn import(work: &mut Work, reading: Reading) -> Result<Report, Error> {
    let known = vocabulary(work).await?;
    let mut report = Report { refused: reading.refused.clone(), ..Report::default() };
    let mut organisations: BTreeMap<&str, OrgId> = BTreeMap::new();
    for organisation in &reading.organisations {
        if let Some(id) = take_organisation(work, organisation, &mut report).await? {
            organisations.insert(&organisation.id.0, id);
        }
    }
    for service in &reading.services {
        let Some(org) = organisations.get(service.organisation.0.as_str()) else {
            report.refused.push(refused("services", &service.id.0, "organization_id", "Its organisation was refused."));
            continue;
        };
        take_service(work, *org, service, &reading, &known, &mut report).await?;
    }
    let note = json!({
        "organisations": report.organisations.added, "added": report.services.added, "changed": report.services.changed,
        "refused": report.refused.len(),
    });
    work.record(Fact::DirectoryImported, About::default().note(note)).await?;
    Ok(report)
}

// An organisation that is known stays as it is: its people or an administrator may have put it right.
async fn take_organisation(work: &mut Work, it: &hsds::Organisation, report: &mut Report) -> Result<Option<OrgId>, Error> {
    if let Some(id) = store::import::organisation(work, &it.id.0).await? {
        report.organisations.unchanged += 1;
        return Ok(Some(id));
    }
    if it.name.text.chars().count() > 200 {
        report.refused.push(refused("organizations", &it.id.0, "name", "The name is longer than 200 characters."));
        return Ok(None);
    }
    let names = json!(it.name.translations);
    let id = store::import::add_organisation(work, &it.id.0, &it.name.text, names, &it.description.text).await?;
    report.organisations.added += 1;
    Ok(Some(id))
}

async fn take_service(
    work: &mut Work,
    org: OrgId,
    it: &hsds::Service,
    reading: &Reading,
    known: &Vocabulary,
    report: &mut Report,
) -> Result<(), Error> {
    let organisation = Organisation { id: org, ..Organisation::default() };
    let mut service = match entry::of(it, Service::blank(organisation), &reading.locations, known, &mut report.unmapped) {
        Ok(service) => service,
        Err((column, reason)) => {
            report.refused.push(refused("services", &it.id.0, column, reason));
            return Ok(());
        }
    };
    let said = said(&service);
    match store::import::service(work, &it.id.0).await? {
        None => {
            store::add(work, &service).await?;
            report.services.added += 1;
        }
        Some(before) if before.imported.get("said") == Some(&said) => {
            report.services.unchanged += 1;
            return Ok(());
        }
        Some(before) if before.imported.get("version") != Some(&json!(before.version)) => {
            report.services.kept_by_hand += 1;
            return Ok(());
        }
        Some(before) => {
            take_over(work, before.id, &mut service).await?;
            report.services.changed += 1;
        }
    }
    store::save(work, &service).await?;
    store::import::set_imported(work, service.id, &it.id.0, &said).await
}

// What the data never says, such as who sees the entry and whose inbox it has, stays as it was set here.
async fn take_over(work: &mut Work, id: ServiceId, service: &mut Service) -> Result<(), Error> {
    let before = store::find(work, id).await?;
    service.id = id;
    service.version = before.version;
    service.unit = before.unit;
    service.visibility = before.visibility;
    service.cleared_types = before.cleared_types;
    service.requires_approval = before.requires_approval;
    for location in &mut service.locations {
        let Some(external_id) = &location.external_id else { continue };
        location.id = store::import::location_id(work, id, external_id).await?;
        if let Some(same) = before.locations.iter().find(|other| other.id == location.id) {
            location.visibility = same.visibility;
        }
    }
    Ok(())
}

// All that an entry takes from the data, without ids of our own: equal texts mean that nothing is to be written.
fn said(s: &Service) -> Value {
    let places: Vec<Value> = s
        .locations
        .iter()
        .map(|l| json!([l.external_id, l.name, l.admin1, l.admin2, l.address, l.latitude, l.longitude]))
        .collect();
    let hours: Vec<Value> = s.opening_hours.iter().map(|h| json!([h.weekday, h.opens, h.closes])).collect();
    json!({
        "org": s.organisation.id, "name": s.name, "names": s.names, "description": s.description, "needs": s.needs, "languages": s.languages,
        "documents": s.documents_required, "eligibility": s.eligibility, "ages": [s.min_age, s.max_age], "accessibility": s.accessibility,
        "contact": [s.phone, s.email, s.url], "status": s.status.code(), "capacity": [s.capacity, s.places_free, s.waiting_days],
        "verified_at": s.verified_at, "places": places, "hours": hours,
    })
}

fn refused(file: &str, id: &str, column: &str, reason: &str) -> RefusedRow {
    RefusedRow { file: format!("{file} {id}"), row: 0, column: column.to_owned(), reason: reason.to_owned() }
}
