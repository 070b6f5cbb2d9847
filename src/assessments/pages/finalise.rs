//! Finalising: what the answers come to, the level of risk that the pack proposes, and what follows.
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use super::{At, actions, titled};
use crate::assessments::actions::Finalising;
use crate::assessments::card;
use crate::assessments::scoring::{self, Answers, Outcome};
use crate::cases::actions as cases;
use crate::cases::pages::whose;
use crate::error::{Clash, Error, FieldErrors};
use crate::packs::{Domain, Pack, ReasonKind, Tool};
use crate::platform::db::Work;
use crate::platform::ids::{AssessmentId, CaseId};
use crate::web::form::Path;
use crate::web::parts::{Bar, Choice};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "assessments/html/finalise.html")]
struct Finalise {
    p: Page,
    form: Form,
    back: String,
    action: String,
    lead: String,
    missing: Vec<(String, String)>,
    // The domains in which something has no answer, and so counts as no need.
    unanswered: Vec<(String, String)>,
    total: String,
    bars: Vec<Bar>,
    heads: [String; 2],
    follows: Vec<String>,
    levels: Vec<Choice>,
    reasons: Vec<Choice>,
}

type Ids = Path<(CaseId, AssessmentId)>;

/// GET /cases/{id}/assessments/{assessment}/finalisation
pub(super) async fn edit(mut work: Work, Path(ids): Ids) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    work.may_in(crate::access::Act::CaseEdit, at.case.unit, Some(at.case.id)).await?;
    if !at.round.is_draft() {
        return Ok(Redirect::to(&at.round.path()).into_response());
    }
    let page = page(&mut work, &at, None).await?;
    work.show(actions::about(&at.case, at.round.id), page).await
}

/// POST /cases/{id}/assessments/{assessment}/finalisation
pub(super) async fn update(mut work: Work, Path(ids): Ids, mut form: Form) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    let (path, zone) = (at.round.path(), work.zone());
    let how = Finalising {
        version: form.parsed_maybe("version").unwrap_or(0),
        happened_at: form.moment_maybe("happened_at", zone),
        late_reason: form.text_maybe("late_reason", 200),
        risk: form.text_maybe("risk", 40),
        reason: form.text_maybe("reason", 40),
    };
    let done = match form.check() {
        Ok(()) => actions::finalise(&mut work, at.case, &at.round, &how).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => work.then(&path, "assessment-finalised").await,
        Err(Error::Invalid(errors)) => again(work, ids, form, errors).await,
        // Somebody wrote in it, or set the level of risk, meanwhile: look at it as it stands now, with what was typed here.
        Err(Error::Conflict(Clash::Stale)) => again(work, ids, form, FieldErrors::one("", "look_again")).await,
        Err(error) => Err(error),
    }
}

async fn again(work: Work, ids: (CaseId, AssessmentId), form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let at = At::find(&mut work, ids).await?;
    if !at.round.is_draft() {
        return Err(Error::Conflict(Clash::State { state: at.round.state, code: "assessment_final" }));
    }
    let mut form = form.with_errors(errors);
    form.set("version", at.round.version.to_string());
    let page = page(&mut work, &at, Some(form)).await?;
    work.show_again(&page)
}

