//! Every SQL statement of sessions.
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::session::{Plan, Session};
use crate::error::{Error, changed};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId, TaskId, UnitId, UserId};

/// The sessions that the actor may see, the latest first; with the place in the list where the next page begins.
pub async fn list(work: &mut Work, before: Option<(DateTime<Utc>, Uuid)>, most: i64) -> Result<Vec<Session>, Error> {
    let (at, id) = before.unzip();
    let sessions = sqlx::query_as!(
        Session,
        r#"select s.id as "id: RowId", s.kind, s.held_at, s.supervisor as "supervisor: UserId", s.supervisor_name, s.workers as "workers: Vec<UserId>",
             array(select u.name from users u where u.id = any (s.workers) order by u.name) as "worker_names!", s.late_reason
           from supervision_sessions s where $1::timestamptz is null or (s.held_at, s.id) < ($1, $2)
           order by s.held_at desc, s.id desc limit $3"#,
        at,
        id,
        most
    );
    Ok(sessions.fetch_all(work.db()).await?)
}

/// The session of this id that the actor may see.
pub async fn find(work: &mut Work, id: RowId) -> Result<Session, Error> {
    let session = sqlx::query_as!(
        Session,
        r#"select s.id as "id: RowId", s.kind, s.held_at, s.supervisor as "supervisor: UserId", s.supervisor_name, s.workers as "workers: Vec<UserId>",
             array(select u.name from users u where u.id = any (s.workers) order by u.name) as "worker_names!", s.late_reason
           from supervision_sessions s where s.id = $1"#,
        id.0
    );
    Ok(session.fetch_one(work.db()).await?)
}

