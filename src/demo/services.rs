//! The forty services of the demo's directory, one of them a hidden shelter (S14).
use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use super::cast::{org_of, user};
use super::chance::Chance;
use super::country::{AREAS, OUTSIDE};
use super::tables::Tables;

/// A service: the unit that takes referrals, its need, and its name in English, Arabic and French.
pub type Entry = (i32, &'static str, &'static str, &'static str, &'static str);

/// The last one is the shelter.
const ENTRIES: [Entry; 40] = [
    (21, "health", "General practice", "طب عام", "Médecine générale"),
    (21, "health", "Maternal health", "صحة الأم", "Santé maternelle"),
    (21, "health", "Child health and vaccination", "صحة الطفل والتطعيم", "Santé infantile et vaccination"),
    (21, "health", "Dental care", "رعاية الأسنان", "Soins dentaires"),
    (21, "nutrition", "Nutrition for children under five", "تغذية الأطفال دون الخامسة", "Nutrition des moins de cinq ans"),
    (21, "disability", "Physiotherapy", "علاج طبيعي", "Kinésithérapie"),
    (21, "disability", "Wheelchairs and hearing aids", "كراسٍ متحركة ومعينات سمعية", "Fauteuils roulants et appareils auditifs"),
    (22, "mental_health", "Counselling for adults", "إرشاد نفسي للبالغين", "Soutien psychologique pour adultes"),
    (22, "mental_health", "Counselling for children", "إرشاد نفسي للأطفال", "Soutien psychologique pour enfants"),
    (22, "mental_health", "Group sessions for caregivers", "جلسات جماعية لمقدمي الرعاية", "Groupes pour les aidants"),
    (22, "gbv_response", "Confidential medical care", "رعاية طبية سرية", "Soins médicaux confidentiels"),
    (21, "older_persons", "Home visits for older persons", "زيارات منزلية لكبار السن", "Visites à domicile pour personnes âgées"),
    (41, "social_protection", "Municipal family support", "دعم الأسرة البلدي", "Soutien municipal aux familles"),
    (41, "relief_items", "Winter kits", "لوازم الشتاء", "Kits d'hiver"),
    (41, "shelter", "Rent bridging", "دعم مؤقت للإيجار", "Aide transitoire au loyer"),
    (41, "shelter", "Home repairs", "ترميم المنازل", "Réparation de logements"),
    (41, "food", "Community kitchen", "مطبخ المجتمع", "Cuisine communautaire"),
    (41, "water_sanitation", "Water delivery", "توصيل المياه", "Livraison d'eau"),
    (41, "transport", "Transport for persons with disabilities", "نقل ذوي الإعاقة", "Transport des personnes handicapées"),
    (42, "documentation", "Birth registration", "تسجيل المواليد", "Enregistrement des naissances"),
    (42, "documentation", "Identity card replacement", "استبدال بطاقة الهوية", "Remplacement de carte d'identité"),
    (42, "documentation", "Marriage registration", "تسجيل الزواج", "Enregistrement des mariages"),
    (32, "cash", "Monthly cash assistance", "مساعدة نقدية شهرية", "Aide mensuelle en espèces"),
    (32, "cash", "Emergency cash", "مساعدة نقدية طارئة", "Espèces d'urgence"),
    (32, "social_protection", "National social register", "السجل الاجتماعي الوطني", "Registre social national"),
    (32, "disability", "Disability allowance", "بدل الإعاقة", "Allocation handicap"),
    (32, "child_protection", "Foster care placement", "إيداع في أسرة بديلة", "Placement en famille d'accueil"),
    (34, "livelihood", "Vocational training", "تدريب مهني", "Formation professionnelle"),
    (34, "livelihood", "Small business grants", "منح المشاريع الصغيرة", "Subventions aux petites entreprises"),
    (34, "education", "Catch-up classes", "صفوف استدراكية", "Classes de rattrapage"),
    (51, "protection", "Protection counselling", "إرشاد في مجال الحماية", "Conseil en protection"),
    (51, "family_tracing", "Family tracing", "البحث عن أفراد الأسرة", "Recherche de la famille"),
    (51, "relief_items", "Core relief items", "مواد إغاثة أساسية", "Articles de première nécessité"),
    (51, "food", "Food vouchers", "قسائم غذائية", "Bons alimentaires"),
    (61, "legal", "Legal counselling", "استشارات قانونية", "Conseil juridique"),
    (61, "legal", "Representation in court", "تمثيل أمام المحاكم", "Représentation en justice"),
    (61, "documentation", "Help with papers", "مساعدة في استخراج الوثائق", "Aide aux démarches"),
    (11, "child_protection", "Safe space for children", "مساحة آمنة للأطفال", "Espace sûr pour enfants"),
    (12, "education", "School enrolment support", "دعم الالتحاق بالمدرسة", "Aide à la scolarisation"),
    (15, "safe_accommodation", "Lantern house", "بيت الفانوس", "Maison Lanterne"),
];

/// Who learns of a service (S14).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    ToAll,
    ToNamed,
}

/// What the rest of the demo needs to know of a service.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its id.
    pub id: Uuid,
    /// The unit that takes referrals for it.
    pub unit: i32,
    /// What it answers to.
    pub need: &'static str,
    /// Its name in English.
    pub name: &'static str,
}

