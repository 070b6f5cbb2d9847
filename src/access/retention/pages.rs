//! The list of cases whose time is over, beside the other views of the protection officer; and what is done there. Cases stand on it by their code.
use std::collections::HashSet;
use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::actions::{self, NewHold};
use super::store::{self, After, Due, Hold, Listed, Settled, Wanted};
use super::{MOST_LISTED, REASONS, STATES};
use crate::access::{Act, protection};
use crate::audit::About;
use crate::error::{Error, invalid};
use crate::packs::{self, Pack, Sensitivity};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId, UserId, read_code};
use crate::web::parts::{Badge, Choice, Pager, Tab, Tone};
use crate::web::{Form, Page, Routes};

/// The view of `/protection` that shows it.
pub(in crate::access) const VIEW: &str = "retention";

// What can be shown: the list by state, the holds that are in force, and what is over.
const HOLDS: &str = "holds";
const OVER: &str = "over";

/// What is sent from the list.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("POST", "/protection/retention/proposals", propose)
        .page("POST", "/protection/retention/decisions", decide)
        .page("POST", "/protection/retention/holds", hold)
        .page("POST", "/protection/retention/lifts", lift)
}

#[derive(Template)]
#[template(path = "access/html/retention.html")]
struct Retention {
    p: Page,
    form: Form,
    show: String,
    tabs: Vec<Tab>,
    chips: Vec<Tab>,
    heads: [String; 4],
    rows: Vec<Row>,
    // Something of it waits for the reader's own answer.
    decides: bool,
    holds: Vec<Held>,
    over: Vec<Over>,
    grounds: Vec<Choice>,
    pager: Pager,
}

// A case on the list.
struct Row {
    choice: Choice,
    // Its page, where the reader may see it; whoever decides need not.
    href: String,
    chosen: bool,
    kind: String,
    closed: String,
    due: String,
    // From which day its time runs, where that is not the day of closing.
    counts: String,
    held: Vec<String>,
    by: String,
    words: String,
    // The reader proposed it: somebody else approves.
    own: bool,
    // When it is erased.
    at: String,
}

struct Held {
    id: String,
    code: String,
    href: String,
    reason: String,
    reference: String,
    by: String,
    own: bool,
}

struct Over {
    code: String,
    state: Badge,
    by: String,
    at: String,
}

/// GET /protection?view=retention&show=&after=
pub(in crate::access) async fn index(mut work: Work, query: Form) -> Result<Response, Error> {
    actions::may_look(&work)?;
    let show = shown(&query).to_owned();
    let page = page(&mut work, &show, query).await?;
    let ids: Vec<_> = page.rows.iter().filter_map(|row| row.choice.value.parse().ok()).collect();
    work.show(About::subjects(ids), page).await
}

fn shown(query: &Form) -> &'static str {
    STATES.into_iter().chain([HOLDS, OVER]).find(|code| *code == query.value("show")).unwrap_or("due")
}

fn address(show: &str) -> String {
    format!("/protection?view={VIEW}&show={show}")
}

async fn page(work: &mut Work, show: &str, form: Form) -> Result<Retention, Error> {
    let wanted = Wanted { state: Some(show), after: After::read(form.value("after")), most: MOST_LISTED, ..Wanted::default() };
    let Listed { rows, next } = if STATES.contains(&show) { store::list(work, wanted).await? } else { Listed::default() };
    let holds = if show == HOLDS { store::holds(work, None).await? } else { Vec::new() };
    let over = if show == OVER { store::settled(work).await? } else { Vec::new() };
    let packs = packs::store::newest(work).await?;
    let seen = seen(work, rows.iter().map(|due| due.case).chain(holds.iter().map(|hold| hold.case))).await?;
    let to = |case: CaseId| if seen.contains(&case.0) { format!("/cases/{case}") } else { String::new() };
    let me = work.me()?;
    let others = work.holds(Act::AuditRead);
    let p = Page::titled(work, "retention-title").await?;
    let next = next.map(|after| format!("{}&after={}", address(show), after.write())).unwrap_or_default();
    Ok(Retention {
        tabs: if others { protection::tabs(&p, VIEW) } else { Vec::new() },
        chips: chips(&p, show),
        heads: ["case", "closed", "due", "state"].map(|head| p.t(&format!("retention-head-{head}"))),
        decides: rows.iter().any(|due| !is_own(due, me)),
        rows: rows.iter().map(|due| Row { own: is_own(due, me), href: to(due.case), ..row(&p, &packs, due, &form) }).collect(),
        holds: holds.into_iter().map(|hold| Held { href: to(hold.case), ..held(&p, hold, me) }).collect(),
        over: over.into_iter().map(|one| ended(&p, one)).collect(),
        grounds: REASONS.iter().map(|code| Choice::new(*code, p.tc("retention-reason", code))).collect(),
        pager: Pager { next, ..Pager::default() },
        show: show.to_owned(),
        form,
        p,
    })
}

// Which of these the reader may open.
async fn seen(work: &mut Work, cases: impl Iterator<Item = CaseId>) -> Result<HashSet<Uuid>, Error> {
    if !work.holds(Act::CaseRead) {
        return Ok(HashSet::new());
    }
    let cases: Vec<Uuid> = cases.map(|case| case.0).collect();
    store::seen(work, &cases).await
}

fn chips(p: &Page, show: &str) -> Vec<Tab> {
    let tab = |code: &str| Tab::new(address(code), p.tc("retention-state", code)).on_when(show, code);
    STATES.into_iter().chain([HOLDS, OVER]).map(tab).collect()
}

