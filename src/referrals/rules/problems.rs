//! What must be true before a referral is sent: every problem at once, each with a stable field and code.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::codes::coded;
use super::submission::{Accompaniment, Answer, Cover, Reach, Running, Safety, Submission};
use super::words::{FollowUp, Kind, Priority};
use crate::packs::Sensitivity;

coded! {
    /// The field of the form at which a problem is shown.
    Field {
        Person = "person",
        Need = "need",
        SafeContact = "safe_contact",
        Basis = "basis",
        Recipient = "recipient",
        Sections = "sections",
        DueAt = "due_at",
        Service = "service",
        AlreadyReceives = "already_receives",
        WithoutHelp = "without_help",
        AvailableHere = "available_here",
        Accompaniment = "accompaniment",
        SafeForPerson = "safe_for_person",
        SafeForWorker = "safe_for_worker",
        FollowUp = "follow_up",
    }

    /// What is wrong with a field.
    Fault {
        Missing = "missing",
        Unanswered = "unanswered",
        NotCovered = "not_covered",
        InPast = "in_past",
        AlreadyRunning = "already_running",
        /// The answer itself is a coded reason not to refer.
        NotReferredBecause = "not_referred_because",
        /// The answer asks for a precaution in words.
        PrecautionNeeded = "precaution_needed",
        ReasonNeeded = "reason_needed",
        UnsafeChannel = "unsafe_channel",
        /// The person marked no number safe for it.
        NoSafeWay = "no_safe_way",
    }
}

/// One problem; the surface translates field and fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it is shown.
    pub field: Field,
    /// What is wrong.
    pub fault: Fault,
    /// Which packet section, where it is about one.
    pub section: Option<String>,
}

/// Everything that stands in the way of sending, in the order of the form; an emergency asks four fields only (S2).
pub fn problems(submission: &Submission, now: DateTime<Utc>) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut add = |field, fault| found.push(Problem { field, fault, section: None });
    if is_blank(&submission.person) {
        add(Field::Person, Fault::Missing);
    }
    if is_blank(&submission.need) {
        add(Field::Need, Fault::Missing);
    }
    if submission.priority == Priority::Emergency {
        if is_blank(&submission.safe_contact) {
            add(Field::SafeContact, Fault::Missing);
        }
        if submission.cover.is_none() {
            add(Field::Basis, Fault::Missing);
        }
        return found;
    }
    if submission.kind != Kind::SelfReferral {
        found.extend(disclosure_problems(submission.cover.as_ref(), &submission.sections));
    }
    found.extend(due_problem(submission.due_at, now));
    // A transfer notice asks for no service, so the questions about one would have no answer.
    if submission.kind != Kind::TransferNotice {
        found.extend(service_problems(submission));
        found.extend(follow_up_problem(submission));
    }
    found.extend(accompaniment_problem(&submission.accompaniment));
    found.extend(safety_problems(&submission.safety));
    found
}

/// What consent, or another basis, leaves uncovered of a packet; also asked before a supplement is added.
pub fn disclosure_problems(cover: Option<&Cover>, sections: &BTreeSet<String>) -> Vec<Problem> {
    let mut found = Vec::new();
    if sections.is_empty() {
        found.push(problem(Field::Sections, Fault::Missing));
    }
    let Some(cover) = cover else {
        found.push(problem(Field::Basis, Fault::Missing));
        return found;
    };
    if cover.recipient == Reach::NotCovered {
        found.push(problem(Field::Recipient, Fault::NotCovered));
    }
    found.extend(sections.difference(&cover.sections).map(|section| Problem {
        field: Field::Sections,
        fault: Fault::NotCovered,
        section: Some(section.clone()),
    }));
    found
}

