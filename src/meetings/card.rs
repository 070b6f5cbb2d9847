//! The coming meetings, and those that its timeline tells of, as the page of a case shows them.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::meeting::Meeting;
use super::outcome::Decided;
use super::store;
use crate::cases::Case;
use crate::error::Error;
use crate::platform::db::Work;
use crate::web::Page;
use crate::web::format::apart;

/// Where the next ones are, their kind and moment.
pub async fn lines(work: &mut Work, p: &Page, case: &Case) -> Result<Vec<(String, String, String)>, Error> {
    let next = store::next(work, case.id).await?;
    let line = |(id, kind, at): &(Uuid, String, DateTime<Utc>)| {
        (format!("{}/meetings/{id}", case.path()), p.tc("meeting-kind", kind), p.moment(at))
    };
    Ok(next.iter().map(line).collect())
}

/// What the timeline tells of, the latest first. A conference is about the person and no note of the case, and a note does not say that a visit was
/// not safe or that something was put right.
pub async fn told(work: &mut Work, case: &Case) -> Result<Vec<Meeting>, Error> {
    store::told(work, case.id).await
}

/// What was decided, who does it, and by when.
pub fn decision(p: &Page, one: &Decided) -> String {
    let day = one.due_on.map(|day| p.date(&day)).unwrap_or_default();
    let by = if one.person { p.t("conference-person") } else { apart(&one.by) };
    let parts = [apart(&one.what), by, day];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
