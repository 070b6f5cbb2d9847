//! One side agrees; and when nobody is missing, the plan holds.
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::code::Proven;
use super::{record, state};
use crate::access::Act;
use crate::audit::Fact;
use crate::cases::actions::pack_of;
use crate::cases::contact::met;
use crate::cases::{self, Case, note};
use crate::documents;
use crate::error::{Error, FieldErrors, same_version};
use crate::packs::{self, Pack, Subject};
use crate::people::names;
use crate::plans::agreement::{self, Agreement, Asking, BEST_INTERESTS};
use crate::plans::line::{self, Line};
use crate::plans::plan::Plan;
use crate::plans::signed::{Signed, are_strokes};
use crate::plans::{chores, store};
use crate::platform::db::Work;
use crate::platform::ids::{DocumentId, PersonId, PlanLineId, RowId, UserId};
use crate::projects::store::placed;

// So long may it take to type in a code and what else is asked for.
const SAME_MOMENT: TimeDelta = TimeDelta::minutes(10);

/// How one side agrees.
#[derive(Debug, Clone, Default)]
pub struct Agreeing {
    /// The edition that was looked at.
    pub version: i32,
    /// `person` or `organisation`.
    pub side: String,
    /// Who of the household.
    pub person: Option<PersonId>,
    /// One of [`agreement::ways`].
    pub way: String,
    /// Of the way `code`: the person typed in the one that they were sent.
    pub proven: Option<Proven>,
    /// The paper that was signed, a document of the case.
    pub document: Option<DocumentId>,
    /// Witness, interpreter, signature.
    pub sealed: Signed,
    /// In which language it was explained.
    pub language: String,
    /// When; now when `None`.
    pub happened_at: Option<DateTime<Utc>>,
    /// Why it is written down so late.
    pub late_reason: String,
}

/// One side agrees to a plan as it was put forward.
pub async fn agree(work: &mut Work, case: &Case, plan: &Plan, how: &Agreeing) -> Result<(), Error> {
    case.may_be_written(work).await?;
    if !plan.awaits_agreement() {
        return Err(state(plan, if plan.is_proposed() { "plan_unapproved" } else { "plan_not_proposed" }));
    }
    same_version(plan.version, how.version)?;
    let people = cases::store::people(work, case.id).await?;
    let lines: Vec<_> = store::lines(work, &[plan]).await?.into_iter().map(|(_, line)| line).collect();
    let placed = placed_for(work, case, &lines).await?;
    let (_, pack) = packs::store::of_case_type(work, case.case_type).await?;
    let asking =
        Asking { plan, lines: &lines, placed: &placed, agreements: &[], people: &people, pack: &pack, today: work.today() };
    let happened_at = how.happened_at.unwrap_or(work.now());
    check(work, case, how, &asking).await?;
    let touched = store::touch(work, plan).await?;
    let given = Agreement {
        id: RowId::new(),
        round: plan.round,
        side: how.side.clone(),
        person_id: how.person,
        way: how.way.clone(),
        document_id: how.document,
        sealed: how.sealed.clone(),
        language: how.language.trim().to_owned(),
        happened_at,
        author: work.me()?,
        author_name: work.standing.name.clone(),
    };
    let late_reason = Some(how.late_reason.trim()).filter(|text| !text.is_empty());
    store::insert_agreement(work, &touched, &given, late_reason).await?;
    record(work, Fact::PlanSigned, case, plan.id, json!({ "side": how.side, "way": how.way, "round": plan.round })).await?;
    if was_met(case, &pack, how) {
        met(work, case, happened_at).await?;
    }
    let agreements = store::agreements(work, &touched).await?;
    if (Asking { agreements: &agreements, ..asking }).owed().is_nothing() {
        hold(work, case, &touched).await?;
    }
    Ok(())
}

// The person whom the case is about was spoken with, of a household anybody of it: a caregiver's word ends no silence of a child (S23). A paper may come
// back by itself, and what is best for a child is recorded without it.
fn was_met(case: &Case, pack: &Pack, how: &Agreeing) -> bool {
    let together = pack.case_type(&case.type_code).is_some_and(|known| known.subject == Subject::Household);
    how.person.is_some_and(|person| together || person == case.person_id) && !matches!(how.way.as_str(), "paper" | BEST_INTERESTS)
}

// Who may agree, how, and when.
async fn check(work: &mut Work, case: &Case, how: &Agreeing, asking: &Asking<'_>) -> Result<(), Error> {
    if how.way == BEST_INTERESTS {
        may_say_what_is_best(work, case, asking.plan).await?;
    }
    let now = work.now();
    let mut errors = wrong(how);
    let is_one = |person: PersonId| asking.people.iter().any(|one| one.person_id == person && !one.not_safe_to_involve);
    if how.person.is_some_and(|person| !is_one(person)) {
        errors.add("person", "not_a_choice");
    } else if how.person.is_some_and(|person| asking.is_spoken_for(person)) {
        errors.add("person", "caregiver_agrees");
    } else if let Some(why) = wrong_voice(how, asking) {
        errors.add("way", why);
    }
    let (me, given) = (work.me()?, store::agreements(work, asking.plan).await?);
    if given.iter().any(|one| is_said_twice(how, asking.plan.round, one, me)) {
        errors.add(if how.person.is_some() { "person" } else { "way" }, "agreed_already");
    }
    if how.sealed.is_witnessed_by(&work.standing.name) {
        errors.add("witness", "witness_is_you");
    }
    let interprets = |name: &str| names::same(&how.sealed.interpreter, name);
    if asking.people.iter().any(|one| interprets(&one.name) || interprets(&one.name_latin)) {
        errors.add("interpreter", "interpreter_of_the_case");
    }
    if how.way == "code" && how.happened_at.is_some_and(|at| at < now - SAME_MOMENT) {
        errors.add("happened_at", "code_is_now");
    }
    let late_after = TimeDelta::hours(i64::from(pack_of(work, case).await?.deadlines.late_entry.rough_hours()));
    note::check_moment(how.happened_at.unwrap_or(now), now, late_after, &how.late_reason, &mut errors);
    if let Some(paper) = how.document
        && !documents::store::list(work, case.id, None).await?.iter().any(|one| one.id == paper)
    {
        errors.add("document", "not_a_choice");
    }
    errors.or_ok()
}

