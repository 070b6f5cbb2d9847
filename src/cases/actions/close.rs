//! Closing a case: what became of each goal, the checklist, and what still runs.
use serde_json::json;

use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::case::Case;
use crate::cases::closing::asked::{self, Asked};
use crate::cases::closing::store::By;
use crate::cases::closing::{self, Asked as Outcomes, Closure, WAYS_BACK};
use crate::cases::note::{NewNote, ours};
use crate::cases::{gates, lost_contact, notes, store};
use crate::error::{Clash, Error, FieldErrors, invalid};
use crate::forms;
use crate::meetings::{self, Hears};
use crate::packs::{Demand, Meaning, Pack, Period, Reason, ReasonKind, StageKind};
use crate::plans::{self, Plan, Standing};
use crate::platform::db::Work;
use crate::platform::ids::{NoteId, PlanLineId};
use crate::tasks::{self, NewTask, approvals, clock};

use super::course::{Step, stage_of, step};

/// Why a case is not closed whose referrals have not ended.
pub const OPEN_REFERRALS: &str = "open_referrals";

/// What came of closing a case.
#[derive(Debug)]
pub enum Ending {
    /// It is closed.
    Closed(Box<Case>),
    /// A second person must approve it first.
    Waits,
}

// How long a supervisor has for what only they may decide, where the pack sets no time for approvals.
const PROPOSAL: Period = Period::WorkingDays(2);

/// Closes the case with a coded reason and what became of each goal; where the pack asks, or where a supervisor must decide and somebody else
/// closes, once a second person has approved it. Referrals still open are ended first, handed on, or, where the pack lets them run on, followed
/// by somebody who is named. Death, lost contact and a mistake need no last conversation. While a closing waits for its second person nobody closes past it.
pub async fn close(work: &mut Work, case: Case, closure: &Closure) -> Result<Ending, Error> {
    work.may_in(Act::CaseClose, case.unit, Some(case.id)).await?;
    // Of two who close it or ask for that at the same moment, the second finds it as the first left it.
    forms::store::hold_case(work, case.id).await?;
    let case = store::find(work, case.id).await?;
    case.must_be_open()?;
    case.must_be(closure.version)?;
    asked::none_must_wait(work, case.id).await?;
    let pack = super::pack_of(work, &case).await?;
    let within = approved_within(work, &case, &pack, &closure.reason).await;
    let ready = ready(work, &case, &pack, closure, within.is_some()).await?;
    if let Some(within) = within {
        ask(work, &case, &pack, (&ready.kept, within)).await?;
        return Ok(Ending::Waits);
    }
    let by = By { author: work.me()?, author_name: work.standing.name.clone(), approved_by_name: None, request: None };
    carry_out(work, case, &pack, (&ready, &by)).await.map(|case| Ending::Closed(Box::new(case)))
}

// How long a second person has to approve it; nobody has to where there is no such time.
async fn approved_within(work: &mut Work, case: &Case, pack: &Pack, reason: &str) -> Option<Period> {
    if let Some(approval) = pack.closing.as_ref().and_then(|rules| rules.approved_for(&case.type_code)) {
        return Some(approval.within);
    }
    let decides = pack.reason(ReasonKind::Closure, reason).is_some_and(|reason| reason.demands(Demand::Supervisor));
    (decides && !supervises(work, case).await).then_some(PROPOSAL)
}

/// Whether the actor decides what only a supervisor may.
pub async fn supervises(work: &mut Work, case: &Case) -> bool {
    work.may_in(Act::CaseAssign, case.unit, Some(case.id)).await.is_ok()
}

