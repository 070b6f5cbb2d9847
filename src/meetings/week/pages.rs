//! Pages: one's own week in hours, and its blocks.
use askama::Template;
use axum::response::Response;
use chrono::{Datelike, Days, NaiveDate, NaiveTime, Timelike};

use super::block::{self, Block, KINDS, LENGTHS, NewBlock, PLANNED};
use super::mine::{self, Mine};
use super::{actions, store};
use crate::access::Act;
use crate::audit::About;
use crate::error::Error;
use crate::meetings::store::Entry;
use crate::platform::db::Work;
use crate::platform::ids::RowId;
use crate::web::form::{Path, Query, digits};
use crate::web::parts::{Bar, Choice, Tone};
use crate::web::{Form, Page, Routes};

/// The pages of one's own week.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("GET", "/agenda/week", show)
        .page("POST", "/agenda/blocks", create)
        .page("GET", "/agenda/blocks/{id}", edit)
        .page("POST", "/agenda/blocks/{id}", update)
        .page("POST", "/agenda/blocks/{id}/removal", remove)
}

#[derive(Template)]
#[template(path = "meetings/html/week.html")]
struct Week {
    p: Page,
    form: Form,
    period: String,
    on: String,
    earlier: String,
    later: String,
    team: bool,
    planned: String,
    contracted: String,
    over: String,
    no_self_care: bool,
    bar_heads: [String; 3],
    bars: Vec<Bar>,
    day_heads: [String; 3],
    days: Vec<Day>,
    kinds: Vec<Choice>,
    lengths: Vec<Choice>,
}

struct Day {
    href: String,
    label: String,
    visits: String,
    blocks: Vec<Line>,
}

struct Line {
    href: String,
    time: String,
    kind: String,
    words: String,
}

/// GET /agenda/week
async fn show(mut work: Work, Query(form): Query) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let page = page(&mut work, form).await?;
    let me = work.me()?;
    work.show(About::subjects([me.0]), page).await
}

/// The day whose week is asked for: today where nothing sensible is.
pub(super) fn asked(work: &Work, form: &Form) -> NaiveDate {
    let named = form.value("on").parse::<NaiveDate>().ok().filter(|day| (2000..2200).contains(&day.year()));
    named.unwrap_or_else(|| work.today())
}

async fn page(work: &mut Work, mut form: Form) -> Result<Week, Error> {
    let p = Page::titled(work, "week-title").await?;
    let on = asked(work, &form);
    let mine = mine::mine(work, block::begins(on, p.reader.lang)).await?;
    if !form.filled("on_day") {
        form.set("on_day", on.max(mine.from).to_string());
    }
    let last = mine.from + Days::new(6);
    let over = mine.load.all() - i64::from(mine.contracted) * 60;
    Ok(Week {
        period: format!("{} – {}", p.date(&mine.from), p.date(&last)),
        on: on.to_string(),
        earlier: format!("/agenda/week?on={}", on - Days::new(7)),
        later: format!("/agenda/week?on={}", on + Days::new(7)),
        team: work.holds(Act::CaseAssign),
        planned: length(&p, mine.load.all()),
        contracted: length(&p, i64::from(mine.contracted) * 60),
        over: if mine.load.is_over(mine.contracted) { p.ta("week-over-by", "hours", length(&p, over)) } else { String::new() },
        no_self_care: mine.load.lacks_self_care(),
        bar_heads: ["kind", "hours", "share"].map(|head| p.tc("week-head", head)),
        bars: KINDS.map(|kind| bar(&p, &mine, kind)).to_vec(),
        day_heads: ["day", "visits", "blocks"].map(|head| p.tc("week-head", head)),
        days: (0..7).map(|n| day(&p, &mine, mine.from + Days::new(n))).collect(),
        kinds: kinds(&p),
        lengths: lengths(&p),
        form,
        p,
    })
}

