//! The list of what waits, and of what was decided on.
use askama::Template;
use axum::response::Response;

use super::pages::{code, path, state};
use crate::access::Act;
use crate::audit::About;
use crate::error::Error;
use crate::forms::store;
use crate::platform::db::Work;
use crate::web::Page;
use crate::web::form::Query;
use crate::web::parts::{Badge, Tab};

#[derive(Template)]
#[template(path = "forms/html/arrivals.html")]
struct Index {
    p: Page,
    tabs: Vec<Tab>,
    heads: [String; 5],
    rows: Vec<Row>,
}

struct Row {
    href: String,
    form: String,
    code: String,
    from: String,
    unit: String,
    received: String,
    state: Badge,
}

/// GET /arrivals: what waits, the oldest first; `?view=done` what was decided on. No page of many names anybody (S13).
pub(super) async fn index(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::CaseEdit)?;
    let is_done = query.value("view") == "done";
    let arrivals = if is_done { store::settled(&mut work).await? } else { store::waiting(&mut work).await? };
    let units: Vec<i32> = arrivals.iter().map(|arrival| arrival.unit).collect();
    let units = store::unit_names(&mut work, &units).await?;
    let p = Page::titled(&mut work, "arrivals-title").await?;
    let rows = arrivals.iter().map(|arrival| Row {
        href: path(arrival.id),
        form: arrival.title.clone(),
        code: code(arrival.id),
        from: arrival.author_name.clone(),
        unit: units.get(&arrival.unit).cloned().unwrap_or_default(),
        received: p.moment(&arrival.recorded_at),
        state: state(&p, arrival),
    });
    let rows = rows.collect();
    let tab = |href: &str, key: &str, on: bool| Tab { on, ..Tab::new(href, p.t(key)) };
    let page = Index {
        tabs: vec![tab("/arrivals", "arrivals-waiting", !is_done), tab("/arrivals?view=done", "arrivals-done", is_done)],
        heads: ["form", "from", "unit", "received", "state"].map(|head| p.tc("arrivals-head", head)),
        rows,
        p,
    };
    work.show(About::subjects(arrivals.iter().map(|arrival| arrival.id.0)), page).await
}
