//! Name and date of birth say who somebody is: of a person who is registered, two change them (ADR 0015). One alone fills in what is empty, puts
//! right within a day what they registered themselves, and mends, where the packs let them, how a name is spelt.
use chrono::{NaiveDate, TimeDelta};

use super::names;
use super::person::{Particulars, Person};
use crate::error::Error;
use crate::packs;
use crate::platform::db::Work;

const FIELDS: &[&str] = &["name", "name_latin", "born_on"];
const OWN_FOR: TimeDelta = TimeDelta::hours(24);

/// Whether the actor needs a second person for what says who this is.
pub async fn applies(work: &mut Work, person: &Person) -> Result<bool, Error> {
    let (me, since) = (work.me()?, work.now() - OWN_FOR);
    let own = sqlx::query_scalar!(
        r#"select exists (select from persons where id = $1 and registered_by = $2 and recorded_at > $3) as "own!""#,
        person.id.0,
        me.0,
        since
    );
    Ok(!own.fetch_one(work.db()).await?)
}

/// The fields among those that differ which the actor may not change alone.
pub(super) async fn guarded(work: &mut Work, person: &Person, right: &Particulars) -> Result<Vec<&'static str>, Error> {
    let stands = &person.particulars;
    let mut guarded: Vec<_> = FIELDS
        .iter()
        .copied()
        .filter(|field| !said(stands, field).is_empty() && said(stands, field) != said(right, field))
        .collect();
    if guarded.is_empty() || !applies(work, person).await? {
        return Ok(Vec::new());
    }
    let mends = |field: &str| match field {
        "name" => names::is_mend(&stands.name, &right.name),
        "name_latin" => names::is_mend(&stands.name_latin, &right.name_latin),
        _ => false,
    };
    if guarded.iter().any(|field| mends(field)) && packs_let_mend(work).await? {
        guarded.retain(|field| !mends(field));
    }
    Ok(guarded)
}

// Every pack whose types the actor works with; which cases this person has makes no difference (S11).
async fn packs_let_mend(work: &mut Work) -> Result<bool, Error> {
    let types = sqlx::query_scalar!("select access.my_types() as \"types!\"").fetch_one(work.db()).await?;
    let packs = packs::store::for_types(work, &types).await?;
    Ok(!packs.is_empty() && packs.iter().all(|(pack, _)| pack.supervision.mends_spelling))
}

/// What stands in a field that a correction can name, as it is proposed; empty for nothing.
pub(super) fn said(stands: &Particulars, field: &str) -> String {
    match field {
        "name" => stands.name.clone(),
        "name_latin" => stands.name_latin.clone(),
        "sex" => stands.sex.clone().unwrap_or_default(),
        "born_on" => stands.born_on.map(|day| said_born(day, stands.born_estimated)).unwrap_or_default(),
        "admin1" => stands.admin1.clone(),
        "admin2" => stands.admin2.clone(),
        "admin3" => stands.admin3.clone(),
        "address" => stands.address.clone(),
        _ => String::new(),
    }
}

// Behind a date that was estimated stands `~`, as in ISO 8601-2.
const ABOUT: char = '~';

/// A date of birth as it is proposed: what is estimated says so.
pub(super) fn said_born(day: NaiveDate, estimated: bool) -> String {
    if estimated { format!("{day}{ABOUT}") } else { day.to_string() }
}

/// The date of birth that was said so, and whether it is estimated.
pub(super) fn read_born(said: &str) -> Option<(NaiveDate, bool)> {
    let exact = said.strip_suffix(ABOUT);
    Some((exact.unwrap_or(said).parse().ok()?, exact.is_some()))
}

/// These particulars with what two must change as it stands.
pub(super) fn without(right: &Particulars, guarded: &[&str], stands: &Particulars) -> Particulars {
    let mut alone = right.clone();
    for field in guarded {
        match *field {
            "name" => alone.name.clone_from(&stands.name),
            "name_latin" => alone.name_latin.clone_from(&stands.name_latin),
            _ => (alone.born_on, alone.born_estimated) = (stands.born_on, stands.born_estimated),
        }
    }
    alone
}
