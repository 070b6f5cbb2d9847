//! The line of steps of a referral: sent, acknowledged, accepted, served, confirmed.

use chrono::{DateTime, Utc};

use super::show::signature;
use crate::referrals::clocks::watch;
use crate::referrals::loop_state;
use crate::referrals::row::Referral;
use crate::referrals::store::Logged;
use crate::referrals::words::{Act, Loop, Side, Status};
use crate::web::Page;
use crate::web::parts::{Step, StepAt};

/// Each step with its time and who took it.
pub(super) fn steps(p: &Page, referral: &Referral, log: &[Logged], side: Side) -> Vec<Step> {
    let state = &referral.state;
    let known = loop_state::seen_by(state, side);
    let served = state.times.ended.filter(|_| state.status == Status::Completed);
    let confirmed = state.closing.changed_at.filter(|_| known == Loop::Verified);
    // An answer that came without a receipt is the receipt too.
    let received = match (state.times.acknowledged, state.status) {
        (Some(at), _) => (Act::Acknowledge, Some(at)),
        (None, Status::Rejected) => (Act::Decline, state.times.decided),
        (None, _) => (Act::Accept, state.times.decided),
    };
    let rows = [
        ("sent", Act::Submit, state.times.sent),
        ("acknowledged", received.0, received.1),
        ("accepted", Act::Accept, state.times.decided.filter(|_| state.status != Status::Rejected)),
        ("served", Act::Complete, served),
        ("confirmed", Act::ConfirmReceipt, confirmed),
    ];
    let reached = rows.iter().rposition(|(_, _, at)| at.is_some());
    let ended = watch::is_over(state.status);
    let step = |(index, (code, act, at)): (usize, &(&str, Act, Option<DateTime<Utc>>))| {
        let by = log.iter().rev().find(|line| line.made.act == *act).map(|line| signature(p, line)).unwrap_or_default();
        let note = at.map(|at| format!("{} · {by}", p.moment(&at))).unwrap_or_default();
        let place = match (at, reached) {
            (Some(_), Some(last)) if last == index && !ended => StepAt::Current,
            (Some(_), _) => StepAt::Done,
            (None, Some(last)) if index < last => StepAt::Done,
            _ => StepAt::Open,
        };
        Step::new(p.tc("referral-step", code), note.trim_end_matches(" · ").to_owned(), place)
    };
    rows.iter().enumerate().map(step).collect()
}
