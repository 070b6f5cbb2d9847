//! The assessments of a case: each tool with where it stands, what is due, and its rounds.
use askama::Template;
use axum::response::Response;

use super::{nth, titled};
use crate::access::Act;
use crate::assessments::card::{self, Line};
use crate::assessments::{Round, Standing, actions};
use crate::audit::About;
use crate::cases::{self, Case, Member, gates};
use crate::error::Error;
use crate::packs::{Asks, Tool, ToolShape};
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::tasks;
use crate::web::form::Path;
use crate::web::parts::{Badge, Tone};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "assessments/html/index.html")]
struct Index {
    p: Page,
    form: Form,
    back: String,
    path: String,
    code: String,
    cards: Vec<Card>,
    heads: [String; 5],
    alone: Vec<(String, String)>,
}

struct Card {
    line: Line,
    lead: String,
    opens: String,
    begin: String,
    pressing: bool,
    go_on: String,
    compare: String,
    rows: Vec<Row>,
}

struct Row {
    href: String,
    name: String,
    state: Badge,
    score: String,
    level: String,
    when: String,
}

/// GET /cases/{id}/assessments
pub(super) async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = Case::read(&mut work, id).await?;
    let page = page(&mut work, &case, Form::default()).await?;
    work.show(About::case(id).with(case.person_id), page).await
}

async fn page(work: &mut Work, case: &Case, form: Form) -> Result<Index, Error> {
    let p = titled(work, case).await?;
    let standing = Standing::of(work, case).await?;
    let may_write = case.may_be_written(work).await.is_ok();
    let people = if may_write { cases::store::people(work, case.id).await? } else { Vec::new() };
    let path = format!("{}/assessments", case.path());
    let tasks = tasks::store::of_case(work, case.id).await?;
    let mut cards = Vec::new();
    for (tool, line) in standing.tools().into_iter().zip(card::lines(&p, &standing, case, &tasks)) {
        let opens = gates::opening(work, &p, case, &tool.panel).await?;
        cards.push(card(&p, &standing, (tool, line), (&path, may_write, opens)));
    }
    Ok(Index {
        back: case.path(),
        code: case.code.clone(),
        cards,
        heads: ["round", "state", "points", "risk", "when"].map(|head| p.tc("assessments-head", head)),
        alone: if standing.offered.of == Asks::Household { alone(work, case, &people) } else { Vec::new() },
        path,
        form,
        p,
    })
}

fn card(p: &Page, standing: &Standing, (tool, line): (&Tool, Line), (path, may_write, opens): (&str, bool, String)) -> Card {
    let rounds: Vec<&Round> = standing.of_tool(&tool.code).collect();
    let draft = standing.draft(&tool.code);
    let may_begin = may_write
        && opens.is_empty()
        && draft.is_none()
        && standing.offered.tool(&tool.code).is_some()
        && !rounds.iter().any(|round| round.awaits_approval());
    let compared = rounds.iter().filter(|round| !round.is_draft()).count() > 1;
    let level = |round: &Round| round.level.as_deref().and_then(|level| standing.offered.pack.risk_level(level));
    Card {
        pressing: (tool.shape == ToolShape::Screening && rounds.is_empty())
            || matches!(line.due.tone, Tone::Danger | Tone::Warning),
        line,
        lead: lead(p, tool),
        opens,
        begin: match (may_begin, rounds.is_empty()) {
            (false, _) => String::new(),
            (true, true) => p.t("assessment-begin"),
            (true, false) => p.t("assessment-begin-again"),
        },
        go_on: draft.filter(|_| may_write).map(|round| format!("{}/answers", round.path())).unwrap_or_default(),
        compare: if compared { format!("{path}/comparison?tool={}", tool.code) } else { String::new() },
        rows: rounds
            .iter()
            .map(|round| Row {
                href: round.path(),
                name: nth(p, round),
                state: card::state(p, round),
                score: if round.is_draft() { String::new() } else { card::score(p, round) },
                level: level(round).map(|level| level.labels.get(p.reader.lang).to_owned()).unwrap_or_default(),
                when: p.reader.day(round.happened_at.unwrap_or(round.recorded_at)),
            })
            .collect(),
    }
}

// What it asks about: of an analysis its parts, as the pack names them.
fn lead(p: &Page, tool: &Tool) -> String {
    let parts = tool.domains.iter().map(|domain| domain.labels.get(p.reader.lang));
    match (tool.shape == ToolShape::Screening, tool.domains.len()) {
        (true, _) => p.t("assessment-lead-screening"),
        (false, 0 | 1) => p.list(parts),
        (false, _) => p.ta("assessment-lead-analysis", "parts", p.list(parts)),
    }
}

// What one member says alone is that member's own case (S12). Whether somebody has one already is nobody's to read here (S11).
fn alone(work: &Work, case: &Case, people: &[Member]) -> Vec<(String, String)> {
    if !work.holds(Act::CaseOpen) || !case.is_open() {
        return Vec::new();
    }
    people.iter().map(|member| (format!("/cases/new?person={}", member.person_id), member.name.clone())).collect()
}

/// POST /cases/{id}/assessments
pub(super) async fn create(mut work: Work, Path(id): Path<CaseId>, form: Form) -> Result<Response, Error> {
    let case = Case::read(&mut work, id).await?;
    match actions::begin(&mut work, &case, form.value("tool")).await {
        Ok(round) => work.then(&format!("{}/assessments/{round}/answers", case.path()), "assessment-begun").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, &case, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}
