//! What becomes of an arrival.
use chrono::TimeDelta;
use serde_json::json;
use xforms::instance::Instance;

use super::{choices, correcting};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::{self, Case};
use crate::error::{Clash, Error, invalid};
use crate::forms::actions::{land, may_write};
use crate::forms::{Arrival, Origin, Received, papers, profile, store, withheld};
use crate::platform::db::Work;
use crate::platform::ids::{ArrivalId, CaseId, SubmissionId, UnitId};
use crate::tasks::{self, NewTask};

/// Why an arrival may be discarded.
pub(super) const REASONS: &[&str] = &["duplicate", "trial", "mistake", "refused"];
/// A corrected copy came before anybody had decided.
const CORRECTED: &str = "corrected";
/// Nobody waits longer for somebody to look.
pub(super) const A_DAY: TimeDelta = TimeDelta::days(1);

// Under which its tasks are made: one for the form, one for files that came after it was placed.
fn task_keys(id: ArrivalId) -> [String; 2] {
    [format!("arrival:{id}"), format!("arrival_files:{id}")]
}

/// Leaves a task to look at an arrival, today and overdue after a day: with the unit, or on the case that it was meant for, with its keeper.
pub async fn await_look(work: &mut Work, id: ArrivalId, (unit, meant_for): (UnitId, Option<CaseId>)) -> Result<(), Error> {
    let ([form, _], now) = (task_keys(id), work.now());
    let Some(case) = meant_for else { return leave_task(work, unit, form).await };
    let task = NewTask::of_case("arrival", case, now).overdue_from(now + A_DAY).once(form);
    tasks::actions::add(work, task).await?;
    Ok(())
}

// Nobody need look any more.
async fn end_tasks(work: &mut Work, id: ArrivalId) -> Result<(), Error> {
    let keys = task_keys(id);
    if let Some(case) = store::meant_for(work, id).await? {
        tasks::actions::done_under(work, case, &keys[0]).await?;
    }
    tasks::actions::done_of_unit(work, &keys).await
}

async fn leave_task(work: &mut Work, unit: UnitId, key: String) -> Result<(), Error> {
    let now = work.now();
    let task = NewTask::of_unit("arrival", unit, now).overdue_from(now + A_DAY).once(key);
    tasks::actions::add(work, task).await?;
    Ok(())
}

/// A copy came that corrects one which still waits: the new one waits in its place.
pub async fn corrected(work: &mut Work, old_instance: &str, by: ArrivalId) -> Result<(), Error> {
    let Some(old) = store::arrival_of_instance(work, old_instance).await?.filter(is_waiting) else { return Ok(()) };
    let about = About::subjects([old.id.0, by.0]);
    store::settle(work, &old, Some(CORRECTED), None).await?;
    end_tasks(work, old.id).await?;
    work.record(Fact::ArrivalDiscarded, about.note(json!({ "reason": CORRECTED }))).await
}

/// A copy came later than the one that corrects it: that one stands, wherever it is.
pub async fn overtaken(work: &mut Work, id: ArrivalId) -> Result<(), Error> {
    let arrival = store::arrival(work, id).await?;
    store::settle(work, &arrival, Some(CORRECTED), None).await?;
    work.record(Fact::ArrivalDiscarded, About::subjects([id.0]).note(json!({ "reason": CORRECTED }))).await
}

/// Files of a copy that is here already: each is kept once, beside the answers, wherever these are now. What was discarded takes none, and
/// neither does a copy that a corrected one replaced, for that brings its own.
pub async fn more_files(work: &mut Work, instance: &str, sent: &Received) -> Result<(), Error> {
    let files = &sent.files;
    if files.is_empty() {
        return Ok(());
    }
    let arrival = store::arrival_of_instance(work, instance).await?;
    if arrival.as_ref().is_none_or(|arrival| !is_waiting(arrival))
        && let Some(standing) = store::by_instance(work, instance).await?
        && let Some(case) = writable(work, standing.case).await?
    {
        return papers::attach(work, &case, standing.copy, files).await;
    }
    let Some(arrival) = arrival.filter(|arrival| arrival.state != "discarded") else { return Ok(()) };
    let form = store::form(work, arrival.form_id).await?;
    // As the form itself waits: as the case that it was meant for, where there is one.
    let is_guarded = match store::meant_for(work, arrival.id).await? {
        Some(case) => store::is_guarded(work, case).await?.unwrap_or(true),
        None => withheld::may_be_guarded(work, &form).await?,
    };
    let kept = if is_guarded {
        // Of one that was placed the answers are on its case, which the sender perhaps does not see: what came with the files says the same.
        withheld::kept_files(work, arrival.edition_id, &sent.xml, (files.as_slice(), sent.origin.as_str())).await?
    } else {
        files.iter().collect()
    };
    if kept.is_empty() {
        return Ok(());
    }
    for (name, bytes) in kept {
        store::insert_arrival_file(work, arrival.id, name, bytes).await?;
    }
    // On a case that the sender may not write on, somebody who may puts them there.
    let [_, late] = task_keys(arrival.id);
    if is_waiting(&arrival) { Ok(()) } else { leave_task(work, arrival.unit, late).await }
}

