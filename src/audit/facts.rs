//! Everything that can happen, and how it is written down.
use serde_json::Value;
use uuid::Uuid;

use crate::error::Error;
use crate::platform::db::{Actor, Work};
use crate::platform::ids::{CaseId, OrgId, ReferralId};
use crate::platform::jobs::RecordedFact;

/// Declares the facts with their stored codes.
macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// Something that happened. The code is stored; never change one that was released.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Fact { $($(#[$doc])* $name),+ }

        impl Fact {
            /// The stored code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// Every fact there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
        }
    };
}

facts! {
    /// A page about somebody was shown.
    Viewed = "viewed",
    /// Something was asked for that is absent, hidden or not allowed.
    AccessDenied = "access.denied",
    /// A search over the registry.
    Searched = "people.searched",
    /// Signed in.
    SignedIn = "session.started",
    /// A sign-in failed.
    SignInFailed = "session.refused",
    /// Signed out, here or everywhere.
    SignedOut = "session.ended",
    /// A password was changed.
    PasswordChanged = "password.changed",
    /// A token was made.
    TokenCreated = "token.created",
    /// A token was revoked.
    TokenRevoked = "token.revoked",
    /// A key for a phone was made.
    DeviceAdded = "device.added",
    /// A phone's key was withdrawn.
    DeviceRevoked = "device.revoked",
    /// An administrator vouched for a phone.
    DeviceVouched = "device.vouched",
    /// An organisation's or unit's particulars changed.
    UnitChanged = "unit.changed",
    /// A user was added.
    UserAdded = "user.added",
    /// A user's particulars changed.
    UserChanged = "user.changed",
    /// A user was deactivated and their work handed on.
    UserDeactivated = "user.deactivated",
    /// A membership began or ended.
    MembershipChanged = "membership.changed",
    /// A role was made or changed.
    RoleChanged = "role.changed",
    /// A pack was loaded.
    PackLoaded = "pack.loaded",
    /// A person was registered.
    PersonRegistered = "person.registered",
    /// Somebody proposed that a datum of a person is corrected.
    CorrectionProposed = "correction.proposed",
    /// Somebody else accepted a correction, or returned it.
    CorrectionAnswered = "correction.answered",
    /// Two records were looked at and found to be of two persons.
    PersonsKeptApart = "person.kept_apart",
    /// Somebody proposed that two records of one person are joined.
    JoinProposed = "join.proposed",
    /// Somebody agreed to it, returned it, or said no to what was agreed.
    JoinAnswered = "join.answered",
    /// Nobody answered it for a month.
    JoinLapsed = "join.lapsed",
    /// What two agreed on did not come about; why is written nowhere (S11).
    JoinStopped = "join.stopped",
    /// Two records of one person were joined.
    PersonsJoined = "person.joined",
    /// It was undone.
    JoinUndone = "join.undone",
    /// Another organisation was asked whether it knows somebody.
    ElsewhereAsked = "elsewhere.asked",
    /// A question of another organisation was answered; what, is in the question.
    ElsewhereAnswered = "elsewhere.answered",
    /// Both sides know that the person is also known to the other.
    ElsewhereConfirmed = "elsewhere.confirmed",
    /// It was not confirmed; why is written nowhere (S11).
    ElsewhereNotConfirmed = "elsewhere.not_confirmed",
    /// One side ended it, or took its question back.
    ElsewhereEnded = "elsewhere.ended",
    /// A person's particulars changed.
    PersonChanged = "person.changed",
    /// A household was made or its members changed.
    HouseholdChanged = "household.changed",
    /// A case was opened.
    CaseOpened = "case.opened",
    /// A case was assigned or re-assigned.
    CaseAssigned = "case.assigned",
    /// A cover began or ended, and a case went to whoever stands in, or back.
    CaseCovered = "case.covered",
    /// A cover began or ended, and an incoming referral went to whoever stands in, or back.
    ReferralCovered = "referral.covered",
    /// A case moved to another stage.
    CaseMoved = "case.moved",
    /// A case's risk level was set.
    RiskSet = "case.risk_set",
    /// It was said how much work a case is.
    CaseIntensitySet = "case.intensity_set",
    /// A case was paused.
    CasePaused = "case.paused",
    /// Somebody went on with a paused case.
    CaseResumed = "case.resumed",
    /// A case was closed.
    CaseClosed = "case.closed",
    /// Closing was asked for and waits for approval.
    ClosingAsked = "closing.asked",
    /// Closing was approved.
    ClosingApproved = "closing.approved",
    /// Closing was given back.
    ClosingReturned = "closing.returned",
    /// Closing was taken back by whoever asked.
    ClosingWithdrawn = "closing.withdrawn",
    /// A closed case was opened again.
    CaseReopened = "case.reopened",
    /// A case changed its type, and with it who may see it.
    CaseReclassified = "case.reclassified",
    /// The supervisor reviewed the safety of somebody whom nobody reaches (S23).
    SafetyReviewed = "case.safety_reviewed",
    /// A safety action was logged (S21).
    SafetyActionLogged = "case.safety_action",
    /// A risk clock struck without a safety action (S21).
    SafetyActionMissing = "case.safety_action_missing",
    /// A note was written.
    NoteWritten = "note.written",
    /// A note was corrected; the old words are kept.
    NoteCorrected = "note.corrected",
    /// A note on the wrong person was moved, leaving a stub.
    NoteMoved = "note.moved",
    /// A note was pinned to the top of its case, or taken down.
    NotePinned = "note.pinned",
    /// A child record was written.
    RecordWritten = "record.written",
    /// A child record was corrected; the old words are kept.
    RecordCorrected = "record.corrected",
    /// A child record on the wrong case or person was moved, leaving a stub.
    RecordMoved = "record.moved",
    /// A round of an assessment began.
    AssessmentBegun = "assessment.begun",
    /// Answers were written into a draft assessment.
    AssessmentEdited = "assessment.edited",
    /// An assessment was finalised.
    AssessmentFinalised = "assessment.finalised",
    /// An assessment was finalised and waits for approval.
    AssessmentSubmitted = "assessment.submitted",
    /// An assessment was approved.
    AssessmentApproved = "assessment.approved",
    /// A form, or a new edition of one, was uploaded.
    FormUploaded = "form.uploaded",
    /// An edition of a form was published.
    FormPublished = "form.published",
    /// An edition of a form was retired.
    FormRetired = "form.retired",
    /// A draft edition of a form, or a copy of one that was begun, was discarded.
    FormDiscarded = "form.discarded",
    /// It was changed who may fill a form, or where.
    FormChanged = "form.changed",
    /// A copy of a form was begun on a case.
    FormBegun = "form.begun",
    /// A form was taken along for a case, to be filled in without a network.
    FormTakenAlong = "form.taken_along",
    /// Answers were written into a copy of a form.
    FormSaved = "form.saved",
    /// A copy of a form was completed.
    FormCompleted = "form.completed",
    /// A copy of a form took the place of an earlier one.
    FormCorrected = "form.corrected",
    /// A filled form was moved from one case to another.
    FormMoved = "form.moved",
    /// Somebody said that a filled form which names somebody else belongs on its case.
    FormBelongs = "form.belongs",
    /// A filled copy arrived from a device and names no case.
    ArrivalReceived = "arrival.received",
    /// An arrival was placed on a case.
    ArrivalPlaced = "arrival.placed",
    /// An arrival was discarded, with a reason.
    ArrivalDiscarded = "arrival.discarded",
    /// A browser is going to keep forms without a network.
    FieldDeviceAdded = "field.device_added",
    /// One person's devices were asked to be wiped.
    FieldDevicesWiped = "field.devices_wiped",
    /// Every session of an organisation was ended, and its devices asked to be wiped.
    LockdownDeclared = "lockdown.declared",
    /// A lockdown was lifted.
    LockdownLifted = "lockdown.lifted",
    /// A line of the household's achievements was set.
    AchievementSet = "achievement.set",
    /// A meeting was planned.
    MeetingPlanned = "meeting.planned",
    /// A meeting was given another time.
    MeetingMoved = "meeting.moved",
    /// It was said whether the person is reminded of a meeting by a message.
    MeetingReminder = "meeting.reminder",
    /// The person was not reminded of a meeting although it was promised.
    ReminderLost = "meeting.reminder_lost",
    /// The person was not told that a meeting does not take place although it was promised.
    CalledOffLost = "meeting.called_off_lost",
    /// What became of a meeting was recorded.
    MeetingConcluded = "meeting.concluded",
    /// What became of a meeting was put right.
    MeetingCorrected = "meeting.corrected",
    /// A worker set out on a visit.
    VisitBegun = "visit.begun",
    /// A worker is out for longer than they had said.
    VisitProlonged = "visit.prolonged",
    /// A worker came back.
    VisitEnded = "visit.ended",
    /// A worker is not back in time (S22).
    VisitOverdue = "visit.overdue",
    /// An address for calendar programs was made.
    CalendarFeedMade = "calendar_feed.made",
    /// It was ended.
    CalendarFeedEnded = "calendar_feed.ended",
    /// It was said whether the person is asked to come to a conference, or why not (S27).
    ConferencePersonSaid = "conference.person_said",
    /// An organisation was asked to a conference, or is not any more.
    ConferencePartyChanged = "conference.party_changed",
    /// An organisation agreed to keep to itself what it hears in a conference.
    ConferenceAgreed = "conference.agreed",
    /// A conference that organisations were asked to does not take place, since the case is closed.
    ConferenceCalledOff = "conference.called_off",
    /// The minutes of a conference went to the organisations that took part, each its own part.
    ConferenceShared = "conference.shared",
    /// Somebody's minutes of a conference were opened.
    ConferenceOpened = "conference.opened",
    /// Whoever got minutes of a conference was asked to stop using and delete them (S4, S29).
    MinutesCalledBack = "conference.minutes_called_back",
    /// An organisation said that it has no copy of them left.
    MinutesDeleted = "conference.minutes_deleted",
    /// Somebody planned their own week; not what is in it.
    WeekChanged = "week.changed",
    /// For how many hours a week somebody is contracted was set.
    HoursContracted = "hours.contracted",
    /// A session of supervision was planned.
    SupervisionPlanned = "supervision.planned",
    /// A planned session of supervision was called off.
    SupervisionCalledOff = "supervision.called_off",
    /// A session of supervision was held.
    SupervisionHeld = "supervision.held",
    /// Something was decided of a case in a session of supervision.
    SupervisionDecided = "supervision.decided",
    /// A screening began.
    ScreeningBegun = "screening.begun",
    /// A screening was stopped for now.
    ScreeningPaused = "screening.paused",
    /// A screening goes on.
    ScreeningWentOn = "screening.went_on",
    /// A screening was ended before its end.
    ScreeningCancelled = "screening.cancelled",
    /// A screening went through every case of its scope.
    ScreeningDone = "screening.done",
    /// A screening could not go on.
    ScreeningFailed = "screening.failed",
    /// The proposals of a screening were given to the workers.
    ScreeningProposed = "screening.proposed",
    /// How a case is worked was reviewed.
    QualityReviewed = "quality.reviewed",
    /// An assessment was given back to whoever wrote it.
    AssessmentReturned = "assessment.returned",
    /// A version of a plan began.
    PlanBegun = "plan.begun",
    /// Something was written into a plan.
    PlanEdited = "plan.edited",
    /// A plan was put forward to be agreed.
    PlanProposed = "plan.proposed",
    /// A plan was put forward and waits for approval.
    PlanSubmitted = "plan.submitted",
    /// A plan was approved.
    PlanApproved = "plan.approved",
    /// A plan was given back to whoever wrote it.
    PlanReturned = "plan.returned",
    /// Other words were put in the place of a colleague's in a plan, which are kept.
    PlanWordsReplaced = "plan.words_replaced",
    /// A plan that was put forward is written once more.
    PlanReopened = "plan.reopened",
    /// One side agreed to a plan.
    PlanSigned = "plan.signed",
    /// A code by which the person agrees to a plan was left for their telephone.
    PlanCodeSent = "plan.code_sent",
    /// A wrong code was typed in.
    PlanCodeRefused = "plan.code_refused",
    /// Both sides agreed to a plan.
    PlanAgreed = "plan.agreed",
    /// An action of a plan was done, or not.
    PlanActionMarked = "plan.action_marked",
    /// How far the results of a plan have come was written down.
    PlanReviewed = "plan.reviewed",
    /// A plan ended.
    PlanEnded = "plan.ended",
    /// A community project was written down.
    ProjectStarted = "project.started",
    /// What is offered in a community project changed.
    ProjectEdited = "project.edited",
    /// A community project ended.
    ProjectEnded = "project.ended",
    /// Somebody was placed in a community project.
    ProjectPlaced = "project.placed",
    /// Somebody left a community project.
    ProjectLeft = "project.left",
    /// The hours of a week in a community project were written down.
    AttendanceNoted = "project.attendance_noted",
    /// A host that was told a name was asked to stop using and delete it (S4, S29).
    HostAskedToDelete = "project.host_asked_to_delete",
    /// A host said that it has no copy left.
    HostDeleted = "project.host_deleted",
    /// Somebody is exempt from community projects.
    ExemptionRecorded = "project.exempted",
    /// Somebody is exempt no longer.
    ExemptionEnded = "project.exemption_ended",
    /// A document was added.
    DocumentAdded = "document.added",
    /// A document was opened.
    DocumentOpened = "document.opened",
    /// A document was looked through for viruses.
    DocumentScanned = "document.scanned",
    /// A document was withdrawn.
    DocumentWithdrawn = "document.withdrawn",
    /// A consent, assent, refusal or other basis was recorded.
    ConsentRecorded = "consent.recorded",
    /// A second person agreed to a basis other than consent.
    BasisAgreed = "consent.second_agreed",
    /// The protection officer reviewed a basis.
    BasisReviewed = "consent.reviewed",
    /// A consent was withdrawn.
    ConsentWithdrawn = "consent.withdrawn",
    /// A user or unit was barred from a case.
    BarSet = "bar.set",
    /// A bar was lifted.
    BarLifted = "bar.lifted",
    /// A grant was given.
    GrantGiven = "grant.given",
    /// A grant was revoked.
    GrantRevoked = "grant.revoked",
    /// A case was opened by break-glass.
    GlassBroken = "break_glass.used",
    /// A break-glass use was reviewed.
    GlassReviewed = "break_glass.reviewed",
    /// The directory was imported.
    DirectoryImported = "directory.imported",
    /// A service entry changed.
    ServiceChanged = "service.changed",
    /// A service entry was confirmed to be right.
    ServiceVerified = "service.verified",
    /// A service entry's check is due.
    ServiceStale = "service.stale",
    /// An agreement changed.
    AgreementChanged = "agreement.changed",
    /// A task was made.
    TaskAdded = "task.added",
    /// A task was done.
    TaskDone = "task.done",
    /// A task changed hands.
    TaskAssigned = "task.assigned",
    /// Whoever holds a task asked a colleague to do it.
    TaskHanded = "task.handed",
    /// A task went back to whoever had handed it on.
    TaskHandedBack = "task.handed_back",
    /// A task that was handed on is done.
    HandedTaskDone = "task.handed_done",
    /// A task went back to its unit: whoever held it no longer sees the case.
    TaskLeftToUnit = "task.left_to_unit",
    /// An approval is due soon.
    ApprovalDueSoon = "approval.due_soon",
    /// An approval's day passed; it goes one further up.
    ApprovalEscalated = "approval.escalated",
    /// A task that comes again and again began, or ended.
    TaskSeries = "task.series",
    /// A task's time passed.
    TaskOverdue = "task.overdue",
    /// A referral was drafted.
    ReferralDrafted = "referral.drafted",
    /// A draft was changed.
    ReferralEdited = "referral.edited",
    /// A draft was discarded.
    ReferralDiscarded = "referral.discarded",
    /// It was decided not to refer, with a coded reason.
    NotReferred = "referral.not_made",
    /// A draft waits for review.
    ReferralInReview = "referral.in_review",
    /// A draft was returned to its author.
    ReferralReturned = "referral.returned",
    /// A draft was approved.
    ReferralApproved = "referral.approved",
    /// A referral was sent.
    ReferralSubmitted = "referral.submitted",
    /// The receiver has it.
    ReferralAcknowledged = "referral.acknowledged",
    /// The receiver takes the person on.
    ReferralAccepted = "referral.accepted",
    /// The receiver declined.
    ReferralDeclined = "referral.declined",
    /// Claimed by, or assigned to, somebody of the receiver's.
    ReferralAssigned = "referral.assigned",
    /// Put on a waiting list, or on hold.
    ReferralHeld = "referral.held",
    /// Service began, or went on.
    ReferralStarted = "referral.started",
    /// An appointment was made, moved, kept or missed.
    ReferralScheduled = "referral.scheduled",
    /// An interim note.
    ReferralNoted = "referral.noted",
    /// Outcome: served.
    ReferralCompleted = "referral.completed",
    /// The case that a notice announced was taken over.
    NoticeTakenOver = "referral.taken_over",
    /// Outcome: not possible.
    ReferralFailed = "referral.failed",
    /// Cancelled.
    ReferralCancelled = "referral.cancelled",
    /// The sender asks to cancel what was accepted.
    CancellationAsked = "referral.cancellation_asked",
    /// Sent by mistake.
    ReferralMistaken = "referral.entered_in_error",
    /// A supplement was sent after submission.
    ReferralAmended = "referral.amended",
    /// A word between the two sides.
    ReferralMessage = "referral.message",
    /// The person was asked, or said, whether the service was received.
    LoopMoved = "referral.loop_moved",
    /// What was decided with the person after a refusal was noted.
    ReferralDecided = "referral.decided",
    /// A reminder before a deadline.
    ReferralReminder = "referral.reminder",
    /// A deadline came.
    ReferralDue = "referral.due",
    /// A deadline passed long enough to tell the supervisors.
    ReferralEscalated = "referral.escalated",
    /// A packet was opened by the receiver.
    PacketOpened = "packet.opened",
    /// A packet was closed and its key destroyed.
    PacketClosed = "packet.closed",
    /// The receiver was asked to stop using and delete copies (S4).
    DeletionAsked = "packet.deletion_asked",
    /// An organisation's registered contact was added, changed, checked by telephone or retired.
    ContactChanged = "contact.changed",
    /// An answer link was made for the receiver of a referral.
    LinkIssued = "link.issued",
    /// An answer link was revoked.
    LinkRevoked = "link.revoked",
    /// A one-time code was sent to the receiver's registered contact.
    LinkCodeSent = "link.code_sent",
    /// A one-time code could not be sent, or no longer.
    LinkCodeNotSent = "link.code_not_sent",
    /// A colleague of the sender's read a one-time code to the receiver's registered contact by telephone.
    LinkCodeRead = "link.code_read",
    /// A one-time code did not fit.
    LinkRefused = "link.refused",
    /// The receiver proved itself by a one-time code.
    LinkProved = "link.proved",
    /// A letter template got a new version.
    LetterTemplateChanged = "letter.template_changed",
    /// A letter was submitted with its referral.
    LetterSubmitted = "letter.submitted",
    /// The personal-data guard was overridden, with a reason.
    GuardOverridden = "letter.guard_overridden",
    /// A letter's bytes were made; it was posted to its receiver, or waits to be printed.
    LetterIssued = "letter.issued",
    /// A letter did not go out: what it rested on no longer stood.
    LetterDropped = "letter.dropped",
    /// A letter came back, was refused at the far end, or could not be handed over for two days.
    LetterLost = "letter.lost",
    /// A letter was printed, to be handed over or sent by post.
    LetterPrinted = "letter.printed",
    /// A letter was opened and read.
    LetterOpened = "letter.opened",
    /// An attachment of a packet was opened.
    AttachmentOpened = "packet.attachment_opened",
    /// A transfer was drafted or changed.
    TransferDrafted = "transfer.drafted",
    /// A draft transfer was discarded.
    TransferDiscarded = "transfer.discarded",
    /// The receiving side was asked to take cases over.
    TransferSubmitted = "transfer.submitted",
    /// The request was taken back.
    TransferTakenBack = "transfer.taken_back",
    /// The receiving side agreed.
    TransferApproved = "transfer.approved",
    /// The receiving side declined.
    TransferRejected = "transfer.rejected",
    /// Every record of a transfer has moved, or has said why not.
    TransferEnded = "transfer.ended",
    /// Nobody may decide any more on a request that waits.
    TransferUnattended = "transfer.unattended",
    /// Both workers and the person met.
    TransferIntroduced = "transfer.introduced",
    /// A case changed hands.
    CaseTransferred = "case.transferred",
    /// A case could not change hands.
    TransferRefused = "transfer.refused",
    /// A colleague was asked to keep a worker's caseload.
    CoverArranged = "cover.arranged",
    /// A cover began, and cases came with it.
    CoverStarted = "cover.started",
    /// A cover ended, and cases went back.
    CoverEnded = "cover.ended",
    /// A copy of what is kept of a person was asked for.
    CaseFileAsked = "case_file.asked",
    /// It was released by somebody else.
    CaseFileReleased = "case_file.released",
    /// It was refused.
    CaseFileRefused = "case_file.refused",
    /// Its two files were made.
    CaseFileMade = "case_file.made",
    /// They were taken away, their time being over.
    CaseFileGone = "case_file.gone",
    /// The draft of a service's rule was written.
    RuleSaved = "rule.saved",
    /// A version of a service's rule is in force.
    RuleActivated = "rule.activated",
    /// A service's rule is in force no more.
    RuleRetired = "rule.retired",
    /// What a person says of a service was written down.
    PreferenceRecorded = "preference.recorded",
    /// A hold was placed on a case: it is not erased while that stands.
    HoldPlaced = "hold.placed",
    /// Somebody else lifted it.
    HoldLifted = "hold.lifted",
    /// Somebody proposed that a case is erased, its time being over.
    ErasureProposed = "erasure.proposed",
    /// Somebody else approved it.
    ErasureApproved = "erasure.approved",
    /// It was refused, or taken back.
    ErasureRefused = "erasure.refused",
    /// What was approved did not happen: something holds the case by now.
    ErasureStopped = "erasure.stopped",
    /// A case was erased: its keys are destroyed, and whoever it was about is nobody any more.
    CaseErased = "case.erased",
    /// Data left in a file.
    Exported = "exported",
    /// A page was printed.
    Printed = "printed",
    /// A mail server took a message.
    MessageSent = "message.sent",
    /// The far end says that a message arrived.
    MessageDelivered = "message.delivered",
    /// The far end refused a message for good.
    MessageBounced = "message.bounced",
    /// A message might not go any more when its turn came.
    MessageDropped = "message.dropped",
    /// Two days of tries could not hand a message over.
    MessageDead = "message.dead",
    /// Somebody had a message sent again.
    MessageResent = "message.resent",
    /// A worker was threatened (S22).
    ThreatLogged = "worker.threat_logged",
}

