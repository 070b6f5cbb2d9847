//! What the import of a directory reads and writes, as the operator.
use serde_json::Value;
use uuid::Uuid;

use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, ServiceId};

/// The number of the organisation that came under this id, if it is known.
pub async fn organisation(work: &mut Work, external_id: &str) -> Result<Option<OrgId>, Error> {
    let found =
        sqlx::query_scalar!("select id from organisations where external_id = $1", external_id).fetch_optional(work.db()).await?;
    Ok(found)
}

/// Adds an organisation whose people do not work with this program.
pub async fn add_organisation(
    work: &mut Work,
    external_id: &str,
    name: &str,
    names: Value,
    description: &str,
) -> Result<OrgId, Error> {
    let id = sqlx::query_scalar!(
        "insert into organisations (id, name, names, kind, in_system, external_id, description)
         values (nextval('organisation_ids')::int, $1, $2, 'provider', false, $3, $4) returning id",
        name,
        names,
        external_id,
        description
    )
    .fetch_one(work.db())
    .await?;
    Ok(id)
}

/// What is known of a service that was imported before.
pub struct Known {
    pub id: ServiceId,
    /// What the import wrote last: `said` and the `version` it left.
    pub imported: Value,
    pub version: i32,
}

/// The service that came under this id, if it is known.
pub async fn service(work: &mut Work, external_id: &str) -> Result<Option<Known>, Error> {
    let found = sqlx::query!("select id, imported, version from services where external_id = $1", external_id)
        .fetch_optional(work.db())
        .await?;
    Ok(found.map(|row| Known { id: ServiceId(row.id), imported: row.imported, version: row.version }))
}

/// Notes under which id a service came, and what was said of it, so that the next run knows whether anything changed.
pub async fn set_imported(work: &mut Work, id: ServiceId, external_id: &str, said: &Value) -> Result<(), Error> {
    sqlx::query!(
        "update services set external_id = $2, imported = jsonb_build_object('said', $3::jsonb, 'version', version) where id = $1",
        id.0,
        external_id,
        said
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// The id of a service's place that came under this id, or a new one.
pub async fn location_id(work: &mut Work, service: ServiceId, external_id: &str) -> Result<Uuid, Error> {
    let found =
        sqlx::query_scalar!("select id from locations where service_id = $1 and external_id = $2", service.0, external_id)
            .fetch_optional(work.db())
            .await?;
    Ok(found.unwrap_or_else(Uuid::now_v7))
}
