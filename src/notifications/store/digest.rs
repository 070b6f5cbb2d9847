//! SQL of the digest: whose it is, when their organisation works, and what waits.
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, UserId};
use crate::platform::lang::Lang;

/// When an organisation works.
#[derive(Debug, Clone)]
pub struct Week {
    /// Its time zone.
    pub zone: Tz,
    /// Its days of rest, Monday being 1.
    pub weekend: Vec<i32>,
    /// Its holidays.
    pub holidays: Vec<NaiveDate>,
}

/// Somebody who wants to hear what waits.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Who.
    pub id: UserId,
    /// At which address.
    pub email: String,
    /// How often: `daily` or `weekly`.
    pub digest: String,
    /// In which language.
    pub lang: Lang,
}

/// What waits for a reader, by kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Tasks past their time.
    pub overdue: i64,
    /// Tasks of today.
    pub today: i64,
    /// Tasks of the reader's units that nobody holds.
    pub inbox: i64,
    /// Referrals to the reader's units that wait for an answer.
    pub answers: i64,
    /// Notifications not read, of the kinds that the reader wants counted.
    pub unread: i64,
}

impl Counts {
    /// Nothing waits.
    pub fn nothing(&self) -> bool {
        self.overdue + self.today + self.inbox + self.answers + self.unread == 0
    }
}

/// When each organisation works that has somebody to tell.
pub async fn weeks(work: &mut Work) -> Result<Vec<(OrgId, Week)>, Error> {
    let rows = sqlx::query!("select id, time_zone, weekend, holidays from organisations where active and in_system")
        .fetch_all(work.db())
        .await?;
    let week = |zone: &str, weekend, holidays| Week { zone: zone.parse().unwrap_or(chrono_tz::UTC), weekend, holidays };
    Ok(rows.into_iter().map(|row| (row.id, week(&row.time_zone, row.weekend, row.holidays))).collect())
}

/// When this organisation works.
pub async fn week(work: &mut Work, org: OrgId) -> Result<Option<Week>, Error> {
    Ok(weeks(work).await?.into_iter().find(|(id, _)| *id == org).map(|(_, week)| week))
}

/// Everybody of this job's organisation who wants to hear.
pub async fn readers(work: &mut Work) -> Result<Vec<Reader>, Error> {
    let org = work.org();
    let rows = sqlx::query!(
        r#"select u.id as "id: UserId", u.email, u.digest, coalesce(u.lang, o.lang) as "lang!" from users u join organisations o on o.id = u.org
           where u.org = $1 and u.active and u.digest <> 'never' and u.email <> '' order by u.id"#,
        org
    )
    .fetch_all(work.db())
    .await?;
    let reader = |id, email, digest, lang: &str| Reader { id, email, digest, lang: lang.parse().unwrap_or_default() };
    Ok(rows.into_iter().map(|row| reader(row.id, row.email, row.digest, &row.lang)).collect())
}

/// One of them, if they still want to.
pub async fn reader(work: &mut Work, user: UserId) -> Result<Option<Reader>, Error> {
    Ok(readers(work).await?.into_iter().find(|reader| reader.id == user))
}

/// What waits for the actor of this work, as far as they see it.
pub async fn counts(work: &mut Work, day_ends: DateTime<Utc>) -> Result<Counts, Error> {
    let now = work.now();
    let counts = sqlx::query_as!(
        Counts,
        r#"with open as materialized (select assignee, due_at from tasks where done_at is null and due_at < $2 and assignee = access.me())
           select (select count(*) from open where due_at <= $1) as "overdue!", (select count(*) from open where due_at > $1) as "today!",
             (select count(*) from tasks where done_at is null and assignee is null and unit = any (access.my_units())) as "inbox!",
             (select count(*) from referrals where sent and status = 'requested' and to_unit = any (access.my_units())
                and (to_assignee is null or to_assignee = access.me())) as "answers!",
             (select count(*) from notifications where read_at is null and user_id = access.me()
                and replace(kind, '.', '_') <> all (coalesce((select quiet_mail from users where id = access.me()), '{}'))) as "unread!""#,
        now,
        day_ends
    );
    Ok(counts.fetch_one(work.db()).await?)
}

/// The reader's choice, and the address it is for.
pub async fn choice(work: &mut Work) -> Result<(String, String), Error> {
    let row = sqlx::query!("select digest, email from users where id = access.me()").fetch_one(work.db()).await?;
    Ok((row.digest, row.email))
}

/// Chooses how often to hear, for the address that was shown; false if it changed meanwhile.
pub async fn choose(work: &mut Work, digest: &str, email: &str) -> Result<bool, Error> {
    let done = sqlx::query!("update users set digest = $1 where id = access.me() and email = $2", digest, email)
        .execute(work.db())
        .await?;
    Ok(done.rows_affected() > 0)
}

/// The kinds of news that the reader leaves out of it.
pub async fn quiet(work: &mut Work) -> Result<Vec<String>, Error> {
    Ok(sqlx::query_scalar!("select quiet_mail from users where id = access.me()").fetch_one(work.db()).await?)
}

/// Leaves these kinds out of it from now on.
pub async fn set_quiet(work: &mut Work, kinds: &[String]) -> Result<(), Error> {
    sqlx::query!("update users set quiet_mail = $1 where id = access.me()", kinds).execute(work.db()).await?;
    Ok(())
}
