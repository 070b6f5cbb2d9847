//! SQL of exports: which copies there are for whoever asks, and the exports that are made behind the page.
use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::wanted::Wanted;
use crate::error::Error;
use crate::forms::Form;
use crate::platform::db::Work;
use crate::platform::ids::{EditionId, FormId, OrgId, RowId, UserId};
use crate::platform::lang::Lang;
use crate::platform::standing::Standing;

/// So many copies are read at a time.
pub const CHUNK: i64 = 200;

/// A complete copy that goes into the file, still sealed.
pub struct Copy {
    pub id: Uuid,
    pub case_id: Uuid,
    pub edition_id: EditionId,
    pub edition: i32,
    pub instance_id: String,
    pub answers: Vec<u8>,
    /// The case's data key, wrapped; none once it was destroyed, and the answers with it.
    pub key: Option<Vec<u8>>,
    pub code: String,
    pub person_id: Uuid,
    /// `standard` or `protected`.
    pub sensitivity: String,
    pub author_name: String,
    pub completed_at: DateTime<Utc>,
    /// When it came here: later than it was completed where a device had no network.
    pub arrived_at: DateTime<Utc>,
    /// Another correction of the same copy stands too, and nobody has chosen yet.
    pub disputed: bool,
    /// It names somebody else than its case, and nobody said that it belongs there (S28); `None` where nobody looked.
    pub names_other: Option<bool>,
}

/// The days of a wish as moments of the organisation's calendar.
pub struct Span {
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
}

impl Span {
    /// From the start of the first day to the end of the last.
    pub fn of(work: &Work, wanted: &Wanted) -> Self {
        use chrono::{Days, NaiveTime, TimeZone};
        let zone = work.zone();
        let starts =
            |day: chrono::NaiveDate| zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest().map(|at| at.to_utc());
        Self {
            from: wanted.from.and_then(starts),
            until: wanted.until.and_then(|day| day.checked_add_days(Days::new(1))).and_then(starts),
        }
    }
}

/// How many copies the actor would get, and which editions they keep, the newest first. The days are those on which a copy stood on its case here: one
/// that came late from a device would else be in the export of no month.
pub async fn extent(work: &mut Work, form: &Form, wanted: &Wanted, org: OrgId) -> Result<(i64, Vec<EditionId>), Error> {
    let span = Span::of(work, wanted);
    let rows = sqlx::query!(
        r#"select s.edition_id as "edition_id: EditionId", count(*) as "count!" from submissions s
             join form_editions e on e.id = s.edition_id join cases c on c.id = s.case_id join case_types t on t.id = c.case_type
           where s.form_id = $1 and s.state = 'complete' and t.sensitivity <> 'restricted' and c.org = $2
             and ($3::uuid is null or s.edition_id = $3) and ($4::timestamptz is null or greatest(s.recorded_at, s.completed_at) >= $4)
             and ($5::timestamptz is null or greatest(s.recorded_at, s.completed_at) < $5)
           group by s.edition_id, e.number order by e.number desc"#,
        form.id.0,
        org,
        wanted.edition.map(|id| id.0),
        span.from,
        span.until
    )
    .fetch_all(work.db())
    .await?;
    Ok((rows.iter().map(|row| row.count).sum(), rows.iter().map(|row| row.edition_id).collect()))
}

/// The next copies after this one, in the order in which they were completed.
pub async fn copies(
    work: &mut Work,
    form: &Form,
    wanted: &Wanted,
    org: OrgId,
    after: Option<(DateTime<Utc>, Uuid)>,
) -> Result<Vec<Copy>, Error> {
    let span = Span::of(work, wanted);
    let (at, id) = after.unzip();
    let copies = sqlx::query_as!(
        Copy,
        r#"select s.id, s.case_id, s.edition_id as "edition_id: EditionId", e.number as edition, s.instance_id, s.answers,
             access.case_key(s.case_id) as key, c.code, c.person_id, t.sensitivity, s.author_name, s.completed_at as "completed_at!",
             coalesce(s.arrived_at, s.completed_at) as "arrived_at!",
             case when s.belongs_at is null then s.names_other else false end as "names_other?",
             ((s.replaces is not null or exists (select from submissions n where n.replaces = s.id)) and exists (
               with recursive line as (
                 select s.id, s.replaces
                 union
                 select o.id, o.replaces from submissions o join line l on o.id = l.replaces or o.replaces = l.id)
               select from line l join submissions o on o.id = l.id where o.state = 'complete' and o.id <> s.id)) as "disputed!"
           from submissions s
             join form_editions e on e.id = s.edition_id join cases c on c.id = s.case_id join case_types t on t.id = c.case_type
           where s.form_id = $1 and s.state = 'complete' and t.sensitivity <> 'restricted' and c.org = $2
             and ($3::uuid is null or s.edition_id = $3) and ($4::timestamptz is null or greatest(s.recorded_at, s.completed_at) >= $4)
             and ($5::timestamptz is null or greatest(s.recorded_at, s.completed_at) < $5)
             and ($6::timestamptz is null or (s.completed_at, s.id) > ($6, $7))
           order by s.completed_at, s.id limit $8"#,
        form.id.0,
        org,
        wanted.edition.map(|id| id.0),
        span.from,
        span.until,
        at,
        id,
        CHUNK
    )
    .fetch_all(work.db())
    .await?;
    Ok(copies)
}

