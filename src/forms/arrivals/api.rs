//! Arrivals over REST: what waits, what one says, and what becomes of it.
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::actions::Named;
use super::opening::{self, Wanted, Who};
use super::sheet::{self, Line};
use super::{actions, choices, pages};
use crate::access::Act;
use crate::api::{Asked, Nothing};
use crate::audit::{About, Fact};
use crate::error::{Error, FieldErrors};
use crate::forms::{Arrival, store};
use crate::platform::db::Work;
use crate::platform::ids::{ArrivalId, CaseId, EditionId, FormId, PersonId, UnitId, UserId};
use crate::web::form::Path;
use crate::web::{Page, Routes};

/// The calls of arrivals.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/arrivals", index)
        .api("GET", "/api/v1/arrivals/{id}", show)
        .api("POST", "/api/v1/arrivals/{id}/placement", place)
        .api("POST", "/api/v1/arrivals/{id}/opening", open)
        .api("POST", "/api/v1/arrivals/{id}/discarding", discard)
        .api("POST", "/api/v1/arrivals/{id}/files", place_files)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(index, show, place, open, discard, place_files))]
struct Described;

/// A filled form from a device that names no case.
#[derive(Debug, Serialize, ToSchema)]
struct ArrivalLine {
    id: ArrivalId,
    unit: UnitId,
    form: FormId,
    title: String,
    edition: EditionId,
    /// `browser`, `collect` or `api`.
    origin: String,
    sent_by: UserId,
    received_at: DateTime<Utc>,
    /// `waiting`, `placed` or `discarded`.
    state: String,
    /// Why it was discarded.
    reason: Option<String>,
    /// The case that it is on.
    case: Option<CaseId>,
}

impl From<Arrival> for ArrivalLine {
    fn from(one: Arrival) -> Self {
        Self {
            id: one.id,
            unit: one.unit,
            form: one.form_id,
            title: one.title,
            edition: one.edition_id,
            origin: one.origin,
            sent_by: one.author,
            received_at: one.recorded_at,
            state: one.state,
            reason: one.reason,
            case: one.case_id,
        }
    }
}

/// The arrivals that wait in the caller's units, the oldest first; at most 500.
#[utoipa::path(get, path = "/api/v1/arrivals", tag = "forms", responses((status = 200, body = Vec<ArrivalLine>)))]
async fn index(mut work: Work) -> Result<Response, Error> {
    work.may(Act::CaseEdit)?;
    let waiting = store::waiting(&mut work).await?;
    work.record(Fact::Viewed, About::subjects(waiting.iter().map(|one| one.id.0))).await?;
    work.commit().await?;
    Ok(axum::Json(waiting.into_iter().map(ArrivalLine::from).collect::<Vec<_>>()).into_response())
}

/// An arrival with what it says.
#[derive(Debug, Serialize, ToSchema)]
struct ArrivalWire {
    #[serde(flatten)]
    line: ArrivalLine,
    /// Questions that were answered, with their answers, in the caller's language; empty once it was decided on.
    answers: Vec<Answer>,
    /// Names of the files that came along.
    files: Vec<String>,
    /// Those whom it describes, the head first; empty once it was decided on.
    people: Vec<DescribedWire>,
    /// The code of the case that it was filled in for and could not be put on, where the caller sees that case.
    meant_for: Option<String>,
}

/// A question and its answer.
#[derive(Debug, Serialize, ToSchema)]
struct Answer {
    question: String,
    answer: String,
}

/// Somebody as the form describes them.
#[derive(Debug, Serialize, ToSchema)]
struct DescribedWire {
    name: String,
    sex: Option<String>,
    born_on: Option<NaiveDate>,
    /// To the head; empty where the form does not say.
    relationship: String,
    /// Persons of the registry who are likely the same.
    likely: Vec<PersonId>,
}

/// One arrival.
#[utoipa::path(get, path = "/api/v1/arrivals/{id}", tag = "forms", params(("id" = ArrivalId, Path)), responses((status = 200, body = ArrivalWire), (status = 404)))]
async fn show(mut work: Work, Path(id): Path<ArrivalId>) -> Result<Response, Error> {
    let arrival = store::arrival(&mut work, id).await?;
    work.may(Act::CaseEdit)?;
    let files = store::arrival_file_names(&mut work, id).await?;
    let meant_for = choices::meant(&mut work, &arrival).await?;
    let line = ArrivalLine::from(arrival.clone());
    let mut wire = ArrivalWire { answers: Vec::new(), files, people: Vec::new(), meant_for, line };
    let mut about = About::subjects([id.0]);
    if arrival.state == "waiting" {
        let form = store::form(&mut work, arrival.form_id).await?;
        let opened = choices::opened(&mut work, &arrival).await?;
        let candidates = choices::likely(&mut work, &opened, &form).await?;
        about.subjects.extend(candidates.iter().flat_map(|one| &one.same).map(|person| person.id.0));
        let p = Page::titled(&mut work, "arrivals-title").await?;
        let lines = sheet::of(&p, &opened.session(&work), &wire.files);
        let said = lines.into_iter().filter_map(|line| match line {
            Line::Answer(question, answer) => Some(Answer { question, answer }),
            Line::Heading(_) => None,
        });
        wire.answers = said.collect();
        wire.people = candidates.into_iter().map(described).collect();
    }
    work.record(Fact::Viewed, about).await?;
    work.commit().await?;
    Ok(axum::Json(wire).into_response())
}

