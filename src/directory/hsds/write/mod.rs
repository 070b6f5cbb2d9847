//! Publishing: organisations and services as HSDS 3.1 JSON, each record complete in itself.
mod parts;

use serde_json::{Map, Value, json};

use self::parts::{
    accessibility, address, area, attribute, capacity, date, document, kind, language, moment, number, phone, put, put_list,
    put_wording, schedule, status,
};
use super::shapes::{Location, Organisation, Place, Service};

/// A service with its organisation and those of the locations where it is offered.
pub fn service(service: &Service, organisation: &Organisation, locations: &[Location]) -> Value {
    let mut record = bare_service(service, locations);
    record.insert("organization".to_owned(), Value::Object(bare_organisation(organisation)));
    Value::Object(record)
}

/// An organisation with its services and locations; those of other organisations are passed over.
pub fn organisation(organisation: &Organisation, services: &[Service], locations: &[Location]) -> Value {
    let mut record = bare_organisation(organisation);
    let own = services.iter().filter(|service| service.organisation == organisation.id);
    let services = own.map(|service| Value::Object(bare_service(service, locations))).collect();
    let own = locations.iter().filter(|location| location.organisation.as_ref() == Some(&organisation.id));
    let locations = own.map(location).collect();
    put_list(&mut record, "services", services);
    put_list(&mut record, "locations", locations);
    Value::Object(record)
}

/// Which page of a list this is; pages are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    pub number: usize,
    pub size: usize,
    pub total_items: usize,
}

/// A page of a list, around records that were already written.
pub fn page(page: Page, contents: &[Value]) -> Value {
    let pages = page.total_items.div_ceil(page.size.max(1));
    json!({
        "total_items": page.total_items,
        "total_pages": pages,
        "page_number": page.number,
        "size": contents.len(),
        "first_page": page.number <= 1,
        "last_page": page.number >= pages,
        "empty": contents.is_empty(),
        "contents": contents,
    })
}

fn bare_organisation(it: &Organisation) -> Map<String, Value> {
    let mut record = Map::new();
    put(&mut record, "id", &it.id.0);
    put_wording(&mut record, "name", &it.name);
    put(&mut record, "alternate_name", &it.alternate_name);
    put_wording(&mut record, "description", &it.description);
    put(&mut record, "email", &it.email);
    put(&mut record, "website", &it.website);
    put(&mut record, "parent_organization_id", it.parent.as_ref().map(|id| &id.0));
    put_list(&mut record, "phones", it.phones.iter().map(phone).collect());
    put_list(&mut record, "attributes", it.attributes.iter().map(|a| attribute(a, "organization", &it.id.0)).collect());
    record
}

fn bare_service(it: &Service, locations: &[Location]) -> Map<String, Value> {
    let mut record = Map::new();
    put(&mut record, "id", &it.id.0);
    put(&mut record, "organization_id", &it.organisation.0);
    put_wording(&mut record, "name", &it.name);
    put(&mut record, "alternate_name", &it.alternate_name);
    put_wording(&mut record, "description", &it.description);
    put(&mut record, "url", &it.url);
    put(&mut record, "email", &it.email);
    put(&mut record, "status", status(it.status));
    put(&mut record, "application_process", &it.application_process);
    put(&mut record, "interpretation_services", &it.interpretation);
    put(&mut record, "fees_description", &it.fees);
    put(&mut record, "wait_time", &it.wait_time);
    put_wording(&mut record, "eligibility_description", &it.eligibility);
    put(&mut record, "minimum_age", it.minimum_age.map(number));
    put(&mut record, "maximum_age", it.maximum_age.map(number));
    put(&mut record, "alert", &it.alert);
    put(&mut record, "assured_date", it.assured_on.map(date));
    put(&mut record, "assurer_email", &it.assurer_email);
    put(&mut record, "last_modified", it.modified_at.map(moment));
    put_parts(&mut record, it, locations);
    record
}

fn put_parts(record: &mut Map<String, Value>, it: &Service, locations: &[Location]) {
    put_list(record, "phones", it.phones.iter().map(phone).collect());
    put_list(record, "schedules", it.schedules.iter().map(schedule).collect());
    put_list(record, "service_areas", it.areas.iter().map(area).collect());
    put_list(record, "service_at_locations", it.places.iter().map(|p| place(p, it, locations)).collect());
    put_list(record, "languages", it.languages.iter().map(language).collect());
    put_list(record, "required_documents", it.documents.iter().map(document).collect());
    put_list(record, "capacities", it.capacities.iter().map(|c| capacity(c, it.modified_at)).collect());
    put_list(record, "attributes", it.attributes.iter().map(|a| attribute(a, "service", &it.id.0)).collect());
}

fn place(it: &Place, service: &Service, locations: &[Location]) -> Value {
    let mut record = Map::new();
    put(&mut record, "id", &it.id.0);
    put(&mut record, "service_id", &service.id.0);
    put(&mut record, "location_id", &it.location.0);
    put(&mut record, "description", &it.description);
    put(&mut record, "location", locations.iter().find(|other| other.id == it.location).map(location));
    put_list(&mut record, "service_areas", it.areas.iter().map(area).collect());
    put_list(&mut record, "phones", it.phones.iter().map(phone).collect());
    put_list(&mut record, "schedules", it.schedules.iter().map(schedule).collect());
    Value::Object(record)
}

fn location(it: &Location) -> Value {
    let mut record = Map::new();
    put(&mut record, "id", &it.id.0);
    put(&mut record, "location_type", kind(it.kind));
    put(&mut record, "organization_id", it.organisation.as_ref().map(|id| &id.0));
    put_wording(&mut record, "name", &it.name);
    put(&mut record, "alternate_name", &it.alternate_name);
    put_wording(&mut record, "description", &it.description);
    put(&mut record, "transportation", &it.transportation);
    put(&mut record, "url", &it.url);
    put(&mut record, "latitude", it.latitude);
    put(&mut record, "longitude", it.longitude);
    put_list(&mut record, "addresses", it.addresses.iter().map(address).collect());
    put_list(&mut record, "accessibility", it.accessibility.iter().map(accessibility).collect());
    put_list(&mut record, "phones", it.phones.iter().map(phone).collect());
    put_list(&mut record, "schedules", it.schedules.iter().map(schedule).collect());
    put_list(&mut record, "languages", it.languages.iter().map(language).collect());
    put_list(&mut record, "attributes", it.attributes.iter().map(|a| attribute(a, "location", &it.id.0)).collect());
    Value::Object(record)
}
