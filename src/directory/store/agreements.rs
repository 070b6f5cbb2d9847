//! Agreements between organisations: only the two parties see one.
use chrono::NaiveDate;
use uuid::Uuid;

use crate::error::{Clash, Error};
use crate::platform::db::Work;
use crate::platform::ids::OrgId;

/// An agreement as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: Uuid,
    pub from_org: OrgId,
    pub from_name: String,
    pub to_org: OrgId,
    pub to_name: String,
    pub kind: String,
    pub places: Option<i32>,
    pub client_tracking: bool,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
    pub version: i32,
}

/// A new agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub to_org: OrgId,
    pub kind: String,
    pub places: Option<i32>,
    pub client_tracking: bool,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
}

/// The agreements to which the actor's organisation is a party, those that run first.
pub async fn list(work: &mut Work) -> Result<Vec<Listed>, Error> {
    let (today, lang) = (work.today(), work.lang().code());
    let rows = sqlx::query_as!(
        Listed,
        "select a.id, a.from_org, access.named(f.names, f.name, $2) as \"from_name!\", a.to_org, access.named(t.names, t.name, $2) as \"to_name!\", a.kind, a.places, a.client_tracking, a.starts_on, a.ends_on, a.version
         from agreements a join organisations f on f.id = a.from_org join organisations t on t.id = a.to_org
         order by (a.ends_on is not null and a.ends_on < $1), a.starts_on desc, a.id limit 500",
        today,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// Other organisations, to make an agreement with.
pub async fn partners(work: &mut Work, mine: OrgId) -> Result<Vec<(OrgId, String)>, Error> {
    let rows = sqlx::query!(
        "select id, access.named(names, name, $2) as \"name!\" from organisations where active and id <> $1 order by 2 limit 2000",
        mine,
        work.lang().code()
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Writes a new agreement of this organisation.
pub async fn add(work: &mut Work, from: OrgId, terms: &Terms) -> Result<Uuid, Error> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into agreements (id, from_org, to_org, kind, places, client_tracking, starts_on, ends_on) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id,
        from,
        terms.to_org,
        terms.kind,
        terms.places,
        terms.client_tracking,
        terms.starts_on,
        terms.ends_on
    )
    .execute(work.db())
    .await?;
    Ok(id)
}

/// Ends a running agreement on this day; answers with the other party.
pub async fn end(work: &mut Work, id: Uuid, version: i32, on: NaiveDate) -> Result<OrgId, Error> {
    sqlx::query_scalar!(
        "update agreements set ends_on = greatest($3, starts_on), version = version + 1
         where id = $1 and version = $2 and (ends_on is null or ends_on > $3) returning to_org",
        id,
        version,
        on
    )
    .fetch_optional(work.db())
    .await?
    .ok_or(Error::Conflict(Clash::Stale))
}

/// The actor's organisation sends under this agreement; nothing for anybody who may not see it.
pub async fn sender(work: &mut Work, id: Uuid) -> Result<OrgId, Error> {
    Ok(sqlx::query_scalar!("select from_org from agreements where id = $1", id).fetch_one(work.db()).await?)
}
