//! A complete copy that names somebody else than its case: both names, and whether it belongs there is settled before anything in it is taken for
//! the person's own (S6, S28).
use axum::response::Response;
use serde_json::json;

use super::at::{At, case_of};
use super::files::CopyPath;
use super::sheet;
use crate::audit::{About, Fact};
use crate::cases::Case;
use crate::error::{Error, invalid};
use crate::forms::actions::may_write;
use crate::forms::store::Whose;
use crate::forms::{Submission, arrivals, profile, store};
use crate::platform::db::Work;
use crate::web::Form;
use crate::web::form::Path;

/// Whom it names, and what the case goes by; nothing where they agree, or somebody said that it belongs there.
pub(super) async fn strangers(work: &mut Work, at: &At) -> Result<Option<(String, String)>, Error> {
    if at.copy.state != "complete" {
        return Ok(None);
    }
    let (case, copy, tree) = (&at.case, &at.copy, at.session.instance());
    match store::whose(work, copy.id).await? {
        Whose::Theirs => Ok(None),
        // What the registry calls people since does not settle it.
        Whose::Others => Ok(Some(arrivals::both_names(work, case, copy, tree).await?)),
        Whose::Unasked => arrivals::strangers_of_copy(work, case, copy, tree).await,
    }
}

/// POST /cases/{id}/forms/{submission}/belonging
pub(super) async fn create(mut work: Work, Path(ids): CopyPath, form: Form) -> Result<Response, Error> {
    let case = case_of(&mut work, ids.0).await?;
    let copy = store::submission(&mut work, case.id, ids.1).await?;
    match said(&mut work, &case, &copy, &form).await {
        Ok(()) => work.then(&copy.path(), "fill-belongs-said").await,
        Err(Error::Invalid(errors)) => sheet::again(work, ids, form.with_errors(errors)).await,
        Err(error) => Err(error),
    }
}

async fn said(work: &mut Work, case: &Case, copy: &Submission, form: &Form) -> Result<(), Error> {
    may_write(work, case).await?;
    if !form.ticked("belongs") {
        return Err(invalid("belongs", "tick_belongs"));
    }
    store::hold_case(work, case.id).await?;
    store::say_belongs(work, copy.id, form.value("version").parse().unwrap_or(0)).await?;
    profile::project(work, case).await?;
    work.record(Fact::FormBelongs, About::case(case.id).with(copy.id).note(json!({ "form": copy.code }))).await
}
