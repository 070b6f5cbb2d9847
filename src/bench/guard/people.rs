//! People for the measurement: a name in one or two scripts with other spellings, a birth, a phone, a document, an e-mail, an address.
use chrono::{Days, NaiveDate};
use rand::RngExt;
use rand::rngs::StdRng;

use crate::people::guard::Known;

/// A name in its own script, in Latin letters, and in other spellings that people use for it.
pub(super) type Name = (&'static str, &'static str, &'static [&'static str]);

const GIVEN: &[Name] = &[
    ("فاطمة", "Fatima", &["Fatma", "Fatimah", "Fatime", "Faatima"]),
    ("محمد", "Mohammed", &["Muhammad", "Mohamed", "Mohamad", "Mouhamed", "Muhammed"]),
    ("خديجة", "Khadija", &["Khadijah", "Khadidja", "Hadija"]),
    ("عائشة", "Aisha", &["Aicha", "Aysha", "Aisha"]),
    ("يوسف", "Yusuf", &["Youssef", "Yousef", "Yousuf"]),
    ("حسين", "Hussein", &["Husain", "Hussain", "Houssein"]),
    ("خالد", "Khaled", &["Khalid", "Haled"]),
    ("إبراهيم", "Ibrahim", &["Ibraheem", "Brahim"]),
    ("زينب", "Zaynab", &["Zeinab", "Zainab", "Zeynep"]),
    ("نور", "Nour", &["Noor", "Nur"]),
    ("أمل", "Amal", &["Amel"]),
    ("إيمان", "Iman", &["Eman", "Imane"]),
    ("سعيد", "Said", &["Saeed", "Saïd"]),
    ("كريم", "Karim", &["Kareem"]),
    ("ليلى", "Layla", &["Leila", "Laila", "Leyla"]),
    ("عمر", "Omar", &["Umar", "Omer"]),
    ("علي", "Ali", &["Aly"]),
    ("عبد الرحمن", "Abdulrahman", &["Abdelrahman", "Abderrahmane", "Abdul Rahman"]),
    ("نور الدين", "Noureddine", &["Nur al-Din", "Nuruddin"]),
    ("مصطفى", "Mustafa", &["Moustafa", "Mostafa"]),
    ("هند", "Hind", &["Hend"]),
    ("ندى", "Nada", &["Nadā"]),
    ("رنا", "Rana", &["Rana"]),
    ("طارق", "Tariq", &["Tarek", "Tarik"]),
    ("", "Grace", &[]),
    ("", "Hope", &[]),
    ("", "May", &[]),
    ("", "Rose", &[]),
    ("", "Esperanza", &[]),
    ("", "Claire", &[]),
    ("", "Luz", &[]),
    ("", "Beatriz", &[]),
    ("", "François", &["Francois"]),
    ("", "Lucía", &["Lucia"]),
    ("", "Jean-Paul", &["Jean Paul"]),
    ("", "Wanjiru", &[]),
    ("", "Oksana", &[]),
    ("", "Tesfaye", &["Tesfay"]),
    ("", "Mamadou", &["Mamadu"]),
    ("", "Nguyen", &["Nguyễn"]),
    ("Ольга", "Olga", &[]),
    ("Γιώργος", "Giorgos", &[]),
    ("", "Željko", &["Zeljko"]),
    ("", "Ng", &[]),
];

const FAMILY: &[Name] = &[
    ("الحداد", "Al-Haddad", &["Haddad", "El Haddad", "Hadad"]),
    ("الخطيب", "Al-Khatib", &["Khatib", "El-Khateeb"]),
    ("منصور", "Mansour", &["Mansur", "Mansoor"]),
    ("سليمان", "Suleiman", &["Sulaiman", "Soleiman", "Sleiman"]),
    ("درويش", "Darwish", &["Darwich", "Derviş"]),
    ("عثمان", "Othman", &["Osman", "Uthman"]),
    ("الحسن", "Al-Hassan", &["Hassan", "El Hassan"]),
    ("صالح", "Saleh", &["Salih"]),
    ("ناصر", "Nasser", &["Nasir", "Naser"]),
    ("شاهين", "Shaheen", &["Chahine", "Shahin"]),
    ("غانم", "Ghanem", &["Ghanim"]),
    ("يعقوب", "Yaqoub", &["Yacoub", "Yakub"]),
    ("", "Okonjo", &[]),
    ("", "Diallo", &[]),
    ("", "Ferreira", &[]),
    ("", "Hakizimana", &[]),
    ("", "García Muñoz", &["Garcia Munoz"]),
    ("", "Moreau", &[]),
    ("", "Ndiaye", &["N'Diaye"]),
    ("", "O'Brien", &["O’Brien", "OBrien"]),
    ("", "Petrescu", &[]),
    ("", "Banks", &[]),
    ("", "Young", &[]),
    ("Шевченко", "Shevchenko", &[]),
];

