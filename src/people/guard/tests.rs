//! The guard over sentences that were written for it by hand.
use super::*;

fn known() -> Known {
    Known {
        names: ["فاطمة حسين المنصور", "Fatima Hussein al-Mansour", "Grace Hope Okello", "محمد عبد الرحمن", "أمل خالد"]
            .map(str::to_owned)
            .to_vec(),
        births: ["1990-03-12", "2015-01-01"].map(|date| date.parse().expect("a date")).to_vec(),
        phones: ["+962 79 123 4567", "06 555 0101", "+961 3 777 111"].map(str::to_owned).to_vec(),
        documents: ["AB-123 456", "9901234567"].map(str::to_owned).to_vec(),
        emails: vec!["fatima.h@example.org".to_owned()],
        addresses: ["12 Palm Street, Zarqa".to_owned(), "شارع الملك طلال، حي الزهور 7".to_owned()].to_vec(),
    }
}

fn marked(text: &str) -> Vec<(&str, Kind)> {
    find(text, &known()).into_iter().map(|hit| (&text[hit.start..hit.end], hit.kind)).collect()
}

#[test]
fn a_code_of_ours_is_no_name_whatever_it_sounds_like() {
    let kasim = Known { names: vec!["Kasim Saleh".to_owned(), "قاسم صالح".to_owned()], ..Known::default() };
    let marks = |text: &'static str| find(text, &kasim).into_iter().map(|hit| &text[hit.start..hit.end]).collect::<Vec<_>>();
    assert_eq!(marks("Referral R-QXZM-6RVW, please answer"), Vec::<&str>::new());
    assert_eq!(marks("Kasim: R-QXZM-6RVW"), ["Kasim"]);
    // One character more or less, and it is none of ours.
    assert_eq!(marks("Referral R-QXZM-6RVX"), ["QXZM"]);
}

#[test]
fn names_are_marked_in_any_script_and_spelling() {
    let table: &[(&str, &[&str])] = &[
        ("Please see Fatima Hussein on Monday.", &["Fatima Hussein"]),
        ("Please see FATIMA soon, she is waiting.", &["FATIMA"]),
        ("please see fatima hussein", &["fatima hussein"]),
        ("About Fatma Husain", &["Fatma Husain"]),
        ("Nous vous adressons d'urgence Fatimah.", &["Fatimah"]),
        ("Le dossier d'Amal est joint.", &["Amal"]),
        ("It is about Fatima's brother", &["Fatima"]),
        ("Hussein, F.", &["Hussein"]),
        ("نحيل إليكم السيدة فاطمة حسين", &["فاطمة حسين"]),
        ("نحيل إليكم فاطمه غدا", &["فاطمه"]),
        ("طلبت منا المساعدة لفاطمة", &["لفاطمة"]),
        ("Le cas de Mohamed Abderrahmane", &["Mohamed Abderrahmane"]),
        ("Mohammad Abdul Rahman", &["Mohammad", "Abdul Rahman"]),
        ("Dear colleague, Grace is waiting for you", &["Grace"]),
        ("We met Hope yesterday", &["Hope"]),
        ("السيدة أمل تنتظر", &["أمل"]),
        ("contact okello quickly", &["okello"]),
    ];
    for (text, expected) in table {
        let found: Vec<&str> = marked(text).into_iter().map(|(words, _)| words).collect();
        assert_eq!(found.join("|").replace(' ', "|"), expected.join("|").replace(' ', "|"), "{text}");
    }
}

