//! REST calls of community projects: every action of the pages. There is no call that gathers attendance over cases (S25).
mod wire;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use utoipa::OpenApi;

use super::actions;
use super::placement::Placement;
use super::{must_be_known, recall, rules, store};
use crate::access::Act;
use crate::api::{Asked, IfMatch, versioned};
use crate::audit::{About, Fact};
use crate::cases::{self, Case};
use crate::consent::recall::may_answer;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PlacementId, ProjectId, RowId};
use crate::web::Routes;
use crate::web::form::{Path, Query};
use store::{hosted, placed};
use wire::{
    AttendanceTyped, ExemptingWire, ExemptionWire, HostedHours, HostedToDelete, HostedWire, PlacementsWire, PlacingWire,
    ProjectLeavingWire, ProjectPlacementWire, ProjectTyped, ProjectWire,
};

/// The calls of this room.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/projects", index)
        .api("POST", "/api/v1/projects", start)
        .api("GET", "/api/v1/projects/{project}", show)
        .api("PUT", "/api/v1/projects/{project}", change)
        .api("POST", "/api/v1/projects/{project}/ending", end)
        .api("GET", "/api/v1/cases/{id}/placements", of_case)
        .api("POST", "/api/v1/cases/{id}/placements", place)
        .api("GET", "/api/v1/cases/{id}/placements/{placement}", placement)
        .api("POST", "/api/v1/cases/{id}/placements/{placement}/attendance", note)
        .api("POST", "/api/v1/cases/{id}/placements/{placement}/ending", leave)
        .api("POST", "/api/v1/cases/{id}/exemptions", exempt)
        .api("POST", "/api/v1/cases/{id}/exemptions/{exemption}/ending", end_exemption)
        .api("GET", "/api/v1/hosted", hosted_here)
        .api("GET", "/api/v1/hosted/deletions", hosted_deletions)
        .api("GET", "/api/v1/hosted/{placement}", hosted_one)
        .api("POST", "/api/v1/hosted/{placement}/attendance", note_as_host)
        .api("POST", "/api/v1/hosted/{placement}/deletion", hosted_deleted)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(
    index,
    start,
    show,
    change,
    end,
    of_case,
    place,
    placement,
    note,
    leave,
    exempt,
    end_exemption,
    hosted_here,
    hosted_deletions,
    hosted_one,
    note_as_host,
    hosted_deleted
))]
struct Described;

async fn case_of(work: &mut Work, id: CaseId) -> Result<Case, Error> {
    let case = cases::store::find(work, id).await?;
    work.may(Act::CaseRead)?;
    rules(work, &case).await?.ok_or(Error::NotFound)?;
    Ok(case)
}

async fn found(work: &mut Work, (case, id): (CaseId, PlacementId)) -> Result<(Case, Placement), Error> {
    let case = case_of(work, case).await?;
    let placement = placed::find(work, case.id, id).await?;
    Ok((case, placement))
}

async fn read(work: &mut Work, case: CaseId, id: PlacementId) -> Result<ProjectPlacementWire, Error> {
    let placement = placed::find(work, case, id).await?;
    let weeks = placed::weeks(work, case).await?;
    Ok(ProjectPlacementWire::of(&placement, &weeks))
}

/// The projects of one's organisation that run, those that end last first; all of them with `show=all`.
#[utoipa::path(get, path = "/api/v1/projects", tag = "projects", params(("show" = Option<String>, Query, description = "`all` for those that are over too")), responses((status = 200, body = Vec<ProjectWire>)))]
async fn index(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    must_be_known(&mut work).await?;
    let today = work.today();
    let all = query.value("show") == "all";
    let projects = store::list(&mut work, (!all).then_some(today)).await?;
    work.commit().await?;
    Ok(axum::Json(projects.into_iter().map(ProjectWire::from).collect::<Vec<_>>()).into_response())
}