/// `6:30`: so many minutes as hours.
pub(super) fn length(p: &Page, minutes: i64) -> String {
    p.reader.digits(&format!("{}:{:02}", minutes / 60, minutes % 60))
}

/// How large a part of these hours so many minutes are, in per cent; at most all of them.
pub(super) fn share(minutes: i64, hours: i16) -> u32 {
    u32::try_from((minutes * 100 / (i64::from(hours.max(1)) * 60)).clamp(0, 100)).unwrap_or_default()
}

fn bar(p: &Page, mine: &Mine, kind: &str) -> Bar {
    let minutes = mine.load.of(kind);
    let part = minutes as f64 / (f64::from(mine.contracted) * 60.0);
    Bar {
        label: p.tc("week-kind", kind),
        figure: length(p, minutes),
        share: share(minutes, mine.contracted),
        notes: vec![p.reader.percent(part)],
        tone: if kind == "self_care" && minutes == 0 { Tone::Warning } else { Tone::Neutral },
        ..Bar::default()
    }
}

fn day(p: &Page, mine: &Mine, on: NaiveDate) -> Day {
    let is_of_day = |one: &&Entry| one.starts_at.with_timezone(&p.reader.zone).date_naive() == on;
    let of_day: Vec<&Entry> = mine.meetings.iter().filter(is_of_day).collect();
    let counted = of_day.iter().filter_map(|one| mine::counted(one));
    let visits: i64 = counted.filter(|(kind, _)| *kind == "visits").map(|(_, minutes)| minutes).sum();
    let is_shown = |one: &&&Entry| matches!(one.kind.as_str(), "session" | "conference") && mine::counted(one).is_some();
    let shared = of_day.iter().filter(is_shown).map(|one| with_others(p, one));
    let blocks = mine.blocks.iter().filter(|(day, _)| *day == on).map(|(day, block)| line(p, block, *day));
    let mut lines: Vec<Line> = shared.chain(blocks).collect();
    lines.sort_by(|a, b| a.time.cmp(&b.time));
    let weekday = p.t(&format!("weekday-{}", on.weekday().num_days_from_sunday()));
    Day {
        href: format!("/calendar?view=day&on={on}"),
        label: format!("{weekday} {}", p.date(&on)),
        visits: if visits == 0 { String::new() } else { length(p, visits) },
        blocks: lines,
    }
}

// A session of supervision that is planned, or was held as planned; or a conference, by the code of its case (S13).
fn with_others(p: &Page, entry: &Entry) -> Line {
    let until = entry.ends_at.map(|at| format!(" – {}", p.reader.time(at))).unwrap_or_default();
    let (href, words) = match (entry.case_id, entry.meeting) {
        (Some(case), Some(meeting)) => (format!("/cases/{case}/meetings/{meeting}"), entry.code.clone()),
        _ => ("/team/sessions".to_owned(), entry.name.clone().unwrap_or_default()),
    };
    Line { href, time: format!("{}{until}", p.reader.time(entry.starts_at)), kind: p.tc("meeting-kind", &entry.kind), words }
}

/// From when until when a block is, on the clock of its worker.
pub fn span(p: &Page, block: &Block) -> String {
    let clock = |minute: i16| p.reader.digits(&format!("{:02}:{:02}", minute / 60, minute % 60));
    format!("{} – {}", clock(block.from_minute), clock(block.from_minute + block.minutes))
}

fn line(p: &Page, block: &Block, day: NaiveDate) -> Line {
    Line {
        href: format!("/agenda/blocks/{}?on={day}", block.id),
        time: span(p, block),
        kind: p.tc("week-kind", &block.kind),
        words: block.words.clone(),
    }
}

fn kinds(p: &Page) -> Vec<Choice> {
    PLANNED.iter().map(|kind| Choice::new(*kind, p.tc("week-kind", kind)).with_hint(p.tc("week-hint", kind))).collect()
}

