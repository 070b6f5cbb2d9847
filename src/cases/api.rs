//! REST calls of cases. Names stand in a case's own answer only; lists carry codes (S13).
pub mod closing;
pub mod course;

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::actions::{self, Assignment, Chore, Complaint, Keeper, Opening};
use super::list::{self, Filter};
use super::note::NewNote;
use super::{Case, store};
use crate::access::Act;
use crate::api::{Asked, IfMatch, versioned};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, HouseholdId, NoteId, PersonId, UnitId, UserId};
use crate::supervision::carrying::Meant;
use crate::tasks::series::Repeat;
use crate::web::Routes;
use crate::web::form::{Path, Query};

#[derive(OpenApi)]
#[openapi(paths(index, show, create, write_note, assign, add_task))]
struct Document;

/// The REST calls of cases.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/cases", index)
        .api("POST", "/api/v1/cases", create)
        .api("GET", "/api/v1/cases/{id}", show)
        .api("POST", "/api/v1/cases/{id}/notes", write_note)
        .api("POST", "/api/v1/cases/{id}/assignment", assign)
        .api("POST", "/api/v1/cases/{id}/tasks", add_task)
        .described::<Document>()
}

/// A case on a list.
#[derive(Serialize, ToSchema)]
struct CaseLine {
    id: CaseId,
    code: String,
    case_type: i16,
    stage: String,
    risk: Option<String>,
    next_due_at: Option<DateTime<Utc>>,
    opened_at: DateTime<Utc>,
}

/// A page of cases; `next` goes into `after` for the page behind it.
#[derive(Serialize, ToSchema)]
struct CasePage {
    items: Vec<CaseLine>,
    next: Option<String>,
}

/// GET /api/v1/cases
#[utoipa::path(get, path = "/api/v1/cases", params(
    ("keeper" = Option<String>, Query, description = "`mine`, `inbox`, `unit`, `all` or `team`: what the board of `unit` counts"),
    ("unit" = Option<i32>, Query), ("worker" = Option<String>, Query, description = "A worker, or `inbox`"),
    ("risk" = Option<String>, Query), ("stage" = Option<String>, Query), ("type" = Option<i16>, Query), ("overdue" = Option<bool>, Query),
    ("closed" = Option<bool>, Query), ("sort" = Option<String>, Query), ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses((status = 200, body = CasePage)))]
async fn index(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let filter = Filter::of(&query);
    let (rows, next) = list::list(&mut work, &filter, list::PAGE).await?;
    let next = next.map(|place| place.write());
    work.record(Fact::Viewed, About::subjects(rows.iter().map(|row| row.id.0))).await?;
    let items = rows.into_iter().map(|row| CaseLine {
        id: row.id,
        code: row.code,
        case_type: row.case_type,
        stage: row.stage,
        risk: row.risk,
        next_due_at: row.next_due_at,
        opened_at: row.opened_at,
    });
    let page = CasePage { items: items.collect(), next };
    work.commit().await?;
    Ok(axum::Json(page).into_response())
}

/// A case.
#[derive(Serialize, ToSchema)]
struct CaseWire {
    id: CaseId,
    code: String,
    unit: UnitId,
    case_type: String,
    case_manager: Option<UserId>,
    supervisor: Option<UserId>,
    person_id: PersonId,
    household_id: Option<HouseholdId>,
    stage: String,
    paused_reason: Option<String>,
    priority: String,
    risk: Option<String>,
    intake_source: String,
    limits_explained_on: Option<NaiveDate>,
    next_due_at: Option<DateTime<Utc>>,
    opened_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    close_reason: Option<String>,
    version: i32,
}

