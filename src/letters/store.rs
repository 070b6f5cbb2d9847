//! All SQL of letters. Row security shows them to the sender's side alone; what they say is sealed with a key of their own.
use uuid::Uuid;

use super::letter::{FIRST, Letter, Pinned, State, Way};
use super::paper::{Content, Logo};
use crate::error::{Clash, Error, changed};
use crate::packs::Word;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ContactId, LetterId, ReferralId};
use crate::platform::lang::Lang;

const TYPED: &str = "letters.typed";
const FROZEN: &str = "letters.frozen";
const BODY: &str = "letters.body";

struct Row {
    id: Uuid,
    referral_id: Uuid,
    number: i16,
    state: String,
    reason: Option<String>,
    way: String,
    lang: String,
    contact_id: Option<Uuid>,
    template_kind: String,
    template_pack: String,
    template_pack_version: Option<i32>,
    template_id: Option<Uuid>,
    typed: Vec<u8>,
    submitted_at: Option<chrono::DateTime<chrono::Utc>>,
    issued_at: Option<chrono::DateTime<chrono::Utc>>,
    printed_at: Option<chrono::DateTime<chrono::Utc>>,
    version: i32,
}

impl Row {
    async fn open(self, work: &mut Work) -> Result<Letter, Error> {
        let typed = work.letter_key(self.id).await?.open_json(TYPED, &self.typed)?;
        let pack = self.template_pack;
        Ok(Letter {
            id: LetterId(self.id),
            referral: ReferralId(self.referral_id),
            number: self.number,
            state: State::parse(&self.state).unwrap_or(State::Draft),
            reason: self.reason,
            way: Way::parse(&self.way).unwrap_or(Way::Hand),
            lang: self.lang.parse().unwrap_or_default(),
            contact: self.contact_id.map(ContactId),
            template: self.template_kind,
            pinned: self.template_pack_version.map(|pack_version| Pinned { pack, pack_version, own: self.template_id }),
            typed,
            submitted_at: self.submitted_at,
            issued_at: self.issued_at,
            printed_at: self.printed_at,
            version: self.version,
        })
    }
}

/// The newest letter of a referral, if one was kept and the actor is on the sender's side. One that was begun and thrown away is none.
pub async fn of_referral(work: &mut Work, referral: ReferralId) -> Result<Option<Letter>, Error> {
    Ok(all_of(work, referral).await?.into_iter().next())
}

/// The letters of a referral, the newest first.
pub async fn all_of(work: &mut Work, referral: ReferralId) -> Result<Vec<Letter>, Error> {
    let rows = sqlx::query_as!(
        Row,
        "select id, referral_id, number, state, reason, way, lang, contact_id, template_kind, template_pack, template_pack_version, template_id,
           typed, submitted_at, issued_at, printed_at, version
         from letters where referral_id = $1 and (state <> 'dropped' or submitted_at is not null) order by number desc limit 100",
        referral.0
    )
    .fetch_all(work.db())
    .await?;
    opened(work, rows).await
}

async fn opened(work: &mut Work, rows: Vec<Row>) -> Result<Vec<Letter>, Error> {
    let mut letters = Vec::new();
    for row in rows {
        letters.push(row.open(work).await?);
    }
    Ok(letters)
}

/// The number that the next letter of a referral has.
pub async fn next_number(work: &mut Work, referral: ReferralId) -> Result<i16, Error> {
    let last = sqlx::query_scalar!("select max(number) from letters where referral_id = $1", referral.0);
    Ok(last.fetch_one(work.db()).await?.map_or(FIRST, |last| last + 1))
}

/// A letter by its own id.
pub async fn find(work: &mut Work, id: LetterId) -> Result<Letter, Error> {
    let row = sqlx::query_as!(
        Row,
        "select id, referral_id, number, state, reason, way, lang, contact_id, template_kind, template_pack, template_pack_version, template_id,
           typed, submitted_at, issued_at, printed_at, version
         from letters where id = $1",
        id.0
    )
    .fetch_one(work.db())
    .await?;
    row.open(work).await
}

/// The newest letter of each of a case's referrals.
pub async fn of_case(work: &mut Work, case: CaseId) -> Result<Vec<Letter>, Error> {
    let rows = sqlx::query_as!(
        Row,
        "select id, referral_id, number, state, reason, way, lang, contact_id, template_kind, template_pack, template_pack_version, template_id,
           typed, submitted_at, issued_at, printed_at, version
         from (select distinct on (referral_id) * from letters
               where case_id = $1 and (state <> 'dropped' or submitted_at is not null) order by referral_id, number desc) newest
         order by recorded_at desc limit 200",
        case.0
    )
    .fetch_all(work.db())
    .await?;
    opened(work, rows).await
}

