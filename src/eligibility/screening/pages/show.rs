//! One screening: how far it is, what it found, what changed, and whom it proposes.
use askama::Template;
use axum::response::Response;
use http::HeaderValue;

use super::badge;
use crate::access::{Act, suppress};
use crate::audit::About;
use crate::eligibility::screening::course::{Screening, State};
use crate::eligibility::screening::figures::{self, Figures};
use crate::eligibility::screening::proposals::{self, Group};
use crate::eligibility::screening::{actions, scope, store};
use crate::eligibility::{Known, words};
use crate::error::{Clash, Error};
use crate::packs::{self, Sensitivity};
use crate::platform::db::Work;
use crate::platform::ids::ScreeningId;
use crate::web::Page;
use crate::web::form::Path;
use crate::web::parts::{Badge, Bar, Entry, Tone};

// Workers and services whose proposals stand on the page.
const MOST_GROUPS: i64 = 200;

#[derive(Template)]
#[template(path = "eligibility/screening/html/show.html")]
struct Show {
    p: Page,
    progress: Progress,
    facts: Vec<Entry>,
    heads: [String; 5],
    // Each with why it was not asked; empty for those that were.
    lines: Vec<(Bar, String)>,
    nobody: bool,
    compared: bool,
    change_heads: [String; 3],
    changes: Vec<Change>,
    group_heads: [String; 4],
    groups: Vec<GroupRow>,
    left_out: Vec<(String, String)>,
    choosing: bool,
    may_propose: bool,
    proposed: String,
}

#[derive(Template)]
#[template(path = "eligibility/screening/html/progress_page.html")]
struct ProgressPage {
    p: Page,
    progress: Progress,
}

/// What moves while a screening runs.
struct Progress {
    path: String,
    state: Badge,
    under_way: bool,
    may_pause: bool,
    may_go_on: bool,
    may_cancel: bool,
    percent: i64,
    figures: String,
}

struct Change {
    name: String,
    note: String,
    newly: Opening,
    no_longer: Opening,
}

// A count that opens its list; nothing opens where there is nothing, or where it is hidden (S15).
struct Opening {
    count: String,
    href: String,
}

struct GroupRow {
    worker: String,
    service: String,
    provider: String,
    proposed: String,
    waits: String,
}

/// GET /screenings/{id}
pub(super) async fn show(mut work: Work, Path(id): Path<ScreeningId>) -> Result<Response, Error> {
    let screening = store::find(&mut work, id).await?;
    work.may(Act::ScreeningRun)?;
    let page = page(&mut work, &screening).await?;
    work.show(About::subjects([id.0]), page).await
}

/// GET /screenings/{id}/progress: the part that moves. When there is nothing to wait for any more, the browser loads the whole page anew.
pub(super) async fn progress(mut work: Work, Path(id): Path<ScreeningId>) -> Result<Response, Error> {
    let screening = store::find(&mut work, id).await?;
    work.may(Act::ScreeningRun)?;
    let p = Page::titled(&mut work, "screening-title").await?;
    let progress = progress_of(&p, &screening);
    let over = !progress.under_way;
    let mut response = work.show_plain(ProgressPage { p, progress }).await?;
    if over {
        response.headers_mut().insert("hx-refresh", HeaderValue::from_static("true"));
    }
    Ok(response)
}

