//! On a case: placing somebody from a support of their plan, who is exempt, the hours of a week, leaving. Nothing of it leaves a task, a message
//! or any other trace that a benefit could be cut by (S25).
use chrono::{Months, NaiveDate};

use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::{self, Case, Member, gates};
use crate::error::{Clash, Error, FieldErrors, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, PlacementId, PlanLineId, ProjectId, RowId};
use crate::projects::placement::{EXEMPT, Exemption, LEAVING, MOST_HOURS, Placement, Week, monday};
use crate::projects::project::{HOURS, within};
use crate::projects::rules;
use crate::projects::store::hosted::{self, Hosted};
use crate::projects::store::placed::{self as store, NewPlacement};

// A place is not kept longer than that for whoever is to come.
const MOST_AHEAD: Months = Months::new(12);

/// Who is placed where.
#[derive(Debug, Clone, Default)]
pub struct Placing {
    /// The project.
    pub project: Option<ProjectId>,
    /// Who of the case.
    pub person: Option<PersonId>,
    /// The support of a plan that it is for.
    pub line: Option<PlanLineId>,
    /// Hours a week, as agreed.
    pub weekly_hours: Option<i16>,
    /// They are exempt, and take part because they want to.
    pub own_wish: bool,
    /// From when.
    pub starts_on: Option<NaiveDate>,
}

/// Places somebody of the case in a project that has a place free.
pub async fn place(work: &mut Work, case: &Case, how: &Placing) -> Result<PlacementId, Error> {
    may_write(work, case).await?;
    let rules = rules(work, case).await?.ok_or(Error::NotFound)?;
    gates::must_be_open(work, case, &rules.panel).await?;
    let mut errors = FieldErrors::default();
    for (field, missing) in [
        ("project", how.project.is_none()),
        ("person", how.person.is_none()),
        ("line", how.line.is_none()),
        ("starts_on", how.starts_on.is_none()),
    ] {
        if missing {
            errors.add(field, "required");
        }
    }
    within(how.weekly_hours, &HOURS, "weekly_hours", &mut errors);
    // Nobody else has the place until then.
    let latest = work.today().checked_add_months(MOST_AHEAD);
    if how.starts_on.is_some_and(|day| latest.is_some_and(|latest| day > latest)) {
        errors.add("starts_on", "too_far");
    }
    errors.or_ok()?;
    let (Some(project), Some(person), Some(line), Some(starts_on), Some(weekly_hours)) =
        (how.project, how.person, how.line, how.starts_on, how.weekly_hours)
    else {
        return Err(invalid("", "required"));
    };
    let project = match crate::projects::store::find(work, project).await {
        Ok(found) if found.org == case.org => found,
        Ok(_) | Err(Error::NotFound) => return Err(invalid("project", "not_a_choice")),
        Err(error) => return Err(error),
    };
    match store::is_support(work, case.id, (line, person)).await? {
        None => return Err(invalid("line", "not_a_choice")),
        Some(false) => return Err(invalid("person", "not_agreed_to_plan")),
        Some(true) => {}
    }
    // Only of somebody who is exempt it is said that they want to.
    let own_wish = is_exempt(work, case, person, (starts_on, how.own_wish)).await?;
    let new = NewPlacement { project: project.id, person, line, weekly_hours, own_wish, starts_on };
    let id = store::insert(work, case.id, new).await?;
    work.record(Fact::ProjectPlaced, about(case, id.0).with(project.id)).await?;
    Ok(id)
}

// Adults of the case who are safe to involve (S3); whoever is exempt only by their own wish. Whether they are.
async fn is_exempt(work: &mut Work, case: &Case, person: PersonId, (on, own_wish): (NaiveDate, bool)) -> Result<bool, Error> {
    let people = cases::store::people(work, case.id).await?;
    if !people.iter().any(|member| member.person_id == person && may_take_part(member, on)) {
        return Err(invalid("person", "not_a_choice"));
    }
    let exempt = store::exemptions(work, case.id).await?.iter().any(|one| one.person_id == person && one.holds(on));
    if exempt && !own_wish { Err(invalid("person", "exempt_from_projects")) } else { Ok(exempt) }
}

