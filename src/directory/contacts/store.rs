//! All SQL of registered contacts; row security decides whose register is read.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Contact, ContactKind};
use crate::error::{Error, changed};
use crate::platform::db::Work;
use crate::platform::ids::{ContactId, OrgId, UserId};
use crate::platform::lang::Lang;

struct Row {
    id: Uuid,
    org: i32,
    org_name: String,
    keeper: i32,
    name: String,
    desk: String,
    named: bool,
    email: String,
    phone: String,
    lang: String,
    verified_at: Option<DateTime<Utc>>,
    verified_by: String,
    retired_at: Option<DateTime<Utc>>,
    version: i32,
}

impl From<Row> for Contact {
    fn from(row: Row) -> Self {
        Self {
            id: ContactId(row.id),
            org: row.org,
            org_name: row.org_name,
            keeper: row.keeper,
            name: row.name,
            desk: row.desk,
            kind: if row.named { ContactKind::Person } else { ContactKind::Desk },
            email: row.email,
            phone: row.phone,
            lang: row.lang.parse().unwrap_or_default(),
            verified_at: row.verified_at,
            verified_by: row.verified_by,
            retired_at: row.retired_at,
            version: row.version,
        }
    }
}

async fn rows(work: &mut Work, id: Option<ContactId>, org: Option<OrgId>) -> Result<Vec<Contact>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query_as!(
        Row,
        r#"select c.id, c.org, access.named(o.names, o.name, $3) as "org_name!", c.keeper, c.name, c.desk, c.named, c.email, c.phone, c.lang, c.verified_at,
             coalesce(u.name, '') as "verified_by!", c.retired_at, c.version
           from organisation_contacts c join organisations o on o.id = c.org left join users u on u.id = c.verified_by
           where (($1::uuid is null and c.retired_at is null) or c.id = $1) and ($2::int is null or c.org = $2)
           order by 3, c.org, c.verified_at is null, not c.named, c.name, c.id limit 1000"#,
        id.map(|id| id.0),
        org,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(Contact::from).collect())
}

/// The contacts of an organisation that are in use, the verified persons first.
pub async fn list(work: &mut Work, org: OrgId) -> Result<Vec<Contact>, Error> {
    rows(work, None, Some(org)).await
}

/// Every contact in use that the actor may see, by organisation.
pub async fn all(work: &mut Work) -> Result<Vec<Contact>, Error> {
    rows(work, None, None).await
}

/// One contact, retired or not.
pub async fn find(work: &mut Work, id: ContactId) -> Result<Contact, Error> {
    rows(work, Some(id), None).await?.pop().ok_or(Error::NotFound)
}

/// The named contacts of an organisation that were verified by telephone: whom protected types may reach (S17).
pub async fn verified(work: &mut Work, org: OrgId) -> Result<Vec<Contact>, Error> {
    Ok(list(work, org).await?.into_iter().filter(Contact::is_proven).collect())
}

/// What is typed of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typed {
    /// The person's or the desk's name.
    pub name: String,
    /// Role, or where the desk is.
    pub desk: String,
    /// A person or a desk.
    pub kind: ContactKind,
    /// E-mail address.
    pub email: String,
    /// Telephone number.
    pub phone: String,
    /// Its language.
    pub lang: Lang,
}

/// Writes a new contact into this register.
pub async fn add(work: &mut Work, keeper: OrgId, org: OrgId, typed: &Typed) -> Result<ContactId, Error> {
    let id = ContactId::new();
    sqlx::query!(
        "insert into organisation_contacts (id, org, keeper, name, desk, named, email, phone, lang) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id.0,
        org,
        keeper,
        typed.name,
        typed.desk,
        typed.kind == ContactKind::Person,
        typed.email,
        typed.phone,
        typed.lang.code()
    )
    .execute(work.db())
    .await?;
    Ok(id)
}

/// Changes a contact over the version that was read. Another name, kind, address or number takes the verification away.
pub async fn save(work: &mut Work, id: ContactId, version: i32, typed: &Typed) -> Result<(), Error> {
    let saved = sqlx::query!(
        "update organisation_contacts set name = $3, desk = $4, named = $5, email = $6, phone = $7, lang = $8, version = version + 1,
           verified_at = case when name = $3 and named = $5 and email = $6 and phone = $7 then verified_at end,
           verified_by = case when name = $3 and named = $5 and email = $6 and phone = $7 then verified_by end
         where id = $1 and version = $2 and retired_at is null",
        id.0,
        version,
        typed.name,
        typed.desk,
        typed.kind == ContactKind::Person,
        typed.email,
        typed.phone,
        typed.lang.code()
    )
    .execute(work.db())
    .await?;
    changed(saved.rows_affected())
}

/// Marks a contact as verified by telephone now.
pub async fn verify(work: &mut Work, id: ContactId, version: i32, by: UserId) -> Result<(), Error> {
    let now = work.now();
    let saved = sqlx::query!(
        "update organisation_contacts set verified_at = $3, verified_by = $4, version = version + 1 where id = $1 and version = $2 and retired_at is null",
        id.0,
        version,
        now,
        by.0
    )
    .execute(work.db())
    .await?;
    changed(saved.rows_affected())
}

/// Takes a contact out of use.
pub async fn retire(work: &mut Work, id: ContactId, version: i32) -> Result<(), Error> {
    let now = work.now();
    let saved = sqlx::query!(
        "update organisation_contacts set retired_at = $3, version = version + 1 where id = $1 and version = $2 and retired_at is null",
        id.0,
        version,
        now
    )
    .execute(work.db())
    .await?;
    changed(saved.rows_affected())
}

/// An organisation whose contacts the actor's register may hold: its own, or one that does not work in this system.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Which.
    pub org: OrgId,
    /// Its name in the reader's language.
    pub name: String,
    /// It works in this system.
    pub in_system: bool,
    /// Its general desk.
    pub desk: String,
}

/// The reader's own organisation, and those outside the system.
pub async fn organisations(work: &mut Work) -> Result<Vec<Kept>, Error> {
    let (mine, lang) = (work.standing.org, work.lang().code());
    let rows = sqlx::query_as!(
        Kept,
        "select id as org, access.named(names, name, $2) as \"name!\", in_system, general_desk as desk from organisations
         where id = $1 or (active and not in_system and id <> all (access.my_hidden_orgs())) order by id <> $1, 2, id limit 1000",
        mine,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}
