//! What is kept on a case: who is exempt, who was placed where, the hours of each week.
use chrono::NaiveDate;
use uuid::Uuid;

use super::changed;
use crate::error::{Clash, Error, OnConstraint, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PersonId, PlacementId, PlanLineId, ProjectId, RowId};
use crate::projects::placement::{Exemption, Placement, Week};

// More than anybody places on one case.
const MOST: i64 = 200;
// Some years of weeks.
const MOST_WEEKS: i64 = 2_000;

/// Every place that somebody of the case has or had, the newest first.
pub async fn list(work: &mut Work, case: CaseId) -> Result<Vec<Placement>, Error> {
    let placements = sqlx::query_as!(
        Placement,
        r#"select l.id as "id: PlacementId", l.case_id as "case_id: CaseId", l.project_id as "project_id: ProjectId", p.title as "title?", p.host as "host?",
             l.person_id as "person_id: PersonId", l.plan_line as "plan_line: PlanLineId", l.weekly_hours, l.own_wish, l.starts_on, p.ends_on as "ends_on?",
             l.left_on, l.left_reason, l.author_name, l.version
           from project_placements l left join projects p on p.id = l.project_id
           where l.case_id = $1 order by l.left_on is not null, l.starts_on desc, l.id desc limit $2"#,
        case.0,
        MOST
    )
    .fetch_all(work.db())
    .await?;
    Ok(placements)
}

/// One of them; [`Error::NotFound`] where the case has no such.
pub async fn find(work: &mut Work, case: CaseId, id: PlacementId) -> Result<Placement, Error> {
    list(work, case).await?.into_iter().find(|placement| placement.id == id).ok_or(Error::NotFound)
}

/// The cases that the actor sees of those who have a place in a project: each with its code.
pub async fn cases(work: &mut Work, project: ProjectId) -> Result<Vec<(CaseId, String)>, Error> {
    let rows = sqlx::query!(
        r#"select distinct c.id as "id: CaseId", c.code from project_placements l join cases c on c.id = l.case_id
           where l.project_id = $1 and l.left_on is null and c.closed_at is null order by c.code limit $2"#,
        project.0,
        MOST
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.code)).collect())
}

/// The lines of a plan's version, or what they are copies of, from which somebody was placed: each with the placement.
pub async fn of_lines(work: &mut Work, case: CaseId, lines: &[PlanLineId]) -> Result<Vec<(PlanLineId, PlacementId)>, Error> {
    let ids: Vec<Uuid> = lines.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"with recursive chain (line, id) as (
             select l.id, l.id from plan_lines l where l.case_id = $1 and l.id = any ($2)
             union all select c.line, l.was from chain c join plan_lines l on l.id = c.id where l.was is not null)
           select c.line as "line!: PlanLineId", m.id as "placement!: PlacementId"
           from chain c join project_placements m on m.plan_line = c.id where m.case_id = $1 order by m.starts_on, m.id limit $3"#,
        case.0,
        &ids,
        MOST
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.line, row.placement)).collect())
}

/// Whoever has a place that was started from these lines of a plan, or from what they are copies of, and has not left it.
pub async fn people_of_lines(work: &mut Work, case: CaseId, lines: &[PlanLineId]) -> Result<Vec<PersonId>, Error> {
    let ids: Vec<Uuid> = lines.iter().map(|id| id.0).collect();
    let people = sqlx::query_scalar!(
        r#"with recursive chain (id) as (
             select l.id from plan_lines l where l.case_id = $1 and l.id = any ($2)
             union select l.was from chain c join plan_lines l on l.id = c.id where l.was is not null)
           select distinct m.person_id as "person!: PersonId" from chain c join project_placements m on m.plan_line = c.id
           where m.case_id = $1 and m.left_on is null limit $3"#,
        case.0,
        &ids,
        MOST
    );
    Ok(people.fetch_all(work.db()).await?)
}

/// A support of a plan of this case that is neither over nor taken out; its words are not read. Whether this person may be placed for it: a plan
/// that both sides agreed to is not stretched to somebody who did not agree to it.
pub(in crate::projects) async fn is_support(
    work: &mut Work,
    case: CaseId,
    (line, person): (PlanLineId, PersonId),
) -> Result<Option<bool>, Error> {
    let agrees = sqlx::query_scalar!(
        r#"select p.state <> 'agreed' or exists (select from plan_agreements a where a.plan_id = p.id and a.round = p.round and a.person_id = $3) as "agrees!"
           from plan_lines l join plans p on p.id = l.plan_id
           where l.id = $1 and l.case_id = $2 and l.kind = 'support' and l.removed_at is null and p.state in ('draft', 'proposed', 'agreed')"#,
        line.0,
        case.0,
        person.0
    );
    Ok(agrees.fetch_optional(work.db()).await?)
}

