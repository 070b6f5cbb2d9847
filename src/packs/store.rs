//! Where loaded packs are kept. Each version stays, so that a running case keeps the one it started with.
use std::sync::Arc;

use serde_json::json;

use super::pack::{CaseType, Labels, Pack};
use super::words::{Duty, Word};
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::platform::db::Work;

// What a work keeps under this name.
type Newest = Vec<(i32, Arc<Pack>)>;
const NEWEST: &str = "newest packs";

/// Stores a pack as its next version, with its case types and roles. The whole pack or nothing; the same pack twice changes nothing.
/// Answers with the version, and whether it is new.
pub async fn load(work: &mut Work, pack: &Pack) -> Result<(i32, bool), Error> {
    let body = serde_json::to_value(pack).map_err(anyhow::Error::from)?;
    let last = sqlx::query!("select version, body from packs where name = $1 order by version desc limit 1", pack.name)
        .fetch_optional(work.db())
        .await?;
    if let Some(last) = &last
        && last.body == body
    {
        return Ok((last.version, false));
    }
    let version = last.map_or(1, |last| last.version + 1);
    sqlx::query!("insert into packs (name, version, body) values ($1, $2, $3)", pack.name, version, body)
        .execute(work.db())
        .await?;
    work.forget_read(NEWEST);
    store_case_types(work, pack).await?;
    store_roles(work, pack).await?;
    work.record(Fact::PackLoaded, About::default().note(json!({ "pack": pack.name, "version": version }))).await?;
    Ok((version, true))
}

// A type's number is in the scope of every row: it never changes once loaded.
async fn store_case_types(work: &mut Work, pack: &Pack) -> Result<(), Error> {
    for case_type in &pack.case_types {
        let known = sqlx::query!(
            "select id, pack, code from case_types where id = $1 or code = $2",
            i16::from(case_type.id),
            case_type.code
        )
        .fetch_all(work.db())
        .await?;
        if known.iter().any(|row| row.id != i16::from(case_type.id) || row.code != case_type.code || row.pack != pack.name) {
            return Err(invalid("case_types", "number_taken"));
        }
        sqlx::query!(
            "insert into case_types (id, code, pack, sensitivity, labels) values ($1, $2, $3, $4, $5)
             on conflict (id) do update set sensitivity = excluded.sensitivity, labels = excluded.labels",
            i16::from(case_type.id),
            case_type.code,
            pack.name,
            case_type.sensitivity.as_str(),
            labels(&case_type.labels)
        )
        .execute(work.db())
        .await?;
    }
    Ok(())
}

// A role is one pack's: a second one of that code would silently take over what its holders may do and see.
async fn store_roles(work: &mut Work, pack: &Pack) -> Result<(), Error> {
    let others = newest(work).await?;
    let taken = |other: &Pack| other.name != pack.name && pack.roles.iter().any(|role| other.role(&role.code).is_some());
    if others.iter().any(|(_, other)| taken(other)) {
        return Err(invalid("roles", "role_taken"));
    }
    for role in &pack.roles {
        let cleared: Vec<i16> = pack.cleared_ids(role).into_iter().map(i16::from).collect();
        sqlx::query!(
            "insert into roles (id, code, labels, acts, reach, cleared, supervises) values (nextval('role_ids'), $1, $2, $3, $4, $5, $6)
             on conflict on constraint roles_org_code_key
             do update set labels = excluded.labels, acts = excluded.acts, reach = excluded.reach, cleared = excluded.cleared, supervises = excluded.supervises",
            role.code,
            labels(&role.labels),
            &role.acts,
            role.reach.as_str(),
            &cleared,
            role.has(Duty::Supervisor)
        )
        .execute(work.db())
        .await?;
    }
    Ok(())
}

fn labels(labels: &Labels) -> serde_json::Value {
    json!({ "en": labels.en, "ar": labels.ar, "fr": labels.fr, "es": labels.es })
}

/// A pack at a version. Versions never change, so each is read once.
pub async fn find(work: &mut Work, name: &str, version: i32) -> Result<Arc<Pack>, Error> {
    let kept = format!("pack {name} {version}");
    if let Some(pack) = work.ground().kept.get::<Pack>(&kept) {
        return Ok(pack);
    }
    let body = sqlx::query_scalar!("select body from packs where name = $1 and version = $2", name, version)
        .fetch_one(work.db())
        .await?;
    let pack: Pack = serde_json::from_value(body).map_err(anyhow::Error::from)?;
    Ok(work.ground().kept.keep(kept, Arc::new(pack)))
}

/// The newest version of every loaded pack, with its number. Many rooms of one page ask it: a work reads it once.
pub async fn newest(work: &mut Work) -> Result<Newest, Error> {
    if let Some(packs) = work.has_read::<Newest>(NEWEST) {
        return Ok(packs.to_vec());
    }
    let names = sqlx::query!("select name, max(version) as \"version!\" from packs group by name order by name")
        .fetch_all(work.db())
        .await?;
    let mut packs = Vec::new();
    for row in names {
        packs.push((row.version, find(work, &row.name, row.version).await?));
    }
    Ok(work.keep_read(NEWEST.to_owned(), Arc::new(packs)).to_vec())
}

/// The newest packs that know any of these case types, each with those it knows: what a reader cleared for them meets.
pub async fn for_types(work: &mut Work, types: &[i16]) -> Result<Vec<(Arc<Pack>, Vec<CaseType>)>, Error> {
    let known = |pack: &Pack| {
        pack.case_types.iter().filter(|case_type| types.contains(&i16::from(case_type.id))).cloned().collect::<Vec<_>>()
    };
    let packs = newest(work).await?.into_iter().map(|(_, pack)| (known(&pack), pack));
    Ok(packs.filter(|(types, _)| !types.is_empty()).map(|(types, pack)| (pack, types)).collect())
}

/// The newest version of the pack that declares this case type, with its number.
pub async fn of_case_type(work: &mut Work, case_type: i16) -> Result<(i32, Arc<Pack>), Error> {
    let knows = |pack: &Pack| pack.case_types.iter().any(|known| i16::from(known.id) == case_type);
    if let Some(found) = newest(work).await?.into_iter().find(|(_, pack)| knows(pack)) {
        return Ok(found);
    }
    // A pack may know a type no more that cases still have.
    let row = sqlx::query!(
        "select t.pack, max(p.version) as \"version!\" from case_types t join packs p on p.name = t.pack where t.id = $1 group by t.pack",
        case_type
    )
    .fetch_one(work.db())
    .await?;
    Ok((row.version, find(work, &row.pack, row.version).await?))
}
