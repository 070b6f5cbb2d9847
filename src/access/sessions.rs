//! Starting and ending sessions: opaque random ids, kept server-side as hashes, revocable. A new id at each sign-in and password change.
use std::time::Duration;

use sqlx::postgres::types::PgInterval;
use uuid::Uuid;

use crate::access::password;
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::platform::db::{Actor, Work};
use crate::platform::ids::{self, UserId};

const LIFETIME: Duration = Duration::from_secs(12 * 60 * 60);

/// Tries to sign in. Answers with the session's secret, for the cookie. During a lockdown only those who may lift it come in (S20).
pub async fn start(work: &mut Work, login: &str, given: String, address: &str, device: &str) -> Result<String, Error> {
    let user = prove(work, login, given, address).await?;
    let may_come_in = sqlx::query_scalar!("select access.may_come_in($1) as \"may!\"", user.0).fetch_one(work.db()).await?;
    if !may_come_in {
        return Err(invalid("", "locked_down"));
    }
    begin(work, user, device).await
}

/// Whose name and password these are. Wrong login and wrong password answer alike, and after three failures each further try waits
/// longer, by account and by address. A failure is kept only if the caller commits.
pub async fn prove(work: &mut Work, login: &str, given: String, address: &str) -> Result<UserId, Error> {
    proved(work, (login, given, address), Proof::Afresh).await
}

/// The same for apps that send name and password with every request: what they proved some minutes ago is not worked out again.
pub async fn prove_again(work: &mut Work, login: &str, given: String, address: &str) -> Result<UserId, Error> {
    proved(work, (login, given, address), Proof::Remembered).await
}

#[derive(Clone, Copy)]
enum Proof {
    Afresh,
    Remembered,
}

async fn proved(work: &mut Work, (login, given, address): (&str, String, &str), proof: Proof) -> Result<UserId, Error> {
    let login = login.trim().to_lowercase();
    let keys = [ids::hash(&format!("login:{login}")), ids::hash(&format!("address:{address}"))];
    wait(work, &keys).await?;
    let known =
        sqlx::query!("select user_id as \"user_id!\", password_hash as \"password_hash!\" from access.credentials($1)", login)
            .fetch_optional(work.db())
            .await?;
    let user = known.as_ref().map(|row| UserId(row.user_id));
    let stored = known.map(|row| row.password_hash);
    let fits = match proof {
        Proof::Afresh => password::fits(given, stored).await?,
        Proof::Remembered => password::fits_still(given, stored, work.now()).await?,
    };
    match user {
        Some(user) if fits => {
            sqlx::query!("select access.forget_failures($1)", &keys[..1]).fetch_one(work.db()).await?;
            Ok(user)
        }
        _ => {
            note_failure(work, &keys).await?;
            work.record(Fact::SignInFailed, About::subjects(user.map(|user| user.0))).await?;
            Err(invalid("", "sign_in"))
        }
    }
}

/// Refuses a try while what was tried under these keys before still has to be waited for.
pub async fn wait(work: &mut Work, keys: &[Vec<u8>]) -> Result<(), Error> {
    let wait = sqlx::query_scalar!("select extract(epoch from access.wait_before_try($1))::float8 as \"wait!\"", keys)
        .fetch_one(work.db())
        .await?;
    if wait > 0.0 { Err(Error::SlowDown(wait.ceil() as u64)) } else { Ok(()) }
}

/// Counts a failed try under these keys, so that the next one waits longer; kept only if the caller commits.
pub async fn note_failure(work: &mut Work, keys: &[Vec<u8>]) -> Result<(), Error> {
    sqlx::query!("select access.note_failure($1)", keys).fetch_one(work.db()).await?;
    Ok(())
}

/// Begins a session for this user and answers with its secret.
pub async fn begin(work: &mut Work, user: UserId, device: &str) -> Result<String, Error> {
    let secret = ids::secret();
    let lifetime = PgInterval::try_from(LIFETIME).map_err(|_| anyhow::anyhow!("twelve hours are an interval"))?;
    sqlx::query!(
        "select access.start_session($1, $2, $3, $4, $5, $6)",
        Uuid::now_v7(),
        ids::hash(&secret),
        user.0,
        ids::secret(),
        device,
        lifetime
    )
    .fetch_one(work.db())
    .await?;
    work.record(Fact::SignedIn, About::subjects([user.0])).await?;
    Ok(secret)
}

/// Ends the session of this secret.
pub async fn end(work: &mut Work, secret: &str) -> Result<(), Error> {
    sqlx::query!("select access.end_session($1)", ids::hash(secret)).fetch_one(work.db()).await?;
    work.record(Fact::SignedOut, About::default()).await
}

/// Ends every session of the actor.
pub async fn end_everywhere(work: &mut Work) -> Result<(), Error> {
    let me = work.me()?;
    sqlx::query!("select access.end_sessions($1)", me.0).fetch_one(work.db()).await?;
    work.record(Fact::SignedOut, About::subjects([me.0])).await
}

/// Changes the actor's own password: the old one must fit, the new one must be hard to guess. Every session ends; a new one begins.
pub async fn change_password(work: &mut Work, old: String, new: String, device: &str) -> Result<String, Error> {
    let me = work.me()?;
    let user = sqlx::query!("select login, name from users where id = $1", me.0).fetch_one(work.db()).await?;
    let stored = sqlx::query_scalar!("select password_hash as \"hash!\" from access.credentials($1)", user.login)
        .fetch_optional(work.db())
        .await?;
    if !password::fits(old, stored).await? {
        return Err(invalid("old", "password_wrong"));
    }
    if let Some(weakness) = password::weakness(&new, &[&user.login, &user.name]) {
        return Err(invalid("new", weakness));
    }
    let hash = password::hash(new).await?;
    sqlx::query!("select access.set_password($1, $2, false)", me.0, hash).fetch_one(work.db()).await?;
    sqlx::query!("select access.end_sessions($1)", me.0).fetch_one(work.db()).await?;
    work.record(Fact::PasswordChanged, About::subjects([me.0])).await?;
    begin(work, me, device).await
}

/// One session of the actor, for the list on the account page.
#[derive(Debug)]
pub struct Session {
    /// The device's own description.
    pub device: String,
    /// When it began.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// When it was last used.
    pub seen_at: chrono::DateTime<chrono::Utc>,
}

/// The actor's running sessions.
pub async fn list(work: &mut Work) -> Result<Vec<Session>, Error> {
    let rows = sqlx::query_as!(
        Session,
        "select device, created_at, seen_at from sessions where ended_at is null and expires_at > now() order by seen_at desc limit 20"
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// Nobody is signed in here.
pub fn is_nobody(work: &Work) -> bool {
    work.actor == Actor::Nobody
}
