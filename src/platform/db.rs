//! `Work`: an open transaction and the actor it works for. There is no other way to the database.
//!
//! The actor is set transaction-local (`throughcare.actor`), so a pooled connection never carries it to the next borrower. Without an
//! actor row security shows nothing. A `Work` that is dropped rolls back.
mod keys;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Executor, PgConnection, Postgres, Transaction};
use uuid::Uuid;

use crate::error::Error;
use crate::platform::clock::Clock;
use crate::platform::ids::{LinkId, OrgId, UserId};
use crate::platform::jobs::{Job, JobsOfFact};
use crate::platform::kept::Kept;
use crate::platform::lang::Lang;
use crate::platform::mail::Mail;
use crate::platform::seal::{DataKey, Keyring};
use crate::platform::sms::Sms;
use crate::platform::standing::Standing;

/// A pool of connections for one database role. Only this file borrows from it.
#[derive(Clone, Debug)]
pub struct Pool(sqlx::PgPool);

impl Pool {
    /// Connects lazily: the first page pays, not the start.
    pub fn new(options: PgConnectOptions, connections: u32) -> Self {
        // A day's work says some hundred different things; to have one planned takes longer than to have it done.
        let options = options.statement_cache_capacity(400);
        Self(
            PgPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(std::time::Duration::from_secs(10))
                .connect_lazy_with(options),
        )
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.0.close().await;
    }

    /// Lets the database look over these tables after a bulk load: statistics for its planner, and which pages everybody sees.
    pub async fn tidy_up(&self, tables: &[&str]) -> Result<(), Error> {
        // Tables are constants of the caller's.
        self.0.execute(sqlx::AssertSqlSafe(format!("vacuum (analyze) {}", tables.join(", ")))).await?;
        Ok(())
    }

    /// How many connections are open, and how many of them idle.
    pub fn connections(&self) -> (u32, u32) {
        (self.0.size(), u32::try_from(self.0.num_idle()).unwrap_or(u32::MAX))
    }

    /// The database answers.
    pub async fn ready(&self) -> Result<(), Error> {
        sqlx::query_scalar!("select 1 as \"one!\"").fetch_one(&self.0).await?;
        Ok(())
    }
}

/// What the program stands on; one per process.
pub struct Ground {
    /// Serves people.
    pub web: Pool,
    /// Serves jobs.
    pub worker: Pool,
    /// Tells the time.
    pub clock: Clock,
    /// Wraps data keys and signs seals.
    pub keyring: Keyring,
    /// Which jobs a fact wakes; the map itself is in `worker.rs`.
    pub jobs_of_fact: JobsOfFact,
    /// Wakes the worker of this process as soon as a job was committed.
    pub wake: tokio::sync::Notify,
    /// Wakes the sender of this process as soon as a message was committed.
    pub wake_mail: tokio::sync::Notify,
    /// How mail leaves.
    pub mail: Mail,
    /// How text messages leave.
    pub sms: Sms,
    /// Where sealed files lie.
    pub files: std::path::PathBuf,
    /// Whether there is room to write.
    pub disk: crate::platform::disk::Disk,
    /// The outside address of this service, for links and cookies.
    pub base_url: url::Url,
    /// What opens `/metrics` to other machines.
    pub metrics_token: Option<crate::config::SecretText>,
    /// What looks through documents for viruses.
    pub clamd: Option<crate::config::Clamd>,
    /// What never changes once read, by name: pack versions.
    pub kept: Kept,
}

/// Whoever acts: the database decides by this what exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody is signed in.
    Nobody,
    /// A signed-in person, or a token of theirs.
    User(UserId),
    /// The receiver of one referral, by a proven answer link.
    Link(LinkId),
    /// A job, for one organisation or, for the program's own upkeep, for none.
    System { job: &'static str, org: Option<OrgId> },
    /// Whoever runs the command line on the server itself.
    Operator,
}

