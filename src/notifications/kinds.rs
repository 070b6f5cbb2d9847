//! Which facts anybody hears of, and who.
use crate::audit::Fact;

/// Somebody who hears, by their part in a case or referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hearer {
    /// Sending side: the case manager, else the author.
    Sender,
    /// Sending side: whoever wrote it.
    Author,
    /// Sending side: the named supervisor, else the unit's.
    SenderSupervisor,
    /// Receiving side: the assignee, else whoever answers in the unit; for restricted types its focal points.
    Receiver,
    /// The case's manager.
    CaseManager,
    /// The case's named supervisor, else the unit's.
    CaseSupervisor,
    /// The organisation's protection officers.
    Protection,
    /// Whoever asked for a transfer.
    TransferAsker,
    /// Whoever decides on transfers to the receiving unit; for a restricted case its focal points.
    TransferDecider,
    /// Whoever arranges rights in the receiving organisation, for a request that nobody there can decide; they don't see the request itself.
    Administrator,
    /// Whoever takes part in a session of supervision, whom its facts name.
    TakesPart,
    /// Whoever reads minutes of a conference in the organisation that received them.
    MinutesReader,
    /// Whoever would read them in an organisation that was asked to a conference which is called off.
    AskedToConfer,
    /// Whoever handed on a task that is done, held one that went further up, or looks for a colleague who stays out longer: the second that such a
    /// fact names.
    TaskGiver,
    /// Whoever wrote words that no longer stand there: the second that such a fact names.
    FormerAuthor,
    /// Whoever asked that a case be closed: the second that what a colleague decided about it names.
    ClosingAsker,
    /// Whoever proposed a correction, whom its answer names.
    Proposer,
    /// Whoever a task is given to; for one that stands in the inbox past its time, whoever gives out tasks there; for a missed follow-up at
    /// high risk the supervisor too.
    TaskHolder,
}

/// What the list can be narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Somebody's safety or a missed deadline; can't be switched off.
    Urgent,
    /// Referrals.
    Referrals,
    /// Cases.
    Cases,
    /// Tasks.
    Tasks,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 4] = [Self::Urgent, Self::Referrals, Self::Cases, Self::Tasks];

    /// Its code in addresses and texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Urgent => "urgent",
            Self::Referrals => "referrals",
            Self::Cases => "cases",
            Self::Tasks => "tasks",
        }
    }
}

/// A fact that somebody hears of.
#[derive(Debug)]
pub struct Kind {
    /// The fact.
    pub fact: Fact,
    /// Where it belongs.
    pub group: Group,
    /// Who hears; empty when another job tells them.
    pub hearers: &'static [Hearer],
}

const fn urgent(fact: Fact, hearers: &'static [Hearer]) -> Kind {
    Kind { fact, group: Group::Urgent, hearers }
}

const fn referral(fact: Fact, hearers: &'static [Hearer]) -> Kind {
    Kind { fact, group: Group::Referrals, hearers }
}

const fn case(fact: Fact, hearers: &'static [Hearer]) -> Kind {
    Kind { fact, group: Group::Cases, hearers }
}

const fn transfer(fact: Fact, hearers: &'static [Hearer]) -> Kind {
    Kind { fact, group: Group::Cases, hearers }
}

const fn task(fact: Fact) -> Kind {
    Kind { fact, group: Group::Tasks, hearers: &[Hearer::TaskHolder] }
}