impl From<Case> for CaseWire {
    fn from(case: Case) -> Self {
        Self {
            id: case.id,
            code: case.code,
            unit: case.unit,
            case_type: case.type_code,
            case_manager: case.case_manager,
            supervisor: case.supervisor,
            person_id: case.person_id,
            household_id: case.household_id,
            stage: case.stage,
            paused_reason: case.paused_reason,
            priority: case.priority,
            risk: case.risk,
            intake_source: case.intake_source,
            limits_explained_on: case.limits_explained_on,
            next_due_at: case.next_due_at,
            opened_at: case.opened_at,
            closed_at: case.closed_at,
            close_reason: case.close_reason,
            version: case.version,
        }
    }
}

/// GET /api/v1/cases/{id}
#[utoipa::path(get, path = "/api/v1/cases/{id}", params(("id" = CaseId, Path)), responses((status = 200, body = CaseWire)))]
async fn show(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = Case::read(&mut work, id).await?;
    work.record(Fact::Viewed, About::case(id).with(case.person_id)).await?;
    work.commit().await?;
    Ok(versioned(case.version, CaseWire::from(case)))
}

/// What is needed to open a case.
#[derive(Deserialize, ToSchema)]
struct NewCase {
    person_id: PersonId,
    household_id: Option<HouseholdId>,
    /// The number of the type.
    case_type: i16,
    unit: Option<UnitId>,
    intake_source: String,
    priority: String,
    risk: Option<String>,
    /// A colleague; the caller when absent.
    case_manager: Option<UserId>,
    /// Left to the unit's inbox.
    #[serde(default)]
    unit_inbox: bool,
    /// Needed for restricted types.
    supervisor: Option<UserId>,
    /// Whom a complaint about staff is about: a colleague, who is barred from the case.
    complaint_about: Option<UserId>,
    /// A complaint that is about nobody who works with this program, or somebody unknown.
    #[serde(default)]
    complaint_about_nobody_here: bool,
    limits_explained_on: Option<NaiveDate>,
    opened_at: Option<DateTime<Utc>>,
    /// Also where the colleague would carry more than a full caseload.
    #[serde(default)]
    overfull: bool,
    /// Also where the colleague is away.
    #[serde(default)]
    away: bool,
    /// Also where the colleague is below the level of worker that the type asks for.
    #[serde(default)]
    beyond_level: bool,
}

/// The id of what was made.
#[derive(Serialize, ToSchema)]
struct Made {
    id: uuid::Uuid,
}

/// POST /api/v1/cases
#[utoipa::path(post, path = "/api/v1/cases", request_body = NewCase, responses((status = 201, body = Made)))]
async fn create(mut work: Work, asked: Asked<NewCase>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let new = &asked.body;
    let opening = Opening {
        id: CaseId::new(),
        person: new.person_id,
        household: new.household_id,
        case_type: new.case_type,
        unit: new.unit,
        intake_source: new.intake_source.clone(),
        priority: new.priority.clone(),
        risk: new.risk.clone(),
        keeper: match new.case_manager {
            _ if new.unit_inbox => Keeper::UnitInbox,
            Some(id) => Keeper::Colleague(id),
            None => Keeper::Me,
        },
        supervisor: new.supervisor,
        complaint: match new.complaint_about {
            Some(named) => Complaint::About(named),
            None if new.complaint_about_nobody_here => Complaint::NobodyHere,
            None => Complaint::Unsaid,
        },
        limits_explained_on: new.limits_explained_on,
        opened_at: new.opened_at,
        meant: Meant { overfull: new.overfull, away: new.away, beyond_level: new.beyond_level },
    };
    let id = actions::open(&mut work, opening).await?;
    asked.answer(work, StatusCode::CREATED, Some(format!("/api/v1/cases/{id}")), &Made { id: id.0 }).await
}

/// A note to write.
#[derive(Deserialize, ToSchema)]
struct NoteWire {
    kind: String,
    body: String,
    happened_at: Option<DateTime<Utc>>,
    #[serde(default)]
    late_reason: String,
    #[serde(default)]
    pinned: bool,
    /// For `contact_other`: the person agreed beforehand.
    #[serde(default)]
    prior_consent: bool,
    corrects: Option<NoteId>,
    /// Of a `decision` by whoever supervises the case: the visit that was not safe, after which it says what must change.
    visit: Option<uuid::Uuid>,
}

