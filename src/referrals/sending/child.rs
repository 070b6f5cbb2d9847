//! What a referral says about a child's care (DOMAIN 5): with whom the child is, who cares for them and how that adult is reached, whether
//! they know of the referral. Of a caregiver who is not safe to involve nothing is said, not even that there is somebody (S3).
use chrono::NaiveDate;

use super::packet::Line;
use crate::cases;
use crate::error::{Error, FieldErrors};
use crate::people::{self, Person};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PersonId};
use crate::web::Form;

/// With whom a child can be.
pub const CARE: &[&str] = &["with_caregiver", "separated", "unaccompanied"];
/// What a caregiver can be to the child.
pub const RELATIONSHIPS: &[&str] =
    &["parent", "grandparent", "sibling", "aunt_uncle", "other_relative", "foster_parent", "legal_guardian", "not_related"];
/// The longest reason why a caregiver does not know.
pub const MOST_OF_A_REASON: usize = 400;

/// A child's care, as far as it may be told. Codes are as the form has them; empty where nothing was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Care {
    /// One of [`CARE`].
    pub situation: String,
    /// Who cares for the child and is safe to involve.
    pub caregiver: Option<Caregiver>,
    /// `yes` or `no`.
    pub informed: String,
    /// Why not.
    pub not_informed: String,
}

/// Who cares for a child.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caregiver {
    /// Their name.
    pub name: String,
    /// One of [`RELATIONSHIPS`].
    pub relationship: String,
    /// Where and how they are safely reached (S6).
    pub contact: String,
}

/// Somebody of under eighteen; whose age nobody knows is not taken for a child.
pub fn is(person: &Person, today: NaiveDate) -> bool {
    person.age_on(today).is_some_and(|age| age < 18)
}

/// The care of this person, if they are a child.
pub async fn care(work: &mut Work, case: CaseId, person: &Person, form: &Form) -> Result<Option<Care>, Error> {
    let today = work.today();
    if !is(person, today) {
        return Ok(None);
    }
    let known = cases::store::people(work, case).await?;
    let all: Vec<_> = known.iter().filter(|member| member.part == "caregiver" && member.person_id != person.id).collect();
    let safe = all.iter().find(|member| !member.not_safe_to_involve);
    let mut care = Care { situation: form.value("care").to_owned(), ..Care::default() };
    match safe {
        Some(member) => care.caregiver = Some(caregiver(work, person, member.person_id, form).await?),
        // An answer would tell that there is one.
        None if !all.is_empty() => {
            care.situation = Some(care.situation).filter(|code| code != "with_caregiver").unwrap_or_default();
            return Ok(Some(care));
        }
        None => {}
    }
    form.value("caregiver_informed").clone_into(&mut care.informed);
    if care.informed == "no" {
        form.value("caregiver_not_informed").trim().clone_into(&mut care.not_informed);
    }
    Ok(Some(care))
}

async fn caregiver(work: &mut Work, child: &Person, id: PersonId, form: &Form) -> Result<Caregiver, Error> {
    let known = people::store::find(work, id).await?;
    let relationship = match form.value("caregiver_relationship") {
        "" => registered(work, child, &known).await?.to_owned(),
        said => said.to_owned(),
    };
    let contact = if known.phone_confidential { String::new() } else { contact(work, &known).await? };
    Ok(Caregiver { name: known.full_name(), relationship, contact })
}

// Only what is marked safe, with what has to be respected.
async fn contact(work: &mut Work, known: &Person) -> Result<String, Error> {
    let mut parts = Vec::new();
    for contact in people::store::contacts(work, known.id).await?.into_iter().filter(|contact| contact.is_safe()) {
        parts.extend([contact.value.clone(), contact.hours.clone()]);
    }
    if !parts.is_empty() {
        parts.push(known.contact_restriction.clone());
    }
    Ok(parts.into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(" · "))
}

// As the household register has it, where one of the two is its head and neither keeps it to themselves (S12).
async fn registered(work: &mut Work, child: &Person, caregiver: &Person) -> Result<&'static str, Error> {
    if child.household_confidential || caregiver.household_confidential {
        return Ok("");
    }
    let Some(household) = people::store::household_of(work, child.id).await? else { return Ok("") };
    let of = |id: PersonId| household.present().find(|member| member.person_id == id).map(|member| member.relationship.as_str());
    Ok(match (of(child.id), of(caregiver.id)) {
        (Some(child), Some("head")) => to_child_of_head(child),
        (Some("head"), Some(caregiver)) => to_head(caregiver),
        _ => "",
    })
}

fn to_child_of_head(child: &str) -> &'static str {
    match child {
        "child" => "parent",
        "foster_child" => "foster_parent",
        "grandchild" => "grandparent",
        "sibling" => "sibling",
        "other_relative" => "other_relative",
        "unrelated" => "not_related",
        _ => "",
    }
}

fn to_head(caregiver: &str) -> &'static str {
    match caregiver {
        "parent" => "parent",
        "grandparent" => "grandparent",
        "sibling" => "sibling",
        "other_relative" => "other_relative",
        "unrelated" => "not_related",
        _ => "",
    }
}

impl Care {
    /// As the packet says it.
    pub fn lines(&self) -> Vec<Line> {
        let line = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let mut lines = vec![line("care", &self.situation)];
        if let Some(caregiver) = &self.caregiver {
            lines.push(line("caregiver", &caregiver.name));
            lines.push(line("caregiver_relationship", &caregiver.relationship));
            lines.push(line("caregiver_contact", &caregiver.contact));
        }
        lines.push(line("caregiver_informed", &self.informed));
        lines.push(line("caregiver_not_informed", &self.not_informed));
        lines
    }
}

/// What can't be kept as it is typed.
pub fn faults(form: &Form, errors: &mut FieldErrors) {
    let choices: [(&str, &[&str]); 3] =
        [("care", CARE), ("caregiver_relationship", RELATIONSHIPS), ("caregiver_informed", &["yes", "no"])];
    for (field, known) in choices {
        if form.filled(field) && !known.contains(&form.value(field)) {
            errors.add(field, "not_a_choice");
        }
    }
}

/// A caregiver who was not told: the receiver needs to know why.
pub fn owes_a_reason(form: &Form) -> bool {
    form.value("caregiver_informed") == "no" && form.value("caregiver_not_informed").trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_register_says_what_a_caregiver_is_to_the_child() {
        for (child, caregiver) in
            [("child", "parent"), ("grandchild", "grandparent"), ("foster_child", "foster_parent"), ("spouse", "")]
        {
            assert_eq!(to_child_of_head(child), caregiver);
        }
        let known = |code: &&str| code.is_empty() || RELATIONSHIPS.contains(code);
        assert!(
            crate::people::household::RELATIONSHIPS.iter().all(|code| known(&to_child_of_head(code)) && known(&to_head(code)))
        );
    }
}
