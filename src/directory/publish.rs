//! The open-data face: public services and their organisations as HSDS 3.1, for everybody. Nothing hidden, no staff (S14).
use axum::Json;
use chrono::{NaiveTime, Weekday};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::hsds::{self, HsdsId, Wording, write};
use super::service::Status;
use super::store::open::{self, Public, PublicOrganisation};
use crate::error::Error;
use crate::platform::db::Work;
use crate::web::Routes;
use crate::web::form::{Path, Query};

// What one answer holds at most.
const MOST: i32 = 100;

/// The open-data routes.
pub fn routes() -> Routes {
    Routes::new().open("GET", "/hsds/services", services).open("GET", "/hsds/services/{id}", service).open(
        "GET",
        "/hsds/organizations",
        organisations,
    )
}

/// GET /hsds/services
async fn services(mut work: Work, Query(mut query): Query) -> Result<Json<Value>, Error> {
    let (number, size) = asked(&mut query);
    let found = open::services(&mut work, None, (number - 1) * size, size).await?;
    let total = found.first().map_or(0, |service| service.total);
    let written = found.into_iter().map(record).collect::<Result<Vec<Value>, Error>>()?;
    Ok(Json(write::page(page(number, size, total), &written)))
}

/// GET /hsds/services/{id}
async fn service(mut work: Work, Path(id): Path<Uuid>) -> Result<Json<Value>, Error> {
    let found = open::services(&mut work, Some(id), 0, 1).await?;
    record(found.into_iter().next().ok_or(Error::NotFound)?).map(Json)
}

/// GET /hsds/organizations
async fn organisations(mut work: Work, Query(mut query): Query) -> Result<Json<Value>, Error> {
    let (number, size) = asked(&mut query);
    let found = open::organisations(&mut work, (number - 1) * size, size).await?;
    let total = found.first().map_or(0, |organisation| organisation.total);
    let written: Vec<Value> =
        found.into_iter().map(organisation).map(|organisation| write::organisation(&organisation, &[], &[])).collect();
    Ok(Json(write::page(page(number, size, total), &written)))
}

fn asked(query: &mut crate::web::Form) -> (i32, i32) {
    let number = query.parsed_maybe("page").unwrap_or(1).clamp(1, 100_000);
    (number, query.parsed_maybe("per_page").unwrap_or(MOST).clamp(1, MOST))
}

fn page(number: i32, size: i32, total: i64) -> write::Page {
    let count = |number: i64| usize::try_from(number).unwrap_or_default();
    write::Page { number: count(number.into()), size: count(size.into()), total_items: count(total) }
}

fn wording(text: String, translations: Value) -> Wording {
    Wording { text, translations: serde_json::from_value(translations).unwrap_or_default() }
}

