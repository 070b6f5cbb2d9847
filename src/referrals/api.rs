//! The REST face of sending and of every move of either side.

use std::collections::BTreeMap;

use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::ask;
use super::clocks::watch;
use super::elsewhere;
use super::loop_state;
use super::possible;
use super::referral::Actor;
use super::row::Referral;
use super::sending::draft;
use super::sending::emergency;
use super::sending::not_referred::{self, Decision};
use super::sending::origin;
use super::sending::target;
use super::sides::{self, Rights};
use super::store;
use super::words::{Act, Side, Step};
use crate::api::{Asked, IfMatch, versioned};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ReferralId, ServiceId};
use crate::web::form::Path;
use crate::web::{Form, Routes};

/// The calls and their description.
pub fn routes() -> Routes {
    Routes::new()
        .api("POST", "/api/v1/cases/{id}/referrals", create)
        .api("POST", "/api/v1/cases/{id}/emergency", create_emergency)
        .api("POST", "/api/v1/cases/{id}/not-referred", create_not_referred)
        .api("GET", "/api/v1/referrals/{id}", show)
        .api("POST", "/api/v1/referrals/{id}/moves", create_move)
        .api("GET", "/api/v1/status-words", status_words)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(create, create_emergency, create_not_referred, show, create_move, status_words))]
struct Described;

/// A referral to be written: where it goes, and the fields of the form by their names.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewReferral {
    /// `service:<id>`, `unit:<number>` or, within the own organisation, `user:<id>`.
    pub to: String,
    /// The fields of the form: `need`, `reason`, `priority`, `person`, `sections`, the questions.
    #[serde(default)]
    pub fields: BTreeMap<String, Vec<String>>,
    /// The record it is started from: a child record, note, document, consent or action of the plan of the case, or a child record of a person on it.
    #[serde(default)]
    pub started_from: Option<uuid::Uuid>,
}

/// A decision not to refer.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NotReferred {
    /// The need's code.
    #[serde(default)]
    pub need: String,
    /// The service, where one was looked at.
    pub service: Option<ServiceId>,
    /// One of the pack's reasons, such as `already_receives`, `without_help`, `not_available`.
    #[serde(default)]
    pub reason: String,
}

/// Something to be done with a referral: the action and its fields.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewMove {
    /// The act, such as `submit`, `acknowledge`, `accept`, `complete`.
    pub action: String,
    /// The fields of the action, such as `reason`, `what`, `at`, `remark`, `version`.
    #[serde(default)]
    pub fields: BTreeMap<String, Vec<String>>,
}

/// A referral as a program reads it: codes and times, no words about the person.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferralWire {
    /// Its id.
    pub id: ReferralId,
    /// The code that people read.
    pub code: String,
    /// `internal`, `partner`, `external`, `self` or `transfer_notice`.
    pub kind: &'static str,
    /// The FHIR Task status.
    pub status: &'static str,
    /// The business status.
    pub step: &'static str,
    /// The loop, as far as this side may know it.
    pub r#loop: &'static str,
    /// How soon the service is needed.
    pub priority: &'static str,
    /// The need's code.
    pub need: String,
    /// The service's name.
    pub service: String,
    /// How much or how often the service was given, as the provider typed it; absent where it said nothing.
    pub outcome_amount: Option<String>,
    /// Of cash: when it was paid.
    pub paid_on: Option<NaiveDate>,
    /// Of cash: whether the payee confirmed it.
    pub paid_confirmed: Option<bool>,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// When the outcome is due.
    pub due_at: Option<DateTime<Utc>>,
    /// When the next move is due.
    pub next_due_at: Option<DateTime<Utc>>,
    /// Whose move it is: `from` or `to`.
    pub next_side: Option<&'static str>,
    /// What the reader may do now.
    pub possible: Vec<&'static str>,
    /// What other systems call where it stands.
    pub elsewhere: WordsWire,
    /// Counts its changes.
    pub version: i32,
}

/// What other systems call a state; absent where they have no word.
#[derive(Debug, Serialize, ToSchema)]
pub struct WordsWire {
    /// FHIR R4 `Task.status`.
    pub fhir: &'static str,
    /// proGres v4; two words where approval may stand on either side.
    pub progres: Vec<&'static str>,
    /// LaMPSS.
    pub lampss: Option<&'static str>,
    /// Costa Rica's referral record.
    pub costa_rica: Option<&'static str>,
}

impl From<elsewhere::Words> for WordsWire {
    fn from(words: elsewhere::Words) -> Self {
        Self { fhir: words.fhir, progres: words.progres.to_vec(), lampss: words.lampss, costa_rica: words.costa_rica }
    }
}

/// A row of the table of status words.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusWordRow {
    /// Our status.
    pub status: &'static str,
    /// Our step, where only that one has the word.
    pub step: Option<&'static str>,
    /// How far the letter has come (`queued`, `sent`), where that makes the difference.
    pub letter: Option<&'static str>,
    /// What the others call it.
    pub elsewhere: WordsWire,
}

