//! Every SQL statement of retention. Definer functions decide what exists for the reader, and what may be written.
use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::actions::NewHold;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId, UserId};

const REFERENCE: &str = "retention_holds.reference";
const WORDS: &str = "erasures.words";

// The state of the line that says where the list goes on.
const MORE: &str = "more";

/// A case whose time is over.
#[derive(Debug, Clone)]
pub struct Due {
    /// The case.
    pub case: CaseId,
    /// Its code; never a name.
    pub code: String,
    /// The number of its type.
    pub case_type: i16,
    /// When it was closed.
    pub closed_on: NaiveDate,
    /// From which day its time runs: of a child, from the age that its pack says.
    pub counts_from: NaiveDate,
    /// When its time was over.
    pub due_on: NaiveDate,
    /// What holds it.
    pub held: Vec<String>,
    /// One of [`super::STATES`].
    pub state: String,
    /// What was proposed or approved.
    pub erasure: Option<Proposal>,
}

/// That a case be erased.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Its id.
    pub id: RowId,
    /// A protection officer proposed it.
    pub by_officer: bool,
    /// Who did.
    pub by: Option<UserId>,
    /// Their name.
    pub by_name: String,
    /// In their words.
    pub words: String,
    /// When the case is erased, once receivers were asked to delete what they have.
    pub erase_at: Option<DateTime<Utc>>,
}

/// Which cases of the list are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// One of [`super::STATES`]; all without it.
    pub state: Option<&'a str>,
    /// These cases; all where none is named.
    pub cases: &'a [Uuid],
    /// Those after this one; from the beginning without it.
    pub after: Option<After>,
    /// At most so many.
    pub most: i32,
}

/// Where a page of the list begins: after the case of this id, whose time was over on this day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// The day.
    pub day: NaiveDate,
    /// The case.
    pub case: CaseId,
}

impl After {
    /// As an address and a call carry it.
    pub fn write(self) -> String {
        format!("{}_{}", self.day, self.case)
    }

    /// What [`After::write`] wrote.
    pub fn read(text: &str) -> Option<Self> {
        let (day, case) = text.split_once('_')?;
        Some(Self { day: day.parse().ok()?, case: case.parse().ok()? })
    }
}

/// A page of the list.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// Its cases; a page may be empty although others follow.
    pub rows: Vec<Due>,
    /// Where the next one begins, if there may be one.
    pub next: Option<After>,
}

/// The cases for which the actor answers and whose time is over, those of longest ago first; in one query, which looks at no more cases than a page takes.
pub async fn list(work: &mut Work, wanted: Wanted<'_>) -> Result<Listed, Error> {
    let (now, today) = (work.now(), work.today());
    let mut rows = sqlx::query!(
        r#"select case_id as "case!: CaseId", code as "code!", case_type as "case_type!", closed_on as "closed_on!", counts_from as "counts_from!",
             due_on as "due_on!", held as "held!", state as "state!", erasure_id as "erasure: RowId", by_officer, proposed_by as "proposed_by: UserId",
             proposed_by_name, erase_at, words, wrapped
           from access.retention_cases($1, $2, $3, $4, $5, $6)"#,
        today,
        wanted.cases,
        wanted.state,
        wanted.after.map(|after| after.day),
        wanted.after.map(|after| after.case.0),
        wanted.most
    )
    .fetch_all(work.db())
    .await?;
    let next = rows.pop_if(|row| row.state == MORE).map(|row| After { day: row.due_on, case: row.case });
    let rows = rows
        .into_iter()
        .map(|row| {
            let erasure = match row.erasure {
                None => None,
                Some(id) => Some(Proposal {
                    id,
                    by_officer: row.by_officer.unwrap_or_default(),
                    by: row.proposed_by,
                    by_name: row.proposed_by_name.unwrap_or_default(),
                    words: opened(work, id, row.wrapped.as_deref(), row.words.as_deref(), WORDS)?,
                    // A day that is past would tell that something holds it, which the reader may not know (S11).
                    erase_at: row.erase_at.filter(|at| *at > now),
                }),
            };
            Ok(Due {
                case: row.case,
                code: row.code,
                case_type: row.case_type,
                closed_on: row.closed_on,
                counts_from: row.counts_from,
                due_on: row.due_on,
                held: row.held,
                state: row.state,
                erasure,
            })
        })
        .collect::<Result<_, Error>>()?;
    Ok(Listed { rows, next })
}

