//! The verbs of community projects: write down, change and end a project; what is done on a case is in `placed`.
mod placed;

pub use placed::{Hours, Leaving, NewExemption, Placing, end_exemption, exempt, leave, may_write, note, note_as_host, place};
pub(in crate::projects) use placed::{about, may_take_part};

use serde_json::json;

use super::project::{Project, Typed};
use super::{must_be_known, recall, store};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{ProjectId, UnitId};

/// Writes a project down, to be kept by a unit.
pub async fn start(work: &mut Work, typed: &Typed) -> Result<ProjectId, Error> {
    work.may(Act::ServiceEdit)?;
    must_be_known(work).await?;
    let unit = typed.unit.ok_or_else(|| invalid("unit", "required"))?;
    work.may_in(Act::ServiceEdit, unit, None).await?;
    let measures = typed.check()?;
    check_host(work, typed.host_unit, None).await?;
    let id = store::insert(work, unit, typed, measures).await?;
    work.record(Fact::ProjectStarted, About::subjects([id.0]).note(json!({ "area": typed.area }))).await?;
    Ok(id)
}

/// Changes what is offered, over the version that was read. What was agreed with people before stays as it is.
pub async fn change(work: &mut Work, project: &Project, version: i32, typed: &Typed) -> Result<(), Error> {
    may_keep(work, project).await?;
    must_stand(project, version)?;
    let measures = typed.check()?;
    check_host(work, typed.host_unit, project.host_unit).await?;
    store::save(work, project, typed, measures).await?;
    if let Some(former) = project.host_unit.filter(|unit| typed.host_unit != Some(*unit)) {
        recall::former_later(work, project, former).await?;
    }
    work.record(Fact::ProjectEdited, About::subjects([project.id.0])).await
}

/// Ends a project: nobody is placed in it any more. Whoever has a place leaves it one by one, with a reason of their own.
pub async fn end(work: &mut Work, project: &Project, version: i32) -> Result<(), Error> {
    may_keep(work, project).await?;
    must_stand(project, version)?;
    store::end(work, project).await?;
    work.record(Fact::ProjectEnded, About::subjects([project.id.0])).await
}

/// Whether the actor keeps the projects of this one's unit.
pub async fn may_keep(work: &mut Work, project: &Project) -> Result<(), Error> {
    work.may_in(Act::ServiceEdit, project.unit, None).await
}

fn must_stand(project: &Project, version: i32) -> Result<(), Error> {
    if project.ended_at.is_some() {
        return Err(Error::Conflict(Clash::State { state: "ended".to_owned(), code: "project_ended" }));
    }
    if project.version == version { Ok(()) } else { Err(Error::Conflict(Clash::Stale)) }
}

// A unit that was the host before stays one, though nobody would choose it anew.
async fn check_host(work: &mut Work, unit: Option<UnitId>, was: Option<UnitId>) -> Result<(), Error> {
    let Some(unit) = unit.filter(|unit| Some(*unit) != was) else { return Ok(()) };
    let known = store::hosts(work).await?.iter().any(|(id, _)| *id == unit);
    if known { Ok(()) } else { Err(invalid("host_unit", "not_a_choice")) }
}
