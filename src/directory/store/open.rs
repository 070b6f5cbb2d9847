//! The open-data face, through functions that publish public entries and nothing else (S14): their reader is nobody.
use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::error::Error;
use crate::platform::db::Work;

/// A public service.
pub struct Public {
    pub id: Uuid,
    pub org: Uuid,
    pub org_name: String,
    pub org_names: Value,
    pub org_description: String,
    pub name: String,
    pub names: Value,
    pub description: String,
    pub needs: Vec<String>,
    pub languages: Vec<String>,
    pub documents_required: String,
    pub eligibility: String,
    pub min_age: Option<i32>,
    pub max_age: Option<i32>,
    pub phone: String,
    pub email: String,
    pub url: String,
    pub status: String,
    pub capacity: Option<i32>,
    pub places_free: Option<i32>,
    pub waiting_days: Option<i32>,
    pub verified_at: Option<DateTime<Utc>>,
    pub places: Value,
    pub hours: Value,
    pub total: i64,
}

/// Public services, all or one, from `skip` on.
pub async fn services(work: &mut Work, id: Option<Uuid>, skip: i32, most: i32) -> Result<Vec<Public>, Error> {
    let rows = sqlx::query_as!(
        Public,
        r#"select id as "id!", org as "org!", org_name as "org_name!", org_names as "org_names!", org_description as "org_description!", name as "name!",
             names as "names!", description as "description!", needs as "needs!", languages as "languages!", documents_required as "documents_required!",
             eligibility as "eligibility!", min_age, max_age, phone as "phone!", email as "email!", url as "url!", status as "status!", capacity,
             places_free, waiting_days, verified_at, places as "places!", hours as "hours!", total as "total!"
           from access.public_services($1, $2, $3)"#,
        id,
        skip,
        most
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// An organisation with at least one public service.
pub struct PublicOrganisation {
    pub id: Uuid,
    pub name: String,
    pub names: Value,
    pub description: String,
    pub total: i64,
}

/// Organisations with public services, from `skip` on.
pub async fn organisations(work: &mut Work, skip: i32, most: i32) -> Result<Vec<PublicOrganisation>, Error> {
    let rows = sqlx::query_as!(
        PublicOrganisation,
        r#"select id as "id!", name as "name!", names as "names!", description as "description!", total as "total!" from access.public_organisations($1, $2)"#,
        skip,
        most
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}
