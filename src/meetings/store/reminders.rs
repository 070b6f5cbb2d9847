//! What is promised to the person of a meeting, and what became of it.
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::error::{Clash, Error};
use crate::meetings::meeting::{Meeting, Reminder, Says};
use crate::packs::{Sensitivity, Word};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, OrgId, PersonId};
use crate::platform::lang::Lang;
use crate::platform::outbox::Carrier;

/// By what a reminder was promised; before that was kept only a text message is certain to be what the person expects.
pub(super) fn promised_by(kept: Option<&str>) -> Carrier {
    kept.and_then(Carrier::parse).unwrap_or(Carrier::Text)
}

/// Keeps what is promised, or nothing where the person is not to be reminded; [`Clash::Stale`] where what was promised before was sent meanwhile.
pub async fn save_reminder(work: &mut Work, meeting: &Meeting, reminder: Option<&Reminder>) -> Result<(), Error> {
    let saved = sqlx::query!(
        "update meetings set remind_before = $2, remind_at = $3, reminded_at = $4, remind_why = $5, remind_by = $7 where id = $1 and reminded_at is not distinct from $6",
        meeting.id,
        reminder.map(|one| one.before),
        reminder.map(|one| one.at),
        reminder.and_then(|one| one.done_at),
        reminder.and_then(|one| one.why.clone()),
        meeting.reminder.as_ref().and_then(|one| one.done_at),
        reminder.map(|one| one.by.code())
    )
    .execute(work.db())
    .await?;
    if saved.rows_affected() == 0 { Err(Error::Conflict(Clash::Stale)) } else { Ok(()) }
}

/// Meetings whose person is to be reminded now, of the organisation this work is for; nobody else takes them up meanwhile.
pub async fn reminders_due(work: &mut Work) -> Result<Vec<Uuid>, Error> {
    let now = work.now();
    let due = sqlx::query_scalar!(
        "select id from meetings where state = 'planned' and remind_at <= $1 and reminded_at is null order by remind_at limit 200 for update skip locked",
        now
    );
    Ok(due.fetch_all(work.db()).await?)
}

/// Meetings that are called off and whose person is to hear of it now, of the organisation this work is for; nobody else takes them up meanwhile.
pub async fn called_off_due(work: &mut Work) -> Result<Vec<Uuid>, Error> {
    let now = work.now();
    let due = sqlx::query_scalar!(
        "select id from meetings where off_due_at <= $1 and off_told_at is null order by off_due_at limit 200 for update skip locked",
        now
    );
    Ok(due.fetch_all(work.db()).await?)
}

/// A meeting whose person is to be reminded, with what decides whether they may be.
#[derive(Debug)]
pub struct Reminded {
    /// The meeting.
    pub id: Uuid,
    /// Whose it is.
    pub org: OrgId,
    /// Its case.
    pub case_id: CaseId,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// So many hours before.
    pub before: i16,
    /// By what that was promised.
    pub by: Carrier,
    /// When the message was posted.
    pub done_at: Option<DateTime<Utc>>,
    /// When the word that it does not take place was posted.
    pub told_off_at: Option<DateTime<Utc>>,
    /// Nothing has become of it yet.
    pub is_planned: bool,
    /// It is called off with its case.
    pub is_called_off: bool,
    /// Its case is not closed.
    pub is_open: bool,
    /// How closely its case is guarded.
    pub sensitivity: Option<Sensitivity>,
    /// The person.
    pub person_id: PersonId,
    /// Never asked, notified or printed (S3).
    pub not_safe_to_involve: bool,
    /// Where the organisation works.
    pub zone: Tz,
    /// In which language.
    pub lang: Lang,
}

/// That meeting, where a reminder is promised.
pub async fn reminded(work: &mut Work, meeting: Uuid) -> Result<Option<Reminded>, Error> {
    let row = sqlx::query!(
        r#"select m.id as "id!", m.org as "org!", m.case_id as "case_id!: CaseId", m.starts_at as "starts_at!", m.remind_before as "before!", m.remind_by, m.reminded_at, m.state = 'planned' as "is_planned!", m.off_told_at, m.off_due_at is not null as "is_called_off!", c.closed_at is null as "is_open!",
             t.sensitivity as "sensitivity!", c.person_id as "person_id!: PersonId", coalesce(p.not_safe_to_involve, false) as "not_safe_to_involve!", o.time_zone as "time_zone!",
             o.lang as "lang!"
           from meetings m join cases c on c.id = m.case_id join case_types t on t.id = c.case_type join organisations o on o.id = m.org
             left join case_people p on p.case_id = c.id and p.person_id = c.person_id
           where m.id = $1 and m.remind_before is not null"#,
        meeting
    )
    .fetch_optional(work.db())
    .await?;
    Ok(row.map(|row| Reminded {
        id: row.id,
        org: row.org,
        case_id: row.case_id,
        starts_at: row.starts_at,
        before: row.before,
        by: promised_by(row.remind_by.as_deref()),
        done_at: row.reminded_at,
        told_off_at: row.off_told_at,
        is_planned: row.is_planned,
        is_called_off: row.is_called_off,
        is_open: row.is_open,
        sensitivity: Sensitivity::parse(&row.sensitivity),
        person_id: row.person_id,
        not_safe_to_involve: row.not_safe_to_involve,
        zone: row.time_zone.parse().unwrap_or(chrono_tz::UTC),
        lang: row.lang.parse().unwrap_or_default(),
    }))
}

/// The message was posted, or given up for this reason.
pub async fn text_done(
    work: &mut Work,
    (meeting, says): (Uuid, Says),
    at: DateTime<Utc>,
    why: Option<&str>,
) -> Result<(), Error> {
    match says {
        Says::Reminder => {
            sqlx::query!("update meetings set reminded_at = $2, remind_why = $3 where id = $1", meeting, at, why)
                .execute(work.db())
                .await?
        }
        Says::CalledOff => {
            sqlx::query!("update meetings set off_told_at = $2, off_why = $3 where id = $1", meeting, at, why)
                .execute(work.db())
                .await?
        }
    };
    Ok(())
}

/// The message waits until then.
pub async fn text_later(work: &mut Work, (meeting, says): (Uuid, Says), at: DateTime<Utc>) -> Result<(), Error> {
    match says {
        Says::Reminder => {
            sqlx::query!("update meetings set remind_at = $2 where id = $1", meeting, at).execute(work.db()).await?
        }
        Says::CalledOff => {
            sqlx::query!("update meetings set off_due_at = $2 where id = $1", meeting, at).execute(work.db()).await?
        }
    };
    Ok(())
}

/// Writes down that whoever keeps the case is told of this message, which did not get through; false where they were told before.
pub async fn told_of_loss(work: &mut Work, meeting: Uuid, message: Uuid) -> Result<bool, Error> {
    let done = sqlx::query!(
        "update meetings set lost_message = $2 where id = $1 and lost_message is distinct from $2",
        meeting,
        message
    );
    Ok(done.execute(work.db()).await?.rows_affected() > 0)
}
