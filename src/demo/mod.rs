//! The demo: a made-up country, Samra, in which every page and chart is alive.
//!
//! Everything is invented. The same seed on the same moment gives the same world; dates lie around today. Referrals take only steps that
//! the referral rules allow, and what is confidential is sealed as in real use. The world holds what safeguarding is about: restricted
//! cases, barred users, a caregiver who is not safe to involve, a hidden shelter, shared phones.
//! Deliberately not here: `throughcare synth`, which makes a big world for measuring.
mod achievements;
mod assessments;
mod casework;
pub mod cast;
pub mod chance;
mod country;
pub mod courses;
mod eligibility;
mod families;
pub mod keys;
mod letters;
mod meetings;
pub mod names;
mod notes;
mod outreach;
mod outside;
mod paper;
mod plans;
mod programmes;
mod projects;
mod records;
mod registry;
mod sendings;
mod services;
mod sheets;
mod social;
mod supervision;
mod tables;
pub mod trip;

use std::path::Path;

use chrono::{DateTime, Utc};

use crate::access::Act;
use crate::access::password;
use crate::error::Error;
use crate::packs::{self, Pack};
use crate::platform::db::Work;
use chance::Chance;
use tables::Tables;

/// The password of everybody in the demo.
pub const PASSWORD: &str = "quiet olive tram 57";

/// From this everything that is left to chance follows.
pub const SEED: u64 = 20_261_122;

/// What a database holds, as far as the demo needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing yet: the demo may be loaded.
    Nothing,
    /// The demo.
    Demo,
    /// Somebody's real work.
    Work,
}

/// Looks at what the database holds.
pub async fn look(work: &mut Work) -> Result<Found, Error> {
    let row = sqlx::query!(
        r#"select count(*) as "all!", count(*) filter (where external_id like 'demo-org-%') as "demo!" from organisations"#
    )
    .fetch_one(work.db())
    .await?;
    Ok(match (row.all, row.demo) {
        (0, _) => Found::Nothing,
        (_, 0) => Found::Work,
        _ => Found::Demo,
    })
}

/// The pack that the demo works with, as it is shipped.
pub fn pack() -> Result<Pack, Error> {
    shipped("protection", include_str!("../../packs/protection/pack.toml"))
}

fn shipped(name: &str, text: &str) -> Result<Pack, Error> {
    let acts: Vec<&str> = Act::ALL.iter().map(|act| act.code()).collect();
    let pack = packs::parse(&Path::new("packs").join(name).join("pack.toml"), name, text, &acts)
        .map_err(|mistakes| anyhow::anyhow!("the shipped pack {name} has a mistake: {mistakes:?}"))?;
    Ok(Pack { letters: letters::of(&pack.name)?, ..pack })
}

/// Fills an empty database with the whole world, in the caller's transaction as operator.
pub async fn load(work: &mut Work, seed: u64, now: DateTime<Utc>) -> Result<(), Error> {
    let pack = Pack { rules: eligibility::rules(), ..pack()? };
    let (version, _) = packs::store::load(work, &pack).await?;
    let (more, of_families) = (programmes::packs()?, families::packs()?);
    let mut versions = Vec::new();
    for pack in more.iter().chain(&of_families) {
        versions.push(packs::store::load(work, pack).await?.0);
    }
    let visits = outreach::pack()?;
    let visited = packs::store::load(work, &visits).await?.0;
    let asked = outreach::publish(work, &visits).await?;
    let social = social::pack()?;
    let referring = packs::store::load(work, &social).await?.0;
    let sheet = social::publish(work, &social).await?;
    let roles = sqlx::query!("select code, id from roles where org is null").fetch_all(work.db()).await?;
    let roles: Vec<(String, i32)> = roles.into_iter().map(|role| (role.code, role.id)).collect();
    let ground = work.ground().clone();
    let (mut chance, mut tables) = (Chance::new(seed, now), Tables::default());
    cast::add(&mut tables, &mut chance, &roles);
    let services = services::add(&mut tables, &mut chance);
    outside::add(&mut tables, now);
    let households = registry::add(&mut tables, &mut chance);
    let loads = (&casework::CASELOADS[..], &households[..]);
    let cases = casework::add(&mut tables, &mut chance, &ground.keyring, (version, &pack), loads);
    let shares = &courses::Course::SHARES;
    sendings::add(&mut tables, &mut chance, (&ground.keyring, &pack), (&cases, &services), shares)?;
    let later = [(versions[0], &more[0]), (versions[1], &more[1])];
    programmes::add(&mut tables, (seed, now), &roles, (&ground.keyring, later))?;
    let last = [(versions[2], &of_families[0]), (versions[3], &of_families[1])];
    families::add(&mut tables, (seed, now), &roles, (&ground.keyring, last));
    let mut answered = outreach::add(&mut tables, (seed, now), &roles, (&ground.keyring, (visited, &visits)), &asked)?;
    answered.extend(social::add(&mut tables, (seed, now), &roles, (&ground.keyring, (referring, &social)), &sheet)?);
    tables.write(work).await?;
    sheets::project(work, &answered).await?;
    set_passwords(work).await?;
    crate::eligibility::actions::take_over(work).await?;
    sqlx::query!("select setval('organisation_ids', 100) as a, setval('unit_ids', 1000) as b").fetch_one(work.db()).await?;
    Ok(())
}

// One hash for all of them: the password is printed on the screen anyway, and hashing is slow on purpose.
async fn set_passwords(work: &mut Work) -> Result<(), Error> {
    let hash = password::hash(PASSWORD.to_owned()).await?;
    for member in cast::members() {
        sqlx::query!("select access.set_password($1, $2, false)", cast::user(member.login), hash).fetch_one(work.db()).await?;
    }
    Ok(())
}

/// Who can sign in, as a table for the terminal.
pub fn people() -> String {
    let mut lines = vec![format!("{:<8} {:<18} {:<26} {}", "login", "name", "role", "organisation")];
    lines.extend(cast::members().map(|member| {
        format!("{:<8} {:<18} {:<26} {}", member.login, member.name, member.role, cast::org_name(cast::org_of(member.unit)))
    }));
    lines.push(format!("Everybody's password: {PASSWORD}"));
    lines.join("\n")
}
