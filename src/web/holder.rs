//! Who holds a session or a token, and the work that goes on as them, in the language of the device.
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::types::PgInterval;
use uuid::Uuid;

use crate::error::Error;
use crate::platform::db::{Actor, Ground, Work};
use crate::platform::ids::{self, UserId};
use crate::platform::lang::Lang;
use crate::platform::standing::Standing;

const SESSION_IDLE: Duration = Duration::from_secs(60 * 60);

// Whoever holds a session or a token, as the definer functions tell it.
struct Holder {
    user_id: Uuid,
    csrf: String,
    org: i32,
    org_name: String,
    name: String,
    lang: String,
    digits: String,
    must_change_password: bool,
    acts: Vec<String>,
    units: Vec<i32>,
    time_zone: String,
}

// The work goes on as this holder; without one, nobody is signed in.
async fn go_on_as(mut work: Work, holder: Option<Holder>) -> Result<Work, Error> {
    let holder = holder.ok_or(Error::SignIn)?;
    let standing = Standing {
        org: holder.org,
        org_name: holder.org_name,
        name: holder.name,
        lang: holder.lang.parse().unwrap_or_default(),
        arabic_digits: holder.digits == "arabic",
        acts: holder.acts,
        units: holder.units,
        time_zone: holder.time_zone,
        must_change_password: holder.must_change_password,
        csrf: holder.csrf,
        ..Standing::default()
    };
    work.become_user(UserId(holder.user_id), standing).await?;
    Ok(work)
}

/// Work as whoever holds this session.
pub(super) async fn open_session(ground: &Arc<Ground>, token: &str) -> Result<Work, Error> {
    if token.is_empty() {
        return Err(Error::SignIn);
    }
    let mut work = Work::open(ground, Actor::Nobody).await?;
    let idle = PgInterval::try_from(SESSION_IDLE).map_err(|_| anyhow::anyhow!("an hour is an interval"))?;
    let holder = sqlx::query_as!(
        Holder,
        "select user_id as \"user_id!\", csrf as \"csrf!\", org as \"org!\", org_name as \"org_name!\", name as \"name!\", lang as \"lang!\", digits as \"digits!\",
           must_change_password as \"must_change_password!\", acts as \"acts!\", units as \"units!\", time_zone as \"time_zone!\" from access.session($1, $2)",
        ids::hash(token),
        idle
    )
    .fetch_optional(work.db())
    .await?;
    go_on_as(work, holder).await
}

/// Work as whoever holds this token, which sends no forms and never waits for a new password.
pub(super) async fn open_token(ground: &Arc<Ground>, token: &str) -> Result<Work, Error> {
    if token.is_empty() {
        return Err(Error::SignIn);
    }
    let mut work = Work::open(ground, Actor::Nobody).await?;
    let holder = sqlx::query_as!(
        Holder,
        "select user_id as \"user_id!\", '' as \"csrf!\", org as \"org!\", org_name as \"org_name!\", name as \"name!\", lang as \"lang!\", digits as \"digits!\",
           false as \"must_change_password!\", acts as \"acts!\", units as \"units!\", time_zone as \"time_zone!\" from access.token($1)",
        ids::hash(token)
    )
    .fetch_optional(work.db())
    .await?;
    go_on_as(work, holder).await
}

/// The work goes on as this user, of whom a room has found out by other means than a session or a token who they are.
pub async fn open_user(mut work: Work, user: UserId) -> Result<Work, Error> {
    let holder = sqlx::query_as!(
        Holder,
        "select user_id as \"user_id!\", '' as \"csrf!\", org as \"org!\", org_name as \"org_name!\", name as \"name!\", lang as \"lang!\", digits as \"digits!\",
           must_change_password as \"must_change_password!\", acts as \"acts!\", units as \"units!\", time_zone as \"time_zone!\" from access.holder($1)",
        user.0
    )
    .fetch_optional(work.db())
    .await?;
    go_on_as(work, holder).await
}

/// The language chosen on this device goes before the account's own, and the organisation is called by its name in it.
pub(super) async fn speak(work: &mut Work, lang: Lang) -> Result<(), Error> {
    let (org, code) = (work.standing.org, lang.code());
    let name =
        sqlx::query_scalar!("select access.named(names, name, $2) as \"name!\" from organisations where id = $1", org, code)
            .fetch_one(work.db())
            .await?;
    (work.standing.lang, work.standing.org_name) = (lang, name);
    Ok(())
}
