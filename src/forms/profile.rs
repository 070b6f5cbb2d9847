//! What rules may know of a case: named fields out of its newest complete copies and the registry. What nobody answered is left out:
//! unknown is not no.
use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value, json};
use uuid::Uuid;
use xforms::instance::{Instance, NodeId};

use super::{arrivals, store};
use crate::cases::Case;
use crate::error::Error;
use crate::packs::{self, FieldKind, PackField, Sensitivity};
use crate::platform::db::Work;
use crate::platform::ids::PersonId;

// Whoever has more members is rare, and longer texts no rule asks for: a profile stays within what the database takes.
const MOST_MEMBERS: usize = 50;
const LONGEST_TEXT: usize = 200;

/// Where a sealed profile lies.
pub const SEALED: &str = "profiles.sealed";

/// Works a case's profile out anew. A restricted case has none (S16).
pub async fn project(work: &mut Work, case: &Case) -> Result<(), Error> {
    if case.sensitivity() == Sensitivity::Restricted {
        return Ok(());
    }
    store::hold_case(work, case.id).await?;
    Box::pin(look_whose(work, case)).await?;
    let profile = current(work, case).await?;
    let (open, sealed) = if case.sensitivity() == Sensitivity::Standard {
        (Some(profile), None)
    } else {
        let key = work.case_key(case.id.0).await?;
        (None, Some(key.seal(SEALED, profile.to_string().as_bytes())))
    };
    let now = work.now();
    sqlx::query!(
        "insert into profiles (case_id, fields, sealed, computed_at) values ($1, $2, $3, $4)
         on conflict on constraint profiles_pkey do update set fields = excluded.fields, sealed = excluded.sealed, computed_at = excluded.computed_at",
        case.id.0,
        open,
        sealed,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}

// Rules know nothing of somebody else (S28): where nobody looked yet whom a copy names, that is worked out and kept first.
async fn look_whose(work: &mut Work, case: &Case) -> Result<(), Error> {
    for copy in store::unasked(work, case.id).await? {
        let kept = store::answers(work, &copy).await?;
        let tree = Instance::read(&kept).map_err(|error| anyhow::anyhow!("a kept copy can't be read: {error}"))?;
        let names_other = arrivals::names_other(work, case, (copy.form_id, copy.edition_id), &tree).await?;
        store::mark(work, copy.id, names_other).await?;
    }
    Ok(())
}

/// What rules may know of a case: what is kept of its copies, or what they say where that is kept no more, and what the registry says today:
/// `{"household": {…}, "members": [{…}, …]}`.
pub async fn known(work: &mut Work, case: &Case) -> Result<Value, Error> {
    let (kept, known) = kept(work, case).await?;
    let mut profile = match kept {
        Some(kept) => kept,
        None => current(work, case).await?,
    };
    registry(&known, case.person_id, work.today(), &mut profile);
    Ok(profile)
}

/// The same of many cases, by case; none of a guarded one, whose profile lies sealed or is none yet (S16). Two queries.
pub async fn known_of(work: &mut Work, cases: &[Uuid]) -> Result<HashMap<Uuid, Value>, Error> {
    let today = work.today();
    let rows = sqlx::query!(
        r#"select c.id as "id!", c.person_id as "person_id!: PersonId", p.fields as "fields?", p.case_id is not null as "is_kept!"
           from cases c join case_types t on t.id = c.case_type and t.sensitivity = 'standard' left join profiles p on p.case_id = c.id
           where c.id = any ($1)"#,
        cases
    )
    .fetch_all(work.db())
    .await?;
    let mut people: HashMap<Uuid, Vec<Registered>> = HashMap::new();
    for person in registered(work, cases).await? {
        people.entry(person.case_id).or_default().push(person);
    }
    let mut known = HashMap::new();
    for row in rows.into_iter().filter(|row| row.fields.is_some() || !row.is_kept) {
        let mut profile = row.fields.unwrap_or_else(nothing);
        registry(people.get(&row.id).map_or(&[][..], Vec::as_slice), row.person_id, today, &mut profile);
        known.insert(row.id, profile);
    }
    Ok(known)
}

// What is known of a case without a form.
fn nothing() -> Value {
    json!({ "household": {} })
}

/// What the newest copies of a case say, without the registry: what that knows changes without a form, and is asked whenever somebody judges.
pub async fn current(work: &mut Work, case: &Case) -> Result<Value, Error> {
    let (_, pack) = packs::store::of_case_type(work, case.case_type).await?;
    let copies = store::newest_answers(work, case.id).await?;
    let mut trees = Vec::new();
    for (code, xml) in &copies {
        let tree = Instance::read(xml).map_err(|error| anyhow::anyhow!("a kept copy can't be read: {error}"))?;
        trees.push((code.as_str(), tree));
    }
    let mut profile = answered(&pack.fields, &trees);
    if let Some(size) = profile.get("members").and_then(Value::as_array).map(Vec::len) {
        profile["household"]["size"] = json!(size);
    }
    Ok(profile)
}

/// What these copies say of the fields.
pub fn answered(fields: &[PackField], copies: &[(&str, Instance)]) -> Value {
    let mut household = Map::new();
    let mut members: Vec<Map<String, Value>> = Vec::new();
    for field in fields {
        let (Some(form), Some(path)) = (&field.form, &field.path) else { continue };
        let Some((_, tree)) = copies.iter().find(|(code, _)| code == form) else { continue };
        if !field.of_member {
            if let Some(value) = tree.find(path).and_then(|at| value(field, tree.text(at))) {
                household.insert(field.name.clone(), value);
            }
            continue;
        }
        let Some(below) = field.repeat.as_deref().and_then(|repeat| path.strip_prefix(repeat)) else { continue };
        for (nth, round) in rounds(tree, field.repeat.as_deref().unwrap_or_default()).into_iter().take(MOST_MEMBERS).enumerate() {
            if members.len() <= nth {
                members.push(Map::new());
            }
            if let Some(value) = below_at(tree, round, below).and_then(|at| value(field, tree.text(at))) {
                members[nth].insert(field.name.clone(), value);
            }
        }
    }
    let mut profile = Map::new();
    profile.insert("household".to_owned(), Value::Object(household));
    if !members.is_empty() {
        profile.insert("members".to_owned(), members.into_iter().map(Value::Object).collect());
    }
    Value::Object(profile)
}

// The rounds of the repeat at this path; of a repeat within groups, but not within another repeat.
fn rounds(tree: &Instance, repeat: &str) -> Vec<NodeId> {
    let (parent, name) = repeat.rsplit_once('/').unwrap_or(("", repeat));
    let Some(parent) = tree.find(parent) else { return Vec::new() };
    tree.named(parent, name).filter(|id| !tree.get(*id).template).collect()
}

fn below_at(tree: &Instance, round: NodeId, below: &str) -> Option<NodeId> {
    below.split('/').filter(|name| !name.is_empty()).try_fold(round, |at, name| tree.child(at, name))
}

/// An answer as a field's value; nothing where there is none, or it is none of that kind.
pub fn value(field: &PackField, text: &str) -> Option<Value> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    match field.kind {
        FieldKind::Bool => match text {
            "yes" | "true" | "1" => Some(json!(true)),
            "no" | "false" | "0" => Some(json!(false)),
            _ => None,
        },
        FieldKind::Int => text.parse::<f64>().ok().filter(|n| n.fract() == 0.0 && n.abs() < 9e15).map(|n| json!(n as i64)),
        FieldKind::Number => text.parse::<f64>().ok().filter(|n| n.is_finite()).map(|n| json!(n)),
        FieldKind::Text => (text.chars().count() <= LONGEST_TEXT).then(|| json!(text)),
        FieldKind::Choice => field.choices.iter().any(|choice| choice == text).then(|| json!(text)),
        FieldKind::Choices => Some(text.split_whitespace().filter(|one| field.choices.iter().any(|c| c == one)).collect()),
    }
}

