//! Is this person known? By name in any script, order and usual spelling, by document, phone, e-mail, or a code typed exactly.
//!
//! What the actor may not open is a masked hit: first letters, year of birth, and the general desk of the organisation to ask, never a unit or
//! a kind of case. Persons known only through restricted cases are found by nobody else, by whatever key, nor looked for (S11).
use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::Datelike;
use serde_json::json;

use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::people::{ContactEntry, DocumentEntry, Particulars, Person, merge_store, names, store};
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, PersonId, read_code};
use crate::web::form::digits;

/// At least this alike is worth showing.
const ALIKE: f64 = 0.8;
/// The same where only one word was typed.
const ALIKE_ONE_WORD: f64 = 0.6;
/// At least this alike is likely the same person.
const LIKELY: f64 = 0.93;
/// The very same name.
const EXACT: f64 = 0.999;
/// So many years wrong is a guessed age at most.
const GUESSED: i32 = 20;
/// More look-alikes than this help nobody to decide.
const MOST_LIKELY: usize = 8;
/// A single word that finds this many asks for a second one.
const COMMON: usize = 100;
/// No list of hits is longer.
const MOST_HITS: usize = 25;
/// Digits from which a number may be somebody's phone.
const SHORTEST_PHONE: usize = 6;

/// Somebody who may be the person looked for.
#[derive(Debug)]
pub struct Hit {
    /// How alike, 0 to 1.
    pub score: f64,
    /// Codes of what matches: `name`, `document`, `phone`, `email`.
    pub why: Vec<&'static str>,
    /// Who it is, as far as the actor may know.
    pub who: Who,
}

/// Who a hit is, as far as the actor may know.
#[derive(Debug)]
pub enum Who {
    /// The actor may open the person.
    Seen(Box<Person>),
    /// The actor may ask the organisation.
    Masked {
        /// First letters only.
        name: String,
        /// Year of birth.
        born_in: Option<i32>,
        /// The organisation that knows the person.
        org: String,
        /// Its general desk.
        desk: String,
        /// For the program alone; no page and no call shows it.
        key: Key,
    },
}

/// Whom a masked hit hides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The person.
    pub person: PersonId,
    /// The organisation that registered them.
    pub org: OrgId,
}

/// What a search found.
#[derive(Debug, Default)]
pub struct Found {
    /// The best first.
    pub hits: Vec<Hit>,
    /// The one word typed is too common: a second is needed.
    pub common: bool,
}

/// What was typed, as keys to look for.
#[derive(Debug, Default)]
struct Wanted {
    name: String,
    numbers: Vec<String>,
}

/// Searches the registry. Every search is a fact without what was typed.
pub async fn search(work: &mut Work, typed: &str) -> Result<Found, Error> {
    work.may(Act::CaseRead)?;
    let wanted = wanted(typed);
    let found = look_for(work, &wanted).await?;
    let seen = found.hits.iter().filter_map(|hit| match &hit.who {
        Who::Seen(person) => Some(person.id.0),
        Who::Masked { .. } => None,
    });
    let note = json!({ "by_name": !wanted.name.is_empty(), "by_number": !wanted.numbers.is_empty(), "hits": found.hits.len() });
    work.record(Fact::Searched, About::subjects(seen).note(note)).await?;
    Ok(found)
}

/// Visible persons who are likely the one about to be registered.
pub async fn likely_same(
    work: &mut Work,
    particulars: &Particulars,
    contacts: &[ContactEntry],
    documents: &[DocumentEntry],
) -> Result<Vec<Person>, Error> {
    Ok(alike(work, particulars, contacts, documents).await?.0)
}

