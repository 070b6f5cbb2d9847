//! The list of a case: what is achieved by dimension, every line with how it is known, progress over time.
use askama::Template;
use axum::response::Response;

use super::titled;
use crate::achievements::figure::Counts;
use crate::achievements::line::{Judged, Source, Stood};
use crate::achievements::progress::Point;
use crate::achievements::{Standing, card};
use crate::audit::About;
use crate::cases::gates;
use crate::error::Error;
use crate::packs::Asks;
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::web::Page;
use crate::web::form::Path;
use crate::web::parts::{Badge, Bar, Tone};

#[derive(Template)]
#[template(path = "achievements/html/index.html")]
struct Index {
    p: Page,
    back: String,
    called: String,
    code: String,
    print: String,
    opens: String,
    stats: Vec<(String, String, Tone)>,
    missing: String,
    poor: Badge,
    bar_heads: [String; 2],
    bars: Vec<Bar>,
    heads: [String; 4],
    dimensions: Vec<Dimension>,
    point_heads: [String; 2],
    points: Vec<Bar>,
    figure_heads: [String; 5],
    figures: Vec<(String, Vec<String>)>,
}

// Folded, with how much of what applies is achieved.
struct Dimension {
    label: String,
    figure: String,
    rows: Vec<Row>,
}

struct Row {
    href: String,
    label: String,
    who: String,
    state: Badge,
    from: String,
}

/// GET /cases/{id}/achievements
pub(super) async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let (case, standing) = Standing::find(&mut work, id).await?;
    let (p, called) = titled(&mut work, &case).await?;
    let (stood, counts, points) = (standing.stood(), standing.counts(), standing.points());
    let path = format!("{}/achievements", case.path());
    let stat = |name: &str, count: i64, tone: Tone| (p.tc("achievements-stat", name), p.number(count), tone);
    let page = Index {
        back: case.path(),
        called,
        code: case.code.clone(),
        print: if case.paper_may_tell() { format!("{path}/print") } else { String::new() },
        opens: gates::opening(&mut work, &p, &case, &standing.list().panel).await?,
        stats: vec![
            stat("applying", counts.applying(), Tone::Neutral),
            stat("achieved", counts.achieved, Tone::Good),
            stat("to-achieve", counts.to_achieve, Tone::Warning),
            stat("unknown", counts.unknown, Tone::Info),
            stat("does-not-apply", counts.does_not_apply, Tone::Neutral),
        ],
        missing: standing.missing().map(|missing| card::between(&p, missing)).unwrap_or_default(),
        poor: card::poor(&p, &standing),
        bar_heads: ["dimension", "achieved"].map(|head| p.tc("achievements-head", head)),
        bars: by_dimension(&p, &standing, &stood),
        heads: ["line", "who", "state", "from"].map(|head| p.tc("achievements-head", head)),
        dimensions: dimensions(&p, &standing, &stood, &path),
        point_heads: ["day", "share"].map(|head| p.tc("achievements-head", head)),
        points: points.iter().map(|one| bar(&p, one)).collect(),
        figure_heads: ["day", "achieved", "to-achieve", "unknown", "missing"].map(|head| p.tc("achievements-head", head)),
        figures: points.iter().map(|one| figures(&p, one)).collect(),
        p,
    };
    work.show(About::case(id).with(case.person_id), page).await
}

fn of_dimension<'a>(stood: &'a [Stood<'a>], code: &'a str) -> impl Iterator<Item = &'a Stood<'a>> {
    stood.iter().filter(move |line| line.dimension.code == code)
}

/// A bar for each dimension: how much of what applies is achieved.
pub(super) fn by_dimension(p: &Page, standing: &Standing, stood: &[Stood<'_>]) -> Vec<Bar> {
    let bar = |dimension: &crate::packs::Dimension| {
        let counts = Counts::of(of_dimension(stood, &dimension.code));
        Bar {
            label: dimension.labels.get(p.reader.lang).to_owned(),
            figure: card::of(p, counts.achieved, counts.applying()),
            share: counts.share(),
            tone: if counts.to_achieve == 0 && counts.unknown == 0 { Tone::Good } else { Tone::Neutral },
            ..Bar::default()
        }
    };
    standing.list().dimensions.iter().map(bar).collect()
}

fn bar(p: &Page, point: &Point) -> Bar {
    let share = point.counts.share();
    let figure = p.reader.percent(f64::from(share) / 100.0);
    Bar { label: p.date(&point.on), figure, share, tone: Tone::Good, ..Bar::default() }
}

// The day, and the figures of that day.
fn figures(p: &Page, point: &Point) -> (String, Vec<String>) {
    let counts = point.counts;
    let missing = point.missing.map_or_else(|| "–".to_owned(), |missing| card::percents(p, missing));
    let numbers = [counts.achieved, counts.to_achieve, counts.unknown].map(|count| p.number(count));
    (p.date(&point.on), numbers.into_iter().chain([missing]).collect())
}

fn dimensions(p: &Page, standing: &Standing, stood: &[Stood<'_>], path: &str) -> Vec<Dimension> {
    let of = |dimension: &crate::packs::Dimension| {
        let counts = Counts::of(of_dimension(stood, &dimension.code));
        Dimension {
            label: dimension.labels.get(p.reader.lang).to_owned(),
            figure: card::of(p, counts.achieved, counts.applying()),
            rows: of_dimension(stood, &dimension.code).flat_map(|line| rows(p, standing, line, path)).collect(),
        }
    };
    standing.list().dimensions.iter().map(of).collect()
}

// One row for the household, or one for each member whom the line is for.
fn rows(p: &Page, standing: &Standing, stood: &Stood<'_>, path: &str) -> Vec<Row> {
    let label = stood.line.labels.get(p.reader.lang);
    let row = |judged: &Judged<'_>| Row {
        href: href(path, &stood.line.code, judged),
        label: label.to_owned(),
        who: judged.person.map_or_else(|| p.t("achievements-household"), |person| card::who(p, standing, person)),
        state: card::state(p, judged.state),
        from: card::source(p, standing, judged),
    };
    let theirs: Vec<Row> = stood.judged.iter().filter(|judged| !matches!(judged.from, Source::NotTheirs)).map(row).collect();
    if !theirs.is_empty() || stood.line.of == Asks::Household {
        return theirs;
    }
    let nobody = Row {
        href: String::new(),
        label: label.to_owned(),
        who: "–".to_owned(),
        state: card::state(p, stood.state),
        from: p.t("achievement-from-nobody"),
    };
    vec![nobody]
}

fn href(path: &str, line: &str, judged: &Judged<'_>) -> String {
    match judged.person {
        Some(person) => format!("{path}/line?line={line}&person={}", person.id),
        None => format!("{path}/line?line={line}"),
    }
}
