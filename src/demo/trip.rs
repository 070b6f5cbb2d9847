//! One referral on its way: every step is taken by the referral rules themselves, so that no history in the demo is impossible.
use anyhow::anyhow;
use chrono::{DateTime, TimeDelta, Utc};

use super::chance::{Chance, desk_hour};
use super::sendings::CASH;
use crate::referrals::action::{Action, Outcome};
use crate::referrals::clearance::check;
use crate::referrals::loop_state::Receipt;
use crate::referrals::moves::step;
use crate::referrals::referral::{Actor, LateEntry, Move, State, Terms, When};
use crate::referrals::sending::cash;
use crate::referrals::submission::{Accompaniment, Answer, Basis, Cover, Reach, Running, Safety, Submission};
use crate::referrals::words::{Approval, Confirmer, DisputeSharing, FollowUp, Kind, Pace, Priority, Served};

// What goes, of anything but money.
const SECTIONS: &[&str] = &["need", "urgency", "area", "identity", "safe_contact"];

/// What is decided before the first step.
#[derive(Clone, Debug)]
pub struct Departure {
    /// The terms of the draft.
    pub terms: Terms,
    /// How soon it is needed.
    pub priority: Priority,
    /// How the person agreed to be asked.
    pub follow_up: FollowUp,
    /// It is for a child.
    pub child: bool,
    /// What is needed.
    pub need: &'static str,
    /// The case is at high risk.
    pub high_risk: bool,
}

/// A referral on its way.
pub struct Trip<'a> {
    /// Where it stands.
    pub state: State,
    /// Every step so far, and who took it.
    pub log: Vec<(Move, &'static str)>,
    /// Chance, and now.
    pub chance: &'a mut Chance,
    /// The last step's moment.
    pub at: DateTime<Utc>,
    /// Hours are divided by this, for referrals that began lately.
    pub haste: i64,
    /// Who writes.
    pub author: &'static str,
    /// Who approves.
    pub reviewer: &'static str,
    /// Who answers.
    pub receiver: &'static str,
    departure: Departure,
}

