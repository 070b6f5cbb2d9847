//! Every SQL statement of this room. Words are sealed before they reach the database: a case's with its key, a person's with a key of the
//! record's own.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::place::{Kind, Of, Place};
use super::record::{NewRecord, Record, Said};
use crate::error::{Clash, Error, OnConstraint};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PersonId, RecordId, ReferralId, UserId};
use crate::platform::seal::DataKey;

const CASE_BODY: &str = "case_records.body";
const PERSON_BODY: &str = "person_records.body";

/// A record on a list: no words.
#[derive(Debug, Clone)]
pub struct Line {
    /// What the record is called by.
    pub root: RecordId,
    /// Its kind.
    pub kind: String,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// When its newest version was written.
    pub recorded_at: DateTime<Utc>,
    /// Who wrote that.
    pub author_name: String,
    /// It was corrected.
    pub corrected: bool,
    /// It was moved elsewhere; a stub.
    pub moved: bool,
}

/// The records of a place in their newest versions, the newest first; with the place in the list where the next page begins.
pub async fn list(work: &mut Work, of: Of, before: Option<(DateTime<Utc>, Uuid)>, most: i64) -> Result<Vec<Line>, Error> {
    let (at, id) = before.unzip();
    let rows = match of {
        Of::Case(case) => {
            let rows = sqlx::query_as!(
                Line,
                r#"select r.root as "root: RecordId", r.kind, r.happened_at, r.recorded_at, r.author_name,
                     r.corrects is not null as "corrected!", r.moved_at is not null as "moved!"
                   from case_records r where r.case_id = $1 and not exists (select from case_records later where later.corrects = r.id)
                     and ($2::timestamptz is null or (r.happened_at, r.root) < ($2, $3))
                   order by r.happened_at desc, r.root desc limit $4"#,
                case.0,
                at,
                id,
                most
            );
            rows.fetch_all(work.db()).await?
        }
        Of::Person(person) => {
            let rows = sqlx::query_as!(
                Line,
                r#"select r.root as "root: RecordId", r.kind, r.happened_at, r.recorded_at, r.author_name,
                     r.corrects is not null as "corrected!", r.moved_at is not null as "moved!"
                   from person_records r where r.person_id = $1 and not exists (select from person_records later where later.corrects = r.id)
                     and ($2::timestamptz is null or (r.happened_at, r.root) < ($2, $3))
                   order by r.happened_at desc, r.root desc limit $4"#,
                person.0,
                at,
                id,
                most
            );
            rows.fetch_all(work.db()).await?
        }
    };
    Ok(rows)
}

struct Row {
    id: RecordId,
    root: RecordId,
    corrects: Option<RecordId>,
    kind: String,
    body: Option<Vec<u8>>,
    happened_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    late_reason: Option<String>,
    author: UserId,
    author_name: String,
}

impl Row {
    fn open(self, key: Option<&(DataKey, &str)>) -> Result<Record, Error> {
        let said = match (&self.body, key) {
            (Some(sealed), Some((key, place))) => Some(key.open_json(place, sealed)?),
            _ => None,
        };
        Ok(Record {
            id: self.id,
            root: self.root,
            corrects: self.corrects,
            kind: self.kind,
            said,
            happened_at: self.happened_at,
            recorded_at: self.recorded_at,
            late_reason: self.late_reason,
            author: self.author,
            author_name: self.author_name,
            withheld: Vec::new(),
        })
    }
}

/// Every version of a record, the newest first, opened; [`Error::NotFound`] for one that stands elsewhere.
pub async fn versions(work: &mut Work, of: Of, root: RecordId) -> Result<Vec<Record>, Error> {
    let rows = match of {
        Of::Case(case) => case_rows(work, case, root).await?,
        Of::Person(person) => person_rows(work, person, root).await?,
    };
    if rows.is_empty() {
        return Err(Error::NotFound);
    }
    // A stub, or a record whose key was destroyed with what it sealed, has no words to open.
    let sealed = rows.iter().any(|row| row.body.is_some());
    let key = if sealed { Some(key(work, of, root).await?) } else { None };
    rows.into_iter().map(|row| row.open(key.as_ref())).collect()
}

