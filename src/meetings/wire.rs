//! A meeting as programs read it.
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::meeting::Meeting;
use super::outcome::{Attended, Decided};
use super::outing::Outing;
use crate::platform::ids::UserId;

/// A meeting of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeetingWire {
    id: Uuid,
    /// `interview`, `home_visit`, `conference` or `accompaniment`.
    kind: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    /// In whose calendar it stands.
    holder: UserId,
    /// `planned`, `held`, `late`, `no_show` or `not_held`.
    state: String,
    reason: Option<String>,
    place: String,
    purpose: String,
    invited: Vec<String>,
    came: Vec<String>,
    /// Of a conference: those who came of the invited keep to themselves what they heard, and what was said before them is covered.
    others_agreed: bool,
    minutes: String,
    /// Of a conference: how the person and the organisations that were asked took part.
    attended: Vec<AttendedWire>,
    /// What was decided.
    decided: Vec<DecidedWire>,
    /// When what became of it was put right last.
    corrected_at: Option<DateTime<Utc>>,
    /// Of a visit: whether it is safe, as it was said last: when it was planned, or when the worker set out.
    safe_for_person: Option<bool>,
    safe_for_worker: Option<bool>,
    precaution: String,
    /// Of a visit: when the worker set out, by when they are back, and when they were.
    set_out_at: Option<DateTime<Utc>>,
    back_by: Option<DateTime<Utc>>,
    back_at: Option<DateTime<Utc>>,
    /// What whoever is back said of what was not safe.
    back_not_safe: Option<String>,
    /// Every time before that somebody set out, the earliest first.
    outings: Vec<OutingWire>,
    /// The person agreed to be reminded by a message, so many hours before: `24` or `48`.
    remind_before: Option<i16>,
    /// When that is due.
    remind_at: Option<DateTime<Utc>>,
    /// When the message was posted, or given up.
    reminded_at: Option<DateTime<Utc>>,
    /// Why it was given up: a code such as `text_no_safe_way`.
    not_reminded: Option<String>,
    /// When the person, who was to be reminded, was told by a message that it does not take place since the case was closed; or given up.
    told_off_at: Option<DateTime<Utc>>,
    /// Why they were not told: a code such as `text_no_safe_way`.
    not_told_off: Option<String>,
    /// For the next step.
    version: i32,
}

impl From<Meeting> for MeetingWire {
    fn from(one: Meeting) -> Self {
        let words = one.words;
        let safety = words.safety_out.or(words.safety).unwrap_or_default();
        Self {
            id: one.id,
            kind: one.kind,
            starts_at: one.starts_at,
            ends_at: one.ends_at,
            holder: one.holder,
            state: one.state,
            reason: one.reason,
            place: words.place,
            purpose: words.purpose,
            invited: words.invited,
            came: words.came,
            others_agreed: words.others_agreed,
            minutes: words.minutes,
            attended: words.attended.into_iter().map(AttendedWire::from).collect(),
            decided: words.decided.into_iter().map(DecidedWire::from).collect(),
            corrected_at: one.corrected_at,
            safe_for_person: safety.person,
            safe_for_worker: safety.worker,
            precaution: safety.precaution,
            set_out_at: one.set_out_at,
            back_by: one.back_by,
            back_at: one.back_at,
            back_not_safe: words.back_said.and_then(|said| said.not_safe),
            outings: words.outings.into_iter().map(OutingWire::from).collect(),
            remind_before: one.reminder.as_ref().map(|reminder| reminder.before),
            remind_at: one.reminder.as_ref().map(|reminder| reminder.at),
            reminded_at: one.reminder.as_ref().and_then(|reminder| reminder.done_at),
            not_reminded: one.reminder.and_then(|reminder| reminder.why),
            told_off_at: one.called_off.as_ref().and_then(|word| word.done_at),
            not_told_off: one.called_off.and_then(|word| word.why),
            version: one.version,
        }
    }
}

/// How one of those who were asked to a conference took part.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttendedWire {
    /// The organisation's part in it; none of the person.
    party: Option<Uuid>,
    /// `came`, `did_not` or `sent`.
    how: String,
    role: String,
}

impl From<Attended> for AttendedWire {
    fn from(one: Attended) -> Self {
        Self { party: one.party, how: one.how, role: one.role }
    }
}

/// One time before that somebody set out.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutingWire {
    /// By name as it was then; empty of what was kept before names were.
    who: String,
    set_out_at: DateTime<Utc>,
    back_by: Option<DateTime<Utc>>,
    back_at: Option<DateTime<Utc>>,
    /// Who said that they are back, by name as it was then.
    back_said_by: String,
    /// What was not safe, and in whose words.
    not_safe: Option<String>,
    not_safe_by: Vec<String>,
}

impl From<Outing> for OutingWire {
    fn from(one: Outing) -> Self {
        let said = one.said.unwrap_or_default();
        Self {
            who: one.who,
            set_out_at: one.set_out_at,
            back_by: one.back_by,
            back_at: one.back_at,
            back_said_by: said.name,
            not_safe: said.not_safe,
            not_safe_by: said.not_safe_by,
        }
    }
}

/// Something that was decided.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecidedWire {
    what: String,
    /// Who does it, by name as it was then.
    by: String,
    /// The person does it.
    person: bool,
    /// The part in the conference of the organisation that agreed to it.
    party: Option<Uuid>,
    due_on: Option<NaiveDate>,
    /// The task that it became.
    task: Option<Uuid>,
}

impl From<Decided> for DecidedWire {
    fn from(one: Decided) -> Self {
        Self { what: one.what, by: one.by, person: one.person, party: one.party, due_on: one.due_on, task: one.task }
    }
}
