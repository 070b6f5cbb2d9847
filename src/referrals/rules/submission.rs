//! What a sender wants to send, as plain values: the caller looks up what consent covers and what is running.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::codes::coded;
use super::words::{DisputeSharing, FollowUp, Kind, Pace, Priority};
use crate::packs::Sensitivity;

coded! {
    /// On what ground data is disclosed (S1).
    Basis {
        Consent = "consent",
        VitalInterest = "vital_interest",
        ChildBestInterests = "child_best_interests",
        LegalDuty = "legal_duty",
    }

    /// An answer to a yes-or-no question of the form.
    Answer {
        Unanswered = "unanswered",
        Yes = "yes",
        No = "no",
    }
}

/// What the sender wants to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Who is asked.
    pub kind: Kind,
    /// How closely the case type is guarded.
    pub sensitivity: Sensitivity,
    /// How soon the service is needed.
    pub priority: Priority,
    /// How soon the receiver must react; an emergency always the same day.
    pub pace: Pace,
    /// The person, or their case code; empty when none was chosen.
    pub person: String,
    /// What is needed; empty when not said.
    pub need: String,
    /// How the person can be reached safely; only an emergency asks it here.
    pub safe_contact: String,
    /// The ground of the disclosure and how far it reaches.
    pub cover: Option<Cover>,
    /// The packet's sections.
    pub sections: BTreeSet<String>,
    /// When the outcome is due.
    pub due_at: Option<DateTime<Utc>>,
    /// Whether a referral that the actor may see runs for the same person and service (S11).
    pub running: Running,
    /// Whether the person already receives the service.
    pub already_receives: Answer,
    /// Whether the person can get it without help.
    pub without_help: Answer,
    /// Whether the service is available here.
    pub available_here: Answer,
    /// Who goes with a child (S5).
    pub accompaniment: Accompaniment,
    /// Whether it is safe for the person, and for the worker (S22).
    pub safety: Safety,
    /// How the person agreed to be asked whether the service came (S7).
    pub follow_up: Option<FollowUp>,
    /// Whether the person marked a number safe for the way they agreed to be asked by (S6).
    pub safe_way: Reach,
    /// Whether the provider may learn of a dispute.
    pub dispute_sharing: DisputeSharing,
}

/// How far consent, or another basis, reaches for this recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// The ground.
    pub basis: Basis,
    /// Whether it reaches this recipient.
    pub recipient: Reach,
    /// The packet sections it reaches.
    pub sections: BTreeSet<String>,
}

/// Whether something is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It is.
    Covered,
    /// It is not.
    NotCovered,
}

/// Whether a referral for the same service is in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Running {
    /// None that the actor may see.
    None,
    /// One is.
    SameService,
}

/// Who goes with a child; it is asked and never blocks (S5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accompaniment {
    /// The person is an adult.
    Adult,
    /// A child, and the question is open.
    Unanswered,
    /// An adult whom the child accepts.
    AcceptedAdult,
    /// The case worker.
    CaseWorker,
    /// There is no safe adult, and this is why.
    NoSafeAdult(String),
}

/// The two questions of S22, and what is done where the answer is no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Safety {
    /// Is it safe for the person?
    pub person: Answer,
    /// Is it safe for the worker?
    pub worker: Answer,
    /// What is done about it.
    pub precaution: String,
}