/// Writes a project down.
#[utoipa::path(post, path = "/api/v1/projects", tag = "projects", request_body = ProjectTyped, responses((status = 201, body = ProjectWire), (status = 422)))]
async fn start(mut work: Work, asked: Asked<ProjectTyped>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let id = actions::start(&mut work, &(&asked.body).into()).await?;
    let project = ProjectWire::from(store::find(&mut work, id).await?);
    asked.answer(work, StatusCode::CREATED, Some(format!("/api/v1/projects/{id}")), &project).await
}

/// A project of one's organisation.
#[utoipa::path(get, path = "/api/v1/projects/{project}", tag = "projects", params(("project" = ProjectId, Path)), responses((status = 200, body = ProjectWire), (status = 404)))]
async fn show(mut work: Work, Path(id): Path<ProjectId>) -> Result<Response, Error> {
    let project = store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    must_be_known(&mut work).await?;
    work.record(Fact::Viewed, About::subjects([id.0])).await?;
    work.commit().await?;
    Ok(versioned(project.version, ProjectWire::from(project)))
}

/// Changes what is offered, over the version that `If-Match` names. Places that somebody has are not taken away.
#[utoipa::path(put, path = "/api/v1/projects/{project}", tag = "projects", params(("project" = ProjectId, Path)), request_body = ProjectTyped, responses((status = 200, body = ProjectWire), (status = 404), (status = 409), (status = 422)))]
async fn change(
    mut work: Work,
    Path(id): Path<ProjectId>,
    version: IfMatch,
    asked: Asked<ProjectTyped>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let project = store::find(&mut work, id).await?;
    actions::change(&mut work, &project, version.0, &(&asked.body).into()).await?;
    let project = ProjectWire::from(store::find(&mut work, id).await?);
    asked.answer(work, StatusCode::OK, None, &project).await
}

/// Ends a project: nobody is placed in it any more.
#[utoipa::path(post, path = "/api/v1/projects/{project}/ending", tag = "projects", params(("project" = ProjectId, Path)), responses((status = 200, body = ProjectWire), (status = 404), (status = 409)))]
async fn end(
    mut work: Work,
    Path(id): Path<ProjectId>,
    version: IfMatch,
    asked: Asked<Option<crate::api::Nothing>>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let project = store::find(&mut work, id).await?;
    actions::end(&mut work, &project, version.0).await?;
    let project = ProjectWire::from(store::find(&mut work, id).await?);
    asked.answer(work, StatusCode::OK, None, &project).await
}

/// Who of a case has a place where, with hours, and who is exempt. 404 where such cases have no community projects.
#[utoipa::path(get, path = "/api/v1/cases/{id}/placements", tag = "projects", params(("id" = CaseId, Path)), responses((status = 200, body = PlacementsWire), (status = 404)))]
async fn of_case(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = case_of(&mut work, id).await?;
    let (all, weeks) = (placed::list(&mut work, id).await?, placed::weeks(&mut work, id).await?);
    let exemptions = placed::exemptions(&mut work, id).await?;
    work.record(Fact::Viewed, About::case(id).with(case.person_id)).await?;
    work.commit().await?;
    let wire = PlacementsWire {
        placements: all.iter().map(|one| ProjectPlacementWire::of(one, &weeks)).collect(),
        exemptions: exemptions.iter().map(ExemptionWire::from).collect(),
    };
    Ok(axum::Json(wire).into_response())
}

/// Places somebody in a project that has a place free.
#[utoipa::path(post, path = "/api/v1/cases/{id}/placements", tag = "projects", params(("id" = CaseId, Path)), request_body = PlacingWire, responses((status = 201, body = ProjectPlacementWire), (status = 404), (status = 422)))]
async fn place(mut work: Work, Path(id): Path<CaseId>, asked: Asked<PlacingWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = case_of(&mut work, id).await?;
    let made = actions::place(&mut work, &case, &(&asked.body).into()).await?;
    let wire = read(&mut work, id, made).await?;
    asked.answer(work, StatusCode::CREATED, Some(format!("/api/v1/cases/{id}/placements/{made}")), &wire).await
}

