//! One version of a plan: what it says, who agreed, what it changes, how far it has come; putting it forward, approving it, giving it back.
use std::collections::HashMap;

use askama::Template;
use axum::response::Response;

use super::view::{Around, View};
use super::{At, Ids, actions, called, lines_of, name_of, opening, store, titled};
use crate::access::Act;
use crate::cases::{self, Case, Member};
use crate::documents;
use crate::error::{Clash, Error, FieldErrors};
use crate::packs::{self, Pack};
use crate::plans::agreement::{Agreement, Asking, BEST_INTERESTS};
use crate::plans::changes::{Change, between};
use crate::plans::line::{LONGEST, Line};
use crate::plans::plan::{Plan, Review, Reviewed, Said};
use crate::plans::progress::{Progress, progress};
use crate::plans::store::Started;
use crate::plans::{card, chores};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, DocumentId, PlanId, PlanLineId};
use crate::projects::card as placed;
use crate::tasks::approved::{self, Of};
use crate::web::form::Path;
use crate::web::parts::{Badge, Entry};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "plans/html/show.html")]
struct Show {
    p: Page,
    form: Form,
    back: String,
    called: String,
    path: String,
    title: String,
    code: String,
    state: Badge,
    review: Badge,
    plan: Plan,
    remark: String,
    opens: String,
    // Where that is done.
    way: String,
    // What the button says that puts it forward: to whom it goes.
    propose: String,
    said: Vec<Entry>,
    goals: Vec<View>,
    safety: Vec<View>,
    add_safety: String,
    signed: Vec<Signature>,
    missing: Vec<(String, String)>,
    steps: Vec<approved::Told>,
    changes: Vec<Told>,
    facts: Vec<Entry>,
    progress: Progress,
    bar_heads: [String; 2],
    may_write: bool,
    may_approve: bool,
    own: bool,
    printable: bool,
}

struct Signature {
    who: String,
    how: Vec<String>,
    paper: String,
    strokes: Vec<String>,
}

struct Told {
    what: String,
    was: String,
    is: String,
}

/// GET /cases/{id}/plans/{plan}
pub(super) async fn show(mut work: Work, Path(ids): Ids) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    let page = page(&mut work, &at, Form::default()).await?;
    work.show(actions::about(&at.case, at.plan.id), page).await
}

/// POST /cases/{id}/plans/{plan}/proposal
pub(super) async fn propose(mut work: Work, Path(ids): Ids, mut form: Form) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    let version = form.parsed_maybe("version").unwrap_or(0);
    let said = if is_approved_first(&mut work, &at).await? { "plan-was-sent" } else { "plan-was-proposed" };
    let done = actions::propose(&mut work, &at.case, &at.plan, version).await;
    answer(work, ids, form, done, said).await
}

/// POST /cases/{id}/plans/{plan}/draft
pub(super) async fn take_back(mut work: Work, Path(ids): Ids, mut form: Form) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    let version = form.parsed_maybe("version").unwrap_or(0);
    let done = actions::take_back(&mut work, &at.case, &at.plan, version).await;
    answer(work, ids, form, done, "plan-was-taken-back").await
}

/// POST /cases/{id}/plans/{plan}/approval
pub(super) async fn approve(mut work: Work, Path(ids): Ids, mut form: Form) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    let (version, remark) = (form.parsed_maybe("version").unwrap_or(0), form.text_maybe("remark", LONGEST));
    let done = match form.check() {
        Ok(()) => actions::approve(&mut work, &at.case, &at.plan, version, &remark).await,
        Err(error) => Err(error),
    };
    answer(work, ids, form, done, "plan-was-approved").await
}

/// POST /cases/{id}/plans/{plan}/return
pub(super) async fn give_back(mut work: Work, Path(ids): Ids, mut form: Form) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    let (version, remark) = (form.parsed_maybe("version").unwrap_or(0), form.text_maybe("remark", LONGEST));
    let done = match form.check() {
        Ok(()) => actions::give_back(&mut work, &at.case, &at.plan, version, &remark).await,
        Err(error) => Err(error),
    };
    answer(work, ids, form, done, "plan-was-returned").await
}

