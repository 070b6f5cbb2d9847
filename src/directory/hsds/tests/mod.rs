//! Reading and writing small samples in every form.
mod refusals;

use std::fs;
use std::path::PathBuf;

use chrono::{NaiveTime, Weekday};
use serde_json::json;

use super::{Reading, Status, read, write};

/// A folder of files that goes when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Folder(std::env::temp_dir().join(format!("hsds-{}", uuid::Uuid::new_v4())));
        for (name, text) in files {
            let path = folder.0.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn read(&self) -> Reading {
        read(&self.0).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn reasons(reading: &Reading) -> Vec<String> {
    let line = |r: &super::RefusedRow| format!("{}:{}:{}: {}", r.file, r.row, r.column, r.reason);
    reading.refused.iter().map(line).collect()
}

/// A service with something in every field that is read.
const SERVICE: &str = include_str!("sample.json");

#[test]
fn a_nested_service_is_read_whole() {
    let folder = Folder::with(&[("one.json", SERVICE)]);
    let reading = read(&folder.0.join("one.json")).unwrap();
    assert_eq!(reasons(&reading), Vec::<String>::new());
    let [service] = &reading.services[..] else { panic!("one service") };
    assert_eq!(service.name.in_language("ar"), "استشارة قانونية");
    assert_eq!(service.name.in_language("tr"), "Legal advice");
    assert_eq!(service.description.in_language("fr"), "Conseil juridique.");
    assert_eq!(service.status, Status::TemporarilyClosed);
    assert_eq!(service.url.as_deref(), Some("https://www.harbour.example/legal"));
    assert_eq!((service.minimum_age, service.maximum_age), (Some(18.0), Some(99.5)));
    assert_eq!(service.modified_at.unwrap().to_rfc3339(), "2026-02-03T08:00:00+00:00");
    assert_eq!(service.organisation, reading.organisations[0].id);
    assert_eq!(service.phones[0].languages[0].code.as_deref(), Some("ku"));
    assert_eq!(service.languages.len(), 1);
    assert_eq!(service.schedules[0].weekly().collect::<Vec<_>>(), [Weekday::Mon, Weekday::Tue]);
    assert_eq!(service.schedules[0].opens_at, NaiveTime::from_hms_opt(9, 0, 0));
    assert_eq!(service.documents[0].name.in_language("ar"), "إثبات الهوية");
    assert_eq!(service.capacities[0].unit_name, "appointments");
    assert_eq!(service.attributes[0].term.taxonomy.as_deref(), Some("Needs"));
    assert_eq!(service.attributes[1].term.name.text, "women only");
    let place = &service.places[0];
    assert_eq!(place.schedules[0].days.iter().map(|day| day.nth).collect::<Vec<_>>(), [Some(2), Some(-1)]);
    assert_eq!(place.schedules[0].weekly().count(), 0);
    let location = &reading.locations[0];
    assert_eq!((&place.location, location.latitude), (&location.id, Some(31.95)));
    assert_eq!(location.addresses[0].region.as_deref(), Some("Downtown"));
    assert_eq!(location.accessibility.len(), 1);
}

#[test]
fn what_is_written_reads_back_the_same() {
    let folder = Folder::with(&[("one.json", SERVICE)]);
    let first = folder.read();
    let (organisation, offered) = (&first.organisations[0], &first.services[0]);
    let alone = write::service(offered, organisation, &first.locations).to_string();
    let whole = write::organisation(organisation, &first.services, &first.locations).to_string();
    let paging = write::Page { number: 1, size: 50, total_items: 1 };
    let paged = write::page(paging, &[write::service(offered, organisation, &first.locations)]).to_string();
    for text in [&alone, &whole, &paged] {
        let again = Folder::with(&[("out.json", text)]).read();
        assert_eq!(again, first, "{text}");
    }
}

#[test]
fn every_shape_of_json_is_recognised() {
    let organisation = json!({ "id": "o1", "name": "Harbour", "description": "" });
    let plain = json!({ "id": "s1", "name": "Advice", "status": "active", "organization": organisation });
    let location = json!({ "id": "k1", "location_type": "virtual" });
    let whole = json!({ "id": "o1", "name": "Harbour", "description": "", "services": [
        { "id": "s1", "name": "Advice", "status": "active", "locations": [location] }] });
    let link = json!({ "id": "sl", "service": plain, "location": location });
    let table = [
        (plain.to_string(), (1, 1, 0)),
        (json!([plain, plain]).to_string(), (1, 1, 0)),
        (json!({ "total_pages": 1, "page_number": 1, "contents": [plain] }).to_string(), (1, 1, 0)),
        (json!({ "contents": [] }).to_string(), (0, 0, 0)),
        (json!({ "organizations": [organisation], "locations": [location] }).to_string(), (1, 0, 1)),
        (whole.to_string(), (1, 1, 1)),
        (json!([link]).to_string(), (1, 1, 1)),
        (location.to_string(), (0, 0, 1)),
        (format!("\u{feff}{organisation}"), (1, 0, 0)),
    ];
    for (text, expected) in table {
        let reading = Folder::with(&[("in.json", &text)]).read();
        let found = (reading.organisations.len(), reading.services.len(), reading.locations.len());
        assert_eq!((found, reasons(&reading)), (expected, Vec::new()), "{text}");
        let placed = reading.services.iter().map(|service| service.places.len()).sum::<usize>();
        assert_eq!(placed, found.1.min(found.2), "{text}");
    }
}

#[test]
fn a_folder_of_tables_is_read_with_and_without_its_package() {
    let package = r#"{"resources": [{"name": "organization", "path": "bodies.csv"}, {"name": "funding", "path": "money.csv"}]}"#;
    let tables: &[(&str, &str)] = &[
        (
            "services.csv",
            "id,organization_id,name,name_ar,status,minimum_age\ns1,o1,Advice,استشارة,active,\ns2,o1,\"Shelter,\nnight\",,active,18\n",
        ),
        ("locations.csv", "id,location_type,organization_id,latitude,longitude\nk1,physical,o1,31.9,35.9\n"),
        ("service_at_location.csv", "id,service_id,location_id\nsl1,s1,k1\n"),
        ("phones.csv", "id,service_at_location_id,contact_id,number\np1,sl1,,111\np2,,n1,222\n"),
        ("contacts.csv", "id,service_id,name\nn1,s2,Front desk\n"),
        ("languages.csv", "id,service_id,phone_id,code\nl1,s1,,ar\nl2,,p2,fr\n"),
        ("taxonomies.csv", "id,name,description\nx1,Needs,\n"),
        ("taxonomy_terms.csv", "id,code,name,description,taxonomy_id\nt1,LEG,Legal aid,,x1\n"),
        ("attributes.csv", "id,link_id,link_entity,taxonomy_term_id\na1,s1,service,t1\n"),
        ("service_capacity.csv", "id,service_id,unit_id,available\nc1,s2,u1,3\n"),
        ("units.csv", "id,name\nu1,beds\n"),
    ];
    let bodies = "\u{feff}ID,Name,Description,website\no1,Harbour,A house of help,https://harbour.example\n";
    let mut described = tables.to_vec();
    described.extend([("bodies.csv", bodies), ("money.csv", "id\nf1\n"), ("datapackage.json", package)]);
    let mut plain = tables.to_vec();
    plain.push(("organizations.csv", bodies));
    let (described, plain) = (Folder::with(&described).read(), Folder::with(&plain).read());
    assert_eq!(reasons(&described), Vec::<String>::new());
    assert_eq!(described, plain);
    let [advice, shelter] = &plain.services[..] else { panic!("two services") };
    assert_eq!(advice.name.in_language("ar"), "استشارة");
    assert_eq!(advice.places[0].phones[0].number, "111");
    assert_eq!(advice.attributes[0].term.taxonomy.as_deref(), Some("Needs"));
    assert_eq!(shelter.name.text, "Shelter,\nnight");
    assert_eq!(shelter.phones[0].languages[0].code.as_deref(), Some("fr"));
    assert_eq!(shelter.capacities[0].unit_name, "beds");
}

#[test]
fn a_record_nested_in_many_others_belongs_to_each() {
    let offered = |id: &str| {
        json!({ "id": id, "name": "Advice", "status": "active", "organization": { "id": "o1", "name": "Harbour" },
            "languages": [{ "id": "l1", "code": "ar" }],
            "phones": [{ "id": "p1", "number": "111", "service_id": "stale" }],
            "service_at_locations": [{ "id": format!("at-{id}"), "location": { "id": "k1", "location_type": "physical",
                "phones": [{ "id": "p2", "number": "222" }] } }] })
    };
    let reading = Folder::with(&[("a.json", &json!([offered("s1"), offered("s2")]).to_string())]).read();
    assert_eq!(reasons(&reading), Vec::<String>::new());
    for service in &reading.services {
        assert_eq!((service.languages.len(), service.phones.len(), service.places.len()), (1, 1, 1));
    }
    assert_eq!(reading.locations[0].phones.len(), 1);
}
