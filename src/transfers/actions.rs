//! The verbs of a transfer, from the first draft to the decision. What moves a record is in `moving`.
use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::rules::{Action, Side, State};
use super::store::{self, Decided, NewItem, NewStep, NewTransfer};
use super::transfer::Transfer;
use super::wish::{Place, REJECTIONS, When, Wish};
use super::{choices, moving};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::{self, Case};
use crate::error::{Error, invalid};
use crate::packs::{Sensitivity, Word};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, TransferId, code};
use crate::supervision::carrying;

/// Writes a request down; nobody but the actor's side sees it yet.
pub async fn draft(work: &mut Work, wish: &Wish) -> Result<Transfer, Error> {
    let records = records(work, wish, &[Act::TransferRequest, Act::TransferDirect]).await?;
    let transfer = write(work, wish, "request", &records, None).await?;
    work.record(Fact::TransferDrafted, about(&transfer)).await?;
    Ok(transfer)
}

/// Writes a draft anew.
pub async fn edit(work: &mut Work, transfer: &Transfer, wish: &Wish, version: i32) -> Result<Transfer, Error> {
    let state = transfer.step(Action::Edit, Side::Sender)?;
    transfer.must_be(version)?;
    let records = records(work, wish, &[Act::TransferRequest, Act::TransferDirect]).await?;
    let new = new_transfer(wish, transfer.id, "request", state, &records)?;
    store::rewrite(work, transfer, &new).await?;
    put(work, transfer.id, &records, None).await?;
    work.record(Fact::TransferDrafted, about(transfer)).await?;
    store::find(work, transfer.id).await
}

/// Throws a draft away.
pub async fn discard(work: &mut Work, transfer: &Transfer) -> Result<(), Error> {
    may_send(work, transfer).await?;
    transfer.step(Action::Discard, Side::Sender)?;
    work.record(Fact::TransferDiscarded, about(transfer)).await?;
    store::delete(work, transfer).await
}

/// Asks the receiving side to take the cases over.
pub async fn submit(work: &mut Work, id: TransferId, when: &When) -> Result<Transfer, Error> {
    let transfer = locked(work, id).await?;
    may_send(work, &transfer).await?;
    let state = transfer.step(Action::Submit, Side::Sender)?;
    if store::waiting(work, id).await?.is_empty() {
        return Err(invalid("case", "required"));
    }
    somebody_decides(work, &transfer).await?;
    limits_are_explained(work, &transfer).await?;
    store::save_state(work, &transfer, state, &Decided::default()).await?;
    write_step(work, &transfer, Action::Submit, state, "", when).await?;
    work.record(Fact::TransferSubmitted, about(&transfer)).await?;
    store::find(work, id).await
}

// Before anything of a case leaves the organisation, the person knows the limits of confidentiality (S1).
async fn limits_are_explained(work: &mut Work, transfer: &Transfer) -> Result<(), Error> {
    if !transfer.is_across() {
        return Ok(());
    }
    let items = store::items(work, transfer.id).await?;
    let asked: Vec<CaseId> = items.iter().filter(|item| item.kind == "asked").map(|item| item.case_id).collect();
    if choices::limits_unexplained(work, &asked).await? { Err(invalid("case", "transfer_limits_unexplained")) } else { Ok(()) }
}

// Where nobody may decide, a request would wait for ever.
async fn somebody_decides(work: &mut Work, transfer: &Transfer) -> Result<(), Error> {
    let items = store::items(work, transfer.id).await?;
    let mut types: Vec<i16> = items.iter().filter(|item| item.kind == "asked").map(|item| item.case_type).collect();
    types.sort_unstable();
    types.dedup();
    let there = choices::destinations(work, &types).await?.into_iter().find(|place| place.unit == transfer.to_unit);
    if there.is_some_and(|place| place.decides) { Ok(()) } else { Err(invalid("to", "transfer_nobody_decides")) }
}

/// Takes a request back before it is decided.
pub async fn take_back(work: &mut Work, id: TransferId) -> Result<Transfer, Error> {
    let transfer = locked(work, id).await?;
    may_send(work, &transfer).await?;
    let state = transfer.step(Action::TakeBack, Side::Sender)?;
    store::save_state(work, &transfer, state, &Decided::default()).await?;
    write_step(work, &transfer, Action::TakeBack, state, "", &When::default()).await?;
    work.record(Fact::TransferTakenBack, about(&transfer)).await?;
    store::find(work, id).await
}

