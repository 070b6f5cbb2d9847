//! REST calls of filling in: every action of the pages.
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use utoipa::OpenApi;
use xforms::form::QuestionKind;

use super::at::{At, Ids, case_of, titled};
use super::files::{self, CopyPath};
use super::wire::{
    AnswersWire, BeginWire, CopyMade, CopyMoveWire, CopyWire, FormsWire, MistakeWire, OfferedWire, SaidWire, answers, grow,
    refused,
};
use super::{field, mistakes, moved};
use crate::api::{Asked, IfMatch, Nothing, versioned};
use crate::audit::{About, Fact};
use crate::cases::Case;
use crate::error::{Error, FieldErrors, invalid};
use crate::forms::arrivals::Named;
use crate::forms::{Submission, actions, moving, store, withheld};
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::web::Routes;
use crate::web::form::Path;

// No call answers more questions at once than a form has.
const MOST_ANSWERS: usize = 5_000;
// What follows from another answer of a call, and that from another, is tried so often.
const MOST_PASSES: usize = 20;

/// The calls of filling in.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/cases/{id}/forms", index)
        .api("POST", "/api/v1/cases/{id}/forms", begin)
        .api("GET", "/api/v1/cases/{id}/forms/{submission}", show)
        .api("POST", "/api/v1/cases/{id}/forms/{submission}/answers", save)
        .api("POST", "/api/v1/cases/{id}/forms/{submission}/completion", complete)
        .api("POST", "/api/v1/cases/{id}/forms/{submission}/correction", correct)
        .api("POST", "/api/v1/cases/{id}/forms/{submission}/move", move_to)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(index, begin, show, save, complete, correct, move_to))]
struct Described;

async fn found(work: &mut Work, (case, id): Ids) -> Result<(Case, Submission), Error> {
    let case = case_of(work, case).await?;
    let copy = store::submission(work, case.id, id).await?;
    Ok((case, copy))
}

async fn changed<T>(mut work: Work, asked: &Asked<T>, (case, id): Ids) -> Result<Response, Error> {
    let copy = store::submission(&mut work, case, id).await?;
    asked.answer(work, StatusCode::OK, None, &CopyMade::from(&copy)).await
}

/// The forms of a case: which may be begun, and the copies that stand there.
#[utoipa::path(get, path = "/api/v1/cases/{id}/forms", tag = "forms", params(("id" = CaseId, Path)), responses((status = 200, body = FormsWire)))]
async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = case_of(&mut work, id).await?;
    let forms = store::forms(&mut work).await?;
    let mine: Vec<_> = forms.iter().filter(|form| form.is_for(&case)).collect();
    let ids: Vec<_> = mine.iter().map(|form| form.id).collect();
    let published = store::published(&mut work, &ids).await?;
    let mut copies = store::submissions(&mut work, id).await?;
    copies.extend(store::moved_away(&mut work, id).await?);
    work.record(Fact::Viewed, About::case(id).with(case.person_id)).await?;
    work.commit().await?;
    let offered = mine.into_iter().filter(|form| published.iter().any(|edition| edition.form_id == form.id));
    let offered = offered.map(OfferedWire::from).collect();
    Ok(axum::Json(FormsWire { offered, copies: copies.iter().map(CopyWire::from).collect() }).into_response())
}

/// Begins a copy of a form; where one of it is a draft on this case already, answers that one.
#[utoipa::path(post, path = "/api/v1/cases/{id}/forms", tag = "forms", params(("id" = CaseId, Path)), request_body = BeginWire, responses((status = 201, body = CopyMade)))]
async fn begin(mut work: Work, Path(id): Path<CaseId>, asked: Asked<BeginWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = case_of(&mut work, id).await?;
    let form = asked.body.form.ok_or_else(|| invalid("form", "required"))?;
    let made = actions::begin(&mut work, &case, form).await?;
    let copy = store::submission(&mut work, id, made).await?;
    let path = format!("/api/v1{}", copy.path());
    asked.answer(work, StatusCode::CREATED, Some(path), &CopyMade::from(&copy)).await
}

/// A copy with its answers, in the caller's language where the form has it, and with what is missing from a draft.
#[utoipa::path(get, path = "/api/v1/cases/{id}/forms/{submission}", tag = "forms", params(("id" = CaseId, Path), ("submission" = crate::platform::ids::SubmissionId, Path)), responses((status = 200, body = SaidWire)))]
async fn show(mut work: Work, Path(ids): CopyPath) -> Result<Response, Error> {
    let at = At::find(&mut work, ids, "").await?;
    let p = titled(&mut work, &at.case).await?;
    let files = files::of(&mut work, at.copy.id).await?;
    let missing = if at.copy.is_draft() { mistakes::all(&p, &at) } else { Vec::new() };
    let said = SaidWire {
        copy: CopyWire::from(&at.copy),
        answers: answers(&p, &at, &files),
        missing: missing.into_iter().map(MistakeWire::from).collect(),
    };
    work.record(Fact::Viewed, at.about()).await?;
    work.commit().await?;
    Ok(versioned(at.copy.version, said))
}

