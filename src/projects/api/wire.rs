//! What the calls of community projects carry. Hours never stand beside a name (S25).
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::ids::{PersonId, PlacementId, PlanLineId, ProjectId, RowId, UnitId};
use crate::platform::typed;
use crate::projects::actions::{Hours, Leaving, NewExemption, Placing};
use crate::projects::placement::{Exemption, Placement, Sum, Week};
use crate::projects::project::{Project, Typed};
use crate::projects::store::hosted::{Hosted, ToDelete};

/// A community project.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProjectWire {
    id: ProjectId,
    /// The unit that keeps it.
    unit: UnitId,
    title: String,
    /// The organisation or municipality where it takes place.
    host: String,
    /// The host's unit in this system, which keeps attendance.
    host_unit: Option<UnitId>,
    /// `culture`, `social`, `art`, `environment`, `training` or `common_goods`.
    area: String,
    places: i16,
    /// Places that nobody has.
    free: i32,
    /// Hours a week, from 8 to 16.
    weekly_hours: i16,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    place: String,
    responsible: String,
    ended_at: Option<DateTime<Utc>>,
    /// For the next `If-Match`.
    version: i32,
}

impl From<Project> for ProjectWire {
    fn from(one: Project) -> Self {
        Self {
            free: one.free(),
            id: one.id,
            unit: one.unit,
            title: one.title,
            host: one.host,
            host_unit: one.host_unit,
            area: one.area,
            places: one.places,
            weekly_hours: one.weekly_hours,
            starts_on: one.starts_on,
            ends_on: one.ends_on,
            place: one.place,
            responsible: one.responsible,
            ended_at: one.ended_at,
            version: one.version,
        }
    }
}

/// A project as it is written down or changed.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ProjectTyped {
    /// The unit that keeps it; needed for a new one, and set for good.
    #[serde(default)]
    unit: Option<UnitId>,
    #[serde(default)]
    title: String,
    /// The organisation or municipality where it takes place.
    #[serde(default)]
    host: String,
    /// The host's unit in this system: it keeps attendance of whoever agreed that it is told.
    #[serde(default)]
    host_unit: Option<UnitId>,
    /// `culture`, `social`, `art`, `environment`, `training` or `common_goods`.
    #[serde(default)]
    area: String,
    #[serde(default)]
    places: Option<i16>,
    /// From 8 to 16.
    #[serde(default)]
    weekly_hours: Option<i16>,
    #[serde(default)]
    starts_on: Option<NaiveDate>,
    #[serde(default)]
    ends_on: Option<NaiveDate>,
    #[serde(default)]
    place: String,
    /// Who answers for it at the host.
    #[serde(default)]
    responsible: String,
}

impl From<&ProjectTyped> for Typed {
    fn from(wire: &ProjectTyped) -> Self {
        Self {
            unit: wire.unit,
            title: typed::cleaned(&wire.title),
            host: typed::cleaned(&wire.host),
            host_unit: wire.host_unit,
            area: wire.area.clone(),
            places: wire.places,
            weekly_hours: wire.weekly_hours,
            starts_on: wire.starts_on,
            ends_on: wire.ends_on,
            place: typed::cleaned(&wire.place),
            responsible: typed::cleaned(&wire.responsible),
        }
    }
}

/// The hours of a week, as they were said last.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AttendanceWire {
    /// Its Monday.
    week: NaiveDate,
    present: i16,
    /// Away for a good reason.
    justified: i16,
    /// Away without one.
    unjustified: i16,
    by_host: bool,
    recorded_at: DateTime<Utc>,
    /// For the next `If-Match`: how often this week was said.
    version: i32,
}

impl From<&Week> for AttendanceWire {
    fn from(week: &Week) -> Self {
        Self {
            week: week.week,
            present: week.present,
            justified: week.justified,
            unjustified: week.unjustified,
            by_host: week.by_host,
            recorded_at: week.recorded_at,
            version: week.nth,
        }
    }
}

/// Hours over the weeks that were written down; a week of which nothing was said counts for nothing.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AttendanceSum {
    weeks: i64,
    /// Hours agreed for these weeks.
    agreed: i64,
    present: i64,
    justified: i64,
    unjustified: i64,
}

/// Somebody's place in a project.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProjectPlacementWire {
    id: PlacementId,
    project: ProjectId,
    person: PersonId,
    /// The support of a plan that it was started from.
    line: PlanLineId,
    /// Hours a week, as agreed.
    weekly_hours: i16,
    /// They are exempt, and take part because they want to.
    own_wish: bool,
    starts_on: NaiveDate,
    left_on: Option<NaiveDate>,
    left_reason: Option<String>,
    hours: AttendanceSum,
    weeks: Vec<AttendanceWire>,
    /// For the next `If-Match`.
    version: i32,
}

impl ProjectPlacementWire {
    pub(super) fn of(one: &Placement, all: &[Week]) -> Self {
        let own: Vec<Week> = all.iter().filter(|week| week.placement == one.id).cloned().collect();
        let Sum { weeks, agreed, present, justified, unjustified } = Sum::of(one.weekly_hours, &own);
        Self {
            id: one.id,
            project: one.project_id,
            person: one.person_id,
            line: one.plan_line,
            weekly_hours: one.weekly_hours,
            own_wish: one.own_wish,
            starts_on: one.starts_on,
            left_on: one.left_on,
            left_reason: one.left_reason.clone(),
            hours: AttendanceSum { weeks, agreed, present, justified, unjustified },
            weeks: own.iter().map(AttendanceWire::from).collect(),
            version: one.version,
        }
    }
}

