//! The projects of one's organisation.
use askama::Template;
use axum::response::Response;

use crate::access::Act;
use crate::error::Error;
use crate::platform::db::Work;
use crate::projects::{must_be_known, store};
use crate::web::Page;
use crate::web::form::Query;
use crate::web::parts::{Badge, Tab, Tone};

#[derive(Template)]
#[template(path = "projects/html/index.html")]
struct Index {
    p: Page,
    tabs: Vec<Tab>,
    heads: [String; 5],
    rows: Vec<Row>,
    may_keep: bool,
}

struct Row {
    href: String,
    title: String,
    host: String,
    area: String,
    when: String,
    places: Badge,
}

/// GET /projects?show=
pub(super) async fn index(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    must_be_known(&mut work).await?;
    let today = work.today();
    let all = query.value("show") == "all";
    let projects = store::list(&mut work, (!all).then_some(today)).await?;
    let p = Page::titled(&mut work, "projects-title").await?;
    let row = |project: &crate::projects::Project| Row {
        href: project.path(),
        title: project.title.clone(),
        host: project.host.clone(),
        area: p.tc("project-area", &project.area),
        when: when(&p, project),
        places: places(&p, project),
    };
    let show = if all { "all" } else { "running" };
    let page = Index {
        tabs: vec![
            Tab::new("/projects", p.t("projects-running")).on_when(show, "running"),
            Tab::new("/projects?show=all", p.t("projects-all")).on_when(show, "all"),
        ],
        heads: ["title", "host", "area", "when", "places"].map(|head| p.tc("project-head", head)),
        rows: projects.iter().map(row).collect(),
        may_keep: work.holds(Act::ServiceEdit),
        p,
    };
    work.show_plain(page).await
}

/// From when until when.
pub(super) fn when(p: &Page, project: &crate::projects::Project) -> String {
    let until = project.ends_on.map_or_else(|| p.t("project-open-end"), |day| p.date(&day));
    format!("{} – {until}", p.date(&project.starts_on))
}

/// How many places are free, or that it is over.
pub(super) fn places(p: &Page, project: &crate::projects::Project) -> Badge {
    if !project.runs(p.reader.today()) {
        return Badge::new(p.t("project-over"), Tone::Neutral);
    }
    let values = [("free", i64::from(project.free()).into()), ("all", p.number(project.places).into())];
    let words = crate::platform::text::text_with(p.reader.lang, "project-places-free", &values);
    Badge::new(words, if project.free() > 0 { Tone::Good } else { Tone::Warning })
}
