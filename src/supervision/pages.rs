//! Page: the coordinator's board, and giving out what waits.
use askama::Template;
use axum::response::Response;

use super::carrying::{self, BEYOND_LEVEL, CARRIES_FULL, IS_AWAY, Meant};
use super::proposal::Worker;
use super::store::{FEWEST_ANSWERS, Handed, Satisfaction};
use super::stretched::Stretched;
use super::team::{self, Board, Carried, Given, Proposed, is_more_than_full};
use crate::access::Act;
use crate::audit::About;
use crate::cases::case::Case;
use crate::cases::closing::OUTCOMES;
use crate::cases::pages::{risk_badge, type_label};
use crate::cases::store as cases;
use crate::error::{Error, FieldErrors};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, UnitId, UserId};
use crate::platform::text::{text, text_with};
use crate::projects;
use crate::tasks::task::called;
use crate::web::form::Query;
use crate::web::parts::{Badge, Bar, Choice, Tone};
use crate::web::{Form, Page, Routes};

// So many colleagues stand on the board at first.
const MOST_BARS: usize = 60;
// So many stand in the list of a row, those whom the rules would take first; the others stand on the page that assigns this one case. Fifty lists of
// two hundred names each were most of what the page weighed.
const MOST_CHOICES: usize = 8;

/// The pages of this room.
pub(super) fn routes() -> Routes {
    Routes::new().page("GET", "/team", index).page("POST", "/team/assignments", give_out)
}

#[derive(Template)]
#[template(path = "supervision/html/team.html")]
struct Team {
    p: Page,
    form: Form,
    wrongs: Vec<(String, String)>,
    units: Vec<Choice>,
    cases: String,
    overdue: String,
    late: String,
    waits: String,
    hrefs: Hrefs,
    heads: [String; 5],
    waiting: Vec<Line>,
    // The short reasons that stand in its rows, and what each means.
    meanings: Vec<(String, String)>,
    more: String,
    // Somebody would carry more than a full caseload, or work beyond their level; whoever gives it to them all the same says so.
    overfull: bool,
    beyond: bool,
    // Somebody is away who was chosen; whoever gives it to them all the same says so.
    away: bool,
    carried: Vec<Bar>,
    // What is said where not all who work there are shown; empty where they are.
    most: String,
    everybody: String,
    full: String,
    stretched: Vec<String>,
    handed: Vec<(String, String, String, String)>,
    outcomes: Vec<(String, String)>,
    satisfaction: String,
    screens: bool,
    projects: bool,
}

// The lists behind the board's figures: counted and listed under the reader's own row security (S15).
struct Hrefs {
    open: String,
    overdue: String,
    waits: String,
}

// The list behind a figure; a figure of none has none.
fn behind(figure: i64, unit: UnitId, parts: &str) -> String {
    if figure == 0 { String::new() } else { format!("/cases?keeper=team&unit={unit}{parts}") }
}

// A case that waits.
struct Line {
    id: String,
    version: i32,
    code: String,
    name: String,
    kind: String,
    risk: Badge,
    since: String,
    to: String,
    why: String,
    workers: Vec<Choice>,
    // Others can be chosen on the case's own page.
    others: bool,
    chosen: bool,
}

/// GET /team
async fn index(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    let unit = query.value("unit").parse().ok();
    // The same few statements over the same kinds of lists, whoever looks: planning them each time costs a tenth of the page.
    work.keep_plans().await?;
    let board = team::board(&mut work, unit).await?;
    let ids: Vec<_> = board.seen();
    let page = page(&mut work, board, query).await?;
    work.show(About::subjects(ids), page).await
}

