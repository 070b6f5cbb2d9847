//! REST calls of eligibility: a service's rule, the verdicts of a case, and what a person says of a service.
use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{OpenApi, ToSchema};

use super::actions::{self, Saying};
use super::judging::{Judgement, judge};
use super::known::Known;
use super::preference::{self, Preference};
use super::rule::{self, Rule, Test, labels};
use super::{scores, store, words};
use crate::api::{Asked, IfMatch, Nothing};
use crate::audit::{About, Fact};
use crate::cases::{self, Case};
use crate::directory;
use crate::error::{Error, FieldErrors, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ServiceId};
use crate::platform::text::without_marks;
use crate::web::Routes;
use crate::web::form::Path;

/// The calls of this room.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/services/{id}/rule", show)
        .api("PUT", "/api/v1/services/{id}/rule", update)
        .api("POST", "/api/v1/services/{id}/rule/activation", activate)
        .api("POST", "/api/v1/services/{id}/rule/retirement", retire)
        .api("GET", "/api/v1/cases/{id}/verdicts", verdicts)
        .api("POST", "/api/v1/cases/{id}/service-preferences", prefer)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(show, update, activate, retire, verdicts, prefer))]
struct Described;

/// A test case of a rule.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
struct TestWire {
    #[serde(default)]
    name: String,
    /// `eligible`, `not_eligible` or `unknown`.
    #[serde(default)]
    expect: String,
    /// Of an unknown verdict, the fields that must be named.
    #[serde(default)]
    decides: Vec<String>,
    /// Values of the household by field; a field that is left out is unknown.
    #[serde(default)]
    #[schema(value_type = Object)]
    household: Map<String, Value>,
    /// The members, each with its values; nobody knows them where absent.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Object>>)]
    members: Option<Vec<Map<String, Value>>>,
}

/// How a test case went.
#[derive(Debug, Serialize, ToSchema)]
struct RanWire {
    name: String,
    passes: bool,
    came_to: &'static str,
}

/// A version of a rule.
#[derive(Debug, Serialize, ToSchema)]
struct RuleWire {
    number: i32,
    /// `draft`, `active` or `retired`.
    state: String,
    /// The CEL expression.
    text: String,
    labels: BTreeMap<&'static str, String>,
    tests: Vec<TestWire>,
    /// How the test cases go.
    ran: Vec<RanWire>,
    written_by: String,
    recorded_at: DateTime<Utc>,
    activated_at: Option<DateTime<Utc>>,
    /// The pack that brought it.
    pack: Option<String>,
    /// For the next `If-Match`.
    version: i32,
}

impl RuleWire {
    fn of(it: &Rule) -> Result<Self, Error> {
        let ran = actions::run(&it.ready()?, &it.tests)?;
        let tests = it.tests.iter().cloned().map(|Test { name, expect, decides, household, members }| TestWire {
            name,
            expect,
            decides,
            household,
            members,
        });
        let of = &it.labels;
        Ok(Self {
            number: it.number,
            state: it.state.clone(),
            text: it.text.clone(),
            labels: [("en", &of.en), ("ar", &of.ar), ("fr", &of.fr), ("es", &of.es)]
                .map(|(lang, label)| (lang, label.clone()))
                .into(),
            tests: tests.collect(),
            ran: ran.into_iter().map(|ran| RanWire { name: ran.name, passes: ran.passes, came_to: ran.came_to }).collect(),
            written_by: it.written_by.clone(),
            recorded_at: it.recorded_at,
            activated_at: it.activated_at,
            pack: it.pack.clone(),
            version: it.version,
        })
    }
}

/// The rule of a service in all its versions.
#[derive(Debug, Serialize, ToSchema)]
struct RuleVersions {
    /// The number of the version in force.
    active: Option<i32>,
    /// The newest first.
    versions: Vec<RuleWire>,
}

/// What a draft is to say.
#[derive(Debug, Deserialize, ToSchema)]
struct NewRule {
    /// The CEL expression, at most 2,000 characters.
    #[serde(default)]
    text: String,
    /// What it is called, by language: `en`, `ar`, `fr`, `es`.
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    tests: Vec<TestWire>,
}

/// Which version.
#[derive(Debug, Deserialize, ToSchema)]
struct WhichRule {
    #[serde(default)]
    number: i32,
}

