//! REST calls: the meetings of a case and everything done on one, one's calendar, and the visits that one is out on.
mod outcome;
mod own;

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::meeting::{Meeting, NewMeeting, Words};
use super::safety::Safety;
use super::visit::{ComingBack, SettingOut};
use super::wire::MeetingWire;
use super::{actions, store, visit};
use crate::access::Act;
use crate::api::Asked;
use crate::audit::{About, Fact};
use crate::cases::{self, Case};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, UserId};
use crate::web::Routes;
use crate::web::form::{Path, Query};

// A calendar is asked for at most so many days at once.
const MOST_DAYS: i64 = 62;

/// The calls of this room.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/cases/{id}/meetings", index)
        .api("POST", "/api/v1/cases/{id}/meetings", plan)
        .api("POST", "/api/v1/cases/{id}/meetings/{meeting}/time", move_to)
        .api("POST", "/api/v1/cases/{id}/meetings/{meeting}/reminder", remind)
        .api("POST", "/api/v1/cases/{id}/meetings/{meeting}/setting-out", set_out)
        .api("POST", "/api/v1/cases/{id}/meetings/{meeting}/return", come_back)
        .api("POST", "/api/v1/cases/{id}/meetings/{meeting}/back-by", stay_out)
        .api("GET", "/api/v1/calendar", calendar)
        .described::<Described>()
        .and(outcome::routes())
        .and(own::routes())
}

#[derive(OpenApi)]
#[openapi(paths(index, plan, move_to, remind, set_out, stay_out, come_back, calendar))]
struct Described;

/// The meetings of a case, the latest first.
#[utoipa::path(get, path = "/api/v1/cases/{id}/meetings", tag = "meetings", params(("id" = CaseId, Path)), responses((status = 200, body = Vec<MeetingWire>), (status = 404)))]
async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let meetings: Vec<MeetingWire> = store::of_case(&mut work, id, None).await?.into_iter().map(MeetingWire::from).collect();
    work.record(Fact::Viewed, About::case(id).with(case.person_id)).await?;
    work.commit().await?;
    Ok(axum::Json(meetings).into_response())
}

/// How a meeting stands after a step. An answer is kept for a day under its key, so no word of the meeting is in it.
#[derive(Debug, Serialize, ToSchema)]
struct MeetingMade {
    id: Uuid,
    /// `planned`, `held`, `late`, `no_show` or `not_held`.
    state: String,
    /// For the next step.
    version: i32,
}

impl From<&Meeting> for MeetingMade {
    fn from(one: &Meeting) -> Self {
        Self { id: one.id, state: one.state.clone(), version: one.version }
    }
}

/// A meeting to plan.
#[derive(Debug, Deserialize, ToSchema)]
struct PlanWire {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    starts_at: Option<DateTime<Utc>>,
    /// 15, 30, 45, 60, 90 or 120.
    #[serde(default)]
    minutes: i64,
    /// A colleague's calendar; one's own without it.
    #[serde(default)]
    holder: Option<UserId>,
    /// Needed of a home visit.
    #[serde(default)]
    place: String,
    #[serde(default)]
    purpose: String,
    /// A name and organisation each, at most twenty.
    #[serde(default)]
    invited: Vec<String>,
    /// The person agreed to be reminded by a message (a text message, or mail where none reaches them), so many hours before: `24` or `48`. Refused where it is not safe.
    #[serde(default)]
    remind: Option<i16>,
    /// Of a home visit and an accompaniment, always asked: is it safe for the person?
    #[serde(default)]
    safe_for_person: Option<bool>,
    /// And for the worker?
    #[serde(default)]
    safe_for_worker: Option<bool>,
    /// Needed where it is not safe for one of them: what is done about it.
    #[serde(default)]
    precaution: String,
}

fn safety(person: Option<bool>, worker: Option<bool>, precaution: &str) -> Safety {
    Safety { person, worker, precaution: precaution.to_owned() }
}