/// The same, and beside them those whom the actor may not open, masked as a search masks them.
pub async fn alike(
    work: &mut Work,
    particulars: &Particulars,
    contacts: &[ContactEntry],
    documents: &[DocumentEntry],
) -> Result<(Vec<Person>, Vec<Who>), Error> {
    let mut numbers: Vec<String> =
        documents.iter().map(|document| format!("d:{}", names::document_key(&document.number))).collect();
    numbers.extend(contacts.iter().flat_map(wanted_of));
    let mut found = look_for(work, &Wanted { name: particulars.name.clone(), numbers: numbers.clone() }).await?.hits;
    if !particulars.name_latin.is_empty() {
        found.extend(look_for(work, &Wanted { name: particulars.name_latin.clone(), numbers: Vec::new() }).await?.hits);
    }
    let (mut likely, mut elsewhere): (Vec<Person>, Vec<Who>) = (Vec::new(), Vec::new());
    for hit in found {
        let by_number = hit.why.iter().any(|why| *why != "name");
        let born_in = match &hit.who {
            Who::Seen(person) => person.born_on.map(|day| day.year()),
            Who::Masked { born_in, .. } => *born_in,
        };
        // Two of one name born years apart are two persons, unless somebody guessed the age.
        let years_apart = born_in.zip(particulars.born_on).map_or(0, |(one, other)| (one - other.year()).abs());
        let guessed = particulars.born_estimated || matches!(&hit.who, Who::Seen(person) if person.born_estimated);
        let may_be_older = guessed && hit.score >= EXACT && years_apart <= GUESSED;
        if !by_number && (hit.score < LIKELY || (years_apart > 3 && !may_be_older)) {
            continue;
        }
        match hit.who {
            Who::Seen(person) if likely.iter().any(|other| other.id == person.id) => {}
            Who::Seen(person) => likely.push(*person),
            masked @ Who::Masked { .. } => elsewhere.push(masked),
        }
    }
    likely.truncate(MOST_LIKELY);
    elsewhere.truncate(MOST_LIKELY);
    Ok((likely, elsewhere))
}

/// Visible persons other than this one who are likely the same, and of whom nobody said that they are not.
pub async fn duplicates_of(work: &mut Work, person: &Person) -> Result<Vec<Person>, Error> {
    let contacts: Vec<_> = store::contacts(work, person.id).await?.into_iter().map(|contact| contact.entry).collect();
    let documents: Vec<_> = store::documents(work, person.id).await?.into_iter().map(|document| document.entry).collect();
    // A shared phone makes two people one household, not one person.
    let own: Vec<_> = contacts.into_iter().filter(|contact| !contact.shared).collect();
    let mut likely = likely_same(work, &person.particulars, &own, &documents).await?;
    let apart = merge_store::kept_apart_from(work, person.id).await?;
    likely.retain(|other| other.id != person.id && !apart.contains(&other.id));
    Ok(likely)
}

/// Where a code typed exactly leads, if it leads anywhere for this actor.
pub async fn jump(work: &mut Work, typed: &str) -> Result<Option<String>, Error> {
    if let Some(code) = read_code('C', typed) {
        let id = sqlx::query_scalar!("select id from cases where code = $1", code).fetch_optional(work.db()).await?;
        // A case that went elsewhere leads to where it is asked for now.
        let gone =
            sqlx::query_scalar!("select case_code from access.receipt_of($1, 'en')", code).fetch_optional(work.db()).await?;
        return Ok(id.map(|id| format!("/cases/{id}")).or_else(|| gone.map(|_| format!("/transfers/receipts?code={code}"))));
    }
    if let Some(code) = read_code('R', typed) {
        let id = sqlx::query_scalar!("select id from referrals where code = $1", code).fetch_optional(work.db()).await?;
        return Ok(id.map(|id| format!("/referrals/{id}")));
    }
    if let Some(code) = read_code('P', typed) {
        let id = sqlx::query_scalar!("select id from persons where code = $1", code).fetch_optional(work.db()).await?;
        if let Some(id) = id {
            return Ok(Some(format!("/people/{id}")));
        }
        return Ok(merge_store::joined_into_by_code(work, &code).await?.map(|id| format!("/people/{id}")));
    }
    if let Some(code) = read_code('H', typed) {
        let id = sqlx::query_scalar!("select id from households where code = $1", code).fetch_optional(work.db()).await?;
        return Ok(id.map(|id| format!("/households/{id}")));
    }
    Ok(None)
}

