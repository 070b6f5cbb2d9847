//! The verbs: plan a meeting, move it, say what became of it. Setting out and coming back is in `visit`; what was said is put right in `correction`.
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::conference::Party;
use super::correction::Told;
use super::meeting::{ASKERS, CASE_CLOSED, Hears, Meeting, NewMeeting, REASONS, Reminder, Words, check_start, took_place};
use super::outcome::Outcome;
use super::safety::is_visit;
use super::{conference, deciding, store, texts};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::note::{NewNote, ours};
use crate::cases::{self, Case};
use crate::error::{Error, FieldErrors};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, UnitId, UserId};
use crate::tasks::task::{VISIT_NOT_SAFE, not_safe_key};
use crate::tasks::{self, NewTask, clock};

/// Plans a meeting in one's own calendar, or, for who gives out tasks, in a colleague's who works on the case. The holder has a task for it.
pub async fn plan(work: &mut Work, case: &Case, id: Uuid, new: &NewMeeting) -> Result<Meeting, Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    case.must_be_open()?;
    let (starts_at, ends_at) = new.check(work.now())?;
    let holder = new.holder.unwrap_or(work.me()?);
    cases::actions::check_assignee(work, case, holder, "holder").await?;
    let reminder = match new.remind {
        Some(before) => Some(texts::promised(work, case, (new.kind.as_str(), starts_at), before).await?),
        None => None,
    };
    let meeting = Meeting {
        words: Words { safety: new.words.safety.clone().filter(|_| is_visit(&new.kind)), ..new.words.clone() },
        reminder,
        ..Meeting::planned((id, case.id), new.kind.clone(), (starts_at, ends_at), holder)
    };
    store::insert(work, &meeting).await?;
    remind(work, &meeting).await?;
    work.record(Fact::MeetingPlanned, about(&meeting)).await?;
    if meeting.reminder.is_some() {
        keep_reminder(work, &meeting, meeting.reminder.as_ref()).await?;
    }
    Ok(meeting)
}

/// Promises the person a reminder by a message, so many hours before a planned meeting, because they agreed to it; or none any more.
pub async fn remind_person(work: &mut Work, case: &Case, meeting: &Meeting, before: Option<i16>) -> Result<(), Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    case.must_be_open()?;
    meeting.must_be_planned()?;
    let reminder = match before {
        Some(before) => Some(texts::promised(work, case, (meeting.kind.as_str(), meeting.starts_at), before).await?),
        None => None,
    };
    keep_reminder(work, meeting, reminder.as_ref()).await
}

async fn keep_reminder(work: &mut Work, meeting: &Meeting, reminder: Option<&Reminder>) -> Result<(), Error> {
    store::save_reminder(work, meeting, reminder).await?;
    let before = reminder.map(|reminder| reminder.before);
    work.record(Fact::MeetingReminder, about(meeting).note(json!({ "hours": before }))).await
}

/// Gives a planned meeting another time. What stood before, who asked and why are kept.
pub async fn move_to(
    work: &mut Work,
    case: &Case,
    meeting: Meeting,
    to: Option<DateTime<Utc>>,
    (asked_by, reason): (&str, &str),
) -> Result<(), Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    case.must_be_open()?;
    meeting.must_be_planned()?;
    let mut errors = FieldErrors::default();
    check_start(to, work.now(), &mut errors);
    for (field, value, known) in [("asked_by", asked_by, &ASKERS[..]), ("reason", reason, &REASONS[..])] {
        if !known.contains(&value) {
            errors.add(field, if value.is_empty() { "required" } else { "not_a_choice" });
        }
    }
    errors.or_ok()?;
    let to = to.unwrap_or(meeting.starts_at);
    store::insert_move(work, &meeting, to, asked_by, reason).await?;
    end_reminder(work, &meeting).await?;
    let moved = Meeting { starts_at: to, ends_at: to + (meeting.ends_at - meeting.starts_at), ..meeting };
    store::save(work, &moved).await?;
    remind(work, &moved).await?;
    if let Some(reminder) = &moved.reminder {
        let renewed = texts::renewed(work, case, &moved, (reminder.before, reminder.by)).await?;
        store::save_reminder(work, &moved, Some(&renewed)).await?;
    }
    work.record(Fact::MeetingMoved, about(&moved).note(json!({ "asked_by": asked_by, "reason": reason }))).await
}