/// What a fact is about: ids, codes and field names, never values.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// The case.
    pub case_id: Option<CaseId>,
    /// The referral.
    pub referral_id: Option<ReferralId>,
    /// Everybody and everything else it concerns.
    pub subjects: Vec<Uuid>,
    /// Names of the fields that changed.
    pub fields: Vec<String>,
    /// Codes.
    pub note: Value,
    /// The organisations on both sides, where the subject has two; defaults to the actor's own.
    pub orgs: Vec<OrgId>,
    /// The receiving side does not hear of it, also where both sides are of one organisation.
    pub kept_from_receiver: bool,
}

impl About {
    /// About a case.
    pub fn case(id: CaseId) -> Self {
        Self { case_id: Some(id), ..Self::default() }
    }

    /// About a referral.
    pub fn referral(id: ReferralId) -> Self {
        Self { referral_id: Some(id), ..Self::default() }
    }

    /// About these ids.
    pub fn subjects(ids: impl IntoIterator<Item = Uuid>) -> Self {
        Self { subjects: ids.into_iter().collect(), ..Self::default() }
    }

    /// And these ids too.
    #[must_use]
    pub fn with(mut self, id: impl Into<Uuid>) -> Self {
        self.subjects.push(id.into());
        self
    }

    /// Only the sending side hears of it.
    #[must_use]
    pub fn kept_from_receiver(mut self) -> Self {
        self.kept_from_receiver = true;
        self
    }