/// POST /team/assignments
async fn give_out(mut work: Work, form: Form) -> Result<Response, Error> {
    let unit = form.value("unit").to_owned();
    match given_out(&mut work, &form).await {
        Ok(()) => work.then(&format!("/team?unit={unit}"), "team-given-out").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let board = team::board(&mut work, unit.parse().ok()).await?;
            let page = page(&mut work, board, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

async fn given_out(work: &mut Work, form: &Form) -> Result<(), Error> {
    let mut errors = FieldErrors::default();
    let mut given = Vec::new();
    for id in form.all("case") {
        let to = format!("to_{id}");
        let version = form.value(&format!("version_{id}")).parse().unwrap_or_default();
        match (id.parse(), form.value(&to).parse()) {
            (Ok(case), Ok(to)) => given.push(Given { case, to, version }),
            _ => errors.add(&to, "required"),
        }
    }
    errors.or_ok()?;
    team::give_out(work, &given, Meant::ticked(form)).await
}

async fn page(work: &mut Work, board: Board, form: Form) -> Result<Team, Error> {
    let title = text(work.lang(), "team-title");
    let p = Page::of(work, title).await?;
    let mut form = form;
    form.set("unit", board.unit.to_string());
    let names: Vec<String> = board.workers.iter().map(|(worker, carried)| percent_of(&p, worker, carried)).collect();
    let waiting: Vec<Line> = board.waiting.iter().map(|one| line(&p, &form, (&board, &names), one)).collect();
    let shown = i64::try_from(waiting.len()).unwrap_or(i64::MAX);
    let bars = shown_of(&board.workers, form.value("workers") == "all");
    let most = if bars.len() < board.workers.len() { most(&p, bars.len(), board.workers.len()) } else { String::new() };
    let full = board.workers.iter().filter(|(_, carried)| is_more_than_full(carried.load)).map(|(worker, _)| worker.name.clone());
    Ok(Team {
        wrongs: wrongs(work, &p, &board, &form.errors).await?,
        screens: work.holds(Act::ScreeningRun),
        projects: projects::are_known(work).await?,
        units: board.units.iter().map(|unit| Choice::new(unit.id.to_string(), &unit.name)).collect(),
        cases: p.number(board.all.cases),
        overdue: p.number(board.all.overdue),
        late: format!("/team/overdue?unit={}", board.unit),
        waits: p.number(board.waits),
        hrefs: Hrefs {
            open: behind(board.all.cases, board.unit, ""),
            overdue: behind(board.all.overdue, board.unit, "&overdue=yes"),
            waits: behind(board.waits, board.unit, "&worker=inbox"),
        },
        more: if board.waits > shown { p.ta("team-more", "count", board.waits - shown) } else { String::new() },
        overfull: is_asked(&form, "overfull", CARRIES_FULL),
        beyond: is_asked(&form, "beyond_level", BEYOND_LEVEL),
        away: is_asked(&form, "away", IS_AWAY),
        carried: bars.into_iter().map(|one| bar(&p, board.unit, one)).collect(),
        most,
        everybody: format!("/team?unit={}&workers=all", board.unit),
        full: p.list(full),
        stretched: board.stretched.iter().map(|one| stretched(&p, one)).collect(),
        outcomes: outcomes(&p, &board),
        satisfaction: satisfaction(&p, board.satisfaction),
        handed: board.handed.iter().map(|one| handed(&p, one)).collect(),
        heads: ["give", "case", "risk", "since", "to"].map(|head| p.tc("team-head", head)),
        meanings: meanings(&p, &board),
        waiting,
        form,
        p,
    })
}

// Whether somebody is asked if they mean it: where this stands against a case, and on until all else is right too.
fn is_asked(form: &Form, tick: &str, against: &str) -> bool {
    form.ticked(tick) || form.errors.0.values().any(|code| *code == against)
}

// By name; of more than a page holds those who carry most, unless all are asked for.
fn shown_of(workers: &[(Worker, Carried)], all: bool) -> Vec<&(Worker, Carried)> {
    let mut shown: Vec<_> = workers.iter().collect();
    if !all && shown.len() > MOST_BARS {
        shown.sort_by(|one, other| other.1.load.total_cmp(&one.1.load));
        shown.truncate(MOST_BARS);
    }
    shown
}

// How many of how many are shown.
fn most(p: &Page, shown: usize, all: usize) -> String {
    let number = |count: usize| p.number(i64::try_from(count).unwrap_or(i64::MAX));
    text_with(p.reader.lang, "team-workers-most", &[("shown", number(shown).into()), ("all", number(all).into())])
}

// What stands against which case, by its code. One that no longer waits has no row to lead to: whoever was faster gave it to somebody.
async fn wrongs(work: &mut Work, p: &Page, board: &Board, errors: &FieldErrors) -> Result<Vec<(String, String)>, Error> {
    let mut wrongs = Vec::new();
    for (field, code) in &errors.0 {
        let Some(id) = field.strip_prefix("to_").and_then(|id| id.parse::<CaseId>().ok()) else {
            wrongs.push((field.clone(), p.error(code)));
            continue;
        };
        if let Some(waits) = board.waiting.iter().find(|waits| waits.case.id == id) {
            wrongs.push((field.clone(), p.detailed(&waits.case.code, &p.error(code))));
            continue;
        }
        let said = match cases::find(work, id).await {
            Ok(Case { code, manager_name: Some(name), .. }) => p.detailed(&code, &p.ta("team-has-it", "name", name)),
            Ok(case) => p.detailed(&case.code, &p.error("changed_meanwhile")),
            Err(Error::NotFound) => p.error("changed_meanwhile"),
            Err(error) => return Err(error),
        };
        wrongs.push((String::new(), said));
    }
    Ok(wrongs)
}

// Every outcome with its goals, in the order in which it is asked; nothing where no case with goals was closed.
fn outcomes(p: &Page, board: &Board) -> Vec<(String, String)> {
    if board.outcomes.is_empty() {
        return Vec::new();
    }
    let of = |word: &str| board.outcomes.iter().find(|(known, _)| known == word).map_or(0, |(_, goals)| *goals);
    OUTCOMES.iter().map(|word| (p.tc("case-outcome", word), p.number(of(word)))).collect()
}

// Fewer answers would tell of a family, or judge a worker; nothing is said where nobody was asked.
fn satisfaction(p: &Page, of: Satisfaction) -> String {
    if of.said + of.unsaid == 0 {
        return String::new();
    }
    if of.said < FEWEST_ANSWERS {
        return p.ta("team-satisfaction-few", "count", p.number(FEWEST_ANSWERS));
    }
    let numbers = [
        ("satisfied", p.number(of.satisfied).into()),
        ("said", p.number(of.said).into()),
        ("unsaid", p.number(of.unsaid).into()),
    ];
    text_with(p.reader.lang, "team-satisfaction-said", &numbers)
}

// "Marsa field unit: workers 8, supervisors 1; one supervisor is meant for 6 at most."
fn stretched(p: &Page, one: &Stretched) -> String {
    let number = |count: usize| p.number(i64::try_from(count).unwrap_or(i64::MAX));
    let values = [
        ("unit", one.unit.clone().into()),
        ("workers", number(one.workers).into()),
        ("supervisors", number(one.supervisors).into()),
        ("most", p.number(one.most).into()),
    ];
    text_with(p.reader.lang, "team-stretched-line", &values)
}

// Which case, what, from whom to whom and why, by when.
fn handed(p: &Page, one: &Handed) -> (String, String, String, String) {
    let what = called(p, &one.kind, &one.title);
    let names = [("from", one.from.clone().into()), ("to", one.to.clone().into())];
    let who = p.detailed(&text_with(p.reader.lang, "team-handed-who", &names), &one.reason);
    (format!("/cases/{}", one.case), format!("{} · {what}", one.code), who, p.moment(&one.due_at))
}

// What the short reasons on this board stand for, each said once.
fn meanings(p: &Page, board: &Board) -> Vec<(String, String)> {
    let stands = |code: &str| {
        board.waiting.iter().any(|one| match &one.to {
            Ok((_, whys)) => whys.iter().any(|why| why.code() == code),
            Err(lack) => lack.code() == code,
        })
    };
    let explained = [
        "knows-them",
        "speaks",
        "same-unit",
        "carries-least",
        "least-of-first",
        "only-one",
        "nobody-fit",
        "all-away",
        "nobody-has-room",
    ];
    explained.into_iter().filter(|code| stands(code)).map(|code| (p.tc("team-why", code), p.tc("team-means", code))).collect()
}

// The names stand in the order of the board's workers.
fn line(p: &Page, form: &Form, (board, names): (&Board, &[String]), one: &Proposed) -> Line {
    let (case, lang) = (&one.case, p.reader.lang);
    let id = case.id.to_string();
    let typed = form.value(&format!("to_{id}"));
    let (proposed, why) = match &one.to {
        Ok((worker, whys)) => {
            let whys: Vec<String> = whys.iter().map(|why| p.tc("team-why", why.code())).collect();
            let name = board.workers.iter().find(|(known, _)| known.id == *worker).map(|(known, _)| known.name.clone());
            (worker.to_string(), p.detailed(&name.unwrap_or_default(), &whys.join(" · ")))
        }
        Err(lack) => (String::new(), p.tc("team-why", lack.code())),
    };
    let to = if typed.is_empty() { proposed } else { typed.to_owned() };
    let is_away = |id: &UserId| board.workers.iter().any(|(worker, _)| worker.id == *id && worker.is_away());
    let present = one.offered.partition_point(|id| !is_away(id));
    let (first, later) = one.offered.split_at(present.min(MOST_CHOICES));
    let chosen = to.parse::<UserId>().ok().filter(|chosen| later.contains(chosen));
    let stands = |worker: &Worker| first.contains(&worker.id) || chosen == Some(worker.id);
    let workers = board.workers.iter().zip(names).filter(|((worker, _), _)| stands(worker));
    Line {
        version: case.version,
        code: case.code.clone(),
        name: case.name.clone().unwrap_or_default(),
        kind: type_label(&one.pack, case.case_type, lang),
        risk: risk_badge(&one.pack, lang, case.risk.as_deref()),
        since: p.reader.relative(case.opened_at),
        to,
        why,
        workers: workers.map(|((worker, _), name)| Choice::new(worker.id.to_string(), name)).collect(),
        others: !later.is_empty(),
        chosen: form.has("case", &id),
        id,
    }
}

fn percent_of(p: &Page, worker: &Worker, carried: &Carried) -> String {
    p.joined([worker.name.clone(), p.reader.percent(carried.load), carrying::away(p, worker.away_until)])
}

fn bar(p: &Page, unit: UnitId, (worker, carried): &(Worker, Carried)) -> Bar {
    let level = worker.level.map(|level| p.tc("team-level", &level.to_string())).unwrap_or_default();
    let spoken: Vec<String> = worker.languages.iter().map(|code| p.tc("person-language", code)).collect();
    Bar {
        label: match worker.away_until {
            None => worker.name.clone(),
            until => p.signed(&worker.name, &carrying::away(p, until)),
        },
        figure: p.reader.percent(carried.load),
        // A full load fills the bar.
        share: (carried.load * 100.0).round().clamp(0.0, 100.0) as u32,
        href: format!("/cases?keeper=team&unit={unit}&worker={}", worker.id),
        notes: vec![p.number(carried.cases), p.number(carried.overdue), level, p.list(spoken)],
        note_hrefs: vec![
            behind(carried.cases, unit, &format!("&worker={}", worker.id)),
            behind(carried.overdue, unit, &format!("&worker={}&overdue=yes", worker.id)),
        ],
        tone: if is_more_than_full(carried.load) {
            Tone::Danger
        } else if carried.load > 0.85 {
            Tone::Warning
        } else {
            Tone::Neutral
        },
    }
}
