//! One thing of one person, written in one of the ways people write it, in a sentence of a letter.
use chrono::{Datelike, NaiveDate};
use rand::RngExt;
use rand::rngs::StdRng;

use super::people::{Name, Person, pick};
use super::sentences;
use crate::people::guard::Kind;
use crate::platform::lang::Lang;

/// A text with something planted in it.
pub(super) struct Planted {
    pub kind: Kind,
    pub text: String,
    pub start: usize,
    pub end: usize,
}

pub(super) fn one(chance: &mut StdRng, lang: Lang, people: &[Person]) -> Planted {
    let (kind, item) = item(chance, lang, people);
    let carrier = sentences::carrier(chance, lang, kind);
    let at = carrier.find("{}").unwrap_or(0);
    let text = carrier.replacen("{}", &item, 1);
    Planted { kind, end: at + item.len(), start: at, text }
}

fn item(chance: &mut StdRng, lang: Lang, people: &[Person]) -> (Kind, String) {
    let person = pick(chance, people);
    match chance.random_range(0..10) {
        0..=4 => (Kind::Name, name(chance, lang, person)),
        5 => (Kind::Birth, birth(chance, lang, person.born)),
        6 => (Kind::Phone, phone(chance, person)),
        7 => (Kind::Document, document(chance, &person.document)),
        8 => (Kind::Email, email(chance, &person.email)),
        // An address is known in one script; it is written in that one.
        _ => {
            let at = people.iter().position(|other| std::ptr::eq(other, person)).unwrap_or(0);
            (Kind::Address, address(chance, if at % 2 == 0 { person.street.0 } else { person.street.1 }))
        }
    }
}

/// In the script of the letter where the name has one, often in another; whole or in part; as registered or otherwise.
fn name(chance: &mut StdRng, lang: Lang, person: &Person) -> String {
    let arabic = lang == Lang::Ar && chance.random_range(0..10) < 8 || chance.random_range(0..10) == 0;
    let (given, family) = (written(chance, person.given, arabic), written(chance, person.family, arabic));
    match chance.random_range(0..8) {
        0..=2 => format!("{given} {family}"),
        3 => given,
        4 => family,
        5 => format!("{family}, {given}"),
        6 => format!("{given} {family}").to_uppercase(),
        _ => format!("{given} {family}").to_lowercase(),
    }
}

fn written(chance: &mut StdRng, name: Name, arabic: bool) -> String {
    if arabic && !name.0.is_empty() {
        return match chance.random_range(0..4) {
            // As people type without care for alefs and final letters.
            0 => name.0.replace(['أ', 'إ', 'آ'], "ا").replace('ة', "ه"),
            _ => name.0.to_owned(),
        };
    }
    if name.2.is_empty() || chance.random_range(0..2) == 0 { name.1.to_owned() } else { (*pick(chance, name.2)).to_owned() }
}

const MONTHS: [[&str; 12]; 4] = [
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    [
        "كانون الثاني",
        "شباط",
        "آذار",
        "نيسان",
        "أيار",
        "حزيران",
        "تموز",
        "آب",
        "أيلول",
        "تشرين الأول",
        "تشرين الثاني",
        "كانون الأول",
    ],
    ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
    ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"],
];

fn birth(chance: &mut StdRng, lang: Lang, born: NaiveDate) -> String {
    let (day, month, year) = (born.day(), born.month(), born.year());
    let name = MONTHS[lang as usize][month as usize - 1];
    match chance.random_range(0..9) {
        0 => format!("{day:02}/{month:02}/{year}"),
        1 => format!("{day}.{month}.{year}"),
        2 => format!("{year}-{month:02}-{day:02}"),
        3 => format!("{day}-{month}-{:02}", year % 100),
        4 => format!("{month}/{day}/{year}"),
        5 => eastern(&format!("{day}/{month}/{year}")),
        6 if lang == Lang::Es => format!("{day} de {name} de {year}"),
        6 if lang == Lang::En => format!("{name} {day}, {year}"),
        6 => format!("{day:02} / {month:02} / {year}"),
        7 => eastern(&format!("{day} {name} {year}")),
        _ => format!("{day} {name} {year}"),
    }
}

fn eastern(text: &str) -> String {
    text.chars().map(|c| c.to_digit(10).and_then(|digit| char::from_u32('٠' as u32 + digit)).unwrap_or(c)).collect()
}

fn phone(chance: &mut StdRng, person: &Person) -> String {
    let (country, own) = (person.phone.0, person.phone.1.as_str());
    let number = match chance.random_range(0..5) {
        0 => format!("+{country} {own}"),
        1 => format!("00{country}{own}"),
        2 => format!("+{country} ({}) {} {}", &own[..2], &own[2..5], &own[5..]),
        // As neighbours give it: neither the country's code nor the zero before the area's.
        3 => own.to_owned(),
        _ => format!("0{own}"),
    };
    match chance.random_range(0..5) {
        0 => eastern(&number),
        1 => grouped(&number, 2, ' '),
        2 => grouped(&number, 3, '-'),
        3 => grouped(&number, 3, '.'),
        _ => number,
    }
}

fn grouped(number: &str, size: usize, between: char) -> String {
    let digits: Vec<char> = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    digits.chunks(size).map(|chunk| chunk.iter().collect::<String>()).collect::<Vec<_>>().join(&between.to_string())
}

fn document(chance: &mut StdRng, number: &str) -> String {
    let bare: String = number.chars().filter(|c| *c != '-').collect();
    match chance.random_range(0..5) {
        0 => number.to_lowercase(),
        1 => bare,
        2 => {
            bare.chars().collect::<Vec<_>>().chunks(3).map(|chunk| chunk.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
        }
        3 => number.replace('-', " / "),
        _ => number.to_owned(),
    }
}

fn email(chance: &mut StdRng, email: &str) -> String {
    match chance.random_range(0..4) {
        0 => email.to_uppercase(),
        1 => email.replace('@', " (at) "),
        2 => format!("<{email}>"),
        _ => email.to_owned(),
    }
}

fn address(chance: &mut StdRng, street: &str) -> String {
    match chance.random_range(0..4) {
        0 => street.replace([',', '،'], ""),
        1 => street.to_lowercase(),
        // Without the town; what is left of some is a block and a hill.
        2 => street.rsplit_once([',', '،']).map_or(street, |(line, _)| line).to_owned(),
        _ => street.to_owned(),
    }
}
