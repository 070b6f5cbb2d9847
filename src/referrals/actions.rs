//! The one verb by which everything happens to a referral, from either side and every surface.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::action::Action;
use super::clocks::watch::{self, Clockwork};
use super::follow_up::{confirmers, tries};
use super::moves;
use super::possible;
use super::referral::{LateEntry, Move, When};
use super::refusal::{Refused, Why};
use super::row::Referral;
use super::sending::cash;
use super::sides;
use super::store::{self, Beside, Words};
use super::telling::{self, OnMove};
use super::words::{Act, Extent, Kind, Sequel, Side, Source, Status};
use crate::audit::Fact;
use crate::error::{Clash, Error, FieldErrors, invalid};
use crate::packs::{Consequence, ReasonKind};
use crate::platform::db::Work;
use crate::platform::ids::UserId;

/// What is said with an action, beside what the rules need; the default says nothing and happens now.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// The side the actor acts for, where they may act for both.
    pub side: Option<Side>,
    /// How the answer was heard that the sender records for an organisation without account.
    pub on_behalf: Option<Source>,
    /// Free words; they are sealed.
    pub remark: String,
    /// Only the acting side reads the words.
    pub own_side_only: bool,
    /// When it happened; now if `None`.
    pub happened_at: Option<DateTime<Utc>>,
    /// Why it is typed in late (S31).
    pub late_reason: String,
    /// Who holds it on the receiving side from now on.
    pub assignee: Option<UserId>,
    /// The place on the waiting list.
    pub waitlist_position: Option<i32>,
    /// Where an appointment is.
    pub place: String,
    /// Whether the person is satisfied.
    pub satisfied: Option<bool>,
    /// Whether the person has new needs.
    pub new_needs: Option<bool>,
}

/// Does something with a referral, in the caller's transaction: checks side, rights and rules, saves state, log, clocks, packets and tasks,
/// and records the fact. Answers with the referral as it is now.
pub async fn act(work: &mut Work, referral: &Referral, action: Action, said: Said) -> Result<Referral, Error> {
    let (mut made, side, clockwork) = made(work, referral, &action, &said).await?;
    tries::check(work, referral, &action, &made).await?;
    confirmers::check(work, referral, &action).await?;
    promises_a_place(work, &action, &said)?;
    close_where_nothing_follows(work, referral, &action, &mut made).await?;
    let Some(last) = made.last() else { return Ok(referral.clone()) };
    let shown = sides::shown(work, referral, side).await?;
    let words = seal_words(work, referral, &action, &said).await?;
    let read_there = !words.own_side_only;
    let beside = beside(work, referral, &action, side, &said).await?;
    let deadline = clockwork.deadline(&last.state, work.now());
    store::save_state(work, referral, &last.state, &beside, &deadline).await?;
    if let Some(paid) = beside.paid {
        store::save_payment(work, referral.id, paid).await?;
    }
    store::save_moves(work, referral.id, &made, &shown, &words).await?;
    appointments(work, referral, &action, &said).await?;
    packets(work, referral, last.state.status, &action, &clockwork).await?;
    let after = store::find(work, referral.id).await?;
    if read_there {
        telling::check(work, &after, &OnMove { side, made: &made, words: words_of(&said, &action) }).await?;
    }
    watch::give_turns(work, &after, &clockwork).await?;
    record(work, &after, &made, &action).await?;
    Ok(after)
}

/// Refuses an answer that a referral of this kind has no use for. Taking a case over after a notice goes past it.
pub async fn check_kind(work: &mut Work, referral: &Referral, act: Act, said: &Said) -> Result<(), Error> {
    let rights = sides::rights(work, referral).await?;
    let side = sides::side_for(work, referral, rights, act, said.side);
    let fits = side != Side::To || possible::fits_kind(referral.state.terms.kind, act);
    if fits { Ok(()) } else { Err(invalid("action", "not_a_choice")) }
}

// No list is longer than this; more often a year or a telephone number was typed.
const LAST_PLACE: i32 = 10_000;

// A place that no list has, and a day that is past, promise the person nothing.
fn promises_a_place(work: &Work, action: &Action, said: &Said) -> Result<(), Error> {
    let Action::Waitlist { expected_on } = action else { return Ok(()) };
    let mut errors = FieldErrors::default();
    if said.waitlist_position.is_some_and(|place| !(1..=LAST_PLACE).contains(&place)) {
        errors.add("position", "place_on_the_list");
    }
    if expected_on.is_some_and(|day| day < work.today()) {
        errors.add("expected_on", "in_past");
    }
    errors.or_ok()
}

