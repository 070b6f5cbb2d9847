//! Pages: the sessions and whose is due, writing one down, and one session with what was decided.
use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::actions::{self, NewDecision};
use super::due::{self, Due};
use super::session::{KINDS, MOST_CASES, NewSession, Session};
use super::{planning, store};
use crate::access::Act;
use crate::audit::About;
use crate::cases;
use crate::cases::pages::type_label;
use crate::error::Error;
use crate::packs;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId, UserId, read_code};
use crate::supervision::store as board;
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Choice, Pager, Tone};
use crate::web::{Form, Page, Routes};

const MOST: i64 = 20;
// The codes of cases that are typed beside the choices.
const LONGEST_CODES: usize = 400;

/// The pages of sessions.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("GET", "/team/sessions", index)
        .page("GET", "/team/sessions/new", new)
        .page("POST", "/team/sessions", create)
        .page("GET", "/team/sessions/{id}", show)
        .page("POST", "/team/sessions/{id}/decisions", decide)
}

#[derive(Template)]
#[template(path = "supervision/html/sessions.html")]
struct Index {
    p: Page,
    form: Form,
    may: bool,
    units: Vec<Choice>,
    due_heads: [String; 4],
    due: Vec<DueLine>,
    heads: [String; 3],
    ahead: Vec<planning::Ahead>,
    rows: Vec<Line>,
    pager: Pager,
}

struct DueLine {
    href: String,
    name: String,
    cases: String,
    last: String,
    state: Badge,
}

struct Line {
    href: String,
    kind: String,
    at: String,
    with: String,
}

/// GET /team/sessions
async fn index(mut work: Work, Query(mut form): Query) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let may = work.holds(Act::CaseAssign);
    let (units, unit, due) =
        if may { due::list(&mut work, form.value("unit").parse().ok()).await? } else { (Vec::new(), 0, Vec::new()) };
    form.set("unit", unit.to_string());
    let mut sessions = store::list(&mut work, place(form.value("before")), MOST + 1).await?;
    let more = sessions.len() as i64 > MOST;
    sessions.truncate(usize::try_from(MOST).unwrap_or_default());
    let next = sessions
        .last()
        .filter(|_| more)
        .map(|last| format!("/team/sessions?unit={unit}&before={}_{}", last.held_at.timestamp_micros(), last.id));
    let p = Page::titled(&mut work, "sessions-title").await?;
    let ahead = planning::ahead(&mut work, &p).await?;
    let ids: Vec<Uuid> = sessions.iter().map(|one| one.id.0).chain(due.iter().map(|one| one.worker.0)).collect();
    let page = Index {
        may,
        units: units.iter().map(|unit| Choice::new(unit.id.to_string(), &unit.name)).collect(),
        due_heads: ["worker", "cases", "last", "due"].map(|head| p.tc("sessions-head", head)),
        due: due.iter().map(|one| due_line(&p, &work, one)).collect(),
        heads: ["kind", "when", "with"].map(|head| p.tc("sessions-head", head)),
        ahead,
        rows: sessions.iter().map(|one| line(&p, one)).collect(),
        pager: Pager { next: next.unwrap_or_default(), ..Pager::default() },
        form,
        p,
    };
    work.show(About::subjects(ids), page).await
}

fn place(text: &str) -> Option<(chrono::DateTime<chrono::Utc>, Uuid)> {
    let (at, id) = text.split_once('_')?;
    Some((chrono::DateTime::from_timestamp_micros(at.parse().ok()?)?, id.parse().ok()?))
}

fn due_line(p: &Page, work: &Work, one: &Due) -> DueLine {
    let late = one.due_at < work.now();
    let word = format!("{} · {}", p.t(if late { "sessions-overdue" } else { "sessions-due" }), p.reader.day(one.due_at));
    DueLine {
        href: format!("/team/sessions/new?kind=individual&workers={}", one.worker),
        name: one.name.clone(),
        cases: p.number(one.cases),
        last: one.last_at.map_or_else(|| p.t("sessions-never"), |at| p.reader.day(at)),
        state: Badge::new(word, if late { Tone::Danger } else { Tone::Neutral }),
    }
}

