//! What the receiver does with a referral, as resources: each question has a page of its own and is answered by posting to it.
//!
//! The receiver of a referral accepts, declines, waits, makes appointments and reports; `actions::act` decides whether it may. Nothing
//! here asks for the ground of a consent or the reason of a cancellation, and nothing shows them (S19).

mod appointments;
mod case;
pub mod pages;
pub mod panel;
mod successor;

use chrono_tz::Tz;

use crate::error::{Clash, Error, invalid};
use crate::packs::{Demand, Pack, ReasonKind};
use crate::platform::db::{Actor, Work};
use crate::platform::ids::{ReferralId, UserId};
use crate::referrals::action::{Action, Outcome};
use crate::referrals::actions::{self, Said};
use crate::referrals::ask;
use crate::referrals::clocks::watch;
use crate::referrals::refusal::Why;
use crate::referrals::row::Referral;
use crate::referrals::rules::codes::coded;
use crate::referrals::sending::cash;
use crate::referrals::telling;
use crate::referrals::words::{Act, Kind, Sharing, Side, Source, Status, Step};
use crate::web::{Form, Routes};

/// The receiver's questions, its own case from a referral, and the sender's next service after a decline.
pub fn routes() -> Routes {
    pages::routes().and(case::routes()).and(successor::routes())
}

coded! {
    /// A question to the receiver, named like the address it is answered at.
    Resource {
        Acknowledgement = "acknowledgement",
        Acceptance = "acceptance",
        Decline = "decline",
        Waiting = "waiting",
        Hold = "hold",
        Appointment = "appointment",
        NoShow = "no-show",
        AppointmentCancellation = "appointment-cancellation",
        Start = "start",
        Visit = "visit",
        InterimNote = "interim-note",
        Outcome = "outcome",
        Failure = "failure",
        CancellationConfirmation = "cancellation-confirmation",
        DeletionConfirmation = "deletion-confirmation",
        Assignment = "assignment",
    }

    /// What a question's page asks beside when it happened.
    Ask {
        DeclineReason = "decline_reason",
        FailureReason = "failure_reason",
        Remark = "remark",
        Position = "position",
        ExpectedOn = "expected_on",
        /// A moment for the appointment; it may be left open.
        AtMaybe = "at_maybe",
        At = "at",
        Place = "place",
        /// Who asked for the change, and why.
        AskedBy = "asked_by",
        What = "what",
        HowMuch = "how_much",
        /// Of cash: amount, day, and whether the payee confirmed it (S26).
        Payment = "payment",
        Assignee = "assignee",
        /// How the sender heard the answer of an organisation without account, and who gave it.
        Source = "source",
    }
}

impl Resource {
    /// The question behind an act of the receiver; none for what is not the receiver's to do.
    pub fn of(act: Act) -> Option<Resource> {
        Some(match act {
            Act::Acknowledge => Resource::Acknowledgement,
            Act::Accept => Resource::Acceptance,
            Act::Decline => Resource::Decline,
            Act::Waitlist => Resource::Waiting,
            Act::HoldUnreachable => Resource::Hold,
            Act::Schedule | Act::Reschedule => Resource::Appointment,
            Act::NoShow => Resource::NoShow,
            Act::AppointmentCancelled => Resource::AppointmentCancellation,
            Act::Start | Act::Resume => Resource::Start,
            Act::VisitCompleted => Resource::Visit,
            Act::InterimNote => Resource::InterimNote,
            Act::Complete | Act::ServeNow => Resource::Outcome,
            Act::Fail => Resource::Failure,
            Act::ConfirmCancellation => Resource::CancellationConfirmation,
            Act::ConfirmDeletion => Resource::DeletionConfirmation,
            Act::Assign => Resource::Assignment,
            _ => return None,
        })
    }

    /// Where the question stands and is answered.
    pub fn path(self, id: ReferralId) -> String {
        format!("/referrals/{id}/{self}")
    }

    /// What its page asks; of the sender, who records an answer for an organisation without account, also how it was heard.
    pub fn asks(self, referral: &Referral) -> Vec<Ask> {
        let mut asks = self.asks_of_receiver(referral);
        if has_no_account(referral) {
            asks.push(Ask::Source);
        }
        asks
    }

