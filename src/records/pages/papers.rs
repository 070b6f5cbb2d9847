//! The documents of a record of a case: the list, and adding one. They are read as the record is: those of a record with parts for whoever works
//! the case alone no further than these parts.
use axum::extract::Request;
use axum::response::Response;

use crate::documents::pages::{self, Shelf};
use crate::documents::{self, Document};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RecordId};
use crate::records::actions;
use crate::records::place::{Of, Place};

/// GET /cases/{id}/records/{record}/documents
pub(super) async fn index(mut work: Work, case: CaseId, root: RecordId) -> Result<Response, Error> {
    let shelf = shelf(&mut work, case, root).await?;
    pages::list(work, &shelf).await
}

/// POST /cases/{id}/records/{record}/documents
pub(super) async fn create(mut work: Work, case: CaseId, root: RecordId, request: Request) -> Result<Response, Error> {
    let shelf = shelf(&mut work, case, root).await?;
    pages::put(work, &shelf, request).await
}

// A stub holds nothing, and whoever may not read a part of the record adds nothing to it.
async fn shelf(work: &mut Work, case: CaseId, root: RecordId) -> Result<Shelf, Error> {
    let place = Place::find(work, Of::Case(case)).await?;
    let newest = actions::read(work, &place, root).await?.into_iter().next().ok_or(Error::NotFound)?;
    if newest.said.is_none() || !newest.withheld.is_empty() {
        return Err(Error::NotFound);
    }
    let record = Some(place.holds(&newest.kind, root));
    Ok(Shelf { case, record, back: format!("{}/records/{root}", place.path()) })
}

/// Those of one record; one that stands beside the cases of a person has none.
pub(super) async fn of(work: &mut Work, of: Of, root: RecordId) -> Result<Vec<Document>, Error> {
    let Of::Case(case) = of else { return Ok(Vec::new()) };
    documents::store::list(work, case, Some(root)).await
}
