//! All SQL of tasks, and the calendar of a unit.
use chrono::{DateTime, Utc, Weekday};

use super::approvals::KINDS;
use super::calendar::Calendar;
use super::task::{A_SUPERVISORS, NewTask, Task};
use crate::access::Act;
use crate::error::{Clash, Error};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RecordId, ReferralId, RowId, TaskId, UnitId, UserId};

/// The task of this id that the actor may see.
pub async fn find(work: &mut Work, id: TaskId) -> Result<Task, Error> {
    let lang = work.lang().code();
    let task = sqlx::query_as!(
        Task,
        r#"select t.id as "id: TaskId", t.kind, t.case_id as "case_id: CaseId", c.code as "case_code?", c.person_id as "person_id?",
           ct.sensitivity as "sensitivity?", t.referral_id as "referral_id: ReferralId", r.code as "referral_code?",
           r.need as "need?", coalesce(access.named(o.names, o.name, $2), r.to_name) as "other_side?",
           nullif(case when ct.sensitivity <> 'restricted' then access.named(s.names, r.service_name, $2) end, '') as "service?", t.unit, t.assignee as "assignee: UserId", t.title,
           t.due_at, t.overdue_at, t.done_at, t.version, a.name as "assignee_name?", t.handed_by as "handed_by: UserId", h.name as "handed_by_name?", t.handed_reason,
           t.handed_back, t.series_id as "series: RowId",
           case when t.kind = 'record_next' then nullif(split_part(t.once, ':', 4), '')::uuid end as "record?: RecordId",
           case when t.kind = 'arrival' then (select f.title from arrivals v join forms f on f.id = v.form_id
             where v.id = nullif(split_part(t.once, ':', 2), '')::uuid) end as "form_title?"
         from tasks t left join users a on a.id = t.assignee left join users h on h.id = t.handed_by left join cases c on c.id = t.case_id left join case_types ct on ct.id = t.case_type
           left join referrals r on r.id = t.referral_id left join services s on s.id = r.service_id
           left join organisations o on o.id = case t.side when 'to' then r.from_org else r.to_org end
         where t.id = $1"#,
        id.0,
        lang
    )
    .fetch_one(work.db())
    .await?;
    Ok(task)
}

/// Whether this colleague can hold the task: of the unit's organisation, active, cleared for its type, not barred from its case and able to open it; for a
/// restricted type its manager, its supervisor or the unit's focal point (S9, S10). What waits for a second person is not for whoever proposed it.
pub async fn may_hold(work: &mut Work, task: &Task, user: UserId) -> Result<bool, Error> {
    let may = sqlx::query_scalar!(
        r#"select access.fit_for($1, t.case_id, t.case_type)
             and exists (select from users u join units n on n.id = t.unit where u.id = $1 and u.org = n.org)
             and (not exists (select from case_types k where k.id = t.case_type and k.sensitivity = 'restricted')
               or exists (select from cases c where c.id = t.case_id and $1 in (c.case_manager, c.supervisor))
               or exists (select from focal_points f where f.unit = t.unit and f.user_id = $1))
             and (t.case_id is null or t.side <> 'from' or access.would_see($1, t.case_id)
               or exists (select from case_types k where k.id = t.case_type and k.sensitivity = 'restricted'))
             and not exists (select from person_corrections k where k.author = $1 and t.kind = 'check_correction' and t.once = 'check_correction:' || k.id)
             and not exists (select from person_joins j where j.proposed_by = $1 and t.kind = 'check_join' and t.once = 'check_join:' || j.id) as "may!"
           from tasks t where t.id = $2"#,
        user.0,
        task.id.0
    )
    .fetch_one(work.db())
    .await?;
    Ok(may)
}

/// Whether this task is anybody's, or else this user supervises such cases there and does not keep this one (S23).
pub async fn may_review(work: &mut Work, task: &Task, user: UserId) -> Result<bool, Error> {
    if !task.is_a_supervisors() {
        return Ok(true);
    }
    let may = sqlx::query_scalar!(
        r#"select exists (select from units n join memberships m on m.unit = any (n.path) join roles r on r.id = m.role
               where n.id = t.unit and m.user_id = $1 and m.ended_at is null and r.supervises and t.case_type = any (r.cleared)
                 and (m.unit = n.id or r.reach = 'subtree'))
             and not exists (select from cases c where c.id = t.case_id and c.case_manager = $1) as "may!"
           from tasks t where t.id = $2"#,
        user.0,
        task.id.0
    )
    .fetch_one(work.db())
    .await?;
    Ok(may)
}

