//! The versions of a case's plan.
use askama::Template;
use axum::response::Response;

use super::{called, opening, titled};
use crate::audit::About;
use crate::cases::Case;
use crate::error::Error;
use crate::plans::{Standing, actions, card};
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::web::Page;
use crate::web::form::Path;
use crate::web::parts::Badge;

#[derive(Template)]
#[template(path = "plans/html/index.html")]
struct Index {
    p: Page,
    back: String,
    path: String,
    code: String,
    called: String,
    begin: String,
    // What opens plans, and where that is done.
    opens: String,
    way: String,
    heads: [String; 3],
    rows: Vec<Row>,
}

struct Row {
    href: String,
    name: String,
    state: Badge,
    when: String,
}

/// GET /cases/{id}/plans
pub(super) async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = Case::read(&mut work, id).await?;
    let p = titled(&mut work, &case).await?;
    let standing = Standing::of(&mut work, &case).await?;
    let may_write = case.may_be_written(&mut work).await.is_ok();
    let row = |plan: &crate::plans::Plan| Row {
        href: plan.path(),
        name: card::nth(&p, plan),
        state: card::state(&p, &case, plan),
        when: p.reader.day(plan.ended_at.or(plan.agreed_at).unwrap_or(plan.recorded_at)),
    };
    let begin = match (may_write && standing.coming().is_none(), standing.agreed().is_some()) {
        (false, _) => String::new(),
        (true, false) => p.t("plan-begin"),
        (true, true) => p.t("plan-begin-next"),
    };
    let (opens, way) = if may_write { opening(&mut work, &p, &case).await? } else { Default::default() };
    let page = Index {
        back: case.path(),
        path: format!("{}/plans", case.path()),
        code: case.code.clone(),
        called: called(&mut work, &p, &case).await?,
        begin,
        opens,
        way,
        heads: ["version", "state", "when"].map(|head| p.tc("plan-head", head)),
        rows: standing.plans.iter().map(row).collect(),
        p,
    };
    work.show(About::case(id).with(case.person_id), page).await
}

/// POST /cases/{id}/plans
pub(super) async fn create(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = Case::read(&mut work, id).await?;
    let plan = actions::begin(&mut work, &case).await?;
    work.then(&format!("{}/plans/{plan}", case.path()), "plan-begun").await
}