/// Keeps a draft over the version that was read; the first time it makes the letter's key.
pub async fn keep(work: &mut Work, letter: &Letter, case: Option<CaseId>) -> Result<(), Error> {
    let plain = serde_json::to_vec(&letter.typed).map_err(anyhow::Error::from)?;
    let contact = letter.contact.map(|id| id.0);
    if letter.version == 0 {
        return insert(work, letter, case, &plain).await;
    }
    let typed = match seal(work, letter.id, TYPED, &plain).await {
        // Another version than the first of a letter that is not kept yet.
        Err(Error::NotFound) => return Err(Error::Conflict(Clash::Stale)),
        typed => typed?,
    };
    let saved = sqlx::query!(
        "update letters set way = $3, lang = $4, contact_id = $5, template_kind = $6, typed = $7, version = version + 1
         where id = $1 and version = $2 and state = 'draft'",
        letter.id.0,
        letter.version,
        letter.way.as_str(),
        letter.lang.code(),
        contact,
        letter.template,
        typed
    )
    .execute(work.db())
    .await?;
    changed(saved.rows_affected())
}

async fn insert(work: &mut Work, letter: &Letter, case: Option<CaseId>, plain: &[u8]) -> Result<(), Error> {
    let typed = work.new_key(letter.id.0, case.map(|case| case.0)).await?.seal(TYPED, plain);
    let made = sqlx::query!(
        "insert into letters (id, referral_id, number, way, lang, contact_id, template_kind, typed) values ($1, $2, $8, $3, $4, $5, $6, $7)
         on conflict do nothing",
        letter.id.0,
        letter.referral.0,
        letter.way.as_str(),
        letter.lang.code(),
        letter.contact.map(|id| id.0),
        letter.template,
        typed,
        letter.number
    )
    .execute(work.db())
    .await?;
    // Somebody else began it since the page was opened, with another key: this one was never kept.
    changed(made.rows_affected())
}

async fn seal(work: &mut Work, letter: LetterId, place: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
    Ok(work.letter_key(letter.0).await?.seal(place, plain))
}

/// What a letter is frozen with when it is submitted.
pub struct Frozen<'a> {
    pub content: &'a Content,
    pub pinned: &'a Pinned,
    /// It goes under an agreement, which must still stand when it is sent.
    pub by_agreement: bool,
}

/// Freezes a draft.
pub async fn submit(work: &mut Work, letter: &Letter, frozen: &Frozen<'_>) -> Result<(), Error> {
    let plain = serde_json::to_vec(frozen.content).map_err(anyhow::Error::from)?;
    let sealed = seal(work, letter.id, FROZEN, &plain).await?;
    let (me, now) = (work.me()?, work.now());
    let saved = sqlx::query!(
        "update letters set state = 'submitted', frozen = $3, template_pack = $4, template_pack_version = $5, template_id = $6, by_agreement = $7,
           submitted_by = $8, submitted_at = $9, version = version + 1
         where id = $1 and version = $2 and state = 'draft'",
        letter.id.0,
        letter.version,
        sealed,
        frozen.pinned.pack,
        frozen.pinned.pack_version,
        frozen.pinned.own,
        frozen.by_agreement,
        me.0,
        now
    )
    .execute(work.db())
    .await?;
    changed(saved.rows_affected())
}

/// What a submitted letter says, as it was frozen.
pub async fn frozen(work: &mut Work, id: LetterId) -> Result<Content, Error> {
    let sealed = sqlx::query_scalar!("select frozen from letters where id = $1", id.0).fetch_one(work.db()).await?;
    let sealed = sealed.ok_or(Error::NotFound)?;
    Ok(work.letter_key(id.0).await?.open_json(FROZEN, &sealed)?)
}

/// Keeps the exact bytes of a submitted letter; answers whether it still was submitted.
pub async fn issue(work: &mut Work, id: LetterId, bytes: &[u8]) -> Result<bool, Error> {
    use sha2::Digest;
    let digest = sha2::Sha256::digest(bytes).to_vec();
    let body = seal(work, id, BODY, bytes).await?;
    let now = work.now();
    let saved = sqlx::query!(
        "update letters set state = 'issued', body = $2, digest = $3, issued_at = $4, version = version + 1 where id = $1 and state = 'submitted'",
        id.0,
        body,
        digest,
        now
    )
    .execute(work.db())
    .await?;
    Ok(saved.rows_affected() == 1)
}

/// The exact bytes that went out.
pub async fn bytes(work: &mut Work, id: LetterId) -> Result<Vec<u8>, Error> {
    let body = sqlx::query_scalar!("select body from letters where id = $1", id.0).fetch_one(work.db()).await?;
    let body = body.ok_or(Error::NotFound)?;
    Ok(work.letter_key(id.0).await?.open(BODY, &body)?)
}

/// Writes down that nothing went out, and why.
pub async fn withhold(work: &mut Work, id: LetterId, reason: &str) -> Result<bool, Error> {
    let saved = sqlx::query!(
        "update letters set state = 'dropped', reason = $2, version = version + 1 where id = $1 and state in ('submitted', 'issued')",
        id.0,
        reason
    )
    .execute(work.db())
    .await?;
    Ok(saved.rows_affected() == 1)
}

