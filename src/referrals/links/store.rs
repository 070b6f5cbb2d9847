//! All SQL of answer links. The sender's side reads the table; everybody else is answered by definer functions alone.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{ContactId, LinkId, ReferralId, UserId};
use crate::platform::lang::Lang;

/// A link as the sender's side sees it.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// The referral that it opens.
    pub referral: ReferralId,
    /// The letter that carries it.
    pub letter: Uuid,
    /// To whom its one-time codes go.
    pub contact: Option<ContactId>,
    /// When it was made.
    pub issued_at: DateTime<Utc>,
    /// Until when it works, if nothing else ends it.
    pub expires_at: DateTime<Utc>,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Link {
    /// Neither taken back nor past its time. Whether the referral still is open to it, the database decides.
    pub fn is_in_force(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && self.expires_at > now
    }
}

struct Row {
    id: Uuid,
    referral_id: Uuid,
    letter: Uuid,
    contact_id: Option<Uuid>,
    issued_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
}

impl From<Row> for Link {
    fn from(row: Row) -> Self {
        Self {
            id: LinkId(row.id),
            referral: ReferralId(row.referral_id),
            letter: row.letter,
            contact: row.contact_id.map(ContactId),
            issued_at: row.issued_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
        }
    }
}

/// A link of a referral that the actor sends.
pub async fn find(work: &mut Work, id: LinkId) -> Result<Link, Error> {
    let row = sqlx::query_as!(
        Row,
        "select id, referral_id, letter, contact_id, issued_at, expires_at, revoked_at from answer_links where id = $1",
        id.0
    )
    .fetch_one(work.db())
    .await?;
    Ok(row.into())
}

/// The links of a referral, the newest first.
pub async fn of_referral(work: &mut Work, referral: ReferralId) -> Result<Vec<Link>, Error> {
    let rows = sqlx::query_as!(
        Row,
        "select id, referral_id, letter, contact_id, issued_at, expires_at, revoked_at from answer_links
         where referral_id = $1 order by issued_at desc, id desc limit 100",
        referral.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(Link::from).collect())
}

/// The link that a letter carries, if it was issued.
pub async fn of_letter(work: &mut Work, letter: Uuid) -> Result<Option<Link>, Error> {
    let row = sqlx::query_as!(
        Row,
        "select id, referral_id, letter, contact_id, issued_at, expires_at, revoked_at from answer_links where letter = $1",
        letter
    )
    .fetch_optional(work.db())
    .await?;
    Ok(row.map(Link::from))
}

/// A link to be kept: hashes, never what they are of.
#[derive(Debug, Clone)]
pub struct NewLink {
    /// The referral that it opens.
    pub referral: ReferralId,
    /// The letter that carries it.
    pub letter: Uuid,
    /// To whom its one-time codes go.
    pub contact: Option<ContactId>,
    /// The hash of its token.
    pub token_hash: Vec<u8>,
    /// The keyed hash of its short code.
    pub code_hash: Vec<u8>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

/// Keeps a new link.
pub async fn insert(work: &mut Work, new: &NewLink) -> Result<LinkId, Error> {
    let (id, now, by) = (LinkId::new(), work.now(), work.me().ok());
    sqlx::query!(
        "insert into answer_links (id, referral_id, letter, contact_id, token_hash, code_hash, issued_at, issued_by, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id.0,
        new.referral.0,
        new.letter,
        new.contact.map(|id| id.0),
        new.token_hash,
        new.code_hash,
        now,
        by.map(|id| id.0),
        new.expires_at
    )
    .execute(work.db())
    .await?;
    Ok(id)
}

/// Takes a link back; answers whether it was not already.
pub async fn revoke(work: &mut Work, id: LinkId, by: Option<UserId>) -> Result<bool, Error> {
    let now = work.now();
    let done = sqlx::query!(
        "update answer_links set revoked_at = $2, revoked_by = $3 where id = $1 and revoked_at is null",
        id.0,
        now,
        by.map(|id| id.0)
    )
    .execute(work.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// One line of a link's use.
#[derive(Debug, Clone)]
pub struct Use {
    /// Of which link.
    pub link: Uuid,
    /// `code_asked`, `code_sent`, `code_read`, `refused`, `proved`, `opened`, `attachment` or `answered`.
    pub what: String,
    /// The act that was answered with.
    pub detail: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// How the links of a referral were used, the latest first.
pub async fn uses(work: &mut Work, referral: ReferralId) -> Result<Vec<Use>, Error> {
    let rows = sqlx::query_as!(
        Use,
        "select link_id as link, what, detail, at from link_uses where referral_id = $1 order by at desc, id desc limit 200",
        referral.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// The link opens its referral now.
pub async fn is_live(work: &mut Work, id: LinkId) -> Result<bool, Error> {
    let live = sqlx::query_scalar!("select access.live_link($1) is not null as \"live!\"", id.0).fetch_one(work.db()).await?;
    Ok(live)
}

/// How many one-time codes were made for a link since then, and when the last.
pub async fn codes_since(work: &mut Work, id: LinkId, since: DateTime<Utc>) -> Result<(i64, Option<DateTime<Utc>>), Error> {
    let row = sqlx::query!("select count as \"count!\", last_at from access.link_codes_since($1, $2)", id.0, since)
        .fetch_one(work.db())
        .await?;
    Ok((row.count, row.last_at))
}

/// The language of the letter that carries a link; none for a link that travels without one.
pub async fn lang_of_letter(work: &mut Work, letter: Uuid) -> Result<Option<Lang>, Error> {
    let lang = sqlx::query_scalar!("select lang from letters where id = $1", letter).fetch_optional(work.db()).await?;
    Ok(lang.and_then(|lang| lang.parse().ok()))
}

/// The link of a one-time code that still counts.
pub async fn link_of_code(work: &mut Work, code: Uuid) -> Result<Option<LinkId>, Error> {
    let link = sqlx::query_scalar!("select access.link_of_one_time_code($1)", code).fetch_one(work.db()).await?;
    Ok(link.map(LinkId))
}

/// A line of use that the link itself leaves.
pub async fn note_use(work: &mut Work, what: &str, detail: &str) -> Result<(), Error> {
    sqlx::query!("select access.note_link_use($1, $2)", what, detail).fetch_one(work.db()).await?;
    Ok(())
}

/// The link, as its own actor, works on until then at least.
pub async fn renew(work: &mut Work, until: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query!("select access.renew_link($1)", until).fetch_one(work.db()).await?;
    Ok(())
}

/// Forgets sessions, one-time codes and tries that are over since yesterday.
pub async fn sweep(work: &mut Work) -> Result<(), Error> {
    sqlx::query!("select access.sweep_links()").fetch_one(work.db()).await?;
    Ok(())
}
