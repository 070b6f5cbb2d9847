//! SQL on proposals: who could be asked, who is left out and why, and what is proposed to whom.
use uuid::Uuid;

use super::course::{Line, Screening};
use super::judging::{ELIGIBLE, bit};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, OrgId, ScreeningId, ServiceId, TaskId, UnitId, UserId};

/// What was given so lately is not proposed again.
const GIVEN: chrono::TimeDelta = chrono::TimeDelta::days(365);

/// What a provider has room for.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// Whose service.
    pub org: OrgId,
    /// What kind of organisation.
    pub org_kind: String,
    /// The unit that takes referrals, and those above it.
    pub units: Vec<UnitId>,
    /// Places that are free; unknown where the provider does not say.
    pub places: Option<i32>,
    /// It takes referrals at all.
    pub accepts: bool,
}

/// The place of a line's service; none when it is public no longer.
pub async fn place(work: &mut Work, line: &Line) -> Result<Option<Place>, Error> {
    let place = sqlx::query_as!(
        Place,
        r#"select org as "org!", org_kind as "org_kind!", unit_path as "units!", places, accepts as "accepts!" from access.screening_places(array[$1::uuid])"#,
        line.service.0
    );
    Ok(place.fetch_optional(work.db()).await?)
}

/// How many referrals of this organisation to the service wait for an answer, and how many persons are still to be asked about it.
pub async fn asked_already(work: &mut Work, line: &Line) -> Result<i64, Error> {
    let asked = sqlx::query_scalar!(
        r#"select (select count(*) from (select from referrals where service_id = $1 and status = 'requested' limit 1000) r)
             + (select count(*) from (select distinct o.case_id from screening_proposals o join tasks t on t.id = o.task_id
                 where o.service_id = $1 and o.state = 'asked' and t.done_at is null
                   and not exists (select from referrals f where f.case_id = o.case_id and f.service_id = $1
                     and not coalesce(access.completed_at(f.status, f.ended_at, f.requested_at, f.recorded_at) < t.recorded_at, false)) limit 1000) r) as "asked!""#,
        line.service.0
    );
    Ok(asked.fetch_one(work.db()).await?)
}

/// An eligible case.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Which.
    pub case: Uuid,
    /// How much help it needs.
    pub need: Option<f32>,
    /// Why it is not proposed: the code of a reason.
    pub left_out: Option<String>,
}

/// The first eligible open cases of a line in their order: the neediest, then those opened first. Each says whether anything speaks against
/// asking its person.
pub async fn pool(
    work: &mut Work,
    screening: &Screening,
    line: usize,
    place: &Place,
    most: i64,
) -> Result<Vec<Candidate>, Error> {
    let service = screening.lines[line].service;
    let bit = i64::try_from(bit(line, ELIGIBLE)).map_err(anyhow::Error::from)?;
    let given_since = work.now() - GIVEN;
    let pool = sqlx::query_as!(
        Candidate,
        r#"with pool as materialized (
             select r.case_id, r.need, c.case_manager, c.opened_at from screening_results r join cases c on c.id = r.case_id
             where r.screening_id = $1 and get_bit(r.verdicts, $2) = 1 and c.closed_at is null
             order by r.need desc nulls last, c.opened_at, c.id limit $7)
           select p.case_id as "case!", p.need, case
             when exists (select from referrals f where f.case_id = p.case_id and f.service_id = $3
               and f.status in ('draft', 'requested', 'accepted', 'in_progress', 'on_hold')) then 'referred'
             when exists (select from referrals f where f.case_id = p.case_id and f.service_id = $3
               and access.given_at(f.status, f.loop, f.ended_at, f.requested_at, f.recorded_at) > $8) then 'given'
             when exists (select from referrals f where f.case_id = p.case_id and f.service_id = $3 and f.person_declined) then 'said_no'
             when exists (select from service_preferences w where w.case_id = p.case_id and w.service_id = $3 and w.wish = 'unwanted'
               and not exists (select from service_preferences l where l.case_id = w.case_id and l.service_id = w.service_id and l.nth > w.nth)) then 'said_no'
             when exists (select from screening_proposals o join tasks t on t.id = o.task_id
               where o.case_id = p.case_id and o.service_id = $3 and o.state = 'asked' and t.done_at is null) then 'asked_already'
             when exists (select from not_referred n where n.case_id = p.case_id and n.service_id = $3) then 'decided_against'
             when exists (select from consents n where n.case_id = p.case_id and n.child_assent_of is null
               and (n.withdrawn_at is not null or n.kind = 'refused')
               and ($4 = any (n.to_orgs) or $5 = any (n.to_kinds) or (n.to_orgs = '{}' and n.to_kinds = '{}'))
               and not exists (select from consents y where y.case_id = n.case_id and y.basis = 'consent' and y.kind in ('consent', 'representative')
                 and y.withdrawn_at is null and (y.given_on, y.recorded_at) > (n.given_on, n.recorded_at)
                 and ($4 = any (y.to_orgs) or $5 = any (y.to_kinds)))) then 'consent_withdrawn'
             when exists (select from bars b where b.case_id = p.case_id and b.lifted_at is null and (b.unit = any ($6) or b.user_id = p.case_manager)) then 'barred'
             end as left_out
           from pool p order by p.need desc nulls last, p.opened_at, p.case_id"#,
        screening.id.0,
        bit,
        service.0,
        place.org,
        place.org_kind,
        &place.units,
        most,
        given_since
    );
    Ok(pool.fetch_all(work.db()).await?)
}