async fn wire(work: &mut Work, referral: &Referral, rights: Rights) -> Result<ReferralWire, Error> {
    let letter = store::letter(work, referral).await?;
    let side = rights.reading_side();
    let state = &referral.state;
    let tells_due = referral.tells_due(side);
    let mut acts = possible::possible(state, sides::actor(work, referral, side, None), rights, work.now());
    if rights.reads_from && rights.answer {
        acts.extend(possible::possible(state, Actor::RECEIVER, rights, work.now()));
    }
    Ok(ReferralWire {
        id: referral.id,
        code: referral.code.clone(),
        kind: state.terms.kind.code(),
        status: state.status.code(),
        step: state.step.code(),
        r#loop: loop_state::seen_by(state, side).code(),
        priority: state.terms.priority.code(),
        need: referral.wanted.need.clone(),
        service: referral.wanted.service_name.clone(),
        outcome_amount: Some(referral.ending.outcome_amount.clone()).filter(|amount| !amount.is_empty()),
        paid_on: referral.ending.paid.map(|(day, _)| day),
        paid_confirmed: referral.ending.paid.map(|(_, confirmed)| confirmed),
        sent_at: state.times.sent,
        due_at: state.terms.due_at,
        next_due_at: referral.clocks.next_due_at.filter(|_| tells_due),
        next_side: referral.clocks.next_side.filter(|_| tells_due).map(Side::code),
        elsewhere: elsewhere::words(state.status, state.step, letter).into(),
        possible: acts.into_iter().map(Act::code).collect(),
        version: referral.version,
    })
}

/// Writes a draft from a case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/referrals", params(("id" = CaseId, Path)), request_body = NewReferral, responses((status = 201, body = ReferralWire)))]
async fn create(mut work: Work, Path(id): Path<CaseId>, asked: Asked<NewReferral>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = draft::case(&mut work, id).await?;
    let target = target::target(&mut work, &asked.body.to).await?;
    let typed = Form::sent(&asked.body.fields);
    if let Some(record) = asked.body.started_from {
        origin::find_maybe(&mut work, id, record).await?.ok_or(Error::NotFound)?;
    }
    let begun = draft::begin(&mut work, ReferralId::new(), &case, &target, asked.body.started_from, &typed).await?;
    let kept = draft::save(&mut work, &begun, &typed).await?;
    typed.all_looked_at()?;
    let rights = sides::rights(&mut work, &kept).await?;
    let body = wire(&mut work, &kept, rights).await?;
    asked.answer(work, StatusCode::CREATED, Some(format!("/api/v1/referrals/{}", kept.id)), &body).await
}

/// Sends an emergency at once: `need`, `safe_contact` and `basis` are its fields.
#[utoipa::path(post, path = "/api/v1/cases/{id}/emergency", params(("id" = CaseId, Path)), request_body = NewReferral, responses((status = 201, body = ReferralWire)))]
async fn create_emergency(mut work: Work, Path(id): Path<CaseId>, asked: Asked<NewReferral>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = draft::case(&mut work, id).await?;
    let mut typed = Form::sent(&asked.body.fields);
    typed.set("to", asked.body.to.as_str());
    let sent = emergency::send(&mut work, ReferralId::new(), &case, &typed).await?;
    typed.all_looked_at()?;
    let rights = sides::rights(&mut work, &sent).await?;
    let body = wire(&mut work, &sent, rights).await?;
    asked.answer(work, StatusCode::CREATED, Some(format!("/api/v1/referrals/{}", sent.id)), &body).await
}

/// Keeps on the case why nobody is referred for a need.
#[utoipa::path(post, path = "/api/v1/cases/{id}/not-referred", params(("id" = CaseId, Path)), request_body = NotReferred, responses((status = 201)))]
async fn create_not_referred(mut work: Work, Path(id): Path<CaseId>, asked: Asked<NotReferred>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = draft::case(&mut work, id).await?;
    let pack = watch::pack_of(&mut work, case.case_type).await?.ok_or(Error::NotFound)?;
    let NotReferred { need, service, reason } = &asked.body;
    let decision = Decision { need: need.clone(), service: *service, reason: reason.clone() };
    not_referred::record(&mut work, &case, &pack, &decision).await?;
    asked.answer(work, StatusCode::CREATED, Some(format!("/api/v1/cases/{id}")), &serde_json::json!({})).await
}

/// Reads a referral.
#[utoipa::path(get, path = "/api/v1/referrals/{id}", params(("id" = ReferralId, Path)), responses((status = 200, body = ReferralWire)))]
async fn show(mut work: Work, Path(id): Path<ReferralId>) -> Result<Response, Error> {
    let referral = store::find(&mut work, id).await?;
    let rights = sides::rights(&mut work, &referral).await?;
    let body = wire(&mut work, &referral, rights).await?;
    work.record(Fact::Viewed, About::referral(id).between(referral.orgs())).await?;
    work.commit().await?;
    Ok(versioned(body.version, body))
}

/// Does something with a referral: every act of either side.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/moves", params(("id" = ReferralId, Path), ("If-Match" = String, Header, description = "The `ETag` that the caller has read")), request_body = NewMove, responses((status = 200, body = ReferralWire)))]
async fn create_move(
    mut work: Work,
    Path(id): Path<ReferralId>,
    version: IfMatch,
    asked: Asked<NewMove>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let referral = store::find(&mut work, id).await?;
    version.check(referral.version)?;
    let mut typed = Form::sent(&asked.body.fields);
    typed.set("action", asked.body.action.as_str());
    let after = ask::carry_out(&mut work, &referral, &mut typed).await?;
    typed.all_looked_at()?;
    let rights = sides::rights(&mut work, &after).await?;
    let body = wire(&mut work, &after, rights).await?;
    asked.answer(work, StatusCode::OK, None, &body).await
}

/// What FHIR, proGres, LaMPSS and Costa Rica's register call each state of a referral.
#[utoipa::path(get, path = "/api/v1/status-words", tag = "referrals", responses((status = 200, body = Vec<StatusWordRow>)))]
async fn status_words(work: Work) -> Result<axum::Json<Vec<StatusWordRow>>, Error> {
    work.commit().await?;
    let rows = elsewhere::table().into_iter().map(|row| StatusWordRow {
        status: row.status.code(),
        step: row.step.map(Step::code),
        letter: row.letter.map(elsewhere::Letter::code),
        elsewhere: row.words.into(),
    });
    Ok(axum::Json(rows.collect()))
}