/// What is agreed with whoever is placed.
#[derive(Debug, Clone, Copy)]
pub(in crate::projects) struct NewPlacement {
    pub(in crate::projects) project: ProjectId,
    pub(in crate::projects) person: PersonId,
    pub(in crate::projects) line: PlanLineId,
    pub(in crate::projects) weekly_hours: i16,
    pub(in crate::projects) own_wish: bool,
    pub(in crate::projects) starts_on: NaiveDate,
}

/// Gives somebody a place. Of two who take the last one the second is told so.
pub(in crate::projects) async fn insert(work: &mut Work, case: CaseId, new: NewPlacement) -> Result<PlacementId, Error> {
    let (id, me, now, name) = (PlacementId::new(), work.me()?, work.now(), work.standing.name.clone());
    let done = sqlx::query!(
        "insert into project_placements (id, case_id, project_id, person_id, plan_line, weekly_hours, own_wish, starts_on, author, author_name, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        id.0,
        case.0,
        new.project.0,
        new.person.0,
        new.line.0,
        new.weekly_hours,
        new.own_wish,
        new.starts_on,
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await;
    match done.as_ref().err().and_then(|error| error.as_database_error()).and_then(|error| error.constraint()) {
        Some("project_placements_place_free") => Err(invalid("project", "project_full")),
        Some("project_placements_project_runs") => Err(invalid("starts_on", "project_not_running")),
        Some("project_placements_live_key") => Err(invalid("person", "placed_already")),
        _ => done.map(|_| id).map_err(Error::from),
    }
}

/// Says that somebody left, over the version that was read.
pub(in crate::projects) async fn leave(
    work: &mut Work,
    placement: &Placement,
    (on, reason): (NaiveDate, &str),
) -> Result<(), Error> {
    let done = sqlx::query!(
        "update project_placements set left_on = $3, left_reason = $4, version = version + 1 where id = $1 and version = $2 and left_on is null",
        placement.id.0,
        placement.version,
        on,
        reason
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// The hours of each week of everybody who was placed on the case, as they were said last; the latest week first.
pub async fn weeks(work: &mut Work, case: CaseId) -> Result<Vec<Week>, Error> {
    let weeks = sqlx::query_as!(
        Week,
        r#"select distinct on (a.placement_id, a.week) a.placement_id as "placement: PlacementId", a.week, a.nth, a.present, a.justified, a.unjustified, a.by_host,
             a.author_name, a.recorded_at
           from project_attendance a where a.case_id = $1 order by a.placement_id, a.week desc, a.nth desc limit $2"#,
        case.0,
        MOST_WEEKS
    )
    .fetch_all(work.db())
    .await?;
    Ok(weeks)
}

/// Writes the hours of a week down; what was said before stays. Whoever was first with this number wins: [`Clash::Stale`] for the other.
pub(in crate::projects) async fn note(work: &mut Work, placement: &Placement, week: &Week) -> Result<(), Error> {
    sqlx::query!(
        "insert into project_attendance (id, placement_id, case_id, week, nth, present, justified, unjustified, author, author_name, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        RowId::new().0,
        placement.id.0,
        placement.case_id.0,
        week.week,
        week.nth,
        week.present,
        week.justified,
        week.unjustified,
        work.me()?.0,
        week.author_name,
        week.recorded_at
    )
    .execute(work.db())
    .await
    .on_constraint("project_attendance_nth_key", || Error::Conflict(Clash::Stale))?;
    Ok(())
}

/// Who of the case is exempt, whether for now or no longer by the day.
pub async fn exemptions(work: &mut Work, case: CaseId) -> Result<Vec<Exemption>, Error> {
    let exemptions = sqlx::query_as!(
        Exemption,
        r#"select id as "id: RowId", person_id as "person_id: PersonId", reason, until_on, author_name, recorded_at, version
           from project_exemptions where case_id = $1 and ended_at is null order by recorded_at, id limit $2"#,
        case.0,
        MOST
    )
    .fetch_all(work.db())
    .await?;
    Ok(exemptions)
}

/// Writes down that somebody is exempt.
pub(in crate::projects) async fn exempt(
    work: &mut Work,
    case: CaseId,
    (person, reason, until_on): (PersonId, &str, Option<NaiveDate>),
) -> Result<RowId, Error> {
    let (id, me, now, name) = (RowId::new(), work.me()?, work.now(), work.standing.name.clone());
    sqlx::query!(
        "insert into project_exemptions (id, case_id, person_id, reason, until_on, author, author_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id.0,
        case.0,
        person.0,
        reason,
        until_on,
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await
    .on_constraint("project_exemptions_live_key", || invalid("person", "exempt_already"))?;
    Ok(id)
}

/// Ends an exemption, over the version that was read.
pub(in crate::projects) async fn end_exemption(work: &mut Work, exemption: &Exemption) -> Result<(), Error> {
    let now = work.now();
    let done = sqlx::query!(
        "update project_exemptions set ended_at = $3, version = version + 1 where id = $1 and version = $2 and ended_at is null",
        exemption.id.0,
        exemption.version,
        now
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}