fn line(p: &Page, one: &Session) -> Line {
    let with = [vec![one.supervisor_name.clone()], one.worker_names.clone()].concat();
    Line { href: one.path(), kind: p.tc("session-kind", &one.kind), at: p.moment(&one.held_at), with: with.join(", ") }
}

#[derive(Template)]
#[template(path = "supervision/html/session_new.html")]
struct New {
    p: Page,
    form: Form,
    chosen: bool,
    kinds: Vec<Choice>,
    workers: Vec<Choice>,
    kind: String,
    with: String,
    cases: Vec<Choice>,
    // How many open cases more there are than stand here, in words; empty where all do.
    more: String,
}

/// GET /team/sessions/new: first with whom and of what kind, then what was discussed.
async fn new(mut work: Work, Query(form): Query) -> Result<Response, Error> {
    work.may(Act::CaseAssign)?;
    let page = new_page(&mut work, form).await?;
    work.show(About::default(), page).await
}

async fn new_page(work: &mut Work, form: Form) -> Result<New, Error> {
    let p = Page::titled(work, "session-new").await?;
    let units: Vec<_> = board::units(work).await?.iter().map(|unit| unit.id).collect();
    let me = work.me()?;
    let colleagues = board::colleagues(work, &units).await?;
    let named: Vec<_> = colleagues.iter().filter(|one| one.id != me).collect();
    let asked: Vec<UserId> = form.all("workers").iter().filter_map(|id| id.parse().ok()).collect();
    let with: Vec<_> = named.iter().filter(|one| asked.contains(&one.id)).collect();
    let ids: Vec<Uuid> = with.iter().map(|one| one.id.0).collect();
    let (cases, more) = open_cases(work, &p, &ids).await?;
    let kind = form.value("kind").to_owned();
    Ok(New {
        chosen: KINDS.contains(&kind.as_str()) && !with.is_empty(),
        kinds: KINDS.iter().map(|code| Choice::new(*code, p.tc("session-kind", code))).collect(),
        workers: named.iter().map(|one| Choice::new(one.id.to_string(), &one.name)).collect(),
        kind: if KINDS.contains(&kind.as_str()) { p.tc("session-kind", &kind) } else { String::new() },
        with: with.iter().map(|one| one.name.clone()).collect::<Vec<_>>().join(", "),
        cases,
        more: if more > 0 { p.ta("session-more-hint", "count", more) } else { String::new() },
        form,
        p,
    })
}

// The open cases of these colleagues to choose from, and how many more there are.
async fn open_cases(work: &mut Work, p: &Page, workers: &[Uuid]) -> Result<(Vec<Choice>, i64), Error> {
    let open = store::open_cases(work, workers, MOST_CASES as i64).await?;
    let more = open.first().map_or(0, |one| one.all - open.len() as i64);
    let mut cases = Vec::new();
    for open in open {
        let pack = packs::store::find(work, &open.pack, open.pack_version).await?;
        let risk = open.risk.as_deref().and_then(|code| pack.risk_level(code)).map(|level| level.labels.get(p.reader.lang));
        let last = open.discussed_at.map_or_else(|| p.t("sessions-never"), |at| p.reader.day(at));
        let hint = [type_label(&pack, open.case_type, p.reader.lang), risk.unwrap_or_default().to_owned(), last];
        let hint = hint.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        cases.push(Choice::new(open.id.to_string(), open.code).with_hint(hint));
    }
    Ok((cases, more))
}

// The cases that are named by their codes, as they do not stand among the choices.
async fn named_by_code(work: &mut Work, form: &mut Form, workers: &[UserId]) -> Result<Vec<CaseId>, Error> {
    let typed = form.text_maybe("more", LONGEST_CODES);
    let mut named = Vec::new();
    for code in typed.split([',', ';', '،', '\n']).map(str::trim).filter(|code| !code.is_empty()) {
        let found = match read_code('C', code) {
            Some(code) => cases::store::find_by_code(work, &code).await?,
            None => None,
        };
        let Some(id) = found else {
            form.errors.add("more", "no_such_case");
            continue;
        };
        if cases::store::find(work, id).await?.case_manager.is_some_and(|keeper| workers.contains(&keeper)) {
            named.push(id);
        } else {
            form.errors.add("more", "case_of_others");
        }
    }
    Ok(named)
}

