//! All SQL of the registry's reading side. Row security decides what exists; nothing here widens it.
use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use crate::access::Act;
use crate::error::Error;
use crate::people::{Contact, ContactEntry, Document, DocumentEntry, Household, Member, Membership, Particulars, Person};
use crate::platform::db::Work;
use crate::platform::ids::{HouseholdId, PersonId, UnitId};

/// The person, if the actor sees them.
pub async fn find(work: &mut Work, id: PersonId) -> Result<Person, Error> {
    several(work, &[id]).await?.pop().ok_or(Error::NotFound)
}

/// The person died, as far as the actor sees them.
pub async fn has_died(work: &mut Work, id: PersonId) -> Result<bool, Error> {
    let died =
        sqlx::query_scalar!(r#"select exists (select from persons where id = $1 and died_on is not null) as "died!""#, id.0);
    Ok(died.fetch_one(work.db()).await?)
}

/// Those of these persons that the actor sees, in no particular order.
pub async fn several(work: &mut Work, ids: &[PersonId]) -> Result<Vec<Person>, Error> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select id as "id: PersonId", code, org, unit, has_case, name, name_latin, sex, gender, born_on, born_estimated, languages,
             disability as "disability: Json<BTreeMap<String, String>>", admin1, admin2, admin3, address, address_confidential,
             phone_confidential, household_confidential, dont_go_alone, contact_restriction, worker_sex, interpreter_sex, version, recorded_at
           from persons where id = any($1)"#,
        &ids
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Person {
            id: row.id,
            code: row.code,
            org: row.org,
            unit: row.unit,
            has_case: row.has_case,
            version: row.version,
            recorded_at: row.recorded_at,
            particulars: Particulars {
                name: row.name,
                name_latin: row.name_latin,
                sex: row.sex,
                gender: row.gender,
                born_on: row.born_on,
                born_estimated: row.born_estimated,
                languages: row.languages,
                difficulties: row.disability.0,
                admin1: row.admin1,
                admin2: row.admin2,
                admin3: row.admin3,
                address: row.address,
                address_confidential: row.address_confidential,
                phone_confidential: row.phone_confidential,
                household_confidential: row.household_confidential,
                dont_go_alone: row.dont_go_alone,
                contact_restriction: row.contact_restriction,
                worker_sex: row.worker_sex,
                interpreter_sex: row.interpreter_sex,
            },
        })
        .collect())
}

/// A person's phones and e-mail addresses, the oldest first.
pub async fn contacts(work: &mut Work, person: PersonId) -> Result<Vec<Contact>, Error> {
    let rows = sqlx::query!(
        "select id, version, channel, value, safe_to_call, safe_to_text, safe_to_email, shared, others, hours, may_say, voicemail, agreed_word, checked_on
         from person_contacts where person_id = $1 order by id",
        person.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Contact {
            id: row.id.into(),
            version: row.version,
            entry: ContactEntry {
                channel: row.channel,
                value: row.value,
                safe_to_call: row.safe_to_call,
                safe_to_text: row.safe_to_text,
                safe_to_email: row.safe_to_email,
                shared: row.shared,
                others: row.others,
                hours: row.hours,
                may_say: row.may_say,
                voicemail: row.voicemail,
                agreed_word: row.agreed_word,
                checked_on: row.checked_on,
            },
        })
        .collect())
}

/// A person's documents, the oldest first.
pub async fn documents(work: &mut Work, person: PersonId) -> Result<Vec<Document>, Error> {
    let rows =
        sqlx::query!("select id, kind, number, expires_on from person_documents where person_id = $1 order by id", person.0)
            .fetch_all(work.db())
            .await?;
    Ok(rows
        .into_iter()
        .map(|row| Document {
            id: row.id.into(),
            entry: DocumentEntry { kind: row.kind, number: row.number, expires_on: row.expires_on },
        })
        .collect())
}

/// The person's households that the actor sees, the present one first.
pub async fn households_of(work: &mut Work, person: PersonId) -> Result<Vec<Membership>, Error> {
    Ok(sqlx::query_as!(
        Membership,
        r#"select m.id as "id: _", m.household_id as "household_id: _", h.code, m.relationship, m.joined_on, m.left_on
           from household_members m join households h on h.id = m.household_id
           where m.person_id = $1 order by m.left_on desc nulls first, m.joined_on desc"#,
        person.0
    )
    .fetch_all(work.db())
    .await?)
}

/// The household the person lives in now, if there is one and the actor sees it.
pub async fn household_of(work: &mut Work, person: PersonId) -> Result<Option<Household>, Error> {
    let memberships = households_of(work, person).await?;
    match memberships.iter().find(|membership| membership.left_on.is_none()) {
        Some(present) => find_household(work, present.household_id).await.map(Some),
        None => Ok(None),
    }
}

