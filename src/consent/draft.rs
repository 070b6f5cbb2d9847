//! What a worker writes down after the conversation, and the rules about who may give what at which age (S3).
use chrono::{Months, NaiveDate};

use super::consent::{Form as Shape, Giver, Kind};
use super::store::CasePerson;
use crate::packs::{ConsentGiver, Pack, Word};
use crate::people::names;
use crate::platform::ids::{DocumentId, OrgId, PersonId};
use crate::web::Form;

/// Kinds of organisation that a consent may name.
pub const ORG_KINDS: [&str; 6] = ["ministry", "municipality", "un_agency", "ngo", "provider", "other"];

/// A consent or refusal as it was told.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Whose data.
    pub person: PersonId,
    /// What was said.
    pub kind: Kind,
    /// What for.
    pub purpose: String,
    /// It is for the search for family.
    pub for_tracing: bool,
    /// For whom.
    pub to_orgs: Vec<OrgId>,
    /// For which kinds of organisation.
    pub to_kinds: Vec<String>,
    /// Which sections.
    pub sections: Vec<String>,
    /// How it was given.
    pub form: Option<Shape>,
    /// Who gave it.
    pub given_by: Giver,
    /// That person, where it is another.
    pub given_by_person: Option<PersonId>,
    /// The child, or young person, agreed as well.
    pub assent: Assent,
    /// Who witnessed.
    pub witness: String,
    /// The person was spoken to alone.
    pub spoken_alone: bool,
    /// It was understood.
    pub understood: bool,
    /// In which language.
    pub language: Option<String>,
    /// Through whom.
    pub interpreter: String,
    /// They are no relative and no child, and keep it to themselves.
    pub interpreter_bound: bool,
    /// The order of a court.
    pub law: String,
    /// Further words, to be sealed.
    pub note: String,
    /// The signed copy.
    pub document: Option<DocumentId>,
    /// When.
    pub given_on: NaiveDate,
    /// The last day.
    pub expires_on: Option<NaiveDate>,
    /// The limits of confidentiality were explained.
    pub limits_explained: bool,
}

/// What the child itself said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assent {
    /// Yes.
    Given,
    /// No, or it was not asked.
    NotGiven,
}

/// What the form is read against.
pub struct Terms<'a> {
    /// The people of the case.
    pub people: &'a [CasePerson],
    /// The case's pack.
    pub pack: &'a Pack,
    /// How long consent lasts for this case type.
    pub months: u16,
    /// Organisations that may be named.
    pub orgs: &'a [OrgId],
    /// Today, where the case is worked.
    pub today: NaiveDate,
    /// Whether the limits of confidentiality still have to be explained.
    pub limits_due: bool,
}

// No consent is relied on for longer, in months; the pack's usual time is shorter. Ours: the sources name no figure.
const LONGEST: u32 = 24;

