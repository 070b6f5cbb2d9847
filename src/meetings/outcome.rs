//! What becomes of a meeting: what is said of it afterwards, who took part in a conference, and what was decided. No SQL.
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::meeting::{LONGEST_LINE, LONGEST_TEXT, MOST_INVITED, Meeting, OUTCOMES, REASONS, took_place};
use crate::error::{Error, FieldErrors};
use crate::platform::ids::UserId;

/// How somebody who was asked to a conference took part.
pub const ATTENDANCE: [&str; 3] = ["came", "did_not", "sent"];

/// What became of a meeting.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// One of [`OUTCOMES`].
    pub state: String,
    /// Why it was missed or not held.
    pub reason: String,
    /// Who of the invited came.
    pub came: Vec<String>,
    /// They keep to themselves what they heard at a conference, and what was said before them is covered (S27).
    pub others_agreed: bool,
    /// How the person and the organisations that were asked to a conference took part.
    pub attended: Vec<Attended>,
    /// The organisations that agreed there, aloud, to keep to themselves what they heard; each by its part in the conference.
    pub agreed: Vec<Uuid>,
    /// What was said and decided.
    pub minutes: String,
    /// Why it is written down so late (S31).
    pub late_reason: String,
    /// What is to be done.
    pub decisions: Vec<NewDecision>,
    /// The edition that the worker looked at.
    pub version: i32,
}

/// How one of those who were asked to a conference took part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attended {
    /// The organisation's part in it; none for the person.
    pub party: Option<Uuid>,
    /// How the organisation was called then.
    pub name: String,
    /// One of [`ATTENDANCE`].
    pub how: String,
    /// Who came, by what they are there; of a person who sent somebody, whom.
    pub role: String,
}

impl Attended {
    /// What its fields end in.
    pub fn key(&self) -> String {
        self.party.map_or_else(|| "person".to_owned(), |party| party.to_string())
    }
}

/// Who does what was decided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Doer {
    /// Whoever writes it down.
    #[default]
    Me,
    /// A colleague: it becomes their task.
    Colleague(UserId),
    /// The person: they said that they would.
    Person,
    /// An organisation that was asked to the conference: it agreed to it.
    Party(Uuid),
}

impl Doer {
    /// As a form names them: `me`, `person`, `u:` and a colleague, `o:` and an organisation's part in the conference.
    pub fn read(typed: &str) -> Option<Self> {
        match typed.split_once(':') {
            None if typed == "me" => Some(Self::Me),
            None if typed == "person" => Some(Self::Person),
            Some(("u", id)) => id.parse().ok().map(Self::Colleague),
            Some(("o", id)) => id.parse().ok().map(Self::Party),
            _ => None,
        }
    }
}

/// Something that was decided.
#[derive(Debug, Clone, Default)]
pub struct NewDecision {
    /// What; without names.
    pub what: String,
    /// By whom; none where nobody known is named.
    pub doer: Option<Doer>,
    /// By when; of one's own after a meeting in a week without it.
    pub due_on: Option<NaiveDate>,
    /// The field that it was written in, beside which stands what is wrong with it.
    pub field: String,
}

impl NewDecision {
    /// One's own, within a week.
    pub fn own(what: &str) -> Self {
        Self { what: what.to_owned(), doer: Some(Doer::Me), due_on: None, field: "decisions".to_owned() }
    }
}

/// What was decided, as it stays on the meeting; sealed among its words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Decided {
    /// What.
    pub what: String,
    /// Who does it, by name as it was then.
    pub by: String,
    /// The person does it.
    pub person: bool,
    /// The organisation's part in the conference, where one agreed to it.
    pub party: Option<Uuid>,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// The task that it became.
    pub task: Option<Uuid>,
}

impl Outcome {
    /// What is wrong with it, beside each field.
    pub fn check(&self, meeting: &Meeting, now: DateTime<Utc>) -> Result<(), Error> {
        let mut errors = FieldErrors::default();
        if !OUTCOMES.contains(&self.state.as_str()) {
            errors.add("state", if self.state.is_empty() { "required" } else { "not_a_choice" });
        }
        // What was held, or missed, has begun; what is called off may lie ahead.
        if self.state != "not_held" && !meeting.has_begun(now) {
            errors.add("state", "not_begun");
        }
        if !self.reason.is_empty() && !REASONS.contains(&self.reason.as_str()) {
            errors.add("reason", "not_a_choice");
        }
        if self.state == "not_held" && self.reason.is_empty() {
            errors.add("reason", "required");
        }
        if self.minutes.chars().count() > LONGEST_TEXT {
            errors.add("minutes", "too_long");
        }
        for one in self.decisions.iter().filter(|one| one.what.chars().count() > LONGEST_LINE) {
            errors.add(&one.field, "too_long");
        }
        if self.decisions.len() > MOST_INVITED {
            errors.add("decisions", "too_long");
        }
        if self.came.iter().any(|name| !meeting.words.invited.contains(name)) {
            errors.add("came", "not_a_choice");
        }
        // Whoever is no organisation here receives nothing and heard all: they are bound as the others are.
        let heard = took_place(&self.state) && !self.came.is_empty();
        if meeting.kind == "conference" && heard && !self.others_agreed {
            errors.add("others_agreed", "others_must_agree");
        }
        self.check_attendance(meeting, &mut errors);
        errors.or_ok()
    }

    fn check_attendance(&self, meeting: &Meeting, errors: &mut FieldErrors) {
        for one in &self.attended {
            let (how, role) = (format!("att_{}", one.key()), format!("role_{}", one.key()));
            if meeting.kind != "conference" || !ATTENDANCE.contains(&one.how.as_str()) {
                errors.add(&how, "not_a_choice");
            }
            if one.how == "sent" && one.role.trim().is_empty() {
                errors.add(&role, "required");
            }
            if one.role.chars().count() > LONGEST_LINE {
                errors.add(&role, "too_long");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_does_it_is_read_as_a_form_names_them() {
        let id = Uuid::from_u128(7);
        assert_eq!((Doer::read("me"), Doer::read("person")), (Some(Doer::Me), Some(Doer::Person)));
        assert_eq!(Doer::read(&format!("u:{id}")), Some(Doer::Colleague(UserId(id))));
        assert_eq!(Doer::read(&format!("o:{id}")), Some(Doer::Party(id)));
        for wrong in ["", "x", "u:", "o:nobody", "p:1"] {
            assert_eq!(Doer::read(wrong), None, "{wrong}");
        }
    }
}
