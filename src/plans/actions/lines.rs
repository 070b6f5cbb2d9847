//! Writing a goal, a result, an action; taking one out; saying how an action went.
use chrono::{Months, NaiveDate};
use serde_json::json;

use super::{about, record, state};
use crate::audit::{About, Fact};
use crate::cases::{self, Case};
use crate::error::{Error, FieldErrors, invalid, same_version};
use crate::packs::{self, Pack, Sensitivity};
use crate::plans::agreement::is_too_young;
use crate::plans::chores;
use crate::plans::line::{self, Line, MOST_LINES, Typed};
use crate::plans::plan::Plan;
use crate::plans::store;
use crate::platform::db::Work;
use crate::platform::ids::{PlanLineId, ServiceId};

// No plan is carried out for longer.
const MOST_AHEAD: Months = Months::new(60);

/// Adds a line under another, or at the top. A safety action is written at any time until the plan is over, and waits to be done at once.
pub async fn write(
    work: &mut Work,
    case: &Case,
    plan: &Plan,
    (kind, parent): (&str, Option<PlanLineId>),
    typed: &Typed,
) -> Result<PlanLineId, Error> {
    case.may_be_written(work).await?;
    if !line::KINDS.contains(&kind) {
        return Err(invalid("kind", "not_a_choice"));
    }
    open_for(work, plan, kind).await?;
    let lines = store::lines(work, &[plan]).await?;
    let above = parent.and_then(|id| lines.iter().find(|(_, line)| line.id == id)).map(|(_, line)| line.kind.as_str());
    if above != line::under(kind) || (parent.is_some() && above.is_none()) {
        return Err(invalid("under", "not_a_choice"));
    }
    if lines.len() >= MOST_LINES {
        return Err(invalid("", "too_many"));
    }
    dates(work, plan, typed, None).await?;
    check(work, case, kind, typed, None).await?;
    let id = store::insert(work, plan, (kind, parent), typed).await?;
    if kind == "safety" {
        let written = store::find_line(work, plan, id).await?;
        chores::of_line(work, case, &written, None).await?;
    }
    work.record(Fact::PlanEdited, about(case, plan.id).with(id).note(json!({ "line": kind }))).await?;
    Ok(id)
}

/// Changes a line over the version that was read.
pub async fn change(work: &mut Work, case: &Case, plan: &Plan, line: &Line, version: i32, typed: &Typed) -> Result<(), Error> {
    case.may_be_written(work).await?;
    open_for(work, plan, &line.kind).await?;
    same_version(line.version, version)?;
    dates(work, plan, typed, Some(line)).await?;
    check(work, case, &line.kind, typed, Some(line)).await?;
    let reworded = line.words != typed.words;
    if reworded {
        store::keep_wording(work, plan, line).await?;
    }
    store::save(work, plan, line, typed).await?;
    // Whoever wrote the words that are gone from the page hears that they are kept.
    if reworded && line.worded_by != work.me()? {
        work.record(Fact::PlanWordsReplaced, About::case(case.id).with(line.id).with(line.worded_by)).await?;
    }
    if line.is_safety() {
        let written = store::find_line(work, plan, line.id).await?;
        chores::of_line(work, case, &written, None).await?;
    }
    work.record(Fact::PlanEdited, about(case, plan.id).with(line.id).note(json!({ "line": line.kind }))).await
}

/// Takes a line out, and with it what stands under it.
pub async fn remove(work: &mut Work, case: &Case, plan: &Plan, line: &Line, version: i32) -> Result<(), Error> {
    case.may_be_written(work).await?;
    open_for(work, plan, &line.kind).await?;
    same_version(line.version, version)?;
    let lines = store::lines(work, &[plan]).await?;
    let under = |parents: &[PlanLineId]| -> Vec<PlanLineId> {
        let below = lines.iter().filter(|(_, one)| one.parent.is_some_and(|parent| parents.contains(&parent)));
        below.map(|(_, one)| one.id).collect()
    };
    let mut below = under(&[line.id]);
    below.extend(under(&below));
    store::remove(work, line, &below).await?;
    if line.is_safety() {
        chores::end_of_line(work, case, line.id).await?;
    }
    work.record(Fact::PlanEdited, about(case, plan.id).with(line.id).note(json!({ "removed": line.kind }))).await
}

/// Says that an action is done, will not be, or is open again.
pub async fn mark(work: &mut Work, case: &Case, plan: &Plan, line: &Line, (version, to): (i32, &str)) -> Result<(), Error> {
    case.may_be_written(work).await?;
    if !line.is_action() || !["open", "done", "not_done"].contains(&to) {
        return Err(invalid("state", "not_a_choice"));
    }
    if !(plan.is_agreed() || (line.is_safety() && plan.is_alive())) {
        return Err(state(plan, "plan_not_agreed"));
    }
    same_version(line.version, version)?;
    store::mark(work, line, to).await?;
    let lines: Vec<Line> = store::lines(work, &[plan]).await?.into_iter().map(|(_, line)| line).collect();
    let numbers = line::numbers(&lines);
    chores::of_line(work, case, &Line { state: to.to_owned(), ..line.clone() }, numbers.get(&line.id)).await?;
    record(work, Fact::PlanActionMarked, case, plan.id, json!({ "line": line.kind, "state": to })).await
}