/// Open tasks given to this user, the most pressing first: nothing comes before a colleague who is not back, what must change after a visit that was not
/// safe, and that one is out oneself, however much is late (S22), and then what is late for the safety of somebody at high risk (S21, S23), which is read
/// apart, so that nothing older crowds it out; and those that they handed to somebody, of each at most so many. What stands beside a task is looked up for
/// those that are shown alone.
pub async fn mine_and_handed_on(
    work: &mut Work,
    user: UserId,
    (most_mine, most_handed): (i64, i64),
) -> Result<(Vec<Task>, Vec<Task>), Error> {
    let (lang, now) = (work.lang().code(), work.now());
    let tasks = sqlx::query_as!(
        Task,
        r#"select t.id as "id!: TaskId", t.kind as "kind!", t.case_id as "case_id?: CaseId", c.code as "case_code?", c.person_id as "person_id?",
           ct.sensitivity as "sensitivity?", t.referral_id as "referral_id?: ReferralId", r.code as "referral_code?",
           r.need as "need?", coalesce(access.named(o.names, o.name, $3), r.to_name) as "other_side?",
           nullif(case when ct.sensitivity <> 'restricted' then access.named(s.names, r.service_name, $3) end, '') as "service?", t.unit as "unit!", t.assignee as "assignee?: UserId", t.title as "title!",
           t.due_at as "due_at!", t.overdue_at as "overdue_at?", t.done_at as "done_at?", t.version as "version!", a.name as "assignee_name?",
           t.handed_by as "handed_by?: UserId", h.name as "handed_by_name?", t.handed_reason as "handed_reason!", t.handed_back as "handed_back!", t.series_id as "series?: RowId",
           case when t.kind = 'record_next' then nullif(split_part(t.once, ':', 4), '')::uuid end as "record?: RecordId",
           case when t.kind = 'arrival' then (select f.title from arrivals v join forms f on f.id = v.form_id
             where v.id = nullif(split_part(t.once, ':', 2), '')::uuid) end as "form_title?"
         from (
           (select * from tasks where assignee = $1 and pressing and done_at is null and due_at < $5 and coalesce(overdue_at, due_at) < $5 order by due_at, id limit $2)
           union all
           (select * from tasks where assignee = $1 and done_at is null and not (pressing and coalesce(overdue_at, due_at) < $5)
             order by kind not in ('visit_overdue', 'visit_not_safe', 'visit_out'), due_at, id limit $2)
           union all
           (select * from tasks where handed_by = $1 and not handed_back and assignee is distinct from $1 and done_at is null order by due_at, id limit $4)) t
           left join users a on a.id = t.assignee left join users h on h.id = t.handed_by left join cases c on c.id = t.case_id left join case_types ct on ct.id = t.case_type
           left join referrals r on r.id = t.referral_id left join services s on s.id = r.service_id
           left join organisations o on o.id = case t.side when 'to' then r.from_org else r.to_org end
         order by t.kind not in ('visit_overdue', 'visit_not_safe', 'visit_out'), not (t.pressing and coalesce(t.overdue_at, t.due_at) < $5), t.due_at, t.id"#,
        user.0,
        most_mine,
        lang,
        most_handed,
        now
    )
    .fetch_all(work.db())
    .await?;
    let (mut mine, handed): (Vec<_>, Vec<_>) = tasks.into_iter().partition(|task| task.assignee == Some(user));
    mine.truncate(usize::try_from(most_mine).unwrap_or_default());
    Ok((mine, handed))
}

