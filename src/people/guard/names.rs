//! Names in a text: any part of any known name, in any script and spelling.
//!
//! A part found exactly is a hit, unless the word is an ordinary one; then a sign is needed: a capital that no rule explains, a title
//! before it, or another part of the same name beside it. A part found only nearly needs a capital or the other part.
use super::words::{Word, Writing};
use super::{Hit, Kind, compounds, ordinary, script};
use crate::people::names::{self, Spelling};

/// Two words with other vowels are one name from this likeness on; with one or two consonants, from the higher one.
const NEARLY: f64 = 0.80;
const NEARLY_SHORT: f64 = 0.88;
/// In small letters and alone, a word must be nearer still.
const NEARER: f64 = 0.93;
/// The most words that one part of a name is written in: "Abd al Rahman".
const MOST_WORDS: usize = 3;

/// One part of a known name.
struct Part {
    name: usize,
    spelling: Spelling,
    bones: Vec<String>,
    /// In Arabic letters without the article; empty for other scripts.
    letters: String,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    Near,
    Nearer,
    Exact,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Vowels {
    Written,
    Unwritten,
}

/// A run of words that may be a part of a name.
struct Found {
    first: usize,
    last: usize,
    name: usize,
    part: usize,
    likeness: Likeness,
}

/// The parts of these names in the text.
pub(super) fn find(words: &[Word<'_>], known: &[String]) -> Vec<Hit> {
    let parts = parts(known);
    if parts.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<Found> = (0..words.len()).flat_map(|at| matches(words, at, &parts)).collect();
    let met = compounds::find(words, &compounds::of(known)).into_iter();
    found.extend(met.map(|compounds::Met { first, last, name, compound }| {
        // Counted on from the parts, so that none is beside itself.
        Found { first, last, name, part: parts.len() + compound, likeness: Likeness::Exact }
    }));
    let meant = found.iter().filter(|one| is_meant(one, words, &found));
    meant.map(|one| Hit { start: words[one.first].start, end: words[one.last].end, kind: Kind::Name }).collect()
}

fn parts(known: &[String]) -> Vec<Part> {
    let mut parts = Vec::new();
    for (name, full) in known.iter().enumerate() {
        let mut spellings = names::spellings(full);
        // A compound that the registry writes in one word may stand in two in the text, and its words alone still tell.
        let singles: Vec<&str> = full.split(|c: char| c.is_whitespace() || c == '-').filter(|word| !word.is_empty()).collect();
        for single in &singles {
            for spelling in names::spellings(single) {
                if !is_particle(single) && !spellings.contains(&spelling) {
                    spellings.push(spelling);
                }
            }
        }
        for spelling in spellings {
            let own = |single: &&&str| names::spellings(single).first() == Some(&spelling);
            let letters = singles.iter().find(own).map(|single| arabic_letters(single)).unwrap_or_default();
            let bones = spelling.readings.iter().map(|reading| names::consonants(reading)).collect();
            if spelling.readings.iter().any(|reading| reading.len() >= 2) {
                parts.push(Part { name, spelling, bones, letters });
            }
        }
    }
    parts
}

fn is_particle(word: &str) -> bool {
    matches!(
        ordinary::plain(word).as_str(),
        "عبد"
            | "بن"
            | "ابن"
            | "بنت"
            | "ابو"
            | "ام"
            | "ال"
            | "الدين"
            | "الله"
            | "abd"
            | "abdul"
            | "abdel"
            | "ben"
            | "bin"
            | "ibn"
            | "bint"
            | "abu"
            | "abou"
            | "umm"
            | "din"
            | "eddine"
            | "allah"
            | "al"
            | "el"
            | "de"
            | "la"
            | "del"
            | "los"
            | "las"
    )
}

fn arabic_letters(word: &str) -> String {
    let plain = ordinary::plain(word);
    if !plain.chars().any(is_arabic) {
        return String::new();
    }
    ordinary::letters(ordinary::bare(&plain).unwrap_or(&plain))
}

fn is_arabic(c: char) -> bool {
    matches!(c, '\u{0600}'..='\u{06ff}')
}

/// Every part that a run of words beginning here may be.
fn matches(words: &[Word<'_>], at: usize, parts: &[Part]) -> Vec<Found> {
    let mut found = Vec::new();
    for last in at..(at + MOST_WORDS).min(words.len()) {
        if last > at && !words[last].follows {
            break;
        }
        let spellings = names::spellings(&joined(&words[at..=last]));
        let [spelling] = spellings.as_slice() else { continue };
        // A run must need all its words: "Abd al Rahman", not "de Fatima" or "Fatima bint".
        let does_without = |some: &[Word<'_>]| names::spellings(&joined(some)) == [spelling.clone()];
        if last > at && ((does_without(&words[at + 1..=last]) && !is_servant(words[at].text)) || does_without(&words[at..last])) {
            continue;
        }
        let bones: Vec<String> = spelling.readings.iter().map(|reading| names::consonants(reading)).collect();
        let letters = if last == at { arabic_forms(&words[at].plain) } else { Vec::new() };
        for (part, known) in parts.iter().enumerate() {
            if let Some(likeness) = likeness(spelling, &bones, &letters, known) {
                found.push(Found { first: at, last, name: known.name, part, likeness });
            }
        }
    }
    found
}

fn joined(words: &[Word<'_>]) -> String {
    words.iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
}

fn is_servant(word: &str) -> bool {
    matches!(ordinary::plain(word).as_str(), "عبد" | "ابو" | "abd" | "abdul" | "abdel" | "abdal" | "abdu" | "abu" | "abou")
}

/// The letters of an Arabic word, with and without article, "and", "for", "by", "as" before it.
fn arabic_forms(plain: &str) -> Vec<String> {
    if !plain.chars().any(is_arabic) {
        return Vec::new();
    }
    let mut forms = vec![plain];
    let mut cut = |from: &[&str], rest_least: usize| {
        let more: Vec<&str> = forms
            .iter()
            .flat_map(|form| from.iter().filter_map(|prefix| form.strip_prefix(prefix)))
            .filter(|rest| rest.chars().count() >= rest_least)
            .collect();
        forms.extend(more);
    };
    cut(&["و", "ف"], 3);
    cut(&["ب", "ل", "ك"], 3);
    cut(&["ال", "ل"], 3);
    let mut forms: Vec<String> = forms.into_iter().map(ordinary::letters).collect();
    forms.dedup();
    forms
}

fn likeness(spelling: &Spelling, bones: &[String], letters: &[String], known: &Part) -> Option<Likeness> {
    if letters.contains(&known.letters) {
        return Some(Likeness::Exact);
    }
    match (letters.is_empty(), known.letters.is_empty()) {
        (true, true) => latin(spelling, bones, known),
        // Both in Arabic: one slip in a long word.
        (false, false) => {
            let slip = |form: &&String| form.chars().count() >= 4 && strsim::damerau_levenshtein(form, &known.letters) == 1;
            letters.iter().find(slip).map(|_| Likeness::Near)
        }
        (false, true) => across(letters, &known.spelling.readings),
        (true, false) => across(std::slice::from_ref(&known.letters), &spelling.readings),
    }
}

fn across(arabic: &[String], latin: &[String]) -> Option<Likeness> {
    // "Abdul Rahman" is spelt by what follows "servant of", in Arabic often written joined.
    let arabic = arabic.iter().flat_map(|letters| [Some(letters.as_str()), compounds::after_servant(letters)]).flatten();
    let best = arabic.flat_map(|letters| latin.iter().filter_map(move |spelt| script::alike(letters, spelt))).max()?;
    Some(if best == script::Alike::Exact { Likeness::Exact } else { Likeness::Near })
}

fn latin(spelling: &Spelling, bones: &[String], known: &Part) -> Option<Likeness> {
    let vowels = if spelling.vowelless || known.spelling.vowelless { Vowels::Unwritten } else { Vowels::Written };
    let mut best = None;
    for (reading, bone) in spelling.readings.iter().zip(bones) {
        for (other, other_bone) in known.spelling.readings.iter().zip(&known.bones) {
            best = best.max(written((reading, bone), (other, other_bone), vowels));
        }
    }
    best
}

/// Two words spelt by sound, each with its consonants.
fn written((one, bones): (&str, &str), (other, other_bones): (&str, &str), vowels: Vowels) -> Option<Likeness> {
    if one == other {
        return Some(Likeness::Exact);
    }
    let near = strsim::jaro_winkler(one, other);
    if bones == other_bones {
        let least = if bones.len() >= 3 { NEARLY } else { NEARLY_SHORT };
        return match () {
            () if vowels == Vowels::Unwritten && bones.len() >= 4 => Some(Likeness::Exact),
            () if near >= NEARER && one.len() >= 6 => Some(Likeness::Nearer),
            () if near >= least || (vowels == Vowels::Unwritten && bones.len() >= 3) => Some(Likeness::Near),
            () => None,
        };
    }
    let slip = one.len().min(other.len()) >= 5 && strsim::damerau_levenshtein(one, other) == 1;
    slip.then_some(Likeness::Near)
}

/// The word is meant as the name, by what it is and by what stands beside it.
fn is_meant(one: &Found, words: &[Word<'_>], found: &[Found]) -> bool {
    let word = &words[one.first];
    let ordinary = one.first == one.last && ordinary::is_ordinary(&word.plain);
    let calendar = ordinary::is_calendar(&word.plain);
    if beside(one, words, found) {
        return true;
    }
    let before = one.first.checked_sub(1).map(|at| &words[at]).filter(|_| word.follows);
    if before.is_some_and(|before| ordinary::announces_a_name(&before.plain))
        && one.likeness >= Likeness::Near
        && word.writing != Writing::Small
    {
        return true;
    }
    let after = words.get(one.last + 1).filter(|after| after.follows);
    let institution = [before, after].into_iter().flatten().any(|beside| ordinary::is_institution(&beside.plain));
    let near_number = [before, after].into_iter().flatten().any(|beside| beside.plain.chars().all(|c| c.is_ascii_digit()));
    let short = word.plain.chars().count() < 3 && one.first == one.last;
    match (one.likeness, word.writing) {
        (_, _) if calendar && (near_number || before.is_some_and(|word| ordinary::comes_before_a_month(&word.plain))) => false,
        (Likeness::Exact, Writing::Capital) => !(ordinary && institution),
        (Likeness::Exact, Writing::Start) => !ordinary || (ordinary::is_name_when_capital(word.text) && !institution),
        (Likeness::Exact, Writing::Small | Writing::Caseless) => !ordinary && !short,
        (Likeness::Nearer, Writing::Caseless) => false,
        (Likeness::Nearer, _) => !ordinary,
        (Likeness::Near, Writing::Capital | Writing::Start) => !ordinary && !short,
        (Likeness::Near, Writing::Small | Writing::Caseless) => false,
    }
}

/// Another part of the same name stands beside it, and not both are small ordinary words.
fn beside(one: &Found, words: &[Word<'_>], found: &[Found]) -> bool {
    let plain = |found: &Found| {
        found.first == found.last
            && ordinary::is_ordinary(&words[found.first].plain)
            && matches!(words[found.first].writing, Writing::Small | Writing::Caseless)
    };
    found.iter().any(|other| {
        let (left, right) = if one.first < other.first { (one, other) } else { (other, one) };
        other.name == one.name
            && other.part != one.part
            && right.first > left.last
            && (left.last + 1..=right.first).all(|at| words[at].follows && (at == right.first || is_particle(words[at].text)))
            && !(plain(one) && plain(other) && one.likeness.min(other.likeness) < Likeness::Exact)
    })
}
