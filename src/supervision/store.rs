//! Every SQL statement of this room.
mod quality;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, UnitId, UserId};

pub(super) use quality::insert_review;
pub use quality::{Drawn, Written, reviews, sample};

// A board is of so many units, people and waiting cases at most; a coordinator of more looks at one part after the other.
const MOST_UNITS: i32 = 200;
const MOST_WORKERS: i64 = 200;
/// So many waiting cases stand on the board.
pub const MOST_WAITING: i64 = 50;

/// A unit that the reader reaches.
#[derive(Debug)]
pub struct Unit {
    /// Which.
    pub id: UnitId,
    /// Its name.
    pub name: String,
    /// It and all below it that the reader reaches too.
    pub within: Vec<UnitId>,
}

/// The units that the reader reaches, those above before those below.
pub async fn units(work: &mut Work) -> Result<Vec<Unit>, Error> {
    let rows = sqlx::query!(
        r#"select id, name, path from units where id = any ((select access.my_reach(null, $1))::int[]) and active order by path"#,
        MOST_UNITS
    )
    .fetch_all(work.db())
    .await?;
    let mut within: HashMap<UnitId, Vec<UnitId>> = HashMap::new();
    for row in &rows {
        for above in &row.path {
            within.entry(*above).or_default().push(row.id);
        }
    }
    let of = |id: UnitId| within.get(&id).cloned().unwrap_or_default();
    Ok(rows.into_iter().map(|row| Unit { within: of(row.id), id: row.id, name: row.name }).collect())
}

/// Open cases of one keeper, type and risk.
#[derive(Debug)]
pub struct Load {
    /// Who of those asked about keeps them.
    pub manager: Option<UserId>,
    /// Somebody else keeps them; where that is not so and nobody is named, they wait in an inbox.
    pub others: bool,
    /// Their type.
    pub case_type: i16,
    /// The pack that says what one weighs.
    pub pack: String,
    /// In which version.
    pub pack_version: i32,
    /// Their risk level.
    pub risk: Option<String>,
    /// How many.
    pub cases: i32,
    /// How many of them have something overdue.
    pub overdue: i32,
}

/// How much lies with each of these people, with all others and with nobody in these units, as far as the reader sees it.
pub async fn loads(work: &mut Work, units: &[UnitId], people: &[UserId]) -> Result<Vec<Load>, Error> {
    let now = work.now();
    let loads = sqlx::query_as!(
        Load,
        r#"select manager as "manager: UserId", coalesce(others, false) as "others!", case_type as "case_type!", pack as "pack!", pack_version as "pack_version!", risk,
             cases as "cases!", overdue as "overdue!"
           from access.team_load($1, $2, $3)"#,
        units,
        people as _,
        now
    );
    Ok(loads.fetch_all(work.db()).await?)
}

/// A colleague who works on cases in these units.
#[derive(Debug)]
pub struct Colleague {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Where they belong, of these units.
    pub units: Vec<UnitId>,
    /// What they are cleared for there.
    pub cleared: Vec<i16>,
    /// The languages they speak.
    pub languages: Vec<String>,
    /// Up to which level they work alone.
    pub level: Option<i16>,
    /// They supervise others there.
    pub supervises: bool,
    /// They are cleared for a restricted type.
    pub apart: bool,
    /// The last day of their absence, where somebody stands in for them now.
    pub away_until: Option<NaiveDate>,
}

