//! Writing one line of a plan, a goal, a result or an action; changing it; taking it out; saying how an action went.
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use super::{At, Ids, actions, store, titled};
use crate::cases;
use crate::cases::pages::told_apart;
use crate::error::{Clash, Error, FieldErrors};
use crate::packs;
use crate::plans::agreement::is_too_young;
use crate::plans::line::{KINDS, LONGEST, Line, Typed, Wording};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PlanId, PlanLineId};
use crate::web::conflict::{self, Asked, Compared};
use crate::web::form::{Path, Query};
use crate::web::parts::Choice;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "plans/html/line.html")]
struct Write {
    p: Page,
    form: Form,
    back: String,
    action: String,
    code: String,
    title: String,
    hint: String,
    kind: String,
    has: Has,
    people: Vec<Choice>,
    workers: Vec<Choice>,
    services: Vec<Choice>,
    needs: Vec<Choice>,
    removal: String,
    // Who wrote it and until when it stood, and the words.
    wordings: Vec<(String, String)>,
}

// Which fields a kind has.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Has {
    person: bool,
    worker: bool,
    service: bool,
    dates: bool,
}

impl Has {
    fn of(kind: &str) -> Self {
        Self {
            person: matches!(kind, "commitment" | "safety"),
            worker: matches!(kind, "support" | "accompaniment" | "safety"),
            service: kind == "support",
            dates: !matches!(kind, "goal" | "result"),
        }
    }
}

type LineIds = Path<(CaseId, PlanId, PlanLineId)>;

const FIELDS: [&str; 7] = ["words", "person", "worker", "service", "need", "starts_on", "due_on"];

/// GET /cases/{id}/plans/{plan}/lines/new?kind=&under=
pub(super) async fn new(mut work: Work, Path(ids): Ids, Query(query): Query) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    at.case.may_be_written(&mut work).await?;
    let kind = KINDS.iter().find(|kind| **kind == query.value("kind"));
    let Some(kind) = kind.filter(|kind| at.plan.is_draft() || (**kind == "safety" && at.plan.is_alive())) else {
        return Ok(Redirect::to(&at.plan.path()).into_response());
    };
    let mut form = Form::blank([("kind", (*kind).to_owned()), ("under", query.value("under").to_owned())]);
    if Has::of(kind).worker {
        form.set("worker", work.me()?.to_string());
    }
    let page = page(&mut work, &at, None, form).await?;
    work.show(actions::about(&at.case, at.plan.id), page).await
}

/// POST /cases/{id}/plans/{plan}/lines
pub(super) async fn create(mut work: Work, Path(ids): Ids, mut form: Form) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    let kind = form.value("kind").to_owned();
    let (parent, typed) = (form.parsed_maybe("under"), read(&mut form, &kind));
    let done = match form.check() {
        Ok(()) => actions::write(&mut work, &at.case, &at.plan, (&kind, parent), &typed).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => work.then(&at.plan.path(), "plan-saved").await,
        Err(Error::Invalid(errors)) => again(work, (ids, None), form, errors).await,
        Err(error) => Err(error),
    }
}

/// GET /cases/{id}/plans/{plan}/lines/{line}
pub(super) async fn edit(mut work: Work, Path((case, plan, id)): LineIds) -> Result<Response, Error> {
    let at = At::find(&mut work, (case, plan)).await?;
    at.case.may_be_written(&mut work).await?;
    let line = at.line(&mut work, id).await?;
    if !(at.plan.is_draft() || (line.is_safety() && at.plan.is_alive())) {
        return Ok(Redirect::to(&at.plan.path()).into_response());
    }
    let form = filled(&line);
    let page = page(&mut work, &at, Some(&line), form).await?;
    work.show(actions::about(&at.case, at.plan.id), page).await
}