/// Plans a meeting.
#[utoipa::path(post, path = "/api/v1/cases/{id}/meetings", tag = "meetings", params(("id" = CaseId, Path)), request_body = PlanWire, responses((status = 201, body = MeetingMade), (status = 404), (status = 422)))]
async fn plan(mut work: Work, Path(id): Path<CaseId>, asked: Asked<PlanWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let case = cases::store::find(&mut work, id).await?;
    let body = &asked.body;
    let new = NewMeeting {
        kind: body.kind.clone(),
        starts_at: body.starts_at,
        minutes: body.minutes,
        holder: body.holder,
        words: Words {
            place: body.place.clone(),
            purpose: body.purpose.clone(),
            invited: body.invited.clone(),
            safety: Some(safety(body.safe_for_person, body.safe_for_worker, &body.precaution)),
            ..Words::default()
        },
        remind: body.remind,
    };
    let made = actions::plan(&mut work, &case, Uuid::now_v7(), &new).await?;
    asked.answer(work, StatusCode::CREATED, None, &MeetingMade::from(&made)).await
}

async fn found(work: &mut Work, id: CaseId, one: Uuid, version: Option<i32>) -> Result<(Case, Meeting), Error> {
    let case = cases::store::find(work, id).await?;
    let meeting = store::find(work, id, one).await?;
    if let Some(version) = version {
        meeting.must_be(version)?;
    }
    Ok((case, meeting))
}

async fn changed<T>(mut work: Work, asked: &Asked<T>, id: CaseId, one: Uuid) -> Result<Response, Error> {
    let meeting = store::find(&mut work, id, one).await?;
    asked.answer(work, StatusCode::OK, None, &MeetingMade::from(&meeting)).await
}

/// Another time.
#[derive(Debug, Deserialize, ToSchema)]
struct TimeWire {
    #[serde(default)]
    starts_at: Option<DateTime<Utc>>,
    /// `person`, `worker` or `organisation`.
    #[serde(default)]
    asked_by: String,
    /// `unwell`, `forgot`, `transport`, `not_safe`, `worker_away`, `closed` or `other`.
    #[serde(default)]
    reason: String,
    #[serde(default)]
    version: i32,
}

/// Gives a planned meeting another time.
#[utoipa::path(post, path = "/api/v1/cases/{id}/meetings/{meeting}/time", tag = "meetings", params(("id" = CaseId, Path), ("meeting" = Uuid, Path)), request_body = TimeWire, responses((status = 200, body = MeetingMade), (status = 404), (status = 409), (status = 422)))]
async fn move_to(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, asked: Asked<TimeWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let (case, meeting) = found(&mut work, id, one, Some(asked.body.version)).await?;
    let by = (asked.body.asked_by.as_str(), asked.body.reason.as_str());
    actions::move_to(&mut work, &case, meeting, asked.body.starts_at, by).await?;
    changed(work, &asked, id, one).await
}

/// Whether the person is reminded.
#[derive(Debug, Deserialize, ToSchema)]
struct MeetingReminderWire {
    /// So many hours before, as they agreed: `24` or `48`; not at all without it.
    #[serde(default)]
    remind: Option<i16>,
    #[serde(default)]
    version: i32,
}

/// Promises the person a reminder of a planned meeting, or none any more. Refused where it is not safe.
#[utoipa::path(post, path = "/api/v1/cases/{id}/meetings/{meeting}/reminder", tag = "meetings", params(("id" = CaseId, Path), ("meeting" = Uuid, Path)), request_body = MeetingReminderWire, responses((status = 200, body = MeetingMade), (status = 404), (status = 409), (status = 422)))]
async fn remind(
    mut work: Work,
    Path((id, one)): Path<(CaseId, Uuid)>,
    asked: Asked<MeetingReminderWire>,
) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let (case, meeting) = found(&mut work, id, one, Some(asked.body.version)).await?;
    actions::remind_person(&mut work, &case, &meeting, asked.body.remind).await?;
    changed(work, &asked, id, one).await
}

/// By when the worker is back, and whether it is safe now.
#[derive(Debug, Deserialize, ToSchema)]
struct OutWire {
    #[serde(default)]
    back_by: Option<DateTime<Utc>>,
    /// Always asked: is it safe for the person?
    #[serde(default)]
    safe_for_person: Option<bool>,
    /// And for the worker?
    #[serde(default)]
    safe_for_worker: Option<bool>,
    /// Needed where it is not safe for one of them: what is done about it.
    #[serde(default)]
    precaution: String,
    /// Needed more than four hours before the visit begins: the caller sets out now all the same.
    #[serde(default)]
    early: bool,
    #[serde(default)]
    version: i32,
}