/// Adds the directory and answers with it.
pub fn add(tables: &mut Tables, chance: &mut Chance) -> Vec<Service> {
    let services = add_those(tables, chance, &ENTRIES, 0);
    for login in ["salma", "rima"] {
        if let Some(shelter) = services.last() {
            tables.add("service_viewers", json!({ "service_id": shelter.id, "user_id": user(login) }));
        }
    }
    services
}

/// Adds services of later packs; `from` counts those that are there already.
pub fn add_those(tables: &mut Tables, chance: &mut Chance, entries: &[Entry], from: usize) -> Vec<Service> {
    let mut services = Vec::with_capacity(entries.len());
    for (at, entry) in entries.iter().enumerate() {
        let at = at + from;
        let shown = if at + 1 == ENTRIES.len() { Shown::ToNamed } else { Shown::ToAll };
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("demo service {at}").as_bytes());
        tables.add("services", row(chance, at, entry, id, shown));
        add_place(tables, chance, id, entry.0, shown);
        services.push(Service { id, unit: entry.0, need: entry.1, name: entry.2 });
    }
    services
}

/// Adds services that rules of a pack know by these ids of theirs.
pub fn add_ruled(tables: &mut Tables, chance: &mut Chance, entries: &[(Entry, &str)], from: usize) -> Vec<Service> {
    let mut services = Vec::with_capacity(entries.len());
    for (at, (entry, external)) in entries.iter().enumerate() {
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("demo service {}", at + from).as_bytes());
        let mut row = row(chance, at + from, entry, id, Shown::ToAll);
        row["external_id"] = json!(external);
        tables.add("services", row);
        add_place(tables, chance, id, entry.0, Shown::ToAll);
        services.push(Service { id, unit: entry.0, need: entry.1, name: entry.2 });
    }
    services
}

fn row(chance: &mut Chance, at: usize, entry: &Entry, id: Uuid, shown: Shown) -> Value {
    let (unit, need, en, ar, fr) = *entry;
    let capacity = chance.between(5, 80);
    // Every ninth entry has not been looked at for longer than the pack allows.
    let verified = chance.now - TimeDelta::days(if at % 9 == 4 { 260 } else { chance.between(2, 150) });
    let phone = if shown == Shown::ToNamed { String::new() } else { format!("555 0{}", 160 + at) };
    json!({
        "id": id, "org": org_of(unit), "unit": (unit != OUTSIDE).then_some(unit), "external_id": format!("demo-service-{at}"), "name": en,
        "names": { "en": en, "ar": ar, "fr": fr }, "description": description(need), "needs": [need],
        "languages": if at.is_multiple_of(4) { json!(["ar", "en", "fr"]) } else { json!(["ar", "en"]) },
        "documents_required": if need == "cash" || need == "documentation" { "Identity card or family booklet" } else { "" },
        "eligibility": if need == "social_protection" { "Residents of Samra registered with the municipality" } else { "" },
        "min_age": if en.contains("adults") { Some(18) } else { None }, "max_age": if en.contains("hild") { Some(17) } else { None },
        "sexes": if en.starts_with("Maternal") { json!(["female"]) } else { json!([]) },
        "accessibility": if at.is_multiple_of(3) { "Ramp and accessible toilet" } else { "" }, "phone": phone, "email": "", "url": "",
        "status": if at == 28 { "temporarily_closed" } else { "active" }, "capacity": capacity,
        "places_free": if at % 7 == 3 { 0 } else { chance.between(0, capacity) }, "waiting_days": chance.between(0, 30),
        "not_accepting": at == 14, "requires_approval": matches!(need, "cash" | "family_tracing" | "skills_training" | "resettlement"),
        "visibility": if shown == Shown::ToNamed { "named" } else { "public" }, "cleared_types": [], "verified_at": verified,
        "verified_by": null, "imported": {}, "version": 1, "recorded_at": chance.now - TimeDelta::days(300),
    })
}

fn description(need: &str) -> &'static str {
    match need {
        "cash" => "Money paid to the person the family chooses, after a short interview.",
        "health" | "nutrition" => "Seen by a nurse or doctor; walk in or by appointment.",
        "mental_health" => "Private conversations with a trained counsellor, in a quiet room.",
        "legal" => "Advice and help with papers and courts, free of charge.",
        "education" => "Help to start, return to or stay in school.",
        _ => "Open to residents and newcomers alike; ask at the desk.",
    }
}

fn add_place(tables: &mut Tables, chance: &mut Chance, service: Uuid, unit: i32, shown: Shown) {
    // The shelter's place is in no table that a list or map could show.
    if shown == Shown::ToAll {
        let at = usize::from(unit == 12) + 2 * usize::from(unit == 34) + 3 * usize::from(unit == 51);
        let steps = f64::from(u32::try_from(chance.between(0, 900)).unwrap_or_default()) / 10_000.0;
        let nth = f64::from(u32::try_from(at).unwrap_or_default());
        tables.add(
            "locations",
            json!({ "id": chance.id(chance.now), "service_id": service, "external_id": null, "name": "", "admin1": AREAS[at].0, "admin2": "",
                "address": format!("{} Station Road, {}", chance.between(1, 90), AREAS[at].0), "latitude": 2.0 + nth + steps, "longitude": -28.0 - nth - steps }),
        );
    }
    // Sunday to Thursday.
    for weekday in [7, 1, 2, 3, 4] {
        tables.add(
            "opening_hours",
            json!({ "id": chance.id(chance.now), "service_id": service, "weekday": weekday, "opens": "08:00", "closes": "15:30" }),
        );
    }
}