/// Whether this member of a case may be placed by that day: an adult, as far as is known, who is safe to involve.
pub(in crate::projects) fn may_take_part(member: &Member, on: NaiveDate) -> bool {
    let of_age = |born: NaiveDate| born.checked_add_months(Months::new(18 * 12)).is_none_or(|day| day <= on);
    !member.not_safe_to_involve && member.born_on.is_none_or(of_age)
}

/// Why somebody leaves, and when.
#[derive(Debug, Clone, Default)]
pub struct Leaving {
    /// The edition that was read.
    pub version: i32,
    /// Their last day.
    pub on: Option<NaiveDate>,
    /// One of [`LEAVING`].
    pub reason: String,
}

/// Somebody leaves the project. Their place is free at once. Whoever was still to come leaves today, whichever day is named.
pub async fn leave(work: &mut Work, case: &Case, placement: &Placement, how: &Leaving) -> Result<(), Error> {
    may_write(work, case).await?;
    if !placement.lasts() {
        return Err(Error::Conflict(Clash::State { state: "left".to_owned(), code: "placement_over" }));
    }
    if placement.version != how.version {
        return Err(Error::Conflict(Clash::Stale));
    }
    let mut errors = FieldErrors::default();
    if !LEAVING.contains(&how.reason.as_str()) {
        errors.add("reason", if how.reason.is_empty() { "required" } else { "not_a_choice" });
    }
    let today = work.today();
    let on = if placement.starts_on > today { Some(today) } else { how.on };
    match on {
        None => errors.add("left_on", "required"),
        Some(day) if day < placement.starts_on.min(today) => errors.add("left_on", "ends_before_it_starts"),
        Some(day) if day > today => errors.add("left_on", "in_future"),
        Some(_) => {}
    }
    errors.or_ok()?;
    let on = on.ok_or_else(|| invalid("left_on", "required"))?;
    store::leave(work, placement, (on, &how.reason)).await?;
    // A reason may tell of health or of a family: it stands on the case, not in the audit.
    work.record(Fact::ProjectLeft, about(case, placement.id.0)).await
}

/// The hours of one week as they are typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hours {
    /// How often that week had been written down when it was read.
    pub version: i32,
    /// A day of it.
    pub week: Option<NaiveDate>,
    /// Hours there.
    pub present: Option<i16>,
    /// Hours away for a good reason.
    pub justified: Option<i16>,
    /// Hours away without one.
    pub unjustified: Option<i16>,
}

impl Hours {
    // What is left empty is none.
    fn check(&self, expects: impl Fn(NaiveDate) -> bool) -> Result<(NaiveDate, [i16; 3]), Error> {
        let mut errors = FieldErrors::default();
        let hours = [("present", self.present), ("justified", self.justified), ("unjustified", self.unjustified)];
        for (field, hours) in hours {
            within(Some(hours.unwrap_or(0)), &(0..=MOST_HOURS), field, &mut errors);
        }
        if hours.iter().all(|(_, hours)| hours.is_none()) {
            errors.add("present", "hours_needed");
        }
        let week = self.week.map(monday);
        match week {
            None => errors.add("week", "required"),
            Some(week) if !expects(week) => errors.add("week", "project_week_not_open"),
            Some(_) => {}
        }
        errors.or_ok()?;
        let week = week.ok_or_else(|| invalid("week", "required"))?;
        Ok((week, hours.map(|(_, hours)| hours.unwrap_or(0))))
    }
}

fn week_of(work: &Work, placement: PlacementId, version: i32, (week, hours): (NaiveDate, [i16; 3])) -> Week {
    let [present, justified, unjustified] = hours;
    let author_name = work.standing.name.clone();
    Week {
        placement,
        week,
        nth: version + 1,
        present,
        justified,
        unjustified,
        by_host: false,
        author_name,
        recorded_at: work.now(),
    }
}