#[test]
fn arabic_compounds_are_marked_joined_and_apart() {
    let table: &[(&str, &str, &str)] = &[
        ("محمد عبد الرحمن", "يحتاج عبدالرحمن إلى موعد", "عبدالرحمن"),
        ("محمد عبدالرحمن", "يحتاج عبد الرحمن إلى موعد", "عبد الرحمن"),
        ("عبد الرحمن", "نرجو استقبال عـبـدالرحـمـن غدا", "عـبـدالرحـمـن"),
        ("عبد الرحمن", "نرجو استقبال عَبْدُالرَّحْمٰن غدا", "عَبْدُالرَّحْمٰن"),
        ("عبدالرحمن", "نرجو استقبال عَبْد الرَّحْمَن غدا", "عَبْد الرَّحْمَن"),
        ("عبد الرحمن", "اتصلوا بعبدالرحمن", "بعبدالرحمن"),
        ("عبدالرحمن", "اتصلوا بعبد الرحمن", "بعبد الرحمن"),
        ("عبدالرحمن", "حضر عبد ال رحمن اليوم", "عبد ال رحمن"),
        ("عبدالرحمن", "We met Abdul Rahman today", "Abdul Rahman"),
        ("Abderrahmane", "حضر عبدالرحمن اليوم", "عبدالرحمن"),
        ("أبو بكر", "حضر أبوبكر اليوم", "أبوبكر"),
        ("أبوبكر", "حضر أبا بكر اليوم", "أبا بكر"),
        ("ابن سعيد", "حضر بنسعيد اليوم", "بنسعيد"),
        ("بنسعيد", "حضر ابن سعيد اليوم", "ابن سعيد"),
        ("أم كلثوم", "حضرت امكلثوم اليوم", "امكلثوم"),
        ("أمكلثوم", "حضرت أم كلثوم اليوم", "أم كلثوم"),
        ("آل زهران", "حضر آلزهران اليوم", "آلزهران"),
        ("آلزهران", "حضر آل زهران اليوم", "زهران"),
        ("أبو عبد الرحمن", "حضر ابوعبدالرحمن اليوم", "ابوعبدالرحمن"),
        ("الزهراني", "حضر زهراني اليوم", "زهراني"),
    ];
    for (name, text, expected) in table {
        let known = Known { names: vec![(*name).to_owned()], ..Known::default() };
        let found: Vec<&str> = find(text, &known).iter().map(|hit| &text[hit.start..hit.end]).collect();
        assert_eq!(found, [*expected], "{name} in {text}");
    }
    let others = ["أماني", "أمانة", "بنان", "عبد العزيز", "أم كلثوم"].map(str::to_owned).to_vec();
    let known = Known { names: others, ..Known::default() };
    for text in ["لا نعرف أم أنه سيحضر", "هذا عبد الرحمن", "أم أني أخطأت", "حضر ابن خالته"]
    {
        assert_eq!(find(text, &known), [], "{text}");
    }
}

#[test]
fn numbers_dates_and_addresses_are_marked_however_they_are_written() {
    let table: &[(&str, &str, Kind)] = &[
        ("Born 12/03/1990 in", "12/03/1990", Kind::Birth),
        ("on 1990-03-12.", "1990-03-12", Kind::Birth),
        ("the 12th of March 1990", "12th of March 1990", Kind::Birth),
        ("March 12, 1990", "March 12, 1990", Kind::Birth),
        ("née le 12 mars 1990", "12 mars 1990", Kind::Birth),
        ("el 12 de marzo de 1990", "12 de marzo de 1990", Kind::Birth),
        ("في ١٢ آذار ١٩٩٠", "١٢ آذار ١٩٩٠", Kind::Birth),
        ("مواليد ١٩٩٠", "١٩٩٠", Kind::Birth),
        ("١٢/٣/١٩٩٠", "١٢/٣/١٩٩٠", Kind::Birth),
        ("12.3.90", "12.3.90", Kind::Birth),
        ("1 كانون الثاني 2015", "1 كانون الثاني 2015", Kind::Birth),
        ("call 0791234567", "0791234567", Kind::Phone),
        ("call 00962 79 12 34 567", "00962 79 12 34 567", Kind::Phone),
        ("(079) 123-45-67", "079) 123-45-67", Kind::Phone),
        ("هاتف ٠٧٩١٢٣٤٥٦٧", "٠٧٩١٢٣٤٥٦٧", Kind::Phone),
        ("number 555 01 01 now", "555 01 01", Kind::Phone),
        ("tel. 03777111", "03777111", Kind::Phone),
        ("tel. 03 777 111 only", "03 777 111", Kind::Phone),
        ("هاتف ٠٣/٧٧٧١١١", "٠٣/٧٧٧١١١", Kind::Phone),
        ("room 12 3777111", "3777111", Kind::Phone),
        ("card ab 123-456.", "ab 123-456", Kind::Document),
        ("ID no. 99 01 23 45 67", "99 01 23 45 67", Kind::Document),
        ("id:٩٩٠١٢٣٤٥٦٧", "٩٩٠١٢٣٤٥٦٧", Kind::Document),
        ("Fatima.H@Example.org", "Fatima.H@Example.org", Kind::Email),
        ("fatima.h (at) example.org", "fatima.h (at) example.org", Kind::Email),
        ("lives in Palm Street 12", "Palm Street 12", Kind::Address),
        ("at 12, Palm St., Zarqa", "12, Palm St., Zarqa", Kind::Address),
        ("تسكن في شارع الملك طلال حي الزهور", "الملك طلال حي الزهور", Kind::Address),
    ];
    for (text, expected, kind) in table {
        assert_eq!(marked(text), [(*expected, *kind)], "{text}");
    }
}

