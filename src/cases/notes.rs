//! SQL of notes. Their words are sealed with the case's key before they reach the database.
use chrono::{DateTime, Utc};

use super::case::Case;
use super::note::{NewNote, Note, read_in};
use crate::error::{Clash, Error, OnConstraint};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, NoteId, UserId};
use crate::platform::lang::Lang;

const BODY: &str = "case_notes.body";
// So many attempts to reach somebody are read at once.
const MOST_ATTEMPTS: i64 = 200;

/// The notes of a case, the newest first, opened.
pub async fn list(work: &mut Work, case: CaseId, most: i64) -> Result<Vec<Note>, Error> {
    let lang = work.lang();
    list_in(work, lang, case, most).await
}

/// The same for whoever reads another language than the actor.
pub async fn list_in(work: &mut Work, lang: Lang, case: CaseId, most: i64) -> Result<Vec<Note>, Error> {
    read(work, lang, case, (Which::All, most)).await
}

/// How somebody tried to reach the person since a moment, the latest first, as it stands: a try that was put right since is counted as what it is now.
pub(super) async fn attempts(work: &mut Work, case: CaseId, since: DateTime<Utc>) -> Result<Vec<Note>, Error> {
    let lang = work.lang();
    read(work, lang, case, (Which::Attempts(since), MOST_ATTEMPTS)).await
}

/// The note at the top of a case, however old it is.
pub async fn pinned(work: &mut Work, case: CaseId) -> Result<Option<Note>, Error> {
    let lang = work.lang();
    Ok(read(work, lang, case, (Which::Pinned, 1)).await?.pop())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    All,
    Pinned,
    Attempts(DateTime<Utc>),
}

async fn read(work: &mut Work, lang: Lang, case: CaseId, (which, most): (Which, i64)) -> Result<Vec<Note>, Error> {
    let key = work.case_key(case.0).await?;
    let tried_since = match which {
        Which::Attempts(since) => Some(since),
        Which::All | Which::Pinned => None,
    };
    let rows = sqlx::query!(
        r#"select id as "id: NoteId", kind, body, happened_at, recorded_at, late_reason, author as "author: UserId", author_name,
           corrects as "corrects: NoteId", moved_at, pinned, prior_consent
         from case_notes n where case_id = $1 and (pinned or not $3)
           and ($4::timestamptz is null or (kind = 'contact_attempt' and happened_at >= $4 and moved_at is null
             and not exists (select from case_notes k where k.corrects = n.id)))
         order by happened_at desc, id desc limit $2"#,
        case.0,
        most,
        which == Which::Pinned,
        tried_since
    )
    .fetch_all(work.db())
    .await?;
    let open = |body: Option<Vec<u8>>| -> anyhow::Result<Option<String>> {
        let Some(sealed) = body else { return Ok(None) };
        Ok(Some(read_in(lang, &key.open_text(BODY, &sealed)?)))
    };
    rows.into_iter()
        .map(|row| {
            Ok(Note {
                id: row.id,
                kind: row.kind,
                body: open(row.body)?,
                happened_at: row.happened_at,
                recorded_at: row.recorded_at,
                late_reason: row.late_reason,
                author: row.author,
                author_name: row.author_name,
                corrects: row.corrects,
                moved_at: row.moved_at,
                pinned: row.pinned,
                prior_consent: row.prior_consent,
            })
        })
        .collect()
}

/// One note of a case, opened; [`Error::NotFound`] for one that stands elsewhere.
pub async fn find(work: &mut Work, case: CaseId, id: NoteId) -> Result<Note, Error> {
    let notes = list(work, case, 1000).await?;
    notes.into_iter().find(|note| note.id == id).ok_or(Error::NotFound)
}

/// What a note was corrected to in the end: itself, if nobody corrected it.
pub async fn newest(work: &mut Work, case: CaseId, id: NoteId) -> Result<Note, Error> {
    let notes = list(work, case, 1000).await?;
    let mut at = id;
    while let Some(next) = notes.iter().find(|note| note.corrects == Some(at)) {
        at = next.id;
    }
    notes.into_iter().find(|note| note.id == at).ok_or(Error::NotFound)
}