// A draft is held while it is written in; safety actions wait for nobody.
async fn open_for(work: &mut Work, plan: &Plan, kind: &str) -> Result<(), Error> {
    match (kind, plan.is_draft()) {
        (_, true) => store::write_in(work, plan).await,
        ("safety", false) if plan.is_alive() => Ok(()),
        _ => Err(state(plan, "plan_not_draft")),
    }
}

// Nothing is promised for a day before the plan began, whichever version that was, or for years ahead; what stood already may stay.
async fn dates(work: &mut Work, plan: &Plan, typed: &Typed, was: Option<&Line>) -> Result<(), Error> {
    let zone = work.zone();
    let began = store::list(work, plan.case_id).await?.iter().map(|one| one.recorded_at).min().unwrap_or(plan.recorded_at);
    let first = began.with_timezone(&zone).date_naive();
    let last = work.today().checked_add_months(MOST_AHEAD);
    let mut errors = FieldErrors::default();
    let kept = |of: fn(&Line) -> Option<NaiveDate>| was.and_then(of);
    for (field, day, stood) in
        [("starts_on", typed.starts_on, kept(|line| line.starts_on)), ("due_on", typed.due_on, kept(|line| line.due_on))]
    {
        let Some(day) = day.filter(|_| day != stood) else { continue };
        if day < first {
            errors.add(field, "before_plan");
        } else if last.is_some_and(|last| day > last) {
            errors.add(field, "too_far");
        }
    }
    errors.or_ok()
}

async fn check(work: &mut Work, case: &Case, kind: &str, typed: &Typed, was: Option<&Line>) -> Result<(), Error> {
    let mut errors = FieldErrors::default();
    if typed.words.trim().is_empty() {
        errors.add("words", "required");
    }
    if typed.due_on < typed.starts_on && typed.due_on.is_some() {
        errors.add("due_on", "ends_before_it_starts");
    }
    if kind == "commitment" && typed.person_id.is_none() {
        errors.add("person", "required");
    }
    if kind == "accompaniment" && typed.worker.is_none() {
        errors.add("worker", "required");
    }
    let (_, pack) = packs::store::of_case_type(work, case.case_type).await?;
    // Whoever is not safe to involve is asked for nothing, and a small child promises nothing (S3).
    if let Some(person) = typed.person_id {
        let (people, today) = (cases::store::people(work, case.id).await?, work.today());
        let promises = kind == "commitment" && was.and_then(|line| line.person_id) != Some(person);
        let fits = |member: &cases::Member| !(member.not_safe_to_involve || (promises && is_too_young(&pack, member, today)));
        if !people.iter().any(|member| member.person_id == person && fits(member)) {
            errors.add("person", "not_a_choice");
        }
    }
    if let Some(worker) = typed.worker.filter(|worker| was.and_then(|line| line.worker) != Some(*worker))
        && !colleagues(work, case).await?.iter().any(|(id, _)| *id == worker.to_string())
    {
        errors.add("worker", "not_a_choice");
    }
    // What a household's plan should never have named is not saved once more, even where it stands already (S12).
    let was = was.map(|line| if case.is_of_household(&pack) { line.clone().for_household(&pack) } else { line.clone() });
    if let Some(service) = typed.service_id.filter(|service| was.as_ref().and_then(|line| line.service_id) != Some(*service))
        && !services(work, case, &pack).await?.iter().any(|(id, _)| *id == service)
    {
        errors.add("service", "not_a_choice");
    }
    if let Some(need) = typed.need.as_deref().filter(|need| was.as_ref().and_then(|line| line.need.as_deref()) != Some(*need)) {
        if case.is_of_household(&pack) && pack.is_asked_alone(need) {
            errors.add("need", "asked_alone");
        } else if pack.need(need).is_none() {
            errors.add("need", "not_a_choice");
        }
    }
    errors.or_ok()
}

/// Services of one's own that may be named in the plan: in a household's none for a need that only one person alone may be asked about (S12, S14).
pub(in crate::plans) async fn services(work: &mut Work, case: &Case, pack: &Pack) -> Result<Vec<(ServiceId, String)>, Error> {
    let own = store::own_services(work).await?;
    let together = case.is_of_household(pack);
    let fits = |needs: &[String]| !together || !needs.iter().any(|need| pack.is_asked_alone(need));
    Ok(own.into_iter().filter(|(_, _, needs)| fits(needs)).map(|(id, name, _)| (id, name)).collect())
}

/// Colleagues who may be named for an action, with their names: those who may work on the case. A restricted one knows two (S9).
pub(in crate::plans) async fn colleagues(work: &mut Work, case: &Case) -> Result<Vec<(String, String)>, Error> {
    let all = cases::store::colleagues(work, case.unit, case.case_type).await?;
    let knows =
        |id| case.sensitivity() != Sensitivity::Restricted || Some(id) == case.case_manager || Some(id) == case.supervisor;
    Ok(all.into_iter().filter(|one| knows(one.id)).map(|one| (one.id.to_string(), one.name)).collect())
}
