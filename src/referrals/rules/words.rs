//! The words of a referral: its kind, where it stands, who acts and what they do.

use super::codes::coded;

coded! {
    /// Who is asked, and how the answer comes back.
    Kind {
        /// A unit of the same organisation.
        Internal = "internal",
        /// Another organisation working in this system.
        Partner = "partner",
        /// An organisation that does not work in this system; it answers by link, or the sender records its answer.
        External = "external",
        /// The person is told where to go; no data leaves.
        SelfReferral = "self",
        /// Announces a case transfer; counts in no figure.
        TransferNotice = "transfer_notice",
    }

    /// Where the referral stands, in the words of the FHIR Task status.
    Status {
        Draft = "draft",
        Requested = "requested",
        Accepted = "accepted",
        InProgress = "in_progress",
        OnHold = "on_hold",
        Rejected = "rejected",
        Completed = "completed",
        Failed = "failed",
        Cancelled = "cancelled",
        EnteredInError = "entered_in_error",
    }

    /// The finer business status within a status.
    Step {
        Writing = "writing",
        InReview = "in_review",
        Returned = "returned",
        Approved = "approved",
        /// A draft that was thrown away; it stays as its author's own trace and is never sent.
        Discarded = "discarded",
        Sent = "sent",
        Acknowledged = "acknowledged",
        Assigned = "assigned",
        Scheduled = "scheduled",
        Rescheduled = "rescheduled",
        NoShow = "no_show",
        AppointmentCancelled = "appointment_cancelled",
        Started = "started",
        VisitCompleted = "visit_completed",
        Waitlisted = "waitlisted",
        PersonUnreachable = "person_unreachable",
        /// The sender asked to cancel; the receiver confirms or wins with an outcome.
        CancellationRequested = "cancellation_requested",
        /// Nothing further happens inside an ended referral.
        Ended = "ended",
    }

    /// Whether the person confirmed that the service came; closed by the sender's side.
    Loop {
        Open = "open",
        /// The person confirms that the service was received.
        Verified = "verified",
        /// Only the provider says so.
        ReportedOnly = "reported_only",
        /// The person says that it was not received.
        Disputed = "disputed",
        Unreachable = "unreachable",
        /// It was agreed not to ask (S7).
        NotAsked = "not_asked",
        /// Declined, failed or cancelled.
        NotServed = "not_served",
    }

    /// The side of the referral on which somebody acts.
    Side {
        From = "from",
        To = "to",
        /// The program itself: consent withdrawn, or an answer of the person by SMS or on their own page.
        System = "system",
    }

    /// How soon the service is needed.
    Priority {
        /// Skips gates and prior review (S2).
        Emergency = "emergency",
        Urgent = "urgent",
        Normal = "normal",
    }

    /// Whether a colleague must approve before sending.
    Approval {
        NotNeeded = "not_needed",
        Needed = "needed",
    }

    /// Whether an emergency that skipped its review still owes it.
    LaterReview {
        NotOwed = "not_owed",
        Owed = "owed",
        Done = "done",
    }

    /// What the sender still owes the person after a refusal: another way to help, or a talk.
    Sequel {
        NotOwed = "not_owed",
        Owed = "owed",
        Settled = "settled",
    }

    /// Whom the service is for.
    Served {
        Persons = "persons",
        Household = "household",
    }

    /// How the person agreed to be asked whether the service came (S7).
    FollowUp {
        WithWorker = "with_worker",
        Call = "call",
        Sms = "sms",
        Portal = "portal",
        DoNotAsk = "do_not_ask",
    }

    /// Whether the person agrees that the provider learns of a dispute (S7).
    DisputeSharing {
        KeptFromProvider = "kept_from_provider",
        Agreed = "agreed",
    }

    /// How soon the receiver must react.
    Pace {
        Ordinary = "ordinary",
        /// An emergency, or a case at high risk.
        SameDay = "same_day",
    }

    /// Whether the receiver may still use what was disclosed (S4).
    Sharing {
        Open = "open",
        DeletionAsked = "deletion_asked",
        DeletionConfirmed = "deletion_confirmed",
    }

    /// How far a withdrawal of consent goes; the person is asked (S4).
    Extent {
        StopSharing = "stop_sharing",
        EndService = "end_service",
    }

    /// How the sender heard an answer that it records for an organisation without account.
    Source {
        Phone = "phone",
        Email = "email",
        Letter = "letter",
        InPerson = "in_person",
    }

    /// Who says whether the service was received.
    Confirmer {
        Person = "person",
        Child = "child",
        Caregiver = "caregiver",
        HeadOfHousehold = "head_of_household",
        AccompanyingWorker = "accompanying_worker",
    }

    /// Everything that can be done with a referral.
    Act {
        Edit = "edit",
        SendForReview = "send_for_review",
        Return = "return",
        Approve = "approve",
        Discard = "discard",
        Submit = "submit",
        Assign = "assign",
        Acknowledge = "acknowledge",
        Accept = "accept",
        Decline = "decline",
        Waitlist = "waitlist",
        HoldUnreachable = "hold_unreachable",
        Start = "start",
        Resume = "resume",
        Schedule = "schedule",
        Reschedule = "reschedule",
        NoShow = "no_show",
        AppointmentCancelled = "appointment_cancelled",
        VisitCompleted = "visit_completed",
        InterimNote = "interim_note",
        Complete = "complete",
        Fail = "fail",
        Cancel = "cancel",
        RequestCancellation = "request_cancellation",
        ConfirmCancellation = "confirm_cancellation",
        Withdraw = "withdraw",
        ConfirmDeletion = "confirm_deletion",
        PersonNoLongerWants = "person_no_longer_wants",
        MarkError = "mark_error",
        Amend = "amend",
        Message = "message",
        ConfirmReceipt = "confirm_receipt",
        ReopenLoop = "reopen_loop",
        /// The sender notes what was decided with the person after a refusal.
        NoteDecision = "note_decision",
        ServeNow = "serve_now",
    }
}