fn lengths(p: &Page) -> Vec<Choice> {
    LENGTHS.iter().map(|minutes| Choice::new(minutes.to_string(), length(p, i64::from(*minutes)))).collect()
}

fn minute(form: &mut Form, name: &str) -> Option<i16> {
    let typed = digits(form.value(name).trim());
    if typed.is_empty() {
        return None;
    }
    let time = NaiveTime::parse_from_str(&typed, "%H:%M").or_else(|_| NaiveTime::parse_from_str(&typed, "%H:%M:%S")).ok();
    if time.is_none() {
        form.errors.add(name, "not_understood");
    }
    time.and_then(|time| i16::try_from(time.num_seconds_from_midnight() / 60).ok())
}

fn read(form: &mut Form) -> NewBlock {
    NewBlock {
        kind: form.value("kind").to_owned(),
        on_day: form.date_maybe("on_day"),
        from_minute: minute(form, "from"),
        minutes: form.value("minutes").parse().unwrap_or_default(),
        weekly: form.ticked("weekly"),
        until_day: form.date_maybe("until_day"),
        words: form.text_maybe("words", 200),
    }
}

/// POST /agenda/blocks
async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let new = read(&mut form);
    let planned = match form.check() {
        Ok(()) => actions::plan(&mut work, &new).await,
        Err(error) => Err(error),
    };
    match planned {
        Ok(block) => work.then(&format!("/agenda/week?on={}", block.on_day), "week-planned-block").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "meetings/html/block.html")]
struct Edit {
    p: Page,
    form: Form,
    id: RowId,
    back: String,
    on: String,
    weekly: bool,
    version: i32,
    kinds: Vec<Choice>,
    lengths: Vec<Choice>,
}

async fn edit_page(work: &mut Work, block: &Block, form: Form) -> Result<Edit, Error> {
    let p = Page::titled(work, "week-block").await?;
    let on = asked(work, &form);
    Ok(Edit {
        id: block.id,
        back: format!("/agenda/week?on={on}"),
        on: on.to_string(),
        weekly: block.weekly && !block.has_ended(work.today()),
        version: block.version,
        kinds: kinds(&p),
        lengths: lengths(&p),
        form,
        p,
    })
}

/// GET /agenda/blocks/{id}
async fn edit(mut work: Work, Path(id): Path<RowId>, Query(mut form): Query) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let block = store::find(&mut work, id).await?;
    form.set("kind", block.kind.clone());
    form.set("on_day", block.on_day.to_string());
    form.set("from", format!("{:02}:{:02}", block.from_minute / 60, block.from_minute % 60));
    form.set("minutes", block.minutes.to_string());
    form.set("weekly", if block.weekly { "true" } else { "" });
    form.set("until_day", block.until_day.map(|day| day.to_string()).unwrap_or_default());
    form.set("words", block.words.clone());
    let page = edit_page(&mut work, &block, form).await?;
    work.show(About::subjects([id.0]), page).await
}

/// POST /agenda/blocks/{id}
async fn update(mut work: Work, Path(id): Path<RowId>, mut form: Form) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let block = store::find(&mut work, id).await?;
    let new = read(&mut form);
    let version = form.value("version").parse().unwrap_or_default();
    let changed = match form.check() {
        Ok(()) => actions::change(&mut work, &block, &new, version).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(_) => {
            let on = asked(&work, &form);
            work.then(&format!("/agenda/week?on={on}"), "week-changed-block").await
        }
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = edit_page(&mut work, &block, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

/// POST /agenda/blocks/{id}/removal: of a weekly one from a day on, where one is named.
async fn remove(mut work: Work, Path(id): Path<RowId>, mut form: Form) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let block = store::find(&mut work, id).await?;
    let from = form.date_maybe("from_day");
    form.check()?;
    let version = form.value("version").parse().unwrap_or_default();
    actions::remove(&mut work, &block, from, version).await?;
    let on = asked(&work, &form);
    work.then(&format!("/agenda/week?on={on}"), "week-removed-block").await
}