fn described(one: choices::Candidate) -> DescribedWire {
    let described = one.described;
    DescribedWire {
        name: described.particulars.name,
        sex: described.particulars.sex,
        born_on: described.particulars.born_on,
        relationship: described.relationship,
        likely: one.same.iter().map(|person| person.id).collect(),
    }
}

/// On which case.
#[derive(Debug, Deserialize, ToSchema)]
struct PlacementWire {
    /// Its code.
    #[serde(default)]
    case: String,
    /// Though the form names somebody else than the case: refused with `arrival_other_person` where this is not said.
    #[serde(default)]
    other_person: bool,
}

/// On which case it is now.
#[derive(Debug, Serialize, ToSchema)]
struct Placed {
    case: CaseId,
}

/// Puts an arrival on a case that the caller may write on, with its files.
#[utoipa::path(post, path = "/api/v1/arrivals/{id}/placement", tag = "forms", params(("id" = ArrivalId, Path)), request_body = PlacementWire, responses((status = 200, body = Placed), (status = 404), (status = 409), (status = 422)))]
async fn place(mut work: Work, Path(id): Path<ArrivalId>, asked: Asked<PlacementWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let arrival = store::arrival(&mut work, id).await?;
    let case = pages::case_of(&mut work, &asked.body.case).await?;
    let named = if asked.body.other_person { Named::Confirmed } else { Named::Unasked };
    actions::place_chosen(&mut work, &arrival, case, named).await?;
    asked.answer(work, StatusCode::OK, None, &Placed { case }).await
}

/// What a case is opened with.
#[derive(Debug, Deserialize, ToSchema)]
struct OpeningWire {
    /// One for each whom the form describes, in its order; somebody new where none is given and nobody alike is known.
    #[serde(default)]
    people: Vec<PersonWire>,
    #[serde(default)]
    case_type: i16,
    #[serde(default)]
    intake_source: String,
    #[serde(default)]
    priority: String,
    #[serde(default)]
    limits_explained_on: Option<NaiveDate>,
    /// Though the person has an open case of this type.
    #[serde(default)]
    another: bool,
}

/// Who somebody is whom the form describes.
#[derive(Debug, Deserialize, ToSchema)]
struct PersonWire {
    /// `new`, `leave` for nobody to be registered, or the id of a person.
    #[serde(default)]
    who: String,
    /// To the head, where the form does not say.
    #[serde(default)]
    relationship: String,
}

/// Registers the people, opens a case that the caller keeps, and puts the form on it: all or nothing.
#[utoipa::path(post, path = "/api/v1/arrivals/{id}/opening", tag = "forms", params(("id" = ArrivalId, Path)), request_body = OpeningWire, responses((status = 201, body = Placed), (status = 404), (status = 409), (status = 422)))]
async fn open(mut work: Work, Path(id): Path<ArrivalId>, asked: Asked<OpeningWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let arrival = store::arrival(&mut work, id).await?;
    let wanted = wanted(&asked.body)?;
    let case = Box::pin(opening::open(&mut work, &arrival, &wanted)).await?;
    asked.answer(work, StatusCode::CREATED, Some(format!("/api/v1/cases/{case}")), &Placed { case }).await
}

fn wanted(asked: &OpeningWire) -> Result<Wanted, Error> {
    let mut errors = FieldErrors::default();
    let mut people = Vec::new();
    for (nth, one) in asked.people.iter().enumerate() {
        let who = opening::who(&one.who).unwrap_or_else(|code| {
            errors.add(&format!("person_{nth}"), code);
            Who::Unsaid
        });
        people.push((who, one.relationship.clone()));
    }
    errors.or_ok()?;
    Ok(Wanted {
        people,
        case_type: asked.case_type,
        intake_source: asked.intake_source.clone(),
        priority: asked.priority.clone(),
        limits_explained_on: asked.limits_explained_on,
        another: asked.another,
    })
}

/// Why it belongs on no case.
#[derive(Debug, Deserialize, ToSchema)]
struct DiscardingWire {
    /// `duplicate`, `trial`, `mistake` or `refused`.
    #[serde(default)]
    reason: String,
}

/// Which arrival.
#[derive(Debug, Serialize, ToSchema)]
struct Settled {
    id: ArrivalId,
}

/// Discards an arrival; what it says is destroyed.
#[utoipa::path(post, path = "/api/v1/arrivals/{id}/discarding", tag = "forms", params(("id" = ArrivalId, Path)), request_body = DiscardingWire, responses((status = 200, body = Settled), (status = 404), (status = 409), (status = 422)))]
async fn discard(mut work: Work, Path(id): Path<ArrivalId>, asked: Asked<DiscardingWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let arrival = store::arrival(&mut work, id).await?;
    actions::discard(&mut work, &arrival, &asked.body.reason).await?;
    asked.answer(work, StatusCode::OK, None, &Settled { id }).await
}

/// Puts files that came after their form was placed on its case.
#[utoipa::path(post, path = "/api/v1/arrivals/{id}/files", tag = "forms", params(("id" = ArrivalId, Path)), responses((status = 200, body = Settled), (status = 404), (status = 422)))]
async fn place_files(mut work: Work, Path(id): Path<ArrivalId>, asked: Asked<Option<Nothing>>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let arrival = store::arrival(&mut work, id).await?;
    actions::place_files(&mut work, &arrival).await?;
    asked.answer(work, StatusCode::OK, None, &Settled { id }).await
}