/// POST /api/v1/cases/{id}/notes
#[utoipa::path(post, path = "/api/v1/cases/{id}/notes", params(("id" = CaseId, Path)), request_body = NoteWire, responses((status = 201, body = Made)))]
async fn write_note(mut work: Work, Path(id): Path<CaseId>, asked: Asked<NoteWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = store::find(&mut work, id).await?;
    let wire = &asked.body;
    let note = NewNote {
        happened_at: wire.happened_at,
        late_reason: wire.late_reason.clone(),
        pinned: wire.pinned,
        prior_consent: wire.prior_consent,
        corrects: wire.corrects,
        visit: wire.visit,
        ..NewNote::of(&wire.kind, &wire.body)
    };
    let note = actions::write_note(&mut work, case, note).await?;
    asked.answer(work, StatusCode::CREATED, None, &Made { id: note.0 }).await
}

/// Who keeps the case from now on; without a manager it stands in the unit's inbox.
#[derive(Deserialize, ToSchema)]
struct AssignmentWire {
    case_manager: Option<UserId>,
    supervisor: Option<UserId>,
    /// Also where the manager would carry more than a full caseload.
    #[serde(default)]
    overfull: bool,
    /// Also where the manager is away.
    #[serde(default)]
    away: bool,
    /// Also where the manager is below the level of worker that the case's type asks for.
    #[serde(default)]
    beyond_level: bool,
}

/// POST /api/v1/cases/{id}/assignment
#[utoipa::path(post, path = "/api/v1/cases/{id}/assignment", params(("id" = CaseId, Path)), request_body = AssignmentWire, responses((status = 200, body = Made)))]
async fn assign(
    mut work: Work,
    Path(id): Path<CaseId>,
    version: IfMatch,
    asked: Asked<AssignmentWire>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = store::find(&mut work, id).await?;
    let AssignmentWire { case_manager: manager, supervisor, overfull, away, beyond_level } = asked.body;
    let to = Assignment { manager, supervisor, version: version.0, meant: Meant { overfull, away, beyond_level } };
    actions::assign(&mut work, case, to).await?;
    asked.answer(work, StatusCode::OK, None, &Made { id: id.0 }).await
}

/// A task to add to a case.
#[derive(Deserialize, ToSchema)]
struct TaskWire {
    title: String,
    /// Within two years.
    due_at: DateTime<Utc>,
    assignee: Option<UserId>,
    /// How it comes again, if it does.
    #[serde(default)]
    repeat: Option<RepeatWire>,
}

/// Every so many days, weeks or months, until a day or so many times.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
struct RepeatWire {
    /// 1 to 365.
    #[serde(default)]
    every: i32,
    /// `days`, `weeks` or `months`.
    #[serde(default)]
    step: String,
    /// The last day on which one may be due.
    #[serde(default)]
    until_on: Option<NaiveDate>,
    /// How many there are, the first one included: 2 to 500.
    #[serde(default)]
    times: Option<i32>,
}

/// POST /api/v1/cases/{id}/tasks
#[utoipa::path(post, path = "/api/v1/cases/{id}/tasks", params(("id" = CaseId, Path)), request_body = TaskWire, responses((status = 201, body = Made)))]
async fn add_task(mut work: Work, Path(id): Path<CaseId>, asked: Asked<TaskWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = store::find(&mut work, id).await?;
    let wire = &asked.body;
    let repeat = wire.repeat.clone().map(|RepeatWire { every, step, until_on, times }| Repeat { every, step, until_on, times });
    let chore = Chore { title: wire.title.clone(), due_at: wire.due_at, assignee: wire.assignee, repeat };
    let task = actions::add_task(&mut work, &case, &chore).await?;
    let made = Made { id: task.0 };
    asked.answer(work, StatusCode::CREATED, None, &made).await
}
