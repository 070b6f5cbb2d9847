//! The line of steps of a referral: sent, acknowledged, accepted, served, confirmed; and whose move it is now.

use chrono::{DateTime, Utc};

use super::log::signature;
use crate::referrals::clocks::{is_the_senders_own, watch};
use crate::referrals::deadlines::Watch;
use crate::referrals::loop_state;
use crate::referrals::next::{self, Awaited, NextMove};
use crate::referrals::referral::State;
use crate::referrals::row::Referral;
use crate::referrals::store::Logged;
use crate::referrals::words::{Act, Kind, Loop, Sharing, Side, Status};
use crate::web::Page;
use crate::web::parts::{Step, StepAt};

/// Each step with its time and who took it.
pub(super) fn steps(p: &Page, referral: &Referral, log: &[Logged], side: Side) -> Vec<Step> {
    let state = &referral.state;
    let known = loop_state::seen_by(state, side);
    let served = state.times.ended.filter(|_| state.status == Status::Completed);
    let confirmed = state.closing.changed_at.filter(|_| known == Loop::Verified);
    // Declined stays declined, also where it was taken back as a mistake afterwards.
    let declined = log.iter().any(|line| line.made.act == Act::Decline);
    // An answer that came without a receipt is the receipt too.
    let received = match state.times.acknowledged {
        Some(at) => (Act::Acknowledge, Some(at)),
        None => (if declined { Act::Decline } else { Act::Accept }, state.times.decided),
    };
    let mut rows = vec![("sent", Act::Submit, state.times.sent), ("acknowledged", received.0, received.1)];
    if state.terms.kind == Kind::TransferNotice {
        rows.push(("taken-over", Act::Complete, served));
    } else {
        rows.extend([
            ("accepted", Act::Accept, state.times.decided.filter(|_| !declined)),
            ("served", Act::Complete, served),
            ("confirmed", Act::ConfirmReceipt, confirmed),
        ]);
    }
    let reached = rows.iter().rposition(|(_, _, at)| at.is_some());
    let ended = watch::is_over(state.status);
    let step = |(index, (code, act, at)): (usize, &(&str, Act, Option<DateTime<Utc>>))| {
        let by = log.iter().rev().find(|line| line.made.act == *act).map(|line| signature(p, line)).unwrap_or_default();
        let note = at.map(|at| p.signed(&p.moment(&at), &by)).unwrap_or_default();
        let place = match (at, reached) {
            (Some(_), Some(last)) if last == index && !ended => StepAt::Current,
            (Some(_), _) => StepAt::Done,
            (None, Some(last)) if index < last => StepAt::Done,
            (None, _) if comes_no_further(state, known, side) => StepAt::Never,
            (None, _) => StepAt::Open,
        };
        Step::new(p.tc("referral-step", code), note.trim_end_matches(" · ").to_owned(), place)
    };
    rows.iter().enumerate().map(step).collect()
}

// What was declined, taken back or sent by mistake goes no further. Of what was served the person's word may still come, unless it is known
// that it won't; to the receiver every loop that nobody confirmed looks like one that may be (S7).
fn comes_no_further(state: &State, known: Loop, side: Side) -> bool {
    // After a withdrawal nobody decides on what they may not read (S4).
    if state.status == Status::Requested && state.sharing != Sharing::Open && state.terms.kind != Kind::SelfReferral {
        return true;
    }
    let awaits_word = known == Loop::Open || side == Side::To && known == Loop::ReportedOnly;
    watch::is_over(state.status) && !(state.status == Status::Completed && awaits_word)
}

/// The most pressing of what this side may know of: what the sender owes the person is the sender's own, and telling a dispute from
/// silence by it would be easy (S7).
pub(super) fn awaited(state: &State, watch: &Watch<'_>, now: DateTime<Utc>, side: Side) -> NextMove {
    let all = next::all_moves(state, watch, now);
    // That the other side sees nothing more comes before what it still owes.
    if let Some(left) = all.iter().find(|wait| side == Side::From && wait.what == Awaited::DecideAfterWithdrawal) {
        return *left;
    }
    let known = all.into_iter().filter(|wait| side != Side::To || !is_the_senders_own(wait.what));
    let nothing = NextMove { side: None, what: Awaited::Nothing, since: None, due: None };
    known.min_by_key(|wait| wait.due.unwrap_or(DateTime::<Utc>::MAX_UTC)).unwrap_or(nothing)
}

/// Whose move it is, in one sentence; of what is the sender's own the receiver reads nothing.
pub(in crate::referrals) fn whose_move(p: &Page, side: Side, next: NextMove) -> String {
    sentence(p, side, next, "referral-move-withdrawn")
}

/// The same on the referral's own page: a copy that went by mail or on paper is seen for ever.
pub(super) fn whose_move_of(p: &Page, referral: &Referral, side: Side, next: NextMove) -> String {
    let outside = referral.state.terms.kind == Kind::External;
    sentence(p, side, next, if outside { "referral-move-withdrawn-outside" } else { "referral-move-withdrawn" })
}

/// Whose move it is while nothing was sent to anybody: no answer is awaited before the sender told them.
pub(super) fn tells_them(p: &Page, next: NextMove) -> String {
    format!("{} {}. {}", p.t("referral-move-yours"), p.t("referral-move-tell"), by(p, next)).trim().to_owned()
}

/// Who of an organisation outside was asked to delete its copies, and whom the sender must ask (S4); nothing for anybody else.
pub(super) fn recalled(p: &Page, referral: &Referral, side: Side, watch: &Watch<'_>, to: &str) -> String {
    let state = &referral.state;
    if side != Side::From || state.terms.kind != Kind::External || state.sharing != Sharing::DeletionAsked {
        return String::new();
    }
    let asks = |wait: &&NextMove| matches!(wait.what, Awaited::AskToDelete | Awaited::ConfirmDeletion);
    let due = next::all_moves(state, watch, p.reader.now).iter().find(asks).and_then(|wait| wait.due);
    let (key, day) = match (state.is_recalled_by_hand(), state.times.deletion_mailed) {
        (true, _) => ("referral-recall-by-hand", due),
        (_, Some(at)) => ("referral-recall-mailed", Some(at)),
        _ => ("referral-recall-asking", None),
    };
    let day = day.map(|day| p.reader.day(day)).unwrap_or_default();
    crate::platform::text::text_with(p.reader.lang, key, &[("org", to.to_owned().into()), ("day", day.into())])
}

fn sentence(p: &Page, side: Side, next: NextMove, withdrawn_key: &str) -> String {
    if next.what == Awaited::Nothing || side == Side::To && is_the_senders_own(next.what) {
        return p.t("referral-move-nothing");
    }
    let withdrawn = next.since.filter(|_| next.what == Awaited::DecideAfterWithdrawal);
    let withdrawn = withdrawn.map(|at| p.ta(withdrawn_key, "day", p.reader.day(at))).unwrap_or_default();
    let whose = if next.side == Some(side) { p.t("referral-move-yours") } else { p.t("referral-move-theirs") };
    let what = p.tc("referral-awaited", next.what.code());
    format!("{withdrawn} {whose} {what}. {}", by(p, next)).trim().to_owned()
}

fn by(p: &Page, next: NextMove) -> String {
    let Some(due) = next.due else { return String::new() };
    let late = due < p.reader.now;
    let words = format!("{} ({})", p.reader.day(due), if late { p.reader.overdue(due) } else { p.reader.relative(due) });
    p.ta(if late { "referral-move-was-due" } else { "referral-move-by" }, "when", words)
}