/// Somebody who need not take part.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ExemptionWire {
    id: RowId,
    person: PersonId,
    /// `work`, `small_children`, `disability` or `study`.
    reason: String,
    until_on: Option<NaiveDate>,
    /// For the next `If-Match`.
    version: i32,
}

impl From<&Exemption> for ExemptionWire {
    fn from(one: &Exemption) -> Self {
        Self { id: one.id, person: one.person_id, reason: one.reason.clone(), until_on: one.until_on, version: one.version }
    }
}

/// Community projects on a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlacementsWire {
    pub(super) placements: Vec<ProjectPlacementWire>,
    pub(super) exemptions: Vec<ExemptionWire>,
}

/// Who is placed where.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct PlacingWire {
    #[serde(default)]
    project: Option<ProjectId>,
    #[serde(default)]
    person: Option<PersonId>,
    /// A support of a plan of the case that is not over.
    #[serde(default)]
    line: Option<PlanLineId>,
    /// From 8 to 16.
    #[serde(default)]
    weekly_hours: Option<i16>,
    /// They are exempt, and take part because they want to.
    #[serde(default)]
    own_wish: bool,
    #[serde(default)]
    starts_on: Option<NaiveDate>,
}

impl From<&PlacingWire> for Placing {
    fn from(wire: &PlacingWire) -> Self {
        let PlacingWire { project, person, line, weekly_hours, own_wish, starts_on } = *wire;
        Self { project, person, line, weekly_hours, own_wish, starts_on }
    }
}

/// The hours of one week.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct AttendanceTyped {
    /// A day of the week.
    #[serde(default)]
    week: Option<NaiveDate>,
    #[serde(default)]
    present: Option<i16>,
    /// Away for a good reason.
    #[serde(default)]
    justified: Option<i16>,
    /// Away without one.
    #[serde(default)]
    unjustified: Option<i16>,
}

impl AttendanceTyped {
    pub(super) fn over(&self, version: i32) -> Hours {
        let Self { week, present, justified, unjustified } = *self;
        Hours { version, week, present, justified, unjustified }
    }
}

/// Why somebody leaves.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ProjectLeavingWire {
    /// Their last day.
    #[serde(default)]
    left_on: Option<NaiveDate>,
    /// `completed`, `found_work`, `own_wish`, `health`, `care`, `moved`, `project_ended`, `not_suitable` or `other`.
    #[serde(default)]
    reason: String,
}

impl ProjectLeavingWire {
    pub(super) fn over(&self, version: i32) -> Leaving {
        Leaving { version, on: self.left_on, reason: self.reason.clone() }
    }
}

/// Who is exempt.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ExemptingWire {
    #[serde(default)]
    person: Option<PersonId>,
    /// `work`, `small_children`, `disability` or `study`.
    #[serde(default)]
    reason: String,
    /// The last day, where one is known.
    #[serde(default)]
    until_on: Option<NaiveDate>,
}

impl From<&ExemptingWire> for NewExemption {
    fn from(wire: &ExemptingWire) -> Self {
        Self { person: wire.person, reason: wire.reason.clone(), until_on: wire.until_on }
    }
}

/// Somebody who is placed with one's own unit and agreed that it is told. Their hours are read one by one, without a name.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HostedWire {
    placement: PlacementId,
    project: String,
    name: String,
    /// Hours a week, as agreed.
    weekly_hours: i16,
    starts_on: NaiveDate,
    until_on: Option<NaiveDate>,
}

impl From<Hosted> for HostedWire {
    fn from(one: Hosted) -> Self {
        Self {
            placement: one.placement,
            project: one.project,
            name: one.person,
            weekly_hours: one.hours,
            starts_on: one.from_on,
            until_on: one.until_on,
        }
    }
}

/// The hours of somebody who is placed with one's own unit.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HostedHours {
    placement: PlacementId,
    /// Hours a week, as agreed.
    weekly_hours: i16,
    weeks: Vec<AttendanceWire>,
}

impl HostedHours {
    pub(super) fn of(one: &Hosted, weeks: &[Week]) -> Self {
        Self { placement: one.placement, weekly_hours: one.hours, weeks: weeks.iter().map(AttendanceWire::from).collect() }
    }
}

/// What a host is asked to delete: of somebody in this project from this day on, whom it knows by name.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HostedToDelete {
    placement: PlacementId,
    project: String,
    starts_on: NaiveDate,
    /// Hours a week, as agreed.
    weekly_hours: i16,
    /// Who asks.
    from: String,
    /// By when.
    delete_by: DateTime<Utc>,
}

impl From<ToDelete> for HostedToDelete {
    fn from(one: ToDelete) -> Self {
        Self {
            placement: one.placement,
            project: one.project,
            starts_on: one.starts_on,
            weekly_hours: one.weekly_hours,
            from: one.from_name,
            delete_by: one.due_at,
        }
    }
}
