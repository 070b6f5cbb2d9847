//! Every SQL statement of this room. Words are sealed with the case's key before they reach the database.
mod calling_off;
mod own;
mod reminders;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::meeting::{Meeting, Reminder, Words};
use crate::error::{Clash, Error};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, UserId};

pub use calling_off::{Ahead, ahead, asked_to, call_off};
pub use own::{Own, own_visit, own_visits, own_words, save_own};
use reminders::promised_by;
pub use reminders::{Reminded, called_off_due, reminded, reminders_due, save_reminder, text_done, text_later, told_of_loss};

const WORDS: &str = "meetings.words";
/// So many meetings of a case are listed.
const MOST: i64 = 100;
/// So many meetings stand on the page of a case: those that its timeline tells of, and the next that are planned.
const MOST_ON_PAGE: i64 = 33;

/// The meetings of a case, the latest first; or only this one.
pub async fn of_case(work: &mut Work, case: CaseId, only: Option<Uuid>) -> Result<Vec<Meeting>, Error> {
    read(work, case, (only.map(|id| vec![id]), false), MOST).await
}

/// These meetings of a case, the latest first.
pub async fn these(work: &mut Work, case: CaseId, ids: &[Uuid]) -> Result<Vec<Meeting>, Error> {
    read(work, case, (Some(ids.to_vec()), false), MOST).await
}

/// What stands on the page of its case: the next three that are planned, and what is over and told of, the latest first: conferences, what was not safe,
/// and what was put right.
pub async fn on_page(work: &mut Work, case: CaseId) -> Result<Vec<Meeting>, Error> {
    read(work, case, (None, true), MOST_ON_PAGE).await
}

// Only these, where some are named; and only what stands on the page of the case.
type Which = (Option<Vec<Uuid>>, bool);

async fn read(work: &mut Work, case: CaseId, (only, on_page): Which, most: i64) -> Result<Vec<Meeting>, Error> {
    let rows = sqlx::query!(
        r#"select m.id, m.case_id as "case_id: CaseId", m.kind, m.starts_at, m.ends_at, m.holder as "holder: UserId", u.name as holder_name, m.state, m.reason,
             m.set_out_at, m.back_by, m.back_at, m.missed_at, m.corrected_at, m.version, m.words, m.remind_before, m.remind_by, m.remind_at, m.reminded_at, m.remind_why,
             m.off_due_at, m.off_told_at, m.off_why
           from meetings m join users u on u.id = m.holder where m.case_id = $1 and ($2::uuid[] is null or m.id = any ($2))
             and (not $4::boolean or (m.state <> 'planned' and (m.kind = 'conference' or m.reason = 'not_safe' or m.corrected_at is not null))
               or m.id in (select n.id from meetings n where n.case_id = $1 and n.state = 'planned' order by n.starts_at limit 3))
           order by ($4 and m.state = 'planned') desc, m.starts_at desc, m.id limit $3"#,
        case.0,
        only.as_deref(),
        most,
        on_page
    )
    .fetch_all(work.db())
    .await?;
    // The key is asked for only where there are words to open.
    let key = if rows.iter().any(|row| !row.words.is_empty()) { Some(work.case_key(case.0).await?) } else { None };
    let opened = |sealed: &[u8]| match &key {
        Some(key) if !sealed.is_empty() => Ok(serde_json::from_str(&key.open_text(WORDS, sealed)?).map_err(anyhow::Error::from)?),
        _ => Ok::<_, Error>(Words::default()),
    };
    rows.into_iter()
        .map(|row| {
            let by = promised_by(row.remind_by.as_deref());
            Ok(Meeting {
                words: opened(&row.words)?,
                id: row.id,
                case_id: row.case_id,
                kind: row.kind,
                starts_at: row.starts_at,
                ends_at: row.ends_at,
                holder: row.holder,
                holder_name: row.holder_name,
                state: row.state,
                reason: row.reason,
                set_out_at: row.set_out_at,
                back_by: row.back_by,
                back_at: row.back_at,
                missed_at: row.missed_at,
                corrected_at: row.corrected_at,
                version: row.version,
                reminder: row.remind_before.zip(row.remind_at).map(|(before, at)| Reminder {
                    before,
                    by,
                    at,
                    done_at: row.reminded_at,
                    why: row.remind_why,
                }),
                called_off: row.remind_before.zip(row.off_due_at).map(|(before, at)| Reminder {
                    before,
                    by,
                    at,
                    done_at: row.off_told_at,
                    why: row.off_why,
                }),
            })
        })
        .collect()
}

