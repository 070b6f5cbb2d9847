//! What the registry knows of everyone on a case: its person, its people, the members of its household. Row security decides.
use super::Known;
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::CaseId;

/// Refuses words that tell who is meant of those on this case.
pub async fn names_nobody(work: &mut Work, case: CaseId, words: &str, field: &'static str) -> Result<(), Error> {
    let known = known(work, case).await?;
    if super::find(words, &known).is_empty() { Ok(()) } else { Err(invalid(field, "names_somebody")) }
}

/// What the registry knows of everyone on this case, as far as the actor sees it.
pub async fn known(work: &mut Work, case: CaseId) -> Result<Known, Error> {
    let people = people(work, case).await?;
    let mut known = Known::default();
    let rows = sqlx::query!("select name, name_latin, born_on, address from persons where id = any($1) order by id", &people)
        .fetch_all(work.db())
        .await?;
    for row in rows {
        known.names.extend([row.name, row.name_latin].into_iter().filter(|name| !name.trim().is_empty()));
        known.births.extend(row.born_on);
        if !row.address.trim().is_empty() {
            known.addresses.push(row.address);
        }
    }
    let rows = sqlx::query!("select channel, value from person_contacts where person_id = any($1) order by id", &people)
        .fetch_all(work.db())
        .await?;
    for row in rows {
        if row.channel == "email" { known.emails.push(row.value) } else { known.phones.push(row.value) }
    }
    let rows = sqlx::query!("select number from person_documents where person_id = any($1) order by id", &people)
        .fetch_all(work.db())
        .await?;
    known.documents.extend(rows.into_iter().map(|row| row.number));
    Ok(known)
}

async fn people(work: &mut Work, case: CaseId) -> Result<Vec<uuid::Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        r#"select person_id as "id!" from cases where id = $1
           union select person_id from case_people where case_id = $1
           union select given_by_person from consents where case_id = $1 and given_by_person is not null
           union select m.person_id from cases c join household_members m on m.household_id = c.household_id where c.id = $1"#,
        case.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(ids)
}
