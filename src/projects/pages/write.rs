//! Writing a project down, and changing what is offered.
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use crate::access::Act;
use crate::directory::store as directory;
use crate::error::{Clash, Error, FieldErrors};
use crate::platform::db::Work;
use crate::platform::ids::ProjectId;
use crate::projects::project::{AREAS, LONGEST, Project, Typed};
use crate::projects::{actions, must_be_known, store};
use crate::web::conflict::{self, Asked, Compared};
use crate::web::form::Path;
use crate::web::parts::Choice;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "projects/html/write.html")]
struct Write {
    p: Page,
    form: Form,
    title: String,
    back: String,
    action: String,
    // None where it is set for good.
    units: Vec<Choice>,
    areas: Vec<Choice>,
    hosts: Vec<Choice>,
}

const FIELDS: [&str; 10] =
    ["title", "host", "host_unit", "area", "places", "weekly_hours", "starts_on", "ends_on", "place", "responsible"];

/// GET /projects/new
pub(super) async fn new(mut work: Work) -> Result<Response, Error> {
    work.may(Act::ServiceEdit)?;
    must_be_known(&mut work).await?;
    let form = Form::blank([("weekly_hours", "8".to_owned()), ("starts_on", work.today().to_string())]);
    let page = page(&mut work, None, form).await?;
    work.show_plain(page).await
}

/// POST /projects
pub(super) async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    let typed = read(&mut form);
    let done = match form.check() {
        Ok(()) => actions::start(&mut work, &typed).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => work.then(&format!("/projects/{id}"), "project-saved").await,
        Err(Error::Invalid(errors)) => again(work, None, form, errors).await,
        Err(error) => Err(error),
    }
}

/// GET /projects/{project}/edit
pub(super) async fn edit(mut work: Work, Path(id): Path<ProjectId>) -> Result<Response, Error> {
    let project = store::find(&mut work, id).await?;
    actions::may_keep(&mut work, &project).await?;
    if project.ended_at.is_some() {
        return Ok(Redirect::to(&project.path()).into_response());
    }
    let form = filled(&project);
    let page = page(&mut work, Some(&project), form).await?;
    work.show_plain(page).await
}

/// POST /projects/{project}
pub(super) async fn update(mut work: Work, Path(id): Path<ProjectId>, mut form: Form) -> Result<Response, Error> {
    let project = store::find(&mut work, id).await?;
    let (version, typed) = (form.parsed_maybe("version").unwrap_or(0), read(&mut form));
    let done = match form.check() {
        Ok(()) => actions::change(&mut work, &project, version, &typed).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => work.then(&project.path(), "project-saved").await,
        Err(Error::Invalid(errors)) => again(work, Some(id), form, errors).await,
        Err(Error::Conflict(Clash::Stale)) => clash(work, id, &form).await,
        Err(error) => Err(error),
    }
}

// What is missing is told by the verb, all of it at once.
fn read(form: &mut Form) -> Typed {
    Typed {
        unit: form.parsed_maybe("unit"),
        title: form.text_maybe("title", LONGEST),
        host: form.text_maybe("host", LONGEST),
        host_unit: form.parsed_maybe("host_unit"),
        area: form.value("area").to_owned(),
        places: form.parsed_maybe("places"),
        weekly_hours: form.parsed_maybe("weekly_hours"),
        starts_on: form.date_maybe("starts_on"),
        ends_on: form.date_maybe("ends_on"),
        place: form.text_maybe("place", LONGEST),
        responsible: form.text_maybe("responsible", LONGEST),
    }
}

fn filled(project: &Project) -> Form {
    Form::blank([
        ("version", project.version.to_string()),
        ("title", project.title.clone()),
        ("host", project.host.clone()),
        ("host_unit", project.host_unit.map(|unit| unit.to_string()).unwrap_or_default()),
        ("area", project.area.clone()),
        ("places", project.places.to_string()),
        ("weekly_hours", project.weekly_hours.to_string()),
        ("starts_on", project.starts_on.to_string()),
        ("ends_on", project.ends_on.map(|day| day.to_string()).unwrap_or_default()),
        ("place", project.place.clone()),
        ("responsible", project.responsible.clone()),
    ])
}

async fn again(work: Work, id: Option<ProjectId>, form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let project = match id {
        Some(id) => Some(store::find(&mut work, id).await?),
        None => None,
    };
    let page = page(&mut work, project.as_ref(), form.with_errors(errors)).await?;
    work.show_again(&page)
}

// It changed meanwhile: both sides of each field that differs.
async fn clash(work: Work, id: ProjectId, mine: &Form) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let project = store::find(&mut work, id).await?;
    let shown = page(&mut work, Some(&project), Form::default()).await?;
    let theirs = filled(&project);
    let named = |choices: &[Choice], value: &str| {
        choices.iter().find(|choice| choice.value == value).map_or_else(|| value.to_owned(), |choice| choice.label.clone())
    };
    let words = |name: &str, form: &Form| match name {
        "area" => named(&shown.areas, form.value(name)),
        "host_unit" => named(&shown.hosts, form.value(name)),
        _ => form.value(name).to_owned(),
    };
    let compared = FIELDS.iter().map(|name| {
        let label = shown.p.tc("project-field", name);
        Compared { mine: words(name, mine), theirs: words(name, &theirs), ..Compared::field(name, label, mine, &theirs) }
    });
    let compared = compared.collect();
    let asked = Asked { action: project.path(), back: project.path(), mine, theirs: &theirs };
    conflict::show(work, asked, compared).await
}

async fn page(work: &mut Work, project: Option<&Project>, form: Form) -> Result<Write, Error> {
    let key = if project.is_some() { "project-edit" } else { "project-new" };
    let p = Page::titled(work, key).await?;
    let org = work.standing.org;
    let mut units = Vec::new();
    if project.is_none() {
        for (unit, name) in directory::units(work, org).await? {
            if work.may_in(Act::ServiceEdit, unit, None).await.is_ok() {
                units.push(Choice::new(unit.to_string(), name));
            }
        }
    }
    let hosts = store::hosts(work).await?.into_iter().map(|(unit, name)| Choice::new(unit.to_string(), name));
    Ok(Write {
        title: p.t(key),
        back: project.map_or_else(|| "/projects".to_owned(), Project::path),
        action: project.map_or_else(|| "/projects".to_owned(), Project::path),
        areas: AREAS.iter().map(|area| Choice::new(*area, p.tc("project-area", area))).collect(),
        hosts: hosts.collect(),
        units,
        form,
        p,
    })
}