/// The rule of a service the caller sees, with its versions.
#[utoipa::path(get, path = "/api/v1/services/{id}/rule", tag = "services", params(("id" = ServiceId, Path)), responses((status = 200, body = RuleVersions)))]
async fn show(mut work: Work, Path(id): Path<ServiceId>) -> Result<Response, Error> {
    directory::store::find(&mut work, id).await?;
    let versions = all(&mut work, id).await?;
    work.commit().await?;
    Ok(axum::Json(versions).into_response())
}

async fn all(work: &mut Work, id: ServiceId) -> Result<RuleVersions, Error> {
    let rules = store::versions(work, id).await?;
    let active = rules.iter().find(|rule| rule.is_active()).map(|rule| rule.number);
    Ok(RuleVersions { active, versions: rules.iter().map(RuleWire::of).collect::<Result<_, _>>()? })
}

/// Save the draft of a rule over the version that was read, 0 where none stands. What is wrong in the expression is refused under `text`, with
/// line, column and remedy in `detail`.
#[utoipa::path(put, path = "/api/v1/services/{id}/rule", tag = "services", params(("id" = ServiceId, Path)), request_body = NewRule,
    responses((status = 200, body = RuleVersions)))]
async fn update(
    mut work: Work,
    Path(id): Path<ServiceId>,
    IfMatch(version): IfMatch,
    asked: Asked<NewRule>,
) -> Result<Response, Error> {
    actions::kept(&mut work, id).await?;
    let tests = asked.body.tests.iter().cloned().map(|it| Test {
        name: it.name,
        expect: it.expect,
        decides: it.decides,
        household: it.household,
        members: it.members,
    });
    let saying = Saying { text: asked.body.text.clone(), labels: labels(&asked.body.labels), tests: tests.collect(), version };
    must_compile(&mut work, id, &saying.text).await?;
    actions::save(&mut work, id, &saying).await?;
    let versions = all(&mut work, id).await?;
    work.commit().await?;
    Ok(axum::Json(versions).into_response())
}

// A program reads where the mistakes are, as a person does beside the field.
async fn must_compile(work: &mut Work, id: ServiceId, text: &str) -> Result<(), Error> {
    let versions = store::versions(work, id).await?;
    let known = Known::of_rule(work, actions::speaks_of(&versions)).await?;
    let Err(mistakes) = actions::compiled(text.trim(), &known) else { return Ok(()) };
    let said = mistakes.iter().map(|it| format!("Line {}, column {}: {} {}", it.line, it.column, it.what, it.remedy));
    Err(Error::Unread(FieldErrors::one("text", "rule_mistakes"), said.collect::<Vec<_>>().join(" ")))
}

/// Put a version into force, over the version that was read. A test case that fails hinders it.
#[utoipa::path(post, path = "/api/v1/services/{id}/rule/activation", tag = "services", params(("id" = ServiceId, Path)), request_body = WhichRule,
    responses((status = 200, body = RuleVersions)))]
async fn activate(
    mut work: Work,
    Path(id): Path<ServiceId>,
    IfMatch(version): IfMatch,
    asked: Asked<WhichRule>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    actions::activate(&mut work, id, asked.body.number, version).await?;
    let versions = all(&mut work, id).await?;
    asked.answer(work, StatusCode::OK, None, &versions).await
}

/// End the rule in force: the service is judged by the ages and sexes of its entry alone.
#[utoipa::path(post, path = "/api/v1/services/{id}/rule/retirement", tag = "services", params(("id" = ServiceId, Path)),
    responses((status = 200, body = RuleVersions)))]
async fn retire(mut work: Work, Path(id): Path<ServiceId>, asked: Asked<Option<Nothing>>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    actions::retire(&mut work, id).await?;
    let versions = all(&mut work, id).await?;
    asked.answer(work, StatusCode::OK, None, &versions).await
}

/// A condition and whether it holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClauseWire {
    /// In the caller's language.
    words: String,
    /// Absent while something is unknown.
    holds: Option<bool>,
}

/// Whether a service is for somebody.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerdictWire {
    /// `eligible`, `not_eligible` or `unknown`.
    verdict: &'static str,
    /// The version of the rule; absent where the entry's ages and sexes were applied.
    rule: Option<i32>,
    clauses: Vec<ClauseWire>,
    /// The unknown fields that could still change it.
    decides: Vec<String>,
}

