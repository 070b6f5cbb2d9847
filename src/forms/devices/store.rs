//! All SQL of phones.
use chrono::{DateTime, Utc};

use crate::error::{Error, OnConstraint, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{self, RowId, UnitId, UserId};

/// A phone that stands at the door with a key that works.
#[derive(Debug)]
pub struct Known {
    /// Whose it is.
    pub user: UserId,
    /// The unit to which what it sends belongs.
    pub unit: UnitId,
    /// An administrator vouches for it.
    pub is_vouched: bool,
}

/// The phone of this key, if it works; that it was used is written down.
pub async fn of_key(work: &mut Work, key: &str) -> Result<Option<Known>, Error> {
    let known = sqlx::query_as!(
        Known,
        r#"select user_id as "user!: UserId", unit as "unit!", vouched as "is_vouched!" from access.device($1)"#,
        ids::hash(key)
    );
    Ok(known.fetch_optional(work.db()).await?)
}

/// Whether this key was ever one of ours, be it withdrawn or over.
pub async fn was_made(work: &mut Work, key: &str) -> Result<bool, Error> {
    let made = sqlx::query_scalar!(r#"select access.was_device($1) as "made!""#, ids::hash(key)).fetch_one(work.db()).await?;
    Ok(made)
}

/// A phone as listed.
#[derive(Debug)]
pub(super) struct Device {
    pub id: RowId,
    pub user: UserId,
    pub user_name: String,
    pub unit_name: String,
    pub name: String,
    pub made_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
    pub vouched_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

/// The actor's own phones, and for an administrator those of the organisation; what works comes first.
pub(super) async fn list(work: &mut Work) -> Result<Vec<Device>, Error> {
    let devices = sqlx::query_as!(
        Device,
        r#"select d.id as "id: RowId", d.user_id as "user: UserId", u.name as user_name, n.name as unit_name, d.name, d.made_at, d.used_at, d.vouched_at,
             d.revoked_at
           from devices d join users u on u.id = d.user_id join units n on n.id = d.unit
           order by d.revoked_at is not null, d.made_at desc, d.id limit 300"#
    );
    Ok(devices.fetch_all(work.db()).await?)
}

/// Keeps a new phone of the actor's under the hash of its key.
pub(super) async fn insert(work: &mut Work, id: RowId, key: &str, unit: UnitId, name: &str) -> Result<(), Error> {
    let (me, org, now) = (work.me()?, work.standing.org, work.now());
    sqlx::query!(
        "insert into devices (id, key_hash, user_id, org, unit, name, made_at) values ($1, $2, $3, $4, $5, $6, $7)",
        id.0,
        ids::hash(key),
        me.0,
        org,
        unit,
        name,
        now
    )
    .execute(work.db())
    .await
    .on_constraint("devices_name_key", || invalid("name", "device_named_so"))?;
    Ok(())
}

/// Ends the key of a phone that the actor may see; answers whose it was.
pub(super) async fn revoke(work: &mut Work, id: RowId) -> Result<UserId, Error> {
    let now = work.now();
    let user = sqlx::query_scalar!(
        r#"update devices set revoked_at = coalesce(revoked_at, $2) where id = $1 returning user_id as "user: UserId""#,
        id.0,
        now
    );
    Ok(user.fetch_one(work.db()).await?)
}

/// Writes down that the actor vouches for a phone; answers whose it is.
pub(super) async fn vouch(work: &mut Work, id: RowId) -> Result<UserId, Error> {
    let (me, now) = (work.me()?, work.now());
    let user = sqlx::query_scalar!(
        r#"update devices set vouched_at = coalesce(vouched_at, $2), vouched_by = coalesce(vouched_by, $3) where id = $1 and revoked_at is null
           returning user_id as "user: UserId""#,
        id.0,
        now,
        me.0
    );
    Ok(user.fetch_one(work.db()).await?)
}
