//! Corrections by two: whoever sees a person proposes what is right, and another, never the same, who may change the person accepts it or
//! returns it. What was proposed and answered is kept as it was.
use chrono::{DateTime, Utc};

use super::person::{Particulars, SEXES};
use super::{Listed, READ, actions, by_two, check, second, store};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, FieldErrors, OnConstraint, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, RowId, UserId};
use crate::tasks;

/// What may be proposed.
pub const FIELDS: &[&str] = &["name", "name_latin", "sex", "born_on", "admin1", "admin2", "admin3", "address"];
/// The longest value, reason or remark, in characters.
pub const LONGEST: usize = 400;

/// A proposal, with its answer where there is one.
#[derive(Debug, Clone)]
pub struct Correction {
    /// Its id.
    pub id: RowId,
    /// Whose datum.
    pub person_id: PersonId,
    /// That person's code.
    pub person_code: String,
    /// One of [`FIELDS`].
    pub field: String,
    /// What stood when it was proposed.
    pub was: String,
    /// What would be right.
    pub value: String,
    /// How that is known.
    pub reason: String,
    /// Who proposes it.
    pub author: UserId,
    /// Their name then.
    pub author_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Accepted or returned; not answered yet when `None`.
    pub accepted: Option<bool>,
    /// What whoever answered says.
    pub remark: String,
    /// Who answered.
    pub answered_by_name: String,
    /// When.
    pub answered_at: Option<DateTime<Utc>>,
}

/// Proposes that one datum of a person is corrected.
pub async fn propose(work: &mut Work, id: PersonId, (field, value, reason): (&str, &str, &str)) -> Result<RowId, Error> {
    let person = store::find(work, id).await?;
    work.may(Act::CaseRead)?;
    let (value, reason) = (value.trim(), reason.trim());
    let mut errors = FieldErrors::default();
    for (name, text) in [("value", value), ("reason", reason)] {
        if text.is_empty() {
            errors.add(name, "required");
        } else if text.chars().count() > LONGEST {
            errors.add(name, "too_long");
        }
    }
    match corrected(&person.particulars, field, value) {
        Ok(right) if person.particulars.differing(&right).is_empty() => errors.add("value", "nothing_new"),
        Ok(right) => {
            if let Some(code) = check::particulars(&right, work.today()).get(field) {
                errors.add("value", code);
            }
        }
        Err(code) => errors.add(if code == "not_a_choice" && !FIELDS.contains(&field) { "field" } else { "value" }, code),
    }
    errors.or_ok()?;
    let (row, me, now, name) = (RowId::new(), work.me()?, work.now(), work.standing.name.clone());
    let was = by_two::said(&person.particulars, field);
    sqlx::query!(
        "insert into person_corrections (id, person_id, field, value, reason, author, author_name, recorded_at, was) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        row.0,
        id.0,
        field,
        value,
        reason,
        me.0,
        name,
        now,
        was
    )
    .execute(work.db())
    .await?;
    work.record(Fact::CorrectionProposed, about(id, row, field)).await?;
    second::ask(work, second::CORRECTION, &person, row).await?;
    Ok(row)
}

/// Changes a person's particulars. What two must change is proposed instead, with how it is known; answers which fields wait for a second person.
pub async fn edit(
    work: &mut Work,
    id: PersonId,
    version: i32,
    (right, reason): (&Particulars, &str),
) -> Result<Vec<&'static str>, Error> {
    actions::may_change(work, id).await?;
    let person = store::find(work, id).await?;
    let guarded = by_two::guarded(work, &person, right).await?;
    if guarded.is_empty() || person.version != version {
        actions::edit(work, id, version, right).await?;
        return Ok(guarded);
    }
    let mut errors = check::particulars(right, work.today());
    for field in guarded.iter().filter(|field| by_two::said(right, field).is_empty()) {
        errors.add(field, "corrected_not_taken");
    }
    if reason.trim().is_empty() {
        errors.add("reason", "by_two_reason");
    }
    errors.or_ok()?;
    actions::put_right(work, id, version, &by_two::without(right, &guarded, &person.particulars)).await?;
    for field in &guarded {
        let value = by_two::said(right, field);
        if !waits(work, id, (field, &value)).await? {
            propose(work, id, (field, &value, reason)).await?;
        }
    }
    Ok(guarded)
}

async fn waits(work: &mut Work, id: PersonId, (field, value): (&str, &str)) -> Result<bool, Error> {
    let known = of_person(work, id).await?;
    Ok(known.items.iter().any(|one| one.accepted.is_none() && one.field == field && one.value == value))
}

/// The answer to a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is right; the person is changed.
    Accept,
    /// It is not; somebody says why.
    Return,
}

