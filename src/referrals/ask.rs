//! What a form or a request body says should happen, as the action that the rules take: one reading for pages and programs.

use super::action::{Action, Outcome};
use super::actions::{self, Said};
use super::clocks::watch;
use super::conversation::{self, Words};
use super::loop_state::Receipt;
use super::row::Referral;
use super::sending::send;
use super::words::{Act, Confirmer, Extent};
use crate::error::{Clash, Error, invalid};
use crate::packs::{Demand, Meaning, Pack, Reason, ReasonKind};
use crate::platform::db::Work;
use crate::web::Form;

/// Does what the form says: its `action`, in the version it names.
pub async fn carry_out(work: &mut Work, referral: &Referral, form: &mut Form) -> Result<Referral, Error> {
    if form.parsed_maybe::<i32>("version").is_some_and(|seen| seen != referral.version) {
        return Err(Error::Conflict(Clash::Stale));
    }
    let act: Act = form.value("action").parse().map_err(|_| invalid("action", "not_a_choice"))?;
    let said = said(work, form)?;
    match act {
        Act::Submit => {
            let kept = super::sending::draft::form(work, referral).await?;
            send::submit(work, referral, &kept).await
        }
        Act::SendForReview => {
            let kept = super::sending::draft::form(work, referral).await?;
            form.check()?;
            send::ask_for_review(work, referral, &kept).await
        }
        Act::Amend => {
            let asked = form.clone();
            send::amend(work, referral, &asked, said).await
        }
        Act::Message => {
            let words = Words::typed(form);
            form.check()?;
            conversation::say(work, referral, &words).await
        }
        act => {
            let pack = watch::pack_of(work, referral.case_type).await?.ok_or(Error::NotFound)?;
            let action = action(work, act, form, &pack)?;
            form.check()?;
            actions::check_kind(work, referral, act, &said).await?;
            actions::act(work, referral, action, said).await
        }
    }
}

