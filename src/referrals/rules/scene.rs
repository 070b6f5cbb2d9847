//! For tests: a referral on its way, and every actor and action there is.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::action::{Action, Consent, Outcome};
use super::clearance::check;
use super::loop_state::Receipt;
use super::moves::step;
use super::referral::{Actor, Move, State, Terms, When};
use super::refusal::Refused;
use super::submission::{Accompaniment, Answer, Basis, Cover, Reach, Running, Safety, Submission};
use super::words::{Approval, Confirmer, DisputeSharing, Extent, FollowUp, Kind, Pace, Priority, Served, Source};
use crate::packs::Sensitivity;

/// A referral on its way, for tests: a clock that moves on, and the log so far.
#[derive(Clone, Debug)]
pub struct Scene {
    pub state: State,
    pub log: Vec<Move>,
    pub now: DateTime<Utc>,
}

pub fn outcome() -> Outcome {
    Outcome { what: "shelter for two weeks".into(), ..Outcome::default() }
}

impl Scene {
    pub fn draft(kind: Kind, sensitivity: Sensitivity) -> Scene {
        let terms = Terms::new(kind, sensitivity, Approval::NotNeeded, Served::Persons);
        Scene { state: State::draft(terms), log: Vec::new(), now: now() }
    }

    pub fn sent(kind: Kind) -> Scene {
        let mut scene = Scene::draft(kind, Sensitivity::Standard);
        scene.does(&Actor::AUTHOR, &scene.submit(Priority::Normal));
        scene
    }

    pub fn submit(&self, priority: Priority) -> Action {
        submission(self.state.terms.kind, self.state.terms.sensitivity, priority, FollowUp::WithWorker)
    }

    pub fn tries(&self, by: &Actor, action: &Action) -> Result<Vec<Move>, Refused> {
        step(&self.state, action, by, &When::now(self.now))
    }

    pub fn refuses(&self, by: &Actor, action: &Action) -> Refused {
        self.tries(by, action).expect_err("should have been refused")
    }

    /// Does it, an hour later than the last time; a no-show waits for the appointment.
    pub fn does(&mut self, by: &Actor, action: &Action) {
        if *action == Action::NoShow {
            self.now = self.now.max(self.state.appointment_at.unwrap_or(self.now));
        }
        let made = self.tries(by, action).unwrap_or_else(|refused| panic!("{refused}"));
        self.state = made.last().map_or(self.state, |last| last.state);
        self.log.extend(made);
        self.now += TimeDelta::minutes(10);
    }

    pub fn confirms(&mut self) {
        self.does(&Actor::AUTHOR, &Action::ConfirmReceipt(Receipt::Received(Confirmer::Person)));
    }
}

fn submission(kind: Kind, sensitivity: Sensitivity, priority: Priority, way: FollowUp) -> Action {
    let mut wanted = good(kind, sensitivity);
    wanted.priority = priority;
    wanted.safe_contact = "her own phone, mornings".into();
    wanted.follow_up = Some(way);
    Action::Submit(check(&wanted, now()).expect("a good submission"))
}

pub fn now() -> DateTime<Utc> {
    "2026-05-20T09:00:00Z".parse().unwrap()
}

pub fn good(kind: Kind, sensitivity: Sensitivity) -> Submission {
    let sections: BTreeSet<String> = ["contact".to_owned(), "need".to_owned()].into();
    Submission {
        kind,
        sensitivity,
        priority: Priority::Normal,
        pace: Pace::Ordinary,
        person: "K7M2".into(),
        need: "shelter".into(),
        safe_contact: String::new(),
        cover: Some(Cover { basis: Basis::Consent, recipient: Reach::Covered, sections: sections.clone() }),
        sections,
        due_at: Some(now() + TimeDelta::days(14)),
        running: Running::None,
        already_receives: Answer::No,
        without_help: Answer::No,
        available_here: Answer::Yes,
        accompaniment: Accompaniment::Adult,
        safety: Safety { person: Answer::Yes, worker: Answer::Yes, precaution: String::new() },
        follow_up: Some(FollowUp::WithWorker),
        safe_way: Reach::Covered,
        dispute_sharing: DisputeSharing::KeptFromProvider,
    }
}

pub fn actors() -> Vec<Actor> {
    let told = Actor::AUTHOR.on_behalf(Source::Phone);
    vec![Actor::AUTHOR, Actor::COLLEAGUE, Actor::RECEIVER, Actor::SYSTEM, told, Actor::RECEIVER.on_behalf(Source::Email)]
}

pub fn receipts() -> Vec<Receipt> {
    let spoken = Confirmer::ALL.iter().flat_map(|who| [Receipt::Received(*who), Receipt::NotReceived(*who)]);
    let others = [Receipt::NoAnswer, Receipt::NotAsked("unsafe".into()), Receipt::NotAsked(" ".into()), Receipt::ProviderOnly];
    spoken.chain(others).collect()
}

/// Every action, with content that passes and, where the rules look at it, content that does not.
pub fn actions(terms: &Terms) -> Vec<Action> {
    let ways = [FollowUp::WithWorker, FollowUp::DoNotAsk];
    let submit = |priority, way| submission(terms.kind, terms.sensitivity, priority, way);
    let mut all = ways.map(|way| submit(Priority::Normal, way)).to_vec();
    all.push(submit(Priority::Emergency, FollowUp::WithWorker));
    all.push(submission(Kind::Internal, Sensitivity::Standard, Priority::Normal, FollowUp::Portal));
    all.extend(senders());
    all.extend(receivers());
    all.extend(receipts().into_iter().map(Action::ConfirmReceipt));
    all
}

pub fn other() -> String {
    "other".into()
}

fn senders() -> Vec<Action> {
    vec![
        Action::Edit,
        Action::SendForReview,
        Action::Return { reason: other() },
        Action::Approve,
        Action::Discard,
        Action::Cancel { reason: other() },
        Action::RequestCancellation { reason: other() },
        Action::Withdraw { extent: Extent::StopSharing },
        Action::Withdraw { extent: Extent::EndService },
        Action::PersonNoLongerWants,
        Action::MarkError { reason: other() },
        Action::Amend { consent: Consent::Covers },
        Action::Amend { consent: Consent::Missing },
        Action::Message,
        Action::ReopenLoop { reason: other() },
        Action::NoteDecision { reason: other() },
    ]
}

fn receivers() -> Vec<Action> {
    let later = now() + TimeDelta::days(300);
    vec![
        Action::Assign,
        Action::Acknowledge,
        Action::Accept,
        Action::Decline { reason: other() },
        Action::Decline { reason: String::new() },
        Action::Waitlist { expected_on: None },
        Action::HoldUnreachable,
        Action::Start,
        Action::Resume,
        Action::Schedule { at: later },
        Action::Schedule { at: DateTime::UNIX_EPOCH },
        Action::Reschedule { at: later },
        Action::NoShow,
        Action::AppointmentCancelled,
        Action::VisitCompleted,
        Action::InterimNote,
        Action::Complete { outcome: outcome() },
        Action::Fail { reason: other() },
        Action::ConfirmCancellation,
        Action::ConfirmDeletion,
        Action::ServeNow { outcome: outcome() },
    ]
}