/// POST /cases/{id}/plans/{plan}/lines/{line}
pub(super) async fn update(mut work: Work, Path((case, plan, id)): LineIds, mut form: Form) -> Result<Response, Error> {
    let at = At::find(&mut work, (case, plan)).await?;
    let line = at.line(&mut work, id).await?;
    let (version, typed) = (form.parsed_maybe("version").unwrap_or(0), read(&mut form, &line.kind));
    let done = match form.check() {
        Ok(()) => actions::change(&mut work, &at.case, &at.plan, &line, version, &typed).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => work.then(&at.plan.path(), "plan-saved").await,
        Err(Error::Invalid(errors)) => again(work, ((case, plan), Some(id)), form, errors).await,
        Err(Error::Conflict(Clash::Stale)) => clash(work, (case, plan, id), &form).await,
        Err(error) => Err(error),
    }
}

/// POST /cases/{id}/plans/{plan}/lines/{line}/removal
pub(super) async fn destroy(mut work: Work, Path((case, plan, id)): LineIds, mut form: Form) -> Result<Response, Error> {
    let at = At::find(&mut work, (case, plan)).await?;
    let line = at.line(&mut work, id).await?;
    actions::remove(&mut work, &at.case, &at.plan, &line, form.parsed_maybe("version").unwrap_or(0)).await?;
    work.then(&at.plan.path(), "plan-line-removed").await
}

/// POST /cases/{id}/plans/{plan}/lines/{line}/state
pub(super) async fn mark(mut work: Work, Path((case, plan, id)): LineIds, mut form: Form) -> Result<Response, Error> {
    let at = At::find(&mut work, (case, plan)).await?;
    let line = at.line(&mut work, id).await?;
    let version = form.parsed_maybe("version").unwrap_or(0);
    actions::mark(&mut work, &at.case, &at.plan, &line, (version, form.value("state"))).await?;
    work.then(&at.plan.path(), "plan-marked").await
}

fn read(form: &mut Form, kind: &str) -> Typed {
    let has = Has::of(kind);
    Typed {
        words: form.text("words", LONGEST),
        person_id: if has.person { form.parsed_maybe("person") } else { None },
        worker: if has.worker { form.parsed_maybe("worker") } else { None },
        service_id: if has.service { form.parsed_maybe("service") } else { None },
        need: Some(form.text_maybe("need", 40)).filter(|need| has.service && !need.is_empty()),
        starts_on: if has.dates { form.date_maybe("starts_on") } else { None },
        due_on: if has.dates { form.date_maybe("due_on") } else { None },
    }
}

fn filled(line: &Line) -> Form {
    let text = |id: Option<String>| id.unwrap_or_default();
    Form::blank([
        ("version", line.version.to_string()),
        ("words", line.words.clone()),
        ("person", text(line.person_id.map(|id| id.to_string()))),
        ("worker", text(line.worker.map(|id| id.to_string()))),
        ("service", text(line.service_id.map(|id| id.to_string()))),
        ("need", text(line.need.clone())),
        ("starts_on", text(line.starts_on.map(|day| day.to_string()))),
        ("due_on", text(line.due_on.map(|day| day.to_string()))),
    ])
}

async fn again(
    work: Work,
    (ids, line): ((CaseId, PlanId), Option<PlanLineId>),
    form: Form,
    errors: FieldErrors,
) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let at = At::find(&mut work, ids).await?;
    let line = match line {
        Some(id) => Some(at.line(&mut work, id).await?),
        None => None,
    };
    let page = page(&mut work, &at, line.as_ref(), form.with_errors(errors)).await?;
    work.show_again(&page)
}

// Somebody else changed this line meanwhile: both sides of each field that differs.
async fn clash(work: Work, (case, plan, id): (CaseId, PlanId, PlanLineId), mine: &Form) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let at = At::find(&mut work, (case, plan)).await?;
    let line = at.line(&mut work, id).await?;
    let shown = page(&mut work, &at, Some(&line), Form::default()).await?;
    let theirs = filled(&line);
    let named = |choices: &[Choice], value: &str| {
        choices.iter().find(|choice| choice.value == value).map_or_else(|| value.to_owned(), |choice| choice.label.clone())
    };
    let words = |name: &str, form: &Form| match name {
        "person" => named(&shown.people, form.value(name)),
        "worker" => named(&shown.workers, form.value(name)),
        "service" => named(&shown.services, form.value(name)),
        "need" => named(&shown.needs, form.value(name)),
        _ => form.value(name).to_owned(),
    };
    let sent = |name: &&&str| mine.entries().any(|(typed, _)| typed == **name);
    let compared = FIELDS.iter().filter(sent).map(|name| {
        let label = shown.p.tc("plan-field", name);
        Compared { mine: words(name, mine), theirs: words(name, &theirs), ..Compared::field(name, label, mine, &theirs) }
    });
    let compared = compared.collect();
    let action = format!("{}/lines/{id}", at.plan.path());
    conflict::show(work, Asked { action, back: at.plan.path(), mine, theirs: &theirs }, compared).await
}

