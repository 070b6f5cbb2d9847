//! What is done to the registry. The unit is named by the caller, since an operator has none of their own.
use chrono::NaiveDate;
use serde_json::json;

use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, FieldErrors, invalid};
use crate::people::household::RELATIONSHIPS;
use crate::people::{ContactEntry, DocumentEntry, Particulars, by_two, check, search, store, writing};
use crate::platform::db::Work;
use crate::platform::ids::{HouseholdId, PersonId, RowId, UnitId};

/// Somebody to register.
#[derive(Debug, Clone, Default)]
pub struct NewPerson {
    /// What is known of them.
    pub particulars: Particulars,
    /// Phones and e-mail addresses.
    pub contacts: Vec<ContactEntry>,
    /// Documents.
    pub documents: Vec<DocumentEntry>,
}

/// Who may know where somebody went when they left a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    /// Whoever sees the household.
    Open,
    /// Only those who see the person; from now on their household is confidential (S12).
    Confidential,
}

/// Registers a person with this unit, which sees them until their first case.
pub async fn register(work: &mut Work, unit: UnitId, new: &NewPerson) -> Result<PersonId, Error> {
    work.may_in(Act::PersonRegister, unit, None).await?;
    check::particulars(&new.particulars, work.today()).or_ok()?;
    let id = writing::insert(work, unit, &new.particulars).await?;
    for contact in &new.contacts {
        check::contact_by(contact, work.today()).or_ok()?;
        writing::insert_contact(work, id, contact).await?;
    }
    for document in &new.documents {
        check::document_by(document, work.today()).or_ok()?;
        writing::insert_document(work, id, document).await?;
    }
    let keys = search::keys_of(&new.particulars, &new.contacts, &new.documents);
    writing::set_keys(work, id, &keys).await?;
    work.record(Fact::PersonRegistered, About::default().with(id)).await?;
    Ok(id)
}

// The right must reach the person, not only the page: whoever reads through an emergency access changes nothing (S6).
pub(super) async fn may_change(work: &mut Work, id: PersonId) -> Result<(), Error> {
    store::find(work, id).await?;
    work.may(Act::PersonEdit)?;
    if store::may_change(work, Act::PersonEdit, id).await? { Ok(()) } else { Err(Error::Forbidden(Act::PersonEdit.code())) }
}

/// Whether the actor may change this person, for a page that offers it.
pub(super) async fn could_change(work: &mut Work, id: PersonId) -> Result<bool, Error> {
    Ok(work.holds(Act::PersonEdit) && store::may_change(work, Act::PersonEdit, id).await?)
}

async fn may_change_household(work: &mut Work, id: HouseholdId) -> Result<(), Error> {
    work.may(Act::PersonEdit)?;
    if store::may_change_household(work, Act::PersonEdit, id).await? {
        Ok(())
    } else {
        Err(Error::Forbidden(Act::PersonEdit.code()))
    }
}

/// Changes a person's particulars, unless somebody else did so since this version was read; what two must change is refused to one.
pub async fn edit(work: &mut Work, id: PersonId, version: i32, particulars: &Particulars) -> Result<(), Error> {
    may_change(work, id).await?;
    let person = store::find(work, id).await?;
    let mut errors = FieldErrors::default();
    if person.version == version {
        by_two::guarded(work, &person, particulars).await?.into_iter().for_each(|field| errors.add(field, "by_two"));
    }
    errors.or_ok()?;
    put_right(work, id, version, particulars).await
}

/// The same of what a second person has accepted.
pub(super) async fn put_right(work: &mut Work, id: PersonId, version: i32, particulars: &Particulars) -> Result<(), Error> {
    may_change(work, id).await?;
    check::particulars(particulars, work.today()).or_ok()?;
    let person = store::find(work, id).await?;
    if person.version != version {
        return Err(Error::Conflict(Clash::Stale));
    }
    let fields = person.particulars.differing(particulars);
    if fields.is_empty() {
        return Ok(());
    }
    writing::save(work, id, version, particulars).await?;
    changed(work, id, fields).await
}

/// Adds a phone or e-mail address.
pub async fn add_contact(work: &mut Work, id: PersonId, entry: &ContactEntry) -> Result<RowId, Error> {
    may_change(work, id).await?;
    check::contact_by(entry, work.today()).or_ok()?;
    let row = writing::insert_contact(work, id, entry).await?;
    changed(work, id, vec!["contacts"]).await?;
    Ok(row)
}

/// Changes a phone or e-mail address, or what makes it safe, unless somebody else did so since this version was read.
pub async fn change_contact(work: &mut Work, id: PersonId, row: RowId, version: i32, entry: &ContactEntry) -> Result<(), Error> {
    may_change(work, id).await?;
    check::contact_by(entry, work.today()).or_ok()?;
    writing::save_contact(work, id, row, version, entry).await?;
    changed(work, id, vec!["contacts"]).await
}

/// Removes this version of a phone or e-mail address.
pub async fn remove_contact(work: &mut Work, id: PersonId, row: RowId, version: i32) -> Result<(), Error> {
    may_change(work, id).await?;
    writing::delete_contact(work, id, row, version).await?;
    changed(work, id, vec!["contacts"]).await
}

/// Adds a document's number.
pub async fn add_document(work: &mut Work, id: PersonId, entry: &DocumentEntry) -> Result<(), Error> {
    may_change(work, id).await?;
    check::document_by(entry, work.today()).or_ok()?;
    writing::insert_document(work, id, entry).await?;
    changed(work, id, vec!["documents"]).await
}

