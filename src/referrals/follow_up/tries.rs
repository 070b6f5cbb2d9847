//! Tries to reach a person are on different days (S7).
//!
//! Three calls within an hour find the same phone switched off three times. S7 ends the asking after three tries at safe hours; the pack's
//! `confirmation_tries` says how many. That each has a day of its own is our reading of it, so that a person has had as many days to be reached.
use crate::error::{Clash, Error};
use crate::platform::db::Work;
use crate::referrals::action::Action;
use crate::referrals::loop_state::Receipt;
use crate::referrals::referral::Move;
use crate::referrals::refusal::Why;
use crate::referrals::row::Referral;

/// Refuses a second try of one day, as the worker's clock has days.
pub(in crate::referrals) async fn check(
    work: &mut Work,
    referral: &Referral,
    action: &Action,
    made: &[Move],
) -> Result<(), Error> {
    let (Action::ConfirmReceipt(Receipt::NoAnswer), Some(now)) = (action, made.last()) else { return Ok(()) };
    let zone = work.zone();
    let before = sqlx::query_scalar!(
        "select happened_at from referral_moves
         where referral_id = $1 and action = 'confirm_receipt' and loop in ('open', 'unreachable') order by happened_at desc limit 50",
        referral.id.0
    )
    .fetch_all(work.db())
    .await?;
    let day = now.happened_at.with_timezone(&zone).date_naive();
    if before.iter().any(|at| at.with_timezone(&zone).date_naive() == day) {
        let state = referral.state.status.code().to_owned();
        return Err(Error::Conflict(Clash::State { state, code: Why::TriedThatDay.code() }));
    }
    Ok(())
}