async fn page(work: &mut Work, at: &At, line: Option<&Line>, form: Form) -> Result<Write, Error> {
    let p = titled(work, &at.case).await?;
    let kind = line.map_or_else(|| form.value("kind").to_owned(), |line| line.kind.clone());
    let kind = if KINDS.contains(&kind.as_str()) { kind } else { return Err(Error::NotFound) };
    let (has, path) = (Has::of(&kind), at.plan.path());
    let people = if has.person { cases::store::people(work, at.case.id).await? } else { Vec::new() };
    let workers = if has.worker { actions::colleagues(work, &at.case).await? } else { Vec::new() };
    let (_, pack) = packs::store::of_case_type(work, at.case.case_type).await?;
    let services = if has.service { actions::services(work, &at.case, &pack).await? } else { Vec::new() };
    // What stands in the line is offered still, though nobody would choose it anew.
    let kept = |choices: Vec<Choice>, value: Option<String>, name: Option<String>| {
        let missing = value.filter(|value| !choices.iter().any(|choice| choice.value == *value));
        let missing = missing.map(|value| Choice::new(value.clone(), name.unwrap_or(value)));
        choices.into_iter().chain(missing).collect::<Vec<_>>()
    };
    let workers: Vec<Choice> = workers.into_iter().map(|(id, name)| Choice::new(id, name)).collect();
    let services: Vec<Choice> = services.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    let of_line = |part: fn(&Line) -> Option<String>| line.and_then(part);
    // Of what only one person alone may be asked about nothing stands in a household's plan (S12).
    let together = at.case.is_of_household(&pack);
    let needs = pack.needs.iter().filter(|need| has.service && !(together && need.is_asked_alone()));
    let needs = needs.map(|need| Choice::new(&need.code, need.labels.get(p.reader.lang)));
    // A small child promises nothing (S3); who stands in the line stays a choice.
    let (today, stands) = (work.today(), line.and_then(|line| line.person_id));
    let promises =
        |member: &cases::Member| kind != "commitment" || stands == Some(member.person_id) || !is_too_young(&pack, member, today);
    let person = |member: &&cases::Member| !member.not_safe_to_involve && promises(member);
    let wordings = match line {
        Some(line) => store::wordings(work, &at.plan, line.id).await?,
        None => Vec::new(),
    };
    // Whoever replaced it may not have known whose words they were.
    let author = |one: &Wording| if one.author_name.is_empty() { p.t("plan-wording-colleague") } else { one.author_name.clone() };
    let wording = |one: Wording| (p.signed(&author(&one), &p.moment(&one.replaced_at)), one.words);
    Ok(Write {
        wordings: wordings.into_iter().map(wording).collect(),
        people: people
            .iter()
            .filter(person)
            .map(|one| Choice::new(one.person_id.to_string(), told_apart(&p, &people, one)))
            .collect(),
        workers: kept(workers, of_line(|line| line.worker.map(|id| id.to_string())), of_line(|line| line.worker_name.clone())),
        services: kept(services, of_line(|line| line.service_id.map(|id| id.to_string())), of_line(|line| line.service.clone())),
        needs: needs.collect(),
        title: if line.is_some() { p.tc("plan-edit", &kind) } else { p.tc("plan-add", &kind) },
        hint: p.tc("plan-hint", &kind),
        action: line.map_or_else(|| format!("{path}/lines"), |line| format!("{path}/lines/{}", line.id)),
        removal: line.map(|line| format!("{path}/lines/{}/removal", line.id)).unwrap_or_default(),
        code: at.case.code.clone(),
        back: path,
        has,
        kind,
        form,
        p,
    })
}
