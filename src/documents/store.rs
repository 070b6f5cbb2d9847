//! SQL and sealed files of documents.
use std::path::PathBuf;

use anyhow::Context;
use chrono::{NaiveDate, TimeDelta};

use super::document::Document;
use crate::error::Error;
use crate::packs::{Sensitivity, Word};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, DocumentId, OrgId, RecordId, UnitId, UserId};

const TITLE: &str = "documents.title";
const FILE: &str = "documents.file";

/// What this room needs to know of the case around a document.
#[derive(Debug, Clone)]
pub struct Around {
    /// The unit that owns the case.
    pub unit: UnitId,
    /// The case's code.
    pub code: String,
    /// How closely it is guarded.
    pub sensitivity: Sensitivity,
    /// The organisation that owns the case.
    pub org: OrgId,
}

/// The case around, if the actor may see it.
pub async fn around(work: &mut Work, case: CaseId) -> Result<Around, Error> {
    let row = sqlx::query!(
        "select c.unit, c.org, c.code, t.sensitivity from cases c join case_types t on t.id = c.case_type where c.id = $1",
        case.0
    )
    .fetch_one(work.db())
    .await?;
    let sensitivity = Sensitivity::parse(&row.sensitivity).unwrap_or(Sensitivity::Restricted);
    Ok(Around { unit: row.unit, code: row.code, sensitivity, org: row.org })
}

/// The documents of a case that were not withdrawn, the newest first, titles opened; of one record alone where it is named.
pub async fn list(work: &mut Work, case: CaseId, record: Option<RecordId>) -> Result<Vec<Document>, Error> {
    opened(work, case, (record, None)).await
}

/// One document of a case.
pub async fn find(work: &mut Work, case: CaseId, id: DocumentId) -> Result<Document, Error> {
    opened(work, case, (None, Some(id))).await?.into_iter().next().ok_or(Error::NotFound)
}

async fn opened(
    work: &mut Work,
    case: CaseId,
    (record, only): (Option<RecordId>, Option<DocumentId>),
) -> Result<Vec<Document>, Error> {
    let key = work.case_key(case.0).await?;
    let rows = sqlx::query!(
        r#"select id as "id: DocumentId", kind, title, media_type, size_bytes, file, added_by_name, recorded_at, withdrawn_at, expires_on, scan,
           record_root as "record: RecordId", with_guarded_parts
         from documents where case_id = $1 and withdrawn_at is null and ($2::uuid is null or record_root = $2) and ($3::uuid is null or id = $3)
         order by recorded_at desc, id desc limit 200"#,
        case.0,
        record.map(|root| root.0),
        only.map(|id| id.0)
    )
    .fetch_all(work.db())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Document {
                id: row.id,
                case_id: case,
                kind: row.kind,
                title: key.open_text(TITLE, &row.title)?,
                media_type: row.media_type,
                size_bytes: row.size_bytes,
                file: row.file,
                added_by_name: row.added_by_name,
                recorded_at: row.recorded_at,
                withdrawn_at: row.withdrawn_at,
                expires_on: row.expires_on,
                scan: row.scan,
                record: row.record,
                guarded: row.with_guarded_parts,
            })
        })
        .collect()
}

/// Keeps a document: the sealed file first, then its row, so that a row never points at nothing.
pub(super) async fn insert(work: &mut Work, document: &Document, bytes: &[u8]) -> Result<(), Error> {
    let key = work.case_key(document.case_id.0).await?;
    let path = path(work, &document.file);
    write_file(&path, &key.seal(FILE, bytes)).await.with_context(|| "a document's file cannot be written")?;
    let title = key.seal(TITLE, document.title.as_bytes());
    let me = work.me()?;
    sqlx::query!(
        "insert into documents (id, case_id, kind, title, media_type, size_bytes, file, added_by, added_by_name, recorded_at, expires_on, scan,
           record_root, with_guarded_parts)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        document.id.0,
        document.case_id.0,
        document.kind,
        title,
        document.media_type,
        document.size_bytes,
        document.file,
        me.0,
        document.added_by_name,
        document.recorded_at,
        document.expires_on,
        document.scan,
        document.record.map(|root| root.0),
        document.guarded
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// The person of the case, or who may speak for them, agreed to a search for family, has not taken that back, and has not said no since: to that
/// search, to everybody, or to somebody whom the yes reached (S3, S4, S18). That a child's own yes stands beside a caregiver's is asked where it is recorded,
/// and both end together.
pub(super) async fn traced_by_consent(work: &mut Work, case: CaseId) -> Result<bool, Error> {
    let today = work.today();
    let agreed = sqlx::query_scalar!(
        r#"select exists (select from consents n join cases c on c.id = n.case_id and c.person_id = n.person_id
             where n.case_id = $1 and n.for_tracing and n.basis = 'consent' and n.kind in ('consent', 'representative')
               and n.withdrawn_at is null and (n.expires_on is null or n.expires_on >= $2)
               and not exists (select from consents later where later.case_id = n.case_id and later.person_id = n.person_id
                 and later.kind = 'refused' and later.withdrawn_at is null
                 and (later.given_on, later.recorded_at) > (n.given_on, n.recorded_at)
                 and (later.for_tracing or cardinality(later.to_orgs) + cardinality(later.to_kinds) = 0
                   or later.to_orgs && n.to_orgs or later.to_kinds && n.to_kinds))) as "agreed!""#,
        case.0,
        today
    );
    Ok(agreed.fetch_one(work.db()).await?)
}

