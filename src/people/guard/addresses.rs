//! Addresses in a text: most of the words of one that is known, close together, in either script.
use super::words::Word;
use super::{Hit, Kind, ordinary, script};
use crate::people::names;

/// The words of an address stand within so many words, others between them counted.
const WITHIN: usize = 10;

struct Part {
    plain: String,
    spelt: String,
    letters: String,
    tells: bool,
}

/// These addresses in the text.
pub(super) fn find(words: &[Word<'_>], known: &[String]) -> Vec<Hit> {
    known.iter().flat_map(|address| one(words, &parts(address))).collect()
}

fn parts(address: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = super::words::of(address).iter().map(part).filter(|part| !is_small(&part.plain)).collect();
    parts.dedup_by(|one, other| one.plain == other.plain);
    parts
}

fn part(word: &Word<'_>) -> Part {
    let plain = word.plain.clone();
    let arabic = plain.chars().any(|c| matches!(c, '\u{0600}'..='\u{06ff}'));
    let letters = if arabic { ordinary::letters(ordinary::bare(&plain).unwrap_or(&plain)) } else { String::new() };
    let spelt = names::spellings(word.text).first().and_then(|spelling| spelling.readings.first().cloned()).unwrap_or_default();
    let number = plain.chars().all(|c| c.is_ascii_digit());
    let tells = !number && !ordinary::is_institution(&plain);
    Part { plain, spelt, letters, tells }
}

/// Words that stand in most addresses, and say nothing of which.
fn is_small(plain: &str) -> bool {
    ordinary::is_institution(plain)
        || matches!(
            plain,
            "st" | "ave"
                | "av"
                | "rd"
                | "apt"
                | "apartment"
                | "flat"
                | "floor"
                | "building"
                | "bldg"
                | "no"
                | "near"
                | "block"
                | "the"
                | "of"
                | "de"
                | "la"
                | "el"
                | "al"
                | "du"
                | "des"
                | "del"
                | "bis"
                | "etage"
                | "batiment"
                | "appartement"
                | "piso"
                | "edificio"
                | "numero"
                | "n"
                | "طابق"
                | "بناية"
                | "عمارة"
                | "شقة"
                | "قرب"
                | "رقم"
                | "في"
                | "من"
        )
}

fn one(words: &[Word<'_>], address: &[Part]) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    let Some(needed) = needed(address) else { return hits };
    let found: Vec<(usize, usize)> = words
        .iter()
        .enumerate()
        .filter_map(|(at, word)| Some((at, address.iter().position(|part| is_same(part, word))?)))
        .collect();
    for (first, (from, _)) in found.iter().enumerate() {
        let near: Vec<&(usize, usize)> = found[first..].iter().take_while(|(at, _)| at - from < WITHIN).collect();
        let mut distinct: Vec<usize> = near.iter().map(|(_, part)| *part).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let tells = distinct.iter().any(|part| address[*part].tells);
        let Some((last, _)) = near.last() else { continue };
        if distinct.len() >= needed && tells && hits.last().is_none_or(|hit| words[*from].start >= hit.end) {
            hits.push(Hit { start: words[*from].start, end: words[*last].end, kind: Kind::Address });
        }
    }
    hits.extend(streets(words, address, &found));
    hits
}

/// A street by its name, without house or town: two words of it that tell, side by side as in the address, beside a word for a street.
fn streets(words: &[Word<'_>], address: &[Part], found: &[(usize, usize)]) -> Vec<Hit> {
    let tells = |part: usize| address[part].tells && address[part].plain.chars().count() >= 3;
    let street = |at: Option<usize>| at.and_then(|at| words.get(at)).is_some_and(|word| is_street(&word.plain));
    let mut hits = Vec::new();
    for pair in found.windows(2) {
        let ((first, one), (second, other)) = (pair[0], pair[1]);
        let side_by_side = second == first + 1 && other == one + 1 && tells(one) && tells(other);
        if side_by_side && (street(first.checked_sub(1)) || street(Some(second + 1))) {
            hits.push(Hit { start: words[first].start, end: words[second].end, kind: Kind::Address });
        }
    }
    hits
}

fn is_street(plain: &str) -> bool {
    matches!(
        plain,
        "street"
            | "st"
            | "road"
            | "rd"
            | "avenue"
            | "ave"
            | "av"
            | "lane"
            | "rue"
            | "boulevard"
            | "calle"
            | "avenida"
            | "carrera"
            | "شارع"
            | "بشارع"
            | "طريق"
    )
}

/// How many of an address's words must be there: all of two, most of more; of one alone none will do unless it tells much.
fn needed(address: &[Part]) -> Option<usize> {
    match address {
        [] => None,
        [part] => (part.tells && part.plain.chars().count() >= 5 && !ordinary::is_ordinary(&part.plain)).then_some(1),
        [_, _] => Some(2),
        more => Some((more.len() * 6).div_ceil(10).max(2)),
    }
}

fn is_same(part: &Part, word: &Word<'_>) -> bool {
    if part.plain == word.plain {
        return true;
    }
    let plain = &word.plain;
    if plain.chars().any(|c| c.is_ascii_digit()) || part.plain.chars().any(|c| c.is_ascii_digit()) {
        return false;
    }
    let arabic = plain.chars().any(|c| matches!(c, '\u{0600}'..='\u{06ff}'));
    let bare = || ordinary::letters(ordinary::bare(plain.trim_start_matches('ب')).unwrap_or(plain));
    match (arabic, part.letters.is_empty()) {
        (true, false) => bare() == part.letters,
        (true, true) => part.spelt.len() >= 3 && script::alike(&bare(), &part.spelt).is_some(),
        (false, latin) => {
            let spellings = names::spellings(word.text);
            let Some(spelt) = spellings.first().and_then(|spelling| spelling.readings.first()) else { return false };
            if latin { part.spelt.len() >= 4 && *spelt == part.spelt } else { script::alike(&part.letters, spelt).is_some() }
        }
    }
}