impl VerdictWire {
    /// A judgement in the caller's language.
    pub(crate) fn of(judgement: &Judgement, lang: crate::platform::lang::Lang) -> Self {
        let clause = |clause: &super::Clause| ClauseWire {
            words: without_marks(&words::sentence(lang, &judgement.known, clause)),
            holds: clause.holds(),
        };
        Self {
            verdict: rule::code(judgement.verdict),
            rule: judgement.number,
            clauses: judgement.clauses.iter().map(clause).collect(),
            decides: judgement.decides.clone(),
        }
    }
}

/// The verdict of one service's rule.
#[derive(Debug, Serialize, ToSchema)]
struct ServiceVerdict {
    service: ServiceId,
    #[serde(flatten)]
    verdict: VerdictWire,
}

/// A score.
#[derive(Debug, Serialize, ToSchema)]
struct ScoreWire {
    code: String,
    /// Absent while something it needs is unknown.
    value: Option<f64>,
    lacks: Vec<String>,
    /// The level of risk that it proposes; only a worker sets one.
    proposes: Option<String>,
    /// What made it so, in the caller's language.
    grounds: Vec<String>,
}

/// What rules say of a case.
#[derive(Debug, Serialize, ToSchema)]
struct CaseVerdicts {
    /// One for each service with a rule in force that the caller sees.
    verdicts: Vec<ServiceVerdict>,
    scores: Vec<ScoreWire>,
}

/// What every rule in force says of a case, condition by condition, and its scores. A restricted case has none.
#[utoipa::path(get, path = "/api/v1/cases/{id}/verdicts", tag = "cases", params(("id" = CaseId, Path)), responses((status = 200, body = CaseVerdicts)))]
async fn verdicts(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = Case::read(&mut work, id).await?;
    let judged = judge(&mut work, &case).await?;
    let lang = work.lang();
    let mut verdicts: Vec<ServiceVerdict> = judged
        .by_rule
        .iter()
        .map(|(service, judgement)| ServiceVerdict { service: *service, verdict: VerdictWire::of(judgement, lang) })
        .collect();
    verdicts.sort_by_key(|verdict| verdict.service);
    let scores = scores::of(&mut work, &case, &judged).await?;
    let ground = |part: &rules::Part| without_marks(&words::part(lang, &judged.known, part));
    let score = |it: scores::Scored| ScoreWire {
        grounds: it.parts.iter().map(ground).collect(),
        code: it.code,
        value: it.value,
        lacks: it.lacks,
        proposes: it.risk.map(|(code, _)| code),
    };
    work.record(Fact::Viewed, About::case(id).with(case.person_id)).await?;
    work.commit().await?;
    Ok(axum::Json(CaseVerdicts { verdicts, scores: scores.into_iter().map(score).collect() }).into_response())
}

/// What a person says of a service.
#[derive(Debug, Deserialize, ToSchema)]
struct NewPreference {
    /// A service that the caller sees.
    #[serde(default)]
    service: Option<ServiceId>,
    /// `wanted`, `unwanted`, or `open` to take it back.
    #[serde(default)]
    wish: String,
    /// Why; needed for `unwanted`.
    #[serde(default)]
    words: String,
}

/// What was recorded.
#[derive(Debug, Serialize, ToSchema)]
struct PreferenceMade {
    service: ServiceId,
    wish: String,
}

/// Record what a person says of a service: it counts when services are ranked for them.
#[utoipa::path(post, path = "/api/v1/cases/{id}/service-preferences", tag = "cases", params(("id" = CaseId, Path)), request_body = NewPreference,
    responses((status = 201, body = PreferenceMade)))]
async fn prefer(mut work: Work, Path(id): Path<CaseId>, asked: Asked<NewPreference>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let case = cases::store::find(&mut work, id).await?;
    let NewPreference { service, wish, words } = &asked.body;
    let service = service.ok_or_else(|| invalid("service", "required"))?;
    preference::record(&mut work, &case, service, &Preference { wish: wish.clone(), words: words.clone() }).await?;
    let made = PreferenceMade { service, wish: wish.clone() };
    asked.answer(work, StatusCode::CREATED, None, &made).await
}
