//! Lost contact: when nobody had contact for as long as the pack says, somebody is asked to act; never is a case closed by a clock.
//!
//! The worker is asked to try again or to propose closing. For a high risk, a child and a restricted case the supervisor is asked to review the
//! person's safety instead (S23), again on the day that each review sets while the silence lasts. A logged contact ends either; the next silence
//! asks anew. Where the risk rises meanwhile, the worker is asked no more and the supervisor is.
use chrono::{DateTime, TimeDelta, Utc};

use super::case::Case;
use super::store;
use crate::error::Error;
use crate::packs::{self, Pack, Sensitivity};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, UnitId, UserId};
use crate::tasks::task::{CONTACT_LOST, SAFETY_REVIEW};
use crate::tasks::{self, NewTask, clock};

/// The job's kind.
pub const JOB: &str = "cases.silence";
/// The tasks that silence leaves, in the words of their kinds.
pub const TASKS: &[&str] = &[CONTACT_LOST, SAFETY_REVIEW, REVIEWED];
/// By it the worker learns what the supervisor decided.
pub(super) const REVIEWED: &str = "safety_reviewed";
/// The decision after which closing may be proposed.
pub(super) const CLOSE_PROPOSED: &str = "close_proposed";
// What one run takes of each pack; the next run takes the rest.
const AT_ONCE: i64 = 200;

struct Silent {
    id: CaseId,
    unit: UnitId,
    case_type: i16,
    since: DateTime<Utc>,
    manager: Option<UserId>,
    supervisor: Option<UserId>,
    restricted: bool,
    child: bool,
    risk: Option<String>,
}

/// Looks for silent cases of the organisation this work is for.
pub async fn look(work: &mut Work) -> Result<(), Error> {
    let packs = sqlx::query!(
        "select distinct pack, pack_version from cases where closed_at is null
           and silence_told_for is distinct from coalesce(last_contact_at, opened_at) order by 1, 2"
    )
    .fetch_all(work.db())
    .await?;
    for row in packs {
        let pack = packs::store::find(work, &row.pack, row.pack_version).await?;
        for case in silent(work, &pack, (&row.pack, row.pack_version)).await? {
            ask(work, &pack, &case).await?;
        }
    }
    Ok(())
}

/// The risk was set. At the highest level nobody proposes closing for silence: the supervisor is asked for the review instead.
pub(super) async fn follow_risk(work: &mut Work, pack: &Pack, case: &Case) -> Result<(), Error> {
    if !is_highest(pack, case.risk.as_deref()) {
        return Ok(());
    }
    let open = tasks::store::of_case(work, case.id).await?;
    if !open.iter().any(|task| task.kind == CONTACT_LOST) {
        return Ok(());
    }
    tasks::actions::done_in_case(work, case.id, &[CONTACT_LOST]).await?;
    let supervisor = supervisor_of(work, case).await?;
    let once = key(SAFETY_REVIEW, case.id, case.last_contact_at.unwrap_or(case.opened_at));
    let due = due(work, case.unit).await?;
    tasks::actions::add(work, NewTask::of_case(SAFETY_REVIEW, case.id, due).to(supervisor).once(once)).await?;
    Ok(())
}

/// The supervisor whom the case names, or else whoever supervises such cases in the unit; never whoever keeps it.
pub async fn supervisor_of(work: &mut Work, case: &Case) -> Result<Option<UserId>, Error> {
    match named_supervisor(case.supervisor, case.case_manager) {
        Some(named) => Ok(Some(named)),
        None => supervisor_there(work, case.id, (case.unit, case.case_type), case.case_manager).await,
    }
}

/// The supervisor whom the case names, where they do not keep it themselves.
pub(super) fn named_supervisor(named: Option<UserId>, keeper: Option<UserId>) -> Option<UserId> {
    named.filter(|_| named != keeper)
}

// Nobody is asked who is barred from the case (S10).
async fn supervisor_there(
    work: &mut Work,
    case: CaseId,
    (unit, case_type): (UnitId, i16),
    keeper: Option<UserId>,
) -> Result<Option<UserId>, Error> {
    let found = sqlx::query_scalar!(
        r#"select w.id as "id: UserId" from memberships m join roles r on r.id = m.role join users w on w.id = m.user_id
           where m.unit = $1 and m.ended_at is null and w.active and not w.is_program and r.supervises and $2 = any (r.cleared)
             and w.id is distinct from $3 and access.fit_for(w.id, $4, $2)
           order by w.name limit 1"#,
        unit,
        case_type,
        keeper.map(|keeper| keeper.0),
        case.0
    );
    Ok(found.fetch_optional(work.db()).await?)
}

