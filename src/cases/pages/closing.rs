//! Closing a case, one question after the other, and what was kept of it.
use std::collections::BTreeMap;

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use super::closing_meetings::{CalledOff, called_off};
use super::{reasons, who};
use crate::access::Act;
use crate::audit::About;
use crate::cases::actions::{Ending, OPEN_REFERRALS};
use crate::cases::closing::{self, Closed, Closure, LONGEST_REMARK, OUTCOMES, WAYS_BACK, field};
use crate::cases::{Case, actions, beside, gates, store};
use crate::error::{Clash, Error, FieldErrors};
use crate::packs::{Demand, Pack, Reason, ReasonKind};
use crate::plans::{self, Standing};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PlanLineId, RowId};
use crate::web::conflict::{self, Asked};
use crate::web::form::Path;
use crate::web::parts::{Badge, Choice, Entry, Tone};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "cases/html/closing.html")]
struct Close {
    p: Page,
    form: Form,
    back: String,
    code: String,
    version: i32,
    reasons: Vec<Choice>,
    goals: Vec<Goal>,
    // What became of them must be said, as far as the reason is known.
    goals_needed: bool,
    // For which reasons neither they nor a last conversation are asked for.
    alone: String,
    outcomes: Vec<Choice>,
    ways: Vec<Choice>,
    letters: Vec<Choice>,
    running: Vec<(String, String, Badge, String)>,
    // Something stands in the form already, and is kept while the referrals are seen to.
    typed: bool,
    meetings: CalledOff,
    shut: bool,
    owners: Vec<Choice>,
    child: bool,
    on_paper: bool,
    // A second person approves it.
    waits: bool,
    // For which reasons a supervisor does, where the reader is none.
    supervised: String,
    // Reasons that something still comes before, what that is, and where it is done.
    waiting: Vec<(String, String, String)>,
    // After how many days nobody reached the person, where that is a reason.
    silence: String,
    // What was said when it was given back.
    remark: String,
}

struct Goal {
    words: String,
    outcome: String,
    remark: String,
}

#[derive(Template)]
#[template(path = "cases/html/closed.html")]
struct Kept {
    p: Page,
    back: String,
    code: String,
    lead: String,
    goals: Vec<(String, Badge, String)>,
    rows: Vec<Entry>,
    letter: String,
}

/// Whether a letter about this closing may be put on paper: never of a restricted case (S17), and only where the person can keep it safely.
pub(super) fn letter_allowed(case: &Case, closed: &Closed) -> bool {
    closed.letter && case.paper_may_tell()
}

/// What became of a goal, as a word with its tone.
pub(super) fn outcome(p: &Page, word: &str) -> Badge {
    let tone = match word {
        "achieved" => Tone::Good,
        "partly" => Tone::Info,
        "not" => Tone::Warning,
        _ => Tone::Neutral,
    };
    Badge::new(p.tc("case-outcome", word), tone)
}

/// The closings of a case in one line each, for its page.
pub(super) fn lines(p: &Page, pack: &Pack, case: &Case, closings: &[Closed]) -> Vec<(String, String, String)> {
    let line = |closed: &Closed| {
        let counts = closed.counts().map(|(code, goals)| format!("{} {}", p.tc("case-outcome", code), p.number(goals)));
        let counts = counts.collect::<Vec<_>>().join(" · ");
        let goals = if counts.is_empty() { counts } else { p.detailed(&p.t("case-closed-goals"), &counts) };
        let words = p.signed(&reason(p, pack, &closed.reason), &p.reader.day(closed.recorded_at));
        (format!("{}/closures/{}", case.path(), closed.id), words, goals)
    };
    closings.iter().map(line).collect()
}

fn reason(p: &Page, pack: &Pack, code: &str) -> String {
    pack.reason(ReasonKind::Closure, code).map_or(code, |known| known.labels.get(p.reader.lang)).to_owned()
}

/// GET /cases/{id}/closure
pub(super) async fn new(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = store::find(&mut work, id).await?;
    work.may_in(Act::CaseClose, case.unit, Some(id)).await?;
    if !case.is_open() {
        return Ok(Redirect::to(&case.path()).into_response());
    }
    let form = match closing::asked::latest(&mut work, id).await? {
        // Nothing more can be asked while one waits.
        Some(asked) if asked.is_waiting() => return Ok(Redirect::to(&format!("{}/closing", case.path())).into_response()),
        // What was written stays written when it comes back, but is nothing of another closing.
        Some(asked) if matches!(asked.state.as_str(), "returned" | "withdrawn") && !asked.is_over => filled(&asked.closure),
        _ => Form::blank([]),
    };
    let page = page(&mut work, &case, form).await?;
    work.show(About::case(id), page).await
}

