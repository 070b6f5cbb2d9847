//! An organisation of the demo that has no account: whom Harbour Relief knows there, and its one service. Refer somebody there, make a link on
//! the referral's page, and answer it at `/r`.
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::cast::user;
use super::tables::Tables;

const ORG: i32 = 12;
const NAMES: [&str; 3] = ["Marsa Bar Association", "نقابة المحامين في المرسى", "Barreau de Marsa"];

fn id(of: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("demo outside {of}").as_bytes())
}

/// Adds the organisation, its service and its contacts. Nothing here is left to chance, so that nothing else moves.
pub fn add(tables: &mut Tables, now: DateTime<Utc>) {
    tables.add(
        "organisations",
        json!({ "id": ORG, "public_id": id("public"), "name": NAMES[0], "names": { "en": NAMES[0], "ar": NAMES[1], "fr": NAMES[2] }, "kind": "other",
            "lang": "en", "time_zone": "Asia/Amman", "weekend": [5, 6], "holidays": [], "general_desk": "Bar Association front desk, 555 0170",
            "in_system": false, "active": true, "external_id": format!("demo-org-{ORG}"), "description": "", "version": 1,
            "created_at": now - TimeDelta::days(400) }),
    );
    add_service(tables, now);
    // A person whom Ada has rung, and a desk that nobody has.
    for (name, desk, named, email) in [
        ("Layth Barakat", "Duty advocate", true, "layth.barakat@bar.example.org"),
        ("Front desk", "Ground floor", false, "desk@bar.example.org"),
    ] {
        tables.add(
            "organisation_contacts",
            json!({ "id": id(name), "org": ORG, "keeper": 1, "name": name, "desk": desk, "named": named, "email": email, "phone": "555 0171",
                "lang": "en", "verified_at": named.then(|| now - TimeDelta::days(40)), "verified_by": named.then(|| user("ada")), "version": 1,
                "recorded_at": now - TimeDelta::days(60) }),
        );
    }
}

fn add_service(tables: &mut Tables, now: DateTime<Utc>) {
    let names = ["Free legal evenings", "أمسيات قانونية مجانية", "Soirées juridiques gratuites"];
    tables.add(
        "services",
        json!({
            "id": id("service"), "org": ORG, "unit": null, "external_id": "demo-service-outside", "name": names[0],
            "names": { "en": names[0], "ar": names[1], "fr": names[2] }, "description": "Advice by volunteer advocates, every Tuesday evening.",
            "needs": ["legal"], "languages": ["ar", "en"], "documents_required": "", "eligibility": "", "min_age": null, "max_age": null, "sexes": [],
            "accessibility": "", "phone": "555 0172", "email": "", "url": "", "status": "active", "capacity": 12, "places_free": 5,
            "waiting_days": 7, "not_accepting": false, "requires_approval": false, "visibility": "public", "cleared_types": [],
            "verified_at": now - TimeDelta::days(20), "verified_by": null, "imported": {}, "version": 1, "recorded_at": now - TimeDelta::days(300),
        }),
    );
}
