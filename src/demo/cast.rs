//! Everybody who can sign in, with the organisations and units of the country, and what those agreed.
use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use super::chance::Chance;
use super::country::{
    FAMILY_UNITS, FIRST_ORGANISATIONS, FIRST_UNITS, LATER_ORGANISATIONS, LATER_UNITS, ORGANISATIONS, OUTSIDE, Organisation,
    UNITS, Unit,
};
use super::tables::Tables;

/// Somebody who can sign in.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// What is typed to sign in.
    pub login: &'static str,
    /// Their name.
    pub name: &'static str,
    /// The code of their role.
    pub role: &'static str,
    /// Their unit.
    pub unit: i32,
}

/// Somebody in a list of members.
pub const fn member(login: &'static str, name: &'static str, role: &'static str, unit: i32) -> Member {
    Member { login, name, role, unit }
}

/// Everybody who can sign in, over all roles.
pub const MEMBERS: [Member; 30] = [
    member("amina", "Amina Haddad", "case_worker", 11),
    member("bruno", "Bruno Costa", "supervisor", 11),
    member("chen", "Chen Li", "provider", 21),
    member("salma", "Salma Noor", "gbv_case_worker", 13),
    member("rima", "Rima Sabbagh", "gbv_supervisor", 13),
    member("hana", "Hana Darwish", "gbv_focal_point", 22),
    member("ada", "Ada Marini", "administrator", 10),
    member("pia", "Pia Lindqvist", "protection_officer", 10),
    member("gita", "Gita Rao", "coordinator", 10),
    member("ines", "Inês Duarte", "complaints_officer", 14),
    member("basma", "Basma Khoury", "case_worker", 11),
    member("dario", "Dario Conti", "case_worker", 11),
    member("emeka", "Emeka Obi", "case_worker", 12),
    member("farah", "Farah Aziz", "supervisor", 12),
    member("noor", "Noor Rahal", "provider", 22),
    member("omar", "Omar Fayad", "administrator", 20),
    member("karim", "Karim Saleh", "case_worker", 32),
    member("leila", "Leila Mansour", "supervisor", 32),
    member("musa", "Musa Daoud", "case_worker", 34),
    member("nadia", "Nadia Qasim", "coordinator", 30),
    member("tariq", "Tariq Hamdan", "administrator", 30),
    member("viktor", "Viktor Hale", "policy_viewer", 30),
    member("rosa", "Rosa Vidal", "provider", 41),
    member("yusuf", "Yusuf Bakri", "provider", 42),
    member("sofia", "Sofía Marín", "case_worker", 51),
    member("paul", "Paul Okello", "supervisor", 51),
    member("wen", "Wen Zhao", "provider", 51),
    member("olga", "Olga Brandt", "protection_officer", 50),
    member("jamal", "Jamal Tannous", "provider", 61),
    member("kira", "Kira Holm", "administrator", 60),
];

/// Who works with the packs for employment services and refugee protection.
pub const MORE_MEMBERS: [Member; 15] = [
    member("lina", "Lina Awad", "employment_case_manager", 71),
    member("hugo", "Hugo Weber", "employment_supervisor", 71),
    member("adam", "Adam Nasr", "employment_administrator", 70),
    member("petra", "Petra Novak", "employment_privacy_officer", 70),
    member("mei", "Mei Tanaka", "employment_case_manager", 81),
    member("rania", "Rania Said", "employment_supervisor", 81),
    member("bilal", "Bilal Hariri", "employment_administrator", 80),
    member("yara", "Yara Khalil", "refugee_intermediate", 52),
    member("david", "David Mwangi", "refugee_advanced", 52),
    member("ivan", "Ivan Petrov", "refugee_intermediate", 53),
    member("nour", "Nour Jaber", "refugee_sgbv_worker", 54),
    member("grace", "Grace Adeyemi", "refugee_sgbv_supervisor", 54),
    member("felix", "Felix Moreau", "refugee_fraud_officer", 54),
    member("tessa", "Tessa Bruun", "refugee_administrator", 50),
    member("abel", "Abel Tesfaye", "refugee_partner", 22),
];

/// Everybody who can sign in.
pub fn members() -> impl Iterator<Item = Member> {
    let families = super::families::MEMBERS.into_iter().chain(super::families::TIERS);
    let later = families.chain(super::outreach::MEMBERS).chain(super::social::MEMBERS);
    MEMBERS.into_iter().chain(MORE_MEMBERS).chain(later)
}

/// Supervisors who also answer what reaches their own office.
const ALSO_ANSWERS: [(&str, i32); 4] = [("bruno", 11), ("farah", 12), ("leila", 32), ("musa", 34)];