/// Reads the form, noting every mistake beside its field.
pub fn read(form: &mut Form, terms: &Terms<'_>) -> Option<Draft> {
    let person = form.parsed::<PersonId>("person").filter(|id| terms.people.iter().any(|known| known.id == *id));
    if person.is_none() {
        form.errors.add("person", "not_a_choice");
    }
    let yes = form.one_of("answer", ["yes", "no"]) != "no";
    let given_by = Giver::parse(form.value("given_by")).filter(|giver| *giver != Giver::Workers).unwrap_or(Giver::Person);
    let given_by_person = form.parsed_maybe::<PersonId>("given_by_person");
    let assent = if form.ticked("assent") { Assent::Given } else { Assent::NotGiven };
    let given_on = form.date("given_on").unwrap_or(terms.today);
    if given_on > terms.today {
        form.errors.add("given_on", "consent_in_future");
    }
    let unborn = |known: &CasePerson| known.born_on.is_some_and(|born| given_on < born);
    if terms.people.iter().any(|known| Some(known.id) == person && unborn(known)) {
        form.errors.add("given_on", "before_birth");
    }
    let sections = form.some_of("sections", terms.pack.packet_sections.iter().map(|section| section.code.as_str()));
    let draft = Draft {
        person: person.unwrap_or(PersonId(uuid::Uuid::nil())),
        kind: if !yes {
            Kind::Refused
        } else if given_by == Giver::Person {
            Kind::Consent
        } else {
            Kind::Representative
        },
        purpose: form.text_maybe("purpose", 400),
        for_tracing: form.ticked("for_tracing"),
        to_orgs: organisations(form, terms.orgs),
        to_kinds: form.some_of("to_kinds", ORG_KINDS),
        sections,
        form: Shape::parse(form.value("form")),
        given_by,
        given_by_person,
        assent,
        witness: form.text_maybe("witness", 200),
        spoken_alone: form.ticked("spoken_alone"),
        understood: form.ticked("understood"),
        language: Some(form.text_maybe("language", 60)).filter(|language| !language.is_empty()),
        interpreter: form.text_maybe("interpreter", 200),
        interpreter_bound: form.ticked("interpreter_bound"),
        law: form.text_maybe("law", 200),
        note: form.text_maybe("note", 4000),
        document: form.parsed_maybe::<DocumentId>("document"),
        given_on,
        expires_on: form
            .date_maybe("expires_on")
            .or_else(|| given_on.checked_add_months(Months::new(terms.months.into())))
            .filter(|_| yes),
        limits_explained: form.ticked("limits_explained"),
    };
    check_interpreter(form, &draft, terms);
    if yes {
        check_yes(form, &draft, terms);
    }
    form.errors.is_empty().then_some(draft)
}

/// Organisations that were ticked, each of them known.
pub fn organisations(form: &mut Form, known: &[OrgId]) -> Vec<OrgId> {
    let codes: Vec<String> = known.iter().map(ToString::to_string).collect();
    form.some_of("to_orgs", codes.iter().map(String::as_str)).iter().filter_map(|id| id.parse().ok()).collect()
}

// Nobody of the case interprets for it, and whoever does keeps it to themselves (S25).
fn check_interpreter(form: &mut Form, draft: &Draft, terms: &Terms<'_>) {
    if draft.interpreter.trim().is_empty() {
        return;
    }
    let is = |name: &str| names::same(&draft.interpreter, name);
    if terms.people.iter().any(|known| is(&known.name) || is(&known.name_latin)) {
        form.errors.add("interpreter", "interpreter_of_the_case");
    }
    if !draft.interpreter_bound {
        form.errors.add("interpreter_bound", "required");
    }
}

fn check_yes(form: &mut Form, draft: &Draft, terms: &Terms<'_>) {
    let mut need = |missing: bool, field: &str, code: &'static str| {
        if missing {
            form.errors.add(field, code);
        }
    };
    need(draft.purpose.is_empty(), "purpose", "required");
    need(draft.to_orgs.is_empty() && draft.to_kinds.is_empty(), "to_orgs", "required");
    need(draft.sections.is_empty(), "sections", "required");
    need(draft.form.is_none(), "form", "required");
    need(draft.language.is_none(), "language", "required");
    need(!draft.understood, "understood", "understanding_needed");
    need(draft.form == Some(Shape::SpokenBeforeWitness) && draft.witness.is_empty(), "witness", "required");
    need(draft.expires_on.is_some_and(|last| last <= draft.given_on), "expires_on", "expires_before_given");
    let longest = Months::new(LONGEST);
    need(draft.given_on.checked_add_months(longest).is_none_or(|end| end < terms.today), "given_on", "consent_too_old");
    need(draft.expires_on > draft.given_on.checked_add_months(longest), "expires_on", "consent_too_long");
    need(terms.limits_due && !draft.limits_explained, "limits_explained", "limits_unexplained");
    let Some(person) = terms.people.iter().find(|known| known.id == draft.person) else { return };
    let band = person.age_on(terms.today).and_then(|age| terms.pack.consent_giver(age));
    let may_speak = |known: &&CasePerson| speaks_for_another(known, draft, terms);
    let named = draft.given_by_person.and_then(|id| terms.people.iter().find(|known| known.id == id));
    let giver = named.filter(may_speak);
    if draft.given_by != Giver::Person && named.is_some() && giver.is_none() {
        form.errors.add("given_by_person", "giver_is_no_adult");
        return;
    }
    if draft.given_by != Giver::Person && giver.is_none() {
        form.errors.add("given_by_person", "required");
    }
    if let Some((field, code)) = wrong_giver(band, draft, giver) {
        form.errors.add(field, code);
    }
}

