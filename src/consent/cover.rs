//! Does what was agreed cover this disclosure? Pure: the caller brings the consents of the case and asks.
use chrono::{DateTime, NaiveDate, Utc};

use super::consent::{Basis, Consent, Kind, Standing};
use crate::platform::ids::{ConsentId, OrgId, PersonId, ReferralId};

/// One intended disclosure.
#[derive(Clone, Debug)]
pub struct CoverQuestion<'a> {
    /// Whose data.
    pub person: PersonId,
    /// Who would receive it.
    pub org: OrgId,
    /// Their kind of organisation.
    pub org_kind: &'a str,
    /// Every section of the packet, the sensitive ones included.
    pub sections: &'a [String],
    /// Those of them that consent must name one by one.
    pub sensitive: &'a [String],
    /// The referral that discloses it.
    pub referral: ReferralId,
    /// Today, where the case is worked.
    pub on: NaiveDate,
    /// This moment; an emergency's basis lasts by the hour.
    pub now: DateTime<Utc>,
}

/// Why nothing covers a disclosure, by the consent that comes nearest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Nobody agreed to anything, and there is no other basis.
    Nothing,
    /// The person refused, later than anything they agreed to.
    Refused,
    /// It was withdrawn.
    Withdrawn,
    /// It allows no new sharing any more.
    Expired,
    /// Another basis waits for a second person, or was found not justified.
    AwaitsAgreement,
    /// It does not reach this organisation.
    Recipient,
    /// It does not name these sections; the sensitive ones stand apart, for they must be asked one by one.
    Sections { ordinary: Vec<String>, sensitive: Vec<String> },
}

impl Gap {
    /// Its code, as text keys and the API use it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Nothing => "no_consent",
            Self::Refused => "consent_refused",
            Self::Withdrawn => "consent_withdrawn",
            Self::Expired => "consent_expired",
            Self::AwaitsAgreement => "basis_awaits_agreement",
            Self::Recipient => "recipient_not_covered",
            Self::Sections { .. } => "sections_not_covered",
        }
    }
}

/// The consent or other basis that covers this disclosure, or what is missing.
pub fn covers(consents: &[Consent], question: &CoverQuestion<'_>) -> Result<ConsentId, Gap> {
    let nearest = nearest(consents, question).ok_or(Gap::Nothing)?;
    match gap(consents, nearest, question) {
        None => Ok(nearest.id),
        Some(gap) => Err(gap),
    }
}

/// The consent or basis that comes nearest to covering it; none if the person never agreed to anything and there is no other basis.
pub fn nearest<'a>(consents: &'a [Consent], question: &CoverQuestion<'_>) -> Option<&'a Consent> {
    consents
        .iter()
        .filter(|consent| {
            consent.person_id == question.person
                && consent.child_assent_of.is_none()
                && consent.kind != Kind::Assent
                && consent.only_referral.is_none_or(|only| only == question.referral)
        })
        .min_by_key(|consent| (rank(gap(consents, consent, question).as_ref()), std::cmp::Reverse(consent.recorded_at)))
}

fn gap(consents: &[Consent], consent: &Consent, question: &CoverQuestion<'_>) -> Option<Gap> {
    match consent.standing(question.on, question.now) {
        Standing::Refused => return Some(Gap::Refused),
        Standing::Withdrawn => return Some(Gap::Withdrawn),
        Standing::Expired => return Some(Gap::Expired),
        Standing::AwaitsAgreement | Standing::Rejected => return Some(Gap::AwaitsAgreement),
        Standing::Beside => return Some(Gap::Nothing),
        Standing::Live => {}
    }
    if consents.iter().any(|later| overrules(later, consent, question)) {
        return Some(Gap::Refused);
    }
    if !consent.reaches(question.org, question.org_kind) {
        return Some(Gap::Recipient);
    }
    let (sensitive, ordinary): (Vec<_>, Vec<_>) =
        consent.lacks(question.sections).into_iter().partition(|section| question.sensitive.contains(section));
    if sensitive.is_empty() && ordinary.is_empty() { None } else { Some(Gap::Sections { ordinary, sensitive }) }
}

// A later no of the same person overrules an earlier yes, as far as it reaches; a no without recipients or sections reaches all. It
// never overrules another basis, which exists because nobody could be asked or the answer can't decide.
fn overrules(later: &Consent, consent: &Consent, question: &CoverQuestion<'_>) -> bool {
    let everyone = later.to_orgs.is_empty() && later.to_kinds.is_empty();
    let everything = later.sections.is_empty();
    later.kind == Kind::Refused
        && later.withdrawn_at.is_none()
        && consent.basis == Basis::Consent
        && later.person_id == consent.person_id
        && (later.given_on, later.recorded_at) > (consent.given_on, consent.recorded_at)
        && (everyone || later.reaches(question.org, question.org_kind))
        && (everything || question.sections.iter().any(|section| later.sections.contains(section)))
}

