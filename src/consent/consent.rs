//! A consent, assent, refusal or other basis, as it is kept.
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::packs::{Word, vocabulary};
use crate::platform::ids::{CaseId, ConsentId, DocumentId, OrgId, PersonId, ReferralId, UserId};

vocabulary! {
    /// On what ground data may be disclosed (S1).
    Basis {
        Consent = "consent",
        VitalInterest = "vital_interest",
        ChildBestInterests = "child_best_interests",
        LegalDuty = "legal_duty",
    }

    /// What the person, or who speaks for them, said (S3).
    Kind {
        Consent = "consent",
        /// The child's own yes, beside what a caregiver or another adult gave.
        Assent = "assent",
        /// Given for the person by who may.
        Representative = "representative",
        Refused = "refused",
        /// Nobody was asked: another basis.
        None = "none",
    }

    /// How it was given (S3).
    Form {
        Signature = "signature",
        ThumbMark = "thumb_mark",
        SpokenBeforeWitness = "spoken_before_witness",
        ByPhone = "by_phone",
    }

    /// Who gave it (S3).
    Giver {
        Person = "person",
        Caregiver = "caregiver",
        /// An adult the child chose, where the caregiver is not safe to involve.
        ChosenAdult = "chosen_adult",
        /// A guardian by order of a court, named in `law`.
        Guardian = "guardian",
        /// Case worker and supervisor, for another basis.
        Workers = "workers",
    }
}

/// One consent, assent, refusal or other basis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// The case it stands on.
    pub case_id: CaseId,
    /// Whose data it is about.
    pub person_id: PersonId,
    /// The ground of disclosure.
    pub basis: Basis,
    /// What was said.
    pub kind: Kind,
    /// What for, in words that were said to the person.
    pub purpose: String,
    /// It is for the search for family, which is agreed to by itself and alone lets a photo be kept (S18).
    pub for_tracing: bool,
    /// Organisations it reaches.
    pub to_orgs: Vec<OrgId>,
    /// Kinds of organisation it reaches.
    pub to_kinds: Vec<String>,
    /// Packet sections it reaches, each by its code.
    pub sections: Vec<String>,
    /// How it was given.
    pub form: Option<Form>,
    /// Who gave it.
    pub given_by: Giver,
    /// That person, where it is not the one it is about.
    pub given_by_person: Option<PersonId>,
    /// Who witnessed spoken words.
    pub witness: String,
    /// The person was spoken to alone.
    pub spoken_alone: bool,
    /// The worker checked that it was understood.
    pub understood: bool,
    /// The language of the conversation.
    pub language: Option<String>,
    /// Who interpreted.
    pub interpreter: String,
    /// They are no relative and no child, and keep what was said to themselves (S25).
    pub interpreter_bound: bool,
    /// The representative's consent that this assent belongs to.
    pub child_assent_of: Option<ConsentId>,
    /// The signed copy.
    pub document_id: Option<DocumentId>,
    /// Further words, sealed with the case's key.
    pub note: Option<Vec<u8>>,
    /// When it was given.
    pub given_on: NaiveDate,
    /// The last day on which it allows new sharing.
    pub expires_on: Option<NaiveDate>,
    /// The coded reason of another basis.
    pub reason: Option<String>,
    /// The law or order behind it.
    pub law: String,
    /// Whether the person was told of sharing without consent.
    pub told: Option<bool>,
    /// Why telling them would not be safe.
    pub not_told_reason: String,
    /// The second person who agreed.
    pub second_person: Option<UserId>,
    /// When they agreed.
    pub second_agreed_at: Option<DateTime<Utc>>,
    /// In an emergency: it may be used before the agreement, which must come by then.
    pub second_due_at: Option<DateTime<Utc>>,
    /// The one referral it was given for, in an emergency; it covers no other.
    pub only_referral: Option<ReferralId>,
    /// When the protection officer reviewed it.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// What they found.
    pub review_finding: Option<String>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// The withdrawal ended the service too, not the sharing alone.
    pub ends_service: Option<bool>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// Their name then.
    pub recorded_by_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Counts its changes.
    pub version: i32,
}