/// Approves a closing that waits: the case is closed in the name of whoever asked, who is never the one who approves. What stands in the way
/// is looked at again.
pub async fn approve_closing(work: &mut Work, case: Case, asked: &Asked, (version, remark): (i32, &str)) -> Result<Case, Error> {
    may_decide(work, &case, asked, version).await?;
    case.must_be_open()?;
    let pack = super::pack_of(work, &case).await?;
    let ready = ready(work, &case, &pack, &asked.closure, false).await?;
    asked::settle(work, case.id, asked, ("approved", remark)).await?;
    work.record(Fact::ClosingApproved, About::case(case.id).with(asked.id).with(asked.author)).await?;
    let (author, author_name) = (asked.author, asked.author_name.clone());
    let by = By { author, author_name, approved_by_name: Some(work.standing.name.clone()), request: Some(asked.id) };
    carry_out(work, case, &pack, (&ready, &by)).await
}

/// Gives a closing back to whoever asked, with words on what is missing.
pub async fn give_closing_back(work: &mut Work, case: &Case, asked: &Asked, (version, remark): (i32, &str)) -> Result<(), Error> {
    may_decide(work, case, asked, version).await?;
    if remark.is_empty() {
        return Err(invalid("remark", "required"));
    }
    asked::settle(work, case.id, asked, ("returned", remark)).await?;
    tasks::actions::done_in_case(work, case.id, &["approve_closure"]).await?;
    let calendar = tasks::store::calendar(work, case.unit).await?;
    let due = clock::due_by_working_days(work.now(), 1, &calendar);
    tasks::actions::add(work, NewTask::of_case("mend_closure", case.id, due).to(Some(asked.author))).await?;
    work.record(Fact::ClosingReturned, About::case(case.id).with(asked.id).with(asked.author)).await
}

/// Takes a closing back that one asked for oneself.
pub async fn take_closing_back(work: &mut Work, case: &Case, asked: &Asked, version: i32) -> Result<(), Error> {
    work.may_in(Act::CaseClose, case.unit, Some(case.id)).await?;
    if asked.author != work.me()? {
        return Err(Error::Forbidden(Act::CaseClose.code()));
    }
    asked.must_wait(version)?;
    asked::settle(work, case.id, asked, ("withdrawn", "")).await?;
    tasks::actions::done_in_case(work, case.id, &["approve_closure"]).await?;
    work.record(Fact::ClosingWithdrawn, About::case(case.id).with(asked.id)).await
}

async fn may_decide(work: &mut Work, case: &Case, asked: &Asked, version: i32) -> Result<(), Error> {
    work.may_in(Act::CaseApprove, case.unit, Some(case.id)).await?;
    if asked.author == work.me()? {
        return Err(Error::Forbidden(Act::CaseApprove.code()));
    }
    asked.must_wait(version)
}

// A closing that nothing stands in the way of, and how many referrals run on.
struct Ready {
    kept: Closure,
    plan: Option<Plan>,
}

async fn ready(work: &mut Work, case: &Case, pack: &Pack, closure: &Closure, waits: bool) -> Result<Ready, Error> {
    let (_, process) = super::rules(pack, case)?;
    let (sent, drafts) = closing::store::open_referrals(work, case.id).await?;
    if drafts > 0 || (sent > 0 && !process.referrals_run_on) {
        return Err(Error::Conflict(Clash::State { state: case.stage.clone(), code: OPEN_REFERRALS }));
    }
    let standing = Standing::of(work, case).await?;
    let plan = standing.agreed().cloned();
    let errors = check(work, case, pack, (closure, waits), plan.as_ref()).await?;
    let unfollowed = if sent > 0 { check_follows(work, case, closure).await? } else { FieldErrors::default() };
    errors.with(unfollowed).or_ok()?;
    let kept = Closure { follows: closure.follows.filter(|_| sent > 0), ..closure.clone() };
    Ok(Ready { kept, plan })
}

// Somebody who works on the case follows the referrals that run on.
async fn check_follows(work: &mut Work, case: &Case, closure: &Closure) -> Result<FieldErrors, Error> {
    let Some(owner) = closure.follows else { return Ok(FieldErrors::one("follows", "required")) };
    match super::check_assignee(work, case, owner, "follows").await {
        Ok(()) => Ok(FieldErrors::default()),
        Err(Error::Invalid(errors)) => Ok(errors),
        Err(error) => Err(error),
    }
}