async fn page(work: &mut Work, screening: &Screening) -> Result<Show, Error> {
    let p = Page::titled(work, "screening-title").await?;
    let known = Known::of(work).await?;
    let each = Known::of_each(&packs::store::newest(work).await?);
    // A rule that a pack brought speaks in that pack's words.
    let of_line = |line: &Figures| line.pack.as_ref().and_then(|pack| each.get(pack)).unwrap_or(&known);
    let nobody = screening.state == State::Done && screening.total == Some(0);
    let figures = if screening.state == State::Done && !nobody { figures::of(screening)? } else { Vec::new() };
    let groups = proposals::groups(work, screening.id, MOST_GROUPS).await?;
    let facts = facts(work, &p, screening).await?;
    let open = groups.iter().any(|group| group.proposed > group.asked);
    Ok(Show {
        progress: progress_of(&p, screening),
        facts,
        heads: ["service", "eligible", "not-eligible", "unknown", "lacking"].map(|head| p.tc("screening-head", head)),
        lines: figures.iter().map(|line| (bar(&p, screening, of_line(line), line), not_asked(&p, line))).collect(),
        nobody,
        compared: screening.previous.is_some(),
        change_heads: ["service", "newly", "no-longer"].map(|head| p.tc("screening-head", head)),
        changes: figures.iter().map(|line| change(&p, screening, line)).collect(),
        group_heads: ["worker", "service", "proposed", "waits"].map(|head| p.tc("screening-head", head)),
        groups: groups.iter().map(|group| group_row(&p, group)).collect(),
        left_out: left_out(&p, &figures),
        choosing: screening.state == State::Done && !screening.has_chosen(),
        may_propose: screening.has_chosen() && screening.proposed_at.is_none() && open,
        proposed: screening.proposed_at.map(|at| p.ta("screening-proposed-at", "when", p.moment(&at))).unwrap_or_default(),
        p,
    })
}

fn progress_of(p: &Page, screening: &Screening) -> Progress {
    // Before it has counted whom it goes through there is nothing to tell.
    let figures = screening.total.map(|total| {
        let share = p.reader.percent(screening.percent() as f64 / 100.0);
        format!("{} / {} · {share}", p.number(screening.done), p.number(total))
    });
    let state = screening.state;
    Progress {
        path: screening.path(),
        state: badge(p, state),
        under_way: state.is_under_way(),
        may_pause: state.is_under_way(),
        may_go_on: state.may_go_on(),
        may_cancel: state.is_under_way() || state.may_go_on(),
        percent: screening.percent(),
        figures: figures.unwrap_or_default(),
    }
}

async fn facts(work: &mut Work, p: &Page, screening: &Screening) -> Result<Vec<Entry>, Error> {
    let kinds = scope::kinds(work).await?;
    let named = |id: &i16| kinds.iter().find(|kind| kind.id == *id).map(|kind| kind.labels.get(p.reader.lang).to_owned());
    let types: Vec<String> = screening.case_types.iter().filter_map(named).collect();
    let mut facts = vec![
        Entry::new(p.t("screenings-head-unit"), &screening.unit_name),
        Entry::new(p.t("screening-types"), p.list(&types)),
        Entry::new(p.t("screenings-head-begun"), p.signed(&p.moment(&screening.begun_at), &screening.begun_by_name)),
    ];
    facts.extend(screening.ended_at.map(|at| Entry::new(p.t("screening-ended"), p.moment(&at))));
    Ok(facts)
}

/// A figure; one that is hidden says so.
pub(super) fn figure(p: &Page, count: Option<u64>) -> String {
    count.and_then(|count| i64::try_from(count).ok()).map_or_else(|| p.t("loop-hidden"), |count| p.number(count))
}

// A figure that stands by itself: a small one is nothing but small, and whoever sees these people knows them anyway.
fn alone(p: &Page, count: Option<u64>) -> String {
    if count.is_some() {
        return figure(p, count);
    }
    let fewest = i64::try_from(suppress::floor(Sensitivity::Standard)).unwrap_or_default();
    p.ta("screening-few", "count", p.number(fewest))
}

// The list behind a hidden figure would say what it hides.
fn opens_nothing(count: Option<u64>) -> bool {
    matches!(count, None | Some(0))
}

fn not_asked(p: &Page, line: &Figures) -> String {
    if line.is_asked { String::new() } else { p.t("screening-not-asked") }
}