/// Writes a session of this unit, held by the actor.
pub(super) async fn insert(work: &mut Work, unit: UnitId, session: &Session) -> Result<(), Error> {
    let (org, now) = (work.standing.org, work.now());
    let workers: Vec<Uuid> = session.workers.iter().map(|one| one.0).collect();
    sqlx::query!(
        "insert into supervision_sessions (id, org, unit, kind, held_at, supervisor, supervisor_name, workers, late_reason, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        session.id.0,
        org,
        unit,
        session.kind,
        session.held_at,
        session.supervisor.0,
        session.supervisor_name,
        &workers,
        session.late_reason,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// What was planned is looked for so long after it was to be.
const STANDS: TimeDelta = TimeDelta::days(28);

/// The sessions that lie ahead of the actor, or were to be in the last weeks and were not written down yet, the next first; after them the others of the
/// units that they supervise. Or the one of this id.
pub async fn plans(work: &mut Work, only: Option<RowId>) -> Result<Vec<Plan>, Error> {
    let (me, since) = (work.me()?, work.now() - STANDS);
    let plans = sqlx::query_as!(
        Plan,
        r#"select p.id as "id: RowId", p.kind, p.starts_at, p.ends_at, p.supervisor as "supervisor: UserId", b.name as supervisor_name, p.workers as "workers: Vec<UserId>",
             array(select u.name from users u where u.id = any (p.workers) order by u.name) as "worker_names!", p.state,
             p.unit = any ((select access.my_supervised_units())::int[]) as "supervised!"
           from supervision_plans p join users b on b.id = p.supervisor
           where case when $1::uuid is null then p.state = 'planned' and p.starts_at > $2 else p.id = $1 end
           order by (p.supervisor = $3 or p.workers @> array[$3::uuid]) desc, p.starts_at, p.id limit 100"#,
        only.map(|id| id.0),
        since,
        me.0
    );
    Ok(plans.fetch_all(work.db()).await?)
}

/// The planned session of this id that the actor takes part in or supervises.
pub async fn plan(work: &mut Work, id: RowId) -> Result<Plan, Error> {
    plans(work, Some(id)).await?.pop().ok_or(Error::NotFound)
}

/// Whether anything else that the actor sees is planned at that time for somebody who takes part.
pub(super) async fn meets_others(work: &mut Work, plan: &Plan) -> Result<bool, Error> {
    let all: Vec<Uuid> = plan.workers.iter().chain([&plan.supervisor]).map(|one| one.0).collect();
    let meets = sqlx::query_scalar!(
        r#"select exists (select from meetings m where m.holder = any ($1) and m.state = 'planned' and m.starts_at < $3 and m.ends_at > $2)
             or exists (select from supervision_plans p where p.id <> $4 and p.state = 'planned' and (p.supervisor = any ($1) or p.workers && $1)
               and p.starts_at < $3 and p.ends_at > $2) as "meets!""#,
        &all,
        plan.starts_at,
        plan.ends_at,
        plan.id.0
    );
    Ok(meets.fetch_one(work.db()).await?)
}

/// Writes a session that lies ahead.
pub(super) async fn insert_plan(work: &mut Work, unit: UnitId, plan: &Plan) -> Result<(), Error> {
    let (org, now) = (work.standing.org, work.now());
    let workers: Vec<Uuid> = plan.workers.iter().map(|one| one.0).collect();
    sqlx::query!(
        "insert into supervision_plans (id, org, unit, kind, starts_at, ends_at, supervisor, workers, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        plan.id.0,
        org,
        unit,
        plan.kind,
        plan.starts_at,
        plan.ends_at,
        plan.supervisor.0,
        &workers,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// A planned session was held as this one, or is called off; [`crate::error::Clash::Stale`] where that was said already.
pub(super) async fn end_plan(work: &mut Work, id: RowId, held: Option<RowId>) -> Result<(), Error> {
    let ended = sqlx::query!(
        "update supervision_plans set state = case when $2::uuid is null then 'called_off' else 'held' end, session_id = $2 where id = $1 and state = 'planned'",
        id.0,
        held.map(|session| session.0)
    )
    .execute(work.db())
    .await?;
    changed(ended.rows_affected())
}

/// A case was discussed; once in a session.
pub(super) async fn insert_case(work: &mut Work, session: &Session, case: CaseId) -> Result<(), Error> {
    sqlx::query!(
        "insert into supervision_cases (id, session_id, case_id, held_at, author) values ($1, $2, $3, $4, $5)",
        Uuid::now_v7(),
        session.id.0,
        case.0,
        session.held_at,
        session.supervisor.0
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// How these colleagues are called, by name.
pub(super) async fn names(work: &mut Work, users: &[UserId]) -> Result<Vec<(UserId, String)>, Error> {
    let ids: Vec<Uuid> = users.iter().map(|one| one.0).collect();
    let rows = sqlx::query!(r#"select id as "id: UserId", name from users where id = any ($1) order by name, id limit 50"#, &ids);
    Ok(rows.fetch_all(work.db()).await?.into_iter().map(|row| (row.id, row.name)).collect())
}

/// A case that was discussed.
#[derive(Debug)]
pub struct Discussed {
    /// The case.
    pub case: CaseId,
    /// Its code.
    pub code: String,
}

/// The cases of a session that the actor sees, by code.
pub async fn cases(work: &mut Work, session: RowId) -> Result<Vec<Discussed>, Error> {
    let cases = sqlx::query_as!(
        Discussed,
        r#"select c.id as "case: CaseId", c.code from supervision_cases k join cases c on c.id = k.case_id
           where k.session_id = $1 order by c.code limit 100"#,
        session.0
    );
    Ok(cases.fetch_all(work.db()).await?)
}

/// What was decided of a case.
#[derive(Debug)]
pub struct Decision {
    /// The case.
    pub case: CaseId,
    /// The task.
    pub task: TaskId,
    /// In words.
    pub title: String,
    /// Who does it.
    pub assignee_name: Option<String>,
    /// By when.
    pub due_at: DateTime<Utc>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
}

/// What was decided in a session of the cases that the actor sees.
pub async fn decisions(work: &mut Work, session: RowId) -> Result<Vec<Decision>, Error> {
    let decisions = sqlx::query_as!(
        Decision,
        r#"select d.case_id as "case: CaseId", t.id as "task: TaskId", t.title, u.name as "assignee_name?", t.due_at, t.done_at
           from supervision_decisions d join tasks t on t.id = d.task_id left join users u on u.id = t.assignee
           where d.session_id = $1 order by t.due_at, t.id limit 200"#,
        session.0
    );
    Ok(decisions.fetch_all(work.db()).await?)
}

/// Keeps that a task was decided on in a session.
pub(super) async fn insert_decision(work: &mut Work, session: RowId, case: CaseId, task: TaskId) -> Result<(), Error> {
    let (me, now) = (work.me()?, work.now());
    sqlx::query!(
        "insert into supervision_decisions (id, session_id, case_id, task_id, author, recorded_at) values ($1, $2, $3, $4, $5, $6)",
        Uuid::now_v7(),
        session.0,
        case.0,
        task.0,
        me.0,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// Open cases of one keeper, pack and risk, and since when the one that waits longest was not discussed.
#[derive(Debug)]
pub struct Waiting {
    /// Who keeps them.
    pub manager: UserId,
    /// Their pack.
    pub pack: String,
    /// In which version.
    pub pack_version: i32,
    /// Their risk level.
    pub risk: Option<String>,
    /// How many.
    pub cases: i32,
    /// Since when.
    pub oldest: DateTime<Utc>,
}

/// What waits to be discussed in these units, as far as the reader sees it.
pub(super) async fn waiting(work: &mut Work, units: &[UnitId]) -> Result<Vec<Waiting>, Error> {
    let waiting = sqlx::query_as!(
        Waiting,
        r#"select manager as "manager!: UserId", pack as "pack!", pack_version as "pack_version!", risk, cases as "cases!", oldest as "oldest!"
           from access.supervision_due($1)"#,
        units
    );
    Ok(waiting.fetch_all(work.db()).await?)
}

/// When each of these colleagues last took part in a session that the reader may see.
pub(super) async fn last_held(work: &mut Work, workers: &[Uuid]) -> Result<Vec<(UserId, DateTime<Utc>)>, Error> {
    let rows = sqlx::query!(
        r#"select w.id as "id!: UserId", (select s.held_at from supervision_sessions s where s.workers @> array[w.id] order by s.held_at desc limit 1) as held_at
           from unnest($1::uuid[]) as w (id)"#,
        workers
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.id, row.held_at?))).collect())
}

/// An open case of somebody who takes part, for choosing what was discussed.
#[derive(Debug)]
pub struct Open {
    /// The case.
    pub id: CaseId,
    /// Its code.
    pub code: String,
    /// Its type.
    pub case_type: i16,
    /// Its pack.
    pub pack: String,
    /// In which version.
    pub pack_version: i32,
    /// Its risk level.
    pub risk: Option<String>,
    /// When it was last discussed.
    pub discussed_at: Option<DateTime<Utc>>,
    /// How many there are with those that come behind the last one.
    pub all: i64,
}

/// The open cases of these colleagues, as far as the reader sees them: high risk first, then what was never discussed, then what waits longest.
pub(super) async fn open_cases(work: &mut Work, workers: &[Uuid], most: i64) -> Result<Vec<Open>, Error> {
    let open = sqlx::query_as!(
        Open,
        r#"select c.id as "id: CaseId", c.code, c.case_type, c.pack, c.pack_version, c.risk, d.at as "discussed_at?",
             count(*) over () as "all!"
           from cases c left join lateral (select max(k.held_at) as at from supervision_cases k where k.case_id = c.id) d on true
           where c.case_manager = any ($1) and c.closed_at is null
           order by c.risk is distinct from 'high', d.at is not null, coalesce(d.at, c.opened_at), c.id limit $2"#,
        workers,
        most
    );
    Ok(open.fetch_all(work.db()).await?)
}

const BODY: &str = "wellbeing_notes.body";

/// A wellbeing note, opened for one of the two.
#[derive(Debug)]
pub struct Wellbeing {
    /// Who wrote it.
    pub author: UserId,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// In their words.
    pub body: String,
}

/// The wellbeing notes of a session, for the two alone.
pub(super) async fn wellbeing(work: &mut Work, session: RowId) -> Result<Vec<Wellbeing>, Error> {
    let rows = sqlx::query!(
        r#"select id, author as "author: UserId", recorded_at, body from wellbeing_notes where session_id = $1 order by recorded_at, id limit 100"#,
        session.0
    )
    .fetch_all(work.db())
    .await?;
    let mut notes = Vec::new();
    for row in rows {
        let key = work.wellbeing_key(row.id).await?;
        notes.push(Wellbeing { author: row.author, recorded_at: row.recorded_at, body: key.open_text(BODY, &row.body)? });
    }
    Ok(notes)
}

/// Writes a wellbeing note, sealed with a key of its own.
pub(super) async fn insert_wellbeing(work: &mut Work, session: &Session, worker: UserId, words: &str) -> Result<(), Error> {
    let (id, me, now) = (Uuid::now_v7(), work.me()?, work.now());
    let body = work.new_key(id, None).await?.seal(BODY, words.as_bytes());
    sqlx::query!(
        "insert into wellbeing_notes (id, session_id, worker, supervisor, author, body, recorded_at) values ($1, $2, $3, $4, $5, $6, $7)",
        id,
        session.id.0,
        worker.0,
        session.supervisor.0,
        me.0,
        body,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}