#[test]
fn a_number_without_its_letters_and_a_street_without_its_house_are_marked() {
    let known = Known {
        documents: vec!["N-4482917".to_owned()],
        addresses: vec!["14 Olive Tree Street, Amman".to_owned()],
        ..Known::default()
    };
    let marks = |text: &'static str| find(text, &known).into_iter().map(|hit| &text[hit.start..hit.end]).collect::<Vec<_>>();
    assert_eq!(marks("the card 4482917 was lost"), ["4482917"]);
    assert_eq!(marks("the card 448 2917 was lost"), ["448 2917"]);
    assert_eq!(marks("they stay in Olive Tree Street for now"), ["Olive Tree"]);
    for text in ["The olive tree in the yard", "A tree in our street", "Meet at the olive market", "Order 14482917"] {
        assert_eq!(marks(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn ordinary_sentences_pass() {
    let table = [
        "Please see the attached referral letter about one of our clients who may benefit from your services.",
        "May we ask you for an answer by 12 March 2027? We hope so.",
        "Hope this finds you well. Grace period: two weeks.",
        "The appointment is on 12/03/2026 at 10:30; call our office on 06 555 0199.",
        "With the hope of a quick answer, and in good grace.",
        "Nous espérons une réponse avant le 12 mars 2027. Merci de votre accueil.",
        "Esperamos su respuesta antes del 12 de marzo de 2027. Gracias por su ayuda.",
        "نأمل الرد قبل ١٢ آذار ٢٠٢٧، ولكم جزيل الشكر.",
        "نرجو التكرم بتحديد موعد على أمل الرد قريبا.",
        "يرجى الاتصال بمركز الأمل في أي وقت.",
        "Case code R-7KQ4-M, priority urgent, 3 services requested.",
        "She lives in the Zarqa area; a street near the market.",
    ];
    for text in table {
        assert_eq!(marked(text), [], "{text}");
    }
}

#[test]
fn hits_stand_on_borders_of_characters_whatever_the_text() {
    let known = known();
    for text in [
        "",
        " ",
        "ﷺ فاطمة 🙂",
        "'''",
        "’",
        "+",
        "ـــ",
        "\u{202e}Fatima\u{202c}",
        "Fa\u{ad}tima",
        "１２/０３/１９９０",
        "12//03//1990",
        "@",
        "fatima.h@",
        "ّ",
    ] {
        for hit in find(text, &known) {
            assert!(text.is_char_boundary(hit.start) && text.is_char_boundary(hit.end) && hit.start < hit.end, "{text:?}");
        }
    }
}

proptest::proptest! {
    #[test]
    fn no_text_and_no_registry_makes_it_stumble(text in "\\PC{0,60}", name in "\\PC{0,20}", number in "[0-9+ ()A-Z-]{0,14}") {
        let odd = Known { names: vec![name.clone()], documents: vec![number.clone()], phones: vec![number], emails: vec![format!("{name}@x.y")], addresses: vec![name], ..known() };
        for hit in find(&text, &odd) {
            proptest::prop_assert!(hit.start < hit.end && text.get(hit.start..hit.end).is_some());
        }
    }
}

// Written after the guard was finished, with names and sentences that nothing was tuned on; counted, not looked at one by one.
mod held_out {
    use super::super::{Known, find};

    const PLANTED: &[(&str, &str)] = &[
        ("Abdelkader Benchaâbane", "Please expect Mr Abdelkader Benchaabane on Monday."),
        ("Abdelkader Benchaâbane", "Merci de recevoir Abdelkader cette semaine."),
        ("Abdelkader Benchaâbane", "سيحضر السيد عبد القادر يوم الأحد."),
        ("نجلاء العتيبي", "We spoke with Najlaa about the school."),
        ("نجلاء العتيبي", "نرجو استقبال نجلاء العتيبي في العيادة."),
        ("نجلاء العتيبي", "The mother of N. Al-Otaibi came twice."),
        ("Nguyễn Thị Lan", "For nguyen thi lan we ask for a home visit."),
        ("Nguyễn Thị Lan", "Mme Nguyen attend votre appel."),
        ("Ximena Quiroga", "Les derivamos a Ximena para terapia física."),
        ("Ximena Quiroga", "La familia QUIROGA vive cerca de su centro."),
        ("Siobhán Ní Dhomhnaill", "Siobhan would like a morning appointment."),
        ("Temesgen Haile", "You may call Temesgen after ten."),
        ("Temesgen Haile", "haile, temesgen: new referral"),
        ("María del Carmen Restrepo", "La señora Restrepo aceptó compartir sus datos."),
        ("María del Carmen Restrepo", "Maria del Carmen needs an interpreter."),
        ("Faith Achieng", "We hope you can help Faith with the papers."),
        ("Faith Achieng", "achieng has two appointments"),
        ("عبد الله الشمري", "يحتاج عبدالله الشمري إلى موعد عاجل."),
        ("عبد الله الشمري", "Abdallah Shammari is expecting you."),
        ("عبد الله الشمري", "Nous vous adressons M. Al Shamari."),
        ("هبة الزعبي", "The case of Hiba Zoubi is urgent."),
        ("هبة الزعبي", "اتصلوا بالسيدة هبة قبل الظهر."),
        ("Svitlana Kovalenko", "Світлана Коваленко will come with her son."),
        ("Svitlana Kovalenko", "Ask for Kovalenko at the desk."),
        ("Sékou Touré", "Le jeune Sekou Toure est accompagné par son oncle."),
        ("Mehmet Yılmaz", "MEHMET YILMAZ needs a wheelchair."),
        ("Mehmet Yılmaz", "Bay Muhammed Yilmaz kabul etti."),
        ("Rukia Abdi Warsame", "Rukiya Warsame lives with her aunt."),
        ("Rukia Abdi Warsame", "رقية ورسمة بحاجة إلى مأوى"),
        ("Joyce Mwangi", "Could Joyce see the nurse today?"),
    ];

    const CLEAN: &[&str] = &[
        "Kindly let us know whether the workshop in June is still open.",
        "The hall on the second floor can be used until noon.",
        "Our driver will fetch the wheelchair from your store room.",
        "A second opinion was given, and the wound has healed well.",
        "All papers are in a blue folder at the reception desk.",
        "Mental health support is offered in small groups.",
        "The landlord asked them to leave at the end of the month.",
        "Two mattresses, four blankets and a stove were handed out.",
        "Please return the signed receipt by mail or by hand.",
        "Marked with a star are those services that ask for a fee.",
        "Summer courses begin on the first Sunday of July.",
        "In faith communities many volunteers are ready to help.",
        "ترسل العيادة تقريرا طبيا بعد كل جلسة.",
        "القاعة في الطابق الثاني متاحة حتى الظهر.",
        "وُزعت فرشتان وأربع بطانيات وموقد على الأسرة.",
        "يعمل الفريق بأمانة ويحافظ على سرية المعلومات.",
        "طلب صاحب البيت منهم المغادرة في نهاية الشهر.",
        "الدورات الصيفية تبدأ في أول أحد من تموز.",
        "هذا القرار في صالح الطفل وهو القرار الأحسن حاليا.",
        "لم يعد الدواء متوفرا في الصيدلية القريبة من المركز.",
        "ننتظر جوابكم الكريم في أقرب وقت ممكن.",
        "تم نقل الأوراق إلى مكتبكم في وسط المدينة.",
        "La salle du deuxième étage est libre jusqu'à midi.",
        "Deux matelas, quatre couvertures et un réchaud ont été remis.",
        "Le propriétaire leur a demandé de partir à la fin du mois.",
        "Les cours d'été commencent le premier dimanche de juillet.",
        "Un rapport médical suit après chaque séance.",
        "Le soutien psychologique se fait en petits groupes.",
        "Nous restons à votre disposition pour tout renseignement.",
        "La mairie a promis une aide au loyer dès la rentrée.",
        "El salón del segundo piso está libre hasta el mediodía.",
        "Se entregaron dos colchones, cuatro mantas y una estufa.",
        "El dueño les pidió que se fueran a fin de mes.",
        "Los cursos de verano empiezan el primer domingo de julio.",
        "El apoyo psicológico se ofrece en grupos pequeños.",
        "Quedamos atentos a cualquier inquietud.",
        "La alcaldía prometió un subsidio de arriendo desde agosto.",
        "El medicamento ya no está disponible en la farmacia cercana.",
    ];

    #[test]
    fn names_and_sentences_that_nothing_was_tuned_on() {
        let read = |names: &[&str], text: &str| {
            !find(text, &Known { names: names.iter().map(|name| (*name).to_owned()).collect(), ..Known::default() }).is_empty()
        };
        let missed: Vec<_> = PLANTED.iter().filter(|(name, text)| !read(&[name], text)).collect();
        let names: Vec<&str> = PLANTED.iter().map(|(name, _)| *name).collect();
        let stopped: Vec<_> = CLEAN.iter().filter(|text| read(&names, text)).collect();
        println!(
            "held out: {} of {} missed {missed:?}, {} of {} stopped {stopped:?}",
            missed.len(),
            PLANTED.len(),
            stopped.len(),
            CLEAN.len()
        );
        assert!(missed.len() <= 1 && stopped.len() <= 1, "missed {missed:#?}, stopped {stopped:#?}");
    }
}

#[test]
fn exactly_what_was_found_is_marked() {
    let hit = |start, end| Hit { start, end, kind: Kind::Name };
    assert_eq!(
        super::marked("Dear Dana, hello", &[hit(5, 9)]),
        [("Dear ".to_owned(), false), ("Dana".to_owned(), true), (", hello".to_owned(), false)]
    );
    assert_eq!(super::marked("Plain", &[]), [("Plain".to_owned(), false)]);
}