impl Status {
    /// Where a status may go by DOMAIN's table; what is not here is never legal.
    pub fn may_become(self) -> &'static [Status] {
        use Status::{Accepted, Cancelled, Completed, EnteredInError, Failed, InProgress, OnHold, Rejected, Requested};
        match self {
            Status::Draft => &[Requested, EnteredInError],
            Status::Requested => &[Accepted, Rejected, Cancelled, EnteredInError],
            Status::Accepted => &[InProgress, OnHold, Completed, Failed, Cancelled, EnteredInError],
            Status::InProgress => &[OnHold, Completed, Failed, Cancelled, EnteredInError],
            Status::OnHold => &[InProgress, Completed, Failed, Cancelled, EnteredInError],
            Status::Rejected | Status::Completed | Status::Failed | Status::Cancelled => &[EnteredInError],
            Status::EnteredInError => &[],
        }
    }

    /// Whether the receiver has taken the person on and not yet ended.
    pub fn is_running(self) -> bool {
        matches!(self, Status::Accepted | Status::InProgress | Status::OnHold)
    }

    /// Whether the referral has left the sender and not yet ended.
    pub fn is_in_flight(self) -> bool {
        self == Status::Requested || self.is_running()
    }

    /// Whether the referral ended with an answer, so that its loop has one too.
    pub fn is_answered(self) -> bool {
        matches!(self, Status::Rejected | Status::Completed | Status::Failed | Status::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_in_text_and_json() {
        for act in Act::ALL {
            assert_eq!(act.code().parse(), Ok(*act));
            assert_eq!(serde_json::to_string(act).unwrap(), format!("\"{act}\""));
        }
        for status in Status::ALL {
            assert_eq!(serde_json::from_str::<Status>(&format!("\"{status}\"")).unwrap(), *status);
        }
        assert!("accepted ".parse::<Status>().is_err());
    }

    #[test]
    fn what_is_not_legal_on_purpose_is_not_in_the_table() {
        assert!(!Status::Accepted.may_become().contains(&Status::Rejected));
        assert!(!Status::Requested.may_become().contains(&Status::Completed));
        for status in Status::ALL.iter().filter(|status| status.is_answered()) {
            assert_eq!(status.may_become(), [Status::EnteredInError]);
        }
    }
}