/// The keys under which a person is found: `n:` a part of the name, `p:` two parts, `d:` a document, `t:` a phone, `s:` the last digits of
/// one, `e:` an e-mail address.
pub fn keys_of(particulars: &Particulars, contacts: &[ContactEntry], documents: &[DocumentEntry]) -> Vec<String> {
    let mut keys = Vec::new();
    for name in [&particulars.name, &particulars.name_latin] {
        let parts = names::keys(name);
        keys.extend(parts.iter().map(|key| format!("n:{key}")));
        keys.extend(names::pairs(&parts).iter().map(pair_key));
    }
    keys.extend(documents.iter().map(|document| format!("d:{}", names::document_key(&document.number))));
    keys.extend(contacts.iter().flat_map(contact_keys));
    keys.sort();
    keys.dedup();
    keys
}

fn pair_key(pair: &names::Pair) -> String {
    format!("p:{}:{}", pair.0, pair.1)
}

fn contact_keys(contact: &ContactEntry) -> Vec<String> {
    if contact.channel == "phone" { names::phone_keys(&contact.value) } else { email_key(contact) }
}

fn wanted_of(contact: &ContactEntry) -> Vec<String> {
    if contact.channel == "phone" { names::phone_wanted(&contact.value) } else { email_key(contact) }
}

fn email_key(contact: &ContactEntry) -> Vec<String> {
    let key = contact.key();
    if key.is_empty() { Vec::new() } else { vec![format!("e:{key}")] }
}

// A number has digits, an address an @; the rest is a name. Numbers are compared as a whole too, since people write them in groups.
fn wanted(typed: &str) -> Wanted {
    let typed: String = typed.trim().chars().take(200).collect();
    if typed.contains('@') {
        return Wanted { name: String::new(), numbers: vec![format!("e:{}", typed.to_lowercase())] };
    }
    let read = digits(&typed);
    let (with_digits, words): (Vec<&str>, Vec<&str>) =
        read.split_whitespace().partition(|word| word.chars().any(|c| c.is_ascii_digit()));
    if with_digits.is_empty() {
        return Wanted { name: typed, numbers: Vec::new() };
    }
    let mut numbers: Vec<String> = with_digits.iter().map(|word| format!("d:{}", names::document_key(word))).collect();
    numbers.push(format!("d:{}", names::document_key(&read)));
    let grouped = with_digits.concat();
    if names::phone_key(&grouped).len() >= SHORTEST_PHONE {
        numbers.extend(names::phone_wanted(&grouped));
    }
    let name = if words.iter().any(|word| word.chars().count() > 2) { words.join(" ") } else { String::new() };
    Wanted { name, numbers }
}

/// A candidate before anybody asked whether the actor may open it.
struct Candidate {
    id: PersonId,
    name: String,
    name_latin: String,
    born_in: Option<i32>,
    org_id: OrgId,
    org: String,
    desk: String,
    kinds: Vec<String>,
}

