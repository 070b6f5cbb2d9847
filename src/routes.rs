//! Table of contents: one line per capability.
use std::sync::Arc;

use crate::api::openapi;
use crate::web::Routes;
use crate::{
    access, achievements, assessments, case_files, cases, consent, directory, documents, eligibility, forms, letters, mail,
    meetings, notifications, people, plans, procedures, projects, records, referrals, reports, supervision, tasks, transfers,
    web,
};

// One room a line, so that two rooms that arrive together do not collide.
#[rustfmt::skip]
fn rooms() -> Routes {
    Routes::new()
        .and(web::routes())
        .and(access::routes())
        .and(people::routes())
        .and(consent::routes())
        .and(directory::routes())
        .and(cases::routes())
        .and(documents::routes())
        .and(records::routes())
        .and(assessments::routes())
        .and(forms::routes())
        .and(meetings::routes())
        .and(plans::routes())
        .and(projects::routes())
        .and(achievements::routes())
        .and(eligibility::routes())
        .and(tasks::routes())
        .and(procedures::routes())
        .and(case_files::routes())
        .and(referrals::routes())
        .and(transfers::routes())
        .and(supervision::routes())
        .and(reports::routes())
        .and(letters::routes())
        .and(notifications::routes())
        .and(mail::routes())
}

/// Every route of the program, and the document that describes its REST calls.
pub fn all() -> Routes {
    let document = Arc::new(document());
    rooms().open("GET", "/api/openapi.json", move || {
        let document = document.clone();
        async move { openapi::serve(&document) }
    })
}

/// The description of every REST call.
pub fn document() -> utoipa::openapi::OpenApi {
    openapi::assemble(rooms().documents())
}