/// Holds a note until this work ends, so that of two corrections at once the second one finds the first.
pub(super) async fn hold(work: &mut Work, case: CaseId, id: NoteId) -> Result<(), Error> {
    sqlx::query_scalar!("select id from case_notes where case_id = $1 and id = $2 for update", case.0, id.0)
        .fetch_one(work.db())
        .await?;
    Ok(())
}

/// Writes a note.
pub(super) async fn insert(
    work: &mut Work,
    case: &Case,
    id: NoteId,
    note: &NewNote,
    happened_at: DateTime<Utc>,
) -> Result<(), Error> {
    let by = (work.me()?, work.standing.name.clone());
    insert_as(work, case, (id, note, happened_at), by).await
}

/// The same in the name of somebody else: of who asked that a case be closed, written down by who approved it.
pub(super) async fn insert_as(
    work: &mut Work,
    case: &Case,
    (id, note, happened_at): (NoteId, &NewNote, DateTime<Utc>),
    (author, name): (UserId, String),
) -> Result<(), Error> {
    let sealed = work.case_key(case.id.0).await?.seal(BODY, note.body.trim().as_bytes());
    let now = work.now();
    let late = Some(note.late_reason.as_str()).filter(|reason| !reason.is_empty());
    sqlx::query!(
        "insert into case_notes (id, case_id, kind, body, happened_at, recorded_at, late_reason, author, author_name, corrects, pinned, prior_consent)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        id.0,
        case.id.0,
        note.kind,
        sealed,
        happened_at,
        now,
        late,
        author.0,
        name,
        note.corrects.map(|id| id.0),
        note.pinned,
        note.is_agreed()
    )
    .execute(work.db())
    .await
    .on_constraint("case_notes_pinned_key", || Error::Conflict(Clash::Stale))?;
    Ok(())
}

/// Takes down whatever is pinned to the case; answers which note that was.
pub(super) async fn unpin(work: &mut Work, case: CaseId) -> Result<Option<NoteId>, Error> {
    let down = sqlx::query_scalar!(
        r#"update case_notes set pinned = false where case_id = $1 and pinned returning id as "id: NoteId""#,
        case.0
    )
    .fetch_optional(work.db())
    .await?;
    Ok(down)
}

/// Pins a note that has words, where nothing else is pinned.
pub(super) async fn pin(work: &mut Work, case: CaseId, id: NoteId) -> Result<(), Error> {
    let done =
        sqlx::query!("update case_notes set pinned = true where case_id = $1 and id = $2 and body is not null", case.0, id.0)
            .execute(work.db())
            .await
            .on_constraint("case_notes_pinned_key", || Error::Conflict(Clash::Stale))?;
    if done.rows_affected() == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Writes a moved note into its right case, with its author and times as they were, sealed with that case's key. It is pinned to neither.
pub(super) async fn insert_moved(work: &mut Work, to: &Case, note: &Note) -> Result<NoteId, Error> {
    let id = NoteId::new();
    let body = note.body.as_deref().unwrap_or_default();
    let sealed = work.case_key(to.id.0).await?.seal(BODY, body.as_bytes());
    sqlx::query!(
        "insert into case_notes (id, case_id, kind, body, happened_at, recorded_at, late_reason, author, author_name, prior_consent)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id.0,
        to.id.0,
        note.kind,
        sealed,
        note.happened_at,
        note.recorded_at,
        note.late_reason,
        note.author.0,
        note.author_name,
        note.prior_consent
    )
    .execute(work.db())
    .await?;
    Ok(id)
}

/// Leaves a stub without words where a note stood (S28).
pub(super) async fn empty(work: &mut Work, case: CaseId, id: NoteId) -> Result<(), Error> {
    let now = work.now();
    let done = sqlx::query!(
        "update case_notes set body = null, pinned = false, moved_at = $3 where case_id = $1 and id = $2 and moved_at is null",
        case.0,
        id.0,
        now
    )
    .execute(work.db())
    .await?;
    if done.rows_affected() == 0 { Err(Error::NotFound) } else { Ok(()) }
}
