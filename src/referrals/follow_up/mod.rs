//! Did the service come? The sender's side asks the person as was agreed, and closes or opens the loop (S7).
//!
//! Words of the person stay on the sender's side. Whether the provider learns that the person says no is the person's own decision,
//! asked at that moment. A caregiver or head of household never verifies what is protected.

pub(super) mod pages;
pub(super) mod tries;
pub mod ways;

use chrono_tz::Tz;

use crate::error::{Clash, Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::ReferralId;
use crate::referrals::action::Action;
use crate::referrals::actions::{self, Said};
use crate::referrals::loop_state::Receipt;
use crate::referrals::referral::State;
use crate::referrals::refusal::Why;
use crate::referrals::row::Referral;
use crate::referrals::rules::codes::coded;
use crate::referrals::sides;
use crate::referrals::store;
use crate::referrals::words::{Confirmer, DisputeSharing, Loop, Side};
use crate::web::Form;

coded! {
    /// What came of asking.
    Answer {
        Received = "received",
        NotReceived = "not_received",
        /// The person could not be reached this time.
        NoAnswer = "no_answer",
        /// Nobody on the person's side can say.
        ProviderOnly = "provider_only",
        NotAsked = "not_asked",
    }
}

/// Why the person is not asked.
pub const WHY_NOT: &[&str] = &["agreed_not_to_ask", "not_safe_to_ask", "person_does_not_want"];

/// The referral, for somebody who reads it from the sender's side; absent for everybody else, the provider too.
pub async fn find(work: &mut Work, id: ReferralId) -> Result<Referral, Error> {
    let referral = store::find(work, id).await?;
    let rights = sides::rights(work, &referral).await?;
    if rights.reads_from { Ok(referral) } else { Err(Error::NotFound) }
}

/// Whether there is something to ask about: it ended, and nobody has said yet whether the service came.
pub fn is_to_be_asked(state: &State) -> bool {
    state.status.is_answered() && state.closing.state == Loop::Open
}

/// How many tries are left before the person counts as unreachable.
pub fn tries_left(state: &State) -> u8 {
    state.terms.tries_allowed.saturating_sub(state.closing.tries)
}

/// Writes down what came of asking.
pub async fn record(work: &mut Work, id: ReferralId, form: &mut Form) -> Result<Referral, Error> {
    let mut referral = find(work, id).await?;
    let receipt = receipt(form);
    let said = said(work, form);
    form.check()?;
    let Some(receipt) = receipt else { return Err(invalid("answer", "required")) };
    if matches!(receipt, Receipt::NotReceived(_)) && form.ticked("tell_provider") {
        referral.state.terms.dispute_sharing = DisputeSharing::Agreed;
    }
    actions::act(work, &referral, Action::ConfirmReceipt(receipt), said).await.map_err(beside_its_field)
}

/// Opens a wrongly closed loop, with a reason; also how a dispute is taken up again.
pub async fn reopen(work: &mut Work, id: ReferralId, form: &mut Form) -> Result<Referral, Error> {
    let referral = find(work, id).await?;
    let reason = form.text("reason", 1000);
    form.check()?;
    let said = Said { side: Some(Side::From), own_side_only: true, ..Said::default() };
    actions::act(work, &referral, Action::ReopenLoop { reason }, said).await
}

fn receipt(form: &mut Form) -> Option<Receipt> {
    let answer: Answer = form.one_of("answer", Answer::ALL.iter().map(|answer| answer.code())).parse().ok()?;
    Some(match answer {
        Answer::Received => Receipt::Received(confirmer(form)?),
        Answer::NotReceived => Receipt::NotReceived(confirmer(form)?),
        Answer::NoAnswer => Receipt::NoAnswer,
        Answer::ProviderOnly => Receipt::ProviderOnly,
        Answer::NotAsked => Receipt::NotAsked(form.one_of("why_not", WHY_NOT.iter().copied())),
    })
}

fn confirmer(form: &mut Form) -> Option<Confirmer> {
    form.one_of("confirmer", Confirmer::ALL.iter().map(|who| who.code())).parse().ok()
}

fn said(work: &Work, form: &mut Form) -> Said {
    let zone: Tz = work.standing.time_zone.parse().unwrap_or(chrono_tz::UTC);
    let yes_or_no = |form: &Form, name: &str| match form.value(name) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    Said {
        side: Some(Side::From),
        remark: form.text_maybe("remark", 4000),
        own_side_only: true,
        happened_at: form.moment_maybe("happened_at", zone),
        late_reason: form.text_maybe("late_reason", 200),
        satisfied: yes_or_no(form, "satisfied"),
        new_needs: yes_or_no(form, "new_needs"),
        ..Said::default()
    }
}

// Who may say so is a choice on the form, so its refusal stands there and the words typed are not lost.
fn beside_its_field(error: Error) -> Error {
    let Error::Conflict(Clash::State { code, .. }) = &error else { return error };
    for why in [Why::CaregiverCannotVerify, Why::HeadCannotVerify] {
        if *code == why.code() {
            return invalid("confirmer", why.code());
        }
    }
    for why in [Why::AgreedNotToAsk, Why::NotCompleted, Why::TriedThatDay] {
        if *code == why.code() {
            return invalid("answer", why.code());
        }
    }
    error
}
