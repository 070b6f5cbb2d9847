//! Every SQL statement about devices, lockdowns, and what may be filled in without a network.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::error::{Clash, Error, OnConstraint};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, FormId, SubmissionId, UserId};

// More devices than an administrator looks through.
const MOST_DEVICES: i64 = 200;

/// The case types that the actor is cleared for.
pub async fn cleared_types(work: &mut Work) -> Result<Vec<i16>, Error> {
    let types = sqlx::query_scalar!(
        "select id from case_types where id = any ((select access.my_types())::smallint[]) order by id limit 300"
    );
    Ok(types.fetch_all(work.db()).await?)
}

/// The names of the files beside these editions.
pub async fn media_names(work: &mut Work, editions: &[Uuid]) -> Result<Vec<(Uuid, String)>, Error> {
    let rows = sqlx::query!(
        "select edition_id, name from form_media where edition_id = any ($1) order by edition_id, name limit 5000",
        editions
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.edition_id, row.name)).collect())
}

/// The complete copy of a form that stands on a case since last, whenever its device says that it was filled in and however long it waited
/// elsewhere, in an inbox or on another case: what whoever took the form along before can't have seen.
pub async fn came_last(work: &mut Work, case: CaseId, form: FormId) -> Result<Option<SubmissionId>, Error> {
    let found = sqlx::query_scalar!(
        r#"select id as "id: SubmissionId" from submissions where case_id = $1 and form_id = $2 and state = 'complete'
           order by greatest(recorded_at, completed_at, moved_here_at) desc, id desc limit 1"#,
        case.0,
        form.0
    );
    Ok(found.fetch_optional(work.db()).await?)
}

/// Whether this copy came to its case before the one that was seen there, which was moved away since or replaced.
pub async fn came_before(work: &mut Work, copy: Uuid, seen: Uuid) -> Result<bool, Error> {
    let came = sqlx::query_scalar!(
        r#"select exists (select from submissions c join submissions s on s.case_id = c.case_id and s.form_id = c.form_id where c.id = $1 and s.id = $2
             and (greatest(c.recorded_at, c.completed_at, c.moved_here_at), c.id) < (greatest(s.recorded_at, s.completed_at, s.moved_here_at), s.id)) as "came!""#,
        copy,
        seen
    );
    Ok(came.fetch_one(work.db()).await?)
}

/// The actor's login.
pub async fn login(work: &mut Work) -> Result<String, Error> {
    let me = work.me()?;
    Ok(sqlx::query_scalar!("select login from users where id = $1", me.0).fetch_one(work.db()).await?)
}