/// The case of this id, if the actor may write on it.
pub async fn writable(work: &mut Work, id: CaseId) -> Result<Option<Case>, Error> {
    let case = match cases::store::find(work, id).await {
        Ok(case) => case,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    match may_write(work, &case).await {
        Ok(()) => Ok(Some(case)),
        Err(Error::Forbidden(_) | Error::Conflict(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_waiting(arrival: &Arrival) -> bool {
    arrival.state == "waiting"
}

/// Refuses what was decided on already.
pub(super) fn must_wait(arrival: &Arrival) -> Result<(), Error> {
    if is_waiting(arrival) {
        return Ok(());
    }
    Err(Error::Conflict(Clash::State { state: format!("arrival_{}", arrival.state), code: "arrival_decided" }))
}

/// Whether whoever decides has seen that the form names somebody else than the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// Nobody asked: the names must agree.
    Unasked,
    /// It belongs there all the same.
    Confirmed,
    /// It goes there, and that is settled on its page.
    Unsettled,
}

/// Puts an arrival on a case that somebody chose. Where it names somebody else, they say so first (S28).
pub(super) async fn place_chosen(work: &mut Work, arrival: &Arrival, case: CaseId, named: Named) -> Result<SubmissionId, Error> {
    work.may(Act::CaseEdit)?;
    must_wait(arrival)?;
    if named == Named::Unasked
        && let Some(case) = writable(work, case).await?
    {
        let form = store::form(work, arrival.form_id).await?;
        let opened = choices::opened(work, arrival).await?;
        if choices::strangers(work, &opened, &form, &case).await?.is_some() {
            return Err(invalid("other_person", "arrival_other_person"));
        }
    }
    let copy = place(work, arrival, case).await?;
    if named == Named::Confirmed {
        store::say_belongs(work, copy, 1).await?;
        let case = cases::store::find(work, case).await?;
        profile::project(work, &case).await?;
    }
    Ok(copy)
}

/// Puts an arrival on a case that the actor may write on, with its files. Where it corrects a copy there, it takes that copy's place.
pub(super) async fn place(work: &mut Work, arrival: &Arrival, case: CaseId) -> Result<SubmissionId, Error> {
    work.may(Act::CaseEdit)?;
    must_wait(arrival)?;
    let not_for_it = || invalid("case", "case_of_form");
    let form = store::form(work, arrival.form_id).await?;
    let meant_for = store::meant_for(work, arrival.id).await?;
    let takes = |case: &Case| form.is_for(case) || (meant_for == Some(case.id) && form.asks_about(case));
    let case = writable(work, case).await?.filter(takes).ok_or_else(not_for_it)?;
    let xml = store::arrival_body(work, arrival.id).await?;
    let tree = Instance::read(&xml).map_err(|error| anyhow::anyhow!("a kept arrival can't be read: {error}"))?;
    correcting::bring_along(work, arrival.id, &tree, (&form, &case)).await?;
    store::hold_case(work, case.id).await?;
    let edition = store::edition(work, arrival.edition_id).await?;
    let corrects = match tree.deprecated_id() {
        Some(old) => correcting::standing(work, old, &form).await?.filter(|standing| standing.case == case.id),
        None => None,
    };
    // What it corrects was moved away from there, and it goes where that is (S28).
    if corrects.is_none()
        && let Some(old) = tree.deprecated_id()
        && store::was_moved_away(work, old, case.id).await?
    {
        return Err(not_for_it());
    }
    let files = store::arrival_files(work, arrival.id).await?;
    let received = Received {
        xml,
        case: Some(case.id),
        meant_for: None,
        unit: None,
        edition: Some(edition.id),
        origin: origin(&arrival.origin),
        files,
        said: store::arrival_said(work, arrival.id).await?,
    };
    let filled = store::Filled { by: arrival.author, name: &arrival.author_name, at: arrival.recorded_at };
    let copy = land(work, &case, &edition, (&received, &arrival.instance_id, corrects), Some(filled)).await?;
    store::settle(work, arrival, None, Some(case.id)).await?;
    end_tasks(work, arrival.id).await?;
    work.record(Fact::ArrivalPlaced, About::case(case.id).with(arrival.id).with(copy)).await?;
    Ok(copy)
}

fn origin(word: &str) -> Origin {
    match word {
        "browser" => Origin::Browser,
        "api" => Origin::Api,
        _ => Origin::Collect,
    }
}

/// Puts files that came after their form was placed on its case.
pub(super) async fn place_files(work: &mut Work, arrival: &Arrival) -> Result<(), Error> {
    work.may(Act::CaseEdit)?;
    arrival.case_id.ok_or(Error::NotFound)?;
    let not_there = || invalid("case", "case_of_form");
    // The form may have been moved since to a case where it belongs; on one that the actor does not see, somebody else puts them.
    let standing = store::corrected(work, &arrival.instance_id).await?.ok_or_else(not_there)?;
    let case = writable(work, standing.case).await?.ok_or_else(not_there)?;
    // Where only what corrects it is to be seen, its own files stay for whoever sees it itself.
    if store::submission(work, case.id, standing.copy).await?.instance_id != arrival.instance_id {
        return Err(not_there());
    }
    let files = store::arrival_files(work, arrival.id).await?;
    if !standing.is_taken {
        papers::attach(work, &case, standing.copy, &files).await?;
    }
    store::clear_arrival_files(work, arrival.id).await?;
    end_tasks(work, arrival.id).await?;
    work.record(Fact::ArrivalPlaced, About::case(case.id).with(arrival.id).note(json!({ "files": files.len() }))).await
}

/// Discards an arrival that belongs on no case. What it says is destroyed; that it came, and why it went, stays.
pub(super) async fn discard(work: &mut Work, arrival: &Arrival, reason: &str) -> Result<(), Error> {
    work.may(Act::CaseEdit)?;
    must_wait(arrival)?;
    if !REASONS.contains(&reason) {
        return Err(invalid("reason", if reason.is_empty() { "required" } else { "not_a_choice" }));
    }
    store::settle(work, arrival, Some(reason), None).await?;
    end_tasks(work, arrival.id).await?;
    work.record(Fact::ArrivalDiscarded, About::subjects([arrival.id.0]).note(json!({ "reason": reason }))).await
}
