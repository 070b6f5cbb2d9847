//! REST calls: asking another organisation whether it knows somebody, answering one that asks, ending it. The same verbs as the pages, and no more is told by
//! them: a hit is named by its handle, which means nothing to anybody else (S11).
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::api::Made;
use super::elsewhere::{self, ANSWERS, Asking, Offer, Question, REASONS};
use super::{actions, elsewhere_store, store};
use crate::access::Act;
use crate::api::{Asked, versioned};
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, RowId};
use crate::web::Routes;
use crate::web::form::Path;

#[derive(OpenApi)]
#[openapi(paths(show, ask, end, waiting, question, answer))]
struct Described;

/// The calls of asking and answering.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/people/{id}/elsewhere", show)
        .api("POST", "/api/v1/people/{id}/elsewhere", ask)
        .api("POST", "/api/v1/people/{id}/elsewhere/{row}/ending", end)
        .api("GET", "/api/v1/questions", waiting)
        .api("GET", "/api/v1/questions/{id}", question)
        .api("POST", "/api/v1/questions/{id}/answer", answer)
        .described::<Described>()
}

/// A question as your side knows it, or what came of it.
#[derive(Debug, Serialize, ToSchema)]
struct QuestionWire {
    id: RowId,
    /// Your side asked.
    asks: bool,
    /// Your own person.
    person: PersonId,
    person_code: String,
    /// The organisation on the other side, and its general desk.
    organisation: String,
    desk: String,
    /// `asked`, `same`, `not_same` or `ended`.
    state: String,
    asked_at: DateTime<Utc>,
    /// When both sides are told.
    due_at: DateTime<Utc>,
    /// What your side answered, where it was asked: `yes`, `no` or `unsure`.
    answer: Option<String>,
    answered_at: Option<DateTime<Utc>>,
    version: i32,
}

impl From<Question> for QuestionWire {
    fn from(one: Question) -> Self {
        Self {
            id: one.id,
            asks: one.asks,
            person: one.person,
            person_code: one.person_code,
            organisation: one.other,
            desk: one.desk,
            state: one.state,
            asked_at: one.asked_at,
            due_at: one.due_at,
            answer: one.answer,
            answered_at: one.answered_at,
            version: one.version,
        }
    }
}

/// A masked hit of another organisation that may be the same person.
#[derive(Debug, Serialize, ToSchema)]
struct ElsewhereHit {
    /// What to ask by; good for you and this person alone.
    hit: String,
    /// First letters only.
    name: String,
    born_in: Option<i32>,
    organisation: String,
    desk: String,
    /// The person's consent lets this organisation be asked.
    has_consent: bool,
    /// What was asked of it lately: `asked`, `same` or `not_same`. Absent where it may be asked.
    lately: Option<String>,
    /// From when on it may be asked once more, where nothing was confirmed.
    again_from: Option<DateTime<Utc>>,
}

impl From<Offer> for ElsewhereHit {
    fn from(offer: Offer) -> Self {
        Self {
            again_from: offer.lately.as_ref().filter(|lately| lately.state == "not_same").map(elsewhere::Lately::again_from),
            hit: offer.handle,
            name: offer.name,
            born_in: offer.born_in,
            organisation: offer.org,
            desk: offer.desk,
            has_consent: offer.consent.is_some(),
            lately: offer.lately.map(|lately| lately.state),
        }
    }
}

/// Where a person is also known, what was asked, and whom you may ask.
#[derive(Debug, Serialize, ToSchema)]
struct ElsewhereWire {
    items: Vec<QuestionWire>,
    /// There are more than are listed.
    more: bool,
    hits: Vec<ElsewhereHit>,
}

/// Questions, at most 100.
#[derive(Debug, Serialize, ToSchema)]
struct QuestionsWire {
    items: Vec<QuestionWire>,
    /// There are more than are listed.
    more: bool,
}

/// What was asked about a person from either side, and who else may be asked.
#[utoipa::path(get, path = "/api/v1/people/{id}/elsewhere", tag = "people", params(("id" = PersonId, Path)), responses((status = 200, body = ElsewhereWire), (status = 404)))]
async fn show(mut work: Work, Path(id): Path<PersonId>) -> Result<Response, Error> {
    let person = store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let found = elsewhere_store::of_person(&mut work, id).await?;
    let hits =
        if actions::could_change(&mut work, id).await? { elsewhere::offers(&mut work, &person).await? } else { Vec::new() };
    work.record(Fact::Viewed, About::default().with(id)).await?;
    work.commit().await?;
    let wire = ElsewhereWire {
        more: found.more,
        items: found.items.into_iter().map(QuestionWire::from).collect(),
        hits: hits.into_iter().map(ElsewhereHit::from).collect(),
    };
    Ok(axum::Json(wire).into_response())
}

/// Whom you ask.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct ElsewhereAsked {
    /// The hit's own word, from the list.
    hit: String,
    /// The person knows that this is asked, and agrees.
    agreed: bool,
}

