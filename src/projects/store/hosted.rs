//! What a host sees: of each person who agreed that it is told, a name and the hours; nothing of the case. The database decides whom.
use chrono::NaiveDate;

use crate::error::{Clash, Error, OnConstraint};
use crate::platform::db::Work;
use crate::platform::ids::{PlacementId, RowId};
use crate::projects::placement::{Week, monday, unsaid};

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
