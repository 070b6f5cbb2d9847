//! Who is offered as the one who speaks for a child, and who could be put on the case for it (S3).
use chrono::NaiveDate;

use super::store::{self, CasePerson};
use crate::access::subject::Subject;
use crate::cases::pages::told_apart_among;
use crate::error::Error;
use crate::packs::{ConsentGiver, Pack};
use crate::people;
use crate::people::Member;
use crate::platform::db::Work;
use crate::platform::ids::PersonId;
use crate::web::Page;
use crate::web::parts::Choice;

/// Those of the case who may speak for somebody. A child is not offered, nor whoever is not safe to involve; a young person may be the
/// caregiver of another.
pub(super) fn offered(p: &Page, people: &[CasePerson], pack: &Pack, today: NaiveDate) -> Vec<Choice> {
    let may = |person: &&CasePerson| match band(person, pack, today) {
        None => true,
        Some(ConsentGiver::YoungPerson) => people.len() > 1,
        Some(_) => false,
    };
    let safe = people.iter().filter(|person| !person.not_safe_to_involve);
    safe.filter(may).map(|person| Choice::new(person.id.to_string(), called(p, people, person))).collect()
}

/// A name, told apart from others on the case who bear it.
pub(super) fn called(p: &Page, people: &[CasePerson], person: &CasePerson) -> String {
    let named = |one: &CasePerson| (one.code.clone(), one.name.clone(), one.born_on, one.born_estimated);
    told_apart_among(p, &people.iter().map(named).collect::<Vec<_>>(), &person.code)
}

/// This is a child, and the case has no adult beside who is safe to involve.
pub(super) fn lacks_adult(child: &CasePerson, people: &[CasePerson], pack: &Pack, today: NaiveDate) -> bool {
    let is_adult = |person: &CasePerson| !person.not_safe_to_involve && band(person, pack, today).is_none();
    band(child, pack, today).is_some() && !people.iter().any(|person| person.id != child.id && is_adult(person))
}

/// Adults of the child's household who are not on the case yet, each with the address where they are put on it. Whoever is not safe to
/// involve in any case that the actor sees is left out.
pub(super) async fn near(
    work: &mut Work,
    subject: &Subject,
    child: &CasePerson,
    people: &[CasePerson],
    pack: &Pack,
) -> Result<Vec<(String, String)>, Error> {
    let Some(home) = people::store::household_of(work, child.id).await? else { return Ok(Vec::new()) };
    let today = work.today();
    let is_adult = |member: &&Member| {
        let age = member.born_on.and_then(|born| today.years_since(born)).and_then(|years| u16::try_from(years).ok());
        age.is_some_and(|age| pack.consent_giver(age).is_none())
    };
    let on_case = |id: PersonId| people.iter().any(|known| known.id == id);
    let adults: Vec<&Member> = home.present().filter(is_adult).filter(|member| !on_case(member.person_id)).collect();
    let ids: Vec<PersonId> = adults.iter().map(|member| member.person_id).collect();
    let unsafe_ones = store::not_safe(work, &ids).await?;
    let safe = adults.into_iter().filter(|member| !unsafe_ones.contains(&member.person_id));
    let path = subject.under("people");
    Ok(safe.map(|member| (format!("{path}?person={}&part=caregiver", member.code), member.on_lists())).collect())
}

fn band(person: &CasePerson, pack: &Pack, today: NaiveDate) -> Option<ConsentGiver> {
    person.age_on(today).and_then(|age| pack.consent_giver(age))
}
