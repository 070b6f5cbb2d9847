//! Every SQL statement of this room, and its sealed files.
use anyhow::Context;
use chrono::{DateTime, Utc};

use super::case_file::{CaseFile, Entry};
use crate::documents::store::write_file;
use crate::error::{Error, changed};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PersonId, RowId, UserId};
use crate::platform::lang::Lang;

const REASON: &str = "case_files.reason";
const CONTENT: &str = "case_files.content";
const FILE: &str = "case_files.file";

/// The files of a case that were asked for, the newest first; only this one where one is named.
pub async fn list(work: &mut Work, case: CaseId, only: Option<RowId>) -> Result<Vec<CaseFile>, Error> {
    let rows = sqlx::query!(
        r#"select id as "id: RowId", person_id as "person_id: PersonId", given_to as "given_to: PersonId", own_wish, lang, reason, state,
             asked_by as "asked_by: UserId", asked_by_name, asked_at, decided_by_name, expires_at, version
           from case_files where case_id = $1 and ($2::uuid is null or id = $2) order by asked_at desc, id desc limit 50"#,
        case.0,
        only.map(|id| id.0)
    )
    .fetch_all(work.db())
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = work.case_key(case.0).await?;
    rows.into_iter()
        .map(|row| {
            Ok(CaseFile {
                reason: key.open_text(REASON, &row.reason)?,
                id: row.id,
                case_id: case,
                person_id: row.person_id,
                given_to: row.given_to,
                own_wish: row.own_wish,
                lang: row.lang.parse().unwrap_or_default(),
                state: row.state,
                asked_by: row.asked_by,
                asked_by_name: row.asked_by_name,
                asked_at: row.asked_at,
                decided_by_name: row.decided_by_name,
                expires_at: row.expires_at,
                version: row.version,
            })
        })
        .collect()
}

/// What both files say of their case.
#[derive(Debug)]
pub(super) struct OfCase {
    /// Its code.
    pub code: String,
    /// The name of the organisation that keeps it.
    pub organisation: String,
    /// That organisation's time zone.
    pub time_zone: String,
    /// Whoever works on it may be named; not on a restricted one (S31).
    pub names_workers: bool,
}

/// The case of a file.
pub(super) async fn of_case(work: &mut Work, case: CaseId, lang: Lang) -> Result<OfCase, Error> {
    let row = sqlx::query_as!(
        OfCase,
        r#"select c.code, access.named(o.names, o.name, $2) as "organisation!", o.time_zone, t.sensitivity <> 'restricted' as "names_workers!"
           from cases c join organisations o on o.id = c.org join case_types t on t.id = c.case_type where c.id = $1"#,
        case.0,
        lang.code()
    );
    Ok(row.fetch_one(work.db()).await?)
}

/// One file of a case.
pub async fn find(work: &mut Work, case: CaseId, id: RowId) -> Result<CaseFile, Error> {
    list(work, case, Some(id)).await?.pop().ok_or(Error::NotFound)
}

/// What a file says, as long as it is kept.
pub(super) async fn content(work: &mut Work, file: &CaseFile) -> Result<Vec<Entry>, Error> {
    let sealed = sqlx::query_scalar!("select content from case_files where id = $1", file.id.0).fetch_one(work.db()).await?;
    let Some(sealed) = sealed else { return Ok(Vec::new()) };
    Ok(work.case_key(file.case_id.0).await?.open_json(CONTENT, &sealed)?)
}

/// Writes what was asked for.
pub(super) async fn insert(work: &mut Work, file: &CaseFile, entries: &[Entry]) -> Result<(), Error> {
    let key = work.case_key(file.case_id.0).await?;
    let content = key.seal_json(CONTENT, entries)?;
    let reason = key.seal(REASON, file.reason.as_bytes());
    sqlx::query!(
        "insert into case_files (id, case_id, person_id, given_to, lang, reason, content, asked_by, asked_by_name, asked_at, own_wish)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        file.id.0,
        file.case_id.0,
        file.person_id.0,
        file.given_to.map(|id| id.0),
        file.lang.code(),
        reason,
        content,
        file.asked_by.0,
        file.asked_by_name,
        file.asked_at,
        file.own_wish
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// Releases a file with what was left in it, or refuses it and forgets what it said.
pub(super) async fn decide(work: &mut Work, file: &CaseFile, state: &str, kept: Option<&[Entry]>) -> Result<(), Error> {
    let content = match kept {
        None => None,
        Some(entries) => Some(work.case_key(file.case_id.0).await?.seal_json(CONTENT, entries)?),
    };
    let (me, name, now) = (work.me()?, work.standing.name.clone(), work.now());
    let done = sqlx::query!(
        "update case_files set state = $3, content = $4, decided_by = $5, decided_by_name = $6, decided_at = $7, version = version + 1
         where id = $1 and version = $2 and state = 'asked'",
        file.id.0,
        file.version,
        state,
        content,
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// The two files are there until then; what they were made from is forgotten.
pub(super) async fn mark_made(work: &mut Work, file: &CaseFile, until: DateTime<Utc>) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!(
        "update case_files set state = 'made', content = null, made_at = $2, expires_at = $3, version = version + 1 where id = $1 and state = 'released'",
        file.id.0,
        now,
        until
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// The files of this organisation whose time is over: marked as gone, and returned.
pub(super) async fn expired(work: &mut Work) -> Result<Vec<RowId>, Error> {
    let now = work.now();
    let gone = sqlx::query_scalar!(
        r#"update case_files set state = 'gone', version = version + 1
           where id in (select id from case_files where state = 'made' and expires_at <= $1 order by expires_at limit 100 for update skip locked)
           returning id as "id: RowId""#,
        now
    );
    Ok(gone.fetch_all(work.db()).await?)
}

/// Keeps one of the two files, sealed.
pub(super) async fn keep(work: &mut Work, file: &CaseFile, ending: &str, bytes: &[u8]) -> Result<(), Error> {
    let sealed = work.case_key(file.case_id.0).await?.seal(FILE, bytes);
    write_file(&path(work, file.id, ending), &sealed).await.context("a case file cannot be written")?;
    Ok(())
}

/// One of the two files, opened.
pub(super) async fn read(work: &mut Work, file: &CaseFile, ending: &str) -> Result<Vec<u8>, Error> {
    let sealed = tokio::fs::read(path(work, file.id, ending)).await.context("a case file cannot be read")?;
    Ok(work.case_key(file.case_id.0).await?.open(FILE, &sealed)?)
}

/// Takes both files away; one that is not there is no fault.
pub(super) async fn remove(work: &Work, id: RowId) -> Result<(), Error> {
    for ending in ["pdf", "zip"] {
        match tokio::fs::remove_file(path(work, id, ending)).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(anyhow::Error::from(error).context("a case file cannot be removed").into());
            }
            _ => {}
        }
    }
    Ok(())
}

fn path(work: &Work, id: RowId, ending: &str) -> std::path::PathBuf {
    work.ground().files.join(format!("case_files/{id}.{ending}"))
}