/// Keeps proposals in their order, those that wait with their reason.
pub async fn insert(
    work: &mut Work,
    screening: &Screening,
    line: &Line,
    cases: &[Candidate],
    waits: Option<&str>,
) -> Result<(), Error> {
    let ids: Vec<Uuid> = cases.iter().map(|_| Uuid::now_v7()).collect();
    let case_ids: Vec<Uuid> = cases.iter().map(|one| one.case).collect();
    let need: Vec<Option<f32>> = cases.iter().map(|one| one.need).collect();
    sqlx::query!(
        r#"insert into screening_proposals (id, screening_id, case_id, service_id, service_name, nth, need, state, reason)
           select n.id, $1, n.case_id, $2, $3, n.nth, n.need, case when $4::text is null then 'proposed' else 'waits' end, $4
           from unnest($5::uuid[], $6::uuid[], $7::real[]) with ordinality as n (id, case_id, need, nth)
           on conflict on constraint screening_proposals_once do nothing"#,
        screening.id.0,
        line.service.0,
        line.name,
        waits,
        &ids,
        &case_ids,
        &need as &[Option<f32>]
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// A case whose worker is to ask for consent.
#[derive(Debug)]
pub struct ToAsk {
    /// Which.
    pub case: CaseId,
    /// Whose it is; nobody's while it stands in its unit's inbox.
    pub manager: Option<UserId>,
    /// Its unit.
    pub unit: UnitId,
}

/// The next cases with proposals that nobody was asked about yet, by this screening or by another.
pub async fn to_ask(work: &mut Work, id: ScreeningId, most: i64) -> Result<Vec<ToAsk>, Error> {
    let cases = sqlx::query_as!(
        ToAsk,
        r#"select p.case_id as "case: CaseId", p.case_manager as "manager: UserId", p.unit
           from screening_proposals p join cases c on c.id = p.case_id and c.closed_at is null
           where p.screening_id = $1 and p.state = 'proposed' and not exists (select from screening_proposals o join tasks t on t.id = o.task_id
             where o.case_id = p.case_id and o.service_id = p.service_id and o.screening_id <> p.screening_id and o.state = 'asked' and t.done_at is null)
           group by p.case_id, p.case_manager, p.unit order by p.case_id limit $2"#,
        id.0,
        most
    );
    Ok(cases.fetch_all(work.db()).await?)
}

/// The worker of this case was asked.
pub async fn set_asked(work: &mut Work, id: ScreeningId, case: CaseId, task: Option<TaskId>) -> Result<(), Error> {
    sqlx::query!(
        "update screening_proposals p set state = 'asked', task_id = $3
         where p.screening_id = $1 and p.case_id = $2 and p.state = 'proposed' and not exists (select from screening_proposals o join tasks t on t.id = o.task_id
           where o.case_id = p.case_id and o.service_id = p.service_id and o.screening_id <> p.screening_id and o.state = 'asked' and t.done_at is null)",
        id.0,
        case.0,
        task.map(|task| task.0)
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// What another screening asks the worker of already is with the worker too, by the task that is open for it.
pub async fn set_asked_elsewhere(work: &mut Work, id: ScreeningId) -> Result<(), Error> {
    sqlx::query!(
        "update screening_proposals p set state = 'asked', task_id = t.id from screening_proposals o join tasks t on t.id = o.task_id
         where p.screening_id = $1 and p.state = 'proposed' and o.case_id = p.case_id and o.service_id = p.service_id
           and o.screening_id <> p.screening_id and o.state = 'asked' and t.done_at is null",
        id.0
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// What is proposed to a worker and a provider, of the cases that the reader sees.
#[derive(Debug)]
pub struct Group {
    /// The worker's name; none for the unit's inbox.
    pub worker: Option<String>,
    /// The service.
    pub service: String,
    /// Whose it is.
    pub provider: Option<String>,
    /// Cases proposed or asked about.
    pub proposed: i64,
    /// Of them: the worker has a task.
    pub asked: i64,
    /// Cases that wait for a place.
    pub waits: i64,
}

/// Proposals by worker and service.
pub async fn groups(work: &mut Work, id: ScreeningId, most: i64) -> Result<Vec<Group>, Error> {
    let lang = work.lang().code();
    let groups = sqlx::query_as!(
        Group,
        r#"select w.name as "worker?", access.named(v.names, v.name, $3) as "service!", access.named(o.names, o.name, $3) as "provider?",
             count(*) filter (where p.state <> 'waits') as "proposed!",
             count(*) filter (where p.state = 'asked') as "asked!", count(*) filter (where p.state = 'waits') as "waits!"
           from screening_proposals p join services v on v.id = p.service_id left join organisations o on o.id = v.org left join users w on w.id = p.case_manager
           where p.screening_id = $1 group by p.case_manager, w.name, p.service_id, v.names, v.name, o.names, o.name order by w.name nulls last, 2 limit $2"#,
        id.0,
        most,
        lang
    );
    Ok(groups.fetch_all(work.db()).await?)
}

/// A proposal in the list.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Its id.
    pub id: Uuid,
    /// The case.
    pub case: CaseId,
    /// That case's code.
    pub code: String,
    /// The person, whose name stands on lists of standard cases.
    pub person: Uuid,
    /// The worker's name.
    pub worker: Option<String>,
    /// The service.
    pub service: String,
    /// Whose it is.
    pub provider: Option<String>,
    /// The how-manieth of this service.
    pub nth: i32,
    /// `proposed`, `waits` or `asked`.
    pub state: String,
    /// Why it waits.
    pub reason: Option<String>,
    /// That case's pack.
    pub pack: String,
    /// What came of asking: where the newest referral stands that was written since, or `not_referred`, `unwanted` or `refused`.
    pub came: Option<String>,
    /// Why nobody is referred: the code of a reason.
    pub why: Option<String>,
}

/// The proposals of a screening, as far as the reader sees their cases and services (S14), after this one.
pub async fn list(work: &mut Work, id: ScreeningId, after: Option<Uuid>, most: i64) -> Result<Vec<Proposal>, Error> {
    let lang = work.lang().code();
    let proposals = sqlx::query_as!(
        Proposal,
        r#"select p.id, p.case_id as "case: CaseId", c.code, c.person_id as person, w.name as "worker?", access.named(v.names, v.name, $4) as "service!", access.named(o.names, o.name, $4) as "provider?", p.nth, p.state, p.reason,
             c.pack, came.came as "came?", came.why as "why?"
           from screening_proposals p join services v on v.id = p.service_id left join organisations o on o.id = v.org join cases c on c.id = p.case_id
             join case_types t on t.id = c.case_type and t.sensitivity = 'standard' left join users w on w.id = p.case_manager
             join screenings s on s.id = p.screening_id
             left join lateral (select any_of.came, any_of.why from (
               (select 1 as place, f.status as came, null::text as why from referrals f where f.case_id = p.case_id and f.service_id = p.service_id
                  and f.status <> 'entered_in_error' and (f.requested_at is null or f.requested_at >= s.proposed_at)
                order by f.requested_at desc nulls first, f.id desc limit 1)
               union all (select 2, 'not_referred', n.reason from not_referred n where n.case_id = p.case_id and n.service_id = p.service_id
                order by n.recorded_at desc limit 1)
               union all (select 3, 'unwanted', null from service_preferences w where w.case_id = p.case_id and w.service_id = p.service_id and w.wish = 'unwanted'
                  and not exists (select from service_preferences l where l.case_id = w.case_id and l.service_id = w.service_id and l.nth > w.nth) limit 1)
               union all (select 4, 'refused', null from consents n where n.case_id = p.case_id and n.child_assent_of is null and n.kind = 'refused'
                  and (v.org = any (n.to_orgs) or o.kind = any (n.to_kinds) or (n.to_orgs = '{}' and n.to_kinds = '{}'))
                  and not exists (select from consents y where y.case_id = n.case_id and y.basis = 'consent' and y.kind in ('consent', 'representative')
                    and y.withdrawn_at is null and (y.given_on, y.recorded_at) > (n.given_on, n.recorded_at)
                    and (v.org = any (y.to_orgs) or o.kind = any (y.to_kinds))) limit 1)) any_of order by any_of.place limit 1) came on p.state = 'asked'
           where p.screening_id = $1 and p.id > $2 order by p.id limit $3"#,
        id.0,
        after.unwrap_or_default(),
        most,
        lang
    );
    Ok(proposals.fetch_all(work.db()).await?)
}

/// Services of which the worker of this case was asked to speak with the person, and of which nothing came yet: neither a referral nor a decision
/// against it, nor that the person does not want it. What was given before they were asked is no answer.
pub async fn of_case(work: &mut Work, case: CaseId) -> Result<Vec<(ServiceId, String)>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query!(
        r#"select distinct p.service_id as "service!: ServiceId", access.named(v.names, v.name, $2) as "name!" from screening_proposals p join services v on v.id = p.service_id
             left join tasks t on t.id = p.task_id
           where p.case_id = $1 and p.state = 'asked'
             and not exists (select from referrals f where f.case_id = p.case_id and f.service_id = p.service_id and f.status <> 'entered_in_error'
               and not coalesce(access.completed_at(f.status, f.ended_at, f.requested_at, f.recorded_at) < t.recorded_at, false))
             and not exists (select from not_referred n where n.case_id = p.case_id and n.service_id = p.service_id)
             and (select w.wish from service_preferences w where w.case_id = p.case_id and w.service_id = p.service_id order by w.nth desc limit 1)
               is distinct from 'unwanted'
           order by 2 limit 20"#,
        case.0,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.service, row.name)).collect())
}
