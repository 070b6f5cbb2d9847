//! The household report on paper, in the person's language: by dimension what is achieved and what is to achieve. No words of the history stand
//! on it, nobody who is not safe to involve (S3), and of a restricted case nothing at all (S17).
use askama::Template;
use axum::response::Response;

use super::list::by_dimension;
use super::titled;
use crate::achievements::line::{Judged, Source, Stood};
use crate::achievements::{Person, Standing, State, card};
use crate::audit::{About, Fact};
use crate::cases::Case;
use crate::error::{Clash, Error};
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::platform::lang::Lang;
use crate::web::form::{Path, Query};
use crate::web::paper::{self, Paper};
use crate::web::parts::{Badge, Bar, Entry};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "achievements/html/print.html")]
struct Print {
    p: Page,
    // The same in the person's language: what goes with them.
    paper: Page,
    back: String,
    called: String,
    title: String,
    lead: String,
    facts: Vec<Entry>,
    people: Vec<Entry>,
    bar_heads: [String; 2],
    bars: Vec<Bar>,
    dimensions: Vec<(String, Vec<Line>)>,
}

struct Line {
    label: String,
    state: Badge,
    who: String,
}

/// GET /cases/{id}/achievements/print?lang=&safe=: asks for the language and whether paper is safe to carry first.
pub(super) async fn show(mut work: Work, Path(id): Path<CaseId>, Query(mut query): Query) -> Result<Response, Error> {
    let (case, standing) = Standing::find(&mut work, id).await?;
    if !case.paper_may_tell() {
        return Err(Error::Conflict(Clash::State { state: case.stage, code: "achievements_not_printed" }));
    }
    match paper::answered(&mut query) {
        Some(lang) => print(work, &case, standing.on_paper(), lang).await,
        None => ask(work, &case, query).await,
    }
}

async fn ask(mut work: Work, case: &Case, form: Form) -> Result<Response, Error> {
    let (p, called) = titled(&mut work, case).await?;
    let back = format!("{}/achievements", case.path());
    let paper = Paper {
        title: p.t("achievements-report"),
        lead: p.t("achievements-report-lead"),
        hint: p.t("plan-hint-safe"),
        action: format!("{back}/print"),
        back_label: called,
        code: case.code.clone(),
        back,
    };
    work.show(About::case(case.id).with(case.person_id), paper::Ask::about(p, paper, form)).await
}

async fn print(mut work: Work, case: &Case, standing: Standing, lang: Lang) -> Result<Response, Error> {
    let (p, called) = titled(&mut work, case).await?;
    let paper = p.clone().speaking(lang);
    let stood = standing.stood();
    let page = Print {
        back: format!("{}/achievements", case.path()),
        called,
        title: paper.t("achievements-report"),
        lead: paper.signed(&case.code, &paper.date(&standing.today)),
        facts: facts(&paper, case, &standing, &work.standing.name),
        people: standing.grounds.people.iter().map(|one| Entry::new(name_of(case, one), age(&paper, one))).collect(),
        bar_heads: ["dimension", "achieved"].map(|head| paper.tc("achievements-head", head)),
        bars: by_dimension(&paper, &standing, &stood),
        dimensions: dimensions(&paper, case, &standing, &stood),
        paper,
        p,
    };
    work.record(Fact::Printed, About::case(case.id)).await?;
    work.show(About::case(case.id).with(case.person_id), page).await
}

fn facts(p: &Page, case: &Case, standing: &Standing, by: &str) -> Vec<Entry> {
    let counts = standing.counts();
    let stat = |name: &str, count: i64| Entry::new(p.tc("achievements-stat", name), p.number(count));
    let mut facts = vec![
        Entry::new(p.t("achievements-report-by"), format!("{by} · {}", case.unit_name)),
        stat("applying", counts.applying()),
        stat("achieved", counts.achieved),
        stat("to-achieve", counts.to_achieve),
        stat("unknown", counts.unknown),
        stat("does-not-apply", counts.does_not_apply),
    ];
    if let Some(missing) = standing.missing() {
        facts.push(Entry::new(p.t("achievements-missing"), card::between(p, missing)));
    }
    facts
}

// Of a guarded case the code (S13).
fn name_of(case: &Case, person: &Person) -> String {
    if case.goes_by_code() { person.code.clone() } else { person.name.clone() }
}

fn age(p: &Page, person: &Person) -> String {
    person.born_on.map(|born| p.reader.age(born, person.born_estimated)).unwrap_or_default()
}

fn dimensions(p: &Page, case: &Case, standing: &Standing, stood: &[Stood<'_>]) -> Vec<(String, Vec<Line>)> {
    let line = |one: &Stood<'_>| Line {
        label: one.line.labels.get(p.reader.lang).to_owned(),
        state: card::state(p, one.state),
        who: lacking(case, one),
    };
    let of = |dimension: &crate::packs::Dimension| {
        let lines = stood.iter().filter(|one| one.dimension.code == dimension.code);
        (dimension.labels.get(p.reader.lang).to_owned(), lines.map(line).collect())
    };
    standing.list().dimensions.iter().map(of).collect()
}

// Who still lacks it: that is what the family works on.
fn lacking(case: &Case, stood: &Stood<'_>) -> String {
    let lacks = |judged: &&Judged<'_>| judged.state == State::ToAchieve && !matches!(judged.from, Source::NotTheirs);
    let names: Vec<String> =
        stood.judged.iter().filter(lacks).filter_map(|judged| judged.person).map(|person| name_of(case, person)).collect();
    names.join(", ")
}
