//! What a host sees: of each person who agreed that it is told, a name and the hours; nothing of the case. The database decides whom. And what a host is
//! asked to delete once that agreement ended, without a name.
use chrono::{DateTime, NaiveDate, Utc};

use crate::error::{Clash, Error, OnConstraint};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ConsentId, OrgId, PlacementId, ProjectId, RowId};
use crate::projects::placement::{Week, monday, unsaid};
use crate::projects::recall::Of;

/// Somebody who is placed with one's own unit.
#[derive(Debug, Clone)]
pub struct Hosted {
    /// Their place.
    pub placement: PlacementId,
    /// What the project is called.
    pub project: String,
    /// Their name.
    pub person: String,
    /// Hours a week, as agreed.
    pub hours: i16,
    /// From when.
    pub from_on: NaiveDate,
    /// Until when, where that is known.
    pub until_on: Option<NaiveDate>,
}

impl Hosted {
    /// Whether hours of this week may be written down.
    pub fn expects(&self, week: NaiveDate, today: NaiveDate) -> bool {
        week >= monday(self.from_on) && week <= monday(self.last(today))
    }

    /// The weeks of which nothing was written down yet, the latest first.
    pub fn unsaid(&self, weeks: &[Week], today: NaiveDate) -> Vec<NaiveDate> {
        unsaid(weeks, (self.from_on, self.last(today)))
    }

    fn last(&self, today: NaiveDate) -> NaiveDate {
        self.until_on.map_or(today, |until| until.min(today))
    }
}

/// Everybody who is placed with the actor's units and agreed that they are told.
pub async fn list(work: &mut Work) -> Result<Vec<Hosted>, Error> {
    let hosted = sqlx::query_as!(
        Hosted,
        r#"select placement as "placement!: PlacementId", project as "project!", person as "person!", hours as "hours!", from_on as "from_on!", until_on
           from access.hosted()"#
    )
    .fetch_all(work.db())
    .await?;
    Ok(hosted)
}

/// One of them; [`Error::NotFound`] otherwise.
pub async fn find(work: &mut Work, id: PlacementId) -> Result<Hosted, Error> {
    list(work).await?.into_iter().find(|one| one.placement == id).ok_or(Error::NotFound)
}

/// The hours of each week, as they were said last, the latest first.
pub async fn weeks(work: &mut Work, id: PlacementId) -> Result<Vec<Week>, Error> {
    let weeks = sqlx::query_as!(
        Week,
        r#"select $1::uuid as "placement!: PlacementId", from_day as "week!", number as "nth!", hours_present as "present!", hours_justified as "justified!",
             hours_unjustified as "unjustified!", said_by_host as "by_host!", said_by as "author_name!", said_at as "recorded_at!"
           from access.hosted_weeks($1)"#,
        id.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(weeks)
}

/// Writes the hours of a week down as the host; [`Clash::Stale`] where somebody was first with this number.
pub(in crate::projects) async fn note(work: &mut Work, week: &Week) -> Result<(), Error> {
    sqlx::query!(
        "select access.note_hosted($1, $2, $3, $4, $5, $6, $7, $8)",
        RowId::new().0,
        week.placement.0,
        week.week,
        week.nth,
        week.present,
        week.justified,
        week.unjustified,
        week.recorded_at
    )
    .fetch_one(work.db())
    .await
    .on_constraint("project_attendance_nth_key", || Error::Conflict(Clash::Stale))?;
    Ok(())
}

/// What a host is asked to delete: of somebody in this project from this day on, whom it knows by name.
#[derive(Debug, Clone)]
pub struct ToDelete {
    /// Their place.
    pub placement: PlacementId,
    /// What the project is called.
    pub project: String,
    /// From when.
    pub starts_on: NaiveDate,
    /// Hours a week, as agreed.
    pub weekly_hours: i16,
    /// Who asks.
    pub from_name: String,
    /// By when.
    pub due_at: DateTime<Utc>,
}

/// What the actor's organisation is asked to delete, the most pressing first.
pub async fn to_delete(work: &mut Work) -> Result<Vec<ToDelete>, Error> {
    let (org, lang) = (work.standing.org, work.lang().code());
    let asked = sqlx::query_as!(
        ToDelete,
        r#"select r.placement as "placement: PlacementId", r.project, r.starts_on, r.weekly_hours, access.named(o.names, o.name, $2) as "from_name!", r.due_at
           from project_recalls r join organisations o on o.id = r.from_org
           where r.to_org = $1 and r.deleted_at is null order by r.due_at, r.id limit 200"#,
        org,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(asked)
}

/// The cases of this job's organisation of which anybody was placed in a project of its own. One that moved to another organisation is out of this one's
/// sight; its new owner asks hosts when the person says so, or when the case is erased.
pub(in crate::projects) async fn cases_in(work: &mut Work, project: ProjectId) -> Result<Vec<CaseId>, Error> {
    let cases = sqlx::query_scalar!(
        r#"select distinct case_id as "id!: CaseId" from project_placements where project_id = $1 order by 1"#,
        project.0
    );
    Ok(cases.fetch_all(work.db()).await?)
}

/// Asks hosts that were told a name to delete by then; answers which were not asked for before, and of whom.
pub(in crate::projects) async fn ask_to_delete(
    work: &mut Work,
    (case, of): (CaseId, &Of),
    due: DateTime<Utc>,
) -> Result<Vec<(RowId, OrgId)>, Error> {
    let now = work.now();
    let asked = sqlx::query!(
        r#"select the_recall as "recall!: RowId", the_org as "org!" from access.ask_hosts_to_delete($1, $2, $3, $4, $5, $6, $7, $8)"#,
        case.0,
        of.consent.map(|id| id.0),
        of.former.map(|former| former.project.0),
        of.former.map(|former| former.unit),
        of.former.and_then(|former| former.since),
        of.former.map(|former| former.until),
        now,
        due
    )
    .fetch_all(work.db())
    .await?;
    Ok(asked.into_iter().map(|row| (row.recall, row.org)).collect())
}

/// Writes down that no copy is left, and ends the task for it; false where the actor was not asked.
pub(in crate::projects) async fn deleted(work: &mut Work, placement: PlacementId) -> Result<bool, Error> {
    let now = work.now();
    let done = sqlx::query_scalar!(r#"select access.hosting_deleted($1, $2) as "done!""#, placement.0, now);
    Ok(done.fetch_one(work.db()).await?)
}

/// A host that is asked to delete since a consent was taken back.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The place that it was told of.
    pub placement: PlacementId,
    /// The host's organisation, by the reader's name for it.
    pub org: String,
    /// What the project is called.
    pub project: String,
    /// It said that no copy is left.
    pub deleted: bool,
}

/// The hosts that are asked to delete what they were told on this consent.
pub async fn asked_since(work: &mut Work, consent: ConsentId) -> Result<Vec<Asked>, Error> {
    let lang = work.lang().code();
    let asked = sqlx::query_as!(
        Asked,
        r#"select r.placement as "placement: PlacementId", access.named(o.names, o.name, $2) as "org!", r.project, r.deleted_at is not null as "deleted!"
           from project_recalls r join organisations o on o.id = r.to_org where r.consent = $1 order by r.asked_at, r.id limit 100"#,
        consent.0,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(asked)
}
