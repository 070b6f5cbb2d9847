//! The verbs: begin a screening, pause it, let it go on, cancel it, and give its proposals to the workers.
use serde_json::json;

use super::course::{Line, Screening, State};
use super::store::{self, Beginning};
use super::{jobs, scope};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Error, FieldErrors};
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, ScreeningId, ServiceId, UnitId};
use crate::platform::jobs::Job;

// Whoever begins it at the command line has no name here.
const OPERATOR: &str = "throughcare screen";

/// A screening to begin.
#[derive(Debug, Clone, Default)]
pub struct NewScreening {
    /// The unit, with all below it.
    pub unit: Option<UnitId>,
    /// Numbers of standard case types; none for all that there are.
    pub case_types: Vec<i16>,
    /// Public services that have a rule; none for all that there are.
    pub services: Vec<ServiceId>,
}

/// Begins a screening; a job goes through it. Only one at a time runs in a unit.
pub async fn begin(work: &mut Work, new: &NewScreening) -> Result<ScreeningId, Error> {
    work.may(Act::ScreeningRun)?;
    let units = scope::units(work).await?;
    let unit = units.iter().find(|unit| Some(unit.id) == new.unit).map(|unit| (unit.id, unit.org));
    begin_in(work, unit, new).await
}

/// The same for the operator at the command line, who belongs to no unit.
pub async fn begin_for(work: &mut Work, org: OrgId, unit: UnitId, new: &NewScreening) -> Result<ScreeningId, Error> {
    work.may(Act::ScreeningRun)?;
    begin_in(work, Some((unit, org)), new).await
}

async fn begin_in(work: &mut Work, unit: Option<(UnitId, OrgId)>, new: &NewScreening) -> Result<ScreeningId, Error> {
    let mut errors = FieldErrors::default();
    if unit.is_none() {
        errors.add("unit", if new.unit.is_some() { "not_a_choice" } else { "required" });
    }
    let case_types = chosen_types(work, new, &mut errors).await?;
    let mut lines = chosen_lines(work, new, &mut errors).await?;
    errors.or_ok()?;
    let Some((unit, org)) = unit else { return Err(Error::NotFound) };
    let before = store::before(work, unit, &case_types, &lines).await?;
    let asked = before.as_ref().map_or(&[][..], |(_, lines)| lines);
    for line in &mut lines {
        let earlier = asked.iter().find(|one| one.service == line.service);
        line.is_compared = earlier.is_some();
        line.changed = earlier.is_some_and(|one| one.rule != line.rule);
    }
    let id = ScreeningId::new();
    let name = if work.standing.name.is_empty() { OPERATOR.to_owned() } else { work.standing.name.clone() };
    let beginning = Beginning {
        id,
        org,
        unit,
        case_types: &case_types,
        lines: &lines,
        previous: before.as_ref().map(|(id, _)| *id),
        by: work.me().ok(),
        by_name: &name,
    };
    store::insert(work, &beginning).await?;
    work.enqueue(jobs::go_on(org, id, 1, 0)).await?;
    let note = json!({ "case_types": case_types, "services": lines.len() });
    work.record(Fact::ScreeningBegun, about(id, org).note(note)).await?;
    Ok(id)
}

async fn chosen_types(work: &mut Work, new: &NewScreening, errors: &mut FieldErrors) -> Result<Vec<i16>, Error> {
    let known: Vec<i16> = scope::kinds(work).await?.iter().map(|kind| kind.id).collect();
    let mut types = if new.case_types.is_empty() { known.clone() } else { new.case_types.clone() };
    types.sort_unstable();
    types.dedup();
    if types.is_empty() {
        errors.add("case_types", "required");
    } else if types.iter().any(|one| !known.contains(one)) {
        errors.add("case_types", "not_a_choice");
    }
    Ok(types)
}

async fn chosen_lines(work: &mut Work, new: &NewScreening, errors: &mut FieldErrors) -> Result<Vec<Line>, Error> {
    let known = scope::lines(work).await?;
    let missing = new.services.iter().any(|service| !known.iter().any(|(line, _)| line.service == *service));
    let wanted = |line: &Line| new.services.is_empty() || new.services.contains(&line.service);
    let lines: Vec<Line> = known.into_iter().map(|(line, _)| line).filter(wanted).collect();
    if missing {
        errors.add("services", "not_a_choice");
    } else if lines.is_empty() {
        errors.add("services", "required");
    }
    Ok(lines)
}

/// Stops it for now. What was found stays.
pub async fn pause(work: &mut Work, screening: &Screening) -> Result<(), Error> {
    work.may(Act::ScreeningRun)?;
    turn(work, screening, &[State::Waiting, State::Running], State::Paused).await?;
    work.record(Fact::ScreeningPaused, about(screening.id, screening.org)).await
}

/// Lets it go on where it was.
pub async fn go_on(work: &mut Work, screening: &Screening) -> Result<(), Error> {
    work.may(Act::ScreeningRun)?;
    let version = turn(work, screening, &[State::Paused, State::Failed], State::Waiting).await?;
    work.enqueue(jobs::go_on(screening.org, screening.id, version, screening.done)).await?;
    work.record(Fact::ScreeningWentOn, about(screening.id, screening.org)).await
}

/// Ends it. What was found so far stays to be read, and nothing is proposed.
pub async fn cancel(work: &mut Work, screening: &Screening) -> Result<(), Error> {
    work.may(Act::ScreeningRun)?;
    turn(work, screening, &[State::Waiting, State::Running, State::Paused, State::Failed], State::Cancelled).await?;
    work.record(Fact::ScreeningCancelled, about(screening.id, screening.org)).await
}

/// Gives the proposals to the workers: each gets a task a case, to ask whether the person agrees. Nothing is sent.
pub async fn propose(work: &mut Work, screening: &Screening) -> Result<(), Error> {
    work.may(Act::ScreeningRun)?;
    if !screening.has_chosen() || !store::set_proposed(work, screening.id).await? {
        return Err(screening.state.refuses());
    }
    let body = json!({ "screening": screening.id });
    let once = format!("{}:{}", jobs::ASK, screening.id);
    work.enqueue(Job::new(jobs::ASK, Some(screening.org), body).once(once)).await?;
    work.record(Fact::ScreeningProposed, about(screening.id, screening.org)).await
}

async fn turn(work: &mut Work, screening: &Screening, from: &[State], to: State) -> Result<i32, Error> {
    match store::set_state(work, screening.id, from, to).await? {
        Some(version) => Ok(version),
        None => Err(store::find(work, screening.id).await?.state.refuses()),
    }
}

fn about(id: ScreeningId, org: OrgId) -> About {
    About::subjects([id.0]).between([org])
}
