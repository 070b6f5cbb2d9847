//! One-tap answers: done, and "I take this"; handing a task on and back; and the end of what comes again.
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use super::handing::{Colleague, Handing as Passing};
use super::task::TAKE_UP;
use super::{Task, actions, handing, series, store};
use crate::audit::About;
use crate::error::{Clash, Error, FieldErrors};
use crate::platform::db::Work;
use crate::platform::ids::{RowId, TaskId};
use crate::web::form::Path;
use crate::web::parts::Choice;
use crate::web::{Form, Page, Routes};

/// The routes of tasks.
pub fn routes() -> Routes {
    Routes::new()
        .page("POST", "/tasks/{id}/done", done)
        .page("POST", "/tasks/{id}/assignment", assign)
        .page("GET", "/tasks/{id}/handing", ask)
        .page("POST", "/tasks/{id}/handing", hand_on)
        .page("POST", "/tasks/{id}/return", hand_back)
        .page("POST", "/task-series/{series}/end", end_series)
}

#[derive(Template)]
#[template(path = "tasks/html/handing.html")]
struct Handing {
    p: Page,
    form: Form,
    back: &'static str,
    action: String,
    what: String,
    gives_back: bool,
    colleagues: Vec<Choice>,
    // Why there is nobody to hand it to, in place of the form.
    nobody: String,
    // Somebody among them does not see the case.
    offers_sight: bool,
}

/// POST /tasks/{id}/done
async fn done(mut work: Work, Path(id): Path<TaskId>, form: Form) -> Result<Response, Error> {
    let task = actions::done(&mut work, id).await?;
    // With the task that somebody was handed, their sight of its case may end.
    let to = if task.is_handed() { "/".to_owned() } else { back(&form, &task) };
    work.then(&to, "tasks-done").await
}

/// POST /tasks/{id}/assignment: whoever sends no name takes it. Whoever takes up a case keeps it, and says so where cases are given out.
async fn assign(mut work: Work, Path(id): Path<TaskId>, mut form: Form) -> Result<Response, Error> {
    let waits = store::find(&mut work, id).await?;
    if let (TAKE_UP, Some(case), None) = (waits.kind.as_str(), waits.case_id, waits.assignee) {
        return Ok(Redirect::to(&format!("/cases/{case}/assignment?manager=me")).into_response());
    }
    let user = form.parsed_maybe("assignee").unwrap_or(work.me()?);
    form.check()?;
    let task = actions::assign(&mut work, id, user).await?;
    work.then(&back(&form, &task), "tasks-taken").await
}

/// GET /tasks/{id}/handing: to a colleague, or back to whoever handed it on.
async fn ask(mut work: Work, Path(id): Path<TaskId>) -> Result<Response, Error> {
    let task = handing::held(&mut work, id).await?;
    if !task.is_handed() && !task.may_be_handed() {
        return Err(Error::Conflict(Clash::State { state: "open".to_owned(), code: "task_not_handed" }));
    }
    let page = page(&mut work, &task, Form::blank([])).await?;
    work.show(About::subjects(task.subject()), page).await
}

/// POST /tasks/{id}/handing
async fn hand_on(mut work: Work, Path(id): Path<TaskId>, mut form: Form) -> Result<Response, Error> {
    let (to, reason, lets_in) = (form.parsed("assignee"), form.text("reason", 200), form.ticked("let_in"));
    let handed = match (form.check(), to) {
        (Ok(()), Some(to)) => {
            let handing = Passing { to, reason: &reason, lets_in };
            handing::hand_on(&mut work, id, handing).await.map(drop)
        }
        (Err(error), _) => Err(error),
        (Ok(()), None) => Err(Error::NotFound),
    };
    match handed {
        Ok(()) => work.then("/", "tasks-handed-on").await,
        Err(Error::Invalid(errors)) => again(work, id, form, errors).await,
        Err(Error::Forbidden(act)) => with_a_colleague(work, id, act).await,
        Err(error) => Err(error),
    }
}

// Whoever handed it on already, in another window, reads whose it is now.
async fn with_a_colleague(work: Work, id: TaskId, act: &'static str) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let task = store::find(&mut work, id).await?;
    if !task.is_handed() || task.handed_by != Some(work.me()?) {
        return Err(Error::Forbidden(act));
    }
    let p = Page::titled(&mut work, "task-hand-on").await?;
    let name = task.assignee_name.clone().unwrap_or_else(|| p.t("case-closed-somebody"));
    let page = Handing {
        what: named(&p, &task),
        action: String::new(),
        offers_sight: false,
        colleagues: Vec::new(),
        nobody: p.ta("task-with-already", "name", name),
        back: "/",
        gives_back: false,
        form: Form::blank([]),
        p,
    };
    work.show_again(&page)
}

// Of which case, and what is to be done.
fn named(p: &Page, task: &Task) -> String {
    p.joined(task.case_code.iter().cloned().chain([task.called(p)]))
}

/// POST /tasks/{id}/return
async fn hand_back(mut work: Work, Path(id): Path<TaskId>, mut form: Form) -> Result<Response, Error> {
    let reason = form.text("reason", 200);
    let handed = match form.check() {
        Ok(()) => handing::hand_back(&mut work, id, &reason).await,
        Err(error) => Err(error),
    };
    match handed {
        Ok(()) => work.then("/", "tasks-handed-back").await,
        Err(Error::Invalid(errors)) => again(work, id, form, errors).await,
        Err(error) => Err(error),
    }
}

async fn again(work: Work, id: TaskId, form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let task = handing::held(&mut work, id).await?;
    let page = page(&mut work, &task, form.with_errors(errors)).await?;
    work.show_again(&page)
}

async fn page(work: &mut Work, task: &Task, form: Form) -> Result<Handing, Error> {
    let gives_back = task.is_handed();
    let colleagues = if gives_back { Vec::new() } else { handing::colleagues(work, task).await? };
    let p = Page::titled(work, if gives_back { "task-hand-back" } else { "task-hand-on" }).await?;
    let nobody = match (gives_back || !colleagues.is_empty(), task.is_a_supervisors()) {
        (true, _) => String::new(),
        (false, true) => p.t("task-no-supervisor"),
        (false, false) => p.t("task-no-colleague"),
    };
    let blind = p.t("task-colleague-sees-nothing");
    let choice = |one: Colleague| {
        let name = if one.sees { one.name } else { format!("{} · {blind}", one.name) };
        Choice::new(one.id.to_string(), name)
    };
    Ok(Handing {
        what: named(&p, task),
        action: format!("/tasks/{}/{}", task.id, if gives_back { "return" } else { "handing" }),
        offers_sight: colleagues.iter().any(|one| !one.sees),
        colleagues: colleagues.into_iter().map(choice).collect(),
        nobody,
        back: "/",
        gives_back,
        form,
        p,
    })
}

/// POST /task-series/{series}/end: nothing more comes of it.
async fn end_series(mut work: Work, Path(id): Path<RowId>) -> Result<Response, Error> {
    let found = series::find(&mut work, id).await?;
    work.may_in(crate::access::Act::CaseEdit, found.unit, Some(found.case_id)).await?;
    series::end(&mut work, &found).await?;
    work.then(&format!("/cases/{}", found.case_id), "tasks-series-ended").await
}

fn back(form: &Form, task: &Task) -> String {
    match (form.value("back"), task.case_id) {
        ("case", Some(case)) => format!("/cases/{case}"),
        _ => "/".to_owned(),
    }
}