/// One place with the hours of each week.
#[utoipa::path(get, path = "/api/v1/cases/{id}/placements/{placement}", tag = "projects", params(("id" = CaseId, Path), ("placement" = PlacementId, Path)), responses((status = 200, body = ProjectPlacementWire), (status = 404)))]
async fn placement(mut work: Work, Path(ids): Path<(CaseId, PlacementId)>) -> Result<Response, Error> {
    let (case, placement) = found(&mut work, ids).await?;
    let weeks = placed::weeks(&mut work, case.id).await?;
    work.record(Fact::Viewed, actions::about(&case, placement.id.0)).await?;
    work.commit().await?;
    Ok(versioned(placement.version, ProjectPlacementWire::of(&placement, &weeks)))
}

/// Writes the hours of a week down, over the version of that week that `If-Match` names: `"0"` for one that was never said. What was said before
/// is kept. No consequence follows by itself.
#[utoipa::path(post, path = "/api/v1/cases/{id}/placements/{placement}/attendance", tag = "projects", params(("id" = CaseId, Path), ("placement" = PlacementId, Path)), request_body = AttendanceTyped, responses((status = 200, body = ProjectPlacementWire), (status = 404), (status = 409), (status = 422)))]
async fn note(
    mut work: Work,
    Path(ids): Path<(CaseId, PlacementId)>,
    version: IfMatch,
    asked: Asked<AttendanceTyped>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, placement) = found(&mut work, ids).await?;
    actions::note(&mut work, &case, &placement, &asked.body.over(version.0)).await?;
    let wire = read(&mut work, case.id, placement.id).await?;
    asked.answer(work, StatusCode::OK, None, &wire).await
}

/// Somebody leaves the project.
#[utoipa::path(post, path = "/api/v1/cases/{id}/placements/{placement}/ending", tag = "projects", params(("id" = CaseId, Path), ("placement" = PlacementId, Path)), request_body = ProjectLeavingWire, responses((status = 200, body = ProjectPlacementWire), (status = 404), (status = 409), (status = 422)))]
async fn leave(
    mut work: Work,
    Path(ids): Path<(CaseId, PlacementId)>,
    version: IfMatch,
    asked: Asked<ProjectLeavingWire>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let (case, placement) = found(&mut work, ids).await?;
    actions::leave(&mut work, &case, &placement, &asked.body.over(version.0)).await?;
    let wire = read(&mut work, case.id, placement.id).await?;
    asked.answer(work, StatusCode::OK, None, &wire).await
}

/// Writes down that somebody need not take part.
#[utoipa::path(post, path = "/api/v1/cases/{id}/exemptions", tag = "projects", params(("id" = CaseId, Path)), request_body = ExemptingWire, responses((status = 201, body = ExemptionWire), (status = 404), (status = 422)))]
async fn exempt(mut work: Work, Path(id): Path<CaseId>, asked: Asked<ExemptingWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = case_of(&mut work, id).await?;
    let made = actions::exempt(&mut work, &case, &(&asked.body).into()).await?;
    let all = placed::exemptions(&mut work, id).await?;
    let wire = all.iter().find(|one| one.id == made).map(ExemptionWire::from).ok_or(Error::NotFound)?;
    asked.answer(work, StatusCode::CREATED, None, &wire).await
}

/// Somebody is exempt no longer.
#[utoipa::path(post, path = "/api/v1/cases/{id}/exemptions/{exemption}/ending", tag = "projects", params(("id" = CaseId, Path), ("exemption" = RowId, Path)), responses((status = 200, body = Vec<ExemptionWire>), (status = 404), (status = 409)))]
async fn end_exemption(
    mut work: Work,
    Path((id, exemption)): Path<(CaseId, RowId)>,
    version: IfMatch,
    asked: Asked<Option<crate::api::Nothing>>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = case_of(&mut work, id).await?;
    let all = placed::exemptions(&mut work, id).await?;
    let exemption = all.into_iter().find(|one| one.id == exemption).ok_or(Error::NotFound)?;
    actions::end_exemption(&mut work, &case, &exemption, version.0).await?;
    let left: Vec<ExemptionWire> = placed::exemptions(&mut work, id).await?.iter().map(ExemptionWire::from).collect();
    asked.answer(work, StatusCode::OK, None, &left).await
}

