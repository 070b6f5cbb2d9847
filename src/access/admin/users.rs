//! Users: the verbs. A user is never deleted, for the record names them; deactivating hands on what they hold in one transaction.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::access::{Act, password};
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, OnConstraint, changed, invalid};
use crate::platform::db::{Actor, Work};
use crate::platform::ids::{OrgId, UnitId, UserId};

/// Somebody to add.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Their organisation.
    pub org: OrgId,
    /// What they sign in with; lower case.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Where mail reaches them; may be empty.
    pub email: String,
    /// Where they work.
    pub unit: UnitId,
    /// As what: a role of the packs or of the organisation.
    pub role: i32,
}

/// A user as administrators see them.
#[derive(Debug)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// What they sign in with.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Where mail reaches them.
    pub email: String,
    /// The languages they speak.
    pub languages: Vec<String>,
    /// Up to which level they work alone, 1 to 3.
    pub level: Option<i16>,
    /// They may sign in.
    pub active: bool,
    /// A program of the organisation's, which has no password.
    pub is_program: bool,
    /// The edition, against two people changing it at once.
    pub version: i32,
    /// When they were added.
    pub created_at: DateTime<Utc>,
}

/// Adds a user with their first membership. Answers with the temporary password, which is shown once and must be changed at sign-in.
pub async fn add(work: &mut Work, new: &NewUser) -> Result<(UserId, String), Error> {
    let id = insert(work, new, Holder::Person).await?;
    let temporary = set_temporary_password(work, id).await?;
    Ok((id, temporary))
}

/// Adds a program of the organisation's with its first membership. It has no password, and works by tokens alone.
pub async fn add_program(work: &mut Work, new: &NewUser) -> Result<UserId, Error> {
    insert(work, new, Holder::Program).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Holder {
    Person,
    Program,
}

async fn insert(work: &mut Work, new: &NewUser, holder: Holder) -> Result<UserId, Error> {
    work.may(Act::AdminUsers)?;
    let id = UserId::new();
    let login = new.login.to_lowercase();
    sqlx::query!(
        "insert into users (id, org, login, name, email, is_program) values ($1, $2, $3, $4, $5, $6)",
        id.0,
        new.org,
        login,
        new.name,
        new.email,
        holder == Holder::Program
    )
    .execute(work.db())
    .await
    .on_constraint("users_login_key", || invalid("login", "login_taken"))?;
    work.record(Fact::UserAdded, About::subjects([id.0])).await?;
    super::memberships::begin(work, id, new.unit, new.role).await?;
    Ok(id)
}

/// A program of the actor's organisation, for whoever administers it; a person's tokens are the person's own.
pub async fn find_program(work: &mut Work, id: UserId) -> Result<User, Error> {
    work.may(Act::AdminUsers)?;
    let user = find(work, id).await?;
    if user.is_program && user.active { Ok(user) } else { Err(refused("not_a_program")) }
}

fn refused(code: &'static str) -> Error {
    Error::Conflict(Clash::State { state: "own".to_owned(), code })
}

/// A user of the actor's organisation.
pub async fn find(work: &mut Work, id: UserId) -> Result<User, Error> {
    let org = work.standing.org;
    let user = sqlx::query_as!(
        User,
        "select id as \"id: UserId\", login, name, email, languages, level, active, is_program, version, created_at from users where id = $1 and org = $2",
        id.0,
        org
    );
    Ok(user.fetch_one(work.db()).await?)
}

/// Changes a user's particulars: of `user` all but login and state.
pub async fn edit(work: &mut Work, user: &User) -> Result<(), Error> {
    work.may(Act::AdminUsers)?;
    let done = sqlx::query!(
        "update users set name = $3, email = $4, languages = $5, level = $6, version = version + 1 where id = $1 and version = $2",
        user.id.0,
        user.version,
        user.name,
        user.email,
        &user.languages,
        user.level
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())?;
    let about =
        About { fields: ["name", "email", "languages", "level"].map(String::from).to_vec(), ..About::subjects([user.id.0]) };
    work.record(Fact::UserChanged, about).await
}

/// Gives a temporary password, ends every session, and answers with the password to be told in person.
pub async fn reset_password(work: &mut Work, user: UserId) -> Result<String, Error> {
    work.may(Act::AdminUsers)?;
    not_oneself(work, user)?;
    if find(work, user).await?.is_program {
        return Err(refused("program_has_no_password"));
    }
    let temporary = set_temporary_password(work, user).await?;
    sqlx::query!("select access.end_sessions($1)", user.0).fetch_one(work.db()).await?;
    work.record(Fact::PasswordChanged, About::subjects([user.0])).await?;
    Ok(temporary)
}

async fn set_temporary_password(work: &mut Work, user: UserId) -> Result<String, Error> {
    let temporary = password::temporary();
    let hash = password::hash(temporary.clone()).await?;
    sqlx::query!("select access.set_password($1, $2, true)", user.0, hash).fetch_one(work.db()).await?;
    Ok(temporary)
}

/// Shuts a user out at once. What they hold goes to this colleague where the colleague may have it, else to the units' inboxes.
pub async fn deactivate(work: &mut Work, user: UserId, colleague: Option<UserId>) -> Result<(), Error> {
    work.may(Act::AdminUsers)?;
    not_oneself(work, user)?;
    find(work, user).await?;
    sqlx::query!("update users set active = false, version = version + 1 where id = $1", user.0).execute(work.db()).await?;
    sqlx::query!("select access.hand_over($1, $2)", user.0, colleague.map(|id| id.0)).fetch_one(work.db()).await?;
    sqlx::query!("select access.end_sessions($1)", user.0).fetch_one(work.db()).await?;
    sqlx::query!("select access.revoke_tokens($1)", user.0).fetch_one(work.db()).await?;
    let subjects: Vec<Uuid> = [Some(user), colleague].into_iter().flatten().map(|id| id.0).collect();
    work.record(Fact::UserDeactivated, About::subjects(subjects)).await
}

/// Lets a user in again, with the memberships they had.
pub async fn reactivate(work: &mut Work, user: UserId) -> Result<(), Error> {
    work.may(Act::AdminUsers)?;
    find(work, user).await?;
    sqlx::query!("update users set active = true, version = version + 1 where id = $1", user.0).execute(work.db()).await?;
    let about = About { fields: vec!["active".into()], ..About::subjects([user.0]) };
    work.record(Fact::UserChanged, about).await
}

/// Nobody arranges their own rights.
pub fn not_oneself(work: &Work, user: UserId) -> Result<(), Error> {
    if work.actor == Actor::User(user) {
        return Err(Error::Conflict(Clash::State { state: "own".to_owned(), code: "own_rights" }));
    }
    Ok(())
}