    /// What it asks of the receiver.
    pub fn asks_of_receiver(self, referral: &Referral) -> Vec<Ask> {
        match self {
            Resource::Acknowledgement | Resource::DeletionConfirmation => Vec::new(),
            Resource::Acceptance => vec![Ask::AtMaybe, Ask::Place, Ask::Remark],
            Resource::Decline => vec![Ask::DeclineReason, Ask::Remark],
            Resource::Waiting => vec![Ask::Position, Ask::ExpectedOn, Ask::Remark],
            Resource::Appointment if is_appointed(referral) => vec![Ask::At, Ask::Place, Ask::AskedBy, Ask::Remark],
            Resource::Appointment => vec![Ask::At, Ask::Place, Ask::Remark],
            Resource::AppointmentCancellation => vec![Ask::AskedBy, Ask::Remark],
            Resource::Outcome => vec![Ask::What, Ask::HowMuch, Ask::Remark],
            Resource::Failure => vec![Ask::FailureReason, Ask::Remark],
            Resource::Assignment => vec![Ask::Assignee],
            Resource::Hold | Resource::NoShow | Resource::Start | Resource::Visit => vec![Ask::Remark],
            Resource::InterimNote | Resource::CancellationConfirmation => vec![Ask::Remark],
        }
    }
}

/// Of cash the amount is asked with its day, and whether the payee confirmed it (S26).
pub fn with_payment(mut asks: Vec<Ask>, pack: &Pack, referral: &Referral) -> Vec<Ask> {
    if referral.state.terms.kind != Kind::TransferNotice && cash::is(pack, &referral.wanted.need) {
        asks.iter_mut().filter(|ask| **ask == Ask::HowMuch).for_each(|ask| *ask = Ask::Payment);
    }
    asks
}

/// Refuses a question that nobody asks any more, with how the referral ended; that copies are deleted is confirmed afterwards too (S4).
pub fn still_asked(resource: Resource, referral: &Referral) -> Result<(), Error> {
    let state = &referral.state;
    let afterwards = resource == Resource::DeletionConfirmation && state.sharing == Sharing::DeletionAsked;
    if !watch::is_over(state.status) || afterwards {
        return Ok(());
    }
    // A notice is taken over; no service is given by it.
    let taken_over = state.terms.kind == Kind::TransferNotice && state.status == Status::Completed;
    let state = if taken_over { "taken_over" } else { state.status.code() };
    Err(Error::Conflict(Clash::State { state: state.to_owned(), code: Why::AlreadyEnded.code() }))
}

/// Nobody on the other side works here: they answer by link, or the sender writes down what they say.
pub fn has_no_account(referral: &Referral) -> bool {
    referral.state.terms.kind == Kind::External
}

// Whoever comes by the receiver's own link speaks for themselves.
fn is_recorded_by_sender(work: &Work, referral: &Referral) -> bool {
    has_no_account(referral) && !matches!(work.actor, Actor::Link(_))
}

fn is_appointed(referral: &Referral) -> bool {
    matches!(referral.state.step, Step::Scheduled | Step::Rescheduled)
}

pub(super) use pages::{key, pack, reasons};

/// Who asked for another appointment.
pub const ASKED_BY: &[&str] = &["person", "caregiver", "us", "sender"];
/// Why an appointment is moved or called off.
pub const WHY: &[&str] = &["unwell", "transport", "not_safe", "no_staff", "other_appointment", "no_longer_wanted", "other"];

/// Answers a question as the form says; several steps, where there are, stand or fall together.
pub async fn answer(
    work: &mut Work,
    id: ReferralId,
    resource: Resource,
    form: &mut Form,
    pack: &Pack,
) -> Result<Referral, Error> {
    let referral = crate::referrals::store::find(work, id).await?;
    if form.parsed_maybe::<i32>("version").is_some_and(|seen| seen != referral.version) {
        return Err(Error::Conflict(Clash::Stale));
    }
    let zone: Tz = work.standing.time_zone.parse().unwrap_or(chrono_tz::UTC);
    let steps = actions_of(resource, &referral, form, zone);
    let mut said = said(work, &referral, resource, form, zone)?;
    require_explanation(resource, form, pack);
    form.check()?;
    let mut referral = referral;
    for action in steps {
        actions::check_kind(work, &referral, action.act(), &said).await?;
        let is_change = matches!(action, Action::Reschedule { .. } | Action::AppointmentCancelled);
        if is_change {
            appointments::note_change(work, id, form.value("asked_by"), form.value("why")).await?;
        }
        referral = actions::act(work, &referral, action, said.clone()).await.map_err(|error| beside_who(error, form))?;
        // The words go with the first step; the log shows them once.
        said.remark.clear();
    }
    Ok(referral)
}

