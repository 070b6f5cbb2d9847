//! Pages: one's calendar by day, week and month; a coordinator may look at a colleague's, as far as they see its cases.
use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use uuid::Uuid;

use super::meeting::{ASKERS, REASONS};
use super::store::{self, Entry};
use super::week::block::{Block, first_weekday};
use super::{feed, pages, week};
use crate::access::Act;
use crate::audit::About;
use crate::error::Error;
use crate::platform::clock::midnight;
use crate::platform::db::Work;
use crate::platform::ids::UserId;
use crate::web::form::Query;
use crate::web::parts::{Badge, Choice, Tab};
use crate::web::{Form, Page, Routes};

/// The page of the calendar.
pub(super) fn routes() -> Routes {
    Routes::new().page("GET", "/calendar", show)
}

/// How much is shown at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum View {
    Day,
    #[default]
    Week,
    Month,
}

impl View {
    const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    fn code(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    // How many meetings of a day are shown: who has more looks at the day.
    fn most(self) -> usize {
        if self == Self::Week { 12 } else { usize::MAX }
    }

    // The first day, and the one after the last. Weeks begin on the day that the reader's region does; months show whole weeks.
    fn days(self, on: NaiveDate, first: u32) -> (NaiveDate, NaiveDate) {
        let back = |day: NaiveDate| day - Days::new(u64::from((day.weekday().num_days_from_sunday() + 7 - first) % 7));
        match self {
            Self::Day => (on, on + Days::new(1)),
            Self::Week => (back(on), back(on) + Days::new(7)),
            Self::Month => {
                let begins = on.with_day(1).unwrap_or(on);
                let last = begins + Months::new(1) - Days::new(1);
                (back(begins), back(last) + Days::new(7))
            }
        }
    }

    fn step(self, on: NaiveDate, forward: bool) -> NaiveDate {
        match (self, forward) {
            (Self::Day, true) => on + Days::new(1),
            (Self::Day, false) => on - Days::new(1),
            (Self::Week, true) => on + Days::new(7),
            (Self::Week, false) => on - Days::new(7),
            (Self::Month, true) => on + Months::new(1),
            (Self::Month, false) => on - Months::new(1),
        }
    }
}

#[derive(Template)]
#[template(path = "meetings/html/calendar.html")]
struct Calendar {
    p: Page,
    form: Form,
    views: Vec<Tab>,
    earlier: String,
    today: String,
    later: String,
    month: bool,
    period: String,
    weekdays: Vec<String>,
    weeks: Vec<Vec<Day>>,
    of: Vec<Choice>,
    on: String,
    view: &'static str,
    feed: feed::Shown,
    here: String,
    askers: Vec<Choice>,
    reasons: Vec<Choice>,
}

struct Day {
    date: String,
    href: String,
    label: String,
    number: String,
    // What is heard of it where only the number is seen: a month shows days of others too.
    full: String,
    today: bool,
    outside: bool,
    entries: Vec<Line>,
    // How much there is, in a month; the figure alone where a column is too narrow for words.
    count: String,
    figure: String,
    // How many more there are, for a day of the week that is fuller than a page should be.
    more: String,
}

struct Line {
    href: String,
    time: String,
    what: String,
    who: String,
    state: Badge,
    moves: Option<Mover>,
}

// What dragging a planned meeting to another day needs to know.
struct Mover {
    action: String,
    version: i32,
    day: String,
    time: String,
}

/// GET /calendar
async fn show(mut work: Work, Query(form): Query) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let p = Page::titled(&mut work, "nav-calendar").await?;
    let view = View::ALL.into_iter().find(|view| view.code() == form.value("view")).unwrap_or_default();
    let today = p.reader.now.with_timezone(&p.reader.zone).date_naive();
    let on = form.value("on").parse::<NaiveDate>().ok().filter(|day| (2000..2200).contains(&day.year())).unwrap_or(today);
    let me = work.me()?;
    let of = form.value("of").parse::<UserId>().ok().filter(|_| work.holds(Act::CaseAssign)).unwrap_or(me);
    if of != me && store::colleague(&mut work, of).await?.is_none() {
        return Err(Error::NotFound);
    }
    let (from, to) = view.days(on, first_weekday(p.reader.lang));
    let may_move = view != View::Month && work.holds(Act::CaseEdit);
    let held = held(&mut work, &p, (view, of), (from, to), may_move).await?;
    let others = if work.holds(Act::CaseAssign) { colleagues(&mut work, me).await? } else { Vec::new() };
    let feed = feed::shown(&mut work, &p).await?;
    let href = |view: View, on: NaiveDate| address(view, on, (of != me).then_some(of));
    let page = Calendar {
        views: View::ALL
            .map(|one| Tab::new(href(one, on), p.tc("calendar-view", one.code())).on_when(view.code(), one.code()))
            .to_vec(),
        earlier: href(view, view.step(on, false)),
        later: href(view, view.step(on, true)),
        today: href(view, today),
        month: view == View::Month,
        period: period(&p, view, on, (from, to)),
        weekdays: (0..7).map(|n| weekday(&p, from + Days::new(n))).collect(),
        weeks: weeks(&p, held.days, (from, to, view.most()), (on, today), &|day| href(View::Day, day)),
        here: href(view, on),
        askers: if may_move { pages::choices(&p, "meeting-asker", &ASKERS) } else { Vec::new() },
        reasons: if may_move { pages::choices(&p, "meeting-reason", &REASONS) } else { Vec::new() },
        of: others,
        on: on.to_string(),
        view: view.code(),
        feed,
        form,
        p,
    };
    work.show(About::subjects(held.subjects), page).await
}

