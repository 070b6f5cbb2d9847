//! All SQL of the registry's writing side. Ids come from the program; row security checks each row again.
use chrono::NaiveDate;

use crate::error::{Clash, Error};
use crate::people::{ContactEntry, DocumentEntry, Particulars, names};
use crate::platform::db::Work;
use crate::platform::ids::{HouseholdId, PersonId, RowId, UnitId, codes, no_code_free};

/// Stores a new person. Scope and organisation are set by trigger.
pub(super) async fn insert(work: &mut Work, unit: UnitId, p: &Particulars) -> Result<PersonId, Error> {
    let (id, now) = (PersonId::new(), work.now());
    for code in codes('P') {
        let stored = sqlx::query!(
        "insert into persons (id, code, org, unit, name, name_latin, sex, gender, born_on, born_estimated, languages, disability, admin1, admin2, admin3,
           address, address_confidential, phone_confidential, household_confidential, dont_go_alone, contact_restriction, recorded_at, worker_sex,
           interpreter_sex)
         select $1, $2, u.org, u.id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23 from units u where u.id = $3
         on conflict do nothing",
        id.0,
        code,
        unit,
        p.name,
        p.name_latin,
        p.sex,
        p.gender,
        p.born_on,
        p.born_estimated,
        &p.languages,
        serde_json::json!(p.difficulties),
        p.admin1,
        p.admin2,
        p.admin3,
        p.address,
        p.address_confidential,
        p.phone_confidential,
        p.household_confidential,
        p.dont_go_alone,
        p.contact_restriction,
        now,
        p.worker_sex,
        p.interpreter_sex
    );
        if stored.execute(work.db()).await?.rows_affected() == 1 {
            return Ok(id);
        }
    }
    Err(no_code_free('P'))
}

/// Stores a person's particulars over this version.
pub(super) async fn save(work: &mut Work, id: PersonId, version: i32, p: &Particulars) -> Result<(), Error> {
    let saved = sqlx::query!(
        "update persons set name = $3, name_latin = $4, sex = $5, gender = $6, born_on = $7, born_estimated = $8, languages = $9, disability = $10,
           admin1 = $11, admin2 = $12, admin3 = $13, address = $14, address_confidential = $15, phone_confidential = $16,
           household_confidential = $17, dont_go_alone = $18, contact_restriction = $19, worker_sex = $20, interpreter_sex = $21, version = version + 1
         where id = $1 and version = $2",
        id.0,
        version,
        p.name,
        p.name_latin,
        p.sex,
        p.gender,
        p.born_on,
        p.born_estimated,
        &p.languages,
        serde_json::json!(p.difficulties),
        p.admin1,
        p.admin2,
        p.admin3,
        p.address,
        p.address_confidential,
        p.phone_confidential,
        p.household_confidential,
        p.dont_go_alone,
        p.contact_restriction,
        p.worker_sex,
        p.interpreter_sex
    )
    .execute(work.db())
    .await?;
    if saved.rows_affected() == 1 { Ok(()) } else { Err(Error::Conflict(Clash::Stale)) }
}

/// Writes the search keys anew, under the clearance the person's cases ask for.
pub(super) async fn set_keys(work: &mut Work, id: PersonId, keys: &[String]) -> Result<(), Error> {
    sqlx::query!("select access.set_person_keys($1, $2)", id.0, keys).fetch_one(work.db()).await?;
    Ok(())
}

/// Stores a phone or e-mail address.
pub(super) async fn insert_contact(work: &mut Work, person: PersonId, c: &ContactEntry) -> Result<RowId, Error> {
    let row = RowId::new();
    put_contact(work, person, row, 1, c).await?;
    Ok(row)
}

/// Stores a contact in the place of this version of it.
pub(super) async fn save_contact(
    work: &mut Work,
    person: PersonId,
    row: RowId,
    version: i32,
    c: &ContactEntry,
) -> Result<(), Error> {
    delete_contact(work, person, row, version).await?;
    put_contact(work, person, row, version + 1, c).await
}