/// An export that is made behind the page.
#[derive(Debug, Clone)]
pub struct Export {
    pub id: RowId,
    pub org: OrgId,
    pub form_id: FormId,
    pub asked_by: UserId,
    pub asked_at: DateTime<Utc>,
    pub wanted: Value,
    /// `waiting`, `made`, `failed` or `gone`.
    pub state: String,
    /// Why it failed: the code of an error.
    pub reason: Option<String>,
    pub total: i32,
    pub done: i32,
    pub media_type: Option<String>,
    pub ending: Option<String>,
    pub expires_at: Option<DateTime<Utc>>,
}

impl Export {
    /// The address of its page.
    pub fn path(&self) -> String {
        format!("/forms/{}/exports/{}", self.form_id, self.id)
    }
}

/// The exports of a form that the actor asked for, the newest first; for a job those of its organisation. Only this one where one is named.
pub async fn exports(work: &mut Work, form: FormId, only: Option<RowId>) -> Result<Vec<Export>, Error> {
    let exports = sqlx::query_as!(
        Export,
        r#"select id as "id: RowId", org, form_id as "form_id: FormId", asked_by as "asked_by: UserId", asked_at, wanted, state, reason, total, done, media_type,
             ending, expires_at
           from form_exports where form_id = $1 and ($2::uuid is null or id = $2) order by asked_at desc, id desc limit 20"#,
        form.0,
        only.map(|id| id.0)
    )
    .fetch_all(work.db())
    .await?;
    Ok(exports)
}

/// One export.
pub async fn export(work: &mut Work, form: FormId, id: RowId) -> Result<Export, Error> {
    exports(work, form, Some(id)).await?.pop().ok_or(Error::NotFound)
}

/// How many of the actor's exports wait to be made.
pub async fn waiting(work: &mut Work) -> Result<i64, Error> {
    let me = work.me()?;
    Ok(sqlx::query_scalar!("select count(*) as \"count!\" from form_exports where asked_by = $1 and state = 'waiting'", me.0)
        .fetch_one(work.db())
        .await?)
}

/// Keeps what was asked for.
pub async fn insert(work: &mut Work, form: FormId, wanted: &Wanted, total: i64) -> Result<RowId, Error> {
    let (id, me, org, now) = (RowId::new(), work.me()?, work.standing.org, work.now());
    let wanted = serde_json::to_value(wanted).map_err(anyhow::Error::from)?;
    sqlx::query!(
        "insert into form_exports (id, org, form_id, asked_by, asked_at, wanted, total) values ($1, $2, $3, $4, $5, $6, $7)",
        id.0,
        org,
        form.0,
        me.0,
        now,
        wanted,
        i32::try_from(total).unwrap_or(i32::MAX)
    )
    .execute(work.db())
    .await?;
    Ok(id)
}

/// How far it has come; its job is held for longer meanwhile.
pub async fn progress(work: &mut Work, id: RowId, job: Uuid, done: i64) -> Result<(), Error> {
    let until = work.now() + chrono::TimeDelta::minutes(2);
    let done = i32::try_from(done).unwrap_or(i32::MAX);
    sqlx::query!("update form_exports set done = $2 where id = $1 and state = 'waiting'", id.0, done).execute(work.db()).await?;
    sqlx::query!("update jobs set held_until = $2 where id = $1 and done_at is null", job, until).execute(work.db()).await?;
    Ok(())
}

/// It is there until then, unless it was ended meanwhile.
pub async fn made(work: &mut Work, id: RowId, made: (&str, &str), copies: i64, until: DateTime<Utc>) -> Result<bool, Error> {
    let (media_type, ending) = made;
    let kept = sqlx::query!(
        "update form_exports set state = 'made', done = $2, total = $2, media_type = $3, ending = $4, expires_at = $5 where id = $1 and state = 'waiting'",
        id.0,
        i32::try_from(copies).unwrap_or(i32::MAX),
        media_type,
        ending,
        until
    )
    .execute(work.db())
    .await?;
    Ok(kept.rows_affected() == 1)
}

/// It can't be made, for this reason.
pub async fn failed(work: &mut Work, id: RowId, reason: &str) -> Result<(), Error> {
    sqlx::query!("update form_exports set state = 'failed', reason = $2 where id = $1 and state = 'waiting'", id.0, reason)
        .execute(work.db())
        .await?;
    Ok(())
}

/// Its day is over.
pub async fn gone(work: &mut Work, id: RowId) -> Result<(), Error> {
    sqlx::query!("update form_exports set state = 'gone' where id = $1 and state = 'made'", id.0).execute(work.db()).await?;
    Ok(())
}

/// What is known of a colleague, so that work can go on as them; none once they have left.
pub async fn standing(work: &mut Work, user: UserId) -> Result<Option<Standing>, Error> {
    let row = sqlx::query!(
        "select u.org, u.name, coalesce(u.lang, o.lang) as \"lang!\", o.time_zone from users u join organisations o on o.id = u.org where u.id = $1 and u.active",
        user.0
    )
    .fetch_optional(work.db())
    .await?;
    Ok(row.map(|row| Standing {
        org: row.org,
        name: row.name,
        lang: row.lang.parse::<Lang>().unwrap_or_default(),
        time_zone: row.time_zone,
        ..Standing::default()
    }))
}