async fn ask(work: &mut Work, case: &Case, pack: &Pack, (closure, within): (&Closure, Period)) -> Result<(), Error> {
    let id = asked::insert(work, case, closure).await?;
    tasks::actions::done_in_case(work, case.id, &["mend_closure", "approve_closure"]).await?;
    let calendar = tasks::store::calendar(work, case.unit).await?;
    let due_at = clock::due(within, work.now(), &calendar);
    let writers = [work.me()?];
    let reminder = pack.deadlines.reminder;
    let asks = approvals::Asked { kind: "approve_closure", case: case.id, unit: case.unit, writers: &writers, due_at, reminder };
    approvals::ask(work, &asks).await?;
    work.record(Fact::ClosingAsked, About::case(case.id).with(id).note(json!({ "reason": closure.reason }))).await
}

async fn carry_out(work: &mut Work, case: Case, pack: &Pack, (ready, by): (&Ready, &By)) -> Result<Case, Error> {
    let closure = &ready.kept;
    write_down(work, &case, (closure, by)).await?;
    closing::store::insert(work, &case, ready.plan.as_ref(), (closure, by)).await?;
    let stage = stage_of(work, &case, StageKind::Closed).await?;
    let closed_at = Some(work.now());
    let closed = Case { stage, closed_at, close_reason: Some(closure.reason.clone()), paused_reason: None, ..case.clone() };
    tasks::actions::end_with_case(work, case.id).await?;
    let died = pack.reason(ReasonKind::Closure, &closure.reason).is_some_and(|reason| reason.meaning == Some(Meaning::Death));
    meetings::call_off(work, case.id, if died { Hears::Nobody } else { Hears::Person }).await?;
    if let Some(owner) = closure.follows {
        let calendar = tasks::store::calendar(work, case.unit).await?;
        let due = clock::due(pack.deadlines.follow_up, work.now(), &calendar);
        tasks::actions::add(work, NewTask::of_case("follow_running", case.id, due).to(Some(owner))).await?;
    }
    step(work, closed, &case, Step { kind: "closed", reason: &closure.reason, fact: Fact::CaseClosed }).await
}

/// The goals of a plan with their words, in the order in which they were written.
pub async fn goals(work: &mut Work, plan: Option<&Plan>) -> Result<Vec<(PlanLineId, String)>, Error> {
    let Some(plan) = plan else { return Ok(Vec::new()) };
    let lines = plans::store::lines(work, &[plan]).await?;
    Ok(lines.into_iter().filter(|(_, line)| line.kind == "goal").map(|(_, line)| (line.id, line.words)).collect())
}

// What was said in words stands in the timeline too, in the name of whoever said it: once, when the case is closed.
async fn write_down(work: &mut Work, case: &Case, (closure, by): (&Closure, &By)) -> Result<(), Error> {
    // What it is stands before each: read in the timeline, it is no longer beside its question.
    let said = [
        ("case-field-explanation", &closure.explanation),
        ("case-field-best-interests", &closure.best_interests),
        ("case-field-considered-by", &closure.considered_by),
    ];
    let labelled = |(key, words): (&str, &String)| format!("{} – {}", ours(key), words.trim());
    let words: Vec<String> = said.into_iter().filter(|(_, words)| !words.trim().is_empty()).map(labelled).collect();
    if words.is_empty() {
        return Ok(());
    }
    let (id, note, now) = (NoteId::new(), NewNote::of("note", &words.join("\n")), work.now());
    notes::insert_as(work, case, (id, &note, now), (by.author, by.author_name.clone())).await?;
    work.record(Fact::NoteWritten, About::case(case.id).with(id).note(json!({ "kind": note.kind }))).await
}

/// Nobody can be spoken with after a death or where contact is lost, and of a case that was opened by mistake there is nothing to speak.
pub fn is_alone(reason: &Reason) -> bool {
    matches!(reason.meaning, Some(Meaning::Death | Meaning::ContactLost | Meaning::Mistake))
}