async fn put_contact(work: &mut Work, person: PersonId, row: RowId, version: i32, c: &ContactEntry) -> Result<(), Error> {
    sqlx::query!(
        "insert into person_contacts (id, person_id, version, channel, value, value_key, safe_to_call, safe_to_text, safe_to_email, shared, others, hours,
           may_say, voicemail, agreed_word, checked_on) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        row.0,
        person.0,
        version,
        c.channel,
        c.value,
        c.key(),
        c.safe_to_call,
        c.safe_to_text,
        c.safe_to_email,
        c.shared,
        c.others,
        c.hours,
        c.may_say,
        c.voicemail,
        c.agreed_word,
        c.checked_on
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// Removes this version of a contact; what has moved on stays.
pub(super) async fn delete_contact(work: &mut Work, person: PersonId, row: RowId, version: i32) -> Result<(), Error> {
    let gone =
        sqlx::query!("delete from person_contacts where id = $1 and person_id = $2 and version = $3", row.0, person.0, version)
            .execute(work.db())
            .await?;
    if gone.rows_affected() == 1 {
        return Ok(());
    }
    let there = sqlx::query_scalar!("select version from person_contacts where id = $1 and person_id = $2", row.0, person.0);
    let there = there.fetch_optional(work.db()).await?;
    Err(if there.is_some() { Error::Conflict(Clash::Stale) } else { Error::NotFound })
}

/// Stores a document.
pub(super) async fn insert_document(work: &mut Work, person: PersonId, document: &DocumentEntry) -> Result<(), Error> {
    sqlx::query!(
        "insert into person_documents (id, person_id, kind, number, number_key, expires_on) values ($1, $2, $3, $4, $5, $6)",
        RowId::new().0,
        person.0,
        document.kind,
        document.number,
        names::document_key(&document.number),
        document.expires_on
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// Removes a document.
pub(super) async fn delete_document(work: &mut Work, person: PersonId, row: RowId) -> Result<(), Error> {
    let gone = sqlx::query!("delete from person_documents where id = $1 and person_id = $2", row.0, person.0).execute(work.db());
    found(gone.await?.rows_affected())
}

/// Stores a new household.
pub(super) async fn insert_household(work: &mut Work, unit: UnitId, head: PersonId) -> Result<HouseholdId, Error> {
    let (id, now) = (HouseholdId::new(), work.now());
    for code in codes('H') {
        let stored = sqlx::query!(
            "insert into households (id, code, org, unit, head_id, recorded_at) select $1, $2, u.org, u.id, $4, $5 from units u where u.id = $3
             on conflict do nothing",
            id.0,
            code,
            unit,
            head.0,
            now
        );
        if stored.execute(work.db()).await?.rows_affected() == 1 {
            return Ok(id);
        }
    }
    Err(no_code_free('H'))
}

/// Takes the household's next version, if nobody took it since this one was read.
pub(super) async fn take_version(work: &mut Work, household: HouseholdId, version: i32) -> Result<(), Error> {
    let taken = sqlx::query!("update households set version = version + 1 where id = $1 and version = $2", household.0, version)
        .execute(work.db())
        .await?;
    if taken.rows_affected() == 1 { Ok(()) } else { Err(Error::Conflict(Clash::Stale)) }
}

/// Stores a new member.
pub(super) async fn insert_member(
    work: &mut Work,
    household: HouseholdId,
    person: PersonId,
    relationship: &str,
    on: NaiveDate,
) -> Result<(), Error> {
    sqlx::query!(
        "insert into household_members (id, household_id, person_id, relationship, joined_on) values ($1, $2, $3, $4, $5)",
        RowId::new().0,
        household.0,
        person.0,
        relationship,
        on
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// Ends the person's time in every other household that the actor sees.
pub(super) async fn leave_others(work: &mut Work, household: HouseholdId, person: PersonId, on: NaiveDate) -> Result<(), Error> {
    sqlx::query!(
        "update households set version = version + 1
         where id <> $2 and id in (select household_id from household_members where person_id = $1 and left_on is null)",
        person.0,
        household.0
    )
    .execute(work.db())
    .await?;
    sqlx::query!(
        "update household_members set left_on = greatest(joined_on, $3) where person_id = $1 and household_id <> $2 and left_on is null",
        person.0,
        household.0,
        on
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// Ends a membership.
pub(super) async fn end_membership(work: &mut Work, member: RowId, on: NaiveDate) -> Result<(), Error> {
    let ended = sqlx::query!("update household_members set left_on = $2 where id = $1 and left_on is null", member.0, on);
    found(ended.execute(work.db()).await?.rows_affected())
}

/// Says what a member is to the head.
pub(super) async fn set_relationship(work: &mut Work, member: RowId, relationship: &str) -> Result<(), Error> {
    let set = sqlx::query!("update household_members set relationship = $2 where id = $1", member.0, relationship);
    found(set.execute(work.db()).await?.rows_affected())
}

/// Sets or clears the head. What the others are to the new head is for the family to say; the old head is a relative until then.
pub(super) async fn set_head(work: &mut Work, household: HouseholdId, head: Option<PersonId>) -> Result<(), Error> {
    sqlx::query!("update households set head_id = $2 where id = $1", household.0, head.map(|head| head.0))
        .execute(work.db())
        .await?;
    if let Some(head) = head {
        sqlx::query!(
            "update household_members set relationship = case when person_id = $2 then 'head' else 'other_relative' end
             where household_id = $1 and left_on is null and (person_id = $2 or relationship = 'head')",
            household.0,
            head.0
        )
        .execute(work.db())
        .await?;
    }
    Ok(())
}

/// From now on the person's household is confidential.
pub(super) async fn hide_household(work: &mut Work, person: PersonId) -> Result<(), Error> {
    let hidden = sqlx::query!("update persons set household_confidential = true, version = version + 1 where id = $1", person.0);
    found(hidden.execute(work.db()).await?.rows_affected())
}

fn found(rows: u64) -> Result<(), Error> {
    if rows == 1 { Ok(()) } else { Err(Error::NotFound) }
}