// The form as it was sent.
fn filled(closure: &Closure) -> Form {
    let said = [
        ("reason", &closure.reason),
        ("explanation", &closure.explanation),
        ("way_back_how", &closure.way_back_how),
        ("best_interests", &closure.best_interests),
        ("considered_by", &closure.considered_by),
    ];
    let mut form = Form::blank(said.map(|(name, words)| (name, words.clone())));
    for (goal, outcome) in &closure.outcomes {
        form.set(&field(*goal), outcome);
    }
    for (goal, words) in &closure.of_goals {
        form.set(&format!("w_{goal}"), words);
    }
    for (name, ticked) in [("discussed", closure.discussed), ("reviewed", closure.reviewed), ("way_back", closure.way_back)] {
        if ticked {
            form.set(name, "true");
        }
    }
    form.set("letter", if closure.letter { "yes" } else { "no" });
    form.set("follows", closure.follows.map(|owner| owner.to_string()).unwrap_or_default());
    form
}

/// POST /cases/{id}/closure
pub(super) async fn create(mut work: Work, Path(id): Path<CaseId>, mut form: Form) -> Result<Response, Error> {
    let case = store::find(&mut work, id).await?;
    let closure = read(&mut form);
    let done = match form.check() {
        Ok(()) => actions::close(&mut work, case, &closure).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(Ending::Closed(case)) => work.then(&case.path(), "case-closure-done").await,
        Ok(Ending::Waits) => work.then(&format!("/cases/{id}"), "case-closing-asked").await,
        Err(Error::Invalid(errors)) => again(work, id, form, errors).await,
        Err(Error::Conflict(Clash::Stale)) => clash(work, id, &form).await,
        // What was typed stays in the form, below what is to be done first.
        Err(Error::Conflict(Clash::State { code: OPEN_REFERRALS, .. })) => {
            again(work, id, form, FieldErrors::one("", OPEN_REFERRALS)).await
        }
        Err(error) => Err(error),
    }
}

fn read(form: &mut Form) -> Closure {
    let named = |prefix: &str, name: &str| name.strip_prefix(prefix)?.parse::<PlanLineId>().ok();
    let goals: Vec<PlanLineId> = form.entries().filter_map(|(name, _)| named("g_", name)).collect();
    let remarks: Vec<PlanLineId> = form.entries().filter_map(|(name, _)| named("w_", name)).collect();
    let mut of_goals = BTreeMap::new();
    for goal in remarks {
        let words = form.text_maybe(&format!("w_{goal}"), LONGEST_REMARK);
        if !words.is_empty() {
            of_goals.insert(goal, words);
        }
    }
    Closure {
        reason: form.text_maybe("reason", 60),
        explanation: form.text_maybe("explanation", 4000),
        outcomes: goals.into_iter().map(|goal| (goal, form.value(&field(goal)).to_owned())).collect(),
        of_goals,
        discussed: form.ticked("discussed"),
        reviewed: form.ticked("reviewed"),
        way_back: form.ticked("way_back"),
        way_back_how: form.text_maybe("way_back_how", 40),
        best_interests: form.text_maybe("best_interests", 4000),
        considered_by: form.text_maybe("considered_by", 200),
        letter: form.value("letter") == "yes",
        follows: form.parsed_maybe("follows"),
        version: form.parsed_maybe("version").unwrap_or(0),
    }
}

async fn again(work: Work, id: CaseId, form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let case = store::find(&mut work, id).await?;
    let page = page(&mut work, &case, form.with_errors(errors)).await?;
    work.show_again(&page)
}

// Nothing of this form has another version to choose from; only the case moved on meanwhile.
async fn clash(work: Work, id: CaseId, mine: &Form) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let case = store::find(&mut work, id).await?;
    let theirs = Form::blank([("version", case.version.to_string())]);
    let asked = Asked { action: format!("{}/closure", case.path()), back: case.path(), mine, theirs: &theirs };
    conflict::show(work, asked, Vec::new()).await
}

