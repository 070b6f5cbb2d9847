//! Pull: after a transfer notice the receiving organisation completes the transfer itself. Until then it sees what the notice's packet
//! shows, and of the case its code, type and stage.
use uuid::Uuid;

use super::moving;
use super::rules::{Action, Side, State};
use super::store::{self, NewTransfer};
use super::transfer::Transfer;
use super::wish::{Ground, Place, When};
use super::{actions, rules};
use crate::access::Act;
use crate::cases::note::ours;
use crate::error::{Clash, Error};
use crate::packs::{Sensitivity, Word};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ReferralId, TransferId, UnitId, code};
use crate::referrals::action::{Action as Move, Outcome};
use crate::referrals::actions::{Said, act};
use crate::referrals::words::{Kind, Side as End, Status};
use crate::referrals::{Referral, sides, store as referrals};

/// What the receiving side chooses.
#[derive(Debug, Clone, Copy)]
pub struct Pull {
    /// Its unit that will have the case.
    pub unit: UnitId,
    /// Who will keep it there, and under what.
    pub place: Place,
}

/// The notice, if the actor may complete it.
pub async fn notice(work: &mut Work, id: ReferralId) -> Result<Referral, Error> {
    let notice = referrals::find(work, id).await?;
    let rights = sides::rights(work, &notice).await?;
    if !rights.reads_to {
        return Err(Error::Forbidden(Act::TransferReceive.code()));
    }
    if notice.state.terms.kind != Kind::TransferNotice {
        let state = notice.state.status.code().to_owned();
        return Err(Error::Conflict(Clash::State { state, code: "transfer_no_notice" }));
    }
    work.may_in(Act::TransferReceive, notice.to.unit.ok_or(Error::NotFound)?, None).await?;
    let status = notice.state.status;
    if status != Status::Requested && !status.is_running() {
        let refused = Clash::State { state: status.code().to_owned(), code: rules::Why::AlreadyEnded.as_str() };
        return Err(Error::Conflict(refused));
    }
    Ok(notice)
}

/// Completes a notice: the case moves here, and the notice ends with it.
pub async fn pull(work: &mut Work, id: ReferralId, pull: Pull, when: &When) -> Result<CaseId, Error> {
    let notice = notice(work, id).await?;
    let case = notice.case_id.ok_or(Error::NotFound)?;
    work.may_in(Act::TransferReceive, pull.unit, None).await?;
    let transfer = begin(work, &notice, pull).await?;
    let item = Uuid::now_v7();
    sqlx::query!("select access.pull_item($1, $2)", item, transfer.id.0).fetch_one(work.db()).await?;
    actions::check_place(work, &transfer, &pull.place).await?;
    actions::write_step(work, &transfer, Action::Begin, State::Approved, "", when).await?;
    moving::move_now(work, &transfer, item, case).await?;
    close(work, id).await?;
    Ok(case)
}

async fn begin(work: &mut Work, notice: &Referral, pull: Pull) -> Result<Transfer, Error> {
    let state = rules::step(State::Draft, Action::Begin, Side::Receiver).map_err(|_| Error::NotFound)?;
    let restricted = notice.state.terms.sensitivity == Sensitivity::Restricted;
    // The person agreed to the notice: its own consent is what stands on the case.
    let ground = Ground::OnFile;
    let new = NewTransfer {
        id: TransferId::new(),
        code: code('T'),
        mode: "pull",
        state,
        from_unit: notice.from.unit,
        to_unit: pull.unit,
        case_type: if restricted { notice.case_type } else { 0 },
        only_case: notice.case_id,
        reason: "notice",
        basis: ground.as_str(),
        agreed_on: ground.day(),
        with_types: Vec::new(),
        with_documents: true,
        with_referrals: true,
        with_household: true,
        to_manager: pull.place.manager,
        to_supervisor: pull.place.supervisor,
        agreement_id: pull.place.agreement,
        location_id: pull.place.location,
        notice: Some(notice.id),
    };
    store::insert(work, &new).await?;
    store::find(work, new.id).await
}

// What was announced has happened: the notice is accepted, where it was not yet, and completed.
async fn close(work: &mut Work, id: ReferralId) -> Result<(), Error> {
    let said = || Said { side: Some(End::To), ..Said::default() };
    let mut notice = referrals::find(work, id).await?;
    if notice.state.status == Status::Requested {
        notice = act(work, &notice, Move::Accept, said()).await?;
    }
    let what = ours("transfer-notice-outcome");
    act(work, &notice, Move::Complete { outcome: Outcome { what, ..Outcome::default() } }, said()).await?;
    Ok(())
}