// A restricted type is named on no list (S13).
fn kind(packs: &[(i32, Arc<Pack>)], case_type: i16, p: &Page) -> String {
    let id = u8::try_from(case_type).unwrap_or_default();
    let found = packs.iter().find_map(|(_, pack)| pack.case_type_by_id(id));
    let open = found.filter(|kind| kind.sensitivity != Sensitivity::Restricted);
    open.map(|kind| kind.labels.get(p.reader.lang).to_owned()).unwrap_or_default()
}

fn is_own(due: &Due, me: UserId) -> bool {
    due.erasure.as_ref().is_some_and(|proposal| proposal.by == Some(me))
}

fn row(p: &Page, packs: &[(i32, Arc<Pack>)], due: &Due, form: &Form) -> Row {
    let id = due.case.to_string();
    let proposal = due.erasure.as_ref();
    let runs_later = due.counts_from != due.closed_on;
    Row {
        chosen: form.has("case", &id),
        choice: Choice::new(id, due.code.clone()),
        kind: kind(packs, due.case_type, p),
        closed: p.date(&due.closed_on),
        due: p.date(&due.due_on),
        counts: if runs_later { p.ta("retention-counts-from", "day", p.date(&due.counts_from)) } else { String::new() },
        held: due.held.iter().map(|code| p.tc("retention-held", code)).collect(),
        by: proposal.map(|proposal| p.ta("retention-proposed-by", "name", proposal.by_name.clone())).unwrap_or_default(),
        words: proposal.map(|proposal| proposal.words.clone()).unwrap_or_default(),
        own: false,
        href: String::new(),
        at: proposal
            .and_then(|proposal| proposal.erase_at)
            .map(|at| p.ta("retention-erase-at", "when", p.moment(&at)))
            .unwrap_or_default(),
    }
}

fn held(p: &Page, hold: Hold, me: UserId) -> Held {
    Held {
        id: hold.id.to_string(),
        code: hold.code,
        href: String::new(),
        reason: p.tc("retention-reason", &hold.reason),
        reference: hold.reference,
        by: p.list([hold.by_name, p.moment(&hold.placed_at)]),
        own: hold.by == me,
    }
}

fn ended(p: &Page, one: Settled) -> Over {
    let tone = if one.state == "erased" { Tone::Good } else { Tone::Neutral };
    Over {
        state: Badge::new(p.tc("retention-over", &one.state), tone),
        code: one.code,
        by: p.list([one.proposed_by, one.decided_by.unwrap_or_default()].into_iter().filter(|name| !name.is_empty())),
        at: one.at.map(|at| p.moment(&at)).unwrap_or_default(),
    }
}

/// POST /protection/retention/proposals
async fn propose(mut work: Work, form: Form) -> Result<Response, Error> {
    actions::may_look(&work)?;
    let done = match cases(&form) {
        Ok(cases) => actions::propose(&mut work, &cases, form.value("words")).await.map(|_| ()),
        Err(error) => Err(error),
    };
    answer(work, done, form, ("due", "proposed", "retention-proposed")).await
}

/// POST /protection/retention/decisions
async fn decide(mut work: Work, mut form: Form) -> Result<Response, Error> {
    actions::may_look(&work)?;
    let decision = form.one_of("decision", ["approve", "refuse"]);
    let from = if form.value("from") == "approved" { "approved" } else { "proposed" };
    let refused = if from == "approved" { "warning:retention-stopped" } else { "retention-refused" };
    let (done, then, said) = match (form.check().and_then(|()| cases(&form)), decision.as_str()) {
        (Err(error), _) => (Err(error), "proposed", ""),
        (Ok(cases), "approve") => (actions::approve(&mut work, &cases).await, "approved", "warning:retention-approved"),
        (Ok(cases), _) => (actions::refuse(&mut work, &cases).await, "due", refused),
    };
    answer(work, done, form, (from, then, said)).await
}

/// POST /protection/retention/holds
async fn hold(mut work: Work, form: Form) -> Result<Response, Error> {
    actions::may_look(&work)?;
    let new = NewHold {
        case: None,
        code: read_code('C', form.value("case")).unwrap_or_default(),
        reason: form.value("reason").to_owned(),
        reference: form.value("reference").trim().to_owned(),
    };
    let done = actions::hold(&mut work, &new).await.map(|_| ());
    answer(work, done, form, (HOLDS, HOLDS, "retention-held-now")).await
}

/// POST /protection/retention/lifts
async fn lift(mut work: Work, mut form: Form) -> Result<Response, Error> {
    actions::may_look(&work)?;
    let id = form.parsed::<RowId>("hold");
    form.check()?;
    actions::lift(&mut work, id.ok_or(Error::NotFound)?).await?;
    work.then(&address(HOLDS), "retention-lifted").await
}

// The next page where it was done; the list again with what is wrong where it was not.
async fn answer(
    work: Work,
    done: Result<(), Error>,
    form: Form,
    (from, then, said): (&str, &str, &str),
) -> Result<Response, Error> {
    match done {
        Ok(()) => work.then(&address(then), said).await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, from, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

fn cases(form: &Form) -> Result<Vec<CaseId>, Error> {
    let cases: Option<Vec<CaseId>> = form.all("case").iter().map(|id| id.parse().ok()).collect();
    cases.ok_or_else(|| invalid("case", "not_understood"))
}