impl Actor {
    // `kind:id`, as ARCHITECTURE "Access" promises. It is written into a statement: nothing that anybody typed may ever enter it, only ids and names of ours.
    fn setting(&self) -> String {
        match self {
            Self::Nobody => "nobody:".to_owned(),
            Self::User(id) => format!("user:{id}"),
            Self::Link(id) => format!("link:{id}"),
            Self::System { job, org } => format!("system:{}:{job}", org.map(|o| o.to_string()).unwrap_or_default()),
            Self::Operator => "operator:".to_owned(),
        }
    }
}

/// A moment within a [`Work`] to which it can go back.
#[must_use]
pub struct Savepoint(String);

/// An open transaction and the actor it works for.
pub struct Work {
    tx: Transaction<'static, Postgres>,
    ground: Arc<Ground>,
    /// Whoever acts.
    pub actor: Actor,
    /// What is known of them.
    pub standing: Standing,
    keys: HashMap<Uuid, DataKey>,
    // What was read in this work and is asked by several rooms of one page.
    read: Kept,
    enqueued: bool,
    savepoints: u32,
    posted: bool,
}

impl Work {
    /// Opens a transaction for this actor. People go through the web role, jobs through the worker role.
    pub async fn open(ground: &Arc<Ground>, actor: Actor) -> Result<Self, Error> {
        let pool = if matches!(actor, Actor::System { .. }) { &ground.worker } else { &ground.web };
        Self::open_with(ground, pool, actor).await
    }

    /// Opens a transaction on a connection of the caller's making, for the command line, which works as the tables' owner.
    pub async fn open_with(ground: &Arc<Ground>, pool: &Pool, actor: Actor) -> Result<Self, Error> {
        // Both in one message. The setting is made of ids and of names of ours.
        let begin = format!("begin; set local throughcare.actor = '{}'", actor.setting());
        let tx = pool.0.begin_with(sqlx::AssertSqlSafe(begin)).await?;
        Ok(Self {
            tx,
            ground: ground.clone(),
            actor,
            standing: Standing::default(),
            keys: HashMap::new(),
            read: Kept::default(),
            enqueued: false,
            savepoints: 0,
            posted: false,
        })
    }

    /// Becomes this signed-in user, after a definer function has said who holds the session.
    pub async fn become_user(&mut self, user: UserId, standing: Standing) -> Result<(), Error> {
        self.become_another(Actor::User(user), standing).await
    }

    /// Becomes whoever holds this answer link, after a definer function has said that it is proved and live.
    pub async fn become_link(&mut self, link: LinkId, standing: Standing) -> Result<(), Error> {
        self.become_another(Actor::Link(link), standing).await
    }

    // What one actor could read is nothing of the next one's.
    async fn become_another(&mut self, actor: Actor, standing: Standing) -> Result<(), Error> {
        self.actor = actor;
        self.standing = standing;
        self.forget_all();
        set_actor(&mut self.tx, &self.actor).await
    }

    fn forget_all(&mut self) {
        self.keys.clear();
        self.read = Kept::default();
    }