// The key comes with the row, so that a list takes one query however long it is.
fn opened(work: &Work, owner: RowId, wrapped: Option<&[u8]>, sealed: Option<&[u8]>, place: &str) -> Result<String, Error> {
    let (Some(wrapped), Some(sealed)) = (wrapped, sealed) else { return Ok(String::new()) };
    Ok(work.ground().keyring.unwrap(owner.0, wrapped)?.open_text(place, sealed)?)
}

/// A legal hold that is in force.
#[derive(Debug, Clone)]
pub struct Hold {
    /// Its id.
    pub id: RowId,
    /// The case.
    pub case: CaseId,
    /// Its code.
    pub code: String,
    /// One of [`super::REASONS`].
    pub reason: String,
    /// The number of the file elsewhere.
    pub reference: String,
    /// Who placed it.
    pub by: UserId,
    /// Their name.
    pub by_name: String,
    /// When.
    pub placed_at: DateTime<Utc>,
}

/// The holds on cases for which the actor answers, the oldest first; only this one where one is named.
pub async fn holds(work: &mut Work, only: Option<RowId>) -> Result<Vec<Hold>, Error> {
    let rows = sqlx::query!(
        r#"select id as "id!: RowId", case_id as "case!: CaseId", code as "code!", reason as "reason!", placed_by as "by!: UserId", placed_by_name as "by_name!",
             placed_at as "placed_at!", reference, wrapped
           from access.holds_in_force() where ($1::uuid is null or id = $1) limit 200"#,
        only.map(|id| id.0)
    )
    .fetch_all(work.db())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Hold {
                reference: opened(work, row.id, row.wrapped.as_deref(), row.reference.as_deref(), REFERENCE)?,
                id: row.id,
                case: row.case,
                code: row.code,
                reason: row.reason,
                by: row.by,
                by_name: row.by_name,
                placed_at: row.placed_at,
            })
        })
        .collect()
}

/// An erasure that is over.
#[derive(Debug, Clone)]
pub struct Settled {
    /// Its id.
    pub id: RowId,
    /// The code that the case had.
    pub code: String,
    /// `erased`, `refused` or `stopped`.
    pub state: String,
    /// Who proposed it.
    pub proposed_by: String,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When it was over.
    pub at: Option<DateTime<Utc>>,
}

/// The last two hundred erasures that are over.
pub async fn settled(work: &mut Work) -> Result<Vec<Settled>, Error> {
    let rows = sqlx::query_as!(
        Settled,
        r#"select id as "id!: RowId", code as "code!", state as "state!", proposed_by_name as "proposed_by!", decided_by_name as decided_by, settled_at as at
           from access.erasures_settled()"#
    );
    Ok(rows.fetch_all(work.db()).await?)
}

/// Places a hold on the case of this id or code; answers with the case, or with nothing where the actor answers for none.
pub(super) async fn place_hold(work: &mut Work, new: &NewHold) -> Result<Option<(RowId, CaseId)>, Error> {
    let (id, now) = (RowId::new(), work.now());
    let sealed = work.new_key(id.0, None).await?.seal(REFERENCE, new.reference.as_bytes());
    let placed = sqlx::query_scalar!(
        r#"select access.place_hold($1, $2, $3, $4, $5, $6) as "case: CaseId""#,
        id.0,
        new.case.map(|case| case.0),
        new.code,
        new.reason,
        sealed,
        now
    );
    Ok(placed.fetch_one(work.db()).await?.map(|case| (id, case)))
}

/// Lifts a hold.
pub(super) async fn lift_hold(work: &mut Work, id: RowId) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!("select access.lift_hold($1, $2)", id.0, now).fetch_one(work.db()).await?;
    Ok(())
}

