//! Every SQL statement of this room.
pub mod digest;
pub mod rights;
mod walk;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::wanted::Wanted;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{NotificationId, UnitId};

/// What a notification is about, as the organisation of this job sees it.
#[derive(Debug)]
pub struct Subject {
    /// The case, where the referral is not the subject.
    pub case_id: Option<Uuid>,
    /// The referral.
    pub referral_id: Option<Uuid>,
    /// Its type; 0 without a case.
    pub case_type: i16,
    /// The type is restricted.
    pub restricted: bool,
    /// This organisation sends, or owns the case.
    pub is_from: bool,
    /// This organisation receives.
    pub is_to: bool,
    /// The owning unit.
    pub from_unit: UnitId,
    /// The case manager.
    pub manager: Option<Uuid>,
    /// The named supervisor.
    pub supervisor: Option<Uuid>,
    /// Who wrote the referral.
    pub author: Option<Uuid>,
    /// The receiving unit.
    pub to_unit: Option<UnitId>,
    /// Who holds it there.
    pub assignee: Option<Uuid>,
}

/// The subject, if this organisation still has a part in it.
pub async fn subject(work: &mut Work, case: Option<Uuid>, referral: Option<Uuid>) -> Result<Option<Subject>, Error> {
    let org = work.org().unwrap_or_default();
    // A receiver sees the referral and never its case: the referral is the subject wherever there is one.
    if let Some(referral) = referral {
        let found = sqlx::query_as!(
            Subject,
            "select null::uuid as case_id, r.id as \"referral_id?\", r.case_type, coalesce(t.sensitivity = 'restricted', false) as \"restricted!\",
               r.from_org = $2 as \"is_from!\", (r.sent and r.to_org is not distinct from $2) as \"is_to!\", r.from_unit, r.from_manager as manager,
               r.from_supervisor as supervisor, r.author as \"author?\", r.to_unit, r.to_assignee as assignee
             from referrals r left join case_types t on t.id = r.case_type where r.id = $1",
            referral,
            org
        );
        return Ok(found.fetch_optional(work.db()).await?);
    }
    let found = sqlx::query_as!(
        Subject,
        "select c.id as \"case_id?\", null::uuid as referral_id, c.case_type, t.sensitivity = 'restricted' as \"restricted!\", true as \"is_from!\", false as \"is_to!\",
           c.unit as from_unit, c.case_manager as manager, c.supervisor, null::uuid as author, null::int as to_unit, null::uuid as assignee
         from cases c join case_types t on t.id = c.case_type where c.id = $1",
        case
    );
    Ok(found.fetch_optional(work.db()).await?)
}

impl Subject {
    /// What a notification points at.
    pub fn matter(&self) -> Matter {
        match (self.referral_id, self.case_id) {
            (Some(referral), _) => Matter::Referral(referral),
            (None, case) => Matter::Case(case.unwrap_or_default()),
        }
    }
}

/// What a notification points at; its reader must see it, or does not see the notification.
#[derive(Debug, Clone, Copy)]
pub enum Matter {
    /// A case.
    Case(Uuid),
    /// A referral; a receiver sees it and never its case.
    Referral(Uuid),
    /// A task, also one whose case its holder does not see.
    Task(Uuid),
    /// A transfer; its former holder no longer sees the case.
    Transfer(Uuid),
    /// Minutes of a conference, shared with the reader's organisation.
    Minutes(Uuid),
    /// A conference that the reader's organisation was asked to and that is called off, by its part in it.
    CalledOff(Uuid),
    /// The rights of people, and nothing that they are needed for.
    Rights,
    /// Nothing but the page that its kind leads to.
    Page,
}

/// An open task, as far as it decides who hears of it.
#[derive(Debug)]
pub struct TaskAt {
    /// What kind of work it is.
    pub kind: String,
    /// It belongs to a referral.
    pub of_referral: bool,
    /// Whose it is.
    pub assignee: Option<Uuid>,
    /// The named supervisor of its case.
    pub supervisor: Option<Uuid>,
    /// The unit that must act.
    pub unit: UnitId,
    /// The type of its case; 0 without one.
    pub case_type: i16,
    /// That type is restricted.
    pub restricted: bool,
    /// Its case stands at the highest level of risk.
    pub high: bool,
}

/// The task, if it is this organisation's and still open.
pub async fn task(work: &mut Work, id: Uuid) -> Result<Option<TaskAt>, Error> {
    let found = sqlx::query_as!(
        TaskAt,
        r#"select t.kind, t.referral_id is not null as "of_referral!", t.assignee, t.supervisor, t.unit, t.case_type,
             coalesce(ct.sensitivity = 'restricted', false) as "restricted!", coalesce(c.risk = 'high', false) as "high!"
           from tasks t left join case_types ct on ct.id = t.case_type left join cases c on c.id = t.case_id where t.id = $1 and t.done_at is null"#,
        id
    );
    Ok(found.fetch_optional(work.db()).await?)
}