impl<'a> Trip<'a> {
    /// Somebody begins to write at this moment.
    pub fn begin(chance: &'a mut Chance, at: DateTime<Utc>, departure: Departure, people: [&'static str; 3]) -> Self {
        let haste = if chance.now - at < TimeDelta::days(28) { 6 } else { 1 };
        let state = State::draft(departure.terms);
        let [author, reviewer, receiver] = people;
        Self { state, log: Vec::new(), chance, at, haste, author, reviewer, receiver, departure }
    }

    /// The author does this, so many hours later.
    pub fn sends(&mut self, action: &Action, hours: (i64, i64)) -> anyhow::Result<()> {
        self.does(&Actor::AUTHOR, self.author, action, hours)
    }

    /// The receiver does this, so many hours later.
    pub fn answers(&mut self, action: &Action, hours: (i64, i64)) -> anyhow::Result<()> {
        self.does(&Actor::RECEIVER, self.receiver, action, hours)
    }

    /// Somebody does this, so many hours later; what the rules refuse is a mistake in the demo.
    pub fn does(&mut self, by: &Actor, login: &'static str, action: &Action, hours: (i64, i64)) -> anyhow::Result<()> {
        let from = self.at;
        self.at = self.chance.hours_after(from, hours.0 / self.haste, (hours.1 / self.haste).max(1));
        self.does_now(by, login, action)
    }

    /// The same at the moment already reached.
    pub fn does_now(&mut self, by: &Actor, login: &'static str, action: &Action) -> anyhow::Result<()> {
        let when = When::at(self.at, self.at, LateEntry::Unexplained);
        let made = step(&self.state, action, by, &when)
            .map_err(|refused| anyhow!("the demo's referral can't {}: {refused}", action.act()))?;
        for one in made {
            self.state = one.state;
            self.log.push((one, login));
        }
        Ok(())
    }

    /// Written, reviewed where that is asked for, and sent.
    pub fn submit(&mut self) -> anyhow::Result<()> {
        if self.state.terms.approval == Approval::Needed && self.departure.priority != Priority::Emergency {
            self.sends(&Action::SendForReview, (0, 1))?;
            self.does(&Actor::COLLEAGUE, self.reviewer, &Action::Approve, (1, 6))?;
        }
        let cleared =
            check(&self.submission(), self.at).map_err(|problems| anyhow!("the demo's referral is not ready: {problems:?}"))?;
        self.sends(&Action::Submit(cleared), (0, 1))
    }

    /// Sent, acknowledged and accepted.
    pub fn accepted(&mut self) -> anyhow::Result<()> {
        self.submit()?;
        self.answers(&Action::Acknowledge, (1, 30))?;
        self.answers(&Action::Accept, (2, 70))
    }

    /// The service begins after an appointment.
    pub fn started(&mut self) -> anyhow::Result<()> {
        self.accepted()?;
        let soon = self.chance.hours_after(self.at, 24 / self.haste, 96 / self.haste);
        let appointment = self.in_daytime(soon);
        self.answers(&Action::Schedule { at: appointment }, (0, 1))
            .or_else(|_| self.answers(&Action::Schedule { at: self.at + TimeDelta::hours(1) }, (0, 1)))?;
        self.at = self.at.max(appointment).min(self.chance.now);
        self.does_now(&Actor::RECEIVER, self.receiver, &Action::Start)
    }

    /// An appointment about then: while desks are open, where that is neither before it could be agreed nor still to come.
    pub fn in_daytime(&self, about: DateTime<Utc>) -> DateTime<Utc> {
        let open = desk_hour(about);
        let can_be = |moment: &DateTime<Utc>| *moment > self.at + TimeDelta::hours(1) && *moment <= self.chance.now;
        [open, open + TimeDelta::days(1), open - TimeDelta::days(1)].into_iter().find(can_be).unwrap_or(about)
    }

    /// The provider reports the service as given.
    pub fn completed(&mut self) -> anyhow::Result<()> {
        self.started()?;
        if self.chance.percent(40) {
            self.answers(&Action::VisitCompleted, (20, 90))?;
        }
        let outcome = outcome(self.departure.need);
        self.answers(&Action::Complete { outcome }, (24, 200))
    }

    /// The worker asks the person.
    pub fn asked(&mut self, receipt: Receipt, hours: (i64, i64)) -> anyhow::Result<()> {
        self.sends(&Action::ConfirmReceipt(receipt), hours)
    }

    /// Somebody on the person's own side.
    pub fn confirmer(&self) -> Confirmer {
        if self.departure.child { Confirmer::Child } else { Confirmer::Person }
    }

    fn submission(&self) -> Submission {
        let told = if self.departure.need == CASH { cash::SECTIONS } else { SECTIONS };
        let sections: std::collections::BTreeSet<String> = told.iter().map(|code| (*code).to_owned()).collect();
        let terms = &self.departure.terms;
        let emergency = self.departure.priority == Priority::Emergency;
        Submission {
            kind: terms.kind,
            sensitivity: terms.sensitivity,
            priority: self.departure.priority,
            pace: if self.departure.high_risk { Pace::SameDay } else { Pace::Ordinary },
            person: "known".into(),
            need: self.departure.need.into(),
            safe_contact: if emergency { "Own phone, in the morning".into() } else { String::new() },
            cover: Some(Cover { basis: Basis::Consent, recipient: Reach::Covered, sections: sections.clone() }),
            sections,
            due_at: Some(self.at + TimeDelta::days(if emergency { 1 } else { 14 })),
            running: Running::None,
            already_receives: Answer::No,
            without_help: Answer::No,
            available_here: Answer::Yes,
            accompaniment: if self.departure.child { Accompaniment::AcceptedAdult } else { Accompaniment::Adult },
            safety: Safety { person: Answer::Yes, worker: Answer::Yes, precaution: String::new() },
            follow_up: Some(self.departure.follow_up),
            safe_way: Reach::Covered,
            dispute_sharing: DisputeSharing::KeptFromProvider,
        }
    }
}

/// What was given, in a few words.
pub fn outcome(need: &str) -> Outcome {
    let (what, how_much) = match need {
        CASH => ("Assistance of three months paid at once", Some("240")),
        "food" => ("Food vouchers handed over", Some("four vouchers")),
        "legal" => ("Advice given, and the request filed", Some("two meetings")),
        "documentation" => ("The document was issued", None),
        "mental_health" => ("First round of sessions held", Some("five sessions")),
        "health" | "nutrition" => ("Seen by the doctor, treatment given", Some("one visit")),
        _ => ("The service was given as asked for", None),
    };
    Outcome { what: what.into(), how_much: how_much.map(str::to_owned), ..Outcome::default() }
}

/// The terms of a fresh draft.
pub fn terms(kind: Kind, sensitivity: crate::packs::Sensitivity, approval: Approval, served: Served) -> Terms {
    Terms::new(kind, sensitivity, approval, served)
}