// Each figure opens its list, which holds the cases that the reader sees; nothing opens where there is nothing, or where it is hidden (S15).
fn bar(p: &Page, screening: &Screening, known: &Known, line: &Figures) -> Bar {
    let nth = line.nth;
    let opens = |count: Option<u64>, verdict: &str| {
        if opens_nothing(count) { String::new() } else { format!("{}/results?line={nth}&verdict={verdict}", screening.path()) }
    };
    let asks = line.lacking.iter().map(|field| words::called(p.reader.lang, known, field));
    let lacking = if line.lacking.is_empty() { "–".to_owned() } else { p.list(asks) };
    Bar {
        label: format!("{} · {}", line.name, line.provider),
        figure: figure(p, line.eligible),
        share: line.share,
        href: opens(line.eligible, "eligible"),
        notes: vec![figure(p, line.not_eligible), figure(p, line.unknown), lacking],
        note_hrefs: vec![opens(line.not_eligible, "not_eligible"), opens(line.unknown, "unknown")],
        tone: Tone::Neutral,
    }
}

fn change(p: &Page, screening: &Screening, line: &Figures) -> Change {
    let nth = line.nth;
    let opens = |count: Option<u64>, turn: &str| {
        if !line.is_compared {
            return Opening { count: "–".to_owned(), href: String::new() };
        }
        let href = format!("{}/changes?line={nth}&turn={turn}", screening.path());
        Opening { count: alone(p, count), href: if opens_nothing(count) { String::new() } else { href } }
    };
    Change {
        name: line.name.clone(),
        note: if line.changed_rule { p.t("screening-rule-changed") } else { String::new() },
        newly: opens(line.newly, "newly"),
        no_longer: opens(line.no_longer, "no_longer"),
    }
}

fn group_row(p: &Page, group: &Group) -> GroupRow {
    GroupRow {
        worker: group.worker.clone().unwrap_or_else(|| p.t("cases-in-inbox")),
        service: group.service.clone(),
        provider: group.provider.clone().unwrap_or_default(),
        proposed: p.number(group.proposed),
        waits: p.number(group.waits),
    }
}

// Everybody who is eligible and not proposed, over all services, by reason.
fn left_out(p: &Page, figures: &[Figures]) -> Vec<(String, String)> {
    let reasons = figures.iter().flat_map(|line| line.left_out.iter().map(move |(reason, count)| (line, reason, *count)));
    reasons
        .map(|(line, reason, count)| {
            (format!("{}{} {}", line.name, p.colon(), p.tc("screening-left-out", reason)), alone(p, count))
        })
        .collect()
}

/// POST /screenings/{id}/pause
pub(super) async fn pause(mut work: Work, Path(id): Path<ScreeningId>) -> Result<Response, Error> {
    let screening = store::find(&mut work, id).await?;
    match actions::pause(&mut work, &screening).await {
        Ok(()) => work.then(&screening.path(), "screening-paused").await,
        // It ended while somebody looked on: what it found is what they come for.
        Err(Error::Conflict(Clash::State { state, .. })) if state == State::Done.as_str() => {
            work.then(&screening.path(), "screening-had-ended").await
        }
        Err(error) => Err(error),
    }
}

/// POST /screenings/{id}/continuation
pub(super) async fn go_on(mut work: Work, Path(id): Path<ScreeningId>) -> Result<Response, Error> {
    let screening = store::find(&mut work, id).await?;
    match actions::go_on(&mut work, &screening).await {
        Ok(()) => work.then(&screening.path(), "screening-goes-on").await,
        // It stays paused, and its page says what it waits for.
        Err(Error::Conflict(Clash::State { code: "screening_runs", .. })) => {
            work.again().await?.then(&screening.path(), "warning:refused-screening-runs").await
        }
        Err(error) => Err(error),
    }
}

/// POST /screenings/{id}/cancellation
pub(super) async fn cancel(mut work: Work, Path(id): Path<ScreeningId>) -> Result<Response, Error> {
    let screening = store::find(&mut work, id).await?;
    actions::cancel(&mut work, &screening).await?;
    work.then(&screening.path(), "screening-cancelled").await
}

/// POST /screenings/{id}/proposals
pub(super) async fn propose(mut work: Work, Path(id): Path<ScreeningId>) -> Result<Response, Error> {
    let screening = store::find(&mut work, id).await?;
    actions::propose(&mut work, &screening).await?;
    work.then(&screening.path(), "screening-proposed").await
}
