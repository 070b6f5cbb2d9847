//! Setting out on a visit, staying longer, and coming back.
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use super::{answer, safety};
use crate::access::Act;
use crate::cases;
use crate::error::Error;
use crate::meetings::store;
use crate::meetings::visit::{self, ComingBack, SettingOut};
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::web::Form;
use crate::web::form::Path;

/// GET /cases/{id}/meetings/out: to the visit that somebody is out on; where there are several, or none any more, to all meetings.
pub(super) async fn out(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let to = match store::out_on(&mut work, id).await?.as_slice() {
        [one] => format!("{}/meetings/{one}", case.path()),
        _ => format!("{}/meetings", case.path()),
    };
    Ok(Redirect::to(&to).into_response())
}

/// POST /cases/{id}/meetings/{meeting}/setting-out
pub(super) async fn set_out(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, mut form: Form) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let meeting = store::find(&mut work, id, one).await?;
    let zone = work.zone();
    let version = form.value("version").parse().unwrap_or_default();
    let back_by = form.moment_maybe("back_by", zone);
    let out = SettingOut { back_by, safety: safety(&form), early: form.filled("early"), version };
    let done = match form.check() {
        Ok(()) => visit::set_out(&mut work, &case, meeting, out).await,
        Err(error) => Err(error),
    };
    answer(work, &case, one, form, done, "meeting-set-out").await
}

/// POST /cases/{id}/meetings/{meeting}/back-by
pub(super) async fn stay_out(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, mut form: Form) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let meeting = store::find(&mut work, id, one).await?;
    let zone = work.zone();
    let version = form.value("version").parse().unwrap_or_default();
    let back_by = form.moment_maybe("back_by", zone);
    let done = match form.check() {
        Ok(()) => visit::stay_out(&mut work, &case, meeting, (back_by, version)).await,
        Err(error) => Err(error),
    };
    answer(work, &case, one, form, done, "meeting-stays-out").await
}

/// POST /cases/{id}/meetings/{meeting}/return
pub(super) async fn come_back(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, form: Form) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let meeting = store::find(&mut work, id, one).await?;
    let not_safe = form.filled("unsafe").then(|| form.value("not_safe"));
    let done = visit::come_back(&mut work, &case, meeting, ComingBack { spoke: form.value("spoke"), not_safe }).await;
    let say = if not_safe.is_some() { "warning:meeting-back-not-safe" } else { "meeting-back" };
    answer(work, &case, one, form, done, say).await
}