/// The bytes of a document, opened.
pub async fn read(work: &mut Work, document: &Document) -> Result<Vec<u8>, Error> {
    read_of(work, document.case_id, &document.file).await
}

/// The bytes of a file of this case, opened.
pub(super) async fn read_of(work: &mut Work, case: CaseId, file: &str) -> Result<Vec<u8>, Error> {
    let key = work.case_key(case.0).await?;
    let sealed = tokio::fs::read(path(work, file)).await.context("a document's file cannot be read")?;
    Ok(key.open(FILE, &sealed)?)
}

/// Takes a document out of use; its row and file stay.
pub(super) async fn withdraw(work: &mut Work, document: &Document) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!("update documents set withdrawn_at = $2 where id = $1 and withdrawn_at is null", document.id.0, now)
        .execute(work.db())
        .await?;
    Ok(())
}

/// So many documents are looked through in one run.
pub(super) const SCANNED_AT_ONCE: usize = 5;

/// A document that waits to be looked through.
#[derive(Debug)]
pub(super) struct Unscanned {
    pub id: DocumentId,
    pub case_id: CaseId,
    pub file: String,
    pub added_by: UserId,
    /// It was kept before a scanner was set.
    pub is_older: bool,
}

/// The documents of this organisation that wait longest; where a scanner is set also those that were kept before it was, once a day at most.
pub(super) async fn unscanned(work: &mut Work) -> Result<Vec<Unscanned>, Error> {
    let (set, tried_before) = (work.ground().clamd.is_some(), work.now() - TimeDelta::days(1));
    let waiting = sqlx::query_as!(
        Unscanned,
        r#"select id as "id: DocumentId", case_id as "case_id: CaseId", file, added_by as "added_by: UserId", scan = 'none' as "is_older!" from documents
           where scan = 'waiting' or ($2 and scan = 'none' and withdrawn_at is null and (scanned_at is null or scanned_at < $3))
           order by scan = 'none', recorded_at, id limit $1 for update skip locked"#,
        SCANNED_AT_ONCE as i64,
        set,
        tried_before
    );
    Ok(waiting.fetch_all(work.db()).await?)
}

/// Writes down what the scanner said.
pub(super) async fn judge(work: &mut Work, document: &Unscanned, scan: &str) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!(
        "update documents set scan = $2, scanned_at = $3 where id = $1 and scan in ('waiting', 'none')",
        document.id.0,
        scan,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// A paper that runs out.
#[derive(Debug)]
pub(super) struct Expiring {
    pub id: DocumentId,
    pub case_id: CaseId,
    pub expires_on: NaiveDate,
    pub keeper: Option<UserId>,
    /// The first task about it still stands.
    pub asked: bool,
}

/// The key under which a task about it is made so many days before.
pub(super) fn expiry_key(id: DocumentId, days: i64) -> String {
    format!("document_expires:{id}:{days}")
}

/// Papers in open cases of this organisation that run out by the first day and nobody was told, or by the second and nobody was told again.
pub(super) async fn expiring(work: &mut Work, first: NaiveDate, second: NaiveDate) -> Result<Vec<Expiring>, Error> {
    let expiring = sqlx::query_as!(
        Expiring,
        r#"select d.id as "id: DocumentId", d.case_id as "case_id: CaseId", d.expires_on as "expires_on!", c.case_manager as "keeper: UserId",
             exists (select from tasks t where t.once = 'document_expires:' || d.id::text || ':60' and t.done_at is null) as "asked!"
           from documents d join cases c on c.id = d.case_id
           where d.expires_on is not null and d.withdrawn_at is null and d.expiry_told < 2 and d.left_with is null and c.closed_at is null
             and (d.expires_on <= $2 or (d.expires_on <= $1 and d.expiry_told < 1))
           order by d.expires_on, d.id limit 200 for update of d skip locked"#,
        first,
        second
    );
    Ok(expiring.fetch_all(work.db()).await?)
}

/// Remembers how often the keeper was told.
pub(super) async fn mark_told(work: &mut Work, id: DocumentId, times: i16) -> Result<(), Error> {
    sqlx::query!("update documents set expiry_told = $2 where id = $1", id.0, times).execute(work.db()).await?;
    Ok(())
}

fn path(work: &Work, file: &str) -> PathBuf {
    work.ground().files.join(file)
}

/// Writes a sealed file whole or not at all, also through a crash: beside, synced, renamed.
pub(crate) async fn write_file(path: &std::path::Path, bytes: &[u8]) -> std::io::Result<()> {
    use tokio::io::AsyncWriteExt;
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder).await?;
    }
    let beside = path.with_extension("part");
    let mut file = tokio::fs::File::create(&beside).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    tokio::fs::rename(&beside, path).await
}
