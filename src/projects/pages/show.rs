//! One project: what is offered, how many places are free, on which cases somebody has one; ending it.
use askama::Template;
use axum::response::Response;

use super::list::{places, when};
use crate::access::Act;
use crate::audit::About;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::ProjectId;
use crate::projects::{actions, must_be_known, store};
use crate::web::form::Path;
use crate::web::parts::{Badge, Entry};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "projects/html/show.html")]
struct Show {
    p: Page,
    title: String,
    path: String,
    places: Badge,
    facts: Vec<Entry>,
    cases: Vec<(String, String)>,
    version: i32,
    may_keep: bool,
}

/// GET /projects/{project}
pub(super) async fn show(mut work: Work, Path(id): Path<ProjectId>) -> Result<Response, Error> {
    let project = store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    must_be_known(&mut work).await?;
    let p = Page::of(&mut work, project.title.clone()).await?;
    let hosts = store::hosts(&mut work).await?;
    let cases = store::placed::cases(&mut work, id).await?;
    let kept_by = hosts.into_iter().find(|(unit, _)| Some(*unit) == project.host_unit).map(|(_, name)| name);
    let facts = [
        ("host", project.host.clone()),
        ("area", p.tc("project-area", &project.area)),
        ("places", p.number(project.places)),
        ("weekly-hours", p.ta("project-hours", "count", i64::from(project.weekly_hours))),
        ("when", when(&p, &project)),
        ("place", project.place.clone()),
        ("responsible", project.responsible.clone()),
        ("host-unit", kept_by.unwrap_or_default()),
        ("unit", project.unit_name.clone()),
    ];
    let page = Show {
        title: project.title.clone(),
        path: project.path(),
        places: places(&p, &project),
        facts: facts.into_iter().map(|(name, text)| Entry::new(p.tc("project-field", name), text)).collect(),
        cases: cases.iter().map(|(case, code)| (format!("/cases/{case}/placements"), code.clone())).collect(),
        version: project.version,
        may_keep: project.ended_at.is_none() && actions::may_keep(&mut work, &project).await.is_ok(),
        p,
    };
    let seen = std::iter::once(id.0).chain(cases.iter().map(|(case, _)| case.0));
    work.show(About::subjects(seen), page).await
}

/// POST /projects/{project}/ending
pub(super) async fn end(mut work: Work, Path(id): Path<ProjectId>, mut form: Form) -> Result<Response, Error> {
    let project = store::find(&mut work, id).await?;
    let version = form.parsed_maybe("version").unwrap_or(0);
    actions::end(&mut work, &project, version).await?;
    work.then(&project.path(), "project-was-ended").await
}
