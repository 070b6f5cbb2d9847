//! Page: for how many hours a week somebody is contracted.
use askama::Template;
use axum::response::Response;

use super::store::{self, Worker};
use super::{actions, mine};
use crate::audit::About;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::UserId;
use crate::web::form::Path;
use crate::web::{Form, Page, Routes};

/// The page of somebody's hours.
pub(super) fn routes() -> Routes {
    Routes::new().page("GET", "/agenda/hours/{id}", show).page("POST", "/agenda/hours/{id}", update)
}

#[derive(Template)]
#[template(path = "meetings/html/hours.html")]
struct Hours {
    p: Page,
    form: Form,
    name: String,
    path: String,
    back: &'static str,
    set: bool,
}

/// GET /agenda/hours/{id}
async fn show(mut work: Work, Path(id): Path<UserId>) -> Result<Response, Error> {
    actions::may_contract(&work)?;
    let worker = store::worker(&mut work, id).await?;
    let packs = mine::newest_packs(&mut work).await?;
    let hours = mine::contracted(&worker, &packs);
    let form = Form::blank([("hours", hours.to_string()), ("version", worker.version.unwrap_or_default().to_string())]);
    let page = page(&mut work, &worker, form).await?;
    work.show(About::subjects([id.0]), page).await
}

async fn page(work: &mut Work, worker: &Worker, form: Form) -> Result<Hours, Error> {
    let p = Page::titled(work, "hours-title").await?;
    let back = back(work);
    Ok(Hours {
        name: worker.name.clone(),
        path: format!("/agenda/hours/{}", worker.id),
        back,
        set: worker.hours.is_some(),
        form,
        p,
    })
}

// Where whoever sets hours comes from: the week of their team, or the users of the organisation.
fn back(work: &Work) -> &'static str {
    if work.holds(crate::access::Act::CaseAssign) { "/agenda/team" } else { "/admin/users" }
}

/// POST /agenda/hours/{id}
async fn update(mut work: Work, Path(id): Path<UserId>, mut form: Form) -> Result<Response, Error> {
    actions::may_contract(&work)?;
    let worker = store::worker(&mut work, id).await?;
    let hours = form.parsed_maybe("hours");
    let version = form.value("version").parse().unwrap_or_default();
    let set = match form.check() {
        Ok(()) => actions::contract(&mut work, &worker, hours, version).await,
        Err(error) => Err(error),
    };
    match set {
        Ok(()) => {
            let to = back(&work);
            work.then(to, "hours-set").await
        }
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, &worker, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}