/// The household, if the actor sees it, with those of its members whom the actor sees.
pub async fn find_household(work: &mut Work, id: HouseholdId) -> Result<Household, Error> {
    let row =
        sqlx::query!(r#"select code, org, unit, head_id as "head_id: PersonId", version from households where id = $1"#, id.0)
            .fetch_optional(work.db())
            .await?
            .ok_or(Error::NotFound)?;
    // The join is the rule of S12: who does not see the person does not see that they ever lived here.
    let members = sqlx::query_as!(
        Member,
        r#"select m.id as "id: _", m.person_id as "person_id: _", p.name, p.name_latin, p.code, p.sex, p.born_on, p.born_estimated,
             m.relationship, m.joined_on, m.left_on,
             coalesce((select bool_and(t.sensitivity = 'restricted') from case_people cp join case_types t on t.id = cp.case_type
                       where cp.person_id = m.person_id), false) as "restricted_only!"
           from household_members m join persons p on p.id = m.person_id
           where m.household_id = $1
           order by m.left_on desc nulls first, m.person_id is distinct from $2, p.born_on nulls last, m.id"#,
        id.0,
        row.head_id.map(|head| head.0)
    )
    .fetch_all(work.db())
    .await?;
    // Who sees nobody of a household sees no household (S12).
    if members.is_empty() {
        return Err(Error::NotFound);
    }
    let head = row.head_id.filter(|head| members.iter().any(|member| member.person_id == *head));
    Ok(Household { id, code: row.code, org: row.org, unit: row.unit, head, members, version: row.version })
}

/// How many live in the household of each of these persons now, of those whom the actor sees (S12); whoever lives in none is not among them.
pub async fn homes(work: &mut Work, ids: &[PersonId]) -> Result<BTreeMap<PersonId, i64>, Error> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select distinct on (m.person_id) m.person_id as "person: PersonId",
             (select count(*) from household_members o join persons p on p.id = o.person_id
               where o.household_id = m.household_id and o.left_on is null) as "size!"
           from household_members m join households h on h.id = m.household_id
           where m.person_id = any($1) and m.left_on is null order by m.person_id, m.joined_on desc"#,
        &ids
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.person, row.size)).collect())
}

/// The actor's own units with their names.
pub async fn own_units(work: &mut Work) -> Result<Vec<(UnitId, String)>, Error> {
    let units = work.standing.units.clone();
    let rows = sqlx::query!("select id, name from units where id = any($1) and active order by name", &units)
        .fetch_all(work.db())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Whom the actor's own units registered lately and nobody has opened a case for, the newest first.
pub async fn recent(work: &mut Work) -> Result<Vec<Person>, Error> {
    let units = work.standing.units.clone();
    let ids: Vec<PersonId> = sqlx::query_scalar!(
        r#"select id as "id: PersonId" from persons where unit = any($1) and not has_case order by recorded_at desc limit 10"#,
        &units
    )
    .fetch_all(work.db())
    .await?;
    let mut persons = several(work, &ids).await?;
    persons.sort_by_key(|person| std::cmp::Reverse(person.recorded_at));
    Ok(persons)
}

/// Those of these persons whom the actor sees through restricted cases alone: lists show their code, not their name (S13).
pub async fn known_only_as_restricted(work: &mut Work, ids: &[uuid::Uuid]) -> Result<HashSet<PersonId>, Error> {
    let rows = sqlx::query_scalar!(
        r#"select cp.person_id as "id: PersonId" from case_people cp join case_types t on t.id = cp.case_type
           where cp.person_id = any($1) group by cp.person_id having bool_and(t.sensitivity = 'restricted')"#,
        ids
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().collect())
}

/// A case or referral of a person, as their page lists it.
#[derive(Debug)]
pub struct Linked {
    /// The id.
    pub id: uuid::Uuid,
    /// The code; no list shows more (S13).
    pub code: String,
    /// Code of the state.
    pub state: String,
    /// When it began.
    pub at: DateTime<Utc>,
}

/// The person's cases that the actor sees, the newest first.
pub async fn cases_of(work: &mut Work, person: PersonId) -> Result<Vec<Linked>, Error> {
    Ok(sqlx::query_as!(
        Linked,
        r#"select c.id, c.code, case when c.closed_at is null then 'open' else 'closed' end as "state!", c.opened_at as at
           from case_people cp join cases c on c.id = cp.case_id where cp.person_id = $1 order by c.opened_at desc limit 50"#,
        person.0
    )
    .fetch_all(work.db())
    .await?)
}

/// The person's referrals that the actor sees, the newest first.
pub async fn referrals_of(work: &mut Work, person: PersonId) -> Result<Vec<Linked>, Error> {
    Ok(sqlx::query_as!(
        Linked,
        r#"select r.id, r.code, r.status as state, coalesce(r.requested_at, r.recorded_at) as "at!"
           from referral_people rp join referrals r on r.id = rp.referral_id where rp.person_id = $1 order by 4 desc limit 50"#,
        person.0
    )
    .fetch_all(work.db())
    .await?)
}

/// Whether this right of the actor reaches the person; jobs and the operator, who hold every right, are not asked.
pub async fn may_change(work: &mut Work, act: Act, id: PersonId) -> Result<bool, Error> {
    if work.me().is_err() {
        return Ok(true);
    }
    let may = sqlx::query_scalar!(r#"select access.may_change_person($1, $2) as "may!""#, act.code(), id.0);
    Ok(may.fetch_one(work.db()).await?)
}

/// The same for a household.
pub async fn may_change_household(work: &mut Work, act: Act, id: HouseholdId) -> Result<bool, Error> {
    if work.me().is_err() {
        return Ok(true);
    }
    let may = sqlx::query_scalar!(r#"select access.may_change_household($1, $2) as "may!""#, act.code(), id.0);
    Ok(may.fetch_one(work.db()).await?)
}