/// Saves answers into a draft, over the version that `If-Match` names. What is wrong with them is told by the copy and hinders nothing here.
#[utoipa::path(post, path = "/api/v1/cases/{id}/forms/{submission}/answers", tag = "forms", params(("id" = CaseId, Path), ("submission" = crate::platform::ids::SubmissionId, Path)), request_body = AnswersWire, responses((status = 200, body = CopyMade)))]
async fn save(mut work: Work, Path(ids): CopyPath, version: IfMatch, asked: Asked<AnswersWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let mut at = At::find(&mut work, ids, "").await?;
    actions::may_write(&mut work, &at.case).await?;
    at.copy.must_be_draft(version.0)?;
    take(&mut at, &asked.body)?;
    let page = at.copy.at_page.clone();
    actions::save(&mut work, &at.case, &at.copy, &at.session, &page).await?;
    changed(work, &asked, ids).await
}

// Relevance may follow from another answer of the same call: what is not asked yet is tried once more after all the others.
fn take(at: &mut At, given: &AnswersWire) -> Result<(), Error> {
    if given.answers.len() > MOST_ANSWERS {
        return Err(invalid("answers", "too_many"));
    }
    for address in &given.removed {
        let round = at.session.find(address).ok_or_else(|| invalid("removed", "not_a_choice"))?;
        at.session.remove_round(round).map_err(|_| invalid("removed", "not_a_choice"))?;
    }
    let mut waiting: Vec<(&String, &String)> = given.answers.iter().collect();
    let mut errors = FieldErrors::default();
    for _ in 0..MOST_PASSES {
        let before = waiting.len();
        let mut left = Vec::new();
        errors = FieldErrors::default();
        for (address, text) in waiting {
            if let Err(code) = answer(at, address, text) {
                errors.add(&format!("answers.{address}"), code);
                left.push((address, text));
            }
        }
        if left.is_empty() || left.len() == before {
            break;
        }
        waiting = left;
    }
    errors.or_ok()
}

fn answer(at: &mut At, address: &str, text: &str) -> Result<(), &'static str> {
    grow(&mut at.session, address).ok_or("not_a_choice")?;
    let element = at.session.find(address).ok_or("not_a_choice")?;
    let node = at.session.node(element).ok_or("not_a_choice")?;
    let is_file = node.question().is_some_and(|question| matches!(question.kind, QuestionKind::File(_)));
    if is_file || withheld::is_withheld(&at.case, node) || field::is_told(&at.session, element) {
        return Err("not_a_choice");
    }
    at.session.answer(element, text).map(|_| ()).map_err(|_| "not_a_choice")
}

/// Completes a draft in which nothing is missing or wrong, over the version that `If-Match` names. It never changes afterwards.
#[utoipa::path(post, path = "/api/v1/cases/{id}/forms/{submission}/completion", tag = "forms", params(("id" = CaseId, Path), ("submission" = crate::platform::ids::SubmissionId, Path)), responses((status = 200, body = CopyMade)))]
async fn complete(
    mut work: Work,
    Path(ids): CopyPath,
    version: IfMatch,
    asked: Asked<Option<Nothing>>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let at = At::find(&mut work, ids, "").await?;
    actions::may_write(&mut work, &at.case).await?;
    at.copy.must_be_draft(version.0)?;
    let p = titled(&mut work, &at.case).await?;
    if let Some(first) = mistakes::all(&p, &at).first() {
        return Err(refused(&first.address, "answers_missing"));
    }
    let At { case, copy, session, .. } = at;
    actions::complete(&mut work, &case, &copy, session).await?;
    changed(work, &asked, ids).await
}

/// Begins a draft that will take the place of a complete copy, with the same answers; where one stands already, answers that one.
#[utoipa::path(post, path = "/api/v1/cases/{id}/forms/{submission}/correction", tag = "forms", params(("id" = CaseId, Path), ("submission" = crate::platform::ids::SubmissionId, Path)), responses((status = 201, body = CopyMade)))]
async fn correct(mut work: Work, Path(ids): CopyPath, asked: Asked<Option<Nothing>>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, copy) = found(&mut work, ids).await?;
    let made = actions::correct(&mut work, &case, &copy).await?;
    let copy = store::submission(&mut work, case.id, made).await?;
    let path = format!("/api/v1{}", copy.path());
    asked.answer(work, StatusCode::CREATED, Some(path), &CopyMade::from(&copy)).await
}

/// Moves a complete copy that is on the wrong case to the right one, with all its versions, over the version that `If-Match` names. Answers what it
/// is there; a stub without answers stays (S28).
#[utoipa::path(post, path = "/api/v1/cases/{id}/forms/{submission}/move", tag = "forms", params(("id" = CaseId, Path), ("submission" = crate::platform::ids::SubmissionId, Path)), request_body = CopyMoveWire, responses((status = 200, body = CopyMade), (status = 404), (status = 409), (status = 422)))]
async fn move_to(mut work: Work, Path(ids): CopyPath, version: IfMatch, asked: Asked<CopyMoveWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, copy) = found(&mut work, ids).await?;
    actions::may_write(&mut work, &case).await?;
    let to = moved::case_of_code(&mut work, &asked.body.to).await?;
    let named = if asked.body.other_person { Named::Confirmed } else { Named::Unasked };
    let there = moving::move_to(&mut work, &case, &copy, (&to, &asked.body.reason, named), version.0).await?;
    let copy = store::submission(&mut work, to.id, there).await?;
    let path = format!("/api/v1{}", copy.path());
    asked.answer(work, StatusCode::OK, Some(path), &CopyMade::from(&copy)).await
}
