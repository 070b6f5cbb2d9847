//! Rounds of one tool beside each other: a table, and the same figures drawn.
use askama::Template;
use axum::response::Response;

use super::{in_words, nth, titled};
use crate::assessments::chart::{self, Radar};
use crate::assessments::offered::Kept;
use crate::assessments::store::{self, Said};
use crate::assessments::{Round, card};
use crate::audit::About;
use crate::cases::Case;
use crate::cases::pages::whose;
use crate::error::Error;
use crate::packs::{Domain, Tool};
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::web::Page;
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Tone};

// More beside each other nobody reads.
const MOST: usize = 4;

#[derive(Template)]
#[template(path = "assessments/html/compare.html")]
struct Compare {
    p: Page,
    back: String,
    lead: String,
    heads: Vec<String>,
    rows: Vec<Row>,
    radar: Option<Radar>,
    answers: Vec<(String, Vec<String>)>,
}

struct Row {
    label: String,
    cells: Vec<String>,
    change: Badge,
}

/// GET /cases/{id}/assessments/comparison?tool=
pub(super) async fn show(mut work: Work, Path(id): Path<CaseId>, Query(query): Query) -> Result<Response, Error> {
    let case = Case::read(&mut work, id).await?;
    let p = titled(&mut work, &case).await?;
    let mut rounds: Vec<Round> = store::list(&mut work, id).await?.into_iter().filter(|round| !round.is_draft()).collect();
    let tool = if query.filled("tool") { query.value("tool").to_owned() } else { most_gone_through(&rounds) };
    rounds.retain(|round| round.tool == tool);
    rounds.truncate(MOST);
    rounds.reverse();
    let said = store::said(&mut work, id, &rounds).await?;
    let kept = match rounds.last() {
        Some(newest) => Some(Kept::of(&mut work, newest).await?),
        None => None,
    };
    let whose = whose(&mut work, &case).await?;
    let heads = [p.t("assessments-head-domain")].into_iter();
    let heads = heads.chain(rounds.iter().map(|round| named(&p, round))).chain([p.t("assessments-head-change")]);
    let page = Compare {
        back: format!("{}/assessments", case.path()),
        lead: kept.as_ref().map_or_else(String::new, |kept| p.detailed(kept.tool().labels.get(p.reader.lang), &whose)),
        heads: heads.collect(),
        rows: kept.as_ref().map(|kept| rows(&p, kept.tool(), &rounds)).unwrap_or_default(),
        radar: kept.as_ref().and_then(|kept| drawn(&p, kept.tool(), &rounds)),
        answers: kept.as_ref().map(|kept| answers(&p, kept.tool(), &said)).unwrap_or_default(),
        p,
    };
    let about = rounds.iter().fold(About::case(id).with(case.person_id), |about, round| about.with(round.id));
    work.show(about, page).await
}

fn most_gone_through(rounds: &[Round]) -> String {
    let count = |round: &&Round| rounds.iter().filter(|other| other.tool == round.tool).count();
    rounds.iter().max_by_key(count).map(|round| round.tool.clone()).unwrap_or_default()
}

fn named(p: &Page, round: &Round) -> String {
    p.signed(&nth(p, round), &p.reader.day(round.happened_at.unwrap_or(round.recorded_at)))
}

// The domains that bring points: the others say nothing of need.
fn counted(tool: &Tool) -> impl Iterator<Item = &Domain> {
    tool.domains.iter().filter(|domain| domain.most() > 0)
}

fn rows(p: &Page, tool: &Tool, rounds: &[Round]) -> Vec<Row> {
    let mut rows = Vec::new();
    for (at, domain) in counted(tool).enumerate() {
        let points: Vec<_> = rounds.iter().map(|round| round.of_domain(&domain.code)).collect();
        let shown = |points: &Option<(i32, i32)>| points.map_or("–".to_owned(), |(score, most)| card::points(p, score, most));
        rows.push(Row {
            label: format!("{}. {}", p.number(at as i64 + 1), domain.labels.get(p.reader.lang)),
            cells: points.iter().map(shown).collect(),
            change: change(p, &points.iter().flatten().map(|(score, _)| *score).collect::<Vec<_>>()),
        });
    }
    rows.push(Row {
        label: p.t("assessment-total"),
        cells: rounds.iter().map(|round| card::score(p, round)).collect(),
        change: change(p, &rounds.iter().map(Round::score).collect::<Vec<_>>()),
    });
    rows
}

// From the first of these rounds to the last: fewer points are less need.
fn change(p: &Page, scores: &[i32]) -> Badge {
    let (Some(first), Some(last)) = (scores.first(), scores.last().filter(|_| scores.len() > 1)) else { return Badge::default() };
    match last - first {
        0 => Badge::new(p.t("assessment-same"), Tone::Neutral),
        less if less < 0 => Badge::new(p.ta("assessment-fewer", "count", p.number(-less)), Tone::Good),
        more => Badge::new(p.ta("assessment-more", "count", p.number(more)), Tone::Warning),
    }
}

fn drawn(p: &Page, tool: &Tool, rounds: &[Round]) -> Option<Radar> {
    let marks: Vec<String> = (1..=counted(tool).count()).map(|nth| p.number(nth as i64)).collect();
    let share =
        |round: &Round, code: &str| round.of_domain(code).map_or(0.0, |(score, most)| f64::from(score) / f64::from(most.max(1)));
    let shapes: Vec<(String, Vec<f64>)> =
        rounds.iter().map(|round| (named(p, round), counted(tool).map(|domain| share(round, &domain.code)).collect())).collect();
    if shapes.is_empty() {
        return None;
    }
    chart::radar(p.t("assessment-chart"), &marks, &shapes)
}

fn answers(p: &Page, tool: &Tool, said: &[Said]) -> Vec<(String, Vec<String>)> {
    let answered = tool.questions().filter(|question| said.iter().any(|one| one.answers.contains_key(&question.code)));
    let row = |question: &crate::packs::Question| {
        let answer =
            |one: &Said| one.answers.get(&question.code).map_or("–".to_owned(), |answer| in_words(p, question, answer));
        (question.labels.get(p.reader.lang).to_owned(), said.iter().map(answer).collect())
    };
    answered.map(row).collect()
}