/// Every kind.
pub const KINDS: &[Kind] = &[
    urgent(Fact::GlassBroken, &[Hearer::CaseManager, Hearer::CaseSupervisor, Hearer::Protection]),
    urgent(Fact::SafetyActionMissing, &[Hearer::CaseManager, Hearer::CaseSupervisor]),
    urgent(Fact::ThreatLogged, &[Hearer::CaseSupervisor]),
    urgent(Fact::VisitOverdue, &[Hearer::CaseSupervisor]),
    urgent(Fact::ConsentWithdrawn, &[Hearer::CaseManager, Hearer::CaseSupervisor]),
    // The receiver learns that it must stop using what it got, never why (S4).
    urgent(Fact::DeletionAsked, &[Hearer::Sender, Hearer::Receiver]),
    // The three rings of a deadline are told by the job that rings them.
    urgent(Fact::ReferralEscalated, &[]),
    referral(Fact::ReferralInReview, &[Hearer::SenderSupervisor]),
    referral(Fact::ReferralReturned, &[Hearer::Author]),
    referral(Fact::ReferralApproved, &[Hearer::Author]),
    referral(Fact::ReferralSubmitted, &[Hearer::Receiver]),
    referral(Fact::ReferralAssigned, &[Hearer::Receiver]),
    referral(Fact::ReferralAcknowledged, &[Hearer::Sender]),
    referral(Fact::ReferralAccepted, &[Hearer::Sender]),
    referral(Fact::ReferralDeclined, &[Hearer::Sender]),
    referral(Fact::ReferralHeld, &[Hearer::Sender]),
    referral(Fact::ReferralStarted, &[Hearer::Sender]),
    referral(Fact::ReferralScheduled, &[Hearer::Sender]),
    referral(Fact::ReferralNoted, &[Hearer::Sender]),
    referral(Fact::ReferralCompleted, &[Hearer::Sender]),
    referral(Fact::NoticeTakenOver, &[Hearer::Sender]),
    referral(Fact::ReferralFailed, &[Hearer::Sender]),
    referral(Fact::ReferralCancelled, &[Hearer::Sender, Hearer::Receiver]),
    referral(Fact::CancellationAsked, &[Hearer::Receiver]),
    referral(Fact::ReferralMistaken, &[Hearer::Receiver]),
    referral(Fact::ReferralAmended, &[Hearer::Receiver]),
    referral(Fact::ReferralMessage, &[Hearer::Sender, Hearer::Receiver]),
    referral(Fact::LoopMoved, &[Hearer::Sender, Hearer::Receiver]),
    // Nothing went out: whoever sent it must choose another way.
    referral(Fact::LetterDropped, &[Hearer::Sender]),
    referral(Fact::LetterLost, &[Hearer::Sender, Hearer::Author]),
    referral(Fact::LinkCodeNotSent, &[Hearer::Sender]),
    referral(Fact::ReferralReminder, &[]),
    referral(Fact::ReferralDue, &[]),
    case(Fact::CaseAssigned, &[Hearer::CaseManager]),
    case(Fact::CaseReclassified, &[Hearer::CaseManager]),
    case(Fact::CaseReopened, &[Hearer::CaseManager]),
    // A level that no longer asks for a safety action ends the supervisor's alert; it must not end unheard (S21).
    case(Fact::RiskSet, &[Hearer::CaseManager, Hearer::CaseSupervisor]),
    case(Fact::AssessmentSubmitted, &[Hearer::CaseSupervisor]),
    case(Fact::AssessmentApproved, &[Hearer::CaseManager]),
    case(Fact::AssessmentReturned, &[Hearer::CaseManager]),
    case(Fact::QualityReviewed, &[Hearer::CaseManager]),
    case(Fact::PlanSubmitted, &[Hearer::CaseSupervisor]),
    case(Fact::PlanApproved, &[Hearer::CaseManager]),
    case(Fact::PlanReturned, &[Hearer::CaseManager]),
    case(Fact::PlanWordsReplaced, &[Hearer::FormerAuthor]),
    case(Fact::ClosingApproved, &[Hearer::ClosingAsker]),
    case(Fact::ClosingReturned, &[Hearer::ClosingAsker]),
    case(Fact::SafetyActionLogged, &[Hearer::CaseSupervisor]),
    case(Fact::CaseTransferred, &[Hearer::CaseManager]),
    // The person does not know by now that they are expected: somebody else must tell them.
    case(Fact::ReminderLost, &[Hearer::CaseManager]),
    // Its case is closed: where nobody keeps it any more, its supervisor tells them.
    case(Fact::CalledOffLost, &[Hearer::CaseManager, Hearer::CaseSupervisor]),
    case(Fact::SupervisionPlanned, &[Hearer::TakesPart]),
    case(Fact::SupervisionCalledOff, &[Hearer::TakesPart]),
    case(Fact::CorrectionAnswered, &[Hearer::Proposer]),
    case(Fact::ConferenceShared, &[Hearer::MinutesReader]),
    case(Fact::ConferenceCalledOff, &[Hearer::AskedToConfer]),
    transfer(Fact::TransferSubmitted, &[Hearer::TransferDecider]),
    transfer(Fact::TransferApproved, &[Hearer::TransferAsker]),
    transfer(Fact::TransferRejected, &[Hearer::TransferAsker]),
    transfer(Fact::TransferEnded, &[Hearer::TransferAsker]),
    transfer(Fact::TransferUnattended, &[Hearer::Administrator, Hearer::TransferAsker]),
    task(Fact::TaskAdded),
    task(Fact::TaskAssigned),
    task(Fact::TaskHanded),
    task(Fact::TaskHandedBack),
    case(Fact::HandedTaskDone, &[Hearer::TaskGiver]),
    task(Fact::ApprovalDueSoon),
    Kind { fact: Fact::ApprovalEscalated, group: Group::Tasks, hearers: &[Hearer::TaskHolder, Hearer::TaskGiver] },
    task(Fact::TaskOverdue),
    Kind { fact: Fact::VisitProlonged, group: Group::Tasks, hearers: &[Hearer::CaseSupervisor, Hearer::TaskGiver] },
];

