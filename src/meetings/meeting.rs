//! A meeting: its kinds, what becomes of it, and the words that are sealed.
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::correction::{Former, Told};
use super::outcome::{Attended, Decided};
use super::outing::{MOST_OUTINGS, Outing};
use super::safety::{Safety, is_visit};
use crate::error::{Clash, Error, FieldErrors};
use crate::platform::ids::{CaseId, UserId};
use crate::platform::outbox::Carrier;

/// What kinds there are.
pub const KINDS: [&str; 4] = ["interview", "home_visit", "conference", "accompaniment"];
/// What becomes of one.
pub const OUTCOMES: [&str; 4] = ["held", "late", "no_show", "not_held"];
/// Why one is not held whose case is closed; nobody chooses it.
pub const CASE_CLOSED: &str = "case_closed";
/// Why one was moved, missed or not held.
pub const REASONS: [&str; 7] = ["unwell", "forgot", "transport", "not_safe", "worker_away", "closed", "other"];
/// Who asked for another time.
pub const ASKERS: [&str; 3] = ["person", "worker", "organisation"];
/// How long one may last, in minutes.
pub const LENGTHS: [i64; 6] = [15, 30, 45, 60, 90, 120];
/// So many hours before it begins the person may be reminded.
pub const BEFORE: [i16; 2] = [24, 48];

/// The longest name, place or decision.
pub const LONGEST_LINE: usize = 200;
/// The longest text.
pub const LONGEST_TEXT: usize = 4000;
/// So many are asked to come at most, and so much is decided.
pub const MOST_INVITED: usize = 20;
const FURTHEST: TimeDelta = TimeDelta::days(731);
// Whoever went before its time went so long before at most.
const SAME_DAY: TimeDelta = TimeDelta::hours(12);

/// What is said of a meeting in words; sealed with the case's key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    /// Where.
    pub place: String,
    /// What for.
    pub purpose: String,
    /// Who is asked to come, beside the person: a name and organisation each.
    pub invited: Vec<String>,
    /// Who of them came.
    pub came: Vec<String>,
    /// They keep to themselves what they heard at a conference, and what was said before them is covered (S27).
    pub others_agreed: bool,
    /// What was said and decided.
    pub minutes: String,
    /// What was said about safety when it was planned, where somebody goes out for it (S22).
    pub safety: Option<Safety>,
    /// The same, asked again when the worker set out.
    pub safety_out: Option<Safety>,
    /// Who set out.
    pub out_by: Option<UserId>,
    /// By name as it was then.
    pub out_name: String,
    /// Every time before that somebody set out, the earliest first.
    pub outings: Vec<Outing>,
    /// How the person and the organisations that were asked to a conference took part.
    pub attended: Vec<Attended>,
    /// What was decided.
    pub decided: Vec<Decided>,
    /// Who said that whoever set out is back.
    pub back_said: Option<BackSaid>,
    /// The note that tells of it on the case.
    pub told: Option<Told>,
    /// What stood here before it was put right, the earliest first.
    pub former: Vec<Former>,
}

/// Who said that somebody is back from a visit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BackSaid {
    /// By name as it was then.
    pub name: String,
    /// They spoke to whoever was out; otherwise it was themselves.
    pub spoke: bool,
    /// What happened, where it was not safe.
    pub not_safe: Option<String>,
    /// Whose words these are, by name as it was then.
    pub not_safe_by: Vec<String>,
}

/// What a message to the person says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// That the meeting comes near.
    Reminder,
    /// That it does not take place.
    CalledOff,
}

/// Who hears of it by a message when a meeting is called off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hears {
    /// The person, if they were to be reminded.
    Person,
    /// Nobody: they have died.
    Nobody,
}

/// The reminder that the person agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// So many hours before it begins; one of [`BEFORE`].
    pub before: i16,
    /// By what; no mail where a text message was promised.
    pub by: Carrier,
    /// When it is due.
    pub at: DateTime<Utc>,
    /// When it was posted, or given up.
    pub done_at: Option<DateTime<Utc>>,
    /// Why it was not posted: a code.
    pub why: Option<String>,
}