/// Open tasks of these units that nobody has taken yet, in the same order. A review is for those who may review there, from
/// whichever unit above they reach it, and never for whoever wrote what is reviewed; what waits for a second
/// person is not for whoever proposed it. What a supervisor decides is offered to nobody else.
pub async fn of_inbox(work: &mut Work, units: &[UnitId], most: i64) -> Result<Vec<Task>, Error> {
    let lang = work.lang().code();
    let approvals = KINDS.iter().filter(|_| !work.holds(Act::CaseApprove));
    let reviews = A_SUPERVISORS.iter().filter(|_| !work.holds(Act::CaseAssign));
    let others: Vec<String> = approvals.chain(reviews).map(|&kind| kind.to_owned()).collect();
    let tasks = sqlx::query_as!(
        Task,
        r#"select t.id as "id: TaskId", t.kind, t.case_id as "case_id: CaseId", c.code as "case_code?", c.person_id as "person_id?",
           ct.sensitivity as "sensitivity?", t.referral_id as "referral_id: ReferralId", r.code as "referral_code?",
           r.need as "need?", coalesce(access.named(o.names, o.name, $3), r.to_name) as "other_side?",
           nullif(case when ct.sensitivity <> 'restricted' then access.named(s.names, r.service_name, $3) end, '') as "service?", t.unit, t.assignee as "assignee: UserId", t.title,
           t.due_at, t.overdue_at, t.done_at, t.version, a.name as "assignee_name?", t.handed_by as "handed_by: UserId", h.name as "handed_by_name?", t.handed_reason,
           t.handed_back, t.series_id as "series: RowId",
           case when t.kind = 'record_next' then nullif(split_part(t.once, ':', 4), '')::uuid end as "record?: RecordId",
           case when t.kind = 'arrival' then (select f.title from arrivals v join forms f on f.id = v.form_id
             where v.id = nullif(split_part(t.once, ':', 2), '')::uuid) end as "form_title?"
         from (select * from tasks k
             where k.unit = any ($1 || (select access.my_review_units(200))::int[]) and k.assignee is null and k.done_at is null
               and case when k.kind in ('referral_review', 'referral_review_emergency')
                 then k.unit = any ((select access.my_review_units(200))::int[])
                   and not exists (select from referrals w where w.id = k.referral_id and w.author = (select access.me()))
                 else k.unit = any ($1) end
               and k.kind <> all ($4)
               and case k.kind
                 when 'check_correction' then not exists (select from person_corrections w where w.id = split_part(k.once, ':', 2)::uuid and w.author = (select access.me()))
                 when 'check_join' then not exists (select from person_joins w where w.id = split_part(k.once, ':', 2)::uuid and w.proposed_by = (select access.me()))
                 else true end
             order by k.kind not in ('visit_overdue', 'visit_not_safe'), k.due_at, k.id limit $2) t
           left join users a on a.id = t.assignee left join users h on h.id = t.handed_by left join cases c on c.id = t.case_id left join case_types ct on ct.id = t.case_type
           left join referrals r on r.id = t.referral_id left join services s on s.id = r.service_id
           left join organisations o on o.id = case t.side when 'to' then r.from_org else r.to_org end
         order by t.kind not in ('visit_overdue', 'visit_not_safe'), t.due_at, t.id"#,
        units,
        most,
        lang,
        &others
    )
    .fetch_all(work.db())
    .await?;
    Ok(tasks)
}

