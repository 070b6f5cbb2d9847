//! One-tap answers: done, and "I take this".
use axum::response::Response;

use super::{Task, actions};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::TaskId;
use crate::web::form::Path;
use crate::web::{Form, Routes};

/// The routes of tasks.
pub fn routes() -> Routes {
    Routes::new().page("POST", "/tasks/{id}/done", done).page("POST", "/tasks/{id}/assignment", assign)
}

/// POST /tasks/{id}/done
async fn done(mut work: Work, Path(id): Path<TaskId>, form: Form) -> Result<Response, Error> {
    let task = actions::done(&mut work, id).await?;
    work.then(&back(&form, &task), "tasks-done").await
}

/// POST /tasks/{id}/assignment: whoever sends no name takes it.
async fn assign(mut work: Work, Path(id): Path<TaskId>, mut form: Form) -> Result<Response, Error> {
    let user = form.parsed_maybe("assignee").unwrap_or(work.me()?);
    form.check()?;
    let task = actions::assign(&mut work, id, user).await?;
    work.then(&back(&form, &task), "tasks-taken").await
}

fn back(form: &Form, task: &Task) -> String {
    match (form.value("back"), task.case_id) {
        ("case", Some(case)) => format!("/cases/{case}"),
        _ => "/".to_owned(),
    }
}
