//! A case opened for an arrival: its people registered or found, the household made, the form put on it, all in one transaction.
use chrono::NaiveDate;
use uuid::Uuid;

use super::actions::{must_wait, place};
use super::choices::{Candidate, candidates};
use super::people::Described;
use crate::access::Act;
use crate::cases::actions::{self as cases, Complaint, Keeper, Opening};
use crate::cases::store as case_store;
use crate::error::{Error, FieldErrors};
use crate::forms::{Arrival, Form, store};
use crate::packs;
use crate::people::actions::{self as registry, NewPerson};
use crate::people::household::RELATIONSHIPS;
use crate::people::store as people;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, HouseholdId, PersonId, UnitId};
use crate::supervision::carrying::Meant;
use crate::web::Page;
use crate::web::parts::Choice;

/// Who somebody is whom the form describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// This was not said: somebody new, unless somebody alike is known.
    Unsaid,
    /// Somebody to be registered.
    New,
    /// This person of the registry.
    Known(PersonId),
    /// Nobody to be registered.
    Leave,
}

/// What is decided when a case is opened.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// One for each whom the form describes, in its order.
    pub people: Vec<(Who, String)>,
    pub case_type: i16,
    pub intake_source: String,
    pub priority: String,
    pub limits_explained_on: Option<NaiveDate>,
    /// Though the person has an open case of this type.
    pub another: bool,
}

/// What a case is opened with, as it is asked.
pub(super) struct Offered {
    pub types: Vec<Choice>,
    pub sources: Vec<Choice>,
    pub priorities: Vec<Choice>,
}

/// The types that the form may open a case of, as far as the actor is cleared for them.
pub(super) async fn offered(work: &mut Work, p: &Page, form: &Form) -> Result<Option<Offered>, Error> {
    let cleared = case_store::cleared_types(work).await?;
    let types: Vec<i16> = form.case_types.iter().copied().filter(|id| cleared.contains(id)).collect();
    let lang = p.reader.lang;
    let mut offered = Offered { types: Vec::new(), sources: Vec::new(), priorities: Vec::new() };
    for (pack, types) in packs::store::for_types(work, &types).await? {
        let open = types.iter().filter(|case_type| case_type.sensitivity != packs::Sensitivity::Restricted);
        offered.types.extend(open.map(|case_type| Choice::new(case_type.id.to_string(), case_type.labels.get(lang))));
        let sources = pack.intake_sources.iter().map(|source| Choice::new(&source.code, source.labels.get(lang)));
        sources.for_each(|source| source.add_once(&mut offered.sources));
        let priorities = pack.priorities.iter().map(|priority| Choice::new(&priority.code, priority.labels.get(lang)));
        priorities.for_each(|priority| priority.add_once(&mut offered.priorities));
    }
    Ok(Some(offered).filter(|offered| !offered.types.is_empty()))
}

/// Opens the case, which the actor keeps.
pub(super) async fn open(work: &mut Work, arrival: &Arrival, wanted: &Wanted) -> Result<CaseId, Error> {
    work.may(Act::CaseOpen)?;
    must_wait(arrival)?;
    let form = store::form(work, arrival.form_id).await?;
    let described = candidates(work, arrival, &form).await?;
    let Some(first) = described.first() else { return Err(crate::error::invalid("person_0", "required")) };
    check(work, &form, &described, wanted).await?;
    let who = |nth: usize| wanted.people.get(nth).map_or(Who::Unsaid, |(who, _)| *who);
    let head = registered(work, arrival.unit, &first.described, who(0)).await?;
    let Some(head) = head else { return Err(crate::error::invalid("person_0", "required")) };
    let is_household = form.subject == "household";
    let household = if is_household { Some(home_of(work, arrival.unit, head).await?) } else { None };
    for (nth, candidate) in described.iter().enumerate().skip(1) {
        let Some(household) = household else { break };
        if let Some(member) = registered(work, arrival.unit, &candidate.described, who(nth)).await? {
            join(work, household, member, relationship(wanted, nth, &candidate.described)).await?;
        }
    }
    let opening = Opening {
        id: CaseId::new(),
        person: head,
        household,
        case_type: wanted.case_type,
        unit: work.standing.units.contains(&arrival.unit).then_some(arrival.unit),
        intake_source: wanted.intake_source.clone(),
        priority: wanted.priority.clone(),
        risk: None,
        keeper: Keeper::Me,
        supervisor: None,
        complaint: Complaint::Unsaid,
        limits_explained_on: wanted.limits_explained_on,
        opened_at: None,
        meant: Meant::default(),
    };
    let case = cases::open(work, opening).await?;
    place(work, arrival, case).await?;
    Ok(case)
}

