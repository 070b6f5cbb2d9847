//! What was filled in on the wrong case goes to the right one.
use axum::response::Response;

use super::at::{At, case_of};
use super::files::CopyPath;
use super::sheet;
use crate::cases::{self, Case};
use crate::error::{Error, invalid};
use crate::forms::{Submission, actions, arrivals, moving, store};
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

/// Both names and the case, where the copy names somebody else than the case that was typed.
pub(super) async fn strangers(work: &mut Work, at: &At, form: &Form) -> Result<Option<(String, String, Case)>, Error> {
    if form.errors.get("other_person").is_none() {
        return Ok(None);
    }
    let to = case_of_code(work, form.value("to")).await?;
    let questionnaire = store::form(work, at.copy.form_id).await?;
    let names = arrivals::strangers_on(work, &at.copy, &questionnaire, &to).await?;
    Ok(names.map(|(named, called)| (named, called, to)))
}

// Answers its page on the other case.
async fn moved(work: &mut Work, case: &Case, copy: &Submission, form: &mut Form) -> Result<String, Error> {
    actions::may_write(work, case).await?;
    let typed = form.text("to", 20);
    let reason = form.one_of("reason", moving::REASONS.iter().copied());
    form.check()?;
    let to = case_of_code(work, &typed).await?;
    let version = form.value("version").parse().unwrap_or(0);
    let named = arrivals::named(form, to.id);
    let there = moving::move_to(work, case, copy, (&to, &reason, named), version).await?;
    Ok(format!("{}/forms/{there}", to.path()))
}