    /// With codes.
    #[must_use]
    pub fn note(mut self, note: Value) -> Self {
        self.note = note;
        self
    }

    /// With the two sides' organisations.
    #[must_use]
    pub fn between(mut self, orgs: impl IntoIterator<Item = OrgId>) -> Self {
        self.orgs = orgs.into_iter().collect();
        self
    }
}

impl Work {
    /// Records a fact, and leaves the jobs that it wakes.
    pub async fn record(&mut self, fact: Fact, about: About) -> Result<(), Error> {
        let id = Uuid::now_v7();
        let org = self.org();
        let note = if about.note.is_null() { serde_json::json!({}) } else { about.note };
        sqlx::query!(
            "insert into facts (id, actor, org, kind, case_id, referral_id, subjects, fields, note) values ($1, '', $2, $3, $4, $5, $6, $7, $8)",
            id,
            org,
            fact.code(),
            about.case_id.map(|id| id.0),
            about.referral_id.map(|id| id.0),
            &about.subjects,
            &about.fields,
            note
        )
        .execute(self.db())
        .await?;
        let by = if let Actor::User(user) = &self.actor { Some(user.0) } else { None };
        let orgs = if about.orgs.is_empty() { org.into_iter().collect() } else { about.orgs };
        let recorded = RecordedFact {
            id,
            kind: fact.code(),
            org,
            by,
            case_id: about.case_id.map(|id| id.0),
            referral_id: about.referral_id.map(|id| id.0),
            subjects: about.subjects,
            orgs,
            kept_from_receiver: about.kept_from_receiver,
        };
        for job in (self.ground().jobs_of_fact)(&recorded) {
            self.enqueue(job).await?;
        }
        Ok(())
    }
}
