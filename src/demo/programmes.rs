//! The packs for employment services and refugee protection: their people, cases, records, services and referrals.
//!
//! They have chances of their own, so that the first pack's world stays the same whatever is changed here.
use chrono::{DateTime, Utc};

use super::casework::{self, Load};
use super::cast;
use super::chance::Chance;
use super::country::OUTSIDE;
use super::courses::Course;
use super::services::{self, Entry};
use super::tables::Tables;
use super::{registry, sendings};
use crate::packs::Pack;
use crate::platform::seal::Keyring;

const EMPLOYMENT: [Load; 5] = [
    (71, Some("lina"), Some("hugo"), "employment_client", 9),
    (71, Some("lina"), Some("hugo"), "employment_youth", 4),
    (71, Some("hugo"), None, "employment_newcomers", 3),
    (81, Some("mei"), Some("rania"), "employment_client", 7),
    (81, Some("mei"), Some("rania"), "employment_supported", 3),
];

const REFUGEES: [Load; 8] = [
    (52, Some("yara"), Some("david"), "individual", 8),
    (52, Some("yara"), Some("david"), "refugee_child_protection", 7),
    (52, Some("yara"), Some("david"), "registration_group", 3),
    (52, Some("david"), Some("yara"), "legal_protection", 3),
    (53, Some("ivan"), Some("david"), "resettlement", 5),
    (53, Some("ivan"), Some("david"), "rsd", 3),
    (54, Some("nour"), Some("grace"), "sgbv", 4),
    (54, Some("felix"), None, "fraud", 2),
];

/// One that requires approval, one that doesn't, and one of an organisation outside, for each pack.
const ENTRIES: [Entry; 7] = [
    (71, "skills_training", "Welding and electrical course", "دورة لحام وكهرباء", "Formation soudure et électricité"),
    (71, "job_search", "Job club", "نادي الباحثين عن عمل", "Club de recherche d'emploi"),
    (81, "work_experience", "Wage subsidy", "دعم الأجور", "Subvention salariale"),
    (OUTSIDE, "language_course", "Evening language course", "دورة لغة مسائية", "Cours de langue du soir"),
    (52, "registration", "Certificates desk", "مكتب الشهادات", "Guichet des attestations"),
    (53, "resettlement", "Resettlement counselling", "إرشاد إعادة التوطين", "Conseil en réinstallation"),
    (OUTSIDE, "education", "Night school", "المدرسة المسائية", "École du soir"),
];

const SHARES: [(usize, Course); 11] = [
    (3, Course::JustSent),
    (3, Course::Acknowledged),
    (3, Course::Accepted),
    (3, Course::Running),
    (2, Course::InReview),
    (2, Course::Writing),
    (4, Course::Verified),
    (2, Course::AwaitingPerson),
    (2, Course::Declined),
    (2, Course::Appointed),
    (2, Course::ReportedOnly),
];

/// The two packs, as they are shipped.
pub fn packs() -> Result<[Pack; 2], crate::error::Error> {
    Ok([
        super::shipped("employment-services", include_str!("../../packs/employment-services/pack.toml"))?,
        super::shipped("refugee-protection", include_str!("../../packs/refugee-protection/pack.toml"))?,
    ])
}

/// Adds all of it.
pub fn add(
    tables: &mut Tables,
    (seed, now): (u64, DateTime<Utc>),
    role_ids: &[(String, i32)],
    (keyring, packs): (&Keyring, [(i32, &Pack); 2]),
) -> anyhow::Result<()> {
    let mut chance = Chance::new(seed + 1, now);
    cast::add_more(tables, &mut chance, role_ids);
    let services = services::add_those(tables, &mut chance, &ENTRIES, 40);
    let households = registry::add_more(tables, &mut chance);
    // Of the services here, each pack refers to those of its own and to whoever outside.
    let (employment, refugees) = services.split_at(4);
    let loads: [&[Load]; 2] = [&EMPLOYMENT, &REFUGEES];
    for (((version, pack), loads), services) in packs.into_iter().zip(loads).zip([employment, refugees]) {
        let cases = casework::add(tables, &mut chance, keyring, (version, pack), (loads, &households));
        let open: Vec<_> = cases.into_iter().filter(|file| file.sensitivity != crate::packs::Sensitivity::Restricted).collect();
        let here: Vec<_> = services.iter().filter(|service| service.unit != OUTSIDE).cloned().collect();
        sendings::add(tables, &mut chance, (keyring, pack), (&open, &here), &SHARES)?;
    }
    Ok(())
}