/// What the receiving side answers.
#[derive(Debug, Clone)]
pub enum Decision {
    /// The cases may come; they go to these people.
    Approve(Place),
    /// They may not, with a coded reason.
    Reject(String),
}

/// Decides on a request. What is agreed begins to move by itself, record by record.
pub async fn decide(
    work: &mut Work,
    id: TransferId,
    decision: Decision,
    left_out: &[Uuid],
    when: &When,
) -> Result<Transfer, Error> {
    let transfer = locked(work, id).await?;
    work.may_in(Act::TransferDecide, transfer.to_unit, None).await?;
    match decision {
        Decision::Reject(reason) => {
            let state = transfer.step(Action::Reject, Side::Receiver)?;
            let reason = one_of(REJECTIONS, &reason)?;
            let decided = Decided { reason: Some(reason.to_owned()), ..Decided::default() };
            store::save_state(work, &transfer, state, &decided).await?;
            write_step(work, &transfer, Action::Reject, state, reason, when).await?;
            work.record(Fact::TransferRejected, about(&transfer).note(json!({ "reason": reason }))).await?;
        }
        Decision::Approve(place) => {
            let state = transfer.step(Action::Approve, Side::Receiver)?;
            for item in left_out {
                transfer.step(Action::LeaveOut, Side::Receiver)?;
                store::leave_out(work, id, *item, "declined").await?;
            }
            check_place(work, &transfer, &place).await?;
            store::save_state(work, &transfer, state, &place.into()).await?;
            write_step(work, &transfer, Action::Approve, state, "", when).await?;
            work.record(Fact::TransferApproved, about(&transfer)).await?;
            moving::begin_later(work, &transfer).await?;
        }
    }
    store::find(work, id).await
}

/// Moves cases at once, by somebody who may act in both units: one is moved before the answer, many go on behind the page.
pub async fn direct(work: &mut Work, wish: &Wish, place: &Place, version: Option<i32>) -> Result<Transfer, Error> {
    let records = records(work, wish, &[Act::TransferDirect]).await?;
    work.may_in(Act::TransferDirect, wish.to_unit, None).await?;
    let transfer = write(work, wish, "direct", &records, version.filter(|_| wish.cases.len() == 1)).await?;
    limits_are_explained(work, &transfer).await?;
    check_place(work, &transfer, place).await?;
    let state = transfer.step(Action::Begin, Side::Sender)?;
    store::save_state(work, &transfer, state, &(*place).into()).await?;
    write_step(work, &transfer, Action::Begin, state, "", &When::default()).await?;
    if records.len() > 1 {
        moving::begin_later(work, &transfer).await?;
        return store::find(work, transfer.id).await;
    }
    let item = store::waiting(work, transfer.id).await?.pop().ok_or(Error::NotFound)?;
    moving::move_now(work, &transfer, item, records[0].case.id).await?;
    store::find(work, transfer.id).await
}

/// Logs that both workers met with the person.
pub async fn introduce(work: &mut Work, id: TransferId, day: NaiveDate, version: i32) -> Result<(), Error> {
    let transfer = locked(work, id).await?;
    let sends = may_send(work, &transfer).await.is_ok();
    if !sends {
        may_receive(work, &transfer).await?;
    }
    transfer.must_be(version)?;
    let state = transfer.step(Action::Introduce, if sends { Side::Sender } else { Side::Receiver })?;
    if day > work.today() {
        return Err(invalid("introduced_on", "in_the_future"));
    }
    store::save_introduction(work, &transfer, day).await?;
    write_step(work, &transfer, Action::Introduce, state, "", &When::default()).await?;
    work.record(Fact::TransferIntroduced, about(&transfer)).await
}

/// A transfer's facts name it first, and both sides' organisations.
pub(super) fn about(transfer: &Transfer) -> About {
    About::subjects([transfer.id.0]).note(json!({ "mode": transfer.mode })).between(transfer.orgs())
}

/// Reads the transfer again under its lock, so that whoever comes second is refused by the state that the first has left.
pub(super) async fn locked(work: &mut Work, id: TransferId) -> Result<Transfer, Error> {
    store::lock(work, id).await?;
    store::find(work, id).await
}