/// The newest versions of a case's records, opened, those of longest ago first; without stubs.
pub async fn opened(work: &mut Work, case: CaseId, most: i64) -> Result<Vec<Record>, Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id: RecordId", root as "root: RecordId", corrects as "corrects: RecordId", kind, body, happened_at, recorded_at,
             late_reason, author as "author: UserId", author_name
           from case_records r where case_id = $1 and body is not null and not exists (select from case_records later where later.corrects = r.id)
           order by happened_at, root limit $2"#,
        case.0,
        most
    );
    let rows = rows.fetch_all(work.db()).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = (work.case_key(case.0).await?, CASE_BODY);
    rows.into_iter().map(|row| row.open(Some(&key))).collect()
}

async fn case_rows(work: &mut Work, case: CaseId, root: RecordId) -> Result<Vec<Row>, Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id: RecordId", root as "root: RecordId", corrects as "corrects: RecordId", kind, body, happened_at, recorded_at,
             late_reason, author as "author: UserId", author_name
           from case_records where case_id = $1 and root = $2 order by recorded_at desc, id desc"#,
        case.0,
        root.0
    );
    Ok(rows.fetch_all(work.db()).await?)
}

async fn person_rows(work: &mut Work, person: PersonId, root: RecordId) -> Result<Vec<Row>, Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id: RecordId", root as "root: RecordId", corrects as "corrects: RecordId", kind, body, happened_at, recorded_at,
             late_reason, author as "author: UserId", author_name
           from person_records where person_id = $1 and root = $2 order by recorded_at desc, id desc"#,
        person.0,
        root.0
    );
    Ok(rows.fetch_all(work.db()).await?)
}

async fn key(work: &mut Work, of: Of, root: RecordId) -> Result<(DataKey, &'static str), Error> {
    match of {
        Of::Case(case) => Ok((work.case_key(case.0).await?, CASE_BODY)),
        Of::Person(_) => Ok((work.person_record_key(root.0).await?, PERSON_BODY)),
    }
}

/// Who wrote a version, and when; a moved record keeps both.
#[derive(Debug, Clone)]
pub struct Written {
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// By whom.
    pub author: UserId,
    /// Their name.
    pub author_name: String,
}

// A record that stands beside the cases of a person has a key of its own from its first version on.
async fn key_of_version(work: &mut Work, of: Of, root: RecordId, is_first: bool) -> Result<(DataKey, &'static str), Error> {
    if is_first && matches!(of, Of::Person(_)) {
        work.new_key(root.0, None).await?;
    }
    key(work, of, root).await
}

/// Writes a version: the first of a record, or one that corrects the version named. Of two corrections at once the second is stale.
pub async fn insert(
    work: &mut Work,
    place: &Place,
    kind: &Kind,
    new: &NewRecord,
    corrects: Option<&Record>,
    written: &Written,
) -> Result<RecordId, Error> {
    let id = RecordId::new();
    let root = corrects.map_or(id, |before| before.root);
    let said: Said = new.said.clone().kept(kind.kind.shape);
    let (key, place_of_words) = key_of_version(work, place.of, root, corrects.is_none()).await?;
    let body = key.seal_json(place_of_words, &said)?;
    let (late, before, held) = (new.late_because(), corrects.map(|before| before.id.0), said.holds_until(kind.kind.shape));
    let stale = || Error::Conflict(Clash::Stale);
    match place.of {
        Of::Case(case) => {
            sqlx::query!(
                "insert into case_records (id, case_id, root, corrects, kind, body, happened_at, recorded_at, late_reason, author, author_name, holds_until)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                id.0,
                case.0,
                root.0,
                before,
                kind.kind.code,
                body,
                written.happened_at,
                written.recorded_at,
                late,
                written.author.0,
                written.author_name,
                held
            )
            .execute(work.db())
            .await
            .on_constraint("case_records_corrects_key", stale)?;
        }
        Of::Person(person) => {
            sqlx::query!(
                "insert into person_records (id, person_id, org, unit, root, corrects, pack, pack_version, kind, case_types, body, happened_at,
                   recorded_at, late_reason, author, author_name, holds_until)
                 values ($1, $2, 0, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
                id.0,
                person.0,
                place.unit,
                root.0,
                before,
                kind.pack.name,
                kind.version,
                kind.kind.code,
                &kind.pack.kept_for(&kind.kind),
                body,
                written.happened_at,
                written.recorded_at,
                late,
                written.author.0,
                written.author_name,
                held
            )
            .execute(work.db())
            .await
            .on_constraint("person_records_corrects_key", stale)?;
        }
    }
    Ok(id)
}

