//! A session, and what may be written down as one.
use chrono::{DateTime, TimeDelta, Utc};

use crate::cases::note::check_moment;
use crate::error::FieldErrors;
use crate::platform::ids::{CaseId, RowId, UserId};

/// The kinds of sessions.
pub const KINDS: [&str; 4] = ["individual", "group", "case_discussion", "shadowing"];
/// So many take part at most.
pub const MOST_WORKERS: usize = 30;
/// So many cases are discussed at most.
pub const MOST_CASES: usize = 40;
/// How long one may be planned for, in minutes.
pub const LENGTHS: [i64; 5] = [30, 45, 60, 90, 120];

const FURTHEST: TimeDelta = TimeDelta::days(366);

/// A session that was held.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: RowId,
    /// One of [`KINDS`].
    pub kind: String,
    /// When it was.
    pub held_at: DateTime<Utc>,
    /// Who held it.
    pub supervisor: UserId,
    /// Their name then.
    pub supervisor_name: String,
    /// Who took part.
    pub workers: Vec<UserId>,
    /// Their names.
    pub worker_names: Vec<String>,
    /// Why it was written down late (S31).
    pub late_reason: Option<String>,
}

impl Session {
    /// The address of its page.
    pub fn path(&self) -> String {
        format!("/team/sessions/{}", self.id)
    }

    /// The one worker it was held with alone, for whom and the supervisor there are wellbeing notes.
    pub fn alone_with(&self) -> Option<UserId> {
        match self.workers.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// This user is one of the two who met alone.
    pub fn is_between(&self, me: UserId) -> bool {
        self.alone_with().is_some_and(|worker| worker == me || self.supervisor == me)
    }
}

/// A session to be written down.
#[derive(Debug, Clone, Default)]
pub struct NewSession {
    /// One of [`KINDS`].
    pub kind: String,
    /// Who took part.
    pub workers: Vec<UserId>,
    /// The cases that were discussed.
    pub cases: Vec<CaseId>,
    /// When it was; now when `None`.
    pub held_at: Option<DateTime<Utc>>,
    /// Why it is written down late.
    pub late_reason: String,
    /// The planned session that this was.
    pub planned: Option<RowId>,
}

// What is wrong with the kind, or with who takes part in a session of it.
fn check_company(kind: &str, workers: usize, errors: &mut FieldErrors) {
    if !KINDS.contains(&kind) {
        errors.add("kind", if kind.is_empty() { "required" } else { "not_a_choice" });
    }
    let wrong = match (kind, workers) {
        (_, 0) => Some("required"),
        ("individual" | "shadowing", count) if count > 1 => Some("one_worker"),
        ("group", 1) => Some("several_workers"),
        (_, count) if count > MOST_WORKERS => Some("too_many"),
        _ => None,
    };
    if let Some(code) = wrong {
        errors.add("workers", code);
    }
}

/// A session that lies ahead.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its id.
    pub id: RowId,
    /// One of [`KINDS`].
    pub kind: String,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
    /// Who holds it.
    pub supervisor: UserId,
    /// How they are called.
    pub supervisor_name: String,
    /// Who takes part.
    pub workers: Vec<UserId>,
    /// Their names.
    pub worker_names: Vec<String>,
    /// `planned`, `held` or `called_off`.
    pub state: String,
    /// The actor supervises the unit that it belongs to.
    pub supervised: bool,
}

impl Plan {
    /// Whoever planned it may call it off, and whoever supervises there.
    pub fn is_ended_by(&self, actor: UserId) -> bool {
        self.supervised || self.supervisor == actor
    }

    /// Before that it was not held yet, and can't be written down.
    pub fn has_begun(&self, now: DateTime<Utc>) -> bool {
        self.starts_at <= now
    }
}

/// A session to be planned.
#[derive(Debug, Clone, Default)]
pub struct NewPlan {
    /// One of [`KINDS`].
    pub kind: String,
    /// Who takes part.
    pub workers: Vec<UserId>,
    /// From when.
    pub starts_at: Option<DateTime<Utc>>,
    /// How long, in minutes; one of [`LENGTHS`].
    pub minutes: i64,
}

impl NewPlan {
    /// From when until when, with what is wrong with the rest.
    pub(super) fn check(&self, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>, FieldErrors) {
        let mut errors = FieldErrors::default();
        check_company(&self.kind, self.workers.len(), &mut errors);
        match self.starts_at {
            None => errors.add("starts_at", "required"),
            Some(at) if at < now => errors.add("starts_at", "in_the_past"),
            Some(at) if at > now + FURTHEST => errors.add("starts_at", "too_far"),
            Some(_) => {}
        }
        if !LENGTHS.contains(&self.minutes) {
            errors.add("minutes", "not_a_choice");
        }
        let starts_at = self.starts_at.unwrap_or(now);
        (starts_at, starts_at + TimeDelta::minutes(self.minutes), errors)
    }
}

impl NewSession {
    /// When it was, with what is wrong with the rest.
    pub(super) fn check(&self, now: DateTime<Utc>) -> (DateTime<Utc>, FieldErrors) {
        let mut errors = FieldErrors::default();
        check_company(&self.kind, self.workers.len(), &mut errors);
        if self.cases.len() > MOST_CASES {
            errors.add("cases", "too_many");
        } else if self.kind == "case_discussion" && self.cases.is_empty() {
            errors.add("cases", "required");
        }
        let held_at = self.held_at.unwrap_or(now);
        check_moment(held_at, now, TimeDelta::hours(24), self.late_reason.trim(), &mut errors);
        if self.late_reason.chars().count() > 200 {
            errors.add("late_reason", "too_long");
        }
        (held_at, errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_own_company() {
        let now: DateTime<Utc> = "2026-05-21T09:00:00Z".parse().unwrap();
        let wrong = |kind: &str, workers: usize, cases: usize| {
            let new = NewSession {
                kind: kind.to_owned(),
                workers: vec![UserId(uuid::Uuid::nil()); workers],
                cases: vec![CaseId(uuid::Uuid::nil()); cases],
                ..NewSession::default()
            };
            new.check(now).1.0.values().copied().collect::<Vec<_>>()
        };
        assert!(
            wrong("individual", 1, 0).is_empty() && wrong("group", 2, 0).is_empty() && wrong("case_discussion", 1, 1).is_empty()
        );
        assert_eq!(wrong("shadowing", 2, 0), ["one_worker"]);
        assert_eq!(wrong("group", 1, 0), ["several_workers"]);
        assert_eq!(wrong("case_discussion", 1, 0), ["required"]);
        assert_eq!(wrong("", 0, 0), ["required", "required"]);
    }
}