/// One meeting of a case.
pub async fn find(work: &mut Work, case: CaseId, id: Uuid) -> Result<Meeting, Error> {
    of_case(work, case, Some(id)).await?.pop().ok_or(Error::NotFound)
}

/// The visits of this case that were not safe, as long as it is not decided what must change (S22); the most pressing first.
pub async fn not_safe_yet(work: &mut Work, case: CaseId) -> Result<Vec<Uuid>, Error> {
    let visits = sqlx::query_scalar!(r#"select v.id as "id!" from access.visits_not_safe($1) as v (id)"#, case.0);
    Ok(visits.fetch_all(work.db()).await?)
}

/// One meeting of a case as it stands now: nobody changes it, and what hangs on it, until this work ends.
pub async fn held(work: &mut Work, case: CaseId, id: Uuid) -> Result<Meeting, Error> {
    let row = sqlx::query_scalar!("select id from meetings where case_id = $1 and id = $2 for update", case.0, id);
    row.fetch_one(work.db()).await?;
    find(work, case, id).await
}

/// The visits of a case that somebody is out on now.
pub async fn out_on(work: &mut Work, case: CaseId) -> Result<Vec<Uuid>, Error> {
    let out = sqlx::query_scalar!(
        "select id from meetings where case_id = $1 and set_out_at is not null and back_at is null order by back_by, id limit 2",
        case.0
    );
    Ok(out.fetch_all(work.db()).await?)
}

async fn sealed(work: &mut Work, case: CaseId, words: &Words) -> Result<Vec<u8>, Error> {
    let words = serde_json::to_vec(words).map_err(anyhow::Error::from)?;
    Ok(work.case_key(case.0).await?.seal(WORDS, &words))
}

/// Writes a planned meeting.
pub async fn insert(work: &mut Work, meeting: &Meeting) -> Result<(), Error> {
    let words = sealed(work, meeting.case_id, &meeting.words).await?;
    let (me, name, now) = (work.me()?, work.standing.name.clone(), work.now());
    sqlx::query!(
        "insert into meetings (id, case_id, kind, starts_at, ends_at, holder, words, author, author_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        meeting.id,
        meeting.case_id.0,
        meeting.kind,
        meeting.starts_at,
        meeting.ends_at,
        meeting.holder.0,
        words,
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// Saves what may change, over the edition that was read. Whoever says anew by when they are back is looked for anew (S22).
pub async fn save(work: &mut Work, meeting: &Meeting) -> Result<(), Error> {
    let words = sealed(work, meeting.case_id, &meeting.words).await?;
    let saved = sqlx::query!(
        "update meetings set starts_at = $3, ends_at = $4, words = $5, state = $6, reason = $7, set_out_at = $8, back_by = $9, back_at = $10, corrected_at = $11,
           out_by = case when set_out_at is distinct from $8 then $12 else out_by end,
           missed_at = case when back_by is distinct from $9 then null else missed_at end, version = version + 1
         where id = $1 and version = $2",
        meeting.id,
        meeting.version,
        meeting.starts_at,
        meeting.ends_at,
        words,
        meeting.state,
        meeting.reason,
        meeting.set_out_at,
        meeting.back_by,
        meeting.back_at,
        meeting.corrected_at,
        meeting.words.out_by.map(|id| id.0)
    )
    .execute(work.db())
    .await?;
    if saved.rows_affected() == 0 { Err(Error::Conflict(Clash::Stale)) } else { Ok(()) }
}

/// One change of time.
#[derive(Debug)]
pub struct Moved {
    /// Of which meeting.
    pub meeting_id: Uuid,
    /// From when.
    pub from_at: DateTime<Utc>,
    /// To when.
    pub to_at: DateTime<Utc>,
    /// Who asked.
    pub asked_by: String,
    /// Why; one of the reasons.
    pub reason: String,
    /// Who wrote it down.
    pub author_name: String,
}

/// Keeps a change of time.
pub async fn insert_move(
    work: &mut Work,
    meeting: &Meeting,
    to: DateTime<Utc>,
    asked_by: &str,
    reason: &str,
) -> Result<(), Error> {
    let (me, name, now) = (work.me()?, work.standing.name.clone(), work.now());
    sqlx::query!(
        "insert into meeting_moves (id, meeting_id, case_id, from_at, to_at, asked_by, reason, author, author_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        Uuid::now_v7(),
        meeting.id,
        meeting.case_id.0,
        meeting.starts_at,
        to,
        asked_by,
        reason,
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// Every change of time of a case's meetings, the latest first.
pub async fn moves(work: &mut Work, case: CaseId) -> Result<Vec<Moved>, Error> {
    let moves = sqlx::query_as!(
        Moved,
        "select meeting_id, from_at, to_at, asked_by, reason, author_name from meeting_moves where case_id = $1 order by recorded_at desc limit 200",
        case.0
    );
    Ok(moves.fetch_all(work.db()).await?)
}

/// Something in a calendar: a meeting, an appointment that a receiver made for a referral, or a session of supervision.
#[derive(Debug)]
pub struct Entry {
    /// The kind of meeting, `appointment`, `session`, or `visit` for one that the reader is out on and whose case they do not see.
    pub kind: String,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when; unknown of an appointment.
    pub ends_at: Option<DateTime<Utc>>,
    /// What became of it.
    pub state: String,
    /// The case, where it is seen.
    pub case_id: Option<Uuid>,
    /// The referral.
    pub referral_id: Option<Uuid>,
    /// The code of either.
    pub code: String,
    /// The person's name where it may stand on a list (S13); of a session who else takes part.
    pub name: Option<String>,
    /// Which meeting it is.
    pub meeting: Option<Uuid>,
    /// Its edition.
    pub version: Option<i32>,
    /// Of a session: it is held by whose calendar this is.
    pub leads: bool,
}

/// What stands in somebody's calendar, by what is asked of it.
macro_rules! in_calendar {
    ($form:ident, $head:literal, $tail:literal, $($bound:expr),+) => {
        sqlx::query_as!(
            $form,
            $head
                + r#" (select m.kind, m.starts_at, m.ends_at, m.state, m.case_id, null::uuid as referral_id, c.code,
                 case when t.sensitivity = 'standard' then p.name end as name, m.id as meeting, m.version, false as leads
               from meetings m join cases c on c.id = m.case_id join case_types t on t.id = c.case_type left join persons p on p.id = c.person_id
               where m.holder = $1 and m.starts_at >= $2 and m.starts_at < $3
               union all
               select 'appointment', a.at, null, a.state, null, r.id, r.code, null, null, null, false
               from appointments a join referrals r on r.id = a.referral_id
               where a.at >= $2 and a.at < $3 and a.state in ('scheduled', 'came', 'no_show') and (a.to_assignee = $1 or a.from_manager = $1)
               union all
               select 'session', s.starts_at, s.ends_at, s.state, null, null, '',
                 (select string_agg(u.name, ', ' order by u.name) from users u where u.id = any (s.workers || s.supervisor) and u.id <> $1), null, null, s.supervisor = $1
               from supervision_plans s where s.starts_at >= $2 and s.starts_at < $3 and s.state <> 'called_off' and (s.supervisor = $1 or s.workers @> array[$1::uuid])
               union all
               select 'visit', v.starts_at, v.ends_at, v.state, null, null, '', null, v.id, null, false
               from access.my_visits(null) v
               where $1 = (select access.me()) and v.starts_at >= $2 and v.starts_at < $3 and not exists (select from meetings k where k.id = v.id)) e "#
                + $tail,
            $($bound),+
        )
    };
}

/// What stands in this user's calendar between two moments, in order. Only what the reader sees; of a visit that they are out on and whose case they see no
/// more, when it is and nothing else (S22).
pub async fn entries(work: &mut Work, of: UserId, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Entry>, Error> {
    let entries = in_calendar!(
        Entry,
        r#"select e.kind as "kind!", e.starts_at as "starts_at!", e.ends_at, e.state as "state!", e.case_id, e.referral_id, e.code as "code!", e.name as "name?",
             e.meeting as "meeting?", e.version as "version?", e.leads as "leads!" from"#,
        "order by e.starts_at, e.code limit 500",
        of.0,
        from,
        to
    );
    Ok(entries.fetch_all(work.db()).await?)
}

/// How much stands in a calendar on one day.
#[derive(Debug)]
pub struct Busy {
    /// The day, where the reader is.
    pub day: NaiveDate,
    /// How many meetings, appointments, sessions and visits.
    pub entries: i64,
}

/// How much stands in this user's calendar on each day between two moments that is not free of it, counted as [`entries`] shows it.
pub async fn busy(work: &mut Work, of: UserId, from: DateTime<Utc>, to: DateTime<Utc>, zone: Tz) -> Result<Vec<Busy>, Error> {
    let busy = in_calendar!(
        Busy,
        r#"select (e.starts_at at time zone $4)::date as "day!", count(*) as "entries!" from"#,
        "group by 1",
        of.0,
        from,
        to,
        zone.name()
    );
    Ok(busy.fetch_all(work.db()).await?)
}

/// Whether something else that is planned, as far as the reader sees it, stands in the same calendar at the same time.
pub async fn meets_others(work: &mut Work, meeting: &Meeting) -> Result<bool, Error> {
    let meets = sqlx::query_scalar!(
        r#"select exists (select from meetings where holder = $1 and id <> $2 and state = 'planned' and starts_at < $4 and ends_at > $3) as "meets!""#,
        meeting.holder.0,
        meeting.id,
        meeting.starts_at,
        meeting.ends_at
    );
    Ok(meets.fetch_one(work.db()).await?)
}

/// Whether a colleague of the reader's organisation has this id, and how they are called.
pub async fn colleague(work: &mut Work, id: UserId) -> Result<Option<String>, Error> {
    let org = work.standing.org;
    Ok(sqlx::query_scalar!("select name from users where id = $1 and org = $2 and active and not is_program", id.0, org)
        .fetch_optional(work.db())
        .await?)
}

/// A visit from which nobody came back in time.
#[derive(Debug)]
pub struct Missed {
    /// The meeting.
    pub id: Uuid,
    /// Its case.
    pub case_id: CaseId,
    /// Who answers for the worker.
    pub supervisor: Option<UserId>,
    /// By when they were to be back.
    pub back_by: DateTime<Utc>,
    /// How whoever is out is called.
    pub who: String,
}

/// Whoever looks for the worker who is not back from this visit, where somebody does.
pub async fn who_looks(work: &mut Work, meeting: &Meeting) -> Result<Option<UserId>, Error> {
    let looks = sqlx::query_scalar!(
        r#"select assignee as "assignee!: UserId" from tasks
           where case_id = $1 and kind = 'visit_overdue' and once = 'visit_overdue:' || $2::uuid and done_at is null and assignee is not null"#,
        meeting.case_id.0,
        meeting.id
    );
    Ok(looks.fetch_optional(work.db()).await?)
}

/// Visits of the organisation this work is for whose time has passed: marked as told, and returned, each once.
pub async fn missed(work: &mut Work) -> Result<Vec<Missed>, Error> {
    let now = work.now();
    let missed = sqlx::query_as!(
        Missed,
        r#"update meetings m set missed_at = $1
           where m.id in (select id from meetings where set_out_at is not null and back_at is null and missed_at is null and back_by < $1
                          order by back_by limit 200 for update skip locked)
           returning m.id, m.case_id as "case_id: CaseId", coalesce(m.supervisor, (select w.id from memberships s join roles r on r.id = s.role join users w on w.id = s.user_id
               where s.unit = m.unit and s.ended_at is null and w.active and not w.is_program and r.supervises and m.case_type = any (r.cleared)
               and access.fit_for(w.id, m.case_id, m.case_type) order by w.name limit 1)) as "supervisor: UserId",
             m.back_by as "back_by!",
             coalesce((select nullif(k.title, '') from tasks k where k.case_id = m.case_id and k.once = 'visit_out:' || m.id and k.done_at is null),
               (select w.name from users w where w.id = m.holder), '') as "who!""#,
        now
    );
    Ok(missed.fetch_all(work.db()).await?)
}