/// Leaves stubs without words where a record and its versions stood (S28).
pub async fn empty(work: &mut Work, of: Of, root: RecordId) -> Result<(), Error> {
    let now = work.now();
    let done = match of {
        Of::Case(case) => {
            let sql = sqlx::query!(
                "update case_records set body = null, moved_at = $3 where case_id = $1 and root = $2 and moved_at is null",
                case.0,
                root.0,
                now
            );
            sql.execute(work.db()).await?
        }
        Of::Person(person) => {
            let sql = sqlx::query!(
                "update person_records set body = null, moved_at = $3 where person_id = $1 and root = $2 and moved_at is null",
                person.0,
                root.0,
                now
            );
            sql.execute(work.db()).await?
        }
    };
    if done.rows_affected() == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// A referral that was started from a record, in one line.
#[derive(Debug, Clone)]
pub struct Started {
    /// Its id.
    pub id: ReferralId,
    /// Its code.
    pub code: String,
    /// The service's name in the reader's language.
    pub service_name: String,
    /// Its status.
    pub status: String,
    /// Its step.
    pub step: String,
}

/// The referrals that were started from a record, as far as the actor sees them, the newest first.
pub async fn referrals(work: &mut Work, root: RecordId) -> Result<Vec<Started>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query_as!(
        Started,
        r#"select r.id as "id!: ReferralId", r.code as "code!", access.named(s.names, r.service_name, $2) as "service_name!", r.status as "status!", r.step as "step!"
           from referrals r left join services s on s.id = r.service_id where r.started_from = $1 order by r.recorded_at desc limit 50"#,
        root.0,
        lang
    );
    Ok(rows.fetch_all(work.db()).await?)
}

/// The case of this code, or the person, that the actor sees: where a record that stands in the wrong place belongs.
pub async fn by_code(work: &mut Work, of: Of, code: &str) -> Result<Option<Of>, Error> {
    let found = match of {
        Of::Case(_) => {
            let id = sqlx::query_scalar!("select id from cases where code = $1", code).fetch_optional(work.db()).await?;
            id.map(|id| Of::Case(CaseId(id)))
        }
        Of::Person(_) => {
            let id = sqlx::query_scalar!("select id from persons where code = $1", code).fetch_optional(work.db()).await?;
            id.map(|id| Of::Person(PersonId(id)))
        }
    };
    Ok(found)
}

/// What a referral was started from, if it was one of these records: where it stands, its kind and when it happened.
pub async fn origin(work: &mut Work, case: CaseId, root: RecordId) -> Result<Option<(Of, Line)>, Error> {
    let mine = list_one(work, Of::Case(case), root).await?;
    if mine.is_some() {
        return Ok(mine);
    }
    // Of a person it counts where that person is on the case.
    let person = sqlx::query_scalar!(
        "select r.person_id from person_records r join case_people p on p.person_id = r.person_id
         where p.case_id = $1 and r.root = $2 limit 1",
        case.0,
        root.0
    )
    .fetch_optional(work.db())
    .await?;
    match person {
        Some(person) => list_one(work, Of::Person(PersonId(person)), root).await,
        None => Ok(None),
    }
}

async fn list_one(work: &mut Work, of: Of, root: RecordId) -> Result<Option<(Of, Line)>, Error> {
    let rows = match of {
        Of::Case(case) => case_rows(work, case, root).await?,
        Of::Person(person) => person_rows(work, person, root).await?,
    };
    let newest = rows.into_iter().next();
    Ok(newest.map(|row| {
        let line = Line {
            root: row.root,
            kind: row.kind,
            happened_at: row.happened_at,
            recorded_at: row.recorded_at,
            author_name: row.author_name,
            corrected: row.corrects.is_some(),
            moved: row.body.is_none(),
        };
        (of, line)
    }))
}
