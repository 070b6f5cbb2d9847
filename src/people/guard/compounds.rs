//! Arabic names that are written in one word or in several: عبد الرحمن and عبدالرحمن, أبو بكر and أبوبكر, ابن علي and بنعلي.
//!
//! Both ways of writing are brought to one form: the words that begin such a name, each in one spelling, then what follows without its
//! article. A single word counts as such a name only where enough follows, for أمان is no أم ان.
use super::ordinary;
use super::words::Word;

// What begins a compound as it may be written, the longer first, and the one spelling it is given.
const BEGINNINGS: [(&str, &str); 8] =
    [("عبد", "عبد"), ("ابو", "ابو"), ("ابا", "ابو"), ("ابي", "ابو"), ("ابن", "ابن"), ("بنت", "بنت"), ("بن", "ابن"), ("ام", "ام")];
/// The most words of a compound: "Abu Abd al Rahman".
const MOST_WORDS: usize = 4;

/// A known name, or a part of one, that is a compound.
pub(super) struct Compound {
    pub name: usize,
    form: String,
}

/// A run of words that is a known compound.
pub(super) struct Met {
    pub first: usize,
    pub last: usize,
    pub name: usize,
    /// Which of the known ones.
    pub compound: usize,
}

/// The compounds in these names.
pub(super) fn of(known: &[String]) -> Vec<Compound> {
    let mut compounds = Vec::new();
    for (name, full) in known.iter().enumerate() {
        let words: Vec<String> =
            full.split(|c: char| c.is_whitespace() || c == '-').map(ordinary::plain).filter(|word| !word.is_empty()).collect();
        for at in 0..words.len() {
            let apart = run(&words[at..]).map(|last| words[at..=at + last].concat()).and_then(|joined| form(&joined));
            compounds.extend(apart.or_else(|| in_one_word(&words[at])).map(|form| Compound { name, form }));
        }
    }
    compounds
}

/// Where the words begin known compounds.
pub(super) fn find(words: &[Word<'_>], known: &[Compound]) -> Vec<Met> {
    let mut met = Vec::new();
    if known.is_empty() {
        return met;
    }
    for first in 0..words.len() {
        let end = (first + 1..words.len().min(first + MOST_WORDS)).take_while(|at| words[*at].follows).last().unwrap_or(first);
        let plain: Vec<String> = words[first..=end].iter().map(|word| word.plain.clone()).collect();
        for begun in without_glue(&plain[0]) {
            let mut run_of = plain.clone();
            begun.clone_into(&mut run_of[0]);
            let apart = run(&run_of).and_then(|last| Some((first + last, form(&run_of[..=last].concat())?)));
            let one = in_one_word(begun).map(|form| (first, form));
            for (last, form) in apart.into_iter().chain(one) {
                let alike = known.iter().enumerate().filter(|(_, compound)| compound.form == form);
                met.extend(alike.map(|(compound, found)| Met { first, last, name: found.name, compound }));
            }
        }
    }
    met
}

// How far a compound written apart reaches from its beginning; the article may stand alone in it.
fn run(words: &[String]) -> Option<usize> {
    let begins = |word: &String| BEGINNINGS.iter().any(|(written, _)| written == word);
    let first = words.first()?;
    if !begins(first) {
        return None;
    }
    let last = (1..words.len().min(MOST_WORDS)).find(|at| !begins(&words[*at]) && words[*at] != "ال")?;
    (is_arabic(&words[last]) && words[last].chars().count() >= 2).then_some(last)
}

// أم begins many a word that is no compound (أمان, أماني), and "or that I" is said more often than somebody is called so.
fn in_one_word(word: &str) -> Option<String> {
    let (written, _) = BEGINNINGS.iter().find(|(written, _)| word.starts_with(written))?;
    let least = if *written == "ام" { 4 } else { 3 };
    (word.strip_prefix(written)?.chars().count() >= least).then(|| form(word)).flatten()
}

fn form(joined: &str) -> Option<String> {
    let (beginning, rest) = BEGINNINGS.iter().find_map(|(written, one)| joined.strip_prefix(written).map(|rest| (*one, rest)))?;
    let rest = ordinary::bare(rest).unwrap_or(rest);
    if rest.chars().count() < 2 {
        return None;
    }
    Some(format!("{beginning} {}", form(rest).unwrap_or_else(|| ordinary::letters(rest))))
}

/// What follows "servant of" in a word written joined, without its article; Latin spellings are compared with that alone.
pub(super) fn after_servant(word: &str) -> Option<&str> {
    let rest = word.strip_prefix("عبد").filter(|rest| *rest != "الله")?;
    let rest = ordinary::bare(rest).unwrap_or(rest);
    (rest.chars().count() >= 3).then_some(rest)
}

// The word as it stands, and without "and", "for", "by", "as" glued before it.
fn without_glue(plain: &str) -> Vec<&str> {
    let mut forms = vec![plain];
    for glue in [&["و", "ف"][..], &["ب", "ل", "ك"]] {
        let more: Vec<&str> = forms.iter().flat_map(|form| glue.iter().filter_map(|one| form.strip_prefix(one))).collect();
        forms.extend(more);
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

fn is_arabic(word: &str) -> bool {
    word.chars().all(|c| matches!(c, '\u{0600}'..='\u{06ff}'))
}