async fn page(work: &mut Work, case: &Case, form: Form) -> Result<Close, Error> {
    let p = Page::of(work, case.code.clone()).await?;
    let pack = actions::pack_of(work, case).await?;
    let (_, process) = actions::rules(&pack, case)?;
    let standing = Standing::of(work, case).await?;
    let goals = actions::goals(work, standing.agreed()).await?;
    let (sent, drafts) = closing::store::open_referrals(work, case.id).await?;
    let referrals = beside::referrals(work, case.id).await?;
    let shut = drafts > 0 || (sent > 0 && !process.referrals_run_on);
    let asked = closing::asked::latest(work, case.id).await?.filter(closing::asked::Asked::is_given_back);
    let remark = asked.and_then(|asked| Some(p.detailed(asked.settled_by_name.as_deref()?, &asked.remark)));
    let owners = if sent > 0 && !shut { owners(work, case).await? } else { Vec::new() };
    let waits = pack.closing.as_ref().and_then(|rules| rules.approved_for(&case.type_code)).is_some();
    let supervised = if waits || actions::supervises(work, case).await { String::new() } else { supervised(&p, &pack) };
    let coded =
        |family: &str, codes: &[&str]| codes.iter().map(|code| Choice::new(*code, p.tc(family, code))).collect::<Vec<_>>();
    let typed = form.entries().any(|(name, _)| !name.starts_with('_') && name != "version");
    Ok(Close {
        reasons: reasons(&pack, ReasonKind::Closure, p.reader.lang),
        supervised,
        waiting: gates::waiting_reasons(work, &p, case).await?,
        silence: silence(&p, &pack),
        goals_needed: pack.reason(ReasonKind::Closure, form.value("reason")).is_some_and(|reason| !actions::is_alone(reason)),
        alone: alone(&p, &pack),
        goals: goals.into_iter().map(|(id, words)| Goal { words, outcome: field(id), remark: format!("w_{id}") }).collect(),
        outcomes: coded("case-outcome", OUTCOMES),
        ways: coded("case-way-back", WAYS_BACK),
        letters: coded("case-closing-letter", &["yes", "no"]),
        running: referrals.iter().filter(|one| one.is_open()).map(|one| running(&p, one)).collect(),
        typed,
        meetings: called_off(work, &p, case).await?,
        shut,
        owners,
        child: store::is_child(work, case.person_id).await?,
        waits,
        remark: remark.unwrap_or_default(),
        on_paper: case.paper_may_tell(),
        version: case.version,
        back: case.path(),
        code: case.code.clone(),
        form,
        p,
    })
}

// A referral that has not ended, and what ends it.
fn running(p: &Page, one: &beside::Referral) -> (String, String, Badge, String) {
    let (href, words, state) = one.row(p);
    (href, words, state, p.tc("case-closing-do", one.what_ends_it()))
}

// The reasons that only a supervisor may decide on.
fn supervised(p: &Page, pack: &Pack) -> String {
    listed(p, pack, |reason| reason.demands(Demand::Supervisor))
}

// The reasons for which neither goals nor a last conversation are asked for, in a sentence.
fn alone(p: &Page, pack: &Pack) -> String {
    let reasons = listed(p, pack, actions::is_alone);
    if reasons.is_empty() { reasons } else { p.ta("case-closing-alone", "reasons", reasons) }
}

fn listed(p: &Page, pack: &Pack, wanted: impl Fn(&Reason) -> bool) -> String {
    let found = pack.reasons(ReasonKind::Closure).filter(|reason| wanted(reason));
    p.list(found.map(|reason| reason.labels.get(p.reader.lang).to_owned()))
}

fn silence(p: &Page, pack: &Pack) -> String {
    let days = i64::from(pack.deadlines.contact_lost.rough_hours()) / 24;
    let asked = pack.reasons(ReasonKind::Closure).any(|reason| reason.demands(Demand::ContactAttempts));
    if asked { p.ta("case-closing-silence", "count", days) } else { String::new() }
}

// Whoever gives out tasks chooses among colleagues; anybody else follows the referrals themselves.
async fn owners(work: &mut Work, case: &Case) -> Result<Vec<Choice>, Error> {
    let me = work.me()?;
    let colleagues = store::colleagues(work, case.unit, case.case_type).await?;
    let may = work.may_in(Act::TaskAssign, case.unit, Some(case.id)).await.is_ok();
    let own = Choice::new(me.to_string(), work.standing.name.clone());
    let others = colleagues.iter().filter(|one| may && one.id != me).map(|one| Choice::new(one.id.to_string(), &one.name));
    Ok(std::iter::once(own).chain(others).collect())
}

