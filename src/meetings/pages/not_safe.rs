//! After a visit that was not safe: what happened, for whoever goes there next, and where the supervisor decides what must change (S22).
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use crate::access::Act;
use crate::cases::{self, Case};
use crate::error::Error;
use crate::meetings::meeting::Meeting;
use crate::meetings::safety::is_visit;
use crate::meetings::store;
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::web::Page;
use crate::web::form::Path;

/// What a page says of it until the supervisor has decided; nothing afterwards.
#[derive(Default)]
pub(super) struct NotSafe {
    /// Nobody goes there yet.
    pub(super) waits: bool,
    /// What happened on other visits than this one.
    pub(super) told: Vec<Told>,
    /// Where the reader writes what must change; empty for whoever does not decide it.
    pub(super) decision: String,
    /// Where a threat is written down, after a visit that was not safe.
    pub(super) threat: String,
}

/// What was said of one visit.
pub(super) struct Told {
    pub(super) href: String,
    pub(super) visit: String,
    pub(super) said: Vec<String>,
}

/// On the form that plans a meeting.
pub(super) async fn on_planning(work: &mut Work, p: &Page, case: &Case) -> Result<NotSafe, Error> {
    let yet = store::not_safe_yet(work, case.id).await?;
    Ok(NotSafe { waits: !yet.is_empty(), told: told(work, p, case, &yet).await?, ..NotSafe::default() })
}

/// On the page of a meeting: whoever may still set out on it waits, whoever supervises decides on what was not safe, and whoever writes in the case writes
/// down a threat.
pub(super) async fn on(work: &mut Work, p: &Page, case: &Case, (meeting, writes): (&Meeting, bool)) -> Result<NotSafe, Error> {
    let mut yet = store::not_safe_yet(work, case.id).await?;
    let waits = writes && meeting.is_planned() && is_visit(&meeting.kind) && !yet.is_empty();
    let decides = yet.contains(&meeting.id) && may_decide(work, case).await;
    let was = writes && (meeting.was_not_safe() || meeting.back_not_safe().is_some());
    let threat = if was { format!("{}/notes?kind=threat", case.path()) } else { String::new() };
    if !waits && !decides {
        return Ok(NotSafe { threat, ..NotSafe::default() });
    }
    yet.retain(|id| *id != meeting.id);
    let decision = if decides { format!("{}/notes", case.path()) } else { String::new() };
    Ok(NotSafe { waits, told: told(work, p, case, &yet).await?, decision, threat })
}

// Whose decision on the case settles it.
async fn may_decide(work: &mut Work, case: &Case) -> bool {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await.is_ok() && cases::actions::may_review(work, case).await.is_ok()
}

async fn told(work: &mut Work, p: &Page, case: &Case, visits: &[Uuid]) -> Result<Vec<Told>, Error> {
    if visits.is_empty() {
        return Ok(Vec::new());
    }
    let all = store::these(work, case.id, visits).await?;
    // In the order in which it is decided on them.
    let told = visits.iter().filter_map(|id| all.iter().find(|visit| visit.id == *id)).map(|visit| Told {
        href: format!("{}/meetings/{}", case.path(), visit.id),
        visit: p.signed(&p.tc("meeting-kind", &visit.kind), &p.moment(&visit.starts_at)),
        said: visit.said_not_safe(),
    });
    Ok(told.collect())
}

/// GET /cases/{id}/meetings/not-safe: to the visit after which a decision is most pressing; where none is any more, to all meetings.
pub(super) async fn first(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let to = match store::not_safe_yet(&mut work, id).await?.first() {
        Some(visit) => format!("{}/meetings/{visit}", case.path()),
        None => format!("{}/meetings", case.path()),
    };
    Ok(Redirect::to(&to).into_response())
}
