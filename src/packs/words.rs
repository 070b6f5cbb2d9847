//! The closed vocabularies of a pack: words the program acts upon, as opposed to codes a pack invents.

use serde::{Deserialize, Serialize};

/// A word out of a closed list, the same in `pack.toml`, in the database and in messages.
pub trait Word: Copy + 'static {
    /// Every word of the list.
    const ALL: &'static [Self];

    /// The word as it is written.
    fn as_str(self) -> &'static str;

    /// The word written so, if it is in the list.
    fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.as_str() == text)
    }
}

macro_rules! vocabulary {
    ($($(#[$note:meta])* $name:ident { $($(#[$why:meta])* $variant:ident = $word:literal,)+ })+) => {$(
        $(#[$note])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$why])* #[serde(rename = $word)] $variant,)+ }

        impl Word for $name {
            const ALL: &'static [Self] = &[$(Self::$variant,)+];

            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    )+};
}

pub(crate) use vocabulary;

vocabulary! {
    /// How closely a case type is guarded (S9, S13, S15, S16).
    Sensitivity {
        Standard = "standard",
        Protected = "protected",
        /// Invisible, even as a search hit, to roles that are not cleared.
        Restricted = "restricted",
    }

    /// Where the child records of a kind belong.
    Under {
        /// To a case, and seen by whoever sees that case.
        Case = "case",
        /// To a person directly.
        Person = "person",
    }

    /// What the form of a child record asks.
    Shape {
        /// Something that happened: where, what, what was done.
        Incident = "incident",
        /// A judgement in summary: what was found, how serious, what is advised, when to look again.
        Assessment = "assessment",
        /// A conversation: how it was held, how long, when the next is.
        Session = "session",
        /// Something said or written to or by the person or somebody for them.
        Communication = "communication",
        /// The account alone.
        Account = "account",
        /// A best interests assessment: who took part, the child's view, options, what is recommended.
        BestInterests = "best_interests",
        /// A best interests determination: the panel, the child's view, options, the decision with its reasons, when it is reviewed.
        Determination = "determination",
        /// How a child is separated, and who cares for the child now.
        Separation = "separation",
        /// The search for a relative: who is sought, what was done, what came of it.
        Tracing = "tracing",
        /// Bringing a child and a caregiver together: verification, what both agree to, follow-up.
        Reunification = "reunification",
    }

    /// Whether an assessment looks shortly at everything, or deeply.
    ToolShape {
        Screening = "screening",
        Analysis = "analysis",
    }

    /// Who is asked; what one member says alone stands in that member's own case (S12).
    Asks {
        Household = "household",
        Member = "member",
    }

    /// How it is known whether an achievement is reached.
    Known {
        /// Somebody says so, with what shows it.
        ByHand = "by_hand",
        /// The registry holds an identity document of that member.
        IdentityDocument = "identity_document",
        /// The newest settled round of an assessment says so.
        Answer = "answer",
        /// A rule over the answers of forms, the members and the registry says so.
        Rule = "rule",
    }

    /// The sex that a line is about, as the registry writes it.
    Sex {
        Female = "female",
        Male = "male",
    }

    /// What an answer looks like.
    AnswerKind {
        /// A step from 0 to the highest; the step is its points.
        Scale = "scale",
        Choice = "choice",
        YesNo = "yes_no",
        Number = "number",
        /// Words; always sealed.
        Text = "text",
    }

    /// What a question touches. All but the first are asked of one person alone, never of a household (S12).
    Topic {
        Ordinary = "ordinary",
        Violence = "violence",
        SexualHealth = "sexual_health",
        Abuse = "abuse",
    }

    /// How much work a case is, from the least.
    Intensity {
        /// Informing and orienting.
        Information = "information",
        /// Referring on.
        Intermediation = "intermediation",
        /// Accompanying.
        CaseWork = "case_work",
    }

    /// A state of a referral for which an agency has a word of its own.
    StateWord {
        Draft = "draft",
        InReview = "in_review",
        Returned = "returned",
        Approved = "approved",
        /// Sent, while its letter waits in the outbox.
        LetterQueued = "letter_queued",
        /// Sent, and its letter too.
        LetterSent = "letter_sent",
        Sent = "sent",
        Acknowledged = "acknowledged",
        Accepted = "accepted",
        InProgress = "in_progress",
        OnHold = "on_hold",
        Rejected = "rejected",
        Completed = "completed",
        Failed = "failed",
        Cancelled = "cancelled",
    }

    /// Whom a case of a type may be opened for.
    Subject {
        Person = "person",
        Household = "household",
        Either = "either",
    }

    /// How a letter is laid out.
    LetterLayout {
        Letter = "letter",
        InterAgencyForm = "inter_agency_form",
        /// Nothing but when and where to come (S17).
        AppointmentCard = "appointment_card",
    }

    /// For which way of referring a letter is meant.
    LetterUse {
        CaseTransfer = "case_transfer",
        /// To an organisation that works in this system.
        Within = "within",
        Outside = "outside",
    }

    /// When a referral needs a second pair of eyes before it is sent; an emergency never waits (S2).
    Review {
        Always = "always",
        WhenServiceAsks = "when_service_asks",
        Never = "never",
    }

    /// What being in a stage means for the work.
    StageKind {
        Working = "working",
        Paused = "paused",
        Closed = "closed",
    }

    /// What ends a stage by itself: the case has somebody who keeps it.
    Until {
        Assigned = "assigned",
    }

    /// How far a panel must have come to open another; agreeing by word or thumb mark counts (S25).
    PanelState {
        Started = "started",
        Finalised = "finalised",
        Agreed = "agreed",
    }

    /// How far a role sees; neither `unit` nor `subtree` reaches restricted types (S9).
    Reach {
        Own = "own",
        Unit = "unit",
        Subtree = "subtree",
    }

    /// A part that a role plays in the program's own rules.
    Duty {
        /// May be the assigned worker of a case.
        CaseManager = "case_manager",
        /// Receives escalations, reviews and approvals of the unit.
        Supervisor = "supervisor",
        /// Reviews break-glass, other bases of disclosure, consent and retention.
        ProtectionOfficer = "protection_officer",
        /// Answers referrals for a receiving organisation.
        FocalPoint = "focal_point",
        /// Is asked about restricted matters and acts without confirming that a record exists (S9).
        RestrictedFocalPoint = "restricted_focal_point",
        /// Keeps users, units and packs.
        Administrator = "administrator",
    }

    /// The lists of coded reasons; every one needs at least one reason.
    ReasonKind {
        /// The receiver declines a referral; each has a consequence.
        Decline = "decline",
        /// An accepted referral ended without the service.
        Failure = "failure",
        /// The sender, or withdrawn consent, ends a referral.
        Cancellation = "cancellation",
        /// Why a service was not referred to at all; each is asked before sending.
        NotReferred = "not_referred",
        /// A referral was entered in error.
        Error = "error",
        /// An accepted referral waits.
        Hold = "hold",
        /// A case is closed.
        Closure = "closure",
        /// A closed case, or a loop closed wrongly, is opened again.
        Reopening = "reopening",
        /// The risk level is lowered.
        LoweringRisk = "lowering_risk",
        /// Sharing rests on another basis than consent (S1).
        Basis = "basis",
        /// A child goes without an adult (S5).
        Unaccompanied = "unaccompanied",
    }

    /// What a decline means for the sender's next move.
    Consequence {
        RetryLater = "retry_later",
        Reroute = "reroute",
        Reassess = "reassess",
        Close = "close",
    }

    /// A basis of disclosure other than consent (S1).
    Basis {
        VitalInterest = "vital_interest",
        ChildBestInterests = "child_best_interests",
        LegalDuty = "legal_duty",
    }

    /// What a reason means to a rule or a figure; most reasons mean nothing to the program.
    Meaning {
        /// The person no longer wants the service: left out of the verified-served rate (S8).
        NotWanted = "not_wanted",
        /// Consent was withdrawn: the program itself uses this reason (S4).
        ConsentWithdrawn = "consent_withdrawn",
        /// The person can't be reached: a closure needs the logged attempts (S23).
        ContactLost = "contact_lost",
        /// The case went to another unit: the program itself uses this reason.
        Transferred = "transferred",
        /// The person moved away: a transfer is offered.
        Relocated = "relocated",
        /// The person died.
        Death = "death",
        /// The case should never have been opened: a closure asks for no last conversation and no results.
        Mistake = "mistake",
    }

    /// What a reason demands before it may be used.
    Demand {
        /// A sentence in the worker's own words.
        Explanation = "explanation",
        /// Agreement of a supervisor.
        Supervisor = "supervisor",
        /// For a child: best interests considered, by whom, and the child's view (S23).
        BestInterests = "best_interests",
        /// The logged attempts to reach the person, over the time the deadline says.
        ContactAttempts = "contact_attempts",
    }

    /// When the receiver sees a packet section that the sender chose.
    Disclosure {
        /// Already while deciding, whatever the case type.
        BeforeAcceptance = "before_acceptance",
        /// Already while deciding for standard case types, from acceptance for the others.
        BeforeAcceptanceIfStandard = "before_acceptance_if_standard",
        /// From acceptance only.
        AfterAcceptance = "after_acceptance",
    }

    /// Who agrees for a child of an age (S3).
    ConsentGiver {
        Caregiver = "caregiver",
        CaregiverAndAssent = "caregiver_and_assent",
        /// The young person; a caregiver only with the young person's agreement.
        YoungPerson = "young_person",
    }

    /// How a referral for a need is written.
    Handling {
        /// An ordinary service.
        Ordinary = "ordinary",
        /// Cash or vouchers: code, payee, means, band and size only (S26).
        Cash = "cash",
    }
}