fn actions_of(resource: Resource, referral: &Referral, form: &mut Form, zone: Tz) -> Vec<Action> {
    match resource {
        Resource::Acknowledgement => vec![Action::Acknowledge],
        Resource::Acceptance => {
            let at = form.moment_maybe("at", zone);
            [Action::Accept].into_iter().chain(at.map(|at| Action::Schedule { at })).collect()
        }
        Resource::Decline => vec![Action::Decline { reason: form.text("reason", 40) }],
        Resource::Waiting => vec![Action::Waitlist { expected_on: form.date_maybe("expected_on") }],
        Resource::Hold => vec![Action::HoldUnreachable],
        Resource::Appointment => appointment(referral, form, zone).into_iter().collect(),
        Resource::NoShow => vec![Action::NoShow],
        Resource::AppointmentCancellation => {
            asked(form);
            vec![Action::AppointmentCancelled]
        }
        Resource::Start if referral.state.status == Status::OnHold => vec![Action::Resume],
        Resource::Start => vec![Action::Start],
        Resource::Visit => vec![Action::VisitCompleted],
        Resource::InterimNote => {
            form.text("remark", 4000);
            vec![Action::InterimNote]
        }
        Resource::Outcome => {
            let how_much = form.text_maybe("how_much", 100);
            let outcome = Outcome {
                what: form.text("what", 2000),
                how_much: (!how_much.is_empty()).then_some(how_much),
                paid_on: form.date_maybe("paid_on"),
                paid_confirmed: ask::yes_no(form, "paid_confirmed"),
            };
            match referral.state.status {
                Status::Requested => vec![Action::ServeNow { outcome }],
                _ => vec![Action::Complete { outcome }],
            }
        }
        Resource::Failure => vec![Action::Fail { reason: form.text("reason", 40) }],
        Resource::CancellationConfirmation => vec![Action::ConfirmCancellation],
        Resource::DeletionConfirmation => vec![Action::ConfirmDeletion],
        Resource::Assignment => vec![Action::Assign],
    }
}

fn appointment(referral: &Referral, form: &mut Form, zone: Tz) -> Option<Action> {
    let at = form.moment_maybe("at", zone);
    // A browser sends what it could not read of a date and time as nothing at all.
    if at.is_none() && form.error("at").is_none() {
        form.errors.add("at", "not_a_moment");
    }
    if is_appointed(referral) {
        asked(form);
        return at.map(|at| Action::Reschedule { at });
    }
    at.map(|at| Action::Schedule { at })
}

fn asked(form: &mut Form) {
    form.one_of("asked_by", ASKED_BY.iter().copied());
    form.one_of("why", WHY.iter().copied());
}

fn said(work: &Work, referral: &Referral, resource: Resource, form: &mut Form, zone: Tz) -> Result<Said, Error> {
    let assignee = match resource {
        Resource::Assignment if !form.filled("assignee") => Some(work.me()?),
        Resource::Assignment => form.parsed::<UserId>("assignee"),
        _ => None,
    };
    let outside = is_recorded_by_sender(work, referral);
    let on_behalf: Option<Source> =
        if outside { form.one_of("on_behalf", Source::ALL.iter().map(|source| source.code())).parse().ok() } else { None };
    let who = if outside { form.text("who", 200) } else { String::new() };
    let words = form.text_maybe("remark", 4000);
    Ok(Said {
        side: Some(if outside { Side::From } else { Side::To }),
        on_behalf,
        // Who said it stands before what they said; both are sealed.
        remark: [who, words].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": "),
        happened_at: form.moment_maybe("happened_at", zone),
        late_reason: form.text_maybe("late_reason", 200),
        assignee,
        waitlist_position: form.parsed_maybe::<i32>("position").filter(|_| resource == Resource::Waiting),
        place: form.text_maybe("place", 200),
        ..Said::default()
    })
}

// Who said it goes into the remark; where nothing else was typed, it is there that the words are mended.
fn beside_who(error: Error, form: &Form) -> Error {
    match error {
        Error::Invalid(errors) if !form.filled("remark") => match errors.get("remark") {
            Some(code) if telling::is_stopped(Some(code)) => invalid("who", code),
            _ => Error::Invalid(errors),
        },
        error => error,
    }
}

// A reason is one of the pack's, and some of them ask for a sentence.
fn require_explanation(resource: Resource, form: &mut Form, pack: &Pack) {
    let kind = match resource {
        Resource::Decline => ReasonKind::Decline,
        Resource::Failure => ReasonKind::Failure,
        _ => return,
    };
    match pack.reason(kind, form.value("reason")) {
        Some(reason) if reason.demands(Demand::Explanation) && !form.filled("remark") => form.errors.add("remark", "required"),
        Some(_) => {}
        None => form.errors.add("reason", "not_a_choice"),
    }
}
