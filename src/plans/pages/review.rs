//! A review, and the evaluation at the end: how far each result has come, what was said, how satisfied the person is.
use std::collections::BTreeMap;

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use super::{At, Ids, actions, titled};
use crate::error::{Clash, Error, FieldErrors};
use crate::plans::actions::{Reviewing, field};
use crate::plans::line::LONGEST;
use crate::plans::plan::{PROGRESS, Reviewed};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PlanId, PlanLineId};
use crate::projects::card as placed;
use crate::web::form::Path;
use crate::web::parts::Choice;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "plans/html/review.html")]
struct Write {
    p: Page,
    form: Form,
    back: String,
    action: String,
    code: String,
    ends: bool,
    results: Vec<Asked>,
    placed: Vec<placed::Line>,
    progress: Vec<Choice>,
    satisfaction: Vec<Choice>,
}

struct Asked {
    words: String,
    under: String,
    how: String,
    what: String,
}

/// What is asked: a review, or the evaluation that ends the plan.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Review,
    Ending,
}

/// GET /cases/{id}/plans/{plan}/review
pub(super) async fn new(work: Work, Path(ids): Ids) -> Result<Response, Error> {
    first(work, ids, Kind::Review).await
}

/// GET /cases/{id}/plans/{plan}/ending
pub(super) async fn new_ending(work: Work, Path(ids): Ids) -> Result<Response, Error> {
    first(work, ids, Kind::Ending).await
}

/// POST /cases/{id}/plans/{plan}/review
pub(super) async fn create(work: Work, Path(ids): Ids, form: Form) -> Result<Response, Error> {
    sent(work, ids, Kind::Review, form).await
}

/// POST /cases/{id}/plans/{plan}/ending
pub(super) async fn create_ending(work: Work, Path(ids): Ids, form: Form) -> Result<Response, Error> {
    sent(work, ids, Kind::Ending, form).await
}

async fn first(mut work: Work, ids: (CaseId, PlanId), kind: Kind) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    at.case.may_be_written(&mut work).await?;
    if !at.plan.is_agreed() {
        return Ok(Redirect::to(&at.plan.path()).into_response());
    }
    let form = Form::blank([("version", at.plan.version.to_string())]);
    let page = page(&mut work, &at, kind, form).await?;
    work.show(actions::about(&at.case, at.plan.id), page).await
}

async fn sent(mut work: Work, ids: (CaseId, PlanId), kind: Kind, mut form: Form) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    let how = read(&work, kind, &mut form);
    let done = match form.check() {
        Ok(()) => actions::review(&mut work, &at.case, &at.plan, &how).await,
        Err(error) => Err(error),
    };
    let said = if kind == Kind::Ending { "plan-was-ended" } else { "plan-was-reviewed" };
    match done {
        Ok(()) => work.then(&at.plan.path(), said).await,
        Err(Error::Invalid(errors)) => again(work, ids, kind, form, errors).await,
        Err(Error::Conflict(Clash::Stale)) => again(work, ids, kind, form, FieldErrors::one("", "look_again")).await,
        Err(error) => Err(error),
    }
}

fn read(work: &Work, kind: Kind, form: &mut Form) -> Reviewing {
    let named = |prefix: &str, name: &str| name.strip_prefix(prefix)?.parse::<PlanLineId>().ok();
    let with = |form: &Form, prefix: &str| -> Vec<(PlanLineId, String)> {
        form.entries().filter_map(|(name, _)| Some((named(prefix, name)?, form.value(name).to_owned()))).collect()
    };
    let progress = with(form, "p_");
    let mut of_results = BTreeMap::new();
    for (id, _) in with(form, "w_") {
        let words = form.text_maybe(&format!("w_{id}"), LONGEST);
        if !words.is_empty() {
            of_results.insert(id, words);
        }
    }
    Reviewing {
        version: form.parsed_maybe("version").unwrap_or(0),
        ends: kind == Kind::Ending,
        progress,
        said: Reviewed { words: form.text_maybe("words", LONGEST), of_results, unasked: form.text_maybe("unasked", 200) },
        satisfaction: form.text_maybe("satisfaction", 10),
        happened_at: form.moment_maybe("happened_at", work.zone()),
        late_reason: form.text_maybe("late_reason", 200),
        next_on: form.date_maybe("next_on"),
    }
}

async fn again(work: Work, ids: (CaseId, PlanId), kind: Kind, form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let at = At::find(&mut work, ids).await?;
    if !at.plan.is_agreed() {
        return Err(Error::Conflict(Clash::State { state: at.plan.state, code: "plan_not_agreed" }));
    }
    let mut form = form.with_errors(errors);
    form.set("version", at.plan.version.to_string());
    let page = page(&mut work, &at, kind, form).await?;
    work.show_again(&page)
}

async fn page(work: &mut Work, at: &At, kind: Kind, form: Form) -> Result<Write, Error> {
    let p = titled(work, &at.case).await?;
    let lines = at.lines(work).await?;
    let goal = |id: Option<PlanLineId>| lines.iter().find(|line| Some(line.id) == id).map(|line| line.words.clone());
    let asked = |line: &crate::plans::Line| Asked {
        words: line.words.clone(),
        under: goal(line.parent).unwrap_or_default(),
        how: field(line.id),
        what: format!("w_{}", line.id),
    };
    let mut satisfaction: Vec<Choice> =
        (1..=5).rev().map(|step: u8| Choice::new(step.to_string(), p.tc("plan-satisfaction", &step.to_string()))).collect();
    satisfaction.push(Choice::new("unsaid", p.t("plan-satisfaction-unsaid")));
    satisfaction.push(Choice::new("unasked", p.t("plan-satisfaction-unasked")));
    let path = at.plan.path();
    let placed = placed::lines(work, &p, &at.case).await?;
    Ok(Write {
        placed,
        results: lines.iter().filter(|line| line.kind == "result").map(asked).collect(),
        progress: PROGRESS.iter().map(|word| Choice::new(*word, p.tc("plan-progress", word))).collect(),
        action: format!("{path}/{}", if kind == Kind::Ending { "ending" } else { "review" }),
        code: at.case.code.clone(),
        ends: kind == Kind::Ending,
        back: path,
        satisfaction,
        form,
        p,
    })
}
