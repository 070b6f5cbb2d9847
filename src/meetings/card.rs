//! The coming meetings, and the conferences that are over, as the page of a case shows them.
use super::meeting::Meeting;
use super::outcome::Decided;
use super::store;
use crate::cases::Case;
use crate::error::Error;
use crate::platform::db::Work;
use crate::web::Page;
use crate::web::format::apart;

/// Kind and moment of the next ones.
pub async fn lines(work: &mut Work, p: &Page, case: &Case) -> Result<Vec<(String, String)>, Error> {
    let next = store::next(work, case.id).await?;
    Ok(next.iter().map(|(kind, at)| (p.tc("meeting-kind", kind), p.moment(at))).collect())
}

/// The conferences that are over, the latest first. Nothing else of a case tells of them: a conference is about the person and no note of the case.
pub async fn conferences(work: &mut Work, case: &Case) -> Result<Vec<Meeting>, Error> {
    store::conferences(work, case.id).await
}

/// What was decided, who does it, and by when.
pub fn decision(p: &Page, one: &Decided) -> String {
    let day = one.due_on.map(|day| p.date(&day)).unwrap_or_default();
    let parts = [apart(&one.what), apart(&one.by), day];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
