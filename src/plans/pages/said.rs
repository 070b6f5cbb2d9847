//! What stands above the goals: what the person wants, what limits them, what was tried before.
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use super::{At, Ids, actions, store, titled};
use crate::error::{Clash, Error, FieldErrors};
use crate::plans::line::LONGEST;
use crate::plans::plan::Said;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PlanId};
use crate::web::conflict::{self, Asked, Compared};
use crate::web::form::Path;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "plans/html/said.html")]
struct Write {
    p: Page,
    form: Form,
    back: String,
    action: String,
    code: String,
}

/// GET /cases/{id}/plans/{plan}/words
pub(super) async fn edit(mut work: Work, Path(ids): Ids) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    at.case.may_be_written(&mut work).await?;
    if !at.plan.is_draft() {
        return Ok(Redirect::to(&at.plan.path()).into_response());
    }
    let form = filled(&mut work, &at).await?;
    let page = page(&mut work, &at, form).await?;
    work.show(actions::about(&at.case, at.plan.id), page).await
}

/// POST /cases/{id}/plans/{plan}/words
pub(super) async fn update(mut work: Work, Path(ids): Ids, mut form: Form) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    let said = Said {
        wants: form.text_maybe("wants", LONGEST),
        limits: form.text_maybe("limits", LONGEST),
        tried: form.text_maybe("tried", LONGEST),
    };
    let (version, review_on) = (form.parsed_maybe("version").unwrap_or(0), form.date_maybe("review_on"));
    let done = match form.check() {
        Ok(()) => actions::save(&mut work, &at.case, &at.plan, (version, &said, review_on)).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => work.then(&at.plan.path(), "plan-saved").await,
        Err(Error::Invalid(errors)) => again(work, ids, form, errors).await,
        Err(Error::Conflict(Clash::Stale)) => clash(work, ids, &form).await,
        Err(error) => Err(error),
    }
}

async fn again(work: Work, ids: (CaseId, PlanId), form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let at = At::find(&mut work, ids).await?;
    let page = page(&mut work, &at, form.with_errors(errors)).await?;
    work.show_again(&page)
}

// Somebody else wrote in it meanwhile: both sides of each field that differs.
async fn clash(work: Work, ids: (CaseId, PlanId), mine: &Form) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let at = At::find(&mut work, ids).await?;
    let p = titled(&mut work, &at.case).await?;
    let theirs = filled(&mut work, &at).await?;
    let fields = ["wants", "limits", "tried", "review_on"];
    let compared = fields.map(|name| Compared::field(name, p.tc("plan-field", name), mine, &theirs)).to_vec();
    let action = format!("{}/words", at.plan.path());
    conflict::show(work, Asked { action, back: at.plan.path(), mine, theirs: &theirs }, compared).await
}

async fn filled(work: &mut Work, at: &At) -> Result<Form, Error> {
    let (said, _) = store::said(work, &at.plan).await?;
    let review_on = at.plan.review_on.map(|day| day.to_string()).unwrap_or_default();
    Ok(Form::blank([
        ("version", at.plan.version.to_string()),
        ("wants", said.wants),
        ("limits", said.limits),
        ("tried", said.tried),
        ("review_on", review_on),
    ]))
}

async fn page(work: &mut Work, at: &At, form: Form) -> Result<Write, Error> {
    let p = titled(work, &at.case).await?;
    let path = at.plan.path();
    Ok(Write { p, form, action: format!("{path}/words"), back: path, code: at.case.code.clone() })
}
