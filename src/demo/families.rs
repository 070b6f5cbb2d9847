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

/// Who works with families by levels of intervention, as Jamaica does.
pub const TIERS: [Member; 3] = [
    member("tanya", "Tanya Grant", "path_assistant_1", TIERED),
    member("devon", "Devon Clarke", "path_assistant_2", TIERED),
    member("marcia", "Marcia Reid", "path_social_worker", TIERED),
];

const TIERED: i32 = 37;

const LEVELS: [Load; 4] = [
    (TIERED, Some("tanya"), Some("andres"), "path_information", 3),
    (TIERED, Some("devon"), Some("andres"), "path_short_term", 3),
    (TIERED, Some("marcia"), Some("andres"), "path_long_term", 3),
    (TIERED, None, None, "path_long_term", 1),
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
    // With chances of their own again: the other two teams came first.
    let mut chance = Chance::new(seed + 5, now);
    cast::add_tiers(tables, &mut chance, role_ids);
    let households = registry::add_tiers(tables, &mut chance);
    casework::add(tables, &mut chance, keyring, packs[1], (&LEVELS, &households));
}