// What is shown: the day, the week from when until when, or the month by its name.
fn period(p: &Page, view: View, on: NaiveDate, (from, to): (NaiveDate, NaiveDate)) -> String {
    match view {
        View::Day => p.date(&on),
        View::Week => format!("{} – {}", p.date(&from), p.date(&(to - Days::new(1)))),
        View::Month => {
            let month = p.t(&format!("month-{}", on.month()));
            p.reader.digits(&format!("{month} {}", on.year()))
        }
    }
}

fn address(view: View, on: NaiveDate, of: Option<UserId>) -> String {
    let of = of.map(|of| format!("&of={of}")).unwrap_or_default();
    format!("/calendar?view={}&on={on}{of}", view.code())
}

fn weekday(p: &Page, day: NaiveDate) -> String {
    p.t(&format!("weekday-{}", day.weekday().num_days_from_sunday()))
}

// What is held on each day, and whose cases and referrals are shown with it.
#[derive(Default)]
struct Held {
    days: BTreeMap<NaiveDate, OfDay>,
    subjects: Vec<Uuid>,
}

#[derive(Default)]
struct OfDay {
    lines: Vec<Line>,
    // How much there is, where it isn't shown itself.
    count: i64,
}

// A month shows only how much a day holds, so it names nobody and leaves out the time that the reader set aside.
async fn held(
    work: &mut Work,
    p: &Page,
    (view, of): (View, UserId),
    (from, to): (NaiveDate, NaiveDate),
    may_move: bool,
) -> Result<Held, Error> {
    let zone = p.reader.zone;
    let (begin, end) = (midnight(from, zone), midnight(to, zone));
    let mut held = Held::default();
    if view == View::Month {
        for busy in store::busy(work, of, begin, end, zone).await? {
            held.days.entry(busy.day).or_default().count = busy.entries;
        }
        return Ok(held);
    }
    for mut entry in store::entries(work, of, begin, end).await? {
        held.subjects.extend(entry.case_id.or(entry.referral_id));
        if !may_move {
            // Without its edition a meeting is not moved from here.
            entry.version = None;
        }
        let day = entry.starts_at.with_timezone(&zone).date_naive();
        held.days.entry(day).or_default().lines.push(line(p, entry));
    }
    if of == work.me()? {
        // No meeting is to be planned over it unseen.
        for block in week::store::blocks(work, from, None).await? {
            let Some(day) = block.day_in(from).filter(|day| *day < to) else { continue };
            held.days.entry(day).or_default().lines.push(block_line(p, day, block));
        }
    }
    Ok(held)
}