/// The actor may act for the side that has the cases.
pub async fn may_send(work: &mut Work, transfer: &Transfer) -> Result<(), Error> {
    if work.me().is_ok_and(|me| me == transfer.requested_by) {
        return work.may(Act::TransferRequest).or_else(|_| work.may(Act::TransferDirect));
    }
    work.may_in(Act::TransferRequest, transfer.from_unit, None).await
}

/// The actor may act for the side that shall have them.
pub async fn may_receive(work: &mut Work, transfer: &Transfer) -> Result<(), Error> {
    match work.may_in(Act::TransferDecide, transfer.to_unit, None).await {
        Ok(()) => Ok(()),
        Err(_) => work.may_in(Act::TransferReceive, transfer.to_unit, None).await,
    }
}

/// The new holders are people who could see what comes to them (S9, S10), and the case manager has room for it, is there and works at its level, or it is
/// meant so (S24).
pub(super) async fn check_place(work: &mut Work, transfer: &Transfer, place: &Place) -> Result<(), Error> {
    if transfer.is_restricted() && place.supervisor.is_none() {
        return Err(invalid("supervisor", "required"));
    }
    if place.supervisor.is_some() && place.supervisor == place.manager {
        return Err(invalid("supervisor", "same_as_manager"));
    }
    let types = if transfer.is_restricted() { vec![transfer.case_type] } else { Vec::new() };
    let keepers = choices::keepers(work, transfer.to_unit, &types).await?;
    if place.manager.is_some_and(|id| !keepers.iter().any(|keeper| keeper.0 == id)) {
        return Err(invalid("manager", "not_a_choice"));
    }
    if place.supervisor.is_some_and(|id| !keepers.iter().any(|keeper| keeper.0 == id && keeper.2)) {
        return Err(invalid("supervisor", "not_a_choice"));
    }
    if place.agreement.is_some() {
        let known = choices::agreements(work, transfer.to_org).await?;
        if !known.iter().any(|agreement| Some(agreement.id) == place.agreement) {
            return Err(invalid("agreement", "not_a_choice"));
        }
    }
    if place.location.is_some() {
        let known = choices::locations(work, transfer.to_org).await?;
        if !known.iter().any(|(id, _)| Some(*id) == place.location) {
            return Err(invalid("location", "not_a_choice"));
        }
    }
    let Some(manager) = place.manager else { return Ok(()) };
    match choices::asked_of(work, transfer.id, manager).await? {
        Some(asked) => carrying::may_get_all(work, asked, ("manager", manager), place.meant).await,
        None => Ok(()),
    }
}

impl From<Place> for Decided {
    fn from(place: Place) -> Self {
        let Place { manager, supervisor, agreement, location, .. } = place;
        Self { manager, supervisor, agreement, location, reason: None }
    }
}

// A case on its way, and whether it was asked for or goes along.
struct Record {
    case: Case,
    kind: &'static str,
}

// The cases as the actor sees them now, those that go along behind those asked for.
async fn records(work: &mut Work, wish: &Wish, acts: &[Act]) -> Result<Vec<Record>, Error> {
    let mut records = Vec::new();
    for id in &wish.cases {
        records.push(Record { case: allowed(work, *id, acts).await?, kind: "asked" });
    }
    if !choices::fixed(work, &wish.cases).await?.is_empty() {
        return Err(invalid("case", "transfer_in_follow_up"));
    }
    // Nobody agreed to hand over a case that was not there yet.
    let (zone, agreed) = (work.zone(), wish.ground.day());
    let opened = |record: &Record| record.case.opened_at.with_timezone(&zone).date_naive();
    if agreed.is_some_and(|day| records.iter().any(|record| opened(record) > day)) {
        return Err(invalid("agreed_on", "before_case_opened"));
    }
    let related = choices::related(work, &wish.cases).await?;
    for (id, _) in related.into_iter().filter(|(_, case_type)| wish.with_types.contains(case_type)) {
        // What goes along must be the actor's to give, too; what is not stays without a word.
        if let Ok(case) = allowed(work, id, acts).await {
            records.push(Record { case, kind: "related" });
        }
    }
    // What is there already needs no transfer; the others go.
    let there = |record: &Record| record.case.unit == wish.to_unit;
    if !records.iter().filter(|record| record.kind == "asked").all(there) {
        records.retain(|record| !there(record));
    }
    Ok(records)
}

