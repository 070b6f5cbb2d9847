//! The proof that a submission was checked, without which nothing is sent.

use chrono::{DateTime, Utc};

use super::problems::{Problem, is_safe_channel, problems};
use super::referral::Terms;
use super::submission::Submission;
use super::words::{DisputeSharing, FollowUp, Kind, Pace, Priority};
use crate::packs::Sensitivity;

/// Proof that a submission was checked; only `check` makes one, and submitting asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cleared {
    kind: Kind,
    sensitivity: Sensitivity,
    priority: Priority,
    pace: Pace,
    due_at: Option<DateTime<Utc>>,
    follow_up: Option<FollowUp>,
    dispute_sharing: DisputeSharing,
}

/// The proof that a submission may go, or everything that stands in its way.
pub fn check(submission: &Submission, now: DateTime<Utc>) -> Result<Cleared, Vec<Problem>> {
    let problems = problems(submission, now);
    if !problems.is_empty() {
        return Err(problems);
    }
    let emergency = submission.priority == Priority::Emergency;
    Ok(Cleared {
        kind: submission.kind,
        sensitivity: submission.sensitivity,
        priority: submission.priority,
        pace: if emergency { Pace::SameDay } else { submission.pace },
        due_at: submission.due_at.filter(|due| *due > now),
        follow_up: submission.follow_up.filter(|way| is_safe_channel(*way, submission.sensitivity)),
        dispute_sharing: submission.dispute_sharing,
    })
}

impl Cleared {
    /// How soon the service is needed.
    pub fn priority(&self) -> Priority {
        self.priority
    }

    pub(super) fn is_for(&self, terms: &Terms) -> bool {
        self.kind == terms.kind && self.sensitivity == terms.sensitivity
    }

    pub(super) fn terms(&self, draft: &Terms) -> Terms {
        Terms {
            priority: self.priority,
            pace: self.pace,
            due_at: self.due_at,
            follow_up: self.follow_up,
            dispute_sharing: self.dispute_sharing,
            ..*draft
        }
    }
}
