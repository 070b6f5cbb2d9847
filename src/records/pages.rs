//! Pages: the list, a new record, one record with its versions and referrals, correcting and moving it; the same under a case and a person.
mod list;
mod papers;
mod show;
mod write;

use axum::extract::Request;
use axum::response::Response;

use super::place::Of;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PersonId, RecordId};
use crate::web::form::{Path, Query};
use crate::web::{Form, Routes};

/// The routes of records, under a case and under a person.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/cases/{id}/records", async |work: Work, Path(id): Path<CaseId>, Query(query): Query| {
            list::index(work, Of::Case(id), query).await
        })
        .page("GET", "/people/{id}/records", async |work: Work, Path(id): Path<PersonId>, Query(query): Query| {
            list::index(work, Of::Person(id), query).await
        })
        .page("GET", "/cases/{id}/records/new", async |work: Work, Path(id): Path<CaseId>, Query(query): Query| {
            write::new(work, Of::Case(id), query).await
        })
        .page("GET", "/people/{id}/records/new", async |work: Work, Path(id): Path<PersonId>, Query(query): Query| {
            write::new(work, Of::Person(id), query).await
        })
        .page("POST", "/cases/{id}/records", async |work: Work, Path(id): Path<CaseId>, form: Form| {
            write::create(work, Of::Case(id), form).await
        })
        .page("POST", "/people/{id}/records", async |work: Work, Path(id): Path<PersonId>, form: Form| {
            write::create(work, Of::Person(id), form).await
        })
        .and(of_one())
}

async fn case_show(work: Work, Path((id, root)): Path<(CaseId, RecordId)>) -> Result<Response, Error> {
    show::show(work, Of::Case(id), root).await
}

async fn person_show(work: Work, Path((id, root)): Path<(PersonId, RecordId)>) -> Result<Response, Error> {
    show::show(work, Of::Person(id), root).await
}

// What is done with one record.
fn of_one() -> Routes {
    type C = Path<(CaseId, RecordId)>;
    type P = Path<(PersonId, RecordId)>;
    Routes::new()
        .page("GET", "/cases/{id}/records/{record}", case_show)
        .page("GET", "/people/{id}/records/{record}", person_show)
        .page("GET", "/cases/{id}/records/{record}/correction", async |work: Work, Path((id, root)): C| {
            write::edit(work, Of::Case(id), root).await
        })
        .page("GET", "/people/{id}/records/{record}/correction", async |work: Work, Path((id, root)): P| {
            write::edit(work, Of::Person(id), root).await
        })
        .page("POST", "/cases/{id}/records/{record}/correction", async |work: Work, Path((id, root)): C, form: Form| {
            write::update(work, Of::Case(id), root, form).await
        })
        .page("POST", "/people/{id}/records/{record}/correction", async |work: Work, Path((id, root)): P, form: Form| {
            write::update(work, Of::Person(id), root, form).await
        })
        .page("GET", "/cases/{id}/records/{record}/documents", async |work: Work, Path((id, root)): C| {
            papers::index(work, id, root).await
        })
        .page("POST", "/cases/{id}/records/{record}/documents", async |work: Work, Path((id, root)): C, request: Request| {
            papers::create(work, id, root, request).await
        })
        .page("POST", "/cases/{id}/records/{record}/move", async |work: Work, Path((id, root)): C, form: Form| {
            show::move_on(work, Of::Case(id), root, form).await
        })
        .page("POST", "/people/{id}/records/{record}/move", async |work: Work, Path((id, root)): P, form: Form| {
            show::move_on(work, Of::Person(id), root, form).await
        })
}
