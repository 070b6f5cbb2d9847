//! The directory over REST: search, one service, its capacity.
use axum::Json;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::actions;
use super::service::{Listed, Service};
use super::store::{self, Capacity, Openness, PAGE, Question, Taking};
use crate::api::{Asked, IfMatch, versioned};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::ServiceId;
use crate::web::Routes;
use crate::web::form::{Path, Query};

/// The REST routes of the directory.
pub fn routes() -> Routes {
    Routes::new().described::<Described>().api("GET", "/api/v1/services", list).api("GET", "/api/v1/services/{id}", show).api(
        "PUT",
        "/api/v1/services/{id}/capacity",
        put_capacity,
    )
}

/// A page of services.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceList {
    /// How many services answer the question in all.
    total: i64,
    page: i64,
    services: Vec<ServiceSummary>,
}

/// A service in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceSummary {
    id: Uuid,
    name: String,
    organisation: String,
    /// Referrals reach an inbox in this program.
    in_system: bool,
    needs: Vec<String>,
    languages: Vec<String>,
    admin1: String,
    admin2: String,
    accepting: bool,
    places_free: Option<i32>,
    waiting_days: Option<i32>,
    requires_approval: bool,
    /// The kind of the agreement between the caller's organisation and the provider.
    agreement: Option<String>,
    verified_at: Option<DateTime<Utc>>,
}

impl From<Listed> for ServiceSummary {
    fn from(it: Listed) -> Self {
        Self {
            id: it.id.0,
            name: it.name,
            organisation: it.org_name,
            in_system: it.in_system,
            needs: it.needs,
            languages: it.languages,
            admin1: it.admin1,
            admin2: it.admin2,
            accepting: it.accepting,
            places_free: it.places_free,
            waiting_days: it.waiting_days,
            requires_approval: it.requires_approval,
            agreement: it.agreement,
            verified_at: it.verified_at,
        }
    }
}

/// A service with its particulars.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceRecord {
    id: Uuid,
    version: i32,
    name: String,
    names: std::collections::BTreeMap<String, String>,
    organisation: String,
    in_system: bool,
    description: String,
    needs: Vec<String>,
    languages: Vec<String>,
    documents_required: String,
    eligibility: String,
    min_age: Option<i32>,
    max_age: Option<i32>,
    sexes: Vec<String>,
    accessibility: String,
    phone: String,
    email: String,
    url: String,
    status: &'static str,
    accepting: bool,
    capacity: Option<i32>,
    places_free: Option<i32>,
    waiting_days: Option<i32>,
    requires_approval: bool,
    visibility: &'static str,
    agreement: Option<String>,
    verified_at: Option<DateTime<Utc>>,
    locations: Vec<ServiceLocation>,
    opening_hours: Vec<ServiceHours>,
}

/// A place of a service.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceLocation {
    name: String,
    admin1: String,
    admin2: String,
    address: String,
}

/// Hours on a weekday, 1 Monday to 7 Sunday; hours that close before they open last past midnight.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceHours {
    weekday: i16,
    /// `09:00`
    opens: String,
    /// `13:00`
    closes: String,
}

impl From<Service> for ServiceRecord {
    fn from(it: Service) -> Self {
        let accepting = it.accepts();
        let locations = it.locations.into_iter();
        let hours = it.opening_hours.iter();
        Self {
            id: it.id.0,
            version: it.version,
            name: it.name,
            names: it.names,
            organisation: it.organisation.name,
            in_system: it.organisation.in_system,
            description: it.description,
            needs: it.needs,
            languages: it.languages,
            documents_required: it.documents_required,
            eligibility: it.eligibility,
            min_age: it.min_age,
            max_age: it.max_age,
            sexes: it.sexes,
            accessibility: it.accessibility,
            phone: it.phone,
            email: it.email,
            url: it.url,
            status: it.status.code(),
            accepting,
            capacity: it.capacity,
            places_free: it.places_free,
            waiting_days: it.waiting_days,
            requires_approval: it.requires_approval,
            visibility: it.visibility.code(),
            agreement: it.agreement.map(|agreement| agreement.kind),
            verified_at: it.verified_at,
            locations: locations
                .map(|l| ServiceLocation { name: l.name, admin1: l.admin1, admin2: l.admin2, address: l.address })
                .collect(),
            opening_hours: hours
                .map(|h| ServiceHours {
                    weekday: h.weekday,
                    opens: h.opens.format("%H:%M").to_string(),
                    closes: h.closes.format("%H:%M").to_string(),
                })
                .collect(),
        }
    }
}

/// What is free now.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ServiceCapacity {
    places_free: Option<i32>,
    waiting_days: Option<i32>,
    #[serde(default)]
    not_accepting: bool,
}

/// Search the directory.
#[utoipa::path(get, path = "/api/v1/services", tag = "services",
    params(("q" = Option<String>, Query), ("need" = Option<String>, Query), ("area" = Option<String>, Query), ("language" = Option<String>, Query),
        ("open_now" = Option<bool>, Query), ("accepting" = Option<bool>, Query), ("page" = Option<i64>, Query)),
    responses((status = 200, body = ServiceList)))]
async fn list(mut work: Work, Query(mut query): Query) -> Result<Response, Error> {
    let question = Question {
        text: query.text_maybe("q", 200),
        need: query.value("need").to_owned(),
        area: query.value("area").to_owned(),
        language: query.value("language").to_owned(),
        open: if query.ticked("open_now") { Openness::Now } else { Openness::Any },
        taking: if query.ticked("accepting") { Taking::AcceptingNow } else { Taking::Any },
        page: query.parsed_maybe("page").unwrap_or(1).clamp(1, 100_000),
        size: PAGE,
        ..Question::default()
    };
    query.check()?;
    let page = question.page;
    let found = store::search(&mut work, &question).await?;
    work.commit().await?;
    let services = found.services.into_iter().map(ServiceSummary::from).collect();
    Ok(Json(ServiceList { total: found.total, page, services }).into_response())
}

/// One service. Its version is the `ETag`.
#[utoipa::path(get, path = "/api/v1/services/{id}", tag = "services", params(("id" = Uuid, Path)),
    responses((status = 200, body = ServiceRecord)))]
async fn show(mut work: Work, Path(id): Path<ServiceId>) -> Result<Response, Error> {
    let service = store::find(&mut work, id).await?;
    work.commit().await?;
    Ok(versioned(service.version, ServiceRecord::from(service)))
}

/// Say what is free now, over the version that was read.
#[utoipa::path(put, path = "/api/v1/services/{id}/capacity", tag = "services", params(("id" = Uuid, Path)), request_body = ServiceCapacity,
    responses((status = 200, body = ServiceRecord)))]
async fn put_capacity(
    mut work: Work,
    Path(id): Path<ServiceId>,
    IfMatch(version): IfMatch,
    asked: Asked<ServiceCapacity>,
) -> Result<Response, Error> {
    actions::kept(&mut work, id).await?;
    let ServiceCapacity { places_free, waiting_days, not_accepting } = asked.body;
    for (field, number) in [("places_free", places_free), ("waiting_days", waiting_days)] {
        if number.is_some_and(|number| !(0..=3650).contains(&number)) {
            return Err(invalid(field, "not_understood"));
        }
    }
    actions::set_capacity(&mut work, id, Some(version), Capacity { places_free, waiting_days, not_accepting }).await?;
    let service = store::find(&mut work, id).await?;
    work.commit().await?;
    Ok(versioned(service.version, ServiceRecord::from(service)))
}

#[derive(OpenApi)]
#[openapi(paths(list, show, put_capacity))]
struct Described;