/// Sets out on a visit; refused while somebody is out on it, or until it is decided what must change after a visit of the case that was not safe.
#[utoipa::path(post, path = "/api/v1/cases/{id}/meetings/{meeting}/setting-out", tag = "meetings", params(("id" = CaseId, Path), ("meeting" = Uuid, Path)), request_body = OutWire, responses((status = 200, body = MeetingMade), (status = 404), (status = 409), (status = 422)))]
async fn set_out(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, asked: Asked<OutWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let (case, meeting) = found(&mut work, id, one, None).await?;
    let body = &asked.body;
    let safety = safety(body.safe_for_person, body.safe_for_worker, &body.precaution);
    let out = SettingOut { back_by: body.back_by, safety, early: body.early, version: body.version };
    visit::set_out(&mut work, &case, meeting, out).await?;
    changed(work, &asked, id, one).await
}

/// By when the worker is back after all.
#[derive(Debug, Deserialize, ToSchema)]
struct BackByWire {
    #[serde(default)]
    back_by: Option<DateTime<Utc>>,
    #[serde(default)]
    version: i32,
}

/// Is out for longer, within a day; only whoever is out says so.
#[utoipa::path(post, path = "/api/v1/cases/{id}/meetings/{meeting}/back-by", tag = "meetings", params(("id" = CaseId, Path), ("meeting" = Uuid, Path)), request_body = BackByWire, responses((status = 200, body = MeetingMade), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn stay_out(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, asked: Asked<BackByWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let (case, meeting) = found(&mut work, id, one, None).await?;
    visit::stay_out(&mut work, &case, meeting, (asked.body.back_by, asked.body.version)).await?;
    changed(work, &asked, id, one).await
}

/// Nothing to say of oneself.
#[derive(Debug, Deserialize, ToSchema)]
struct ReturnWire {
    /// Of a colleague: the caller spoke to them.
    #[serde(default)]
    spoke: bool,
    /// What happened, where it was not safe: the supervisor is asked to look at it.
    #[serde(default)]
    not_safe: Option<String>,
}

/// Is back from a visit; whoever supervises says so of a colleague to whom they spoke.
#[utoipa::path(post, path = "/api/v1/cases/{id}/meetings/{meeting}/return", tag = "meetings", params(("id" = CaseId, Path), ("meeting" = Uuid, Path)), request_body = ReturnWire, responses((status = 200, body = MeetingMade), (status = 403), (status = 404), (status = 422)))]
async fn come_back(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, asked: Asked<ReturnWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let (case, meeting) = found(&mut work, id, one, None).await?;
    let spoke = if asked.body.spoke { "yes" } else { "" };
    let coming = ComingBack { spoke, not_safe: asked.body.not_safe.as_deref() };
    visit::come_back(&mut work, &case, meeting, coming).await?;
    changed(work, &asked, id, one).await
}

/// Something in a calendar.
#[derive(Debug, Serialize, ToSchema)]
struct EntryWire {
    /// A kind of meeting, `appointment` of a referral, `session` of supervision, or `visit` that the caller is out on and whose case they do not see.
    kind: String,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    state: String,
    case: Option<Uuid>,
    referral: Option<Uuid>,
    code: String,
}

/// One's own calendar between two moments at most 62 days apart.
#[utoipa::path(get, path = "/api/v1/calendar", tag = "meetings", params(("from" = DateTime<Utc>, Query), ("to" = DateTime<Utc>, Query)), responses((status = 200, body = Vec<EntryWire>), (status = 422)))]
async fn calendar(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let at = |name: &'static str| query.value(name).parse::<DateTime<Utc>>().map_err(|_| invalid(name, "not_a_moment"));
    let (from, to) = (at("from")?, at("to")?);
    if to <= from || to - from > TimeDelta::days(MOST_DAYS) {
        return Err(invalid("to", "too_far"));
    }
    let me = work.me()?;
    let entries = store::entries(&mut work, me, from, to).await?;
    work.record(Fact::Viewed, About::subjects(entries.iter().filter_map(|one| one.case_id.or(one.referral_id)))).await?;
    work.commit().await?;
    let wire = |one: store::Entry| EntryWire {
        kind: one.kind,
        starts_at: one.starts_at,
        ends_at: one.ends_at,
        state: one.state,
        case: one.case_id,
        referral: one.referral_id,
        code: one.code,
    };
    Ok(axum::Json(entries.into_iter().map(wire).collect::<Vec<_>>()).into_response())
}