/// Who answers referrals to a unit.
pub fn answers_for(unit: i32) -> &'static str {
    match unit {
        11 => "bruno",
        12 => "farah",
        13 | 15 => "rima",
        22 => "noor",
        32 => "leila",
        34 => "musa",
        35 | 37 => "andres",
        36 => "huda",
        43 => "giulia",
        41 => "rosa",
        42 => "yusuf",
        51 => "wen",
        52 => "david",
        53 => "ivan",
        54 => "nour",
        61 => "jamal",
        71 => "hugo",
        81 => "rania",
        101 => "mateo",
        _ => "chen",
    }
}

/// The id of somebody who can sign in: the same in every demo.
pub fn user(login: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, login.as_bytes())
}

/// The member of this login.
pub fn member_of(login: &str) -> Member {
    members().find(|member| member.login == login).unwrap_or(MEMBERS[0])
}

/// The organisation of a unit.
pub fn org_of(unit: i32) -> i32 {
    // The organisation outside has no unit here; its own number stands for it.
    let outside = if unit == OUTSIDE { OUTSIDE } else { 0 };
    UNITS.iter().find(|(id, ..)| *id == unit).map_or(outside, |(_, org, ..)| *org)
}

/// Whether one unit is another, or above it.
pub fn is_above(above: i32, unit: i32) -> bool {
    let parent = UNITS.iter().find(|(id, ..)| *id == unit).and_then(|(_, _, parent, ..)| *parent);
    above == unit || parent.is_some_and(|parent| is_above(above, parent))
}

/// The English name of an organisation.
pub fn org_name(org: i32) -> &'static str {
    ORGANISATIONS.iter().find(|known| known.id == org).map_or("", |known| known.names[0])
}

/// Adds organisations, units, users and what they agreed; `role_ids` are those of the loaded packs by code.
pub fn add(tables: &mut Tables, chance: &mut Chance, role_ids: &[(String, i32)]) {
    add_organisations(tables, chance, &ORGANISATIONS[..FIRST_ORGANISATIONS], &UNITS[..FIRST_UNITS]);
    for who in MEMBERS {
        add_member(tables, chance, &who, role_ids);
    }
    for (login, unit) in ALSO_ANSWERS {
        add_membership(tables, chance, login, unit, "provider", role_ids);
    }
    for (login, unit) in [("salma", 13), ("rima", 13), ("rima", 15), ("hana", 22), ("ines", 14)] {
        tables.add("focal_points", json!({ "unit": unit, "user_id": user(login), "on_duty": true }));
    }
    add_agreements(tables, chance, &FIRST_AGREEMENTS);
}

/// Adds those who came with the packs for employment services and refugee protection. Some who were here before work with one of them too.
pub fn add_more(tables: &mut Tables, chance: &mut Chance, role_ids: &[(String, i32)]) {
    add_organisations(tables, chance, &ORGANISATIONS[FIRST_ORGANISATIONS..LATER_ORGANISATIONS], &UNITS[FIRST_UNITS..LATER_UNITS]);
    for who in MORE_MEMBERS {
        add_member(tables, chance, &who, role_ids);
    }
    for (login, unit, role) in
        [("chen", 21, "refugee_partner"), ("jamal", 61, "refugee_partner"), ("olga", 50, "refugee_data_officer")]
    {
        add_membership(tables, chance, login, unit, role, role_ids);
    }
    for (login, unit) in [("nour", 54), ("felix", 54)] {
        tables.add("focal_points", json!({ "unit": unit, "user_id": user(login), "on_duty": true }));
    }
    add_agreements(tables, chance, &[(7, 8), (8, 7), (7, 2), (7, 6), (7, OUTSIDE), (8, 2), (5, OUTSIDE)]);
}

/// Adds those who work with inclusion and family accompaniment, in organisations that were here before.
pub fn add_families(tables: &mut Tables, chance: &mut Chance, role_ids: &[(String, i32)]) {
    add_organisations(tables, chance, &[], &UNITS[LATER_UNITS..FAMILY_UNITS]);
    for who in super::families::MEMBERS {
        add_member(tables, chance, &who, role_ids);
    }
}

/// Adds the tiers of workers of case management for families, whom the supervisor of accompaniment supervises too.
pub fn add_tiers(tables: &mut Tables, chance: &mut Chance, role_ids: &[(String, i32)]) {
    for who in super::families::TIERS {
        add_member(tables, chance, &who, role_ids);
    }
    add_membership(tables, chance, "andres", 37, "family_supervisor", role_ids);
}