    /// What this work has read already under this name, if that is of this type.
    pub fn has_read<T: Send + Sync + 'static>(&self, name: &str) -> Option<Arc<T>> {
        self.read.get(name)
    }

    /// Keeps what was read until this work ends, goes back to an earlier moment or becomes somebody else's.
    pub fn keep_read<T: Send + Sync + 'static>(&self, name: String, value: Arc<T>) -> Arc<T> {
        self.read.keep(name, value)
    }

    /// Forgets what this work has read under this name, because it changed it.
    pub fn forget_read(&self, name: &str) {
        self.read.forget(name);
    }

    /// The same actor on a fresh transaction; what was not committed is gone. For showing a form again after the database refused it.
    pub async fn again(self) -> Result<Self, Error> {
        let Self { tx, ground, actor, standing, .. } = self;
        tx.rollback().await?;
        let mut work = Self::open(&ground, actor).await?;
        work.standing = standing;
        Ok(work)
    }

    /// Makes everything so far lasting, and wakes the worker if it left jobs.
    pub async fn commit(self) -> Result<(), Error> {
        self.tx.commit().await?;
        if self.enqueued {
            self.ground.wake.notify_one();
        }
        if self.posted {
            self.ground.wake_mail.notify_one();
            self.ground.sms.wake.notify_one();
        }
        Ok(())
    }

    /// Wakes the senders of this process once this work commits.
    pub fn wake_sender_after_commit(&mut self) {
        self.posted = true;
    }

    /// The data key of a message, for the job that sends it.
    pub async fn message_key(&mut self, message: Uuid) -> Result<DataKey, Error> {
        let wrapped = sqlx::query_scalar!("select access.message_key($1)", message).fetch_one(self.db()).await?;
        self.keep_key(message, wrapped)
    }

    /// Marks this moment, so that what follows can be undone by itself.
    pub async fn savepoint(&mut self) -> Result<Savepoint, Error> {
        self.savepoints += 1;
        let name = format!("part_{}", self.savepoints);
        // The name is a number of ours.
        self.tx.execute(sqlx::AssertSqlSafe(format!("savepoint {name}"))).await?;
        Ok(Savepoint(name))
    }

    /// Keeps what was done since, as far as the whole is committed.
    pub async fn keep(&mut self, savepoint: Savepoint) -> Result<(), Error> {
        self.tx.execute(sqlx::AssertSqlSafe(format!("release savepoint {}", savepoint.0))).await?;
        Ok(())
    }

    /// Undoes what was done since, a failed statement included.
    pub async fn undo(&mut self, savepoint: Savepoint) -> Result<(), Error> {
        self.tx.execute(sqlx::AssertSqlSafe(format!("rollback to savepoint {}", savepoint.0))).await?;
        self.forget_all();
        Ok(())
    }

    /// The connection, for a room's `store.rs`.
    pub fn db(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// The moment this work happens.
    pub fn now(&self) -> DateTime<Utc> {
        self.ground.clock.now()
    }

    /// The actor's organisation's time zone; UTC for whoever belongs to none.
    pub fn zone(&self) -> Tz {
        self.standing.time_zone.parse().unwrap_or(chrono_tz::UTC)
    }

    /// Today on the actor's own calendar: what was agreed late in the evening in Amman is dated in Amman.
    pub fn today(&self) -> NaiveDate {
        self.now().with_timezone(&self.zone()).date_naive()
    }

    /// What the program stands on.
    pub fn ground(&self) -> &Arc<Ground> {
        &self.ground
    }

    /// The language to answer in.
    pub fn lang(&self) -> Lang {
        self.standing.lang
    }

    /// The signed-in user; [`Error::SignIn`] for everybody else.
    pub fn me(&self) -> Result<UserId, Error> {
        match self.actor {
            Actor::User(id) => Ok(id),
            _ => Err(Error::SignIn),
        }
    }

    /// The organisation this work is done for, if it is done for one; for an answer link the one that gave it, whose referral it is.
    pub fn org(&self) -> Option<OrgId> {
        match self.actor {
            Actor::User(_) | Actor::Link(_) => Some(self.standing.org),
            Actor::System { org, .. } => org,
            _ => None,
        }
    }

    /// A crash may lose the last 0.6 s of commits made so: only for view facts of standard data.
    pub async fn commit_may_lag(&mut self) -> Result<(), Error> {
        sqlx::query!("set local synchronous_commit = off").execute(self.db()).await?;
        Ok(())
    }

    /// From here on the database keeps the plan of a statement, whatever its values are: for a list that walks along one index always, and is planned in
    /// more time than it is read.
    pub async fn keep_plans(&mut self) -> Result<(), Error> {
        sqlx::query!("set local plan_cache_mode = force_generic_plan").execute(self.db()).await?;
        Ok(())
    }

    /// Leaves a job that exists once this work commits.
    pub async fn enqueue(&mut self, job: Job) -> Result<(), Error> {
        let run_at = job.run_at.unwrap_or_else(|| self.now());
        sqlx::query!(
            "insert into jobs (id, kind, org, body, run_at, once) values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
            Uuid::now_v7(),
            job.kind,
            job.org,
            job.body,
            run_at,
            job.once
        )
        .execute(self.db())
        .await?;
        self.enqueued = true;
        Ok(())
    }
}

async fn set_actor(tx: &mut PgConnection, actor: &Actor) -> Result<(), Error> {
    sqlx::query!("select set_config('throughcare.actor', $1, true)", actor.setting()).fetch_one(tx).await?;
    Ok(())
}
