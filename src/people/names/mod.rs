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

pub use numbers::{document_key, phone_key};
pub use score::score;

/// The most keys one name is given: eight parts, each with at most one other reading.
const MOST_KEYS: usize = 16;

/// The most keys whose near pairs are made, and the shortest key that may lose a letter.
const MOST_NEAR: usize = 8;
const SHORTEST_NEAR: usize = 3;

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

/// Every combination of two keys; keys of one name, as [`keys`] gives them.
pub fn pairs(keys: &[Key]) -> Vec<Pair> {
    let keys = &keys[..keys.len().min(MOST_KEYS)];
    let mut pairs: Vec<Pair> =
        keys.iter().enumerate().flat_map(|(at, one)| keys[at + 1..].iter().map(move |other| ordered(one, other))).collect();
    pairs.sort();
    pairs.dedup();
    pairs
}

/// The pairs of a name, and those in which one key has lost one letter.
///
/// Two names that differ by one slip in one consonant (left out, put in, changed or swapped) share a near
/// pair. About seven times as many as [`pairs`], so meant for a name that found nothing at first.
pub fn near_pairs(keys: &[Key]) -> Vec<Pair> {
    let keys = &keys[..keys.len().min(MOST_NEAR)];
    let mut near = pairs(keys);
    for (at, one) in keys.iter().enumerate() {
        for (other_at, other) in keys.iter().enumerate() {
            if at != other_at {
                near.extend(shortened(one).map(|short| ordered(&short, other)));
            }
        }
    }
    near.sort();
    near.dedup();
    near
}

fn shortened(key: &Key) -> impl Iterator<Item = Key> {
    let letters = if key.0.len() < SHORTEST_NEAR { 0 } else { key.0.len() };
    (0..letters).map(|gone| {
        let mut short = key.0.clone();
        short.remove(gone);
        Key(short)
    })
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
