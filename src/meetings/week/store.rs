//! Every SQL statement of the week. The words of a block are sealed with the key of its worker's planner before they reach the database.
use chrono::{DateTime, Days, NaiveDate, Utc};

use super::block::Block;
use crate::error::{Clash, Error};
use crate::platform::db::Work;
use crate::platform::ids::{RowId, UserId};

const WORDS: &str = "week_blocks.words";
// So many blocks of one week are shown; a week has no room for more.
const MOST_BLOCKS: i64 = 200;
const MOST_WORKERS: i64 = 200;

/// One's own blocks that may come in the week that begins on this day, by hour; or only the one of this id.
pub async fn blocks(work: &mut Work, week: NaiveDate, only: Option<RowId>) -> Result<Vec<Block>, Error> {
    let me = work.me()?;
    let rows = sqlx::query!(
        r#"select id as "id: RowId", kind, on_day, from_minute, minutes, weekly, until_day, words, version from week_blocks
           where user_id = $1 and case when $4::uuid is null then on_day < $3 and (until_day is null or until_day >= $2) and (weekly or on_day >= $2) else id = $4 end
           order by from_minute, id limit $5"#,
        me.0,
        week,
        week + Days::new(7),
        only.map(|id| id.0),
        MOST_BLOCKS
    )
    .fetch_all(work.db())
    .await?;
    // The key is asked for only where there are words to open.
    let key = if rows.iter().any(|row| !row.words.is_empty()) { Some(work.planner_key().await?) } else { None };
    let mut blocks = Vec::new();
    for row in rows {
        let words = match &key {
            Some(key) if !row.words.is_empty() => key.open_text(WORDS, &row.words)?,
            _ => String::new(),
        };
        blocks.push(Block {
            id: row.id,
            kind: row.kind,
            on_day: row.on_day,
            from_minute: row.from_minute,
            minutes: row.minutes,
            weekly: row.weekly,
            until_day: row.until_day,
            words,
            version: row.version,
        });
    }
    Ok(blocks)
}

/// One of one's own blocks.
pub async fn find(work: &mut Work, id: RowId) -> Result<Block, Error> {
    let today = work.today();
    blocks(work, today, Some(id)).await?.pop().ok_or(Error::NotFound)
}

async fn sealed(work: &mut Work, words: &str) -> Result<Vec<u8>, Error> {
    if words.is_empty() { Ok(Vec::new()) } else { Ok(work.planner_key().await?.seal(WORDS, words.as_bytes())) }
}

/// Writes a block into one's own week.
pub async fn insert(work: &mut Work, block: &Block) -> Result<(), Error> {
    let words = sealed(work, &block.words).await?;
    let (me, now) = (work.me()?, work.now());
    sqlx::query!(
        "insert into week_blocks (id, user_id, kind, on_day, from_minute, minutes, weekly, until_day, words, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        block.id.0,
        me.0,
        block.kind,
        block.on_day,
        block.from_minute,
        block.minutes,
        block.weekly,
        block.until_day,
        words,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// Saves a block over the edition that was read.
pub async fn save(work: &mut Work, block: &Block) -> Result<(), Error> {
    let words = sealed(work, &block.words).await?;
    let saved = sqlx::query!(
        "update week_blocks set kind = $3, on_day = $4, from_minute = $5, minutes = $6, weekly = $7, until_day = $8, words = $9, version = version + 1
         where id = $1 and version = $2",
        block.id.0,
        block.version,
        block.kind,
        block.on_day,
        block.from_minute,
        block.minutes,
        block.weekly,
        block.until_day,
        words
    )
    .execute(work.db())
    .await?;
    if saved.rows_affected() == 0 { Err(Error::Conflict(Clash::Stale)) } else { Ok(()) }
}

/// How many other blocks of one's own may come in a week in which this one comes.
pub async fn others_beside(work: &mut Work, block: &Block) -> Result<i64, Error> {
    let me = work.me()?;
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from week_blocks where user_id = $1 and id <> $2
             and case when weekly then until_day is null or until_day >= $3 else on_day between $3::date - 6 and $3::date + 6 end"#,
        me.0,
        block.id.0,
        block.on_day
    );
    Ok(count.fetch_one(work.db()).await?)
}

/// Takes a block out of one's week.
pub async fn delete(work: &mut Work, id: RowId) -> Result<(), Error> {
    sqlx::query!("delete from week_blocks where id = $1", id.0).execute(work.db()).await?;
    Ok(())
}

/// Somebody whose hours may be contracted.
#[derive(Debug)]
pub struct Worker {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// What they are cleared for.
    pub cleared: Vec<i16>,
    /// Their contracted hours, where somebody set them.
    pub hours: Option<i16>,
    /// The edition of these.
    pub version: Option<i32>,
}

/// Oneself.
pub async fn myself(work: &mut Work) -> Result<Worker, Error> {
    let me = work.me()?;
    let worker = sqlx::query_as!(
        Worker,
        r#"select u.id as "id: UserId", u.name, array(select distinct t from memberships m join roles r on r.id = m.role cross join unnest(r.cleared) t
             where m.user_id = u.id and m.ended_at is null) as "cleared!", h.hours as "hours?", h.version as "version?"
           from users u left join contracted_hours h on h.user_id = u.id where u.id = $1"#,
        me.0
    );
    Ok(worker.fetch_one(work.db()).await?)
}

