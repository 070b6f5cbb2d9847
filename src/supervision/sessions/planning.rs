//! Pages and REST calls: planning a session that lies ahead, and calling it off.
use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::session::{KINDS, LENGTHS, NewPlan, Plan};
use super::{actions, store};
use crate::access::Act;
use crate::api::Asked;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{RowId, UserId};
use crate::supervision::store as board;
use crate::web::form::Path;
use crate::web::parts::Choice;
use crate::web::{Form, Page, Routes};

/// Planning a session.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("GET", "/team/sessions/plan", new)
        .page("POST", "/team/sessions/planned", create)
        .page("POST", "/team/sessions/planned/{id}/calling-off", call_off)
        .api("GET", "/api/v1/team/sessions-planned", index)
        .api("POST", "/api/v1/team/sessions-planned", plan)
        .api("POST", "/api/v1/team/sessions-planned/{id}/calling-off", call_off_by_program)
        .described::<Described>()
}

/// A planned session in the list.
pub(super) struct Ahead {
    /// Its kind in words.
    pub kind: String,
    /// When it is.
    pub at: String,
    /// Everybody who takes part.
    pub with: String,
    /// Where it is written down once it was held; empty before it begins, and for whoever does not hold it.
    pub write: String,
    /// Where it is called off; empty for whoever may not.
    pub off: String,
}

/// What lies ahead of the reader, and where they supervise.
pub(super) async fn ahead(work: &mut Work, p: &Page) -> Result<Vec<Ahead>, Error> {
    let me = Some(work.me()?).filter(|_| work.holds(Act::CaseAssign));
    Ok(store::plans(work, None).await?.iter().map(|plan| line(p, plan, me)).collect())
}

// What may be done with it depends on who supervises somewhere.
fn line(p: &Page, plan: &Plan, supervisor: Option<UserId>) -> Ahead {
    let with: Vec<&str> =
        std::iter::once(plan.supervisor_name.as_str()).chain(plan.worker_names.iter().map(String::as_str)).collect();
    let workers: String = plan.workers.iter().map(|worker| format!("&workers={worker}")).collect();
    let starts = plan.starts_at.with_timezone(&p.reader.zone).format("%Y-%m-%dT%H:%M");
    let write = format!("/team/sessions/new?kind={}&planned={}&happened_at={starts}{workers}", plan.kind, plan.id);
    let is_writable = supervisor == Some(plan.supervisor) && plan.has_begun(p.reader.now);
    Ahead {
        kind: p.tc("session-kind", &plan.kind),
        at: format!("{} – {}", p.moment(&plan.starts_at), p.reader.time(plan.ends_at)),
        with: with.join(", "),
        write: if is_writable { write } else { String::new() },
        off: supervisor
            .filter(|me| plan.is_ended_by(*me))
            .map(|_| format!("/team/sessions/planned/{}/calling-off", plan.id))
            .unwrap_or_default(),
    }
}

#[derive(Template)]
#[template(path = "supervision/html/session_plan.html")]
struct New {
    p: Page,
    form: Form,
    kinds: Vec<Choice>,
    workers: Vec<Choice>,
    lengths: Vec<Choice>,
}

/// GET /team/sessions/plan
async fn new(mut work: Work) -> Result<Response, Error> {
    work.may(Act::CaseAssign)?;
    let page = new_page(&mut work, Form::blank([("minutes", "60".to_owned())])).await?;
    work.show(About::default(), page).await
}

async fn new_page(work: &mut Work, form: Form) -> Result<New, Error> {
    let p = Page::titled(work, "session-plan").await?;
    let me = work.me()?;
    let units: Vec<_> = board::units(work).await?.iter().map(|unit| unit.id).collect();
    let colleagues = board::colleagues(work, &units).await?;
    let named = colleagues.iter().filter(|one| one.id != me);
    Ok(New {
        kinds: KINDS.iter().map(|code| Choice::new(*code, p.tc("session-kind", code))).collect(),
        workers: named.map(|one| Choice::new(one.id.to_string(), &one.name)).collect(),
        lengths: LENGTHS
            .iter()
            .map(|minutes| Choice::new(minutes.to_string(), p.ta("meeting-minutes", "count", *minutes)))
            .collect(),
        form,
        p,
    })
}

