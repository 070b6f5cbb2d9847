//! Every SQL statement of this room.
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{MessageId, OrgId};
use crate::platform::outbox::{Carrier, State};

/// A message taken for sending.
#[derive(Debug, Clone)]
pub struct Taken {
    /// Its id.
    pub id: MessageId,
    /// What the outside knows it by.
    pub public_id: Uuid,
    /// The organisation that sends it.
    pub org: OrgId,
    /// Its kind.
    pub kind: String,
    /// Its language.
    pub lang: String,
    /// What it is about.
    pub about: Option<Uuid>,
    /// The referral it belongs to.
    pub referral_id: Option<Uuid>,
    /// What carries it: `mail` or `text`.
    pub carrier: String,
    /// Its mail domain, told apart.
    pub lane: String,
    /// What it says and to whom, sealed; none once forgotten.
    pub body: Option<Vec<u8>>,
    /// When it was posted.
    pub posted_at: DateTime<Utc>,
    /// When it was first tried, by this try at the latest.
    pub first_try_at: DateTime<Utc>,
    /// Which try this is.
    pub tries: i32,
    /// How many failed since it was posted or resent.
    pub failures: i32,
}

/// Takes the message of this carrier that is due longest, outside these lanes, and holds it for so long. One that somebody held and left is
/// due too.
pub async fn take(work: &mut Work, carrier: Carrier, hold: TimeDelta, busy: &[String]) -> Result<Option<Taken>, Error> {
    let now = work.now();
    let taken = sqlx::query_as!(
        Taken,
        r#"update messages set state = 'sending', tries = tries + 1, held_until = $2, first_try_at = coalesce(first_try_at, $1), version = version + 1
           where id = (select id from messages where state in ('queued', 'sending') and due_at <= $1 and (state = 'queued' or held_until < $1)
                         and carrier = $4 and not (lane = any ($3))
                       order by due_at limit 1 for update skip locked)
           returning id as "id: MessageId", public_id, org, kind, lang, about, referral_id, carrier, lane, body, posted_at, first_try_at as "first_try_at!", tries, failures"#,
        now,
        now + hold,
        busy,
        carrier.code()
    )
    .fetch_optional(work.db())
    .await?;
    let Some(taken) = taken else { return Ok(None) };
    // A try without an end belongs to a program that ended in its middle.
    sqlx::query!(
        "update message_tries set ended_at = $2, result = 'interrupted' where message_id = $1 and result is null",
        taken.id.0,
        now
    )
    .execute(work.db())
    .await?;
    sqlx::query!(
        "insert into message_tries (message_id, number, org, began_at) values ($1, $2, $3, $4)",
        taken.id.0,
        taken.tries,
        taken.org,
        now
    )
    .execute(work.db())
    .await?;
    Ok(Some(taken))
}

/// What the sending organisation is called in the message's language, for a message about a referral of a standard type. A name may say what
/// kind of agency writes (S6, S13): mail about a protected or restricted case, or to one's own staff, comes from the neutral name alone.
pub async fn sender_name(work: &mut Work, message: &Taken) -> Result<Option<String>, Error> {
    let name = sqlx::query_scalar!(
        r#"select access.named(o.names, o.name, $3) as "name!" from organisations o
           where o.id = $1 and exists (
             select from referrals r join case_types t on t.id = r.case_type where r.id = $2 and t.sensitivity = 'standard')"#,
        message.org,
        message.referral_id,
        message.lang
    );
    Ok(name.fetch_optional(work.db()).await?)
}

/// Holds these on, for whoever is still sending them.
pub async fn hold_on(work: &mut Work, ids: &[Uuid], hold: TimeDelta) -> Result<(), Error> {
    let until = work.now() + hold;
    sqlx::query!("update messages set held_until = $2 where id = any ($1) and state = 'sending'", ids, until)
        .execute(work.db())
        .await?;
    Ok(())
}

/// How a try ended.
#[derive(Debug, Clone)]
pub struct End {
    /// Where the message stands now.
    pub state: State,
    /// Why, as a code.
    pub result: String,
    /// The mail server's reply.
    pub reply: Option<u16>,
    /// When it is tried next.
    pub due_at: Option<DateTime<Utc>>,
    /// It counts towards longer pauses.
    pub failed: bool,
    /// It was not tried at all: the time in which it is given up begins with its next turn.
    pub put_off: bool,
}

