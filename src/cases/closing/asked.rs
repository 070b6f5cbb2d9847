//! A closing that waits for a second person: what was asked, and what came of it. Its words are sealed with the case's key.
use chrono::{DateTime, Utc};

use super::Closure;
use crate::cases::Case;
use crate::error::{Clash, Error, OnConstraint, changed, same_version};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ClosingId, UserId};

const SEALED: &str = "closure_requests.sealed";
const REMARK: &str = "closure_requests.remark";
// A closing that is asked for more often stands with all of it in the access log.
const MOST: i64 = 20;

/// A request that a case be closed, opened.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Its id.
    pub id: ClosingId,
    /// What the worker said.
    pub closure: Closure,
    /// `waiting`, `approved`, `returned` or `withdrawn`.
    pub state: String,
    /// What whoever looked at it says.
    pub remark: String,
    /// Who asked.
    pub author: UserId,
    /// Their name.
    pub author_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Who looked at it.
    pub settled_by_name: Option<String>,
    /// When.
    pub settled_at: Option<DateTime<Utc>>,
    /// The case was closed since: what it says belongs to a closing that is over.
    pub is_over: bool,
    /// Counts its changes.
    pub version: i32,
}

impl Asked {
    /// Nobody has decided yet, nor closed the case since.
    pub fn is_waiting(&self) -> bool {
        self.state == "waiting" && !self.is_over
    }

    /// It was given back, and nobody has closed the case since.
    pub fn is_given_back(&self) -> bool {
        self.state == "returned" && !self.is_over
    }

    /// Refuses what was decided, or changed since it was read.
    pub fn must_wait(&self, version: i32) -> Result<(), Error> {
        if !self.is_waiting() {
            return Err(Error::Conflict(Clash::State { state: format!("closing_{}", self.state), code: "closing_settled" }));
        }
        same_version(self.version, version)
    }
}

/// The latest request of a case.
pub async fn latest(work: &mut Work, case: CaseId) -> Result<Option<Asked>, Error> {
    Ok(read(work, case, 1).await?.pop())
}

/// The requests of a case, the latest first.
pub async fn list(work: &mut Work, case: CaseId) -> Result<Vec<Asked>, Error> {
    read(work, case, MOST).await
}

async fn read(work: &mut Work, case: CaseId, most: i64) -> Result<Vec<Asked>, Error> {
    let rows = sqlx::query!(
        r#"select id as "id: ClosingId", sealed, state, remark, author as "author: UserId", author_name, recorded_at, settled_by_name, settled_at, version,
             exists (select from case_closures k where k.case_id = r.case_id and k.recorded_at > r.recorded_at) as "is_over!"
           from closure_requests r where case_id = $1 order by recorded_at desc, id desc limit $2"#,
        case.0,
        most
    )
    .fetch_all(work.db())
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = work.case_key(case.0).await?;
    let mut requests = Vec::new();
    for row in rows {
        let remark = row.remark.as_deref().map(|sealed| key.open_text(REMARK, sealed)).transpose()?;
        requests.push(Asked {
            id: row.id,
            closure: key.open_json(SEALED, &row.sealed)?,
            state: row.state,
            remark: remark.unwrap_or_default(),
            author: row.author,
            author_name: row.author_name,
            recorded_at: row.recorded_at,
            settled_by_name: row.settled_by_name,
            settled_at: row.settled_at,
            is_over: row.is_over,
            version: row.version,
        });
    }
    Ok(requests)
}

/// Refuses to close a case past a request that waits: whoever decides approves that one, or gives it back. Asked while the case is held, so that
/// none comes in between.
pub(in crate::cases) async fn none_must_wait(work: &mut Work, case: CaseId) -> Result<(), Error> {
    let waits = latest(work, case).await?.is_some_and(|asked| asked.is_waiting());
    if waits { Err(waits_already()) } else { Ok(()) }
}

fn waits_already() -> Error {
    Error::Conflict(Clash::State { state: "closing_waiting".to_owned(), code: "closing_waits" })
}

/// Keeps a request. While another one waits: [`Clash::State`] `closing_waits`.
pub(in crate::cases) async fn insert(work: &mut Work, case: &Case, closure: &Closure) -> Result<ClosingId, Error> {
    let (id, me, now, name) = (ClosingId::new(), work.me()?, work.now(), work.standing.name.clone());
    let sealed = work.case_key(case.id.0).await?.seal_json(SEALED, closure)?;
    sqlx::query!(
        "insert into closure_requests (id, case_id, reason, sealed, author, author_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7)",
        id.0,
        case.id.0,
        closure.reason,
        sealed,
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await
    .on_constraint("closure_requests_waiting_key", waits_already)?;
    Ok(id)
}

/// Decides a request over the version that was read.
pub(in crate::cases) async fn settle(
    work: &mut Work,
    case: CaseId,
    asked: &Asked,
    (state, remark): (&str, &str),
) -> Result<(), Error> {
    let (me, now, name) = (work.me()?, work.now(), work.standing.name.clone());
    let sealed = match remark {
        "" => None,
        words => Some(work.case_key(case.0).await?.seal(REMARK, words.as_bytes())),
    };
    let done = sqlx::query!(
        "update closure_requests set state = $3, remark = $4, settled_by = $5, settled_by_name = $6, settled_at = $7, version = version + 1
         where id = $1 and version = $2 and state = 'waiting'",
        asked.id.0,
        asked.version,
        state,
        sealed,
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}