/// The colleagues who belong to these units and work on cases, by name.
pub async fn colleagues(work: &mut Work, units: &[UnitId]) -> Result<Vec<Colleague>, Error> {
    // Who it is first: what hundreds of others may do is not gathered only to be left out.
    let rows = sqlx::query!(
        r#"select w.id as "id: UserId", w.name, w.languages, w.level, m.unit as "unit: UnitId", r.cleared, r.supervises,
             r.cleared && (select coalesce(array_agg(k.id), '{}') from case_types k where k.sensitivity = 'restricted') as "apart!",
             (select max(v.until_on) from covers v where v.worker = w.id and v.state = 'running') as "away_until?"
           from (select u.id, u.name, u.languages, u.level from users u
                 where u.active and not u.is_program and u.id in (select s.user_id from memberships s join roles q on q.id = s.role
                   where s.ended_at is null and s.unit = any ($1) and 'case.edit' = any (q.acts))
                 order by u.name, u.id limit $2) w
             join memberships m on m.user_id = w.id and m.ended_at is null and m.unit = any ($1)
             join roles r on r.id = m.role and 'case.edit' = any (r.acts)
           order by w.name, w.id"#,
        units,
        MOST_WORKERS
    )
    .fetch_all(work.db())
    .await?;
    let mut found: Vec<Colleague> = Vec::new();
    for row in rows {
        let known = found.last().is_some_and(|last| last.id == row.id);
        if !known {
            let (units, cleared) = (Vec::new(), Vec::new());
            let (id, name, languages, level) = (row.id, row.name, row.languages, row.level);
            let away_until = row.away_until;
            found.push(Colleague { id, name, units, cleared, languages, level, supervises: false, apart: false, away_until });
        }
        let Some(one) = found.last_mut() else { continue };
        one.units.push(row.unit);
        one.cleared.extend(row.cleared);
        one.supervises |= row.supervises;
        one.apart |= row.apart;
    }
    for one in &mut found {
        one.units.sort_unstable();
        one.units.dedup();
        one.cleared.sort_unstable();
        one.cleared.dedup();
    }
    Ok(found)
}

/// A case in an inbox of these units.
#[derive(Debug)]
pub struct Inboxed {
    /// The case.
    pub id: CaseId,
    /// Its code.
    pub code: String,
    /// Its edition.
    pub version: i32,
    /// Where it waits.
    pub unit: UnitId,
    /// Its type.
    pub case_type: i16,
    /// How closely it is guarded.
    pub guarded: String,
    /// Its pack.
    pub pack: String,
    /// In which version.
    pub pack_version: i32,
    /// Its risk level.
    pub risk: Option<String>,
    /// Since when it runs.
    pub opened_at: DateTime<Utc>,
    /// The named supervisor.
    pub supervisor: Option<UserId>,
    /// The person's name, where a list may show it (S13).
    pub name: Option<String>,
    /// The languages that the person speaks.
    pub languages: Vec<String>,
    /// Who kept an earlier case of the person or household, as far as the reader sees it.
    pub before: Option<UserId>,
}

/// What waits in the inboxes of these units, the riskiest and then the oldest first.
pub async fn waiting(work: &mut Work, units: &[UnitId]) -> Result<Vec<Inboxed>, Error> {
    let found = sqlx::query_as!(
        Inboxed,
        r#"select c.id as "id!: CaseId", c.code as "code!", c.version as "version!", c.unit as "unit!", c.case_type as "case_type!", t.sensitivity as "guarded!", c.pack as "pack!",
             c.pack_version as "pack_version!", c.risk, c.opened_at as "opened_at!", c.supervisor as "supervisor: UserId",
             case when t.sensitivity = 'standard' then p.name end as "name?", coalesce(p.languages, '{}') as "languages!",
             (select o.case_manager from cases o where o.id <> c.id and o.case_manager is not null
                and (o.person_id = c.person_id or o.household_id = c.household_id) order by o.opened_at desc limit 1) as "before: UserId"
           from (select * from cases where case_manager is null and closed_at is null and unit = any ($1)
               order by case risk when 'high' then 1 when 'moderate' then 2 when 'low' then 3 else 9 end, opened_at, id limit $2) c
             join case_types t on t.id = c.case_type left join persons p on p.id = c.person_id
           order by case c.risk when 'high' then 1 when 'moderate' then 2 when 'low' then 3 else 9 end, c.opened_at, c.id"#,
        units,
        MOST_WAITING
    );
    Ok(found.fetch_all(work.db()).await?)
}

/// A task that somebody asked a colleague to do.
#[derive(Debug)]
pub struct Handed {
    /// Its case.
    pub case: CaseId,
    /// That case's code.
    pub code: String,
    /// The kind of work.
    pub kind: String,
    /// The worker's own words for it.
    pub title: String,
    /// Who handed it on.
    pub from: String,
    /// Who holds it.
    pub to: String,
    /// Why.
    pub reason: String,
    /// By when.
    pub due_at: DateTime<Utc>,
}