async fn look_for(work: &mut Work, wanted: &Wanted) -> Result<Found, Error> {
    let parts = names::parts(&wanted.name);
    let keys = names::keys(&wanted.name);
    let exact: Vec<String> = match parts {
        0 => Vec::new(),
        1 => keys.iter().map(|key| format!("n:{key}")).collect(),
        _ => names::pairs(&keys).iter().map(pair_key).collect(),
    };
    let first = candidates(work, exact.into_iter().chain(wanted.numbers.iter().cloned()).collect()).await?;
    if parts == 1 && wanted.numbers.is_empty() && first.len() >= COMMON {
        return Ok(Found { hits: Vec::new(), common: true });
    }
    let mut best = ranked(first, &wanted.name, parts);
    if parts > 0 && best.is_empty() {
        let slips: Vec<String> = match parts {
            1 => keys.iter().flat_map(names::slips).map(|key| format!("n:{key}")).collect(),
            _ => names::slip_pairs(&keys).iter().map(pair_key).collect(),
        };
        best = ranked(candidates(work, slips).await?, &wanted.name, parts);
    }
    let ids: Vec<PersonId> = best.iter().map(|(_, candidate)| candidate.id).collect();
    let mut seen: HashMap<PersonId, Person> =
        store::several(work, &ids).await?.into_iter().map(|person| (person.id, person)).collect();
    let hits = best
        .into_iter()
        .map(|(score, candidate)| Hit {
            score,
            why: why(&candidate.kinds),
            who: match seen.remove(&candidate.id) {
                Some(person) => Who::Seen(Box::new(person)),
                None => Who::Masked {
                    name: names::masked(&candidate.name),
                    born_in: candidate.born_in,
                    org: candidate.org,
                    desk: candidate.desk,
                    key: Key { person: candidate.id, org: candidate.org_id },
                },
            },
        })
        .collect();
    Ok(Found { hits, common: false })
}

async fn candidates(work: &mut Work, keys: Vec<String>) -> Result<Vec<Candidate>, Error> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let lang = work.lang().code();
    let rows = sqlx::query!(
        r#"select person_id as "id!: PersonId", name as "name!", name_latin as "name_latin!", born_on, org as "org_id!", org_name as "org!", desk as "desk!",
             kinds as "kinds!" from access.search_people($1, $2)"#,
        &keys,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Candidate {
            id: row.id,
            name: row.name,
            name_latin: row.name_latin,
            born_in: row.born_on.map(|day| day.year()),
            org_id: row.org_id,
            org: row.org,
            desk: row.desk,
            kinds: row.kinds,
        })
        .collect())
}

// A number that fits is as good as the same name.
fn ranked(candidates: Vec<Candidate>, name: &str, parts: usize) -> Vec<(f64, Candidate)> {
    let least = if parts == 1 { ALIKE_ONE_WORD } else { ALIKE };
    let mut scored: Vec<(f64, Candidate)> = candidates
        .into_iter()
        .map(|candidate| {
            let by_number = candidate.kinds.iter().any(|kind| matches!(kind.as_str(), "d" | "t" | "s" | "e"));
            let alike = names::score(name, &candidate.name).max(names::score(name, &candidate.name_latin));
            (if by_number { 1.0 } else { alike }, candidate)
        })
        .filter(|(score, _)| *score >= least)
        .collect();
    #[expect(clippy::cast_possible_truncation, reason = "a score lies between 0 and 1")]
    scored.sort_by_key(|(score, candidate)| (Reverse((score * 10_000.0) as i64), candidate.id));
    scored.truncate(MOST_HITS);
    scored
}

fn why(kinds: &[String]) -> Vec<&'static str> {
    let mut why: Vec<&'static str> = kinds
        .iter()
        .map(|kind| match kind.as_str() {
            "d" => "document",
            "t" | "s" => "phone",
            "e" => "email",
            _ => "name",
        })
        .collect();
    why.sort_unstable();
    why.dedup();
    why
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_a_name_a_number_or_an_address() {
        let found = wanted("فاطمة حسين");
        assert!(found.numbers.is_empty() && !found.name.is_empty());
        for typed in ["079 123 4567", "٠٧٩١٢٣٤٥٦٧"] {
            let numbers = wanted(typed).numbers;
            assert!(numbers.ends_with(&["t:91234567".to_owned(), "t:1234567".to_owned()]), "{numbers:?}");
        }
        assert!(wanted("ab-123 456").numbers.contains(&"d:AB123456".to_owned()));
        assert_eq!(wanted("Dana@Example.org").numbers, ["e:dana@example.org"]);
        let both = wanted("Dana 0791234567");
        assert_eq!(both.name, "Dana");
        assert!(wanted("").name.is_empty());
    }
}