/// Keeps a device of the actor's.
pub async fn insert_device(work: &mut Work, hash: &[u8]) -> Result<(), Error> {
    let (me, org, now) = (work.me()?, work.standing.org, work.now());
    sqlx::query!(
        "insert into field_devices (id, org, user_id, secret_hash, made_at, seen_at) values ($1, $2, $3, $4, $5, $5)",
        Uuid::now_v7(),
        org,
        me.0,
        hash,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// A device is here: whether what it keeps must go.
pub async fn device_seen(work: &mut Work, hash: &[u8]) -> Result<bool, Error> {
    let now = work.now();
    Ok(sqlx::query_scalar!("select access.field_device_seen($1, $2) as \"must!\"", hash, now).fetch_one(work.db()).await?)
}

/// Nothing is left on a device.
pub async fn device_wiped(work: &mut Work, hash: &[u8]) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!("select access.field_device_wiped($1, $2)", hash, now).fetch_one(work.db()).await?;
    Ok(())
}

/// One person's devices.
#[derive(Debug, Clone)]
pub struct Devices {
    /// Whose.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// How many are in use.
    pub kept: i64,
    /// How many of them have been asked to be wiped and have not been here since.
    pub asked: i64,
    /// How many of these are lost: they are wiped even where a lockdown is lifted.
    pub lost: i64,
    /// How many were wiped.
    pub wiped: i64,
    /// When one of them was here last.
    pub seen_at: DateTime<Utc>,
}

/// The devices of the actor's organisation by person, those seen last first.
pub async fn devices(work: &mut Work) -> Result<Vec<Devices>, Error> {
    let org = work.standing.org;
    let devices = sqlx::query_as!(
        Devices,
        r#"select d.user_id as "user: UserId", u.name, count(*) filter (where d.wiped_at is null) as "kept!",
             count(*) filter (where d.wiped_at is null and (d.wipe_asked_at is not null or d.lost_at is not null)) as "asked!",
             count(*) filter (where d.wiped_at is null and d.lost_at is not null) as "lost!", count(d.wiped_at) as "wiped!", max(d.seen_at) as "seen_at!"
           from field_devices d join users u on u.id = d.user_id where d.org = $1 group by d.user_id, u.name order by max(d.seen_at) desc limit $2"#,
        org,
        MOST_DEVICES
    )
    .fetch_all(work.db())
    .await?;
    Ok(devices)
}

/// Whether somebody in the actor's organisation has a device, however many others have one.
pub async fn has_devices(work: &mut Work, user: UserId) -> Result<bool, Error> {
    let org = work.standing.org;
    let found = sqlx::query_scalar!(
        r#"select exists (select from field_devices where org = $1 and user_id = $2) as "has!""#,
        org,
        user.0
    );
    Ok(found.fetch_one(work.db()).await?)
}

/// Has the devices of one person wiped, for good: no lifted lockdown takes it back.
pub async fn wipe_devices(work: &mut Work, user: UserId) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!("select access.wipe_devices($1, $2)", user.0, now).fetch_one(work.db()).await?;
    Ok(())
}

/// A lockdown.
#[derive(Debug, Clone)]
pub struct Lockdown {
    /// Who declared it.
    pub declared_by_name: String,
    /// When.
    pub declared_at: DateTime<Utc>,
    /// Who lifted it.
    pub lifted_by_name: Option<String>,
    /// When.
    pub lifted_at: Option<DateTime<Utc>>,
}

/// The lockdowns of the actor's organisation, the newest first.
pub async fn lockdowns(work: &mut Work) -> Result<Vec<Lockdown>, Error> {
    let org = work.standing.org;
    let lockdowns = sqlx::query_as!(
        Lockdown,
        "select declared_by_name, declared_at, lifted_by_name, lifted_at from lockdowns where org = $1 order by declared_at desc limit 20",
        org
    )
    .fetch_all(work.db())
    .await?;
    Ok(lockdowns)
}

/// Declares a lockdown: every session and key ends, every device is asked to be wiped.
pub async fn lock_down(work: &mut Work) -> Result<(), Error> {
    let (me, org, now, name) = (work.me()?, work.standing.org, work.now(), work.standing.name.clone());
    sqlx::query!(
        "insert into lockdowns (id, org, declared_by, declared_by_name, declared_at) values ($1, $2, $3, $4, $5)",
        Uuid::now_v7(),
        org,
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await
    .on_constraint("lockdowns_org_key", || Error::Conflict(Clash::Stale))?;
    sqlx::query!("select access.lock_down($1, $2)", org, now).fetch_one(work.db()).await?;
    Ok(())
}

/// Lifts the lockdown in force.
pub async fn lift(work: &mut Work) -> Result<(), Error> {
    let (me, org, now, name) = (work.me()?, work.standing.org, work.now(), work.standing.name.clone());
    let since = sqlx::query_scalar!(
        "update lockdowns set lifted_by = $2, lifted_by_name = $3, lifted_at = $4 where org = $1 and lifted_at is null returning declared_at",
        org,
        me.0,
        name,
        now
    )
    .fetch_optional(work.db())
    .await?
    .ok_or(Error::Conflict(Clash::Stale))?;
    sqlx::query!("select access.lift_lockdown($1, $2)", org, since).fetch_one(work.db()).await?;
    Ok(())
}
