//! REST calls: two records of one person, proposed by one, answered by another, undone. The same verbs as the pages, and as little is told by them (S11).
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::api::Made;
use super::merge::{self, Answer, Join};
use super::merge_store::{self, Proposal};
use super::{Listed, store};
use crate::access::Act;
use crate::api::{Asked, Nothing};
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, RowId, UserId};
use crate::web::Routes;
use crate::web::form::Path;

#[derive(OpenApi)]
#[openapi(paths(waiting, index, propose, answer, undo, keep_apart))]
struct Described;

/// The calls of joining two records.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/joins", waiting)
        .api("GET", "/api/v1/people/{id}/joins", index)
        .api("POST", "/api/v1/people/{id}/joins", propose)
        .api("POST", "/api/v1/people/{id}/joins/{join}/answer", answer)
        .api("POST", "/api/v1/people/{id}/joins/{join}/undoing", undo)
        .api("POST", "/api/v1/people/{id}/same/{other}/apart", keep_apart)
        .described::<Described>()
}

/// A proposal to join two records, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
struct JoinWire {
    id: RowId,
    /// The record that everything is found under afterwards.
    stays: PersonId,
    stays_code: String,
    goes: PersonId,
    goes_code: String,
    /// What is taken from the record that goes.
    taken: Vec<String>,
    /// `proposed`, `returned`, `agreed`, `stopped`, `joined` or `undone`.
    state: String,
    proposed_by: UserId,
    proposed_at: DateTime<Utc>,
    decided_at: Option<DateTime<Utc>>,
    /// When what was agreed is carried out, unless something speaks against it.
    due_at: Option<DateTime<Utc>>,
    joined_at: Option<DateTime<Utc>>,
    undoable_until: Option<DateTime<Utc>>,
    version: i32,
}

impl From<Join> for JoinWire {
    fn from(join: Join) -> Self {
        Self {
            id: join.id,
            undoable_until: join.undone_until(),
            stays: join.stays,
            stays_code: join.stays_code,
            goes: join.goes,
            goes_code: join.goes_code,
            taken: join.chosen,
            state: join.state,
            proposed_by: join.proposed_by,
            proposed_at: join.proposed_at,
            decided_at: join.decided_at,
            due_at: join.due_at,
            joined_at: join.joined_at,
            version: join.version,
        }
    }
}

/// Proposals, at most 100.
#[derive(Debug, Serialize, ToSchema)]
struct JoinsWire {
    items: Vec<JoinWire>,
    /// There are more than are listed.
    more: bool,
}

fn listed(found: Listed<Join>) -> Response {
    let more = found.more;
    axum::Json(JoinsWire { items: found.items.into_iter().map(JoinWire::from).collect(), more }).into_response()
}

/// What waits for a second person, of the people whom you see, the oldest first.
#[utoipa::path(get, path = "/api/v1/joins", tag = "people", responses((status = 200, body = JoinsWire)))]
async fn waiting(mut work: Work) -> Result<Response, Error> {
    work.may(Act::PersonEdit)?;
    let found = merge_store::waiting(&mut work).await?;
    work.record(Fact::Viewed, About::subjects(found.items.iter().flat_map(|join| [join.stays.0, join.goes.0]))).await?;
    work.commit().await?;
    Ok(listed(found))
}

/// What was proposed for a person and joined with them: what is open first, then the latest.
#[utoipa::path(get, path = "/api/v1/people/{id}/joins", tag = "people", params(("id" = PersonId, Path)), responses((status = 200, body = JoinsWire), (status = 404)))]
async fn index(mut work: Work, Path(id): Path<PersonId>) -> Result<Response, Error> {
    store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let found = merge_store::of_person(&mut work, id).await?;
    work.record(Fact::Viewed, About::default().with(id)).await?;
    work.commit().await?;
    Ok(listed(found))
}