const STREETS: &[(&str, &str)] = &[
    ("14 Jasmine Street, Zarqa", "شارع الياسمين 14، الزرقاء"),
    ("Block 7, Olive Hill, Irbid", "حي تل الزيتون 7، إربد"),
    ("23 rue des Tanneurs, Sfax", "نهج الدباغين 23، صفاقس"),
    ("Calle Alcázar 118, Cúcuta", "شارع القصر 118، كوكوتا"),
    ("5 Wadi Saqra Circle, Amman", "دوار وادي صقرة 5، عمان"),
    ("Avenue Ibn Sina 61, Rabat", "شارع ابن سينا 61، الرباط"),
];

const COUNTRIES: &[&str] = &["962", "961", "216", "33", "57", "251", "212"];

/// One person.
pub(super) struct Person {
    pub given: Name,
    pub family: Name,
    pub born: NaiveDate,
    /// The country's code and the digits after it.
    pub phone: (&'static str, String),
    pub document: String,
    pub email: String,
    pub street: (&'static str, &'static str),
    /// The registry knows the name in its own script too.
    pub both_scripts: bool,
}

/// The people of one case.
pub(super) fn draw(chance: &mut StdRng) -> Vec<Person> {
    (0..chance.random_range(2..=5)).map(|_| person(chance)).collect()
}

fn person(chance: &mut StdRng) -> Person {
    let given = *pick(chance, GIVEN);
    let family = *pick(chance, FAMILY);
    let born = NaiveDate::from_ymd_opt(1945, 1, 1).unwrap_or_default() + Days::new(chance.random_range(0..29_000));
    let digits: String = (0..9).map(|at| char::from(b'0' + chance.random_range(u8::from(at == 0)..10))).collect();
    let country = *pick(chance, COUNTRIES);
    let letter = |chance: &mut StdRng| char::from(b'A' + chance.random_range(0..26));
    let document = match chance.random_range(0..3) {
        0 => format!("{}{}-{}", letter(chance), letter(chance), chance.random_range(100_000..999_999)),
        1 => format!("{}", chance.random_range(1_000_000_000_u64..9_999_999_999)),
        _ => format!("{}-{}C{}", chance.random_range(100..999), chance.random_range(10..99), chance.random_range(10_000..99_999)),
    };
    let email = format!(
        "{}{}@mail.example",
        any_ascii::any_ascii(given.1).to_lowercase().replace([' ', '\''], ""),
        chance.random_range(10..9_999)
    );
    Person {
        given,
        family,
        born,
        // Some of Lebanon's have seven digits, so that with the country's code they are longer than the digits compared.
        phone: if country == "961" { (country, digits[..7].to_owned()) } else { (country, digits) },
        document,
        email,
        street: *pick(chance, STREETS),
        both_scripts: chance.random_range(0..3) > 0,
    }
}

/// What a registry would hold of them.
pub(super) fn known(people: &[Person]) -> Known {
    let mut known = Known::default();
    for (at, person) in people.iter().enumerate() {
        let own = |name: Name| if name.0.is_empty() { name.1 } else { name.0 };
        let latin = format!("{} {}", person.given.1, person.family.1);
        if person.both_scripts {
            known.names.push(format!("{} {}", own(person.given), own(person.family)));
        }
        known.names.push(latin);
        known.births.push(person.born);
        known.phones.push(format!("+{} {}", person.phone.0, person.phone.1));
        known.documents.push(person.document.clone());
        known.emails.push(person.email.clone());
        known.addresses.push(if at % 2 == 0 { person.street.0 } else { person.street.1 }.to_owned());
    }
    known
}

pub(super) fn pick<'a, T>(chance: &mut StdRng, of: &'a [T]) -> &'a T {
    &of[chance.random_range(0..of.len())]
}
