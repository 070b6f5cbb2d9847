//! Page: what is overdue in a unit, worker by worker. Cases go by their code (S13), and what the reader does not see is not counted (S11).
use askama::Template;
use axum::response::Response;

use super::store::{self, MOST_OVERDUE, Overdue};
use super::team;
use crate::access::Act;
use crate::audit::About;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::UnitId;
use crate::tasks::task::called;
use crate::web::form::Query;
use crate::web::parts::Choice;
use crate::web::{Form, Page, Routes};

/// The page of what is overdue.
pub(super) fn routes() -> Routes {
    Routes::new().page("GET", "/team/overdue", index)
}

#[derive(Template)]
#[template(path = "supervision/html/overdue.html")]
struct Late {
    p: Page,
    form: Form,
    units: Vec<Choice>,
    back: String,
    workers: Vec<Worker>,
    more: String,
}

// What is overdue with one worker, or with nobody.
struct Worker {
    name: String,
    count: String,
    // The case, what must be done, since when.
    rows: Vec<(String, String, String)>,
}

/// GET /team/overdue
async fn index(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::CaseAssign)?;
    let asked: Option<UnitId> = query.value("unit").parse().ok();
    let units = store::units(&mut work).await?;
    let within = team::chosen(&units, asked)?.map(|unit| (unit.id, unit.within.clone()));
    let (unit, late) = match within {
        Some((unit, within)) => (Some(unit), store::overdue(&mut work, &within).await?),
        None => (None, Vec::new()),
    };
    let p = Page::titled(&mut work, "overdue-title").await?;
    let mut form = query;
    form.set("unit", unit.map(|id| id.to_string()).unwrap_or_default());
    let most = usize::try_from(MOST_OVERDUE).unwrap_or(usize::MAX);
    let page = Late {
        units: units.iter().map(|unit| Choice::new(unit.id.to_string(), &unit.name)).collect(),
        back: unit.map_or_else(|| "/team".to_owned(), |id| format!("/team?unit={id}")),
        workers: late.chunk_by(|a, b| a.worker == b.worker).map(|theirs| worker(&p, theirs)).collect(),
        more: if late.len() >= most { p.ta("overdue-more", "count", MOST_OVERDUE) } else { String::new() },
        form,
        p,
    };
    work.show(About::subjects(late.iter().map(|one| one.case.0)), page).await
}

fn worker(p: &Page, theirs: &[Overdue]) -> Worker {
    let name = match theirs.first() {
        Some(Overdue { worker: Some(_), worker_name, .. }) => worker_name.clone().unwrap_or_else(|| p.t("case-closed-somebody")),
        _ => p.t("day-inbox"),
    };
    let row = |one: &Overdue| {
        let words = format!("{} · {}", one.code, called(p, &one.kind, &one.title));
        (format!("/cases/{}", one.case), words, p.reader.overdue(one.due_at))
    };
    Worker { name, count: p.number(i64::try_from(theirs.len()).unwrap_or(i64::MAX)), rows: theirs.iter().map(row).collect() }
}