async fn answer(work: Work, ids: (CaseId, PlanId), form: Form, done: Result<(), Error>, said: &str) -> Result<Response, Error> {
    match done {
        Ok(()) => work.then(&format!("/cases/{}/plans/{}", ids.0, ids.1), said).await,
        Err(Error::Invalid(errors)) => again(work, ids, form, errors).await,
        // Somebody wrote in it meanwhile: look at it as it stands now, with what was typed here.
        Err(Error::Conflict(Clash::Stale)) => again(work, ids, form, FieldErrors::one("", "look_again")).await,
        Err(error) => Err(error),
    }
}

async fn again(work: Work, ids: (CaseId, PlanId), form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let at = At::find(&mut work, ids).await?;
    let page = page(&mut work, &at, form.with_errors(errors)).await?;
    work.show_again(&page)
}

async fn page(work: &mut Work, at: &At, form: Form) -> Result<Show, Error> {
    let p = titled(work, &at.case).await?;
    let (plan, lines) = (&at.plan, at.lines(work).await?);
    let ids: Vec<_> = lines.iter().filter(|line| line.is_action()).map(|line| line.id).collect();
    let people = cases::store::people(work, at.case.id).await?;
    let (_, pack) = packs::store::of_case_type(work, at.case.case_type).await?;
    let referrals = started(work, at, &pack, &ids).await?;
    let (said, remark) = store::said(work, plan).await?;
    let agreements = store::agreements(work, plan).await?;
    let reviews = reviews(work, plan).await?;
    let on_projects = actions::placed_for(work, &at.case, &lines).await?;
    let steps = approved::of(work, at.case.id, Of::Plan(plan.id)).await?;
    let may_write = at.may_write(work).await;
    let may_approve = plan.awaits_approval() && work.may_in(Act::CaseApprove, at.case.unit, Some(at.case.id)).await.is_ok();
    let own = plan.writers.contains(&work.me()?);
    let may_refer = at.case.is_open() && work.holds(Act::ReferralWrite);
    let placed = placed::of_plan(work, &p, &at.case, &ids).await?;
    let may_place = pack.projects_of(&at.case.type_code).is_some();
    let (people, referrals, placed) = (&people[..], &referrals[..], &placed[..]);
    let around = Around { p: &p, plan, pack: &pack, people, referrals, placed, may_write, may_refer, may_place };
    let results: Vec<&Line> = lines.iter().filter(|line| line.kind == "result").collect();
    let current: Vec<&Agreement> = agreements.iter().filter(|one| !plan.is_draft() && one.round == plan.round).collect();
    let gone = withdrawn(work, &at.case, &current).await?;
    let asking =
        Asking { plan, lines: &lines, placed: &on_projects, agreements: &agreements, people, pack: &pack, today: work.today() };
    let path = plan.path();
    let (opens, way, propose) = opens(work, &p, at).await?;
    Ok(Show {
        back: format!("{}/plans", at.case.path()),
        called: called(work, &p, &at.case).await?,
        title: card::nth(&p, plan),
        code: at.case.code.clone(),
        state: card::state(&p, &at.case, plan),
        review: card::review(&p, &at.case, plan),
        remark,
        opens,
        way,
        propose,
        said: told(&p, &said),
        goals: around.goals(&lines),
        safety: around.safety(&lines),
        add_safety: if may_write && plan.is_alive() { format!("{path}/lines/new?kind=safety") } else { String::new() },
        signed: current.iter().map(|one| signature(&p, at, people, (one, &gone))).collect(),
        missing: missing(&p, at, &asking),
        steps: steps.iter().map(|step| approved::told(&p, step)).collect(),
        changes: changes(work, &around, at, (&said, &lines)).await?,
        facts: facts(&p, &at.case, plan),
        progress: progress(&p, &results, &reviews),
        bar_heads: ["when", "achieved"].map(|head| p.tc("plan-head", head)),
        may_approve: may_approve && !own,
        own: may_approve && own,
        printable: at.case.paper_may_tell(),
        plan: plan.clone(),
        path,
        may_write,
        form,
        p,
    })
}