// Some reasons, such as a duplicate, leave the sender nothing to do for the person.
async fn close_where_nothing_follows(
    work: &mut Work,
    referral: &Referral,
    action: &Action,
    made: &mut [Move],
) -> Result<(), Error> {
    let (Action::Decline { reason }, Some(last)) = (action, made.last_mut()) else { return Ok(()) };
    if consequence(work, referral, reason).await? == Some(Consequence::Close) {
        last.state.sequel = Sequel::NotOwed;
    }
    Ok(())
}

/// What the pack says that a reason of a decline means for the sender's next step.
pub async fn consequence(work: &mut Work, referral: &Referral, reason: &str) -> Result<Option<Consequence>, Error> {
    let pack = watch::pack_of(work, referral.case_type).await?;
    Ok(pack.and_then(|pack| pack.reason(ReasonKind::Decline, reason)?.consequence))
}

async fn made(work: &mut Work, referral: &Referral, action: &Action, said: &Said) -> Result<(Vec<Move>, Side, Clockwork), Error> {
    let rights = sides::rights(work, referral).await?;
    let act = action.act();
    let side = sides::side_for(work, referral, rights, act, said.side);
    if side != Side::System && !rights.allow(act, side) {
        return Err(Error::Forbidden(sides::right_for(act, side).code()));
    }
    let now = work.now();
    let lateness = if said.late_reason.trim().is_empty() { LateEntry::Unexplained } else { LateEntry::Explained };
    let clockwork = Clockwork::of(work, referral).await?;
    let late_after = chrono::TimeDelta::hours(clockwork.late_entry.rough_hours().into());
    let when = When { late_after, ..When::at(said.happened_at.unwrap_or(now), now, lateness) };
    let actor = sides::actor(work, referral, side, said.on_behalf);
    moves::step(&referral.state, action, &actor, &when).map(|made| (made, side, clockwork)).map_err(refused)
}

/// A refusal in the words of a surface: beside the field where one is wrong, else as a conflict that names the state.
pub fn refused(refused: Refused) -> Error {
    match refused.why {
        Why::ReasonNeeded => invalid("reason", "required"),
        Why::OutcomeNeeded => invalid("what", "required"),
        Why::InFuture => invalid("happened_at", "in_future"),
        Why::BeforePreviousStep => invalid("happened_at", "before_previous_step"),
        Why::LateWithoutReason => invalid("late_reason", "late_without_reason"),
        Why::AppointmentInPast => invalid("at", "appointment_in_past"),
        Why::AppointmentTooFar => invalid("at", "appointment_too_far"),
        Why::SourceNeeded => invalid("on_behalf", "required"),
        Why::ConsentMissing => invalid("sections", "consent_missing"),
        why => Error::Conflict(Clash::State { state: refused.status.code().to_owned(), code: why.code() }),
    }
}

// Free reasons are words too; the log holds codes only.
async fn seal_words(work: &mut Work, referral: &Referral, action: &Action, said: &Said) -> Result<Words, Error> {
    let free = match action {
        Action::Return { reason } | Action::MarkError { reason } | Action::ReopenLoop { reason } => reason.trim(),
        Action::NoteDecision { reason } => reason.trim(),
        _ => "",
    };
    let text = [free, said.remark.trim()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    let remark = if text.is_empty() { None } else { Some(seal(work, referral, "referral_moves.remark", &text).await?) };
    let late: String = said.late_reason.trim().chars().take(200).collect();
    let late_reason = if late.is_empty() { None } else { Some(seal(work, referral, "referral_moves.late_words", &late).await?) };
    // The receiver never reads why a referral is called back (S19), be it a code or the words beside it, nor what the person said (S7).
    let own = matches!(
        action.act(),
        Act::Cancel
            | Act::RequestCancellation
            | Act::Withdraw
            | Act::PersonNoLongerWants
            | Act::NoteDecision
            | Act::ConfirmReceipt
            | Act::ReopenLoop
    );
    Ok(Words { remark, own_side_only: said.own_side_only || own, late_reason })
}

// What the other side will read, by the field it was typed in.
fn words_of<'a>(said: &'a Said, action: &'a Action) -> [(&'static str, &'a str); 3] {
    let what = match action {
        Action::Complete { outcome } | Action::ServeNow { outcome } => outcome.what.as_str(),
        _ => "",
    };
    [("remark", &said.remark), ("late_reason", &said.late_reason), ("what", what)]
}