/// GET /cases/{id}/closures/{closure}
pub(super) async fn show(mut work: Work, Path((id, closure)): Path<(CaseId, RowId)>) -> Result<Response, Error> {
    let case = Case::read(&mut work, id).await?;
    let closed = closing::store::find(&mut work, id, closure).await?;
    let p = Page::of(&mut work, case.code.clone()).await?;
    let pack = actions::pack_of(&mut work, &case).await?;
    let people = store::people(&mut work, id).await?;
    let words = goal_words(&mut work, id, &closed).await?;
    let goal = |(id, word): &(PlanLineId, String)| {
        let remark = closed.said.of_goals.get(id).cloned().unwrap_or_default();
        (words.get(id).cloned().unwrap_or_default(), outcome(&p, word), remark)
    };
    let page = Kept {
        lead: p.joined([who(&case, &people), p.moment(&closed.recorded_at), closed.author_name.clone()]),
        goals: closed.outcomes.iter().map(goal).collect(),
        rows: rows(&p, &pack, &closed),
        letter: if letter_allowed(&case, &closed) { format!("{}/closures/{closure}/letter", case.path()) } else { String::new() },
        back: case.path(),
        code: case.code.clone(),
        p,
    };
    work.show(About::case(id).with(closure), page).await
}

/// What a closing says that only waits to be one.
pub(super) struct Told {
    pub(super) lead: String,
    pub(super) goals: Vec<(String, Badge, String)>,
    pub(super) rows: Vec<Entry>,
}

/// What is asked for, as the closing will say it.
pub(super) async fn told(work: &mut Work, p: &Page, case: &Case, closure: &Closure) -> Result<Told, Error> {
    let pack = actions::pack_of(work, case).await?;
    let standing = Standing::of(work, case).await?;
    let words = actions::goals(work, standing.agreed()).await?;
    let told = closure.outcomes.iter().filter(|(_, word)| !word.is_empty());
    let goals = told.map(|(goal, word)| {
        let name = words.iter().find(|(id, _)| id == goal).map(|(_, words)| words.clone()).unwrap_or_default();
        (name, outcome(p, word), closure.of_goals.get(goal).cloned().unwrap_or_default())
    });
    let as_closed = Closed {
        id: RowId::new(),
        reason: closure.reason.clone(),
        plan: None,
        outcomes: Vec::new(),
        discussed: closure.discussed,
        reviewed: closure.reviewed,
        way_back: if closure.way_back { closure.way_back_how.clone() } else { String::new() },
        letter: closure.letter,
        follows: closure.follows,
        follows_name: None,
        said: closure.said(),
        author_name: String::new(),
        approved_by_name: None,
        recorded_at: work.now(),
    };
    Ok(Told { lead: String::new(), goals: goals.collect(), rows: rows(p, &pack, &as_closed) })
}

/// The words of the goals that a closing tells of.
pub(super) async fn goal_words(work: &mut Work, case: CaseId, closed: &Closed) -> Result<BTreeMap<PlanLineId, String>, Error> {
    let Some(plan) = closed.plan else { return Ok(BTreeMap::new()) };
    let plan = plans::store::find(work, case, plan).await?;
    Ok(actions::goals(work, Some(&plan)).await?.into_iter().collect())
}

fn rows(p: &Page, pack: &Pack, closed: &Closed) -> Vec<Entry> {
    let yes_no = |yes: bool| p.t(if yes { "case-closed-yes" } else { "case-closed-no" });
    let way_back = if closed.way_back.is_empty() { yes_no(false) } else { p.tc("case-way-back", &closed.way_back) };
    let mut rows = vec![
        Entry::new(p.t("case-field-reason"), reason(p, pack, &closed.reason)),
        Entry::new(p.t("case-field-discussed"), yes_no(closed.discussed)),
        Entry::new(p.t("case-field-reviewed"), yes_no(closed.reviewed)),
        Entry::new(p.t("case-field-way-back"), way_back),
    ];
    let said = [
        ("case-field-explanation", &closed.said.explanation),
        ("case-field-best-interests", &closed.said.best_interests),
        ("case-field-considered-by", &closed.said.considered_by),
    ];
    rows.extend(said.into_iter().filter(|(_, words)| !words.is_empty()).map(|(term, words)| Entry::new(p.t(term), words)));
    if closed.follows.is_some() {
        let name = closed.follows_name.clone().unwrap_or_else(|| p.t("case-closed-somebody"));
        rows.push(Entry::new(p.t("case-field-follows"), name));
    }
    rows.push(Entry::new(p.t("case-field-letter"), yes_no(closed.letter)));
    rows.extend(closed.approved_by_name.as_ref().map(|name| Entry::new(p.t("case-closing-approved-by"), name)));
    rows
}