// In a household's case as a household may read them (S12).
async fn started(work: &mut Work, at: &At, pack: &Pack, actions: &[PlanLineId]) -> Result<Vec<Started>, Error> {
    let together = at.case.is_of_household(pack);
    let all = store::referrals(work, &at.plan, actions).await?.into_iter();
    Ok(all.map(|started| if together { started.for_household(pack) } else { started }).collect())
}

// What has to come first before a draft may be put forward, where that is done, and what putting it forward is called.
async fn opens(work: &mut Work, p: &Page, at: &At) -> Result<(String, String, String), Error> {
    if !at.plan.is_draft() {
        return Ok(Default::default());
    }
    let (opens, way) = opening(work, p, &at.case).await?;
    if !is_approved_first(work, at).await? {
        return Ok((opens, way, p.t("plan-propose")));
    }
    let opens = if opens.is_empty() { p.t("plan-follows-approval") } else { opens };
    Ok((opens, way, p.t("plan-send")))
}

// Somebody approves such plans before both sides agree.
async fn is_approved_first(work: &mut Work, at: &At) -> Result<bool, Error> {
    Ok(chores::rules(work, &at.case).await?.is_some_and(|rules| rules.approved_for(&at.case.type_code).is_some()))
}

fn told(p: &Page, said: &Said) -> Vec<Entry> {
    [("wants", &said.wants), ("limits", &said.limits), ("tried", &said.tried)]
        .map(|(field, words)| Entry::new(p.tc("plan-field", field), words.clone()))
        .to_vec()
}

// The papers among these that were withdrawn since: what leads to them would lead nowhere.
async fn withdrawn(work: &mut Work, case: &Case, agreements: &[&Agreement]) -> Result<Vec<DocumentId>, Error> {
    let mut gone = Vec::new();
    for paper in agreements.iter().filter_map(|one| one.document_id) {
        match documents::store::find(work, case.id, paper).await {
            Ok(_) => {}
            Err(Error::NotFound) => gone.push(paper),
            Err(error) => return Err(error),
        }
    }
    Ok(gone)
}

fn signature(p: &Page, at: &At, people: &[Member], (one, gone): (&Agreement, &[DocumentId])) -> Signature {
    let who = match one.person_id {
        Some(person) => name_of(people, person),
        None => format!("{} · {}", one.author_name, at.case.unit_name),
    };
    let lost = one.document_id.is_some_and(|paper| gone.contains(&paper));
    let paper = one.document_id.filter(|_| !lost);
    let detail = |name: &str, words: &str| {
        if words.is_empty() { None } else { Some(p.detailed(&p.tc("plan-signed", name), words)) }
    };
    let how = [
        Some(p.signed(&p.tc("plan-way", &one.way), &p.moment(&one.happened_at))),
        detail("witness", &one.sealed.witness),
        detail("language", &one.language),
        detail("interpreter", &one.sealed.interpreter),
        one.sealed.interpreter_bound.then(|| p.t("consent-interpreter-bound")).filter(|_| !one.sealed.interpreter.is_empty()),
        detail("reason", &one.sealed.reason),
        lost.then(|| p.detailed(&p.t("plan-signed-paper"), &p.t("achievement-paper-withdrawn"))),
    ];
    Signature {
        who,
        how: how.into_iter().flatten().collect(),
        paper: paper.map(|paper| format!("{}/documents/{paper}", at.case.path())).unwrap_or_default(),
        strokes: one.sealed.drawn(),
    }
}

/// The reviews of this version and of those that it follows, each result by the name it has here.
pub(in crate::plans) async fn reviews(work: &mut Work, plan: &Plan) -> Result<Vec<Review>, Error> {
    let all = store::list(work, plan.case_id).await?;
    let mut line = vec![plan];
    while let Some(former) = line.last().and_then(|last| last.follows).and_then(|id| all.iter().find(|one| one.id == id)) {
        line.push(former);
    }
    let mut reviews = store::reviews(work, &line).await?;
    if line.len() > 1 {
        let here: HashMap<_, _> = store::former_results(work, plan).await?.into_iter().map(|(is, was)| (was, is)).collect();
        for review in &mut reviews {
            *review = renamed(review, &here);
        }
    }
    Ok(reviews)
}

