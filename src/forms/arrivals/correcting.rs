//! An arrival that corrects a copy. Where it names another case than the one on which that stands, whoever decides says where both belong (S28).
use xforms::instance::Instance;

use super::actions::Named;
use super::choices::Opened;
use crate::cases::{self, Case};
use crate::error::{Error, FieldErrors, invalid};
use crate::forms::openrosa::case_code;
use crate::forms::store::{self, Standing};
use crate::forms::{Form, moving, versions};
use crate::platform::db::Work;
use crate::platform::ids::{ArrivalId, CaseId};

/// What an arrival corrects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Corrects {
    /// The page of the copy, where the actor sees it.
    pub href: String,
    /// The code of the case on which it stands.
    pub code: String,
    /// It names another case.
    pub is_torn: bool,
}

/// The copy of a form that what names this id corrects, where the actor sees it.
pub(super) async fn standing(work: &mut Work, old: &str, form: &Form) -> Result<Option<Standing>, Error> {
    match store::corrected(work, old).await?.filter(|standing| standing.form == form.id) {
        Some(standing) => Ok(Some(standing)),
        None => store::corrected_in_turn(work, old, form.id).await,
    }
}

/// What an opened arrival corrects; nothing where it is the first of its kind.
pub(super) async fn corrects(work: &mut Work, opened: &Opened, form: &Form) -> Result<Option<Corrects>, Error> {
    let Some(old) = opened.instance.deprecated_id() else { return Ok(None) };
    let Some(standing) = standing(work, old, form).await? else {
        return Ok(Some(Corrects { href: String::new(), code: String::new(), is_torn: false }));
    };
    let case = cases::store::find(work, standing.case).await?;
    let named = case_code(opened.plan.form(), &opened.instance);
    let is_torn = opened.meant_for == Some(case.id) && named.is_some_and(|named| named != case.code);
    Ok(Some(Corrects { href: format!("{}/forms/{}", case.path(), standing.copy), code: case.code, is_torn }))
}

/// The other case on which a copy stands that is corrected with this case named; also where a correction of it waits that is corrected in turn.
pub(in crate::forms) async fn elsewhere(
    work: &mut Work,
    (old, form): (&str, &Form),
    named: CaseId,
) -> Result<Option<CaseId>, Error> {
    let standing = standing(work, old, form).await?;
    Ok(standing.map(|standing| standing.case).filter(|case| *case != named))
}

/// The copy that a waiting correction is of goes to the case that was chosen for both, with all its versions.
pub(super) async fn bring_along(
    work: &mut Work,
    arrival: ArrivalId,
    tree: &Instance,
    (form, to): (&Form, &Case),
) -> Result<(), Error> {
    let Some(old) = tree.deprecated_id() else { return Ok(()) };
    let meant = store::meant_for(work, arrival).await?;
    let standing = standing(work, old, form).await?.filter(|standing| Some(standing.case) == meant && standing.case != to.id);
    let Some(standing) = standing else { return Ok(()) };
    // It was moved away from there before, and goes where that is.
    if store::was_moved_away(work, old, to.id).await? {
        return Ok(());
    }
    let from = cases::store::find(work, standing.case).await?;
    let copies = store::submissions(work, from.id).await?;
    let copy = copies.iter().find(|one| one.id == standing.copy).ok_or(Error::NotFound)?;
    // The one that stands among its versions.
    let newest = versions::versions(copy, &copies).into_iter().rev().find(|one| one.state == "complete").unwrap_or(copy);
    // Whom it names does not matter any more where the correction takes its place, which was looked at; at what stands beside it nobody looked.
    let named = if standing.is_taken { Named::Unsettled } else { Named::Confirmed };
    let way = (to, "other_case", named);
    match Box::pin(moving::move_to(work, &from, newest, way, newest.version)).await {
        Ok(_) => Ok(()),
        Err(Error::Invalid(errors)) => Err(at_case(&errors)),
        Err(error) => Err(error),
    }
}

// There is one field here for where it goes.
fn at_case(errors: &FieldErrors) -> Error {
    invalid("case", errors.0.values().next().copied().unwrap_or("case_of_form"))
}