/// What colleagues of these units do for each other, the most pressing first, of the cases that the reader sees.
pub async fn handed(work: &mut Work, units: &[UnitId]) -> Result<Vec<Handed>, Error> {
    let found = sqlx::query_as!(
        Handed,
        r#"select c.id as "case: CaseId", c.code, t.kind, t.title, coalesce(g.name, '') as "from!", coalesce(a.name, '') as "to!", t.handed_reason as reason, t.due_at
           from tasks t join cases c on c.id = t.case_id left join users g on g.id = t.handed_by left join users a on a.id = t.assignee
           where t.unit = any ($1) and t.handed_by is not null and not t.handed_back and t.done_at is null order by t.due_at, t.id limit 50"#,
        units
    );
    Ok(found.fetch_all(work.db()).await?)
}

/// So many overdue tasks stand on their page.
pub const MOST_OVERDUE: i64 = 200;

/// An overdue task of a case.
#[derive(Debug)]
pub struct Overdue {
    /// Its case.
    pub case: CaseId,
    /// That case's code.
    pub code: String,
    /// The kind of work.
    pub kind: String,
    /// The worker's own words for it.
    pub title: String,
    /// Who holds it; nobody where it waits in an inbox.
    pub worker: Option<UserId>,
    /// Their name.
    pub worker_name: Option<String>,
    /// By when.
    pub due_at: DateTime<Utc>,
}

/// What is overdue in the cases of these units that the reader sees: worker by worker, the longest overdue first, what nobody holds before all.
pub async fn overdue(work: &mut Work, units: &[UnitId]) -> Result<Vec<Overdue>, Error> {
    let now = work.now();
    let found = sqlx::query_as!(
        Overdue,
        r#"select c.id as "case: CaseId", c.code, t.kind, t.title, t.assignee as "worker: UserId", a.name as "worker_name?", t.due_at
           from tasks t join cases c on c.id = t.case_id left join users a on a.id = t.assignee
           where t.unit = any ($1) and t.side = 'from' and t.done_at is null and coalesce(t.overdue_at, t.due_at) < $2 and c.closed_at is null
           order by t.assignee is not null, a.name, t.assignee, t.due_at, t.id limit $3"#,
        units,
        now,
        MOST_OVERDUE
    );
    Ok(found.fetch_all(work.db()).await?)
}

/// What became of the goals of the plans with which cases of these units were closed in the last twelve months, of those that the reader sees.
pub async fn outcomes(work: &mut Work, units: &[UnitId]) -> Result<Vec<(String, i64)>, Error> {
    let since = work.now() - chrono::TimeDelta::days(365);
    let rows = sqlx::query!(
        r#"select o.word as "word!", count(*) as "goals!" from case_closures k cross join unnest(k.outcomes) as o (word)
           where k.unit = any ($1) and k.recorded_at > $2 group by o.word"#,
        units,
        since
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.word, row.goals)).collect())
}

/// No figure of satisfaction is shown of fewer answers.
pub const FEWEST_ANSWERS: i64 = 10;

/// What people said of the support when their plans were looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Satisfaction {
    /// How many answered.
    pub said: i64,
    /// How many of them are satisfied, or very.
    pub satisfied: i64,
    /// How many were asked and did not want to say.
    pub unsaid: i64,
}

/// The same over the cases of these units that the reader sees: of each the last answer within twelve months.
pub async fn satisfaction(work: &mut Work, units: &[UnitId]) -> Result<Satisfaction, Error> {
    let since = work.now() - chrono::TimeDelta::days(365);
    let counted = sqlx::query_as!(
        Satisfaction,
        r#"select count(satisfaction) as "said!", count(*) filter (where satisfaction >= 4) as "satisfied!", count(*) filter (where unsaid) as "unsaid!"
           from (select distinct on (r.case_id) r.satisfaction, r.unsaid from plan_reviews r
                 where r.unit = any ($1) and r.happened_at > $2 and (r.satisfaction is not null or r.unsaid)
                 order by r.case_id, r.happened_at desc, r.id desc) newest"#,
        units,
        since
    )
    .fetch_one(work.db())
    .await?;
    Ok(counted)
}
