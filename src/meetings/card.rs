//! The coming meetings, as the page of a case shows them.
use super::store;
use crate::cases::Case;
use crate::error::Error;
use crate::platform::db::Work;
use crate::web::Page;

/// Kind and moment of the next ones.
pub async fn lines(work: &mut Work, p: &Page, case: &Case) -> Result<Vec<(String, String)>, Error> {
    let next = store::next(work, case.id).await?;
    Ok(next.iter().map(|(kind, at)| (p.tc("meeting-kind", kind), p.moment(at))).collect())
}