/// Who holds this act in the unit, cleared for the type; where nobody there does, whoever reaches it from the nearest unit above.
pub async fn holders(work: &mut Work, unit: UnitId, case_type: i16, act: &str) -> Result<Vec<Uuid>, Error> {
    let users = sqlx::query_scalar!(
        r#"select distinct user_id as "user_id!" from (
           select m.user_id, cardinality(h.path) as depth, max(cardinality(h.path)) over () as nearest
           from units u join memberships m on m.unit = any (u.path) join units h on h.id = m.unit join roles r on r.id = m.role
           where u.id = $1 and m.ended_at is null and $3 = any (r.acts) and ($2 = 0::smallint or $2 = any (r.cleared))
             and (m.unit = u.id or r.reach = 'subtree')) found
         where depth = nearest"#,
        unit,
        case_type,
        act
    );
    Ok(users.fetch_all(work.db()).await?)
}

/// Who of this organisation hears of a transfer: whoever asked for it, or those who decide.
pub async fn of_transfer(work: &mut Work, id: Uuid, deciders: bool) -> Result<Vec<Uuid>, Error> {
    let org = work.org();
    let users = sqlx::query_scalar!(
        r#"select t.requested_by as "id!" from transfers t where t.id = $1 and not $2 and t.from_org = $3
           union select m.user_id from transfers t join units u on u.id = t.to_unit join memberships m on m.ended_at is null join roles r on r.id = m.role
           where t.id = $1 and $2 and t.to_org = $3 and 'transfer.decide' = any (r.acts)
             and case when t.case_type = 0 then m.unit = u.id or (r.reach = 'subtree' and m.unit = any (u.path))
               else exists (select from focal_points f where f.unit = u.id and f.user_id = m.user_id) end"#,
        id,
        deciders,
        org
    );
    Ok(users.fetch_all(work.db()).await?)
}

/// Who answers for restricted types in the unit.
pub async fn focal_points(work: &mut Work, unit: UnitId) -> Result<Vec<Uuid>, Error> {
    Ok(sqlx::query_scalar!("select user_id from focal_points where unit = $1 and on_duty", unit).fetch_all(work.db()).await?)
}

/// Who reviews break-glass in this organisation.
pub async fn protection_officers(work: &mut Work) -> Result<Vec<Uuid>, Error> {
    let org = work.org();
    let users = sqlx::query_scalar!(
        "select distinct m.user_id from memberships m join roles r on r.id = m.role
         where m.org = $1 and m.ended_at is null and 'break_glass.review' = any (r.acts)",
        org
    );
    Ok(users.fetch_all(work.db()).await?)
}

/// Tells these users once each, unless they are gone or keep this kind quiet.
pub async fn insert(work: &mut Work, users: &[Uuid], kind: &str, matter: Matter, fact: Uuid) -> Result<(), Error> {
    let (org, now) = (work.org(), work.now());
    let [mut case, mut referral, mut task, mut transfer, mut packet, mut party] = [None; 6];
    match matter {
        Matter::Case(id) => case = Some(id),
        Matter::Referral(id) => referral = Some(id),
        Matter::Task(id) => task = Some(id),
        Matter::Transfer(id) => transfer = Some(id),
        Matter::Minutes(id) => packet = Some(id),
        Matter::CalledOff(id) => party = Some(id),
        Matter::Rights | Matter::Page => {}
    }
    sqlx::query!(
        "insert into notifications (id, user_id, org, kind, case_id, referral_id, task_id, transfer_id, packet_id, party_id, recorded_at, once)
         select gen_random_uuid(), u.id, u.org, $2, $3, $4, $8, $9, $10, $11, $5, $6::uuid || ':' || u.id from users u
         where u.id = any ($1) and u.org = $7 and u.active and not ($2 = any (u.quiet)) on conflict do nothing",
        users,
        kind,
        case,
        referral,
        now,
        fact,
        org,
        task,
        transfer,
        packet,
        party
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// A notification as its reader sees it.
#[derive(Debug)]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// Its kind.
    pub kind: String,
    /// The case.
    pub case_id: Option<Uuid>,
    /// The referral.
    pub referral_id: Option<Uuid>,
    /// The transfer, where it is about one.
    pub transfer_id: Option<Uuid>,
    /// The minutes of a conference, where it is about some.
    pub packet_id: Option<Uuid>,
    /// When a conference would have been that is called off, where it is about one.
    pub called_off_at: Option<DateTime<Utc>>,
    /// The codes of the reader's cases that went with it.
    pub away_cases: Option<String>,
    /// Where they went: the unit, or the other organisation.
    pub away_to: Option<String>,
    /// The cover, where it is about one.
    pub cover_id: Option<Uuid>,
    /// How many cases went with it.
    pub cover_cases: Option<i32>,
    /// How many incoming referrals.
    pub cover_referrals: Option<i32>,
    /// Its last day.
    pub cover_until: Option<chrono::NaiveDate>,
    /// The kind of the task, where it is about one.
    pub task: Option<String>,
    /// That task in its worker's own words; without names.
    pub task_title: Option<String>,
    /// The code of either; never a name (S13).
    pub code: Option<String>,
    /// The pack of its case or referral.
    pub programme: Option<String>,
    /// The number of its case type.
    pub case_type: Option<i16>,
    /// When what it is about is due.
    pub due_at: Option<DateTime<Utc>>,
    /// When it was told.
    pub recorded_at: DateTime<Utc>,
    /// When it was read.
    pub read_at: Option<DateTime<Utc>>,
    /// When it was dealt with.
    pub done_at: Option<DateTime<Utc>>,
}

/// The reader's own, in the order that is wanted.
pub async fn list(work: &mut Work, wanted: &Wanted, most: i64) -> Result<Vec<Notification>, Error> {
    let ids = walk::ids(work, wanted, most).await?;
    let mut rows = rows(work, &ids).await?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id.0));
    Ok(rows)
}