/// Nobody had contact for as long as the pack says.
pub(super) fn is_silent(work: &Work, pack: &Pack, case: &Case) -> bool {
    let since = case.last_contact_at.unwrap_or(case.opened_at);
    work.now() - since >= TimeDelta::hours(i64::from(pack.deadlines.contact_lost.rough_hours()))
}

/// For a high risk, a child and a restricted case no lost contact closes it before a safety review of this silence says so, and one by somebody else
/// than whoever keeps it (S23).
pub async fn lacks_review(work: &mut Work, case: &Case, pack: &Pack) -> Result<bool, Error> {
    let guarded = case.sensitivity() == Sensitivity::Restricted
        || is_highest(pack, case.risk.as_deref())
        || store::is_child(work, case.person_id).await?;
    if !guarded {
        return Ok(false);
    }
    let since = case.last_contact_at.unwrap_or(case.opened_at);
    let decided = sqlx::query_scalar!(
        "select reason from case_moves where case_id = $1 and kind = 'safety_review' and happened_at >= $2 and ($3::uuid is null or actor_id is distinct from $3)
         order by happened_at desc, id desc limit 1",
        case.id.0,
        since,
        case.case_manager.map(|keeper| keeper.0)
    );
    Ok(decided.fetch_optional(work.db()).await?.as_deref() != Some(CLOSE_PROPOSED))
}

fn is_highest(pack: &Pack, risk: Option<&str>) -> bool {
    risk.is_some() && risk == pack.risk_levels.first().map(|level| level.code.as_str())
}

/// A contact was none, and the silence goes on from the one before: what was asked of the false one ends, and the keys under which this silence was asked
/// about are free, so that the next run asks once more.
pub(super) async fn ask_anew(work: &mut Work, case: &Case, last: Option<DateTime<Utc>>) -> Result<(), Error> {
    tasks::actions::done_in_case(work, case.id, TASKS).await?;
    for kind in [CONTACT_LOST, SAFETY_REVIEW] {
        tasks::actions::done_under(work, case.id, &key(kind, case.id, last.unwrap_or(case.opened_at))).await?;
    }
    Ok(())
}

fn key(kind: &str, case: CaseId, since: DateTime<Utc>) -> String {
    format!("{kind}:{case}:{}", since.timestamp_micros())
}

async fn silent(work: &mut Work, pack: &Pack, (name, version): (&str, i32)) -> Result<Vec<Silent>, Error> {
    let (now, today) = (work.now(), work.now().date_naive());
    let before = now - TimeDelta::hours(i64::from(pack.deadlines.contact_lost.rough_hours()));
    let cases = sqlx::query_as!(
        Silent,
        r#"select c.id as "id: CaseId", c.unit, c.case_type, coalesce(c.last_contact_at, c.opened_at) as "since!", c.case_manager as "manager: UserId",
             c.supervisor as "supervisor: UserId",
             t.sensitivity = 'restricted' as "restricted!", c.risk,
             coalesce((select coalesce(p.born_on > ($4::date - interval '18 years'), true) from persons p where p.id = c.person_id), true) as "child!"
           from cases c join case_types t on t.id = c.case_type
           where c.closed_at is null and c.silence_told_for is distinct from coalesce(c.last_contact_at, c.opened_at)
             and c.pack = $1 and c.pack_version = $2 and coalesce(c.last_contact_at, c.opened_at) <= $3
           order by coalesce(c.last_contact_at, c.opened_at) limit $5 for update of c skip locked"#,
        name,
        version,
        before,
        today,
        AT_ONCE
    );
    Ok(cases.fetch_all(work.db()).await?)
}

// Silence is acted on the same day; nothing is late the moment it is asked.
async fn due(work: &mut Work, unit: UnitId) -> Result<DateTime<Utc>, Error> {
    let calendar = tasks::store::calendar(work, unit).await?;
    Ok(clock::same_day(work.now(), &calendar))
}

async fn ask(work: &mut Work, pack: &Pack, case: &Silent) -> Result<(), Error> {
    let guarded = case.restricted || case.child || is_highest(pack, case.risk.as_deref());
    let (kind, holder) = match named_supervisor(case.supervisor, case.manager) {
        _ if !guarded => (CONTACT_LOST, case.manager),
        Some(named) => (SAFETY_REVIEW, Some(named)),
        None => (SAFETY_REVIEW, supervisor_there(work, case.id, (case.unit, case.case_type), case.manager).await?),
    };
    let once = key(kind, case.id, case.since);
    let due = due(work, case.unit).await?;
    tasks::actions::add(work, NewTask::of_case(kind, case.id, due).to(holder).once(once)).await?;
    sqlx::query!("update cases set silence_told_for = $2 where id = $1", case.id.0, case.since).execute(work.db()).await?;
    Ok(())
}