// What the registry knows comes last: it is looked after, where an answer is as old as its copy. Members of the household who stand on the
// registry are counted there; where a form lists the members, its list stands, since it has what the rules ask of each.
fn registry(known: &[Registered], of: PersonId, today: NaiveDate, profile: &mut Value) {
    if profile.get("members").is_none() && !known.is_empty() {
        let members = known.iter().map(|person| {
            let mut member = Map::new();
            if let Some(born) = person.born_on {
                member.insert("age".to_owned(), json!(years(born, today)));
            }
            if let Some(sex) = person.sex.as_ref().filter(|sex| *sex != "unknown") {
                member.insert("sex".to_owned(), json!(sex));
            }
            Value::Object(member)
        });
        profile["members"] = members.collect();
    }
    let size = profile.get("members").and_then(Value::as_array).map(Vec::len);
    let Some(household) = profile.get_mut("household").and_then(Value::as_object_mut) else { return };
    if let Some(size) = size {
        household.insert("size".to_owned(), json!(size));
    }
    if let Some(about) = known.iter().find(|person| person.id == of) {
        for (name, place) in [("admin1", &about.admin1), ("admin2", &about.admin2)] {
            if !place.is_empty() {
                household.insert(name.to_owned(), json!(place));
            }
        }
    }
}

