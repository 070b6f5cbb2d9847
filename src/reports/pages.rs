//! The loop dashboard: does it work, and where is it stuck?
use std::collections::{BTreeMap, HashMap};

use askama::Template;
use axum::response::Response;

use super::own::{self, Counting};
use super::store::{self, Cell, Seen};
use super::tally::{Days, Stage, Tally};
use crate::access::Act;
use crate::audit::About;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::text::text_with;
use crate::web::Page;
use crate::web::form::{Form, Query};
use crate::web::parts::{Bar, Pager, Sparkline, Tab};

/// A rate beside the counts it was made from.
struct RateShown {
    percent: String,
    of: String,
}

#[derive(Template)]
#[template(path = "reports/html/loop.html")]
struct Dashboard {
    p: Page,
    periods: Vec<Tab>,
    verified: RateShown,
    served: RateShown,
    // The lists behind the two rates.
    behind: (String, String),
    beside: String,
    immature: bool,
    funnel: Vec<Bar>,
    months: Vec<Bar>,
    trend: Option<Sparkline>,
    // The first and the last month of the line, with their rates.
    trend_ends: (String, String),
    // A reader of figures who keeps no case has none of their own to see.
    has_own: bool,
    needs: Vec<Bar>,
    wide_scope: Vec<Tab>,
    wide: Vec<(String, Vec<Bar>)>,
    // Achievements by place are offered.
    achieved: bool,
}

/// GET /loop
pub async fn show(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::ReportLoop)?;
    let months = own::months(&query);
    let p = Page::titled(&mut work, "loop-title").await?;
    let seen = own::seen(&mut work, months).await?;
    let has_own = !seen.is_empty() || work.holds(Act::CaseRead);
    let everybody = query.value("scope") == "all" || !has_own && !query.filled("scope");
    let org = (!everybody).then_some(work.standing.org);
    let cells = store::wide(&mut work, org).await?;
    let words = Words::read(&mut work).await?;
    let tally = own::tally(p.reader.now, seen.iter());
    let figures = tally.figures;
    let by_month = own::by_month(p.reader.now, p.reader.zone, &seen);
    let page = Dashboard {
        periods: [3, 6, 12].map(|n| tab(format!("/loop?months={n}"), p.ta("loop-months", "months", n), n == months)).into(),
        verified: shown(&p, figures.verified_served().part, figures.verified_served().of),
        served: shown(&p, figures.served().part, figures.served().of),
        behind: (behind(months, Counting::Due, ""), behind(months, Counting::Stage(Stage::Sent), "")),
        beside: p.ta("loop-not-asked", "count", figures.not_asked)
            + " "
            + &p.ta("loop-not-wanted", "count", figures.no_longer_wanted),
        immature: figures.is_immature(),
        funnel: funnel(&p, &tally, months),
        trend: trend(&p, &by_month),
        trend_ends: trend_ends(&p, &by_month),
        has_own,
        months: by_month
            .iter()
            .map(|(month, tally)| {
                let sent_in = format!("&month={}-{:02}", month.0, month.1);
                rate_bar(&p, month_name(&p, month), tally, (months, &sent_in))
            })
            .collect(),
        needs: needs(&p, &seen, &words, months),
        wide_scope: vec![
            tab(format!("/loop?months={months}"), work.standing.org_name.clone(), !everybody),
            tab(format!("/loop?months={months}&scope=all"), p.t("loop-everybody"), everybody),
        ],
        wide: wide(&p, &cells, &words),
        achieved: super::achieved::is_offered(&mut work).await?,
        p,
    };
    work.show_plain(page).await
}

/// The words for what the database holds as codes: needs of the loaded packs, organisations by number.
struct Words {
    needs: HashMap<String, String>,
    organisations: HashMap<String, String>,
}

impl Words {
    async fn read(work: &mut Work) -> Result<Self, Error> {
        let lang = work.lang();
        let packs = crate::packs::store::newest(work).await?;
        let needs = packs
            .iter()
            .flat_map(|(_, pack)| &pack.needs)
            .map(|need| (need.code.clone(), need.labels.get(lang).to_owned()))
            .collect();
        Ok(Self { needs, organisations: store::organisation_names(work).await? })
    }

    fn need(&self, code: &str) -> String {
        self.needs.get(code).cloned().unwrap_or_else(|| code.to_owned())
    }
}

fn tab(href: String, label: String, on: bool) -> Tab {
    Tab { on, ..Tab::new(href, label) }
}

