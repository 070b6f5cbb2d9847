//! The guard over sentences that were written for it by hand.
use super::*;

fn known() -> Known {
    Known {
        names: ["فاطمة حسين المنصور", "Fatima Hussein al-Mansour", "Grace Hope Okello", "محمد عبد الرحمن", "أمل خالد"]
            .map(str::to_owned)
            .to_vec(),
        births: ["1990-03-12", "2015-01-01"].map(|date| date.parse().expect("a date")).to_vec(),
        phones: ["+962 79 123 4567", "06 555 0101"].map(str::to_owned).to_vec(),
        documents: ["AB-123 456", "9901234567"].map(str::to_owned).to_vec(),
        emails: vec!["fatima.h@example.org".to_owned()],
        addresses: ["12 Palm Street, Zarqa".to_owned(), "شارع الملك طلال، حي الزهور 7".to_owned()].to_vec(),
    }
}

fn marked(text: &str) -> Vec<(&str, Kind)> {
    find(text, &known()).into_iter().map(|hit| (&text[hit.start..hit.end], hit.kind)).collect()
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