/// Who has a place in a community project for these lines.
pub(in crate::plans) async fn placed_for(work: &mut Work, case: &Case, lines: &[Line]) -> Result<Vec<PersonId>, Error> {
    let actions: Vec<PlanLineId> = lines.iter().filter(|line| line.is_action()).map(|line| line.id).collect();
    placed::people_of_lines(work, case.id, &actions).await
}

// Worker and supervisor together (S3): whoever records it approves on the case, and wrote none of the plan.
pub(in crate::plans) async fn may_say_what_is_best(work: &mut Work, case: &Case, plan: &Plan) -> Result<(), Error> {
    work.may_in(Act::CaseApprove, case.unit, Some(case.id)).await?;
    if plan.writers.contains(&work.me()?) { Err(state(plan, "own_review")) } else { Ok(()) }
}

// One person agrees once to what was put forward. For the organisation several may sign, and of papers nobody says here whose name stands on them.
fn is_said_twice(how: &Agreeing, round: i32, before: &Agreement, me: UserId) -> bool {
    let same_one = match how.person {
        Some(_) => before.person_id == how.person,
        None => how.way != "paper" && before.way == how.way && before.author == me,
    };
    before.round == round && before.side == how.side && same_one
}

// A small child for whom nobody can speak agrees to nothing; for anybody else nothing is recorded instead.
fn wrong_voice(how: &Agreeing, asking: &Asking<'_>) -> Option<&'static str> {
    match (how.person.is_some_and(|person| asking.is_without_voice(person)), how.way.as_str()) {
        (true, BEST_INTERESTS | "") => None,
        (true, _) => Some("best_interests_needed"),
        (false, BEST_INTERESTS) => Some("not_a_choice"),
        (false, _) => None,
    }
}

fn wrong(how: &Agreeing) -> FieldErrors {
    let mut errors = FieldErrors::default();
    match (how.side.as_str(), how.person) {
        ("person", None) => errors.add("person", "required"),
        ("person", Some(_)) | ("organisation", None) => {}
        ("organisation", Some(_)) => errors.add("person", "not_a_choice"),
        _ => errors.add("side", "not_a_choice"),
    }
    if how.way.is_empty() {
        errors.add("way", "required");
    } else if !agreement::ways(&how.side).contains(&how.way.as_str()) {
        errors.add("way", "not_a_choice");
    }
    if how.way == "paper" && how.document.is_none() {
        errors.add("document", "required");
    }
    if matches!(how.way.as_str(), "said" | "thumb") && how.sealed.witness.trim().is_empty() {
        errors.add("witness", "required");
    }
    if how.way == BEST_INTERESTS && how.sealed.reason.trim().is_empty() {
        errors.add("reason", "required");
    }
    if how.way == "code" && !how.proven.is_some_and(|proven| proven.is(how.person)) {
        errors.add("code", "wrong_code");
    }
    if how.way == "drawn" && !are_strokes(&how.sealed.strokes) {
        errors.add("strokes", "required");
    }
    if !how.sealed.interpreter.trim().is_empty() && !how.sealed.interpreter_bound {
        errors.add("interpreter_bound", "required");
    }
    errors
}

// Both sides have agreed: what held before is replaced, what is to be done is waited for. A day that was agreed for looking again stays, where the new
// version names none of its own.
async fn hold(work: &mut Work, case: &Case, plan: &Plan) -> Result<(), Error> {
    let former = store::list(work, case.id).await?.into_iter().find(Plan::is_agreed);
    let stood = former.as_ref().and_then(|former| former.review_on).filter(|day| *day >= work.today());
    let review_on = match plan.review_on.or(stood) {
        Some(day) => day,
        None => chores::next_review(work, case).await?,
    };
    store::agreed(work, plan, review_on).await?;
    if let Some(former) = &former {
        store::carry_over(work, former.id, plan.id).await?;
    }
    let both: Vec<&Plan> = former.iter().chain([plan]).collect();
    let (own, before): (Vec<_>, Vec<_>) = store::lines(work, &both).await?.into_iter().partition(|(of, _)| *of == plan.id);
    for (_, line) in before.iter().filter(|(_, line)| line.is_action()) {
        chores::end_of_line(work, case, line.id).await?;
    }
    let own: Vec<Line> = own.into_iter().map(|(_, line)| line).collect();
    let numbers = line::numbers(&own);
    for line in &own {
        chores::of_line(work, case, line, numbers.get(&line.id)).await?;
    }
    chores::ask_review(work, case, Some(review_on)).await?;
    record(work, Fact::PlanAgreed, case, plan.id, json!({ "round": plan.round })).await
}