fn shown(p: &Page, part: u64, of: u64) -> RateShown {
    let percent = if of == 0 { "–".to_owned() } else { p.reader.percent(part as f64 / of as f64) };
    RateShown { percent, of: format!("{} / {}", p.number(part as i64), p.number(of as i64)) }
}

fn days(p: &Page, days: Option<Days>) -> String {
    days.map_or("–".to_owned(), |days| p.reader.digits(&format!("{:.1} / {:.1}", days.median, days.p90)))
}

fn funnel(p: &Page, tally: &Tally, months: i64) -> Vec<Bar> {
    let sent = tally.funnel[0].max(1);
    Stage::ALL
        .iter()
        .zip(tally.funnel)
        .map(|(stage, count)| Bar {
            label: p.tc("loop-stage", stage.code()),
            figure: p.number(count as i64),
            share: (count * 100 / sent) as u32,
            href: if count == 0 { String::new() } else { behind(months, Counting::Stage(*stage), "") },
            notes: vec![if *stage == Stage::Sent { String::new() } else { days(p, tally.days_to(*stage)) }],
            ..Bar::default()
        })
        .collect()
}

fn month_name(p: &Page, (year, month): &(i32, u32)) -> String {
    format!("{} {}", p.t(&format!("month-{month}")), p.reader.digits(&year.to_string()))
}

// The list behind a figure, of a need or a month where `of` says so.
fn behind(months: i64, counting: Counting, of: &str) -> String {
    format!("/loop/referrals?months={months}&stage={}{of}", counting.code())
}

// Each of its figures opens what it counted.
fn rate_bar(p: &Page, label: String, tally: &Tally, (months, of): (i64, &str)) -> Bar {
    let rate = tally.figures.verified_served();
    let served = tally.figures.served();
    let mark = if tally.figures.is_immature() { " *" } else { "" };
    Bar {
        label: label + mark,
        figure: shown(p, rate.part, rate.of).percent,
        share: rate.percent().map_or(0, |percent| percent.round() as u32),
        href: if rate.of == 0 { String::new() } else { behind(months, Counting::Due, of) },
        notes: vec![p.number(tally.figures.sent as i64), shown(p, served.part, served.of).percent],
        note_hrefs: [Stage::Sent, Stage::Served].map(|stage| behind(months, Counting::Stage(stage), of)).into(),
        ..Bar::default()
    }
}

fn trend(p: &Page, months: &BTreeMap<(i32, u32), Tally>) -> Option<Sparkline> {
    let values: Vec<f64> = months.values().filter_map(|tally| tally.figures.verified_served().percent()).collect();
    (values.len() > 1).then(|| Sparkline::new(p.t("loop-trend"), &values, 100.0))
}

// What stands at either end of the line, in words: a line alone has no scale.
fn trend_ends(p: &Page, months: &BTreeMap<(i32, u32), Tally>) -> (String, String) {
    let said = |(month, tally): (&(i32, u32), &Tally)| {
        let percent = tally.figures.verified_served().percent()?;
        Some(format!("{} {}", month_name(p, month), p.reader.percent(percent / 100.0)))
    };
    let all: Vec<String> = months.iter().filter_map(said).collect();
    (all.first().cloned().unwrap_or_default(), all.last().cloned().unwrap_or_default())
}

fn needs(p: &Page, seen: &[Seen], words: &Words, months: i64) -> Vec<Bar> {
    own::by_need(seen)
        .into_iter()
        .map(|(need, seen)| {
            rate_bar(p, words.need(need), &own::tally(p.reader.now, seen.into_iter()), (months, &format!("&need={need}")))
        })
        .collect()
}

fn wide(p: &Page, cells: &[Cell], words: &Words) -> Vec<(String, Vec<Bar>)> {
    let mut tables = Vec::new();
    for sensitivity in ["standard", "protected"] {
        for cut in ["month", "need", "to_org", "area"] {
            let rows: Vec<Bar> =
                cells.iter().filter(|c| c.cut == cut && c.sensitivity == sensitivity).map(|c| wide_bar(p, c, words)).collect();
            if !rows.is_empty() {
                tables.push((format!("{} · {}", p.tc("loop-cut", cut), p.tc("loop-sensitivity", sensitivity)), rows));
            }
        }
    }
    tables
}