/// POST /team/sessions/planned
async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    let zone = work.zone();
    let new = NewPlan {
        kind: form.value("kind").to_owned(),
        workers: form.all("workers").iter().filter_map(|id| id.parse().ok()).collect(),
        starts_at: form.moment_maybe("starts_at", zone),
        minutes: form.value("minutes").parse().unwrap_or_default(),
    };
    let planned = match form.check() {
        Ok(()) => actions::plan(&mut work, &new).await,
        Err(error) => Err(error),
    };
    match planned {
        Ok(id) => {
            let plan = store::plan(&mut work, id).await?;
            let meets = store::meets_others(&mut work, &plan).await?;
            work.then("/team/sessions", if meets { "warning:session-meets-others" } else { "session-is-planned" }).await
        }
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = new_page(&mut work, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

/// POST /team/sessions/planned/{id}/calling-off
async fn call_off(mut work: Work, Path(id): Path<RowId>) -> Result<Response, Error> {
    let plan = store::plan(&mut work, id).await?;
    actions::call_off(&mut work, &plan).await?;
    work.then("/team/sessions", "session-called-off").await
}

#[derive(OpenApi)]
#[openapi(paths(index, plan, call_off_by_program))]
struct Described;

/// A session that lies ahead.
#[derive(Debug, Serialize, ToSchema)]
struct PlannedWire {
    id: RowId,
    /// `individual`, `group`, `case_discussion` or `shadowing`.
    kind: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    supervisor: UserId,
    workers: Vec<UserId>,
}

/// The sessions that lie ahead of the caller, or were to be in the last four weeks and were not written down yet; then the others where they supervise.
#[utoipa::path(get, path = "/api/v1/team/sessions-planned", tag = "supervision", responses((status = 200, body = Vec<PlannedWire>)))]
async fn index(mut work: Work) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let plans = store::plans(&mut work, None).await?;
    work.record(Fact::Viewed, About::subjects(plans.iter().map(|one| one.id.0))).await?;
    work.commit().await?;
    let wire = |one: Plan| PlannedWire {
        id: one.id,
        kind: one.kind,
        starts_at: one.starts_at,
        ends_at: one.ends_at,
        supervisor: one.supervisor,
        workers: one.workers,
    };
    Ok(axum::Json(plans.into_iter().map(wire).collect::<Vec<_>>()).into_response())
}

/// A session to plan.
#[derive(Debug, Deserialize, ToSchema)]
struct NewPlanWire {
    /// `individual`, `group`, `case_discussion` or `shadowing`.
    #[serde(default)]
    kind: String,
    /// Who takes part beside the caller.
    #[serde(default)]
    workers: Vec<UserId>,
    #[serde(default)]
    starts_at: Option<DateTime<Utc>>,
    /// 30, 45, 60, 90 or 120.
    #[serde(default)]
    minutes: i64,
}

/// What was planned, or ended.
#[derive(Debug, Serialize, ToSchema)]
struct SessionPlanMade {
    id: RowId,
}

/// Plans a session; it stands in the calendar of everybody who takes part.
#[utoipa::path(post, path = "/api/v1/team/sessions-planned", tag = "supervision", request_body = NewPlanWire, responses((status = 201, body = SessionPlanMade), (status = 422)))]
async fn plan(mut work: Work, asked: Asked<NewPlanWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let NewPlanWire { kind, workers, starts_at, minutes } = &asked.body;
    let new = NewPlan { kind: kind.clone(), workers: workers.clone(), starts_at: *starts_at, minutes: *minutes };
    let id = actions::plan(&mut work, &new).await?;
    asked.answer(work, StatusCode::CREATED, None, &SessionPlanMade { id }).await
}

/// Nothing more is to be said.
#[derive(Debug, Deserialize, ToSchema)]
struct CallingOffWire {}

/// Calls a planned session off; whoever supervises there may as well.
#[utoipa::path(post, path = "/api/v1/team/sessions-planned/{id}/calling-off", tag = "supervision", params(("id" = RowId, Path)), request_body = CallingOffWire, responses((status = 200, body = SessionPlanMade), (status = 404), (status = 409)))]
async fn call_off_by_program(mut work: Work, Path(id): Path<RowId>, asked: Asked<CallingOffWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let plan = store::plan(&mut work, id).await?;
    actions::call_off(&mut work, &plan).await?;
    asked.answer(work, StatusCode::OK, None, &SessionPlanMade { id }).await
}