/// A meeting, opened.
#[derive(Debug, Clone)]
pub struct Meeting {
    /// Its id.
    pub id: Uuid,
    /// Of which case.
    pub case_id: CaseId,
    /// One of [`KINDS`].
    pub kind: String,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
    /// In whose calendar it stands.
    pub holder: UserId,
    /// By name.
    pub holder_name: String,
    /// `planned`, or one of [`OUTCOMES`].
    pub state: String,
    /// Why it was missed or not held; one of [`REASONS`], or [`CASE_CLOSED`].
    pub reason: Option<String>,
    /// When the worker set out.
    pub set_out_at: Option<DateTime<Utc>>,
    /// By when they are back.
    pub back_by: Option<DateTime<Utc>>,
    /// When they were.
    pub back_at: Option<DateTime<Utc>>,
    /// When the supervisor was told that they are not.
    pub missed_at: Option<DateTime<Utc>>,
    /// When what became of it was put right last.
    pub corrected_at: Option<DateTime<Utc>>,
    /// Which edition this is.
    pub version: i32,
    /// Its words.
    pub words: Words,
    /// What was promised to the person.
    pub reminder: Option<Reminder>,
    /// The word that it does not take place, to whoever was to be reminded of it.
    pub called_off: Option<Reminder>,
}

/// A meeting to be planned.
#[derive(Debug, Clone, Default)]
pub struct NewMeeting {
    /// One of [`KINDS`].
    pub kind: String,
    /// From when.
    pub starts_at: Option<DateTime<Utc>>,
    /// How long, in minutes; one of [`LENGTHS`].
    pub minutes: i64,
    /// In whose calendar; one's own without it.
    pub holder: Option<UserId>,
    /// Place, purpose, who is invited.
    pub words: Words,
    /// The person agreed to be reminded by a message, so many hours before; one of [`BEFORE`].
    pub remind: Option<i16>,
}

impl Meeting {
    /// One that is planned, and of which no more is known.
    pub fn planned(
        (id, case_id): (Uuid, CaseId),
        kind: String,
        (starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>),
        holder: UserId,
    ) -> Self {
        Self {
            id,
            case_id,
            kind,
            starts_at,
            ends_at,
            holder,
            holder_name: String::new(),
            state: "planned".to_owned(),
            reason: None,
            set_out_at: None,
            back_by: None,
            back_at: None,
            missed_at: None,
            corrected_at: None,
            version: 1,
            words: Words::default(),
            reminder: None,
            called_off: None,
        }
    }

    /// [`Clash::Stale`] if somebody changed it since.
    pub fn must_be(&self, version: i32) -> Result<(), Error> {
        if self.version == version { Ok(()) } else { Err(Error::Conflict(Clash::Stale)) }
    }

    /// Nothing has become of it yet.
    pub fn must_be_planned(&self) -> Result<(), Error> {
        if self.is_planned() {
            Ok(())
        } else {
            Err(Error::Conflict(Clash::State { state: self.state.clone(), code: "meeting_over" }))
        }
    }

    /// What became of it is recorded.
    pub fn must_be_recorded(&self) -> Result<(), Error> {
        if self.is_planned() {
            Err(Error::Conflict(Clash::State { state: self.state.clone(), code: "meeting_not_recorded" }))
        } else {
            Ok(())
        }
    }

    /// Nothing has become of it yet.
    pub fn is_planned(&self) -> bool {
        self.state == "planned"
    }

    /// Somebody goes out for it, and nobody is out on it already: whoever went first would be looked for by nobody (S22).
    pub fn must_be_to_set_out_on(&self) -> Result<(), Error> {
        let code = match () {
            () if !is_visit(&self.kind) => "not_a_visit",
            () if self.is_out() => "visit_begun",
            () if self.words.outings.len() >= MOST_OUTINGS => "visit_often",
            () => return Ok(()),
        };
        Err(Error::Conflict(Clash::State { state: self.state.clone(), code }))
    }

    /// It took place, on time or late.
    pub fn took_place(&self) -> bool {
        took_place(&self.state)
    }

    /// It has begun, or does within a quarter of an hour; or somebody went before its time and is back, and it was not given another day since.
    pub fn has_begun(&self, now: DateTime<Utc>) -> bool {
        self.starts_at <= now + TimeDelta::minutes(15) || self.back_at.is_some_and(|back| self.starts_at <= back + SAME_DAY)
    }