/// Writes that a case be erased, in these words.
pub(super) async fn propose(work: &mut Work, case: CaseId, words: &str) -> Result<RowId, Error> {
    let (id, now, today) = (RowId::new(), work.now(), work.today());
    let sealed = work.new_key(id.0, None).await?.seal(WORDS, words.as_bytes());
    sqlx::query!("select access.propose_erasure($1, $2, $3, $4, $5)", id.0, case.0, sealed, today, now)
        .fetch_one(work.db())
        .await?;
    Ok(id)
}

/// Approves what somebody else proposed.
pub(super) async fn approve(work: &mut Work, id: RowId) -> Result<(), Error> {
    let (now, today) = (work.now(), work.today());
    sqlx::query!("select access.approve_erasure($1, $2, $3)", id.0, today, now).fetch_one(work.db()).await?;
    Ok(())
}

/// Refuses it, or takes it back.
pub(super) async fn refuse(work: &mut Work, id: RowId) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!("select access.refuse_erasure($1, $2)", id.0, now).fetch_one(work.db()).await?;
    Ok(())
}

/// An erasure that two people decided and that is not over.
#[derive(Debug, Clone, Copy)]
pub struct Approved {
    /// The case.
    pub case: CaseId,
    /// A complaint is open: nothing is done before that is over, and nothing said of it.
    pub waits: bool,
}

/// The erasure of this job's organisation, as long as it is not over.
pub async fn approved(work: &mut Work, id: RowId) -> Result<Option<Approved>, Error> {
    let approved = sqlx::query_as!(
        Approved,
        r#"select case_id as "case!: CaseId", waits as "waits!" from access.approved_erasure($1)"#,
        id.0
    );
    Ok(approved.fetch_optional(work.db()).await?)
}

/// From when it may be carried out.
pub async fn set_erase_at(work: &mut Work, id: RowId, at: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query!("select access.set_erase_at($1, $2)", id.0, at).fetch_one(work.db()).await?;
    Ok(())
}

/// Erases the case; answers with it and `erased` or `stopped`, with `approved` where it is to be tried again, or with nothing where nothing was to be done.
pub async fn erase(work: &mut Work, id: RowId) -> Result<Option<(CaseId, String)>, Error> {
    let (now, today) = (work.now(), work.today());
    let done = sqlx::query!(
        r#"select case_id as "case!: CaseId", state as "state!" from access.erase_case($1, $2, $3)"#,
        id.0,
        today,
        now
    );
    Ok(done.fetch_optional(work.db()).await?.map(|row| (row.case, row.state)))
}

/// What is still to be taken away from beside the database after a case was erased.
pub struct Left {
    /// The case.
    pub case: CaseId,
    /// When it was erased.
    pub erased_at: DateTime<Utc>,
    /// Sealed files.
    pub files: Vec<String>,
}

/// What an erasure left beside the database, unless that is gone.
pub async fn left(work: &mut Work, id: RowId) -> Result<Option<Left>, Error> {
    let left = sqlx::query_as!(
        Left,
        r#"select case_id as "case!: CaseId", erased_at as "erased_at!", files as "files!" from access.erasure_files($1)"#,
        id.0
    );
    Ok(left.fetch_optional(work.db()).await?)
}

/// It is gone.
pub async fn swept(work: &mut Work, id: RowId) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!("select access.erasure_swept($1, $2)", id.0, now).fetch_one(work.db()).await?;
    Ok(())
}

/// Erases what an old backup brought back; answers with the sealed files, or with nothing where the case is unknown or erased already.
pub(super) async fn erase_again(work: &mut Work, case: CaseId) -> Result<Option<Vec<String>>, Error> {
    let now = work.now();
    Ok(sqlx::query_scalar!("select access.erase_again($1, $2)", case.0, now).fetch_one(work.db()).await?)
}

/// Of these cases those that the reader sees.
pub(super) async fn seen(work: &mut Work, cases: &[Uuid]) -> Result<HashSet<Uuid>, Error> {
    let seen = sqlx::query_scalar!("select id from cases where id = any ($1)", cases).fetch_all(work.db()).await?;
    Ok(seen.into_iter().collect())
}
