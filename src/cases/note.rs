//! A note on a case: factual, accurate, complete, timely, secure; corrected, never erased.
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::error::{Error, FieldErrors};
use crate::platform::ids::{NoteId, UserId};
use crate::platform::lang::Lang;
use crate::platform::text::{has, text};

// Somebody else was spoken with about the person.
const CONTACT_OTHER: &str = "contact_other";

/// The kinds of notes a worker writes.
pub const KINDS: &[&str] = &[
    "note",
    "contact",
    CONTACT_OTHER,
    "contact_attempt",
    "visit",
    "observation",
    "decision",
    "supervision",
    "safety_action",
    "risk",
    "threat",
];

/// What a good note is, a hint each: factual, accurate, complete, timely, secure, in one's own words.
pub const FACTS: &[&str] = &["factual", "accurate", "complete", "timely", "secure", "own_words"];

/// No note is longer.
pub const MOST_CHARACTERS: usize = 20_000;

// Stands around the key of a text of ours among the words that are kept. Nobody can type it.
const OURS: char = '\u{1F}';

/// What the program says where words of people are kept, as in a note: whoever reads it finds it in their own language.
pub fn ours(key: &str) -> String {
    format!("{OURS}{key}{OURS}")
}

/// The words that are kept as they are read in this language.
pub fn read_in(lang: Lang, kept: &str) -> String {
    let parts = kept.split(OURS).enumerate();
    parts.map(|(nth, part)| if nth % 2 == 1 && has(lang, part) { text(lang, part) } else { part.to_owned() }).collect()
}

/// A note, opened.
#[derive(Debug, Clone)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// What it tells of; one of [`KINDS`].
    pub kind: String,
    /// Its words; `None` for the stub of one that was moved (S28).
    pub body: Option<String>,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// Why so late (S31).
    pub late_reason: Option<String>,
    /// Who wrote it.
    pub author: UserId,
    /// Their name then.
    pub author_name: String,
    /// The note that this one corrects.
    pub corrects: Option<NoteId>,
    /// When it was moved to another case.
    pub moved_at: Option<DateTime<Utc>>,
    /// Stands at the top of the case: the risk everybody must know.
    pub pinned: bool,
    /// The person agreed beforehand that somebody else is spoken with (S23).
    pub prior_consent: bool,
}

/// A note to be written.
#[derive(Debug, Clone)]
pub struct NewNote {
    /// One of [`KINDS`].
    pub kind: String,
    /// Its words.
    pub body: String,
    /// When it happened; now when `None`.
    pub happened_at: Option<DateTime<Utc>>,
    /// Why it is written down so late.
    pub late_reason: String,
    /// Stands at the top of the case.
    pub pinned: bool,
    /// The note it corrects.
    pub corrects: Option<NoteId>,
    /// The person agreed beforehand that somebody else is spoken with (S23).
    pub prior_consent: bool,
    /// Its time is that of the note it corrects, which was judged when that was written.
    pub kept_time: bool,
    /// Of a decision: the visit that was not safe, after which it says what must change (S22).
    pub visit: Option<Uuid>,
}

impl NewNote {
    /// A note of this kind, about now.
    pub fn of(kind: &str, body: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            body: body.to_owned(),
            happened_at: None,
            late_reason: String::new(),
            pinned: false,
            corrects: None,
            prior_consent: false,
            kept_time: false,
            visit: None,
        }
    }

    /// With the time of the note that it corrects, where it tells no other: other words change nothing of when it was (S28, S31). A form knows minutes only.
    /// What the person agreed to was asked when somebody else was first said to be spoken with, and is asked now where this says so first.
    pub(super) fn correcting(mut self, before: &Note) -> Self {
        self.prior_consent |= before.kind == CONTACT_OTHER;
        let same = self.happened_at.is_none_or(|at| at.timestamp() / 60 == before.happened_at.timestamp() / 60);
        if same { Self { happened_at: Some(before.happened_at), kept_time: true, ..self } } else { self }
    }

    /// When it happened, if that may be so: never in the future, and with a reason where it is long ago (S31), which the note that it corrects has given.
    pub(super) fn moment(&self, now: DateTime<Utc>, late_after: TimeDelta) -> Result<DateTime<Utc>, Error> {
        let mut errors = FieldErrors::default();
        let happened_at = self.happened_at.unwrap_or(now);
        if !self.kept_time {
            check_moment(happened_at, now, late_after, &self.late_reason, &mut errors);
        }
        if !KINDS.contains(&self.kind.as_str()) {
            errors.add("kind", "not_a_choice");
        }
        // Neighbours and relatives are never asked without the person's word (S23).
        if self.kind == CONTACT_OTHER && !self.prior_consent {
            errors.add("prior_consent", "prior_consent");
        }
        if self.body.trim().is_empty() {
            errors.add("body", "required");
        }
        if self.body.chars().count() > MOST_CHARACTERS {
            errors.add("body", "too_long");
        }
        errors.or_ok()?;
        Ok(happened_at)
    }

    /// The visit that was not safe and is settled by this decision.
    pub(super) fn settles(&self) -> Option<Uuid> {
        self.visit.filter(|_| self.kind == "decision" && self.corrects.is_none())
    }

    /// Somebody else was spoken with, as the person agreed.
    pub(super) fn is_agreed(&self) -> bool {
        self.kind == CONTACT_OTHER && self.prior_consent
    }

    /// Somebody spoke with the person.
    pub(super) fn is_contact(&self) -> bool {
        matches!(self.kind.as_str(), "contact" | "visit")
    }
}