/// Says what became of it. A meeting that was held is a contact with the person, one that the person missed an attempt; decisions become tasks. Whoever is
/// out stays out until they say that they are back (S22), and where it was not safe the supervisor is asked to act.
pub async fn conclude(work: &mut Work, case: &Case, meeting: Meeting, outcome: &Outcome) -> Result<(), Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    meeting.must_be(outcome.version)?;
    meeting.must_be_planned()?;
    let asked = check(work, &meeting, outcome).await?;
    end_reminder(work, &meeting).await?;
    let mut words = meeting.words.clone();
    words.came.clone_from(&outcome.came);
    words.others_agreed = outcome.others_agreed;
    words.minutes.clone_from(&outcome.minutes);
    words.attended = deciding::attended(&asked, &outcome.attended)?;
    words.decided = deciding::decide(work, case, (&meeting, &asked), &outcome.decisions).await?;
    bind(work, case, &meeting, (&asked, outcome)).await?;
    let reason = Some(outcome.reason.clone()).filter(|reason| !reason.is_empty());
    let mut over = Meeting { state: outcome.state.clone(), reason, words, ..meeting };
    over.words.told = note(work, case, &over, &outcome.late_reason).await?;
    store::save(work, &over).await?;
    work.record(Fact::MeetingConcluded, about(&over).note(json!({ "state": over.state, "reason": over.reason }))).await?;
    if over.was_not_safe() {
        tell_supervisor(work, case, &over).await?;
    }
    Ok(())
}

/// All that is wrong with what is said of it at once, else the organisations that are asked to it.
pub(super) async fn check(work: &mut Work, meeting: &Meeting, outcome: &Outcome) -> Result<Vec<Party>, Error> {
    let said = outcome.check(meeting, work.now());
    let asked = check_took_part(work, meeting, outcome).await;
    match (said, asked) {
        (Err(Error::Invalid(errors)), Err(Error::Invalid(more))) => Err(Error::Invalid(errors.with(more))),
        (Err(error), _) => Err(error),
        (Ok(()), asked) => asked,
    }
}

/// The organisations that are asked to it; of a conference that took place is said of everybody how they took part.
pub(super) async fn check_took_part(work: &mut Work, meeting: &Meeting, outcome: &Outcome) -> Result<Vec<Party>, Error> {
    if meeting.kind != "conference" {
        return Ok(Vec::new());
    }
    let asked = conference::asked(work, meeting).await?;
    if took_place(&outcome.state) {
        let asks_person = conference::asks_person(work, meeting).await?;
        deciding::check_all_said(&asked, asks_person, outcome)?;
    }
    Ok(asked)
}

/// Keeps of the organisations that were at a conference that they agreed there to keep to themselves what they heard (S27).
pub(super) async fn bind(
    work: &mut Work,
    case: &Case,
    meeting: &Meeting,
    (asked, outcome): (&[Party], &Outcome),
) -> Result<(), Error> {
    if !took_place(&outcome.state) {
        return Ok(());
    }
    let mut bound = deciding::unbound(asked, &outcome.attended);
    bound.retain(|party| outcome.agreed.contains(&party.id.0));
    conference::agree_aloud(work, case, meeting, &bound).await
}

/// Somebody must look at what was not safe, before anybody goes there again (S22): not whoever keeps the case, and not whoever went.
pub(super) async fn tell_supervisor(work: &mut Work, case: &Case, meeting: &Meeting) -> Result<(), Error> {
    let supervisor = cases::lost_contact::supervisor_of(work, case).await?;
    ask_supervisor(work, meeting, (case.unit, supervisor)).await
}

