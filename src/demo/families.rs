//! The packs for inclusion and family accompaniment: their teams, households and cases.
//!
//! They have chances of their own, so that what the other packs' worlds hold stays the same whatever is changed here.
use chrono::{DateTime, Utc};

use super::casework::{self, Load};
use super::cast::{self, Member, member};
use super::chance::Chance;
use super::projects;
use super::registry;
use super::tables::Tables;
use crate::error::Error;
use crate::packs::Pack;
use crate::platform::seal::Keyring;

/// Who works with the packs for inclusion and family accompaniment.
pub const MEMBERS: [Member; 10] = [
    member("giulia", "Giulia Ferri", "inclusion_coordinator", 43),
    member("marco", "Marco Bianchi", "inclusion_case_manager", 43),
    member("lucia", "Lucia Serra", "inclusion_case_manager", 43),
    member("paolo", "Paolo Greco", "inclusion_administrator", 40),
    member("silvia", "Silvia Riva", "inclusion_protection_officer", 40),
    member("camila", "Camila Rojas", "family_worker", 35),
    member("diego", "Diego Luna", "family_worker", 35),
    member("andres", "Andrés Pardo", "family_supervisor", 35),
    member("marta", "Marta Vega", "family_administrator", 30),
    member("elena", "Elena Cruz", "family_protection_officer", 30),
];

const INCLUSION: [Load; 3] = [
    (43, Some("marco"), Some("giulia"), "inclusion", 7),
    (43, Some("lucia"), Some("giulia"), "inclusion", 4),
    (43, None, None, "inclusion", 3),
];

const FAMILIES: [Load; 2] = [
    (35, Some("camila"), Some("andres"), "family_accompaniment", 7),
    (35, Some("diego"), Some("andres"), "family_accompaniment", 4),
];

/// The two packs, as they are shipped.
pub fn packs() -> Result<[Pack; 2], Error> {
    Ok([
        super::shipped("inclusion", include_str!("../../packs/inclusion/pack.toml"))?,
        super::shipped("family-accompaniment", include_str!("../../packs/family-accompaniment/pack.toml"))?,
    ])
}

/// Adds all of it.
pub fn add(
    tables: &mut Tables,
    (seed, now): (u64, DateTime<Utc>),
    role_ids: &[(String, i32)],
    (keyring, packs): (&Keyring, [(i32, &Pack); 2]),
) {
    let mut chance = Chance::new(seed + 2, now);
    cast::add_families(tables, &mut chance, role_ids);
    let households = registry::add_families(tables, &mut chance);
    let loads: [&[Load]; 2] = [&INCLUSION, &FAMILIES];
    for (pack, loads) in packs.into_iter().zip(loads) {
        let files = casework::add(tables, &mut chance, keyring, pack, (loads, &households));
        projects::add(tables, pack.1, &files, now);
    }
}