/// Seals a text with the referral's own key, which both sides hold.
pub(super) async fn seal(work: &mut Work, referral: &Referral, place: &str, text: &str) -> Result<Vec<u8>, Error> {
    Ok(work.referral_key(referral.id.0).await?.seal(place, text.as_bytes()))
}

// To hold a referral is to see it, so only the receiver's side names who, and only who could answer it anyway (S9, S10).
async fn holder(work: &mut Work, referral: &Referral, side: Side, said: &Said) -> Result<Option<UserId>, Error> {
    let Some(user) = said.assignee.filter(|_| side == Side::To) else { return Ok(None) };
    if store::may_hold(work, referral, user).await? { Ok(Some(user)) } else { Err(invalid("assignee", "required")) }
}

async fn beside(work: &mut Work, referral: &Referral, action: &Action, side: Side, said: &Said) -> Result<Beside, Error> {
    let mut beside = Beside {
        assignee: holder(work, referral, side, said).await?,
        waitlist_position: said.waitlist_position,
        satisfied: said.satisfied,
        new_needs: said.new_needs,
        ..Beside::default()
    };
    match action {
        Action::Complete { outcome } | Action::ServeNow { outcome } => {
            if is_cash(work, referral).await? {
                let sent_on = referral.state.times.sent.map(|at| at.with_timezone(&work.zone()).date_naive());
                cash::owes_the_payment(outcome, (sent_on, work.today()))?;
                beside.paid = outcome.paid_on.zip(outcome.paid_confirmed);
            }
            beside.outcome = Some("given".to_owned());
            beside.outcome_note = Some(seal(work, referral, "referrals.outcome_note", &outcome.what).await?);
            beside.outcome_amount = outcome.how_much.clone();
        }
        Action::Fail { reason } | Action::Decline { reason } | Action::Cancel { reason } => beside.outcome = Some(reason.clone()),
        Action::RequestCancellation { reason } => beside.person_declined = means_not_wanted(work, referral, reason).await?,
        Action::PersonNoLongerWants => beside.person_declined = true,
        Action::Waitlist { expected_on } => beside.expected_on = *expected_on,
        Action::Approve => beside.reviewer = work.me().ok(),
        Action::Accept if beside.assignee.is_none() => beside.assignee = referral.to.assignee,
        _ => {}
    }
    if let Action::Fail { reason } | Action::Decline { reason } | Action::Cancel { reason } = action {
        beside.person_declined = means_not_wanted(work, referral, reason).await?;
    }
    Ok(beside)
}

async fn means_not_wanted(work: &mut Work, referral: &Referral, reason: &str) -> Result<bool, Error> {
    let pack = watch::pack_of(work, referral.case_type).await?;
    let means = |known: &crate::packs::Reason| known.code == reason && known.meaning == Some(crate::packs::Meaning::NotWanted);
    Ok(pack.is_some_and(|pack| pack.reasons.iter().any(means)))
}

async fn is_cash(work: &mut Work, referral: &Referral) -> Result<bool, Error> {
    let pack = watch::pack_of(work, referral.case_type).await?;
    let cash = pack.is_some_and(|pack| cash::is(&pack, &referral.wanted.need));
    Ok(cash && referral.state.terms.kind != Kind::TransferNotice)
}

async fn appointments(work: &mut Work, referral: &Referral, action: &Action, said: &Said) -> Result<(), Error> {
    let became = match action {
        Action::Reschedule { .. } => Some("rescheduled"),
        Action::NoShow => Some("no_show"),
        Action::AppointmentCancelled => Some("cancelled"),
        Action::Start | Action::VisitCompleted | Action::Complete { .. } => Some("came"),
        _ => None,
    };
    let now = said.happened_at.unwrap_or(work.now());
    if let Some(state) = became {
        // Nobody came to what is still to come: it stays, until the referral ends without it.
        sqlx::query!(
            "update appointments set state = $2 where referral_id = $1 and state = 'scheduled' and ($2 <> 'came' or at <= $3)",
            referral.id.0,
            state,
            now
        )
        .execute(work.db())
        .await?;
    }
    if matches!(action, Action::Complete { .. } | Action::Fail { .. } | Action::ConfirmCancellation | Action::PersonNoLongerWants)
    {
        sqlx::query!(
            "update appointments set state = 'cancelled', reason = 'not_needed' where referral_id = $1 and state = 'scheduled' and at > $2",
            referral.id.0,
            now
        )
        .execute(work.db())
        .await?;
    }
    if let Action::Schedule { at } | Action::Reschedule { at } = action {
        let place: String = said.place.trim().chars().take(200).collect();
        sqlx::query!(
            "insert into appointments (id, referral_id, at, place) values ($1, $2, $3, $4)",
            Uuid::now_v7(),
            referral.id.0,
            at,
            place
        )
        .execute(work.db())
        .await?;
    }
    Ok(())
}

