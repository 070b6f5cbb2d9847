//! Another basis than consent as a worker proposes it (S1): the coded reason, the least sections, whether the person was told.
use chrono::{Months, NaiveDate};

use super::consent::Basis;
use super::draft::{Terms, organisations};
use crate::packs::{self, ReasonKind, Word};
use crate::platform::ids::{OrgId, PersonId, ReferralId};
use crate::web::Form;

// A basis answers one situation; whoever still needs it after a month records it again, with new reasons.
const MONTHS: Months = Months::new(1);

/// Another basis as it is proposed.
#[derive(Clone, Debug)]
pub struct BasisDraft {
    /// Whose data.
    pub person: PersonId,
    /// The ground, as the reason implies it.
    pub basis: Basis,
    /// The coded reason.
    pub reason: String,
    /// The law or order.
    pub law: String,
    /// For whom; kinds of organisation are never enough here.
    pub to_orgs: Vec<OrgId>,
    /// The least sections that serve.
    pub sections: Vec<String>,
    /// The person was told; in an emergency it may still be open.
    pub told: Option<bool>,
    /// Why telling them is unsafe.
    pub not_told_reason: String,
    /// It can't wait for the second person.
    pub is_emergency: bool,
    /// The referral that an emergency sends on it, and the only one.
    pub only_referral: Option<ReferralId>,
    /// The reason in words, to be sealed.
    pub note: String,
    /// When it was decided.
    pub given_on: NaiveDate,
    /// The last day.
    pub expires_on: NaiveDate,
}

/// Reads the form, noting every mistake beside its field.
pub fn read(form: &mut Form, terms: &Terms<'_>) -> Option<BasisDraft> {
    let person = form.parsed::<PersonId>("person").filter(|id| terms.people.iter().any(|known| known.id == *id));
    if person.is_none() {
        form.errors.add("person", "not_a_choice");
    }
    let reason = form.one_of("reason", terms.pack.reasons(ReasonKind::Basis).map(|reason| reason.code.as_str()));
    let basis =
        terms.pack.reason(ReasonKind::Basis, &reason).and_then(|reason| reason.basis).map_or(Basis::VitalInterest, of_pack);
    let told = Told::read(form);
    let draft = BasisDraft {
        person: person.unwrap_or(PersonId(uuid::Uuid::nil())),
        basis,
        reason,
        law: if basis == Basis::LegalDuty { form.text("law", 200) } else { form.text_maybe("law", 200) },
        to_orgs: organisations(form, terms.orgs),
        sections: form.some_of("sections", terms.pack.packet_sections.iter().map(|section| section.code.as_str())),
        told: Some(told.told),
        not_told_reason: told.why_not,
        is_emergency: form.ticked("emergency"),
        only_referral: None,
        note: form.text("note", 4000),
        given_on: terms.today,
        expires_on: terms.today.checked_add_months(MONTHS).unwrap_or(terms.today),
    };
    for (missing, field) in [(draft.to_orgs.is_empty(), "to_orgs"), (draft.sections.is_empty(), "sections")] {
        if missing {
            form.errors.add(field, "required");
        }
    }
    form.errors.is_empty().then_some(draft)
}

impl BasisDraft {
    /// What an emergency says in its four fields (S2); the rest is completed with the second person's agreement.
    pub fn of_emergency(ground: EmergencyGround, pack: &packs::Pack, today: NaiveDate) -> Option<BasisDraft> {
        let fits = |reason: &&packs::Reason| reason.basis.map(of_pack) == Some(ground.basis);
        let reason = pack.reasons(ReasonKind::Basis).find(fits)?.code.clone();
        Some(BasisDraft {
            person: ground.person,
            basis: ground.basis,
            reason,
            law: String::new(),
            to_orgs: vec![ground.org],
            sections: ground.sections,
            told: None,
            not_told_reason: String::new(),
            is_emergency: true,
            only_referral: Some(ground.referral),
            note: String::new(),
            given_on: today,
            expires_on: today.checked_add_months(MONTHS).unwrap_or(today),
        })
    }
}

/// On what ground an emergency shares what with whom.
#[derive(Clone, Debug)]
pub struct EmergencyGround {
    /// Whose data.
    pub person: PersonId,
    /// The ground.
    pub basis: Basis,
    /// Who receives it.
    pub org: OrgId,
    /// The referral that is sent on it.
    pub referral: ReferralId,
    /// Which sections.
    pub sections: Vec<String>,
}

/// Whether the person was told of sharing without their consent, or why telling them is not safe (S1).
#[derive(Clone, Debug)]
pub struct Told {
    /// They were told.
    pub told: bool,
    /// Why not.
    pub why_not: String,
}

impl Told {
    /// Reads the form, noting every mistake beside its field.
    pub fn read(form: &mut Form) -> Told {
        let told = form.one_of("told", ["yes", "no"]) == "yes";
        let why_not = if told { String::new() } else { form.text("not_told_reason", 200) };
        Told { told, why_not }
    }
}

fn of_pack(basis: packs::Basis) -> Basis {
    Basis::parse(basis.as_str()).unwrap_or(Basis::VitalInterest)
}
