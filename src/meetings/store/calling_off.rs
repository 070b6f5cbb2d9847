//! What is planned on a case and lies ahead: it is called off when the case is closed.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::error::Error;
use crate::meetings::meeting::{CASE_CLOSED, Hears};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, OrgId, UserId};

/// A meeting that lies ahead, with who hears of it where it is called off.
#[derive(Debug)]
pub struct Ahead {
    /// The meeting.
    pub id: Uuid,
    /// Its kind.
    pub kind: String,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// The person was to be reminded by a message, and is told by one, where their telephone or address is still safe then.
    pub texted: bool,
    /// Organisations that are asked to it, where somebody is told by a notification.
    pub told: Vec<String>,
    /// Those where nobody can be told so, or where nobody may: the case is restricted, or what they were asked on does not stand any more.
    pub untold: Vec<String>,
    /// How many there are, of which those that come first are listed.
    pub all: i64,
}

/// What would be called off if the case were closed now, in order.
pub async fn ahead(work: &mut Work, case: CaseId) -> Result<Vec<Ahead>, Error> {
    let (now, lang) = (work.now(), work.lang().code());
    let meetings = sqlx::query_as!(
        Ahead,
        r#"select m.id, m.kind, m.starts_at, m.remind_before is not null and m.remind_why is null and t.sensitivity <> 'restricted' as "texted!",
             coalesce(x.told, '{}') as "told!: Vec<String>", coalesce(x.untold, '{}') as "untold!: Vec<String>",
             count(*) over () as "all!"
           from meetings m join case_types t on t.id = m.case_type cross join lateral (
             select array_agg(y.name order by y.name) filter (where y.reads) as told, array_agg(y.name order by y.name) filter (where not y.reads) as untold
             from (select access.named(o.names, o.name, $3) as name, cardinality(access.called_off_readers(p.id)) > 0 as reads
               from conference_parties p join organisations o on o.id = p.to_org where p.meeting_id = m.id and p.removed_at is null) y) x
           where m.case_id = $1 and m.state = 'planned' and m.set_out_at is null and m.starts_at > $2 order by m.starts_at, m.id limit 200"#,
        case.0,
        now,
        lang
    );
    Ok(meetings.fetch_all(work.db()).await?)
}

/// Calls off what is planned on a case and lies ahead, and promises word of it to whoever was to be reminded; answers with each meeting and in whose
/// calendar it stood.
pub async fn call_off(work: &mut Work, case: CaseId, hears: Hears) -> Result<Vec<(Uuid, UserId)>, Error> {
    let now = work.now();
    let rows = sqlx::query!(
        r#"update meetings set state = 'not_held', reason = $3, version = version + 1,
             off_due_at = case when $4 and remind_before is not null and remind_why is null then $2 end
           where case_id = $1 and state = 'planned' and set_out_at is null and starts_at > $2 returning id, holder as "holder: UserId""#,
        case.0,
        now,
        CASE_CLOSED,
        hears == Hears::Person
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.holder)).collect())
}

/// The organisations that are asked to a conference, each by its part in it.
pub async fn asked_to(work: &mut Work, meeting: Uuid) -> Result<Vec<(Uuid, OrgId)>, Error> {
    let parties = sqlx::query!(
        "select id, to_org from conference_parties where meeting_id = $1 and removed_at is null order by id",
        meeting
    );
    Ok(parties.fetch_all(work.db()).await?.into_iter().map(|row| (row.id, row.to_org)).collect())
}
