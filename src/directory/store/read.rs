//! Reading one service with everything its page shows.
use std::collections::BTreeMap;

use crate::directory::service::{Agreement, Location, Opening, Organisation, Service, Status, Visibility};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, ServiceId};

/// A service that the actor may see; [`Error::NotFound`] otherwise. Four queries, whatever its size.
pub async fn find(work: &mut Work, id: ServiceId) -> Result<Service, Error> {
    let s = sqlx::query!(
        "select s.org, s.unit, s.name, s.names, s.description, s.needs, s.languages, s.documents_required, s.eligibility, s.min_age, s.max_age, s.sexes,
           s.accessibility, s.phone, s.email, s.url, s.status, s.capacity, s.places_free, s.waiting_days, s.not_accepting, s.requires_approval,
           s.visibility, s.cleared_types, s.verified_at, s.version, o.name as org_name, o.names as org_names, o.kind as org_kind, o.in_system, o.general_desk, u.name as \"unit_name?\", v.name as \"verified_by_name?\"
         from services s join organisations o on o.id = s.org left join units u on u.id = s.unit left join users v on v.id = s.verified_by
         where s.id = $1",
        id.0
    )
    .fetch_optional(work.db())
    .await?
    .ok_or(Error::NotFound)?;
    let organisation = Organisation {
        id: s.org,
        name: s.org_name,
        names: names(s.org_names),
        kind: s.org_kind,
        in_system: s.in_system,
        general_desk: s.general_desk,
    };
    let agreement = agreement_with(work, s.org).await?;
    Ok(Service {
        id,
        organisation,
        unit: s.unit,
        unit_name: s.unit_name,
        name: s.name,
        names: names(s.names),
        description: s.description,
        needs: s.needs,
        languages: s.languages,
        documents_required: s.documents_required,
        eligibility: s.eligibility,
        min_age: s.min_age,
        max_age: s.max_age,
        sexes: s.sexes,
        accessibility: s.accessibility,
        phone: s.phone,
        email: s.email,
        url: s.url,
        status: Status::of(&s.status),
        capacity: s.capacity,
        places_free: s.places_free,
        waiting_days: s.waiting_days,
        not_accepting: s.not_accepting,
        requires_approval: s.requires_approval,
        visibility: Visibility::of(&s.visibility),
        cleared_types: s.cleared_types,
        verified_at: s.verified_at,
        verified_by: s.verified_by_name,
        version: s.version,
        locations: locations(work, id).await?,
        opening_hours: opening_hours(work, id).await?,
        agreement,
    })
}

async fn locations(work: &mut Work, id: ServiceId) -> Result<Vec<Location>, Error> {
    let rows = sqlx::query!(
        "select id, external_id, name, admin1, admin2, address, latitude, longitude, visibility from locations where service_id = $1 order by admin1, admin2, name, id",
        id.0
    )
    .fetch_all(work.db())
    .await?;
    let location = rows.into_iter().map(|l| Location {
        id: l.id,
        external_id: l.external_id,
        name: l.name,
        admin1: l.admin1,
        admin2: l.admin2,
        address: l.address,
        latitude: l.latitude,
        longitude: l.longitude,
        visibility: Visibility::of(&l.visibility),
    });
    Ok(location.collect())
}

async fn opening_hours(work: &mut Work, id: ServiceId) -> Result<Vec<Opening>, Error> {
    let rows = sqlx::query_as!(
        Opening,
        "select weekday, opens, closes from opening_hours where service_id = $1 order by weekday, opens",
        id.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// The agreement that lets the reader's organisation send to this one today.
pub async fn agreement_with(work: &mut Work, provider: OrgId) -> Result<Option<Agreement>, Error> {
    let (org, today) = (work.org(), work.today());
    let found = sqlx::query_as!(
        Agreement,
        "select kind, places, client_tracking, ends_on from agreements
         where from_org = $1 and to_org = $2 and starts_on <= $3 and (ends_on is null or ends_on >= $3) order by starts_on desc limit 1",
        org,
        provider,
        today
    )
    .fetch_optional(work.db())
    .await?;
    Ok(found)
}

/// Names by language code out of their column.
pub(super) fn names(value: serde_json::Value) -> BTreeMap<String, String> {
    serde_json::from_value(value).unwrap_or_default()
}