    /// It has come to its end, or whoever set out on it is back.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.ends_at <= now || self.back_at.is_some()
    }

    /// The worker is on the way, and not back.
    pub fn is_out(&self) -> bool {
        self.set_out_at.is_some() && self.back_at.is_none()
    }

    /// It was not safe, whatever became of it.
    pub fn was_not_safe(&self) -> bool {
        self.reason.as_deref() == Some("not_safe")
    }

    /// What whoever is back said of what was not safe.
    pub fn back_not_safe(&self) -> Option<&str> {
        self.words.back_said.as_ref().and_then(|said| said.not_safe.as_deref())
    }

    /// What was said of what was not safe: on coming back, and of how it went.
    pub fn said_not_safe(&self) -> Vec<String> {
        let minutes = Some(self.words.minutes.trim()).filter(|words| self.was_not_safe() && !words.is_empty());
        self.back_not_safe().into_iter().chain(minutes).map(str::to_owned).collect()
    }

    /// Whoever set out on it; of what was begun before that was kept, whose meeting it is.
    pub fn who_is_out(&self) -> UserId {
        self.words.out_by.unwrap_or(self.holder)
    }
}

impl NewMeeting {
    /// What is wrong with it, beside each field.
    pub fn check(&self, now: DateTime<Utc>) -> Result<(DateTime<Utc>, DateTime<Utc>), Error> {
        let mut errors = FieldErrors::default();
        if !KINDS.contains(&self.kind.as_str()) {
            errors.add("kind", if self.kind.is_empty() { "required" } else { "not_a_choice" });
        }
        if !LENGTHS.contains(&self.minutes) {
            errors.add("minutes", "not_a_choice");
        }
        check_start(self.starts_at, now, &mut errors);
        self.words.check(&mut errors);
        // Whoever is not back is looked for there (S22).
        if self.kind == "home_visit" && self.words.place.trim().is_empty() {
            errors.add("place", "required");
        }
        if is_visit(&self.kind) {
            self.words.safety.clone().unwrap_or_default().check(&mut errors);
        }
        errors.or_ok()?;
        let starts_at = self.starts_at.unwrap_or(now);
        Ok((starts_at, starts_at + TimeDelta::minutes(self.minutes)))
    }
}

/// A meeting of which this became took place, on time or late.
pub fn took_place(state: &str) -> bool {
    matches!(state, "held" | "late")
}

/// A time that a meeting may be planned for: not long past, within two years.
pub fn check_start(starts_at: Option<DateTime<Utc>>, now: DateTime<Utc>, errors: &mut FieldErrors) {
    match starts_at {
        None => errors.add("starts_at", "required"),
        Some(at) if at < now - TimeDelta::days(1) => errors.add("starts_at", "in_the_past"),
        Some(at) if at > now + FURTHEST => errors.add("starts_at", "too_far"),
        Some(_) => {}
    }
}

impl Words {
    fn check(&self, errors: &mut FieldErrors) {
        for (field, text, most) in [
            ("place", &self.place, LONGEST_LINE),
            ("purpose", &self.purpose, LONGEST_TEXT),
            ("minutes", &self.minutes, LONGEST_TEXT),
        ] {
            if text.chars().count() > most {
                errors.add(field, "too_long");
            }
        }
        if self.invited.len() > MOST_INVITED || self.invited.iter().any(|name| name.chars().count() > LONGEST_LINE) {
            errors.add("invited", "too_long");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meeting_is_planned_within_two_years_and_not_in_the_past() {
        let now: DateTime<Utc> = "2026-11-26T09:00:00Z".parse().unwrap();
        let at = |days: i64| NewMeeting {
            kind: "interview".into(),
            starts_at: Some(now + TimeDelta::days(days)),
            minutes: 30,
            ..NewMeeting::default()
        };
        assert!(at(1).check(now).is_ok());
        assert!(at(-2).check(now).is_err());
        assert!(at(800).check(now).is_err());
        assert!(NewMeeting { minutes: 31, ..at(1) }.check(now).is_err());
    }
}