fn renamed(review: &Review, here: &HashMap<PlanLineId, PlanLineId>) -> Review {
    let name = |id: &PlanLineId| here.get(id).copied().unwrap_or(*id);
    Review {
        progress: review.progress.iter().map(|(id, word)| (name(id), word.clone())).collect(),
        said: Reviewed {
            of_results: review.said.of_results.iter().map(|(id, words)| (name(id), words.clone())).collect(),
            ..review.said.clone()
        },
        ..review.clone()
    }
}

// Who has yet to agree, and where they do.
fn missing(p: &Page, at: &At, asking: &Asking<'_>) -> Vec<(String, String)> {
    if !at.plan.awaits_agreement() {
        return Vec::new();
    }
    let owed = asking.owed();
    let to = |tail: String| format!("{}/agreement?{tail}", at.plan.path());
    let mut missing: Vec<(String, String)> =
        owed.people.iter().map(|id| (to(format!("side=person&person={id}")), name_of(asking.people, *id))).collect();
    if owed.caregiver {
        // Where only one can be asked, that one is named.
        let tail = match asking.caregivers().as_slice() {
            [one] => format!("side=person&person={}", one.person_id),
            _ => "side=person".to_owned(),
        };
        missing.push((to(tail), p.t("plan-side-caregiver")));
    }
    for id in &owed.best_interests {
        let tail = format!("side=person&person={id}&way={BEST_INTERESTS}");
        missing.push((to(tail), p.detailed(&name_of(asking.people, *id), &p.t("plan-side-best-interests"))));
    }
    if owed.anybody && missing.is_empty() {
        missing.push((to("side=person".to_owned()), p.t("plan-side-person")));
    }
    if owed.organisation {
        missing.push((to("side=organisation".to_owned()), p.t("plan-side-organisation")));
    }
    missing
}

async fn changes(work: &mut Work, around: &Around<'_>, at: &At, (said, lines): (&Said, &[Line])) -> Result<Vec<Told>, Error> {
    let Some(former) = at.plan.follows else { return Ok(Vec::new()) };
    let (p, former) = (around.p, store::find(work, at.case.id, former).await?);
    let (was, _) = store::said(work, &former).await?;
    let before = lines_of(work, &at.case, &former).await?;
    let shown = |line: &Line| {
        let details = around.details(line).join(" · ");
        if details.is_empty() { line.words.clone() } else { format!("{} ({details})", line.words) }
    };
    let kind = |key: &str, line: &Line| p.ta(key, "kind", p.tc("plan-kind", &line.kind));
    let tell = |change: &Change<'_>| match change {
        Change::Added(line) => Told { what: kind("plan-change-added", line), was: String::new(), is: shown(line) },
        Change::Altered(a, b) => Told { what: kind("plan-change-altered", b), was: shown(a), is: shown(b) },
        Change::Gone(line) => Told { what: kind("plan-change-gone", line), was: shown(line), is: String::new() },
        Change::Said(field, a, b) => Told { what: p.tc("plan-field", field), was: (*a).to_owned(), is: (*b).to_owned() },
    };
    Ok(between((&was, &before), (said, lines)).iter().map(tell).collect())
}

fn facts(p: &Page, case: &Case, plan: &Plan) -> Vec<Entry> {
    let signed =
        |name: &Option<String>, when: Option<chrono::DateTime<chrono::Utc>>| Some(p.signed(name.as_ref()?, &p.moment(&when?)));
    let rows = [
        ("begun", Some(p.signed(&plan.author_name, &p.moment(&plan.recorded_at)))),
        ("proposed", signed(&plan.proposed_by_name, plan.proposed_at).filter(|_| !plan.is_draft())),
        ("approved", signed(&plan.approved_by_name, plan.approved_at)),
        ("agreed", plan.agreed_at.as_ref().map(|at| p.moment(at))),
        ("ended", plan.ended_at.as_ref().map(|at| p.moment(at))),
        ("review", plan.review_on.as_ref().filter(|_| plan.is_alive() && case.is_open()).map(|day| p.date(day))),
    ];
    rows.into_iter().filter_map(|(name, text)| Some(Entry::new(p.tc("plan-fact", name), text?))).collect()
}