// Nobody is their own representative, nor is a child for whom somebody speaks. A young person who decides for themselves may be a
// caregiver, whom an adult chosen by the child must outgrow (S3).
fn speaks_for_another(known: &CasePerson, draft: &Draft, terms: &Terms<'_>) -> bool {
    let band = known.age_on(terms.today).and_then(|age| terms.pack.consent_giver(age));
    let old_enough = match band {
        None => true,
        Some(ConsentGiver::YoungPerson) => draft.given_by == Giver::Caregiver,
        Some(_) => false,
    };
    known.id != draft.person && old_enough
}

/// Why this person may not give consent so; none when they may (S3).
pub fn wrong_giver(
    band: Option<ConsentGiver>,
    draft: &Draft,
    giver: Option<&CasePerson>,
) -> Option<(&'static str, &'static str)> {
    // Never asked, whatever the age of the child.
    if giver.is_some_and(|giver| giver.not_safe_to_involve) {
        return Some(("given_by_person", "caregiver_not_safe"));
    }
    if draft.given_by == Giver::Guardian && draft.law.is_empty() {
        return Some(("law", "court_order_needed"));
    }
    match (band, draft.given_by) {
        (None, Giver::Caregiver | Giver::ChosenAdult) => Some(("given_by", "adult_consents_alone")),
        (None, _) | (Some(ConsentGiver::YoungPerson), Giver::Person) => None,
        (Some(_), Giver::Person) => Some(("given_by", "too_young_alone")),
        (Some(ConsentGiver::Caregiver), _) => None,
        (Some(ConsentGiver::CaregiverAndAssent), _) if draft.assent == Assent::NotGiven => Some(("assent", "assent_needed")),
        (Some(ConsentGiver::YoungPerson), _) if draft.assent == Assent::NotGiven => Some(("assent", "young_person_agrees_first")),
        (Some(_), _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(given_by: Giver, assent: Assent) -> Draft {
        let day = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        Draft {
            person: PersonId::new(),
            kind: Kind::Consent,
            purpose: String::new(),
            for_tracing: false,
            to_orgs: vec![],
            to_kinds: vec![],
            sections: vec![],
            form: None,
            given_by,
            given_by_person: None,
            assent,
            witness: String::new(),
            spoken_alone: true,
            understood: true,
            language: None,
            interpreter: String::new(),
            interpreter_bound: false,
            law: String::new(),
            note: String::new(),
            document: None,
            given_on: day,
            expires_on: None,
            limits_explained: true,
        }
    }

    #[test]
    fn s03_who_may_give_consent_follows_the_age() {
        use Assent::{Given, NotGiven};
        use ConsentGiver::{Caregiver as Small, CaregiverAndAssent as Child, YoungPerson as Young};
        let rows = [
            (None, Giver::Person, NotGiven, None),
            (None, Giver::Caregiver, Given, Some("adult_consents_alone")),
            (None, Giver::Guardian, NotGiven, Some("court_order_needed")),
            (Some(Small), Giver::Caregiver, NotGiven, None),
            (Some(Small), Giver::Person, NotGiven, Some("too_young_alone")),
            (Some(Child), Giver::Caregiver, NotGiven, Some("assent_needed")),
            (Some(Child), Giver::Caregiver, Given, None),
            (Some(Child), Giver::ChosenAdult, Given, None),
            (Some(Young), Giver::Person, NotGiven, None),
            (Some(Young), Giver::Caregiver, NotGiven, Some("young_person_agrees_first")),
        ];
        for (band, giver, assent, expected) in rows {
            assert_eq!(
                wrong_giver(band, &draft(giver, assent), None).map(|(_, code)| code),
                expected,
                "{band:?} {giver:?} {assent:?}"
            );
        }
    }
}