impl Kind {
    /// The kind of this fact code, if anybody hears of it.
    pub fn of_fact(code: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.fact.code() == code)
    }

    /// The code that is stored, and the tail of its text key.
    pub fn code(&self) -> String {
        self.fact.code().replace('.', "_")
    }

    /// It is about a task.
    pub fn is_of_task(&self) -> bool {
        self.group == Group::Tasks || self.fact == Fact::VisitOverdue
    }

    /// It is about a transfer, which its facts name first.
    pub fn is_of_transfer(&self) -> bool {
        self.hearers.iter().any(|hearer| matches!(hearer, Hearer::TransferAsker | Hearer::TransferDecider))
    }

    /// Its facts name the people, the packets or the parties that it is about, and nothing else says who hears of it.
    pub fn names_its_own(&self) -> bool {
        let named = [Hearer::TakesPart, Hearer::Proposer, Hearer::MinutesReader, Hearer::AskedToConfer];
        self.hearers.iter().any(|hearer| named.contains(hearer))
    }

    /// Its facts name second whoever hears of it.
    pub fn names_second(&self) -> bool {
        self.hearers.iter().any(|hearer| matches!(hearer, Hearer::TaskGiver | Hearer::FormerAuthor | Hearer::ClosingAsker))
    }

    /// May be switched off.
    pub fn may_be_quiet(&self) -> bool {
        self.group != Group::Urgent
    }
}

// What the database itself tells: whoever no longer sees the case of what happened to it, and both sides of a cover.
const TOLD_BY_THE_MOVE: [&str; 8] = [
    "case_transferred_away",
    "draft_discarded",
    "cover_started",
    "cover_started_for_you",
    "cover_for_good",
    "cover_for_good_for_you",
    "cover_ended",
    "cover_ended_for_you",
];

/// The codes of the kinds in this group.
pub fn codes_of(group: Group) -> Vec<String> {
    // Jobs that tell people themselves store the fact's own code.
    let of_group = KINDS.iter().filter(|kind| kind.group == group);
    let told = of_group.flat_map(|kind| [kind.code(), kind.fact.code().to_owned()]);
    let moved = TOLD_BY_THE_MOVE.iter().filter(|_| group == Group::Cases).map(|kind| (*kind).to_owned());
    told.chain(moved).collect()
}