async fn colleagues(work: &mut Work, me: UserId) -> Result<Vec<Choice>, Error> {
    let units = work.standing.units.clone();
    let types = crate::cases::store::cleared_types(work).await?;
    let found = crate::cases::store::colleagues_for_any(work, &units, &types).await?;
    Ok(found.into_iter().filter(|one| one.id != me).map(|one| Choice::new(one.id.to_string(), one.name)).collect())
}

fn weeks(
    p: &Page,
    mut held: BTreeMap<NaiveDate, OfDay>,
    (from, to, most): (NaiveDate, NaiveDate, usize),
    (on, today): (NaiveDate, NaiveDate),
    href: &dyn Fn(NaiveDate) -> String,
) -> Vec<Vec<Day>> {
    // By the hour they begin with, which is written in two digits.
    held.values_mut().for_each(|day| day.lines.sort_by(|a, b| a.time.cmp(&b.time)));
    let days: Vec<NaiveDate> = from.iter_days().take_while(|day| *day < to).collect();
    let one = |day: &NaiveDate, OfDay { lines: mut entries, count }: OfDay| {
        let more = entries.split_off(most.min(entries.len())).len();
        Day {
            more: if more > 0 { p.ta("calendar-more", "count", more) } else { String::new() },
            date: day.to_string(),
            href: href(*day),
            label: format!("{} {}", weekday(p, *day), p.date(day)),
            number: p.reader.digits(&day.day().to_string()),
            full: format!("{} {}", weekday(p, *day), p.reader.full_date(*day)),
            today: *day == today,
            outside: day.month() != on.month(),
            count: if count > 0 { p.ta("calendar-count", "count", count) } else { String::new() },
            figure: p.number(count),
            entries,
        }
    };
    days.chunks(7).map(|week| week.iter().map(|day| one(day, held.remove(day).unwrap_or_default())).collect()).collect()
}

fn line(p: &Page, entry: Entry) -> Line {
    let time = |at: DateTime<Utc>| p.reader.time(at);
    let until = entry.ends_at.map(|at| format!(" – {}", time(at))).unwrap_or_default();
    let href = match (entry.case_id, entry.meeting, entry.referral_id) {
        (Some(case), Some(meeting), _) => format!("/cases/{case}/meetings/{meeting}"),
        (_, _, Some(referral)) => format!("/referrals/{referral}"),
        (None, Some(_), None) => "/visits".to_owned(),
        _ => "/team/sessions".to_owned(),
    };
    let moves = mover(p, &entry);
    let over = !matches!(entry.state.as_str(), "planned" | "scheduled");
    Line {
        href,
        time: format!("{}{until}", time(entry.starts_at)),
        what: p.tc("meeting-kind", &entry.kind),
        who: entry.name.unwrap_or(entry.code),
        state: if over { pages::state(p, &entry.state) } else { Badge::default() },
        moves,
    }
}

fn block_line(p: &Page, day: NaiveDate, block: Block) -> Line {
    Line {
        href: format!("/agenda/blocks/{}?on={day}", block.id),
        time: week::pages::span(p, &block),
        what: p.tc("week-kind", &block.kind),
        who: block.words,
        state: Badge::default(),
        moves: None,
    }
}

// Only what is planned can be moved, and only meetings of a case have a page that says how.
fn mover(p: &Page, entry: &Entry) -> Option<Mover> {
    let (case, meeting, version) = (entry.case_id?, entry.meeting?, entry.version?);
    let starts = entry.starts_at.with_timezone(&p.reader.zone);
    (entry.state == "planned").then(|| Mover {
        action: format!("/cases/{case}/meetings/{meeting}/time"),
        version,
        day: starts.date_naive().to_string(),
        time: starts.format("%H:%M").to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_shows_whole_weeks_from_the_readers_first_weekday() {
        let on = NaiveDate::from_ymd_opt(2026, 11, 26).unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(View::Month.days(on, 1), (day("2026-10-26"), day("2026-12-07")));
        assert_eq!(View::Week.days(on, 1), (day("2026-11-23"), day("2026-11-30")));
        assert_eq!(View::Week.days(on, 6), (day("2026-11-21"), day("2026-11-28")));
    }
}