// Everything that is wrong at once, before anything is written.
async fn check(work: &mut Work, form: &Form, described: &[Candidate], wanted: &Wanted) -> Result<(), Error> {
    let mut errors = FieldErrors::default();
    // A form that does not come before there is a case opens none.
    if !form.intake || !form.case_types.contains(&wanted.case_type) {
        errors.add("case_type", if wanted.case_type == 0 { "required" } else { "not_a_choice" });
    }
    for (nth, candidate) in described.iter().enumerate() {
        let (who, said) = wanted.people.get(nth).cloned().unwrap_or((Who::Unsaid, String::new()));
        let field = format!("person_{nth}");
        match who {
            Who::Unsaid if !candidate.same.is_empty() => errors.add(&field, "look_who"),
            Who::Leave if nth == 0 => errors.add(&field, "required"),
            Who::Known(id) if people::several(work, &[id]).await?.is_empty() => errors.add(&field, "not_a_choice"),
            _ => {}
        }
        let is_asked = nth > 0 && form.subject == "household" && candidate.described.relationship.is_empty();
        if is_asked && who != Who::Leave && !RELATIONSHIPS.contains(&said.as_str()) {
            errors.add(&format!("relationship_{nth}"), if said.is_empty() { "required" } else { "not_a_choice" });
        }
    }
    if let (Some((Who::Known(head), _)), false) = (wanted.people.first(), wanted.another) {
        let cases = case_store::list_of_people(work, &[*head]).await?;
        if cases.iter().any(|case| case.is_open() && case.case_type == wanted.case_type && case.person_id == *head) {
            errors.add("another", "open_case_of_type");
        }
    }
    errors.or_ok()
}

async fn registered(work: &mut Work, unit: UnitId, described: &Described, who: Who) -> Result<Option<PersonId>, Error> {
    match who {
        Who::Leave => Ok(None),
        Who::Known(id) => Ok(Some(id)),
        Who::New | Who::Unsaid => {
            let new = NewPerson {
                particulars: described.particulars.clone(),
                contacts: described.contacts.clone(),
                documents: described.documents.clone(),
            };
            registry::register(work, unit, &new).await.map(Some)
        }
    }
}

// The household in which the head lives now, or a new one around them.
async fn home_of(work: &mut Work, unit: UnitId, head: PersonId) -> Result<HouseholdId, Error> {
    if let Some(home) = people::household_of(work, head).await? {
        return Ok(home.id);
    }
    let today = work.today();
    registry::make_household(work, unit, head, today).await
}

async fn join(work: &mut Work, household: HouseholdId, member: PersonId, relationship: &str) -> Result<(), Error> {
    let home = people::find_household(work, household).await?;
    if home.present().any(|present| present.person_id == member) {
        return Ok(());
    }
    let today = work.today();
    registry::join(work, (household, home.version), member, relationship, today).await
}

fn relationship<'a>(wanted: &'a Wanted, nth: usize, described: &'a Described) -> &'a str {
    let said = wanted.people.get(nth).map_or("", |(_, relationship)| relationship.as_str());
    if described.relationship.is_empty() { said } else { &described.relationship }
}

/// How a page and a call name somebody: `new`, `leave`, or the id of a person.
pub(super) fn who(text: &str) -> Result<Who, &'static str> {
    match text {
        "" => Ok(Who::Unsaid),
        "new" => Ok(Who::New),
        "leave" => Ok(Who::Leave),
        id => id.parse::<Uuid>().map(|id| Who::Known(PersonId(id))).map_err(|_| "not_a_choice"),
    }
}