/// POST /team/sessions
async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    let workers: Vec<UserId> = form.all("workers").iter().filter_map(|id| id.parse().ok()).collect();
    let mut cases: Vec<CaseId> = form.all("cases").iter().filter_map(|id| id.parse().ok()).collect();
    cases.extend(named_by_code(&mut work, &mut form, &workers).await?);
    let new = NewSession {
        kind: form.value("kind").to_owned(),
        workers,
        cases,
        held_at: form.moment_maybe("happened_at", work.zone()),
        late_reason: form.text_maybe("late_reason", 200),
        planned: form.parsed_maybe("planned"),
    };
    let held = match form.check() {
        Ok(()) => actions::hold(&mut work, &new).await,
        Err(error) => Err(error),
    };
    match held {
        Ok(session) => work.then(&session.path(), "session-held").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = new_page(&mut work, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "supervision/html/session.html")]
struct Show {
    p: Page,
    form: Form,
    path: String,
    kind: String,
    at: String,
    supervisor: String,
    with: String,
    late: String,
    cases: Vec<CaseLine>,
    may: bool,
    between: bool,
    choices: Vec<Choice>,
    workers: Vec<Choice>,
}

struct CaseLine {
    href: String,
    code: String,
    decisions: Vec<(String, String, Badge)>,
}

/// GET /team/sessions/{id}
async fn show(mut work: Work, Path(id): Path<RowId>) -> Result<Response, Error> {
    let session = store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let page = page(&mut work, &session, Form::default()).await?;
    work.show(About::subjects([id.0]), page).await
}

async fn page(work: &mut Work, session: &Session, form: Form) -> Result<Show, Error> {
    let p = Page::titled(work, "session-title").await?;
    let me = work.me()?;
    let decisions = store::decisions(work, session.id).await?;
    let discussed = store::cases(work, session.id).await?;
    let cases = discussed.iter().map(|one| CaseLine {
        href: format!("/cases/{}", one.case),
        code: one.code.clone(),
        decisions: decisions.iter().filter(|decision| decision.case == one.case).map(|decision| decided(&p, decision)).collect(),
    });
    let cases = cases.collect();
    let names = store::names(work, &session.workers).await?;
    Ok(Show {
        path: session.path(),
        kind: p.tc("session-kind", &session.kind),
        at: p.moment(&session.held_at),
        supervisor: session.supervisor_name.clone(),
        with: session.worker_names.join(", "),
        late: session.late_reason.clone().unwrap_or_default(),
        cases,
        may: session.supervisor == me && work.holds(Act::CaseAssign) && !discussed.is_empty(),
        between: session.is_between(me),
        choices: discussed.iter().map(|one| Choice::new(one.case.to_string(), &one.code)).collect(),
        workers: names.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect(),
        form,
        p,
    })
}

fn decided(p: &Page, decision: &store::Decision) -> (String, String, Badge) {
    let who = decision.assignee_name.clone().unwrap_or_default();
    let state = match decision.done_at {
        Some(at) => Badge::new(format!("{} · {}", p.t("session-done"), p.reader.day(at)), Tone::Good),
        None => Badge::new(format!("{} · {}", p.t("session-to-do"), p.reader.day(decision.due_at)), Tone::Neutral),
    };
    (decision.title.clone(), who, state)
}

/// POST /team/sessions/{id}/decisions
async fn decide(mut work: Work, Path(id): Path<RowId>, mut form: Form) -> Result<Response, Error> {
    let session = store::find(&mut work, id).await?;
    let new = NewDecision {
        case: form.value("case").parse().ok(),
        words: form.text_maybe("words", 400),
        assignee: form.value("assignee").parse().ok(),
        due_on: form.date_maybe("due_on"),
    };
    let decided = match form.check() {
        Ok(()) => actions::decide(&mut work, &session, &new).await,
        Err(error) => Err(error),
    };
    match decided {
        Ok(_) => work.then(&session.path(), "session-decided").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, &session, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}