/// The same, where it is known who supervises such cases in the unit. What they are asked already, and did not decide yet, they are not asked again.
pub(super) async fn ask_supervisor(
    work: &mut Work,
    meeting: &Meeting,
    (unit, supervisor): (UnitId, Option<UserId>),
) -> Result<(), Error> {
    let went = meeting.who_is_out();
    let once = not_safe_key(meeting.id);
    // It may have been said before, and been decided or put right meanwhile.
    tasks::actions::free_key(work, meeting.case_id, &once).await?;
    let due = clock::same_day(work.now(), &tasks::store::calendar(work, unit).await?);
    let task = NewTask::of_case(VISIT_NOT_SAFE, meeting.case_id, due).to(supervisor.filter(|one| *one != went));
    tasks::actions::add(work, task.once(once)).await?;
    Ok(())
}

/// The case is closed, and what is planned on it for later is called off with it. What has begun is still written down. Whoever agreed to be reminded
/// is told by a message (`texts`), organisations that were asked to a conference by a notification.
pub async fn call_off(work: &mut Work, case: CaseId, hears: Hears) -> Result<(), Error> {
    let note = json!({ "state": "not_held", "reason": CASE_CLOSED });
    for (meeting, holder) in store::call_off(work, case, hears).await? {
        work.record(Fact::MeetingConcluded, About::case(case).with(meeting).with(holder).note(note.clone())).await?;
        let parties = store::asked_to(work, meeting).await?;
        if !parties.is_empty() {
            let orgs: Vec<_> = parties.iter().map(|(_, org)| *org).collect();
            let about = parties.iter().fold(About::case(case).with(meeting), |about, (party, _)| about.with(*party));
            work.record(Fact::ConferenceCalledOff, about.between(orgs)).await?;
        }
    }
    Ok(())
}

/// What kind of note tells of it. A conference is about the person, not with them.
pub(super) fn note_kind(meeting: &Meeting) -> Option<&'static str> {
    match (meeting.kind.as_str(), meeting.state.as_str()) {
        ("conference", _) | (_, "not_held") => None,
        (_, "no_show") => Some("contact_attempt"),
        ("home_visit", _) => Some("visit"),
        _ => Some("contact"),
    }
}

/// What such a note says.
pub(super) fn note_body(meeting: &Meeting) -> String {
    let said = format!(
        "{} · {}",
        ours(&format!("meeting-kind-{}", meeting.kind.replace('_', "-"))),
        ours(&format!("meeting-state-{}", meeting.state.replace('_', "-")))
    );
    let minutes = meeting.words.minutes.trim();
    if minutes.is_empty() { said } else { format!("{said}\n{minutes}") }
}

/// Tells of it on the case, as long as that is open, where there is something to tell.
pub(super) async fn note(work: &mut Work, case: &Case, meeting: &Meeting, late_reason: &str) -> Result<Option<Told>, Error> {
    let Some(kind) = note_kind(meeting).filter(|_| case.is_open()) else { return Ok(None) };
    let (at, body) = (meeting.starts_at.min(work.now()), note_body(meeting));
    let new = NewNote { happened_at: Some(at), late_reason: late_reason.to_owned(), ..NewNote::of(kind, &body) };
    let note = cases::actions::write_note(work, case.clone(), new).await?;
    Ok(Some(Told { note, at }))
}

pub(super) fn about(meeting: &Meeting) -> About {
    About::case(meeting.case_id).with(meeting.id).with(meeting.holder)
}

fn once(meeting: &Meeting) -> String {
    format!("meeting:{}:{}", meeting.id, meeting.starts_at.timestamp())
}

async fn remind(work: &mut Work, meeting: &Meeting) -> Result<(), Error> {
    let task = NewTask::of_case("meeting", meeting.case_id, meeting.starts_at).to(Some(meeting.holder)).once(once(meeting));
    tasks::actions::add(work, task).await?;
    Ok(())
}

async fn end_reminder(work: &mut Work, meeting: &Meeting) -> Result<(), Error> {
    tasks::actions::done_under(work, meeting.case_id, &once(meeting)).await
}