/// Adds the institute that refers families, with whom it agreed, and who answers there.
pub fn add_social(tables: &mut Tables, chance: &mut Chance, role_ids: &[(String, i32)]) {
    add_organisations(tables, chance, &ORGANISATIONS[LATER_ORGANISATIONS..], &UNITS[FAMILY_UNITS..]);
    for who in super::social::MEMBERS {
        add_member(tables, chance, &who, role_ids);
    }
    for (login, unit) in [("leila", 32), ("musa", 34), ("rosa", 41)] {
        add_membership(tables, chance, login, unit, "social_institution", role_ids);
    }
    add_agreements(tables, chance, &[(10, 3), (10, 4)]);
}

fn add_organisations(tables: &mut Tables, chance: &mut Chance, organisations: &[Organisation], units: &[Unit]) {
    for org in organisations {
        let names = json!({ "en": org.names[0], "ar": org.names[1], "fr": org.names[2] });
        tables.add(
            "organisations",
            json!({ "id": org.id, "public_id": chance.public_id(), "name": org.names[0], "names": names, "kind": org.kind, "lang": org.lang,
                "time_zone": "Asia/Amman", "weekend": [5, 6], "holidays": [], "general_desk": org.desk, "in_system": org.id != OUTSIDE, "active": true,
                "external_id": format!("demo-org-{}", org.id), "description": "", "version": 1, "created_at": chance.now - TimeDelta::days(400) }),
        );
    }
    for (id, org, parent, name, area) in units {
        tables.add(
            "units",
            json!({ "id": id, "org": org, "parent": parent, "name": name, "admin_area": area, "desk": "", "active": true, "version": 1 }),
        );
    }
}

/// Adds somebody who can sign in, with their role.
pub fn add_member(tables: &mut Tables, chance: &mut Chance, who: &Member, role_ids: &[(String, i32)]) {
    let joined = chance.now - TimeDelta::days(300);
    let org = org_of(who.unit);
    // Everybody speaks Arabic and what their organisation writes; some speak another language too, and not all are at the same level.
    let own = ORGANISATIONS.iter().find(|known| known.id == org).map_or("en", |known| known.lang);
    let mut languages = vec!["ar", own];
    languages.dedup();
    let mark: usize = who.login.bytes().map(usize::from).sum();
    languages.extend([&["ku"][..], &["fa"], &[], &["so"]][mark / 3 % 4]);
    tables.add(
        "users",
        json!({ "id": user(who.login), "org": org, "login": who.login, "name": who.name, "email": format!("{}@example.org", who.login),
            "digits": "latin", "quiet": [], "active": true, "must_change_password": false, "languages": languages, "level": level(who.role, mark), "version": 1, "created_at": joined }),
    );
    add_membership(tables, chance, who.login, who.unit, who.role, role_ids);
}

// Up to which level somebody works alone: whoever supervises, or works with survivors of violence, at the highest; where roles are tiers, at theirs; all
// others at the second at least, as children in need of protection are among their cases.
fn level(role: &str, mark: usize) -> usize {
    let highest = ["supervisor", "coordinator", "gbv", "advanced"].iter().any(|word| role.contains(word));
    match role {
        "path_assistant_1" => 1,
        "path_assistant_2" => 2,
        "path_social_worker" => 3,
        _ if highest => 3,
        _ => mark % 2 + 2,
    }
}

/// Gives somebody a role in a unit.
pub fn add_membership(tables: &mut Tables, chance: &mut Chance, login: &str, unit: i32, role: &str, role_ids: &[(String, i32)]) {
    let joined = chance.now - TimeDelta::days(300);
    let Some((_, role)) = role_ids.iter().find(|(code, _)| code == role) else { return };
    tables.add(
        "memberships",
        json!({ "id": chance.id(joined), "user_id": user(login), "unit": unit, "org": org_of(unit), "role": role, "created_at": joined }),
    );
}

// Everybody refers to the providers, and the two that do case work to each other.
const FIRST_AGREEMENTS: [(i32, i32); 16] = [
    (1, 2),
    (1, 3),
    (1, 4),
    (1, 5),
    (1, 6),
    (3, 1),
    (3, 2),
    (3, 4),
    (3, 6),
    (5, 1),
    (5, 2),
    (5, 4),
    (5, 6),
    (2, 1),
    (2, 6),
    (4, 2),
];

fn add_agreements(tables: &mut Tables, chance: &mut Chance, pairs: &[(i32, i32)]) {
    let today = chance.now.date_naive();
    for (at, (from, to)) in pairs.iter().enumerate() {
        let kind = ["flagged", "locked", "conditional_transfer", "new_line"][at % 4];
        let places = (kind == "locked").then_some(20);
        tables.add(
            "agreements",
            json!({ "id": chance.id(chance.now - TimeDelta::days(200)), "from_org": from, "to_org": to, "kind": kind, "places": places,
                "client_tracking": true, "starts_on": today - TimeDelta::days(200), "ends_on": today + TimeDelta::days(400), "version": 1 }),
        );
    }
}