/// How a consent stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It allows sharing.
    Live,
    /// It is another basis that waits for a second person.
    AwaitsAgreement,
    /// Its last day has passed: no new sharing.
    Expired,
    /// It was withdrawn.
    Withdrawn,
    /// It is a refusal.
    Refused,
    /// It is a child's yes beside a representative's consent, which carries the sharing.
    Beside,
    /// A reviewer found that it never was a sound basis.
    Rejected,
}

impl Standing {
    /// Its code, as text keys and the API use it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::AwaitsAgreement => "awaits_agreement",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Refused => "refused",
            Self::Beside => "beside",
            Self::Rejected => "rejected",
        }
    }
}

/// The finding of a review that ends a basis.
pub const NOT_JUSTIFIED: &str = "not_justified";

impl Consent {
    /// How it stands now; `today` is the date where the case is worked.
    pub fn standing(&self, today: NaiveDate, now: DateTime<Utc>) -> Standing {
        if self.kind == Kind::Refused {
            Standing::Refused
        } else if self.withdrawn_at.is_some() {
            Standing::Withdrawn
        } else if self.review_finding.as_deref() == Some(NOT_JUSTIFIED) {
            Standing::Rejected
        } else if self.child_assent_of.is_some() {
            Standing::Beside
        } else if self.is_expired(today) {
            Standing::Expired
        } else if self.awaits_agreement(now) {
            Standing::AwaitsAgreement
        } else {
            Standing::Live
        }
    }

    /// It reaches this organisation, by itself or by its kind.
    pub fn reaches(&self, org: OrgId, kind: &str) -> bool {
        self.to_orgs.contains(&org) || self.to_kinds.iter().any(|known| known == kind)
    }

    /// Sections out of these that it does not name.
    pub fn lacks(&self, sections: &[String]) -> Vec<String> {
        sections.iter().filter(|section| !self.sections.contains(section)).cloned().collect()
    }

    /// The second person has not agreed, and there was no emergency or its time is over (S1).
    pub fn awaits_agreement(&self, now: DateTime<Utc>) -> bool {
        self.basis != Basis::Consent && self.second_agreed_at.is_none() && self.second_due_at.is_none_or(|due| due < now)
    }

    /// Its last day lies behind us.
    pub fn is_expired(&self, today: NaiveDate) -> bool {
        self.expires_on.is_some_and(|last| last < today)
    }

    /// Its address.
    pub fn path(&self) -> String {
        format!("/consents/{}", self.id)
    }

    /// The ids that withdrawal ends together: a representative's consent and the child's assent beside it.
    pub fn pair(&self) -> Uuid {
        self.child_assent_of.unwrap_or(self.id).0
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::consent) fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, n).unwrap()
    }

    pub(in crate::consent) fn moment(n: u32) -> DateTime<Utc> {
        day(n).and_hms_opt(9, 0, 0).unwrap().and_utc()
    }

    pub(in crate::consent) fn sample() -> Consent {
        Consent {
            id: ConsentId::new(),
            case_id: CaseId::new(),
            person_id: PersonId::new(),
            basis: Basis::Consent,
            kind: Kind::Consent,
            purpose: "Treatment".into(),
            for_tracing: false,
            to_orgs: vec![2],
            to_kinds: vec![],
            sections: vec!["need".into(), "health".into()],
            form: Some(Form::Signature),
            given_by: Giver::Person,
            given_by_person: None,
            witness: String::new(),
            spoken_alone: true,
            understood: true,
            language: Some("ar".into()),
            interpreter: String::new(),
            interpreter_bound: false,
            child_assent_of: None,
            document_id: None,
            note: None,
            given_on: day(1),
            expires_on: Some(day(30)),
            reason: None,
            law: String::new(),
            told: None,
            not_told_reason: String::new(),
            second_person: None,
            second_agreed_at: None,
            second_due_at: None,
            only_referral: None,
            reviewed_at: None,
            review_finding: None,
            withdrawn_at: None,
            ends_service: None,
            recorded_by: UserId::new(),
            recorded_by_name: "Amina Haddad".into(),
            recorded_at: moment(1),
            version: 1,
        }
    }
}
