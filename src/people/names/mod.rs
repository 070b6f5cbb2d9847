//! Names, document numbers and phone numbers, reduced to what a search can compare.
//!
//! A *key* is the consonant skeleton of one part of a name: Mohammed, Muhammad and محمد share one.
//! Keys and pairs of keys are what the database indexes; they find candidates and forgive generously.
//! A *score* then compares the written forms and decides how alike two names are.
//! Nothing here knows about persons, organisations or who may see whom.
mod fold;
mod numbers;
mod score;
mod skeleton;
mod variants;

use std::fmt;

pub use numbers::{document_key, phone_key, phone_keys, phone_wanted};
pub use score::score;

/// The most keys one name is given: eight parts, each with at most one other reading.
const MOST_KEYS: usize = 16;

/// The most keys in which slips are looked for, and the lengths of a key in which they are.
const MOST_SLIPPING: usize = 4;
const SHORTEST_SLIP: usize = 2;
const LONGEST_SLIP: usize = 10;

/// The letters that skeletons are made of.
const SKELETON_LETTERS: &str = "abdfghklmnrstwy";

/// Stands for the letters of a name that the reader may not see.
const MASK: &str = "•••";

/// The consonant skeleton of one part of a name, written in small ASCII letters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// The key as it is stored and compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Two keys of one name, the lesser first, so that the order of a name's parts does not matter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair(pub Key, pub Key);

/// The keys of a name in any script, sorted and without repetition.
pub fn keys(full_name: &str) -> Vec<Key> {
    let tokens = fold::tokens(full_name);
    let mut keys: Vec<Key> = tokens
        .iter()
        .flat_map(fold::Token::readings)
        .map(|reading| Key(skeleton::of(reading)))
        .filter(|key| !key.0.is_empty())
        .collect();
    keys.sort();
    keys.dedup();
    keys.truncate(MOST_KEYS);
    keys
}

/// One part of a name, spelt by sound in small ASCII letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// The usual reading, and the other one with or without what may only look like an article.
    pub readings: Vec<String>,
    /// The script leaves short vowels out, so that only consonants and long vowels can be compared.
    pub vowelless: bool,
}

/// The parts of a name that identify somebody, for comparing a word of a text with them.
pub fn spellings(full_name: &str) -> Vec<Spelling> {
    let tokens = fold::tokens(full_name);
    let spelling = |token: &fold::Token| Spelling {
        readings: token.readings().map(str::to_owned).collect(),
        vowelless: token.vowels == fold::Vowels::Unwritten,
    };
    tokens.iter().map(spelling).collect()
}

/// Both are one name, letter by letter, however it is spaced and capitalised; nothing is nobody's name.
pub fn same(one: &str, other: &str) -> bool {
    let words = |text: &str| text.to_lowercase().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let said = words(one);
    !said.is_empty() && said == words(other)
}

/// The consonants of a word spelt by sound.
pub fn consonants(spelling: &str) -> String {
    skeleton::of(spelling)
}

/// Every combination of two keys; keys of one name, as [`keys`] gives them.
pub fn pairs(keys: &[Key]) -> Vec<Pair> {
    let keys = &keys[..keys.len().min(MOST_KEYS)];
    let mut pairs: Vec<Pair> =
        keys.iter().enumerate().flat_map(|(at, one)| keys[at + 1..].iter().map(move |other| ordered(one, other))).collect();
    pairs.sort();
    pairs.dedup();
    pairs
}

/// The keys that one slip turns a key into: a letter left out, put in, changed, or swapped with its neighbour; the key itself too.
pub fn slips(key: &Key) -> Vec<Key> {
    let letters = key.0.as_bytes();
    let mut found = vec![key.0.clone()];
    if (SHORTEST_SLIP..=LONGEST_SLIP).contains(&letters.len()) {
        for at in 0..=letters.len() {
            let (start, rest) = key.0.split_at(at);
            found.extend(SKELETON_LETTERS.chars().map(|put_in| format!("{start}{put_in}{rest}")));
            let Some(tail) = rest.get(1..) else { continue };
            found.push(format!("{start}{tail}"));
            found.extend(SKELETON_LETTERS.chars().map(|instead| format!("{start}{instead}{tail}")));
            if let Some(after) = tail.get(1..) {
                found.push(format!("{start}{}{}{after}", &tail[..1], &rest[..1]));
            }
        }
    }
    found.sort();
    found.dedup();
    found.into_iter().map(Key).collect()
}

/// The pairs of a name, and those in which a slip may have changed one of the two keys.
///
/// The search pays for slips, so that the index stays small: some hundred pairs for a name of two parts, meant for one that found
/// nothing at first. Only the first keys of a long name are tried.
pub fn slip_pairs(keys: &[Key]) -> Vec<Pair> {
    let keys = &keys[..keys.len().min(MOST_SLIPPING)];
    let mut near = pairs(keys);
    for (at, one) in keys.iter().enumerate() {
        for (other_at, other) in keys.iter().enumerate() {
            if at != other_at {
                near.extend(slips(one).iter().map(|slip| ordered(slip, other)));
            }
        }
    }
    near.sort();
    near.dedup();
    near
}

/// How many parts of a name identify somebody: articles and "son of" are none.
pub fn parts(full_name: &str) -> usize {
    fold::tokens(full_name).len()
}

/// Whether a name is only written otherwise: as many parts, each sounding the same and at most one letter apart.
pub fn is_mend(one: &str, other: &str) -> bool {
    let (before, after) = (fold::words(one), fold::words(other));
    before.len() == after.len() && keys(one) == keys(other) && before.iter().zip(&after).all(|(one, other)| is_slip(one, other))
}

// One letter left out, put in, changed, or swapped with its neighbour; or none.
fn is_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[start..], &other[start..]);
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&one[..one.len() - end], &other[..other.len() - end]) {
        ([a, b], [c, d]) => a == d && b == c,
        (one, other) => one.len() <= 1 && other.len() <= 1,
    }
}

fn ordered(one: &Key, other: &Key) -> Pair {
    if one <= other { Pair(one.clone(), other.clone()) } else { Pair(other.clone(), one.clone()) }
}

/// A name with only the first letter of each part, for hits that may not be opened.
pub fn masked(name: &str) -> String {
    fold::words(name)
        .iter()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()))
        .map(|first| format!("{}{MASK}", first.to_uppercase()))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests;