// What is nearest to being enough comes first.
fn rank(gap: Option<&Gap>) -> u8 {
    match gap {
        None => 0,
        Some(Gap::Sections { .. }) => 1,
        Some(Gap::Recipient) => 2,
        Some(Gap::AwaitsAgreement) => 3,
        Some(Gap::Refused) => 4,
        Some(Gap::Expired) => 5,
        Some(Gap::Withdrawn) => 6,
        Some(Gap::Nothing) => 7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::consent::tests::{day, moment, sample};

    fn ask<'a>(consent: &Consent, sections: &'a [String]) -> CoverQuestion<'a> {
        CoverQuestion {
            person: consent.person_id,
            org: 2,
            org_kind: "provider",
            sections,
            sensitive: &sections[1..],
            referral: ReferralId::new(),
            on: day(10),
            now: moment(10),
        }
    }

    #[test]
    fn a_live_consent_covers_who_and_what_it_names() {
        let consent = sample();
        let sections = ["need".to_owned(), "health".to_owned()];
        let question = ask(&consent, &sections);
        assert_eq!(covers(std::slice::from_ref(&consent), &question), Ok(consent.id));
        let elsewhere = CoverQuestion { org: 3, org_kind: "ngo", ..question.clone() };
        assert_eq!(covers(std::slice::from_ref(&consent), &elsewhere), Err(Gap::Recipient));
        let by_kind = Consent { to_orgs: vec![], to_kinds: vec!["ngo".into()], ..consent.clone() };
        assert!(covers(&[by_kind], &elsewhere).is_ok());
        let somebody_else = CoverQuestion { person: PersonId::new(), ..question.clone() };
        assert_eq!(covers(&[consent], &somebody_else), Err(Gap::Nothing));
    }

    #[test]
    fn a_sensitive_section_must_be_named_by_itself() {
        let consent = Consent { sections: vec!["need".into()], ..sample() };
        let sections = ["need".to_owned(), "health".to_owned()];
        let gap = Gap::Sections { ordinary: vec![], sensitive: vec!["health".into()] };
        assert_eq!(covers(std::slice::from_ref(&consent), &ask(&consent, &sections)), Err(gap));
    }

    #[test]
    fn s04_what_was_withdrawn_or_expired_covers_nothing_new() {
        let sections = ["need".to_owned()];
        let withdrawn = Consent { withdrawn_at: Some(moment(9)), ..sample() };
        let expired = Consent { expires_on: Some(day(9)), ..sample() };
        assert_eq!(covers(std::slice::from_ref(&withdrawn), &ask(&withdrawn, &sections)), Err(Gap::Withdrawn));
        assert_eq!(covers(std::slice::from_ref(&expired), &ask(&expired, &sections)), Err(Gap::Expired));
        let last_day = Consent { expires_on: Some(day(10)), ..sample() };
        assert!(covers(std::slice::from_ref(&last_day), &ask(&last_day, &sections)).is_ok());
    }

    #[test]
    fn s03_a_later_no_overrules_an_earlier_yes_as_far_as_it_reaches() {
        let yes = sample();
        let sections = ["need".to_owned()];
        let no = Consent { id: ConsentId::new(), kind: Kind::Refused, given_on: day(5), ..yes.clone() };
        assert_eq!(covers(&[yes.clone(), no.clone()], &ask(&yes, &sections)), Err(Gap::Refused));
        let no_to_another = Consent { to_orgs: vec![3], to_kinds: vec![], ..no.clone() };
        assert!(covers(&[yes.clone(), no_to_another], &ask(&yes, &sections)).is_ok());
        let yes_again = Consent { id: ConsentId::new(), given_on: day(6), ..yes.clone() };
        assert_eq!(covers(&[yes.clone(), no, yes_again.clone()], &ask(&yes, &sections)), Ok(yes_again.id));
    }

    #[test]
    fn s01_another_basis_waits_for_the_second_person_except_for_a_day_in_an_emergency() {
        let sections = ["need".to_owned()];
        let basis = Consent { basis: Basis::VitalInterest, kind: Kind::None, ..sample() };
        assert_eq!(covers(std::slice::from_ref(&basis), &ask(&basis, &sections)), Err(Gap::AwaitsAgreement));
        let emergency = Consent { second_due_at: Some(moment(11)), ..basis.clone() };
        assert!(covers(std::slice::from_ref(&emergency), &ask(&emergency, &sections)).is_ok());
        let too_late = Consent { second_due_at: Some(moment(9)), ..basis.clone() };
        assert_eq!(covers(std::slice::from_ref(&too_late), &ask(&too_late, &sections)), Err(Gap::AwaitsAgreement));
        let agreed = Consent { second_agreed_at: Some(moment(9)), ..basis };
        assert!(covers(std::slice::from_ref(&agreed), &ask(&agreed, &sections)).is_ok());
    }

    #[test]
    fn s02_the_ground_of_an_emergency_covers_that_emergency_alone() {
        let sections = ["need".to_owned()];
        let urgent = Consent { basis: Basis::VitalInterest, kind: Kind::None, second_due_at: Some(moment(11)), ..sample() };
        let question = ask(&urgent, &sections);
        let urgent = Consent { only_referral: Some(question.referral), ..urgent };
        assert_eq!(covers(std::slice::from_ref(&urgent), &question), Ok(urgent.id));
        let another = CoverQuestion { referral: ReferralId::new(), ..question };
        assert_eq!(covers(std::slice::from_ref(&urgent), &another), Err(Gap::Nothing));
        let withdrawn = Consent { id: ConsentId::new(), person_id: urgent.person_id, withdrawn_at: Some(moment(9)), ..sample() };
        assert_eq!(covers(&[urgent, withdrawn], &another), Err(Gap::Withdrawn));
    }

    #[test]
    fn a_childs_assent_alone_covers_nothing() {
        let consent = sample();
        let assent = Consent { kind: Kind::Assent, child_assent_of: Some(ConsentId::new()), ..consent.clone() };
        assert_eq!(covers(&[assent], &ask(&consent, &["need".to_owned()])), Err(Gap::Nothing));
    }
}