/// Accepts a proposal, which changes this version of the person, or returns it with a remark; never one's own.
pub async fn answer(
    work: &mut Work,
    (id, version): (PersonId, i32),
    row: RowId,
    (answer, remark): (Answer, &str),
) -> Result<(), Error> {
    let person = store::find(work, id).await?;
    let found = find(work, id, row).await?;
    actions::may_change(work, id).await?;
    if found.author == work.me()? {
        return Err(Error::Conflict(Clash::State { state: "open".to_owned(), code: "own_correction" }));
    }
    if found.accepted.is_some() {
        return Err(Error::Conflict(Clash::Stale));
    }
    let remark = remark.trim();
    if answer == Answer::Return && remark.is_empty() {
        return Err(invalid("remark", "required"));
    }
    if remark.chars().count() > LONGEST {
        return Err(invalid("remark", "too_long"));
    }
    if answer == Answer::Accept {
        let right = corrected(&person.particulars, &found.field, &found.value).map_err(|code| invalid("value", code))?;
        actions::put_right(work, id, version, &right).await?;
    }
    let (me, now, name) = (work.me()?, work.now(), work.standing.name.clone());
    sqlx::query!(
        "insert into person_correction_answers (id, correction_id, accepted, remark, author, author_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7)",
        RowId::new().0,
        row.0,
        answer == Answer::Accept,
        remark,
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await
    .on_constraint("person_correction_answers_once_key", || Error::Conflict(Clash::Stale))?;
    // Whoever proposed it hears of it.
    work.record(Fact::CorrectionAnswered, about(id, row, &found.field).with(found.author)).await?;
    tasks::actions::end_answered(work, row).await
}

fn about(person: PersonId, row: RowId, field: &str) -> About {
    About { fields: vec![field.to_owned()], ..About::default() }.with(person).with(row)
}

// The particulars with this one datum put right.
fn corrected(stands: &Particulars, field: &str, value: &str) -> Result<Particulars, &'static str> {
    let mut right = stands.clone();
    match field {
        "name" => value.clone_into(&mut right.name),
        "name_latin" => value.clone_into(&mut right.name_latin),
        "sex" if SEXES.contains(&value) => right.sex = Some(value.to_owned()),
        "born_on" => {
            let (day, estimated) = by_two::read_born(value).ok_or("not_a_date")?;
            (right.born_on, right.born_estimated) = (Some(day), estimated);
        }
        "admin1" => value.clone_into(&mut right.admin1),
        "admin2" => value.clone_into(&mut right.admin2),
        "admin3" => value.clone_into(&mut right.admin3),
        "address" => value.clone_into(&mut right.address),
        _ => return Err("not_a_choice"),
    }
    Ok(right)
}

/// What was proposed for a person, what waits first and then the latest; of very many the first.
pub async fn of_person(work: &mut Work, id: PersonId) -> Result<Listed<Correction>, Error> {
    list(work, Some(id), None).await.map(Listed::of)
}

/// What waits for an answer, of the persons whom the reader sees: the oldest first; of very many the first.
pub async fn waiting(work: &mut Work) -> Result<Listed<Correction>, Error> {
    list(work, None, None).await.map(Listed::of)
}

/// What the actor proposed and somebody else answered since then, of the persons whom they still see: the latest first; of very many the first.
pub async fn answered(work: &mut Work, since: DateTime<Utc>) -> Result<Vec<Correction>, Error> {
    let me = work.me()?;
    let found = sqlx::query_as!(
        Correction,
        r#"select c.id as "id: RowId", c.person_id as "person_id: PersonId", p.code as person_code, c.field, c.was, c.value, c.reason, c.author as "author: UserId", c.author_name,
             c.recorded_at, a.accepted as "accepted?", a.remark as "remark!", a.author_name as "answered_by_name!", a.recorded_at as "answered_at?"
           from person_corrections c join persons p on p.id = c.person_id join person_correction_answers a on a.correction_id = c.id
           where c.author = $1 and a.recorded_at > $2 order by a.recorded_at desc, c.id limit $3"#,
        me.0,
        since,
        READ
    );
    Ok(found.fetch_all(work.db()).await?)
}

async fn find(work: &mut Work, person: PersonId, id: RowId) -> Result<Correction, Error> {
    list(work, Some(person), Some(id)).await?.pop().ok_or(Error::NotFound)
}

async fn list(work: &mut Work, person: Option<PersonId>, only: Option<RowId>) -> Result<Vec<Correction>, Error> {
    let found = sqlx::query_as!(
        Correction,
        r#"select c.id as "id: RowId", c.person_id as "person_id: PersonId", p.code as person_code, c.field, c.was, c.value, c.reason, c.author as "author: UserId", c.author_name,
             c.recorded_at, a.accepted as "accepted?", coalesce(a.remark, '') as "remark!", coalesce(a.author_name, '') as "answered_by_name!", a.recorded_at as "answered_at?"
           from person_corrections c join persons p on p.id = c.person_id left join person_correction_answers a on a.correction_id = c.id
           where (($1::uuid is null and a.id is null) or c.person_id = $1) and ($2::uuid is null or c.id = $2)
           order by case when $1::uuid is null then c.recorded_at end, a.id is not null, c.recorded_at desc, c.id limit $3"#,
        person.map(|id| id.0),
        only.map(|id| id.0),
        READ
    );
    Ok(found.fetch_all(work.db()).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_datum_is_put_right_and_nothing_else() {
        let stands = Particulars { name: "Dana".into(), born_estimated: true, ..Particulars::default() };
        let right = corrected(&stands, "born_on", "1990-05-01").expect("a date");
        assert_eq!(stands.differing(&right), ["born_on"]);
        assert!(!right.born_estimated);
        assert!(corrected(&stands, "born_on", "1962-01-01~").expect("a date").born_estimated);
        assert_eq!(corrected(&stands, "born_on", "in May"), Err("not_a_date"));
        assert_eq!(corrected(&stands, "sex", "tall"), Err("not_a_choice"));
        assert_eq!(corrected(&stands, "version", "7"), Err("not_a_choice"));
    }
}