// What is wrong with it, all at once.
async fn check(
    work: &mut Work,
    case: &Case,
    pack: &Pack,
    (closure, waits): (&Closure, bool),
    plan: Option<&Plan>,
) -> Result<FieldErrors, Error> {
    let mut errors = FieldErrors::default();
    let reason = pack.reason(ReasonKind::Closure, &closure.reason);
    // Without a reason the rest is asked for as most reasons do.
    let alone = reason.is_some_and(is_alone);
    let goals: Vec<PlanLineId> = goals(work, plan).await?.into_iter().map(|(goal, _)| goal).collect();
    closure.check_outcomes(&goals, if alone { Outcomes::Gladly } else { Outcomes::Must }, &mut errors);
    if !alone {
        check_talk(closure, &mut errors);
    }
    let Some(reason) = reason else {
        errors.add("reason", if closure.reason.is_empty() { "required" } else { "not_a_choice" });
        return Ok(errors);
    };
    if reason.demands(Demand::Explanation) && closure.explanation.is_empty() {
        errors.add("explanation", "required");
    }
    if reason.demands(Demand::BestInterests) && store::is_child(work, case.person_id).await? {
        for (field, words) in [("best_interests", &closure.best_interests), ("considered_by", &closure.considered_by)] {
            if words.is_empty() {
                errors.add(field, "required");
            }
        }
        // Who weighed it must be known years later: a name with their function, not "me".
        if closure.considered_by.split_whitespace().count() == 1 {
            errors.add("considered_by", "who_considered");
        }
    }
    check_standing(work, case, pack, (reason, closure, waits), &mut errors).await?;
    Ok(errors)
}

fn check_talk(closure: &Closure, errors: &mut FieldErrors) {
    for (field, ticked) in [("discussed", closure.discussed), ("reviewed", closure.reviewed), ("way_back", closure.way_back)] {
        if !ticked {
            errors.add(field, "confirm");
        }
    }
    if closure.way_back && !WAYS_BACK.contains(&closure.way_back_how.as_str()) {
        errors.add("way_back_how", if closure.way_back_how.is_empty() { "required" } else { "not_a_choice" });
    }
}

// What stands in the way, whoever closes. Where it waits for a second person, what only a supervisor may decide is theirs to decide.
async fn check_standing(
    work: &mut Work,
    case: &Case,
    pack: &Pack,
    (reason, closure, waits): (&Reason, &Closure, bool),
    errors: &mut FieldErrors,
) -> Result<(), Error> {
    let supervises = supervises(work, case).await;
    if reason.demands(Demand::Supervisor) && !supervises && !waits {
        errors.add("reason", "needs_supervisor");
    }
    if !gates::before_reason(work, case, reason).await?.is_empty() {
        errors.add("reason", "reason_waits");
    }
    // An alert about a missing safety action ends by that action, or by a supervisor who closes the case and says why (S21).
    if store::awaits_safety_action(work, case.id).await? {
        if !supervises {
            errors.add("reason", "safety_action_missing");
        } else if closure.explanation.is_empty() {
            errors.add("explanation", "safety_action_missing");
        }
    }
    if reason.demands(Demand::ContactAttempts) && !contact_is_lost(work, case, pack).await? {
        errors.add("reason", "needs_attempts");
    } else if reason.meaning == Some(Meaning::ContactLost) && !waits && lost_contact::lacks_review(work, case, pack).await? {
        // Whoever reads it either reviews it, or waits for whoever does.
        let reviews = super::may_review(work, case).await.is_ok();
        errors.add("reason", if reviews { "review_first" } else { "safety_review_first" });
    }
    Ok(())
}

// No contact for as long as the pack says, and at least one logged attempt meanwhile (S23).
async fn contact_is_lost(work: &mut Work, case: &Case, pack: &Pack) -> Result<bool, Error> {
    let since = case.last_contact_at.unwrap_or(case.opened_at);
    Ok(lost_contact::is_silent(work, pack, case) && !notes::attempts(work, case.id, since).await?.is_empty())
}