fn filled(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn organisation(it: PublicOrganisation) -> hsds::Organisation {
    hsds::Organisation {
        id: HsdsId(it.id.to_string()),
        name: wording(it.name, it.names),
        description: Wording { text: it.description, ..Wording::default() },
        ..hsds::Organisation::default()
    }
}

#[derive(Deserialize)]
struct At {
    id: Uuid,
    name: String,
    admin1: String,
    admin2: String,
    address: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

#[derive(Deserialize)]
struct Hours {
    id: Uuid,
    weekday: i16,
    opens: NaiveTime,
    closes: NaiveTime,
}

fn record(it: Public) -> Result<Value, Error> {
    let places: Vec<At> = serde_json::from_value(it.places.clone()).map_err(anyhow::Error::from)?;
    let hours: Vec<Hours> = serde_json::from_value(it.hours.clone()).map_err(anyhow::Error::from)?;
    let organisation = hsds::Organisation {
        id: HsdsId(it.org.to_string()),
        name: wording(it.org_name.clone(), it.org_names.clone()),
        description: Wording { text: it.org_description.clone(), ..Wording::default() },
        ..hsds::Organisation::default()
    };
    let at = |place: &At| hsds::Place {
        id: HsdsId(place.id.to_string()),
        location: HsdsId(place.id.to_string()),
        ..hsds::Place::default()
    };
    let service = hsds::Service {
        places: places.iter().map(at).collect(),
        schedules: hours.into_iter().filter_map(|it| schedule(&it)).collect(),
        organisation: organisation.id.clone(),
        ..particulars(it)
    };
    let locations: Vec<hsds::Location> = places.into_iter().map(location).collect();
    Ok(write::service(&service, &organisation, &locations))
}

fn particulars(it: Public) -> hsds::Service {
    let id = it.id.to_string();
    let part = |kind: &str, tail: &str| HsdsId(format!("{id}-{kind}-{tail}"));
    let phones = filled(it.phone).map(|number| hsds::Phone { id: part("phone", "1"), number, ..hsds::Phone::default() });
    let documents = filled(it.documents_required).map(|text| hsds::Document {
        id: part("document", "1"),
        name: Wording { text, ..Wording::default() },
        url: None,
    });
    let capacity = it.places_free.map(|free| hsds::Capacity {
        id: part("capacity", "1"),
        unit: part("unit", "places"),
        unit_name: "places".to_owned(),
        available: f64::from(free),
        maximum: it.capacity.map(f64::from),
        updated_at: it.verified_at,
        ..hsds::Capacity::default()
    });
    let attribute = |code: &String| hsds::Attribute {
        id: part("need", code),
        kind: Some("need".to_owned()),
        value: None,
        term: hsds::Term {
            code: Some(code.clone()),
            name: Wording { text: code.clone(), ..Wording::default() },
            ..hsds::Term::default()
        },
    };
    hsds::Service {
        attributes: it.needs.iter().map(attribute).collect(),
        languages: it
            .languages
            .iter()
            .map(|code| hsds::Language { id: part("language", code), code: Some(code.clone()), ..hsds::Language::default() })
            .collect(),
        phones: phones.into_iter().collect(),
        documents: documents.into_iter().collect(),
        capacities: capacity.into_iter().collect(),
        name: wording(it.name, it.names),
        description: Wording { text: it.description, ..Wording::default() },
        url: filled(it.url),
        email: filled(it.email),
        status: match Status::of(&it.status) {
            Status::Active => hsds::Status::Active,
            Status::Inactive => hsds::Status::Inactive,
            Status::Defunct => hsds::Status::Defunct,
            Status::TemporarilyClosed => hsds::Status::TemporarilyClosed,
        },
        wait_time: it.waiting_days.map(|days| format!("{days} days")),
        eligibility: Wording { text: it.eligibility, ..Wording::default() },
        minimum_age: it.min_age.map(f64::from),
        maximum_age: it.max_age.map(f64::from),
        assured_on: it.verified_at.map(|at| at.date_naive()),
        id: HsdsId(id),
        ..hsds::Service::default()
    }
}

fn location(place: At) -> hsds::Location {
    let id = HsdsId(place.id.to_string());
    let address = hsds::Address {
        id: HsdsId(format!("{}-address", id.0)),
        line_1: place.address,
        city: place.admin2,
        state_province: place.admin1,
        ..hsds::Address::default()
    };
    hsds::Location {
        id,
        name: Wording { text: place.name, ..Wording::default() },
        latitude: place.latitude,
        longitude: place.longitude,
        addresses: vec![address],
        ..hsds::Location::default()
    }
}

fn schedule(it: &Hours) -> Option<hsds::Schedule> {
    let weekday = Weekday::try_from(u8::try_from(it.weekday - 1).ok()?).ok()?;
    Some(hsds::Schedule {
        id: HsdsId(it.id.to_string()),
        frequency: Some(hsds::Frequency::Weekly),
        days: vec![hsds::Day { nth: None, weekday }],
        opens_at: Some(it.opens),
        closes_at: Some(it.closes),
        ..hsds::Schedule::default()
    })
}