// All that is shown of these, in no order.
async fn rows(work: &mut Work, ids: &[Uuid]) -> Result<Vec<Notification>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query_as!(
        Notification,
        r#"select id as "id!: NotificationId", kind as "kind!", case_id, referral_id, transfer_id, packet_id, called_off_at, cover_id, cover_cases, cover_referrals, cover_until, task, task_title, code, programme, case_type, due_at,
             recorded_at as "recorded_at!", read_at, done_at,
             case when kind = 'case_transferred_away' then (
               select array_to_string((array_agg(r.case_code order by r.case_code))[1:5], ', ') || case when count(*) > 5 then ', …' else '' end
               from transfer_receipts r where r.transfer_id = n.transfer_id and r.manager = access.me()) end as away_cases,
             case when kind = 'case_transferred_away' then (
               select case when t.from_org = t.to_org then u.name else access.named(o.names, o.name, $2) end
               from transfers t join units u on u.id = t.to_unit join organisations o on o.id = t.to_org where t.id = n.transfer_id) end as away_to
           from my_notifications n where id = any ($1)"#,
        ids,
        lang
    );
    Ok(rows.fetch_all(work.db()).await?)
}

/// One of the reader's own.
pub async fn find(work: &mut Work, id: NotificationId) -> Result<Notification, Error> {
    rows(work, &[id.0]).await?.pop().ok_or(Error::NotFound)
}

/// Marks one as read, and answers with it.
pub async fn read(work: &mut Work, id: NotificationId) -> Result<Notification, Error> {
    let now = work.now();
    sqlx::query!("update notifications set read_at = coalesce(read_at, $2) where id = $1", id.0, now).execute(work.db()).await?;
    find(work, id).await
}

/// Marks a matter as done: this one, and what was told of it before; held in the order of their ids, as a date that changes holds them.
pub async fn set_done(work: &mut Work, id: NotificationId) -> Result<(), Error> {
    let now = work.now();
    let done = sqlx::query!(
        "with held as materialized (select n.id from notifications m join notifications n on n.user_id = m.user_id
           where m.id = $1 and n.done_at is null and (n.id = m.id or n.task_id = m.task_id
             or (n.referral_id = m.referral_id and n.kind like 'referral.%' and m.kind like 'referral.%'))
           order by n.id for no key update of n)
         update notifications n set done_at = $2, read_at = coalesce(n.read_at, $2) from held where n.id = held.id",
        id.0,
        now
    )
    .execute(work.db())
    .await?;
    if done.rows_affected() == 0 { find(work, id).await.map(drop) } else { Ok(()) }
}

/// Takes the mark back.
pub async fn set_open(work: &mut Work, id: NotificationId) -> Result<(), Error> {
    let done =
        sqlx::query!("update notifications set done_at = null where id = $1 and done_at is not null", id.0).execute(work.db());
    if done.await?.rows_affected() == 0 { find(work, id).await.map(drop) } else { Ok(()) }
}

/// Marks everything as read, but what is changed at this very moment: it stays unread, as whoever waits for nobody is in nobody's way. Many tasks that
/// change together hold what was told of them in the order of the tasks.
pub async fn read_all(work: &mut Work) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!(
        "with held as materialized (select id from notifications where read_at is null for no key update skip locked)
         update notifications n set read_at = $1 from held where n.id = held.id",
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// The kinds that the reader keeps quiet.
pub async fn quiet(work: &mut Work) -> Result<Vec<String>, Error> {
    Ok(sqlx::query_scalar!("select quiet from users where id = access.me()").fetch_one(work.db()).await?)
}

/// Keeps these kinds quiet from now on.
pub async fn set_quiet(work: &mut Work, kinds: &[String]) -> Result<(), Error> {
    sqlx::query!("update users set quiet = $1 where id = access.me()", kinds).execute(work.db()).await?;
    Ok(())
}