/// Two records that you hold to be of one person; the one in the address stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct JoinAsked {
    /// The record that goes.
    goes: Option<PersonId>,
    /// The version of the record that stays, as you have read it.
    stays_version: i32,
    /// The version of the record that goes, as you have read it.
    goes_version: i32,
    /// What is taken from the record that goes: `name`, `name_latin`, `sex`, `gender`, `born_on`, `languages`, `worker_sex`, `interpreter_sex`, `difficulties`, `place`,
    /// `address`, `household`.
    taken: Vec<String>,
}

/// Proposes that two records are joined. Whether they can be comes out a day after somebody else agreed.
#[utoipa::path(post, path = "/api/v1/people/{id}/joins", tag = "people", params(("id" = PersonId, Path)), request_body = JoinAsked, responses((status = 201, body = Made), (status = 404), (status = 409), (status = 412), (status = 422)))]
async fn propose(mut work: Work, Path(id): Path<PersonId>, asked: Asked<JoinAsked>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    store::find(&mut work, id).await?;
    let body = &asked.body;
    let proposal = Proposal {
        stays: id,
        version_that_stays: body.stays_version,
        goes: body.goes.ok_or_else(|| invalid("goes", "required"))?,
        version_that_goes: body.goes_version,
        chosen: body.taken.clone(),
    };
    let row = merge::propose(&mut work, &proposal).await?;
    asked.answer(work, StatusCode::CREATED, Some(format!("/api/v1/people/{id}/joins")), &Made { id: row.0 }).await
}

/// Whether it is one person.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct JoinAnswer {
    /// `agree`, which somebody else than whoever proposed it does; `return`, which gives it back; `object`, which says no to what was agreed.
    answer: String,
    /// The version of the proposal that you have read.
    version: i32,
    /// The versions of both records that you have read; needed to agree.
    stays_version: i32,
    goes_version: i32,
}

/// Answers a proposal.
#[utoipa::path(post, path = "/api/v1/people/{id}/joins/{join}/answer", tag = "people", params(("id" = PersonId, Path), ("join" = RowId, Path)), request_body = JoinAnswer, responses((status = 200, body = Made), (status = 404), (status = 409), (status = 412), (status = 422)))]
async fn answer(mut work: Work, Path((id, row)): Path<(PersonId, RowId)>, asked: Asked<JoinAnswer>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    merge::of(&mut work, id, row).await?;
    let JoinAnswer { answer, version, stays_version, goes_version } = &asked.body;
    let how = Answer::parse(answer).ok_or_else(|| invalid("answer", "not_a_choice"))?;
    merge::answer(&mut work, row, (*version, *stays_version, *goes_version), how).await?;
    asked.answer(work, StatusCode::OK, None, &Made { id: row.0 }).await
}

/// What is undone.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct JoinUndone {
    /// The version of the joining that you have read.
    version: i32,
}

/// Undoes a joining within ninety days: what was moved goes back, and what came since stays.
#[utoipa::path(post, path = "/api/v1/people/{id}/joins/{join}/undoing", tag = "people", params(("id" = PersonId, Path), ("join" = RowId, Path)), request_body = JoinUndone, responses((status = 200, body = Made), (status = 404), (status = 409), (status = 412)))]
async fn undo(mut work: Work, Path((id, row)): Path<(PersonId, RowId)>, asked: Asked<JoinUndone>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    merge::of(&mut work, id, row).await?;
    merge::undo(&mut work, row, asked.body.version).await?;
    asked.answer(work, StatusCode::OK, None, &Made { id: row.0 }).await
}

/// They are two persons, and are not offered to each other again.
#[utoipa::path(post, path = "/api/v1/people/{id}/same/{other}/apart", tag = "people", params(("id" = PersonId, Path), ("other" = PersonId, Path)), responses((status = 200, body = Made), (status = 404)))]
async fn keep_apart(
    mut work: Work,
    Path((id, other)): Path<(PersonId, PersonId)>,
    asked: Asked<Option<Nothing>>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    merge::keep_apart(&mut work, id, other).await?;
    asked.answer(work, StatusCode::OK, None, &Made { id: other.0 }).await
}
