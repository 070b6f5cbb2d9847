//! The page of who looked at a person, for those who read the access log.
use axum::response::Response;

use crate::access::Act;
use crate::audit::About;
use crate::audit::looked::{self, Around, Of};
use crate::error::Error;
use crate::people::store;
use crate::platform::db::Work;
use crate::platform::ids::PersonId;
use crate::web::Routes;
use crate::web::form::{Path, Query};

/// The log of a person.
pub fn routes() -> Routes {
    Routes::new().page("GET", "/people/{id}/log", show)
}

/// GET /people/{id}/log
async fn show(mut work: Work, Path(id): Path<PersonId>, Query(query): Query) -> Result<Response, Error> {
    let person = store::find(&mut work, id).await?;
    work.may(Act::AuditRead)?;
    let around = Around { title: person.code.clone(), back: person.path(), tabs: Vec::new() };
    let page = looked::page(&mut work, Of::Person(id.0), &query, around).await?;
    work.show(About::default().with(id), page).await
}
