//! A form taken along for a case that stands: what the device keeps of it, and where the copy goes when it comes back.
use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use uuid::Uuid;
use xforms::form::{Form as Definition, QuestionKind};

use super::offered::{self, Offline};
use super::store as devices;
use crate::audit::{About, Fact};
use crate::cases::{self, Case};
use crate::error::{Error, invalid};
use crate::forms::openrosa::{CASE_LIST, case_questions};
use crate::forms::{Edition, Form, actions, arrivals, plans, store};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, FormId};
use crate::web::Routes;
use crate::web::form::Path;

/// Where forms are taken along.
pub(super) fn routes() -> Routes {
    Routes::new().page("POST", "/field/cases/{id}/forms/{form}", create)
}

/// Whether a form may go along for this case (S20).
pub fn may_go(form: &Form, case: &Case, sensitivities: &[(i16, String)]) -> bool {
    form.is_for(case) && offered::along(form, case.sensitivity(), sensitivities) != Offline::Never
}

/// Takes a form along: whoever may write on the case is going to fill it in without a network.
async fn take(work: &mut Work, case: &Case, form: &Form) -> Result<(Edition, Offline), Error> {
    actions::may_write(work, case).await?;
    let sensitivities = store::sensitivities(work).await?;
    if !may_go(form, case, &sensitivities) {
        return Err(invalid("form", "form_not_offline"));
    }
    let edition = actions::published(work, form).await?;
    work.record(Fact::FormTakenAlong, About::case(case.id).note(json!({ "form": form.code }))).await?;
    Ok((edition, offered::along(form, case.sensitivity(), &sensitivities)))
}

/// POST /field/cases/{id}/forms/{form}: beside the form the code of the case, and nothing else of it. The device keeps that sealed.
async fn create(mut work: Work, Path((case, form)): Path<(CaseId, FormId)>) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, case).await?;
    let form = store::form(&mut work, form).await?;
    let (edition, offline) = take(&mut work, &case, &form).await?;
    let media = devices::media_names(&mut work, &[edition.id.0]).await?;
    let plan = plans::plan(&mut work, edition.id).await?;
    let version = newest(&mut work, case.id, form.id).await?;
    let told = offered::told(&form, &edition, offline, &media);
    // Of the worker's cases a device is told of this one alone.
    let lists = json!({ CASE_LIST: plans::case_list(&case.code) });
    let asks = asks(plan.form());
    let answer =
        json!({ "case": case.id, "case_code": case.code, "version": version, "asks": asks, "lists": lists, "form": told });
    work.commit().await?;
    Ok(Json(answer).into_response())
}

// The questions for which case it is: they are answered with its code, as on our own pages.
fn asks(form: &Definition) -> Vec<String> {
    let (named, mut texts) = (case_questions(form), Vec::new());
    form.walk(&mut |node| {
        let answered = |kind: &QuestionKind| matches!(kind, QuestionKind::Text | QuestionKind::SelectOne);
        if node.question().is_some_and(|question| answered(&question.kind)) && named.contains(&node.path) {
            texts.push(node.path.clone());
        }
    });
    texts
}

// The complete copy of a form that stands on a case since last; empty for none.
async fn newest(work: &mut Work, case: CaseId, form: FormId) -> Result<String, Error> {
    Ok(devices::came_last(work, case, form).await?.map(|copy| copy.to_string()).unwrap_or_default())
}

/// Where a copy goes that was filled in for a case.
pub(super) enum Place {
    /// On the case.
    OnCase(CaseId),
    /// Whoever brings it may not write there any more: it waits for those who work on the case.
    Inbox,
    /// The form was completed on the case since, as this copy: whoever brings another looks there first.
    Overtaken(String),
}

// Whoever saw nothing, or something else, saw nothing that came later.
async fn came_before(work: &mut Work, newest: &str, seen: &str) -> Result<bool, Error> {
    let (Ok(newest), Ok(seen)) = (newest.parse::<Uuid>(), seen.parse::<Uuid>()) else { return Ok(false) };
    devices::came_before(work, newest, seen).await
}

/// Decides where a copy goes. `seen` is the newest copy that whoever brings it knows of.
pub(super) async fn place(work: &mut Work, form: &Form, instance: &str, (case, seen): (CaseId, &str)) -> Result<Place, Error> {
    let case = arrivals::writable(work, case).await?.filter(|case| form.asks_about(case));
    let Some(case) = case else { return Ok(Place::Inbox) };
    store::hold_case(work, case.id).await?;
    let newest = newest(work, case.id, form.id).await?;
    // What comes again after a broken line is itself the newest; and where what was seen was moved away, nothing may be left, or what came before it.
    let is_new = store::sent_before(work, instance).await?.is_none();
    let is_other = is_new && !newest.is_empty() && newest != seen;
    let is_overtaken = is_other && !came_before(work, &newest, seen).await?;
    Ok(if is_overtaken { Place::Overtaken(newest) } else { Place::OnCase(case.id) })
}