// Nobody who is spoken with today was there earlier: a hundred years, in days.
const LONGEST_AGO: i64 = 36_525;

/// Nothing happened in the future or before anybody's time, and what is long ago says why it is written down so late (S31).
pub fn check_moment(at: DateTime<Utc>, now: DateTime<Utc>, late_after: TimeDelta, reason: &str, errors: &mut FieldErrors) {
    if at > now + TimeDelta::minutes(5) {
        errors.add("happened_at", "in_the_future");
    }
    if now - at > TimeDelta::days(LONGEST_AGO) {
        errors.add("happened_at", "too_long_ago");
    }
    if now - at > late_after && reason.is_empty() {
        errors.add("late_reason", "late");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(kind: &str, body: &str, at: DateTime<Utc>) -> Note {
        Note {
            id: NoteId::new(),
            kind: kind.to_owned(),
            body: Some(body.to_owned()),
            happened_at: at,
            recorded_at: at,
            late_reason: None,
            author: UserId(Uuid::nil()),
            author_name: String::new(),
            corrects: None,
            moved_at: None,
            pinned: false,
            prior_consent: false,
        }
    }

    #[test]
    fn what_the_program_says_in_a_note_is_read_in_the_language_of_whoever_reads_it() {
        let kept = format!("{} · {}\nShe spoke of school.", ours("meeting-kind-interview"), ours("meeting-state-held"));
        assert_eq!(read_in(Lang::En, &kept), "Interview · Took place\nShe spoke of school.");
        assert_eq!(read_in(Lang::Ar, &kept), "مقابلة · جرى\nShe spoke of school.");
        assert_eq!(read_in(Lang::Ar, "Interview · Took place"), "Interview · Took place", "words of people stay as they are");
    }

    #[test]
    fn s31_a_late_note_says_why() {
        let now: DateTime<Utc> = "2026-05-21T09:00:00Z".parse().unwrap();
        let late = TimeDelta::hours(24);
        let mut note = NewNote::of("note", "She came to the office.");
        assert_eq!(note.moment(now, late).unwrap(), now);
        note.happened_at = Some(now - TimeDelta::hours(25));
        assert!(matches!(note.moment(now, late), Err(Error::Invalid(errors)) if errors.get("late_reason") == Some("late")));
        note.late_reason = "power_cut".to_owned();
        assert_eq!(note.moment(now, late).unwrap(), now - TimeDelta::hours(25));
        note.happened_at = Some("0001-05-21T09:00:00Z".parse().unwrap());
        let Err(Error::Invalid(errors)) = note.moment(now, late) else { panic!("nobody was there") };
        assert_eq!(errors.get("happened_at"), Some("too_long_ago"));
        note.happened_at = Some(now + TimeDelta::hours(1));
        assert!(note.moment(now, late).is_err());
    }

    #[test]
    fn s31_a_correction_keeps_the_time_of_what_it_corrects_and_says_no_reason_anew() {
        let now: DateTime<Utc> = "2026-05-21T09:00:00Z".parse().unwrap();
        let (late, then) = (TimeDelta::hours(24), now - TimeDelta::days(30) + TimeDelta::seconds(17));
        let before = written("contact", "She came.", then);
        let typed =
            |happened_at| NewNote { happened_at, ..NewNote::of("contact", "She rang.") }.correcting(&before).moment(now, late);
        assert_eq!(typed(None).unwrap(), then);
        assert_eq!(typed(Some(then - TimeDelta::seconds(17))).unwrap(), then, "a form knows minutes only");
        assert!(typed(Some(then - TimeDelta::days(1))).is_err(), "another time long ago says why");
    }
    #[test]
    fn s23_a_note_that_comes_to_tell_of_somebody_else_asks_whether_the_person_agreed() {
        let now: DateTime<Utc> = "2026-05-21T09:00:00Z".parse().unwrap();
        let late = TimeDelta::hours(24);
        let before = |kind: &str| written(kind, "Spoke with the teacher.", now);
        let typed = |kind: &str, agreed: bool| {
            let note = NewNote { prior_consent: agreed, ..NewNote::of(CONTACT_OTHER, "Spoke with her teacher.") };
            note.correcting(&before(kind))
        };
        assert!(typed("note", false).moment(now, late).is_err());
        assert!(typed("note", true).moment(now, late).is_ok());
        assert!(typed(CONTACT_OTHER, false).moment(now, late).is_ok() && typed(CONTACT_OTHER, false).is_agreed());
    }
}
