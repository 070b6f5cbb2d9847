//! The page: how many are poor in several dimensions, and what is achieved in each, by place; the same as a file.
use askama::Template;
use axum::response::Response;
use serde_json::json;

use super::tally::{Place, Shown};
use super::{Board, store};
use crate::achievements::card;
use crate::achievements::figure::Missing;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::web::form::Query;
use crate::web::parts::{Bar, Tab};
use crate::web::{Page, listing};

#[derive(Template)]
#[template(path = "reports/html/achieved.html")]
struct Achieved {
    p: Page,
    types: Vec<Tab>,
    households: String,
    // There are more than are counted.
    newest: String,
    poor_caption: String,
    poor_heads: Vec<String>,
    poor: Vec<Bar>,
    heads: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
    export: String,
}

/// GET /loop/achievements
pub(super) async fn show(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    let board = Board::read(&mut work, &query).await?;
    let p = Page::titled(&mut work, "achieved-title").await?;
    let page = match &board {
        Some(board) => filled(p, board),
        None => Achieved {
            types: Vec::new(),
            households: String::new(),
            newest: String::new(),
            poor_caption: String::new(),
            poor_heads: Vec::new(),
            poor: Vec::new(),
            heads: Vec::new(),
            rows: Vec::new(),
            export: String::new(),
            p,
        },
    };
    work.show_plain(page).await
}

fn filled(p: Page, board: &Board) -> Achieved {
    let lang = p.reader.lang;
    let says_poor = board.chosen().list().poor_from.is_some();
    let tab = |(at, one): (usize, &super::Listed)| Tab {
        on: at == board.at,
        ..Tab::new(address("", one.id()), one.case_type.labels.get(lang))
    };
    let dimensions = board.chosen().list().dimensions.iter().map(|one| one.labels.get(lang).to_owned());
    let poor_head = if says_poor { "poor" } else { "missing" };
    let further = ["households", "missing"].iter().filter(|head| **head != poor_head);
    Achieved {
        types: if board.types.len() < 2 { Vec::new() } else { board.types.iter().enumerate().map(tab).collect() },
        households: count(&p, board.households),
        newest: if board.more { p.ta("achieved-newest", "count", p.number(store::MOST)) } else { String::new() },
        poor_caption: p.tc("achieved-by-place", poor_head),
        poor_heads: ["place", poor_head].iter().chain(further).map(|head| p.tc("achieved-head", head)).collect(),
        poor: board.rows.iter().map(|row| bar(&p, row, says_poor)).collect(),
        heads: std::iter::once(p.tc("achieved-head", "place")).chain(dimensions).collect(),
        rows: board.rows.iter().map(|row| (named(&p, &row.place), cells(&p, row))).collect(),
        export: address("/export", board.chosen().id()),
        p,
    }
}

fn address(tail: &str, case_type: i16) -> String {
    format!("/loop/achievements{tail}?type={case_type}")
}

fn named(p: &Page, (first, second): &Place) -> String {
    let parts: Vec<&str> = [first, second].into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { p.t("loop-no-area") } else { parts.join(" · ") }
}

fn count(p: &Page, count: Option<i32>) -> String {
    count.map_or_else(|| p.t("loop-hidden"), |count| p.number(count))
}

fn range(p: &Page, share: Option<Missing>) -> String {
    share.map_or_else(|| p.t("loop-hidden"), |share| card::percents(p, share))
}

// The bar is as long as what is certain.
fn bar(p: &Page, row: &Shown, says_poor: bool) -> Bar {
    let share = if says_poor { row.poor } else { row.missing };
    let mut notes = vec![count(p, row.households)];
    if says_poor {
        notes.push(range(p, row.missing));
    }
    Bar {
        label: named(p, &row.place),
        figure: range(p, share),
        share: share.map_or(0, |share| (share.least * 100.0).round() as u32),
        notes,
        ..Bar::default()
    }
}

// "12 / 5": achieved, and to achieve.
fn cells(p: &Page, row: &Shown) -> Vec<String> {
    let cell = |both: &Option<(i32, i32)>| {
        both.map_or_else(|| p.t("loop-hidden"), |(achieved, lacking)| format!("{} / {}", p.number(achieved), p.number(lacking)))
    };
    row.dimensions.iter().map(cell).collect()
}

/// GET /loop/achievements/export: what the page shows; leaving the house is a fact.
pub(super) async fn export(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    let board = Board::read(&mut work, &query).await?.ok_or(Error::NotFound)?;
    let p = Page::plain(work.lang(), String::new(), work.now());
    let heads = ["admin1", "admin2", "households", "poor-least", "poor-most", "missing-least", "missing-most"];
    let mut heads: Vec<String> = heads.iter().map(|head| p.tc("achieved-head", head)).collect();
    for dimension in &board.chosen().list().dimensions {
        let label = dimension.labels.get(p.reader.lang);
        heads.extend(["achieved", "to-achieve"].map(|head| format!("{label} · {}", p.tc("achievements-head", head))));
    }
    let rows: Vec<Vec<String>> = board.rows.iter().map(|row| record(&p, row)).collect();
    let about = About::default().note(json!({ "page": "achievements", "type": board.chosen().id() }));
    work.record(Fact::Exported, about).await?;
    work.commit().await?;
    listing::as_csv(&heads, rows)
}

// Plain numbers, shares in per cent: a file is worked on.
fn record(p: &Page, row: &Shown) -> Vec<String> {
    let number = |number: Option<i32>| number.map_or_else(|| p.t("loop-hidden"), |number| number.to_string());
    let percent = |share: f64| format!("{:.0}", share * 100.0);
    let both = |share: Option<Missing>| {
        share.map_or_else(|| [p.t("loop-hidden"), p.t("loop-hidden")], |share| [percent(share.least), percent(share.most)])
    };
    let mut record = vec![row.place.0.clone(), row.place.1.clone(), number(row.households)];
    record.extend(both(row.poor));
    record.extend(both(row.missing));
    for pair in &row.dimensions {
        record.extend([number(pair.map(|(achieved, _)| achieved)), number(pair.map(|(_, lacking)| lacking))]);
    }
    record
}