async fn page(work: &mut Work, at: &At, form: Option<Form>) -> Result<Finalise, Error> {
    let p = titled(work, &at.case).await?;
    let (tool, lang, path) = (at.kept.tool(), p.reader.lang, at.round.path());
    let answers = at.said(work).await?.answers;
    let outcome = scoring::outcome(tool, &answers);
    let pack = cases::pack_of(work, &at.case).await?;
    let proposed = actions::proposed(&pack, &outcome);
    let first = || {
        let risk = proposed.map(ToOwned::to_owned).or_else(|| at.case.risk.clone()).unwrap_or_default();
        Form::blank([("version", at.round.version.to_string()), ("risk", risk)])
    };
    let domain_of = |code: &str| tool.domains.iter().find(|domain| domain.questions.iter().any(|one| one.code == code));
    let missing = scoring::missing(tool, &answers).into_iter().map(|question| {
        let domain = domain_of(&question.code).map(|domain| domain.code.as_str()).unwrap_or_default();
        let name = actions::field(&question.code);
        (format!("{path}/answers?domain={domain}#f-{name}"), question.labels.get(lang).to_owned())
    });
    let (score, most) = outcome.points.iter().fold((0, 0), |sum, one| (sum.0 + one.score, sum.1 + one.most));
    let whose = whose(work, &at.case).await?;
    Ok(Finalise {
        missing: missing.collect(),
        unanswered: unanswered(&p, at, &answers),
        total: card::points(&p, score, most),
        bars: bars(&p, tool, (&outcome, &answers)),
        heads: ["domain", "points"].map(|head| p.tc("assessments-head", head)),
        follows: follows(&p, at, &outcome),
        levels: levels(&p, &pack, (proposed, at.case.risk.as_deref())),
        reasons: pack
            .reasons(ReasonKind::LoweringRisk)
            .map(|reason| Choice::new(&reason.code, reason.labels.get(lang)))
            .collect(),
        form: form.unwrap_or_else(first),
        back: path.clone(),
        action: format!("{path}/finalisation"),
        lead: p.detailed(&at.label(lang), &whose),
        p,
    })
}

/// The points of each domain as bars, with their figures, and how much of it has no answer.
pub(super) fn bars(p: &Page, tool: &Tool, (outcome, answers): (&Outcome, &Answers)) -> Vec<Bar> {
    let bar = |one: &scoring::Points| {
        let domain = tool.domain(&one.domain);
        let points = card::points(p, one.score, one.most);
        let open = domain.map_or(0, |domain| scoring::unanswered(tool, domain, answers));
        Bar {
            label: domain.map(|domain| domain.labels.get(p.reader.lang).to_owned()).unwrap_or_default(),
            figure: if open == 0 { points } else { p.joined([points, p.ta("assessment-unanswered", "count", open)]) },
            share: u32::try_from(one.score * 100 / one.most.max(1)).unwrap_or(0).min(100),
            ..Bar::default()
        }
    };
    // What brings no points says nothing of need.
    outcome.points.iter().filter(|one| one.most > 0).map(bar).collect()
}

// Each domain of which something has no answer, with the way there.
fn unanswered(p: &Page, at: &At, answers: &Answers) -> Vec<(String, String)> {
    let tool = at.kept.tool();
    let open = |domain: &Domain| {
        let count = scoring::unanswered(tool, domain, answers);
        let words = p.detailed(domain.labels.get(p.reader.lang), &p.ta("assessment-unanswered", "count", count));
        (count > 0).then(|| (format!("{}/answers?domain={}", at.round.path(), domain.code), words))
    };
    tool.domains.iter().filter_map(open).collect()
}

fn levels(p: &Page, pack: &Pack, (proposed, now): (Option<&str>, Option<&str>)) -> Vec<Choice> {
    let level = |level: &crate::packs::RiskLevel| {
        let is = |other: Option<&str>| other == Some(level.code.as_str());
        let hints = [(is(proposed), "assessment-level-proposed"), (is(now), "assessment-level-now")];
        let hint: Vec<String> = hints.iter().filter(|(there, _)| *there).map(|(_, key)| p.t(key)).collect();
        Choice::new(&level.code, level.labels.get(p.reader.lang)).with_hint(hint.join(" "))
    };
    pack.risk_levels.iter().map(level).collect()
}

fn follows(p: &Page, at: &At, outcome: &Outcome) -> Vec<String> {
    let (tool, mut follows) = (at.kept.tool(), Vec::new());
    if tool.approved_for(&at.case.type_code).is_some() {
        follows.push(p.t("assessment-follows-approval"));
    }
    match outcome.goes_on_to.as_deref().and_then(|code| at.kept.pack().tool(code)) {
        Some(next) => follows.push(p.ta("assessment-follows-analysis", "tool", next.labels.get(p.reader.lang))),
        None if tool.again_after.is_some() => follows.push(p.t("assessment-follows-again")),
        None => {}
    }
    follows
}