/// Writes the hours of a week down. What was said of it before stays; two who write upon one state: the second is stale. No consequence follows
/// by itself, whatever the hours are (S25).
pub async fn note(work: &mut Work, case: &Case, placement: &Placement, how: &Hours) -> Result<(), Error> {
    may_write(work, case).await?;
    let today = work.today();
    let checked = how.check(|week| placement.expects(week, today))?;
    let said = store::weeks(work, case.id).await?;
    let read = said.iter().find(|one| one.placement == placement.id && one.week == checked.0).map_or(0, |one| one.nth);
    if read != how.version {
        return Err(Error::Conflict(Clash::Stale));
    }
    let week = week_of(work, placement.id, how.version, checked);
    store::note(work, placement, &week).await?;
    // Neither the hours nor whether somebody was there stand in the audit.
    work.record(Fact::AttendanceNoted, about(case, placement.id.0)).await
}

/// The host writes the hours of a week down.
pub async fn note_as_host(work: &mut Work, hosted: &Hosted, how: &Hours) -> Result<(), Error> {
    work.may(Act::ReferralAnswer)?;
    let today = work.today();
    let checked = how.check(|week| hosted.expects(week, today))?;
    let said = hosted::weeks(work, hosted.placement).await?;
    let read = said.iter().find(|one| one.week == checked.0).map_or(0, |one| one.nth);
    if read != how.version {
        return Err(Error::Conflict(Clash::Stale));
    }
    let week = week_of(work, hosted.placement, how.version, checked);
    hosted::note(work, &week).await?;
    work.record(Fact::AttendanceNoted, About::subjects([hosted.placement.0])).await
}

/// Who is exempt, and why.
#[derive(Debug, Clone, Default)]
pub struct NewExemption {
    /// Who of the case.
    pub person: Option<PersonId>,
    /// One of [`EXEMPT`].
    pub reason: String,
    /// The last day, where one is known.
    pub until_on: Option<NaiveDate>,
}

/// Writes down that somebody need not take part. Whoever has a place keeps it until they leave.
pub async fn exempt(work: &mut Work, case: &Case, how: &NewExemption) -> Result<RowId, Error> {
    may_write(work, case).await?;
    rules(work, case).await?.ok_or(Error::NotFound)?;
    let mut errors = FieldErrors::default();
    if !EXEMPT.contains(&how.reason.as_str()) {
        errors.add("reason", if how.reason.is_empty() { "required" } else { "not_a_choice" });
    }
    if how.until_on.is_some_and(|day| day < work.today()) {
        errors.add("until_on", "in_past");
    }
    let people = cases::store::people(work, case.id).await?;
    match how.person {
        None => errors.add("person", "required"),
        Some(person) if !people.iter().any(|member| member.person_id == person) => errors.add("person", "not_a_choice"),
        Some(_) => {}
    }
    errors.or_ok()?;
    let person = how.person.ok_or_else(|| invalid("person", "required"))?;
    let id = store::exempt(work, case.id, (person, &how.reason, how.until_on)).await?;
    work.record(Fact::ExemptionRecorded, about(case, id.0)).await?;
    Ok(id)
}

/// Somebody is exempt no longer.
pub async fn end_exemption(work: &mut Work, case: &Case, exemption: &Exemption, version: i32) -> Result<(), Error> {
    may_write(work, case).await?;
    if exemption.version != version {
        return Err(Error::Conflict(Clash::Stale));
    }
    store::end_exemption(work, exemption).await?;
    work.record(Fact::ExemptionEnded, about(case, exemption.id.0)).await
}

/// Whether the actor may write of community projects on this case now.
pub async fn may_write(work: &mut Work, case: &Case) -> Result<(), Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    case.must_be_open()
}

/// What the audit names.
pub(in crate::projects) fn about(case: &Case, id: uuid::Uuid) -> About {
    About::case(case.id).with(case.person_id).with(id)
}