/// Throws away a further letter that was begun; it is none from then on.
pub async fn give_up(work: &mut Work, letter: &Letter) -> Result<(), Error> {
    let saved = sqlx::query!(
        "update letters set state = 'dropped', version = version + 1 where id = $1 and state = 'draft' and number > 1",
        letter.id.0
    )
    .execute(work.db())
    .await?;
    changed(saved.rows_affected())
}

/// Writes down that it was printed, and how it goes from there.
pub async fn printed(work: &mut Work, letter: &Letter) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!(
        "update letters set printed_at = coalesce(printed_at, $2), version = version + 1 where id = $1 and state = 'issued'",
        letter.id.0,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// Why a letter may not go any more, as far as the database can tell; none if it may.
pub async fn refusal(work: &mut Work, id: LetterId) -> Result<Option<String>, Error> {
    let today = work.today();
    Ok(sqlx::query_scalar!("select access.letter_stands($1, $2)", id.0, today).fetch_one(work.db()).await?)
}

/// Whether an agreement with client tracking stands today between two organisations.
pub async fn agreement_stands(work: &mut Work, from: i32, to: i32) -> Result<bool, Error> {
    let today = work.today();
    let stands = sqlx::query_scalar!(
        "select exists (select from agreements where from_org = $1 and to_org = $2 and client_tracking and starts_on <= $3
           and (ends_on is null or ends_on >= $3)) as \"is!\"",
        from,
        to,
        today
    )
    .fetch_one(work.db())
    .await?;
    Ok(stands)
}

/// Organisations in this system with which an agreement with client tracking stands today, by name; for a case that is to change hands,
/// those whose desk works with its type.
pub async fn agreed_partners(work: &mut Work, case_type: Option<i16>) -> Result<Vec<(i32, String)>, Error> {
    let (org, lang, today) = (work.standing.org, work.lang().code(), work.today());
    let rows = sqlx::query!(
        r#"select distinct o.id, access.named(o.names, o.name, $2) as "name!" from agreements a join organisations o on o.id = a.to_org
           where a.from_org = $1 and a.client_tracking and a.starts_on <= $3 and (a.ends_on is null or a.ends_on >= $3) and o.active and o.in_system
             and ($4::smallint is null or access.somebody_answers(access.front_desk(o.id), $4))
           order by 2, 1"#,
        org,
        lang,
        today,
        case_type
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Organisations outside the system that the actor may know of, by name.
pub async fn outside_organisations(work: &mut Work) -> Result<Vec<(i32, String)>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query!(
        r#"select id, access.named(names, name, $1) as "name!" from organisations
           where active and not in_system and id <> all ((select access.my_hidden_orgs())::int[]) order by 2, 1 limit 1000"#,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// What a letter prints of an organisation.
pub struct Organisation {
    pub name: String,
    pub desk: String,
    /// What stands below its name on letters, a line each.
    pub letterhead: Vec<String>,
    pub logo: Option<Logo>,
    pub lang: Lang,
}

impl Organisation {
    /// The lines below its name: the letterhead, and the general desk where that does not stand there already.
    pub fn head(&self) -> Vec<String> {
        let desk =
            Some(self.desk.trim()).filter(|desk| !desk.is_empty() && !self.letterhead.iter().any(|line| line.contains(desk)));
        self.letterhead.iter().cloned().chain(desk.map(str::to_owned)).collect()
    }
}

/// An organisation, with its name in a language.
pub async fn organisation(work: &mut Work, id: i32, lang: Lang) -> Result<Organisation, Error> {
    let row = sqlx::query!(
        r#"select access.named(names, name, $2) as "name!", general_desk, letterhead, logo_type, logo, lang from organisations where id = $1"#,
        id,
        lang.code()
    )
    .fetch_one(work.db())
    .await?;
    let letterhead = row.letterhead.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let logo = row.logo_type.zip(row.logo).map(|(media_type, bytes)| Logo::of(&media_type, bytes));
    Ok(Organisation { name: row.name, desk: row.general_desk, letterhead, logo, lang: row.lang.parse().unwrap_or_default() })
}

/// Keeps a picture, or none, for the head of an organisation's letters.
pub async fn keep_logo(work: &mut Work, org: i32, logo: Option<&Logo>) -> Result<(), Error> {
    sqlx::query!(
        "update organisations set logo_type = $2, logo = $3 where id = $1",
        org,
        logo.map(Logo::media_type),
        logo.map(Logo::bytes)
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// The name of a unit.
pub async fn unit_name(work: &mut Work, id: i32) -> Result<String, Error> {
    Ok(sqlx::query_scalar!("select name from units where id = $1", id).fetch_optional(work.db()).await?.unwrap_or_default())
}