/// Everybody who is placed with one's own units and agreed that they are told.
#[utoipa::path(get, path = "/api/v1/hosted", tag = "projects", responses((status = 200, body = Vec<HostedWire>)))]
async fn hosted_here(mut work: Work) -> Result<Response, Error> {
    work.may(Act::ReferralAnswer)?;
    let all = hosted::list(&mut work).await?;
    work.record(Fact::Viewed, About::subjects(all.iter().map(|one| one.placement.0))).await?;
    work.commit().await?;
    Ok(axum::Json(all.into_iter().map(HostedWire::from).collect::<Vec<_>>()).into_response())
}

/// The hours of one of them, week by week.
#[utoipa::path(get, path = "/api/v1/hosted/{placement}", tag = "projects", params(("placement" = PlacementId, Path)), responses((status = 200, body = HostedHours), (status = 404)))]
async fn hosted_one(mut work: Work, Path(id): Path<PlacementId>) -> Result<Response, Error> {
    let one = hosted::find(&mut work, id).await?;
    work.may(Act::ReferralAnswer)?;
    let weeks = hosted::weeks(&mut work, id).await?;
    work.record(Fact::Viewed, About::subjects([id.0])).await?;
    work.commit().await?;
    Ok(axum::Json(HostedHours::of(&one, &weeks)).into_response())
}

/// The host writes the hours of a week down, over the version of that week that `If-Match` names.
#[utoipa::path(post, path = "/api/v1/hosted/{placement}/attendance", tag = "projects", params(("placement" = PlacementId, Path)), request_body = AttendanceTyped, responses((status = 200, body = HostedHours), (status = 404), (status = 409), (status = 422)))]
async fn note_as_host(
    mut work: Work,
    Path(id): Path<PlacementId>,
    version: IfMatch,
    asked: Asked<AttendanceTyped>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let one = hosted::find(&mut work, id).await?;
    actions::note_as_host(&mut work, &one, &asked.body.over(version.0)).await?;
    let weeks = hosted::weeks(&mut work, id).await?;
    asked.answer(work, StatusCode::OK, None, &HostedHours::of(&one, &weeks)).await
}

/// What the caller's organisation is asked to delete of people it was told of, since their consent ended; the most pressing first.
#[utoipa::path(get, path = "/api/v1/hosted/deletions", tag = "projects", responses((status = 200, body = Vec<HostedToDelete>)))]
async fn hosted_deletions(mut work: Work) -> Result<Response, Error> {
    may_answer(&work)?;
    let asked = hosted::to_delete(&mut work).await?;
    work.record(Fact::Viewed, About::subjects(asked.iter().map(|one| one.placement.0))).await?;
    work.commit().await?;
    Ok(axum::Json(asked.into_iter().map(HostedToDelete::from).collect::<Vec<_>>()).into_response())
}

/// The caller's organisation has no copy left of what it was told of whoever had this place; answers what it is still asked to delete.
#[utoipa::path(post, path = "/api/v1/hosted/{placement}/deletion", tag = "projects", params(("placement" = PlacementId, Path)), responses((status = 200, body = Vec<HostedToDelete>), (status = 404)))]
async fn hosted_deleted(
    mut work: Work,
    Path(id): Path<PlacementId>,
    asked: Asked<Option<crate::api::Nothing>>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    recall::deleted(&mut work, id).await?;
    let left: Vec<HostedToDelete> = hosted::to_delete(&mut work).await?.into_iter().map(HostedToDelete::from).collect();
    asked.answer(work, StatusCode::OK, None, &left).await
}