// What the registry knows of somebody on a case, as far as rules ask it.
struct Registered {
    case_id: Uuid,
    id: PersonId,
    born_on: Option<NaiveDate>,
    sex: Option<String>,
    admin1: String,
    admin2: String,
}

async fn registered(work: &mut Work, cases: &[Uuid]) -> Result<Vec<Registered>, Error> {
    let known = sqlx::query_as!(
        Registered,
        r#"select cp.case_id, p.id as "id: PersonId", p.born_on, p.sex, p.admin1, p.admin2 from case_people cp join persons p on p.id = cp.person_id
           where cp.case_id = any ($1) order by p.id"#,
        cases
    );
    Ok(known.fetch_all(work.db()).await?)
}

/// Whole years from a birthday to a day.
pub fn years(born: NaiveDate, today: NaiveDate) -> i32 {
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    today.year() - born.year() - i32::from(!had_birthday)
}

// What is kept of a case's copies: of one that never had any, nothing is known. It went where the case became guarded since. With it the people of the
// case; its first row alone, which there always is, carries what is kept.
async fn kept(work: &mut Work, case: &Case) -> Result<(Option<Value>, Vec<Registered>), Error> {
    let rows = sqlx::query!(
        r#"select x.is_kept as "is_kept!", case when x.nth = 1 then x.fields end as "fields?", case when x.nth = 1 then x.sealed end as "sealed?",
             x.id as "id?: PersonId", x.born_on as "born_on?", x.sex as "sex?", x.admin1 as "admin1?", x.admin2 as "admin2?"
           from (select f.case_id is not null as is_kept, f.fields, f.sealed, p.id, p.born_on, p.sex, p.admin1, p.admin2, row_number() over (order by p.id) as nth
             from (select $1::uuid as case_id) c left join profiles f on f.case_id = c.case_id
               left join case_people cp on cp.case_id = c.case_id left join persons p on p.id = cp.person_id) x
           order by x.nth"#,
        case.id.0
    )
    .fetch_all(work.db())
    .await?;
    let (mut is_kept, mut fields, mut sealed, mut people) = (false, None, None, Vec::new());
    for row in rows {
        is_kept |= row.is_kept;
        fields = fields.or(row.fields);
        sealed = sealed.or(row.sealed);
        let Some(id) = row.id else { continue };
        let (admin1, admin2) = (row.admin1.unwrap_or_default(), row.admin2.unwrap_or_default());
        people.push(Registered { case_id: case.id.0, id, born_on: row.born_on, sex: row.sex, admin1, admin2 });
    }
    let kept = match (fields, sealed) {
        (Some(open), _) => Some(open),
        (None, Some(sealed)) => {
            let text = work.case_key(case.id.0).await?.open_text(SEALED, &sealed)?;
            Some(serde_json::from_str(&text).map_err(anyhow::Error::from)?)
        }
        (None, None) if is_kept => None,
        (None, None) => Some(nothing()),
    };
    Ok((kept, people))
}

#[cfg(test)]
mod tests {
    use super::*;

    // A device reads the same copy in the same way: see the test of `crates/xforms-web/src/judge.rs`.
    #[test]
    fn a_copy_is_read_as_a_device_reads_it() {
        let mut fields: Value =
            serde_json::from_str(include_str!("../../crates/xforms-web/tests/profile/fields.json")).expect("fields");
        for field in fields.as_array_mut().expect("several") {
            let label = field["name"].clone();
            field["form"] = json!("needs");
            field["labels"] = json!({ "en": label, "ar": label, "fr": label, "es": label });
        }
        let fields: Vec<PackField> = serde_json::from_value(fields).expect("fields of a pack");
        let copy = Instance::read(include_str!("../../crates/xforms-web/tests/profile/copy.xml")).expect("a copy");
        let expected: Value =
            serde_json::from_str(include_str!("../../crates/xforms-web/tests/profile/profile.json")).expect("a profile");
        assert_eq!(answered(&fields, &[("needs", copy)]), expected);
    }
}
