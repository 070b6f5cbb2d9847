//! Every SQL statement of this room: projects here, what is kept on a case in `placed`, what a host sees in `hosted`.
pub mod hosted;
pub mod placed;

use super::project::{Measures, Project, Typed};
use crate::error::{Clash, Error, OnConstraint, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{ProjectId, UnitId};

/// So many projects are listed, those that run first.
pub const MOST: i64 = 200;

/// The projects of the actor's organisation that run, or all of them; those that end last come first.
pub async fn list(work: &mut Work, only_running: Option<chrono::NaiveDate>) -> Result<Vec<Project>, Error> {
    let projects = sqlx::query_as!(
        Project,
        r#"select p.id as "id: ProjectId", p.org, p.unit, u.name as unit_name, p.title, p.host, p.host_unit, p.host_since, p.area, p.places, p.weekly_hours, p.starts_on,
             p.ends_on, p.place, p.responsible, p.ended_at, p.version, access.places_taken(p.id) as "taken!"
           from projects p join units u on u.id = p.unit
           where $1::date is null or (p.ended_at is null and coalesce(p.ends_on >= $1, true))
           order by p.ended_at is not null, p.ends_on desc nulls first, p.title, p.id limit $2"#,
        only_running,
        MOST
    )
    .fetch_all(work.db())
    .await?;
    Ok(projects)
}

/// A project of the actor's organisation; [`Error::NotFound`] otherwise.
pub async fn find(work: &mut Work, id: ProjectId) -> Result<Project, Error> {
    let project = sqlx::query_as!(
        Project,
        r#"select p.id as "id: ProjectId", p.org, p.unit, u.name as unit_name, p.title, p.host, p.host_unit, p.host_since, p.area, p.places, p.weekly_hours, p.starts_on,
             p.ends_on, p.place, p.responsible, p.ended_at, p.version, access.places_taken(p.id) as "taken!"
           from projects p join units u on u.id = p.unit where p.id = $1"#,
        id.0
    )
    .fetch_one(work.db())
    .await?;
    Ok(project)
}

/// Writes a project down for a unit of the actor's organisation.
pub(super) async fn insert(work: &mut Work, unit: UnitId, typed: &Typed, measures: Measures) -> Result<ProjectId, Error> {
    let (id, me, now, org) = (ProjectId::new(), work.me()?, work.now(), work.standing.org);
    let done = sqlx::query!(
        "insert into projects (id, org, unit, title, host, host_unit, area, places, weekly_hours, starts_on, ends_on, place, responsible, author, recorded_at)
         select $1, u.org, u.id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15 from units u where u.id = $2 and u.org = $3",
        id.0,
        unit,
        org,
        typed.title.trim(),
        typed.host.trim(),
        typed.host_unit,
        typed.area,
        measures.places,
        measures.weekly_hours,
        measures.starts_on,
        typed.ends_on,
        typed.place.trim(),
        typed.responsible.trim(),
        me.0,
        now
    )
    .execute(work.db())
    .await?;
    if done.rows_affected() == 1 { Ok(id) } else { Err(invalid("unit", "not_a_choice")) }
}

/// Saves what is offered, over the version that was read. Places that somebody has are not taken away.
pub(super) async fn save(work: &mut Work, project: &Project, typed: &Typed, measures: Measures) -> Result<(), Error> {
    let now = work.now();
    let done = sqlx::query!(
        "update projects set title = $3, host = $4, host_unit = $5, area = $6, places = $7, weekly_hours = $8, starts_on = $9, ends_on = $10, place = $11,
           responsible = $12, host_since = case when host_unit is distinct from $5 then $13 else host_since end, version = version + 1
         where id = $1 and version = $2 and ended_at is null",
        project.id.0,
        project.version,
        typed.title.trim(),
        typed.host.trim(),
        typed.host_unit,
        typed.area,
        measures.places,
        measures.weekly_hours,
        measures.starts_on,
        typed.ends_on,
        typed.place.trim(),
        typed.responsible.trim(),
        now
    )
    .execute(work.db())
    .await
    .on_constraint("projects_places_taken", || invalid("places", "project_places_taken"))?;
    changed(done.rows_affected())
}

/// Ends a project, over the version that was read.
pub(super) async fn end(work: &mut Work, project: &Project) -> Result<(), Error> {
    let now = work.now();
    let done = sqlx::query!(
        "update projects set ended_at = $3, version = version + 1 where id = $1 and version = $2 and ended_at is null",
        project.id.0,
        project.version,
        now
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// Units that may be the host: those with a public service, and the organisation's own; "Organisation · Unit".
pub async fn hosts(work: &mut Work) -> Result<Vec<(UnitId, String)>, Error> {
    let (org, lang) = (work.standing.org, work.lang().code());
    let rows = sqlx::query!(
        r#"select u.id, access.named(o.names, o.name, $2) as "org!", u.name from units u join organisations o on o.id = u.org
           where u.active and (u.org = $1 or exists (select from services s where s.unit = u.id and s.visibility = 'public'))
           order by u.org <> $1, 2, u.path limit 500"#,
        org,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, format!("{} · {}", row.org, row.name))).collect())
}

pub(super) fn changed(rows: u64) -> Result<(), Error> {
    if rows == 0 { Err(Error::Conflict(Clash::Stale)) } else { Ok(()) }
}