/// Removes a document's number.
pub async fn remove_document(work: &mut Work, id: PersonId, row: RowId) -> Result<(), Error> {
    may_change(work, id).await?;
    writing::delete_document(work, id, row).await?;
    changed(work, id, vec!["documents"]).await
}

// Whatever changed, the search finds the person by what is true now.
async fn changed(work: &mut Work, id: PersonId, fields: Vec<&str>) -> Result<(), Error> {
    let person = store::find(work, id).await?;
    let contacts: Vec<_> = store::contacts(work, id).await?.into_iter().map(|contact| contact.entry).collect();
    let documents: Vec<_> = store::documents(work, id).await?.into_iter().map(|document| document.entry).collect();
    writing::set_keys(work, id, &search::keys_of(&person.particulars, &contacts, &documents)).await?;
    let about = About { fields: fields.into_iter().map(ToOwned::to_owned).collect(), ..About::default() };
    work.record(Fact::PersonChanged, about.with(id)).await
}

/// Makes a household around its head.
pub async fn make_household(work: &mut Work, unit: UnitId, head: PersonId, since: NaiveDate) -> Result<HouseholdId, Error> {
    work.may_in(Act::PersonRegister, unit, None).await?;
    store::find(work, head).await?;
    if since > work.today() {
        return Err(invalid("joined_on", "in_the_future"));
    }
    let id = writing::insert_household(work, unit, head).await?;
    move_in(work, id, head, "head", since).await?;
    Ok(id)
}

/// Somebody joins this version of a household on a day. A household they lived in until then, if the actor sees it, they leave the same day.
pub async fn join(
    work: &mut Work,
    (household, version): (HouseholdId, i32),
    person: PersonId,
    relationship: &str,
    on: NaiveDate,
) -> Result<(), Error> {
    let home = store::find_household(work, household).await?;
    may_change_household(work, household).await?;
    // A person whom the actor does not see can't be made a member, and is answered like one who does not exist.
    store::find(work, person).await.map_err(|_| invalid("person_id", "not_a_choice"))?;
    if !RELATIONSHIPS.contains(&relationship) {
        return Err(invalid("relationship", "not_a_choice"));
    }
    if home.present().any(|member| member.person_id == person) {
        return Err(invalid("person_id", "already_member"));
    }
    if on > work.today() {
        return Err(invalid("joined_on", "in_the_future"));
    }
    writing::take_version(work, household, version).await?;
    move_in(work, household, person, relationship, on).await
}

async fn move_in(
    work: &mut Work,
    household: HouseholdId,
    person: PersonId,
    relationship: &str,
    on: NaiveDate,
) -> Result<(), Error> {
    writing::leave_others(work, household, person, on).await?;
    writing::insert_member(work, household, person, relationship, on).await?;
    note_household(work, household, person, "joined").await
}

/// Somebody leaves this version of a household on a day.
pub async fn leave(
    work: &mut Work,
    (household, version): (HouseholdId, i32),
    member: RowId,
    on: NaiveDate,
    whereabouts: Whereabouts,
) -> Result<(), Error> {
    let home = store::find_household(work, household).await?;
    may_change_household(work, household).await?;
    let leaving = home.members.iter().find(|known| known.id == member).ok_or(Error::NotFound)?;
    if leaving.left_on.is_some() {
        return Err(Error::Conflict(Clash::Stale));
    }
    if on < leaving.joined_on {
        return Err(invalid("left_on", "before_joining"));
    }
    if on > work.today() {
        return Err(invalid("left_on", "in_the_future"));
    }
    writing::take_version(work, household, version).await?;
    writing::end_membership(work, member, on).await?;
    if home.head == Some(leaving.person_id) {
        writing::set_head(work, household, None).await?;
    }
    if whereabouts == Whereabouts::Confidential {
        writing::hide_household(work, leaving.person_id).await?;
    }
    note_household(work, household, leaving.person_id, "left").await
}

/// A present member becomes the head of this version of the household.
pub async fn make_head(work: &mut Work, (household, version): (HouseholdId, i32), person: PersonId) -> Result<(), Error> {
    let home = store::find_household(work, household).await?;
    may_change_household(work, household).await?;
    if !home.present().any(|member| member.person_id == person) {
        return Err(invalid("person_id", "not_a_choice"));
    }
    writing::take_version(work, household, version).await?;
    writing::set_head(work, household, Some(person)).await?;
    note_household(work, household, person, "head").await
}

/// A present member's relationship to the head, as the family says it.
pub async fn relate(
    work: &mut Work,
    (household, version): (HouseholdId, i32),
    member: RowId,
    relationship: &str,
) -> Result<(), Error> {
    let home = store::find_household(work, household).await?;
    may_change_household(work, household).await?;
    let related = home.present().find(|present| present.id == member).ok_or(Error::NotFound)?;
    writing::take_version(work, household, version).await?;
    writing::set_relationship(work, member, relationship).await?;
    note_household(work, household, related.person_id, "related").await
}

async fn note_household(work: &mut Work, household: HouseholdId, person: PersonId, how: &str) -> Result<(), Error> {
    work.record(Fact::HouseholdChanged, About::default().with(household).with(person).note(json!({ "how": how }))).await
}