/// Open tasks of a case, the most pressing first: no other crowds out that somebody is on a visit, not back from one, or was not safe there (S22).
pub async fn of_case(work: &mut Work, case: CaseId) -> Result<Vec<Task>, Error> {
    let lang = work.lang().code();
    let tasks = sqlx::query_as!(
        Task,
        r#"select t.id as "id: TaskId", t.kind, t.case_id as "case_id: CaseId", c.code as "case_code?", c.person_id as "person_id?",
           ct.sensitivity as "sensitivity?", t.referral_id as "referral_id: ReferralId", r.code as "referral_code?",
           r.need as "need?", coalesce(access.named(o.names, o.name, $2), r.to_name) as "other_side?",
           nullif(case when ct.sensitivity <> 'restricted' then access.named(s.names, r.service_name, $2) end, '') as "service?", t.unit, t.assignee as "assignee: UserId", t.title,
           t.due_at, t.overdue_at, t.done_at, t.version, a.name as "assignee_name?", t.handed_by as "handed_by: UserId", h.name as "handed_by_name?", t.handed_reason,
           t.handed_back, t.series_id as "series: RowId",
           case when t.kind = 'record_next' then nullif(split_part(t.once, ':', 4), '')::uuid end as "record?: RecordId",
           case when t.kind = 'arrival' then (select f.title from arrivals v join forms f on f.id = v.form_id
             where v.id = nullif(split_part(t.once, ':', 2), '')::uuid) end as "form_title?"
         from tasks t left join users a on a.id = t.assignee left join users h on h.id = t.handed_by join cases c on c.id = t.case_id left join case_types ct on ct.id = t.case_type
           left join referrals r on r.id = t.referral_id left join services s on s.id = r.service_id
           left join organisations o on o.id = case t.side when 'to' then r.from_org else r.to_org end
         where t.case_id = $1 and t.side = 'from' and t.done_at is null
         order by t.kind not in ('visit_overdue', 'visit_not_safe', 'visit_out'), t.due_at, t.id limit 50"#,
        case.0,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(tasks)
}

/// Writes a new task; false when its key was taken already. Returns nothing of the row: it may be for somebody else to see.
pub(super) async fn insert(work: &mut Work, id: TaskId, task: &NewTask) -> Result<bool, Error> {
    let by = work.me().ok().map(|me| me.0);
    let org = work.org().unwrap_or(0);
    let done = sqlx::query!(
        "insert into tasks (id, kind, case_id, referral_id, side, org, unit, assignee, title, due_at, overdue_at, remind_at, created_by, once, series_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         on conflict do nothing",
        id.0,
        task.kind,
        task.case_id.map(|id| id.0),
        task.referral_id.map(|id| id.0),
        task.side.as_str(),
        org,
        task.unit,
        task.assignee.map(|id| id.0),
        task.title,
        task.due_at,
        task.overdue_at,
        task.remind_at,
        by,
        task.once,
        task.series.map(|id| id.0)
    )
    .execute(work.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Marks a task done, if this edition of it is still open.
pub(super) async fn set_done(work: &mut Work, task: &Task, at: DateTime<Utc>) -> Result<(), Error> {
    let by = work.me().ok().map(|me| me.0);
    let done = sqlx::query!(
        "update tasks set done_at = $3, done_by = $4, version = version + 1 where id = $1 and version = $2 and done_at is null",
        task.id.0,
        task.version,
        at,
        by
    )
    .execute(work.db())
    .await?;
    if done.rows_affected() == 0 { Err(Error::Conflict(Clash::Stale)) } else { Ok(()) }
}

/// Ends a case's own open tasks, whoever holds them; answers the kinds that ended. An empty list of kinds means all but the spared ones.
pub(super) async fn end_in_case(
    work: &mut Work,
    case: CaseId,
    kinds: &[&str],
    spared: &[&str],
    at: DateTime<Utc>,
) -> Result<Vec<(TaskId, String)>, Error> {
    let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<String>>();
    let ended = sqlx::query!(
        r#"select id as "id!: TaskId", kind as "kind!" from access.end_case_tasks($1, $2, $3, $4)"#,
        case.0,
        &owned(kinds),
        &owned(spared),
        at
    )
    .fetch_all(work.db())
    .await?;
    Ok(ended.into_iter().map(|row| (row.id, row.kind)).collect())
}

/// Ends the case's open task that was made under this key, whoever holds it.
pub(super) async fn end_under(
    work: &mut Work,
    case: CaseId,
    key: &str,
    at: DateTime<Utc>,
) -> Result<Vec<(TaskId, String)>, Error> {
    let ended =
        sqlx::query!(r#"select id as "id!: TaskId", kind as "kind!" from access.end_case_task($1, $2, $3)"#, case.0, key, at)
            .fetch_all(work.db())
            .await?;
    Ok(ended.into_iter().map(|row| (row.id, row.kind)).collect())
}

/// Takes the key from the case's tasks that ended under it, whoever held them.
pub(super) async fn free_key(work: &mut Work, case: CaseId, key: &str) -> Result<(), Error> {
    sqlx::query!("select access.free_task_key($1, $2)", case.0, key).fetch_one(work.db()).await?;
    Ok(())
}

/// Ends the open tasks of a unit alone that were made under these keys.
pub(super) async fn end_of_unit(work: &mut Work, keys: &[String], at: DateTime<Utc>) -> Result<Vec<TaskId>, Error> {
    let by = work.me().ok().map(|me| me.0);
    let ended = sqlx::query_scalar!(
        r#"update tasks set done_at = $2, done_by = $3, version = version + 1
           where once = any ($1) and case_id is null and referral_id is null and done_at is null returning id as "id: TaskId""#,
        keys,
        at,
        by
    );
    Ok(ended.fetch_all(work.db()).await?)
}

/// Ends the open task by which a second person was asked about this, for whoever answered it.
pub(super) async fn end_answered(work: &mut Work, row: RowId, at: DateTime<Utc>) -> Result<Vec<TaskId>, Error> {
    let ended = sqlx::query_scalar!(r#"select access.end_answered($1, $2) as "id!: TaskId""#, row.0, at);
    Ok(ended.fetch_all(work.db()).await?)
}

/// Gives a task to another user.
pub(super) async fn set_assignee(work: &mut Work, task: &Task, user: UserId) -> Result<(), Error> {
    let done = sqlx::query!(
        "update tasks set assignee = $3, chosen = true, version = version + 1 where id = $1 and version = $2 and done_at is null",
        task.id.0,
        task.version,
        user.0
    )
    .execute(work.db())
    .await?;
    if done.rows_affected() == 0 { Err(Error::Conflict(Clash::Stale)) } else { Ok(()) }
}

/// The working week of a unit: that of its organisation.
pub async fn calendar(work: &mut Work, unit: UnitId) -> Result<Calendar, Error> {
    let row = sqlx::query!(
        "select o.time_zone, o.weekend, o.holidays from units u join organisations o on o.id = u.org where u.id = $1",
        unit
    )
    .fetch_one(work.db())
    .await?;
    let weekend: Vec<Weekday> =
        row.weekend.iter().filter_map(|&day| Weekday::try_from(u8::try_from(day - 1).ok()?).ok()).collect();
    let zone = row.time_zone.parse().unwrap_or(chrono_tz::UTC);
    Calendar::new(zone, &weekend, row.holidays).map_err(|_| anyhow::anyhow!("unit {unit} has no working day").into())
}