/// Somebody whose hours the actor may set: of their team or, for an administrator, of the organisation.
pub async fn worker(work: &mut Work, id: UserId) -> Result<Worker, Error> {
    let (org, administers) = (work.standing.org, work.holds(crate::access::Act::AdminUsers));
    let worker = sqlx::query_as!(
        Worker,
        r#"select u.id as "id: UserId", u.name, array(select distinct t from memberships m join roles r on r.id = m.role cross join unnest(r.cleared) t
             where m.user_id = u.id and m.ended_at is null) as "cleared!", h.hours as "hours?", h.version as "version?"
           from users u left join contracted_hours h on h.user_id = u.id
           where u.id = $1 and u.org = $2 and u.active and not u.is_program and ($3 or u.id = any ((select access.my_team())::uuid[]))"#,
        id.0,
        org,
        administers
    );
    Ok(worker.fetch_one(work.db()).await?)
}

/// Those who work on cases where the actor supervises, by name.
pub async fn team(work: &mut Work) -> Result<Vec<Worker>, Error> {
    let team = sqlx::query_as!(
        Worker,
        r#"select u.id as "id: UserId", u.name, array_agg(distinct t.cleared) as "cleared!", h.hours as "hours?", h.version as "version?"
           from memberships m join roles r on r.id = m.role join users u on u.id = m.user_id cross join unnest(r.cleared) as t (cleared)
             left join contracted_hours h on h.user_id = u.id
           where m.ended_at is null and u.active and not u.is_program and 'case.edit' = any (r.acts) and u.id = any ((select access.my_team())::uuid[])
           group by u.id, u.name, h.hours, h.version order by u.name, u.id limit $1"#,
        MOST_WORKERS
    );
    Ok(team.fetch_all(work.db()).await?)
}

/// Minutes of interviews and visits by worker, of everybody whom the actor supervises.
pub async fn team_visits(work: &mut Work, (start, end): (DateTime<Utc>, DateTime<Utc>)) -> Result<Vec<(UserId, i64)>, Error> {
    let rows =
        sqlx::query!(r#"select worker as "worker!: UserId", minutes as "minutes!" from access.team_visits($1, $2)"#, start, end)
            .fetch_all(work.db())
            .await?;
    Ok(rows.into_iter().map(|row| (row.worker, i64::from(row.minutes))).collect())
}

/// Sets somebody's contracted hours over the edition that was read; none where nobody had set them.
pub async fn set_hours(work: &mut Work, user: UserId, hours: i16, over: Option<i32>) -> Result<(), Error> {
    let (org, me, now) = (work.standing.org, work.me()?, work.now());
    let set = match over {
        Some(version) => {
            sqlx::query!(
                "update contracted_hours set hours = $3, set_by = $4, set_at = $5, version = version + 1 where user_id = $1 and version = $2",
                user.0,
                version,
                hours,
                me.0,
                now
            )
            .execute(work.db())
            .await?
        }
        None => {
            sqlx::query!(
                "insert into contracted_hours (user_id, org, hours, set_by, set_at) values ($1, $2, $3, $4, $5) on conflict do nothing",
                user.0,
                org,
                hours,
                me.0,
                now
            )
            .execute(work.db())
            .await?
        }
    };
    if set.rows_affected() == 0 { Err(Error::Conflict(Clash::Stale)) } else { Ok(()) }
}