/// Asks whether it is the same person. Both sides are told seven days later.
#[utoipa::path(post, path = "/api/v1/people/{id}/elsewhere", tag = "people", params(("id" = PersonId, Path)), request_body = ElsewhereAsked, responses((status = 201, body = Made), (status = 404), (status = 422)))]
async fn ask(mut work: Work, Path(id): Path<PersonId>, asked: Asked<ElsewhereAsked>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let asking = Asking { handle: &asked.body.hit, agreed: asked.body.agreed };
    let row = elsewhere::ask(&mut work, id, &asking).await?;
    asked.answer(work, StatusCode::CREATED, Some(format!("/api/v1/people/{id}/elsewhere")), &Made { id: row.0 }).await
}

/// Why it ends.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct ElsewhereEnding {
    /// `not_same`, `own_wish`, `not_needed` or `mistake`; the other side is not told.
    reason: String,
    /// The version that you have read.
    version: i32,
}

/// Ends what both sides know of each other, or takes back a question.
#[utoipa::path(post, path = "/api/v1/people/{id}/elsewhere/{row}/ending", tag = "people", params(("id" = PersonId, Path), ("row" = RowId, Path)), request_body = ElsewhereEnding, responses((status = 200, body = Made), (status = 404), (status = 412), (status = 422)))]
async fn end(mut work: Work, Path((id, row)): Path<(PersonId, RowId)>, asked: Asked<ElsewhereEnding>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    elsewhere::of(&mut work, id, row).await?;
    let reason = one_of("reason", &asked.body.reason, REASONS)?;
    elsewhere::end(&mut work, id, row, (asked.body.version, reason)).await?;
    asked.answer(work, StatusCode::OK, None, &Made { id: row.0 }).await
}

/// What other organisations ask about people whom you see, the most pressing first.
#[utoipa::path(get, path = "/api/v1/questions", tag = "people", responses((status = 200, body = QuestionsWire)))]
async fn waiting(mut work: Work) -> Result<Response, Error> {
    work.may(Act::PersonEdit)?;
    let found = elsewhere_store::waiting(&mut work).await?;
    work.record(Fact::Viewed, About::subjects(found.items.iter().map(|one| one.person.0))).await?;
    work.commit().await?;
    let more = found.more;
    Ok(axum::Json(QuestionsWire { items: found.items.into_iter().map(QuestionWire::from).collect(), more }).into_response())
}

/// A question that was put to your side, with what the other side lets you know of its person as long as you may answer.
#[derive(Debug, Serialize, ToSchema)]
struct QuestionPut {
    #[serde(flatten)]
    question: QuestionWire,
    theirs: Option<TheirPerson>,
}

/// What the other side lets you know.
#[derive(Debug, Serialize, ToSchema)]
struct TheirPerson {
    name: String,
    born_in: Option<i32>,
    sex: Option<String>,
    /// Region and district, where consent names the area.
    places: Vec<String>,
}

/// A question, with its version as `ETag`.
#[utoipa::path(get, path = "/api/v1/questions/{id}", tag = "people", params(("id" = RowId, Path)), responses((status = 200, body = QuestionPut), (status = 404)))]
async fn question(mut work: Work, Path(id): Path<RowId>) -> Result<Response, Error> {
    let put = elsewhere::put_to_us(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let theirs = put.is_open(work.now()).then(|| put.shown.0.clone());
    work.record(Fact::Viewed, About::default().with(put.person).with(id)).await?;
    work.commit().await?;
    let theirs = theirs.map(|one| TheirPerson { name: one.name, born_in: one.born, sex: one.sex, places: one.places });
    Ok(versioned(put.version, QuestionPut { question: put.into(), theirs }))
}

/// What you know.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct QuestionAnswer {
    /// `yes`, `no` or `unsure`.
    answer: String,
    /// The version that you have read.
    version: i32,
}

/// Answers a question, or answers it anew until both sides are told.
#[utoipa::path(post, path = "/api/v1/questions/{id}/answer", tag = "people", params(("id" = RowId, Path)), request_body = QuestionAnswer, responses((status = 200, body = Made), (status = 404), (status = 412), (status = 422)))]
async fn answer(mut work: Work, Path(id): Path<RowId>, asked: Asked<QuestionAnswer>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    elsewhere::put_to_us(&mut work, id).await?;
    let said = one_of("answer", &asked.body.answer, ANSWERS)?;
    elsewhere::answer(&mut work, id, asked.body.version, said).await?;
    asked.answer(work, StatusCode::OK, None, &Made { id: id.0 }).await
}

// Nothing but these codes goes to the database, which knows no others.
fn one_of<'a>(field: &str, said: &'a str, codes: &[&str]) -> Result<&'a str, Error> {
    match said {
        "" => Err(invalid(field, "required")),
        said if codes.contains(&said) => Ok(said),
        _ => Err(invalid(field, "not_a_choice")),
    }
}