async fn allowed(work: &mut Work, id: CaseId, acts: &[Act]) -> Result<Case, Error> {
    let case = cases::store::find(work, id).await?;
    let mut last = Err(Error::NotFound);
    for act in acts {
        last = work.may_in(*act, case.unit, Some(case.id)).await;
        if last.is_ok() {
            break;
        }
    }
    last.map(|()| case)
}

async fn write(work: &mut Work, wish: &Wish, mode: &str, records: &[Record], version: Option<i32>) -> Result<Transfer, Error> {
    let id = TransferId::new();
    let new = new_transfer(wish, id, mode, State::Draft, records)?;
    if !choices::destinations(work, &[]).await?.iter().any(|place| place.unit == wish.to_unit) {
        return Err(invalid("to", "not_a_choice"));
    }
    store::insert(work, &new).await?;
    put(work, id, records, version).await?;
    store::find(work, id).await
}

async fn put(work: &mut Work, id: TransferId, records: &[Record], version: Option<i32>) -> Result<(), Error> {
    for record in records {
        let Record { case, kind } = record;
        let version = version.filter(|_| *kind == "asked");
        let (risk, stage) = (case.risk.as_deref(), case.stage.as_str());
        store::insert_item(work, id, &NewItem { case: case.id, code: &case.code, kind, unit: case.unit, version, risk, stage })
            .await?;
    }
    Ok(())
}

fn new_transfer<'a>(
    wish: &'a Wish,
    id: TransferId,
    mode: &'a str,
    state: State,
    records: &[Record],
) -> Result<NewTransfer<'a>, Error> {
    let first = &records.first().ok_or_else(|| invalid("case", "required"))?.case;
    if records.iter().any(|record| record.case.org != first.org) {
        return Err(invalid("case", "transfer_two_organisations"));
    }
    if first.unit == wish.to_unit {
        return Err(invalid("to", "transfer_same_unit"));
    }
    let restricted = records.iter().find(|record| record.case.sensitivity() == Sensitivity::Restricted);
    // A restricted case travels alone, so that nobody meets it in a list of others (S11).
    if restricted.is_some() && records.len() > 1 {
        return Err(invalid("case", "transfer_restricted_alone"));
    }
    Ok(NewTransfer {
        id,
        code: code('T'),
        mode,
        state,
        from_unit: first.unit,
        to_unit: wish.to_unit,
        case_type: restricted.map_or(0, |record| record.case.case_type),
        only_case: (records.len() == 1).then_some(first.id),
        reason: &wish.reason,
        basis: wish.ground.as_str(),
        agreed_on: wish.ground.day(),
        with_types: wish.with_types.clone(),
        with_documents: wish.documents.along(),
        with_referrals: wish.referrals.along(),
        with_household: wish.household.along(),
        to_manager: None,
        to_supervisor: None,
        agreement_id: None,
        location_id: None,
        notice: None,
    })
}

fn one_of<'a>(known: &[&'a str], code: &str) -> Result<&'a str, Error> {
    known
        .iter()
        .copied()
        .find(|word| *word == code)
        .ok_or_else(|| invalid("reason", if code.is_empty() { "required" } else { "not_a_choice" }))
}

/// Writes a step down, with the name of whoever took it, or for a restricted case their role (S31).
pub(super) async fn write_step(
    work: &mut Work,
    transfer: &Transfer,
    action: Action,
    to: State,
    reason: &str,
    when: &When,
) -> Result<(), Error> {
    let happened_at = when.moment(work.now()).map_err(Error::Invalid)?;
    let by_name = !transfer.is_restricted() && work.me().is_ok();
    let name = if by_name { work.standing.name.clone() } else { String::new() };
    let role = if work.me().is_ok() { store::own_role(work).await? } else { String::new() };
    let step = NewStep {
        action: action.as_str(),
        from: &transfer.state_code,
        to: to.as_str(),
        reason,
        happened_at,
        late_reason: &when.late_reason,
        name: &name,
        role: &role,
    };
    store::insert_step(work, transfer.id, &step).await
}