fn due_problem(due_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<Problem> {
    match due_at {
        None => Some(problem(Field::DueAt, Fault::Missing)),
        Some(due) if due <= now => Some(problem(Field::DueAt, Fault::InPast)),
        Some(_) => None,
    }
}

fn service_problems(submission: &Submission) -> Vec<Problem> {
    let running = match submission.running {
        Running::SameService => Some(problem(Field::Service, Fault::AlreadyRunning)),
        Running::None => None,
    };
    let asked = [
        (Field::AlreadyReceives, submission.already_receives, Answer::Yes),
        (Field::WithoutHelp, submission.without_help, Answer::Yes),
        (Field::AvailableHere, submission.available_here, Answer::No),
    ];
    let answers = asked.into_iter().filter_map(|(field, answer, forbids)| match answer {
        Answer::Unanswered => Some(problem(field, Fault::Unanswered)),
        _ if answer == forbids => Some(problem(field, Fault::NotReferredBecause)),
        _ => None,
    });
    running.into_iter().chain(answers).collect()
}

fn accompaniment_problem(accompaniment: &Accompaniment) -> Option<Problem> {
    match accompaniment {
        Accompaniment::Unanswered => Some(problem(Field::Accompaniment, Fault::Unanswered)),
        Accompaniment::NoSafeAdult(reason) if is_blank(reason) => Some(problem(Field::Accompaniment, Fault::ReasonNeeded)),
        _ => None,
    }
}

fn safety_problems(safety: &Safety) -> Vec<Problem> {
    let asked = [(Field::SafeForPerson, safety.person), (Field::SafeForWorker, safety.worker)];
    let found = asked.into_iter().filter_map(|(field, answer)| match answer {
        Answer::Unanswered => Some(problem(field, Fault::Unanswered)),
        Answer::No if is_blank(&safety.precaution) => Some(problem(field, Fault::PrecautionNeeded)),
        _ => None,
    });
    found.collect()
}

fn follow_up_problem(submission: &Submission) -> Option<Problem> {
    match submission.follow_up {
        None => Some(problem(Field::FollowUp, Fault::Unanswered)),
        Some(way) if !is_safe_channel(way, submission.sensitivity) => Some(problem(Field::FollowUp, Fault::UnsafeChannel)),
        // Unknown is not safe (S6): what nobody marked safe is promised to nobody.
        Some(FollowUp::Call | FollowUp::Sms) if submission.safe_way == Reach::NotCovered => {
            Some(problem(Field::FollowUp, Fault::NoSafeWay))
        }
        Some(_) => None,
    }
}

/// Whether a case type may be asked this way: automatic messages and the person's own pages never reach restricted
/// types (S6, S30).
pub(super) fn is_safe_channel(way: FollowUp, sensitivity: Sensitivity) -> bool {
    sensitivity != Sensitivity::Restricted || !matches!(way, FollowUp::Sms | FollowUp::Portal)
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn problem(field: Field, fault: Fault) -> Problem {
    Problem { field, fault, section: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referrals::rules::clearance::check;
    use crate::referrals::rules::scene::{good, now};
    use crate::referrals::rules::submission::Basis;

    fn standard() -> Submission {
        good(Kind::Partner, Sensitivity::Standard)
    }

    fn codes(submission: &Submission) -> Vec<String> {
        problems(submission, now()).iter().map(|found| format!("{}:{}", found.field, found.fault)).collect()
    }

    #[test]
    fn a_good_submission_has_no_problem() {
        for kind in Kind::ALL {
            assert_eq!(codes(&good(*kind, Sensitivity::Protected)), [""; 0], "{kind}");
        }
    }

    #[test]
    fn each_rule_names_its_field() {
        type Spoil = fn(&mut Submission);
        let cases: &[(Spoil, &str)] = &[
            (|s| s.person = " ".into(), "person:missing"),
            (|s| s.need.clear(), "need:missing"),
            (|s| s.sections.clear(), "sections:missing"),
            (|s| s.cover = None, "basis:missing"),
            (|s| s.cover.as_mut().unwrap().recipient = Reach::NotCovered, "recipient:not_covered"),
            (|s| s.sections = ["health".to_owned()].into(), "sections:not_covered"),
            (|s| s.due_at = None, "due_at:missing"),
            (|s| s.due_at = Some(now()), "due_at:in_past"),
            (|s| s.running = Running::SameService, "service:already_running"),
            (|s| s.already_receives = Answer::Yes, "already_receives:not_referred_because"),
            (|s| s.without_help = Answer::Yes, "without_help:not_referred_because"),
            (|s| s.available_here = Answer::No, "available_here:not_referred_because"),
            (|s| s.available_here = Answer::Unanswered, "available_here:unanswered"),
            (|s| s.accompaniment = Accompaniment::Unanswered, "accompaniment:unanswered"),
            (|s| s.accompaniment = Accompaniment::NoSafeAdult(String::new()), "accompaniment:reason_needed"),
            (|s| s.safety.person = Answer::Unanswered, "safe_for_person:unanswered"),
            (|s| s.safety.worker = Answer::No, "safe_for_worker:precaution_needed"),
            (|s| s.follow_up = None, "follow_up:unanswered"),
        ];
        for (spoil, expected) in cases {
            let mut submission = standard();
            spoil(&mut submission);
            assert_eq!(codes(&submission), [*expected]);
        }
    }

    #[test]
    fn all_problems_come_at_once() {
        let mut submission = standard();
        submission.due_at = None;
        submission.sections = ["health".to_owned(), "school".to_owned()].into();
        submission.follow_up = None;
        let expected = ["sections:not_covered", "sections:not_covered", "due_at:missing", "follow_up:unanswered"];
        assert_eq!(codes(&submission), expected);
    }

    #[test]
    fn s02_an_emergency_asks_its_four_fields_and_nothing_else() {
        let mut submission = Submission {
            priority: Priority::Emergency,
            person: String::new(),
            need: String::new(),
            cover: None,
            due_at: None,
            running: Running::SameService,
            already_receives: Answer::Yes,
            follow_up: None,
            accompaniment: Accompaniment::Unanswered,
            ..standard()
        };
        assert_eq!(codes(&submission), ["person:missing", "need:missing", "safe_contact:missing", "basis:missing"]);
        submission.person = "K7M2".into();
        submission.need = "shelter tonight".into();
        submission.safe_contact = "knock at the neighbour's clinic".into();
        submission.cover = Some(Cover { basis: Basis::VitalInterest, recipient: Reach::NotCovered, sections: [].into() });
        assert!(check(&submission, now()).is_ok());
    }

    #[test]
    fn s05_a_child_without_a_safe_adult_never_blocks() {
        for accompaniment in
            [Accompaniment::AcceptedAdult, Accompaniment::CaseWorker, Accompaniment::NoSafeAdult("lives on the street".into())]
        {
            assert!(check(&Submission { accompaniment, ..standard() }, now()).is_ok());
        }
    }

    #[test]
    fn s06_no_automatic_message_asks_a_restricted_case() {
        for (way, safe) in [(FollowUp::Sms, false), (FollowUp::Portal, false), (FollowUp::Call, true)] {
            let submission = Submission { follow_up: Some(way), ..good(Kind::Partner, Sensitivity::Restricted) };
            assert_eq!(check(&submission, now()).is_ok(), safe, "{way}");
        }
    }

    #[test]
    fn a_self_referral_discloses_nothing_and_asks_no_consent() {
        let submission = Submission { cover: None, sections: [].into(), ..good(Kind::SelfReferral, Sensitivity::Standard) };
        assert!(check(&submission, now()).is_ok());
    }
}