/// Writes down how a try ended; false if the message went on without it: the far end reported first, or another holds it.
pub async fn end(work: &mut Work, message: &Taken, end: &End) -> Result<bool, Error> {
    let (now, reply) = (work.now(), end.reply.and_then(|reply| i16::try_from(reply).ok()));
    sqlx::query!(
        "update message_tries set ended_at = $3, result = $4, reply = $5 where message_id = $1 and number = $2",
        message.id.0,
        message.tries,
        now,
        end.result,
        reply
    )
    .execute(work.db())
    .await?;
    let settled = matches!(end.state, State::Bounced | State::Dropped | State::Dead);
    let done = sqlx::query!(
        "update messages set state = $3, held_until = null, result = $4, detail = $5, due_at = coalesce($6, due_at), failures = failures + $7,
           first_try_at = case when $10 then null else first_try_at end, sent_at = case when $3 = 'sent' then $8 else sent_at end, settled_at = case when $9 then $8 end, version = version + 1
         where id = $1 and state = 'sending' and tries = $2",
        message.id.0,
        message.tries,
        end.state.code(),
        end.result,
        end.reply.map(|reply| reply.to_string()),
        end.due_at,
        i32::from(end.failed),
        now,
        settled,
        end.put_off
    )
    .execute(work.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// A message that the far end reports on.
#[derive(Debug)]
pub struct Reported {
    /// Its id.
    pub id: MessageId,
    /// The organisation that sent it.
    pub org: OrgId,
    /// Its kind.
    pub kind: String,
    /// What it is about.
    pub about: Option<Uuid>,
    /// The referral it belongs to.
    pub referral_id: Option<Uuid>,
}

/// The message of this public id, if it was ever tried; for the program's own upkeep.
pub async fn reported(work: &mut Work, public_id: Uuid) -> Result<Option<Reported>, Error> {
    let found = sqlx::query_as!(
        Reported,
        r#"select id as "id: MessageId", org, kind, about, referral_id from messages where public_id = $1 and tries > 0"#,
        public_id
    );
    Ok(found.fetch_optional(work.db()).await?)
}

/// Writes down what the far end says; false if it says nothing new. A refusal counts after a delivery, a delivery after a refusal does not.
pub async fn settle(work: &mut Work, id: MessageId, state: State, result: &str, detail: Option<&str>) -> Result<bool, Error> {
    let now = work.now();
    let done = sqlx::query!(
        "update messages set state = $2, result = $3, detail = $4, settled_at = $5, sent_at = coalesce(sent_at, $5), held_until = null, version = version + 1
         where id = $1 and state <> $2 and (state in ('queued', 'sending', 'sent') or ($2 = 'bounced' and state = 'delivered'))",
        id.0,
        state.code(),
        result,
        detail,
        now
    )
    .execute(work.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Writes down what the gateway says of a text message; false if it says nothing new. Reports come late, twice and in any order: arrived counts more than
/// failed, failed more than sent. One that was put in line again, or put off, is not ended by what is said of the time
/// before until its next turn begins; from then on nothing tells the two apart, as a repeated message keeps its id.
pub async fn settle_text(work: &mut Work, id: MessageId, state: State, result: &str) -> Result<bool, Error> {
    let now = work.now();
    let done = sqlx::query!(
        "update messages set state = $2, result = $3, detail = null, sent_at = coalesce(sent_at, $4), settled_at = case when $2 = 'sent' then null else $4 end,
           held_until = null, version = version + 1
         where id = $1 and carrier = 'text' and first_try_at is not null and state <> $2
           and (state in ('queued', 'sending') or (state = 'sent' and $2 <> 'sent') or (state = 'bounced' and $2 = 'delivered'))",
        id.0,
        state.code(),
        result,
        now
    )
    .execute(work.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Destroys the keys of what was settled so long ago; answers how many.
pub async fn forget(work: &mut Work, before: DateTime<Utc>) -> Result<i64, Error> {
    let gone = sqlx::query_scalar!(r#"select access.forget_messages($1) as "gone!""#, before).fetch_one(work.db()).await?;
    Ok(gone)
}

/// A message as an administrator sees it: where it stands, never what it says.
#[derive(Debug)]
pub struct Row {
    /// Its id.
    pub id: MessageId,
    /// Its organisation's name.
    pub org_name: String,
    /// Its kind.
    pub kind: String,
    /// Where it stands.
    pub state: String,
    /// When it was posted.
    pub posted_at: DateTime<Utc>,
    /// When it is tried next.
    pub due_at: DateTime<Utc>,
    /// When the server took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was settled.
    pub settled_at: Option<DateTime<Utc>>,
    /// How often it was tried.
    pub tries: i32,
    /// How the last try ended.
    pub result: Option<String>,
    /// The reply or status code with it.
    pub detail: Option<String>,
    /// What it said is forgotten, so it can't be sent again.
    pub forgotten: bool,
    /// Its version.
    pub version: i32,
}

/// Messages in these states, the newest first, before this one.
pub async fn list(work: &mut Work, states: &[&str], before: Option<(DateTime<Utc>, Uuid)>, most: i64) -> Result<Vec<Row>, Error> {
    let (at, id) = before.unzip();
    let states: Vec<String> = states.iter().map(|state| (*state).to_owned()).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"select m.id as "id: MessageId", access.named(o.names, o.name, $5) as "org_name!", m.kind, m.state, m.posted_at, m.due_at, m.sent_at, m.settled_at, m.tries, m.result, m.detail,
             m.forgotten_at is not null as "forgotten!", m.version
           from messages m join organisations o on o.id = m.org
           where m.state = any ($1) and ($2::timestamptz is null or (m.posted_at, m.id) < ($2, $3))
           order by m.posted_at desc, m.id desc limit $4"#,
        &states,
        at,
        id,
        most,
        work.lang().code()
    );
    Ok(rows.fetch_all(work.db()).await?)
}

/// What an administrator's organisations have in the outbox.
#[derive(Debug)]
pub struct Depth {
    /// Waiting or being sent.
    pub waiting: i64,
    /// Since when the oldest of them waits.
    pub oldest: Option<DateTime<Utc>>,
    /// Dead.
    pub dead: i64,
    /// Bounced.
    pub bounced: i64,
    /// How the last failed try ended.
    pub last_failure: Option<String>,
    /// The reply with it.
    pub last_reply: Option<i16>,
    /// When.
    pub failed_at: Option<DateTime<Utc>>,
}

/// How full the outbox is.
pub async fn depth(work: &mut Work) -> Result<Depth, Error> {
    let depth = sqlx::query_as!(
        Depth,
        r#"with last as (select result, reply, ended_at from message_tries where result not in ('accepted', 'put_off') and ended_at is not null order by began_at desc limit 1)
           select count(*) filter (where state in ('queued', 'sending')) as "waiting!", min(posted_at) filter (where state in ('queued', 'sending')) as oldest,
             count(*) filter (where state = 'dead') as "dead!", count(*) filter (where state = 'bounced') as "bounced!",
             (select result from last) as last_failure, (select reply from last) as last_reply, (select ended_at from last) as failed_at
           from messages where state in ('queued', 'sending', 'dead', 'bounced')"#
    );
    Ok(depth.fetch_one(work.db()).await?)
}

/// Queues a message again, with two new days of tries; false if it changed meanwhile, can't be sent again, or is not the actor's.
pub async fn queue_again(work: &mut Work, id: MessageId, version: i32) -> Result<bool, Error> {
    let now = work.now();
    let done = sqlx::query!(
        "update messages set state = 'queued', due_at = $3, first_try_at = null, failures = 0, held_until = null, settled_at = null, version = version + 1
         where id = $1 and version = $2 and state in ('dead', 'bounced', 'dropped') and forgotten_at is null",
        id.0,
        version,
        now
    )
    .execute(work.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// A message as an administrator may look it up.
pub async fn find(work: &mut Work, id: MessageId) -> Result<Row, Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select m.id as "id: MessageId", access.named(o.names, o.name, $2) as "org_name!", m.kind, m.state, m.posted_at, m.due_at, m.sent_at, m.settled_at, m.tries, m.result, m.detail,
             m.forgotten_at is not null as "forgotten!", m.version
           from messages m join organisations o on o.id = m.org where m.id = $1"#,
        id.0,
        work.lang().code()
    );
    Ok(row.fetch_one(work.db()).await?)
}

/// A try.
#[derive(Debug)]
pub struct Try {
    /// Its number.
    pub number: i32,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// How it ended; none while it runs.
    pub result: Option<String>,
    /// The mail server's reply.
    pub reply: Option<i16>,
}

/// Every try of a message, the first one first.
pub async fn tries(work: &mut Work, id: MessageId) -> Result<Vec<Try>, Error> {
    let tries = sqlx::query_as!(
        Try,
        "select number, began_at, result, reply from message_tries where message_id = $1 order by number",
        id.0
    );
    Ok(tries.fetch_all(work.db()).await?)
}

/// The actor's own address.
pub async fn own_address(work: &mut Work) -> Result<String, Error> {
    Ok(sqlx::query_scalar!("select email from users where id = access.me()").fetch_one(work.db()).await?)
}