fn wide_bar(p: &Page, cell: &Cell, words: &Words) -> Bar {
    let label = match cell.cut.as_str() {
        "need" => words.need(&cell.value),
        "to_org" => words.organisations.get(&cell.value).cloned().unwrap_or_else(|| p.t("loop-outside")),
        "month" => cell
            .value
            .split_once('-')
            .and_then(|(year, month)| Some((year.parse().ok()?, month.parse().ok()?)))
            .map(|m| month_name(p, &m))
            .unwrap_or_default(),
        _ if cell.value.is_empty() => p.t("loop-no-area"),
        _ => cell.value.clone(),
    };
    let number = |n: Option<i32>| n.map_or_else(|| p.t("loop-hidden"), |n| p.number(n));
    let percent = match (cell.verified, cell.due) {
        (Some(part), Some(of)) if of > 0 => p.reader.percent(f64::from(part) / f64::from(of)),
        _ => "–".to_owned(),
    };
    let share = match (cell.verified, cell.due) {
        (Some(part), Some(of)) if of > 0 => (part * 100 / of).clamp(0, 100) as u32,
        _ => 0,
    };
    let mark = if cell.immature { " *" } else { "" };
    Bar { label: label + mark, figure: percent, share, notes: vec![number(cell.sent), number(cell.served)], ..Bar::default() }
}

#[derive(Template)]
#[template(path = "reports/html/list.html")]
struct List {
    p: Page,
    // What the figure counts.
    of: String,
    heads: [String; 5],
    rows: Vec<ListRow>,
    pager: Pager,
}

// Referrals on a page.
const ROWS: usize = 100;

struct ListRow {
    href: String,
    code: String,
    need: String,
    to: String,
    sent: String,
    state: String,
}

/// GET /loop/referrals: the list behind a figure, under the reader's own row security.
pub async fn list(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::ReportLoop)?;
    let p = Page::titled(&mut work, "loop-list-title").await?;
    let seen = own::seen(&mut work, own::months(&query)).await?;
    let words = Words::read(&mut work).await?;
    let all = own::behind((p.reader.now, p.reader.zone), &seen, &query);
    let (page, chosen) = own::page_of(&all, &query, ROWS);
    let about = About::subjects(chosen.iter().map(|seen| seen.id.0));
    let rows = chosen
        .iter()
        .map(|seen| ListRow {
            href: format!("/referrals/{}", seen.id),
            code: seen.code.clone(),
            need: words.need(&seen.need),
            to: seen.to_name.clone(),
            sent: seen.counted.requested_at.map(|at| p.reader.day(at)).unwrap_or_default(),
            state: state(&p, seen),
        })
        .collect();
    let heads = ["loop-list-code", "loop-list-need", "loop-list-to", "loop-list-sent", "loop-list-state"].map(|key| p.t(key));
    let (of, pager) = (counted(&p, &words, &query), pager(&p, &query, page, all.len()));
    work.show(about, List { of, heads, rows, pager, p }).await
}

// What the receiver reports, and beside it that the person confirms it.
fn state(p: &Page, seen: &Seen) -> String {
    let reported = p.tc("loop-state", seen.counted.status.code());
    if Stage::Verified.reached(&seen.counted) { format!("{reported} · {}", p.tc("loop-stage", "verified")) } else { reported }
}

fn counted(p: &Page, words: &Words, query: &Form) -> String {
    let counting = Counting::of(query).unwrap_or(Counting::Stage(Stage::Sent));
    let need = query.filled("need").then(|| words.need(query.value("need")));
    let month = query.value("month").split_once('-');
    let month = month.and_then(|(year, month)| Some((year.parse::<i32>().ok()?, month.parse::<u32>().ok()?)));
    let month = month.filter(|(_, month)| (1..=12).contains(month));
    let parts = [Some(p.tc("loop-stage", counting.code())), need, month.map(|month| month_name(p, &month))];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn pager(p: &Page, query: &Form, page: usize, count: usize) -> Pager {
    let to = |page: usize| {
        let mut address = url::form_urlencoded::Serializer::new(String::new());
        for name in ["months", "stage", "need", "month"] {
            if query.filled(name) {
                address.append_pair(name, query.value(name));
            }
        }
        format!("/loop/referrals?{}", address.append_pair("page", &page.to_string()).finish())
    };
    let (from, until) = ((page - 1) * ROWS, (page * ROWS).min(count));
    let shown = [("from", (from + 1).into()), ("until", until.into()), ("count", count.into())];
    Pager {
        summary: p.reader.digits(&text_with(p.reader.lang, "loop-list-shown", &shown)),
        prev: if page > 1 { to(page - 1) } else { String::new() },
        next: if until < count { to(page + 1) } else { String::new() },
    }
}