// Accepted opens them, a service given or failed closes them some time later, every other ending at once, withdrawal for good.
async fn packets(work: &mut Work, before: &Referral, is: Status, action: &Action, clockwork: &Clockwork) -> Result<(), Error> {
    let now = work.now();
    let (was, id) = (before.state.status, before.id);
    if matches!(action, Action::Withdraw { .. }) {
        store::forget_safe_contact(work, id).await?;
        return store::destroy_packets(work, id).await;
    }
    if was == is || was == Status::Draft {
        return Ok(());
    }
    if !watch::is_over(was) && before.state.times.decided.is_none() && !matches!(is, Status::Rejected | Status::Cancelled) {
        store::open_packets(work, id, now).await?;
    }
    match is {
        Status::Completed | Status::Failed => {
            store::close_packets(work, id, clockwork.due(clockwork.packet_after_end, now)).await
        }
        Status::Rejected | Status::Cancelled | Status::EnteredInError => store::close_packets(work, id, now).await,
        _ => Ok(()),
    }
}

async fn record(work: &mut Work, after: &Referral, made: &[Move], action: &Action) -> Result<(), Error> {
    for line in made {
        let both = line.seen_by(Side::To).is_some();
        let orgs = if both { after.orgs() } else { vec![after.from.org] };
        let note = json!({ "act": line.act.code(), "reason": line.reason.as_ref().filter(|_| line.side == Side::To) });
        let about = || {
            let about = after.about().note(note.clone()).between(orgs.clone());
            if both { about } else { about.kept_from_receiver() }
        };
        work.record(fact(after, line.act, action), about()).await?;
        if matches!(line.act, Act::Withdraw | Act::MarkError) && line.from.status != Status::Draft {
            work.record(Fact::PacketClosed, about()).await?;
            work.record(Fact::DeletionAsked, about()).await?;
        }
    }
    Ok(())
}

fn fact(referral: &Referral, act: Act, action: &Action) -> Fact {
    match action {
        Action::Withdraw { extent: Extent::EndService } => Fact::ReferralCancelled,
        // No service was given: the case is with the other organisation now.
        Action::Complete { .. } if act == Act::Complete && referral.state.terms.kind == Kind::TransferNotice => {
            Fact::NoticeTakenOver
        }
        _ => fact_of(act),
    }
}

/// The fact that an act is recorded as.
pub fn fact_of(act: Act) -> Fact {
    match act {
        Act::Edit => Fact::ReferralEdited,
        Act::SendForReview => Fact::ReferralInReview,
        Act::Return => Fact::ReferralReturned,
        Act::Approve => Fact::ReferralApproved,
        Act::Discard => Fact::ReferralDiscarded,
        Act::Submit => Fact::ReferralSubmitted,
        Act::Assign => Fact::ReferralAssigned,
        Act::Acknowledge => Fact::ReferralAcknowledged,
        Act::Accept => Fact::ReferralAccepted,
        Act::Decline => Fact::ReferralDeclined,
        Act::Waitlist | Act::HoldUnreachable => Fact::ReferralHeld,
        Act::Start | Act::Resume => Fact::ReferralStarted,
        Act::Schedule | Act::Reschedule | Act::NoShow | Act::AppointmentCancelled => Fact::ReferralScheduled,
        Act::VisitCompleted | Act::InterimNote => Fact::ReferralNoted,
        Act::Complete | Act::ServeNow => Fact::ReferralCompleted,
        Act::Fail => Fact::ReferralFailed,
        Act::Cancel | Act::ConfirmCancellation | Act::PersonNoLongerWants => Fact::ReferralCancelled,
        Act::RequestCancellation => Fact::CancellationAsked,
        Act::Withdraw | Act::ConfirmDeletion => Fact::PacketClosed,
        Act::MarkError => Fact::ReferralMistaken,
        Act::Amend => Fact::ReferralAmended,
        Act::Message => Fact::ReferralMessage,
        Act::ConfirmReceipt | Act::ReopenLoop => Fact::LoopMoved,
        Act::NoteDecision => Fact::ReferralDecided,
    }
}
