//! The made-up country Samra: its areas, organisations and their units.
/// The four areas: code and Arabic name.
pub const AREAS: [(&str, &str); 4] = [("Marsa", "المرسى"), ("Jabal", "الجبل"), ("Wadi", "الوادي"), ("Sahel", "الساحل")];

/// One organisation.
pub struct Organisation {
    /// Its number.
    pub id: i32,
    /// What kind it is.
    pub kind: &'static str,
    /// In English, Arabic and French.
    pub names: [&'static str; 3],
    /// Whom to ask there.
    pub desk: &'static str,
    /// Its own language.
    pub lang: &'static str,
}

/// Every organisation; names in English, Arabic and French. Phone numbers come from a range kept for fiction.
pub const ORGANISATIONS: [Organisation; 10] = [
    Organisation {
        id: 1,
        kind: "ngo",
        names: ["Harbour Relief", "إغاثة الميناء", "Secours du Port"],
        desk: "Harbour Relief switchboard, 555 0100",
        lang: "en",
    },
    Organisation {
        id: 2,
        kind: "provider",
        names: ["Al Noor Clinic", "عيادة النور", "Clinique Al Noor"],
        desk: "Al Noor Clinic reception, 555 0110",
        lang: "en",
    },
    Organisation {
        id: 3,
        kind: "ministry",
        names: ["Ministry of Social Development", "وزارة التنمية الاجتماعية", "Ministère du Développement social"],
        desk: "Ministry enquiries, 555 0120",
        lang: "ar",
    },
    Organisation {
        id: 4,
        kind: "municipality",
        names: ["Municipality of Marsa", "بلدية المرسى", "Municipalité de Marsa"],
        desk: "Town hall, 555 0130",
        lang: "ar",
    },
    Organisation {
        id: 5,
        kind: "un_agency",
        names: [
            "United Nations Protection Office (demo)",
            "مكتب الأمم المتحدة للحماية (تجريبي)",
            "Bureau des Nations Unies pour la protection (démo)",
        ],
        desk: "Protection Office front desk, 555 0140",
        lang: "fr",
    },
    Organisation {
        id: 6,
        kind: "ngo",
        names: ["Cedar Legal Aid", "الأرز للمساعدة القانونية", "Cèdre Aide juridique"],
        desk: "Cedar Legal Aid office, 555 0150",
        lang: "en",
    },
    Organisation {
        id: 7,
        kind: "ngo",
        names: ["Pathway Employment Centre", "مركز المسار للتوظيف", "Centre d'emploi Passerelle"],
        desk: "Pathway front desk, 555 0170",
        lang: "en",
    },
    Organisation {
        id: 8,
        kind: "ngo",
        names: ["Bridge to Work", "جسر إلى العمل", "Pont vers l'emploi"],
        desk: "Bridge to Work office, 555 0180",
        lang: "en",
    },
    Organisation {
        id: OUTSIDE,
        kind: "ngo",
        names: ["Lighthouse Night School", "مدرسة الفنار المسائية", "École du soir du Phare"],
        desk: "Night school office, 555 0190",
        lang: "en",
    },
    Organisation {
        id: 10,
        kind: "ministry",
        names: ["Institute of Social Co-management", "معهد الإدارة الاجتماعية المشتركة", "Institut de cogestion sociale"],
        desk: "Institute enquiries, 555 0195",
        lang: "es",
    },
];

/// The organisation that does not work in this system.
pub const OUTSIDE: i32 = 9;

/// Those that came with the first pack; the others are added with theirs.
pub const FIRST_ORGANISATIONS: usize = 6;
/// Those of the first pack and of those after it.
pub const LATER_ORGANISATIONS: usize = 9;

/// One unit: id, organisation, parent, name, area.
pub type Unit = (i32, i32, Option<i32>, &'static str, Option<&'static str>);

/// Every unit.
pub const UNITS: [Unit; 34] = [
    (10, 1, None, "Harbour Relief head office", None),
    (11, 1, Some(10), "Marsa field unit", Some("Marsa")),
    (12, 1, Some(10), "Jabal field unit", Some("Jabal")),
    (13, 1, Some(10), "Wellbeing unit", Some("Marsa")),
    (14, 1, Some(10), "Integrity desk", None),
    (15, 1, Some(10), "House team", None),
    (20, 2, None, "Al Noor Clinic", Some("Marsa")),
    (21, 2, Some(20), "Reception", Some("Marsa")),
    (22, 2, Some(20), "Counselling", Some("Marsa")),
    (30, 3, None, "Ministry of Social Development", None),
    (31, 3, Some(30), "Coast directorate", Some("Marsa")),
    (32, 3, Some(31), "Marsa district office", Some("Marsa")),
    (33, 3, Some(30), "Inland directorate", Some("Wadi")),
    (34, 3, Some(33), "Wadi district office", Some("Wadi")),
    (40, 4, None, "Municipality of Marsa", Some("Marsa")),
    (41, 4, Some(40), "Social affairs office", Some("Marsa")),
    (42, 4, Some(40), "Civil registry", Some("Marsa")),
    (50, 5, None, "Protection Office", None),
    (51, 5, Some(50), "Sahel field office", Some("Sahel")),
    (60, 6, None, "Cedar Legal Aid", None),
    (61, 6, Some(60), "Legal desk", Some("Marsa")),
    (52, 5, Some(50), "Community protection unit", Some("Sahel")),
    (53, 5, Some(50), "Resettlement unit", Some("Sahel")),
    (54, 5, Some(50), "Confidential support unit", Some("Sahel")),
    (70, 7, None, "Pathway Employment Centre", Some("Marsa")),
    (71, 7, Some(70), "Marsa employment office", Some("Marsa")),
    (80, 8, None, "Bridge to Work", Some("Marsa")),
    (81, 8, Some(80), "Mill Street office", Some("Marsa")),
    (43, 4, Some(40), "Inclusion team", Some("Marsa")),
    (35, 3, Some(33), "Family accompaniment team", Some("Wadi")),
    (36, 3, Some(33), "Outreach team", Some("Wadi")),
    (37, 3, Some(33), "Case management team", Some("Wadi")),
    (100, 10, None, "Institute of Social Co-management", Some("Jabal")),
    (101, 10, Some(100), "Jabal co-management office", Some("Jabal")),
];

/// Those of the first pack.
pub const FIRST_UNITS: usize = 21;
/// And of those after it.
pub const LATER_UNITS: usize = 28;
/// And of the packs for families.
pub const FAMILY_UNITS: usize = 32;
