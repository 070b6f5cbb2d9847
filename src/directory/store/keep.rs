//! Writing services, their places, hours and viewers.
use uuid::Uuid;

use crate::directory::service::{Location, Opening, Service};
use crate::error::{Clash, Error, changed};
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, ServiceId, UnitId};

/// The actor keeps this service's entry.
pub async fn keeps(work: &mut Work, id: ServiceId) -> Result<bool, Error> {
    Ok(sqlx::query_scalar!("select access.keeps_service($1) as \"keeps!\"", id.0).fetch_one(work.db()).await?)
}

/// Makes the row of a new service, for viewers to be named; [`save`] fills and hides it in the same work.
pub async fn add(work: &mut Work, service: &Service) -> Result<(), Error> {
    sqlx::query!(
        "insert into services (id, org, name, version) values ($1, $2, $3, 0)",
        service.id.0,
        service.organisation.id,
        service.name
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// Writes every particular of a service, its places and hours, over the version that was read; [`Clash::Stale`] if it has moved on.
pub async fn save(work: &mut Work, s: &Service) -> Result<(), Error> {
    let names = serde_json::to_value(&s.names).map_err(anyhow::Error::from)?;
    let done = sqlx::query!(
        "update services set unit = $3, name = $4, names = $5, description = $6, needs = $7, languages = $8, documents_required = $9,
           eligibility = $10, min_age = $11, max_age = $12, sexes = $13, accessibility = $14, phone = $15, email = $16, url = $17, status = $18,
           capacity = $19, places_free = $20, waiting_days = $21, not_accepting = $22, requires_approval = $23, visibility = $24,
           cleared_types = $25, verified_at = $26, version = version + 1
         where id = $1 and version = $2",
        s.id.0,
        s.version,
        s.unit,
        s.name,
        names,
        s.description,
        &s.needs,
        &s.languages,
        s.documents_required,
        s.eligibility,
        s.min_age,
        s.max_age,
        &s.sexes,
        s.accessibility,
        s.phone,
        s.email,
        s.url,
        s.status.code(),
        s.capacity,
        s.places_free,
        s.waiting_days,
        s.not_accepting,
        s.requires_approval,
        s.visibility.code(),
        &s.cleared_types,
        s.verified_at
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())?;
    save_locations(work, s.id, &s.locations).await?;
    save_hours(work, s.id, &s.opening_hours).await
}

// Places keep their ids, so that what was imported under a place's own id is found again.
async fn save_locations(work: &mut Work, id: ServiceId, locations: &[Location]) -> Result<(), Error> {
    let kept: Vec<Uuid> = locations.iter().map(|location| location.id).collect();
    sqlx::query!("delete from locations where service_id = $1 and id <> all ($2)", id.0, &kept).execute(work.db()).await?;
    for l in locations {
        sqlx::query!(
            "insert into locations (id, service_id, external_id, name, admin1, admin2, address, latitude, longitude, visibility)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             on conflict (id) do update set name = excluded.name, admin1 = excluded.admin1, admin2 = excluded.admin2, address = excluded.address,
               visibility = excluded.visibility",
            l.id,
            id.0,
            l.external_id,
            l.name,
            l.admin1,
            l.admin2,
            l.address,
            l.latitude,
            l.longitude,
            l.visibility.code()
        )
        .execute(work.db())
        .await?;
    }
    Ok(())
}

async fn save_hours(work: &mut Work, id: ServiceId, hours: &[Opening]) -> Result<(), Error> {
    sqlx::query!("delete from opening_hours where service_id = $1", id.0).execute(work.db()).await?;
    for hour in hours {
        sqlx::query!(
            "insert into opening_hours (id, service_id, weekday, opens, closes) values ($1, $2, $3, $4, $5)",
            Uuid::now_v7(),
            id.0,
            hour.weekday,
            hour.opens,
            hour.closes
        )
        .execute(work.db())
        .await?;
    }
    Ok(())
}

/// What changes from day to day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Capacity {
    pub places_free: Option<i32>,
    pub waiting_days: Option<i32>,
    pub not_accepting: bool,
}

/// Writes the capacity; answers with the new version. With `version`, only over that one.
pub async fn set_capacity(work: &mut Work, id: ServiceId, version: Option<i32>, capacity: Capacity) -> Result<i32, Error> {
    sqlx::query_scalar!(
        "update services set places_free = $3, waiting_days = $4, not_accepting = $5, version = version + 1
         where id = $1 and ($2::int is null or version = $2) returning version",
        id.0,
        version,
        capacity.places_free,
        capacity.waiting_days,
        capacity.not_accepting
    )
    .fetch_optional(work.db())
    .await?
    .ok_or(Error::Conflict(Clash::Stale))
}

/// Notes that the actor found the entry right just now, and closes the task that asked for it.
pub async fn set_verified(work: &mut Work, id: ServiceId) -> Result<(), Error> {
    let (me, now) = (work.me()?, work.now());
    let done = sqlx::query!(
        "update services set verified_at = $2, verified_by = $3, version = version + 1 where id = $1",
        id.0,
        now,
        me.0
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())?;
    sqlx::query!(
        "update tasks set done_at = $2, done_by = $3, version = version + 1 where kind = 'service_check' and done_at is null and starts_with(once, $1)",
        format!("service_check:{id}:"),
        now,
        me.0
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// The logins of those named as viewers who are colleagues of the actor's, and how many others are named.
pub async fn viewers(work: &mut Work, id: ServiceId) -> Result<(Vec<String>, usize), Error> {
    let rows = sqlx::query!(
        "select u.login as \"login?\" from service_viewers v left join users u on u.id = v.user_id where v.service_id = $1 order by u.login",
        id.0
    )
    .fetch_all(work.db())
    .await?;
    let logins: Vec<String> = rows.iter().filter_map(|row| row.login.clone()).collect();
    let others = rows.len() - logins.len();
    Ok((logins, others))
}

/// Users by login; those without one are missing from the answer.
pub async fn users_by_login(work: &mut Work, logins: &[String]) -> Result<Vec<Uuid>, Error> {
    let ids =
        sqlx::query_scalar!("select user_id as \"id!\" from access.users_by_login($1)", logins).fetch_all(work.db()).await?;
    Ok(ids)
}

/// Adds viewers by name, and removes colleagues who are no longer named. Viewers of other organisations stay: their names are not shown
/// here, so leaving them out of the form cannot mean anything.
pub async fn set_viewers(work: &mut Work, id: ServiceId, users: &[Uuid]) -> Result<(), Error> {
    sqlx::query!(
        "delete from service_viewers where service_id = $1 and user_id <> all ($2) and user_id in (select id from users)",
        id.0,
        users
    )
    .execute(work.db())
    .await?;
    sqlx::query!(
        "insert into service_viewers (service_id, user_id) select $1, unnest($2::uuid[]) on conflict do nothing",
        id.0,
        users
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// The units of an organisation that may take referrals.
pub async fn units(work: &mut Work, org: OrgId) -> Result<Vec<(UnitId, String)>, Error> {
    let rows =
        sqlx::query!("select id, name from units where org = $1 and active order by path", org).fetch_all(work.db()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}
