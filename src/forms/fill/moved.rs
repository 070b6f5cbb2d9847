//! What was filled in on the wrong case goes to the right one.
use axum::response::Response;

use super::at::case_of;
use super::files::CopyPath;
use super::sheet;
use crate::cases::{self, Case};
use crate::error::{Error, invalid};
use crate::forms::{Submission, actions, moving, store};
use crate::platform::db::Work;
use crate::platform::ids::read_code;
use crate::web::Form;
use crate::web::form::Path;

/// POST /cases/{id}/forms/{submission}/move
pub(super) async fn create(mut work: Work, Path(ids): CopyPath, mut form: Form) -> Result<Response, Error> {
    let case = case_of(&mut work, ids.0).await?;
    let copy = store::submission(&mut work, case.id, ids.1).await?;
    match moved(&mut work, &case, &copy, &mut form).await {
        Ok(there) => work.then(&there, "fill-moved").await,
        Err(Error::Invalid(errors)) => sheet::again(work, ids, form.with_errors(errors)).await,
        Err(error) => Err(error),
    }
}

/// The case of this code. One that is not there and one that is not the actor's to see answer alike (S11).
pub(super) async fn case_of_code(work: &mut Work, typed: &str) -> Result<Case, Error> {
    let absent = || invalid("to", "no_such_case");
    let code = read_code('C', typed).ok_or_else(absent)?;
    let id = cases::store::find_by_code(work, &code).await?.ok_or_else(absent)?;
    cases::store::find(work, id).await
}

// Answers its page on the other case.
async fn moved(work: &mut Work, case: &Case, copy: &Submission, form: &mut Form) -> Result<String, Error> {
    actions::may_write(work, case).await?;
    let typed = form.text("to", 20);
    let reason = form.one_of("reason", moving::REASONS.iter().copied());
    form.check()?;
    let to = case_of_code(work, &typed).await?;
    let version = form.value("version").parse().unwrap_or(0);
    let there = moving::move_to(work, case, copy, (&to, &reason), version).await?;
    Ok(format!("{}/forms/{there}", to.path()))
}
