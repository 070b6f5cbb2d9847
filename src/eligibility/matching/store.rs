//! What matching needs of services beside what lists show: how they are reached, and where exactly they are.
use std::collections::HashMap;

use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::ServiceId;

// More places than this of the candidates are not measured.
const MOST_PLACES: i64 = 2000;

/// What stands beside a service.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Beside {
    /// What it says of access for people with disabilities.
    pub accessibility: String,
    /// Latitude and longitude of the places that the reader may know of.
    pub places: Vec<(f64, f64)>,
}

/// What stands beside these services.
pub(super) async fn beside(work: &mut Work, ids: &[ServiceId]) -> Result<HashMap<ServiceId, Beside>, Error> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(r#"select id as "id: ServiceId", accessibility from services where id = any ($1)"#, &ids)
        .fetch_all(work.db())
        .await?;
    let mut beside: HashMap<ServiceId, Beside> =
        rows.into_iter().map(|row| (row.id, Beside { accessibility: row.accessibility, places: Vec::new() })).collect();
    let places = sqlx::query!(
        r#"select service_id as "service_id: ServiceId", latitude as "latitude!", longitude as "longitude!" from locations
           where service_id = any ($1) and latitude is not null and longitude is not null order by service_id, id limit $2"#,
        &ids,
        MOST_PLACES
    )
    .fetch_all(work.db())
    .await?;
    for place in places {
        beside.entry(place.service_id).or_default().places.push((place.latitude, place.longitude));
    }
    Ok(beside)
}