/// An answer to a question of yes or no, where it was given.
pub(super) fn yes_no(form: &Form, field: &str) -> Option<bool> {
    match form.value(field) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn said(work: &Work, form: &mut Form) -> Result<Said, Error> {
    let zone = work.standing.time_zone.parse().unwrap_or(chrono_tz::UTC);
    let said = Said {
        side: form.value("side").parse().ok(),
        on_behalf: form.value("on_behalf").parse().ok(),
        remark: form.text_maybe("remark", 4000),
        happened_at: form.moment_maybe("happened_at", zone),
        late_reason: form.text_maybe("late_reason", 200),
        assignee: form.parsed_maybe("assignee"),
        waitlist_position: form.parsed_maybe("position"),
        place: form.text_maybe("place", 200),
        satisfied: yes_no(form, "satisfied"),
        new_needs: yes_no(form, "new_needs"),
        own_side_only: form.ticked("own_side_only"),
    };
    form.check()?;
    Ok(said)
}

fn action(work: &Work, act: Act, form: &mut Form, pack: &Pack) -> Result<Action, Error> {
    let zone = work.standing.time_zone.parse().unwrap_or(chrono_tz::UTC);
    let at = |form: &mut Form| {
        if !form.filled("at") {
            form.errors.add("at", "required");
        }
        form.moment_maybe("at", zone).unwrap_or_else(|| work.now())
    };
    Ok(match act {
        Act::Edit => Action::Edit,
        Act::SendForReview => Action::SendForReview,
        Act::Return => Action::Return { reason: form.text("reason", 1000) },
        Act::Approve => Action::Approve,
        Act::Discard => Action::Discard,
        Act::Assign => Action::Assign,
        Act::Acknowledge => Action::Acknowledge,
        Act::Accept => Action::Accept,
        Act::Decline => Action::Decline { reason: coded(form, pack.reasons(ReasonKind::Decline)) },
        Act::Waitlist => Action::Waitlist { expected_on: form.date_maybe("expected_on") },
        Act::HoldUnreachable => Action::HoldUnreachable,
        Act::Start => Action::Start,
        Act::Resume => Action::Resume,
        Act::Schedule => Action::Schedule { at: at(form) },
        Act::Reschedule => Action::Reschedule { at: at(form) },
        Act::NoShow => Action::NoShow,
        Act::AppointmentCancelled => Action::AppointmentCancelled,
        Act::VisitCompleted => Action::VisitCompleted,
        Act::InterimNote => Action::InterimNote,
        Act::Complete => Action::Complete { outcome: outcome(form) },
        Act::ServeNow => Action::ServeNow { outcome: outcome(form) },
        Act::Fail => Action::Fail { reason: coded(form, pack.reasons(ReasonKind::Failure)) },
        Act::Cancel => Action::Cancel { reason: coded(form, cancelling(pack, act)) },
        Act::RequestCancellation => Action::RequestCancellation { reason: coded(form, cancelling(pack, act)) },
        Act::ConfirmCancellation => Action::ConfirmCancellation,
        Act::Withdraw => Action::Withdraw { extent: extent(form) },
        Act::ConfirmDeletion => Action::ConfirmDeletion,
        Act::PersonNoLongerWants => Action::PersonNoLongerWants,
        Act::MarkError => Action::MarkError { reason: form.text("reason", 1000) },
        Act::ReopenLoop => Action::ReopenLoop { reason: form.text("reason", 1000) },
        Act::NoteDecision => Action::NoteDecision { reason: form.text("reason", 1000) },
        Act::ConfirmReceipt => Action::ConfirmReceipt(receipt(form)),
        Act::Submit | Act::Amend | Act::Message => return Err(invalid("action", "not_a_choice")),
    })
}

/// The reasons that may be given for this way of cancelling. Withdrawn consent is a withdrawal, which closes the packet at once; a person who no
/// longer wants the service is not held by the handshake, there is an act of its own for that (S4).
pub(super) fn cancelling(pack: &Pack, act: Act) -> impl Iterator<Item = &Reason> {
    pack.reasons(ReasonKind::Cancellation).filter(move |reason| match reason.meaning {
        Some(Meaning::ConsentWithdrawn) => false,
        Some(Meaning::NotWanted) => act != Act::RequestCancellation,
        _ => true,
    })
}

// A reason out of these; one that demands an explanation is not enough by itself.
fn coded<'a>(form: &mut Form, reasons: impl Iterator<Item = &'a Reason>) -> String {
    let reasons: Vec<&Reason> = reasons.collect();
    let code = form.one_of("reason", reasons.iter().map(|reason| reason.code.as_str()));
    let explain = reasons.iter().any(|reason| reason.code == code && reason.demands(Demand::Explanation));
    if explain && !form.filled("remark") {
        form.errors.add("remark", "required");
    }
    code
}

fn outcome(form: &mut Form) -> Outcome {
    let how_much = form.text_maybe("how_much", 100);
    Outcome {
        what: form.text("what", 1000),
        how_much: (!how_much.is_empty()).then_some(how_much),
        paid_on: form.date_maybe("paid_on"),
        paid_confirmed: yes_no(form, "paid_confirmed"),
    }
}

fn extent(form: &mut Form) -> Extent {
    let code = form.one_of("extent", Extent::ALL.iter().map(|extent| extent.code()));
    code.parse().unwrap_or(Extent::StopSharing)
}

fn receipt(form: &mut Form) -> Receipt {
    let by = |form: &mut Form| {
        let code = form.one_of("by", Confirmer::ALL.iter().map(|by| by.code()));
        code.parse().unwrap_or(Confirmer::Person)
    };
    match form.one_of("receipt", ["received", "not_received", "no_answer", "not_asked", "provider_only"]).as_str() {
        "received" => Receipt::Received(by(form)),
        "not_received" => Receipt::NotReceived(by(form)),
        "not_asked" => Receipt::NotAsked(form.text("reason", 60)),
        "provider_only" => Receipt::ProviderOnly,
        _ => Receipt::NoAnswer,
    }
}
