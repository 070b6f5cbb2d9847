//! The words of a draft: begun from a template in a language, put aside when either changes, greeting whoever is written to now. Nothing
//! that somebody edited is ever replaced. No SQL, no HTTP.
use std::collections::BTreeMap;

use super::letter::{Letter, Typed, Words};
use crate::platform::lang::Lang;

/// What words are begun from: a template in a language.
pub fn origin(kind: &str, lang: Lang) -> String {
    format!("{kind}.{lang}")
}

/// Puts the words of the chosen template and language in place, unless they are there already; words that were edited are kept under
/// their origin.
pub fn settle(letter: &mut Letter, known: &BTreeMap<String, Words>) {
    let now = origin(&letter.template, letter.lang);
    let typed = &mut letter.typed;
    if typed.based_on == now {
        return;
    }
    let was = std::mem::replace(&mut typed.based_on, now.clone());
    let begun = known.get(&now).cloned().unwrap_or_default();
    let next = typed.kept.remove(&now).unwrap_or(begun);
    let left = std::mem::replace(&mut typed.words, next);
    let untouched = left == Words::default() || known.get(&was).is_some_and(|words| same(words, &left));
    if !untouched && !was.is_empty() {
        typed.kept.insert(was, left);
    }
}

// Browsers send other line ends and trailing spaces than they were given.
fn same(one: &Words, other: &Words) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    plain(&one.subject) == plain(&other.subject) && plain(&one.message) == plain(&other.message)
}

/// Takes kept words over into the letter as it is; what stood there is kept under its own origin, if it was edited.
pub fn take(letter: &mut Letter, from: &str) {
    let typed = &mut letter.typed;
    if let Some(words) = typed.kept.remove(from) {
        let left = std::mem::replace(&mut typed.words, words);
        typed.kept.insert(typed.based_on.clone(), left);
    }
}

/// Throws kept words away.
pub fn drop_kept(letter: &mut Letter, from: &str) {
    letter.typed.kept.remove(from);
}

/// Puts the line that greets as it would be begun now in the place of the line as it was begun before, wherever that still stands.
pub fn follow_name(typed: &mut Typed, before: &BTreeMap<String, Words>, now: &BTreeMap<String, Words>) {
    let follow = |origin: &str, words: &mut Words| {
        let (Some(was), Some(is)) = (before.get(origin), now.get(origin)) else { return };
        for (was, is) in was.message.lines().zip(is.message.lines()).filter(|(was, is)| was != is) {
            words.message = words.message.split('\n').map(|line| followed(line, was, is)).collect::<Vec<_>>().join("\n");
        }
    };
    follow(&typed.based_on, &mut typed.words);
    for (origin, words) in &mut typed.kept {
        follow(origin, words);
    }
}

// Browsers end lines in a way of their own.
fn followed(line: &str, was: &str, is: &str) -> String {
    let end = if line.ends_with('\r') { "\r" } else { "" };
    if line.trim() == was.trim() { format!("{is}{end}") } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::platform::ids::ReferralId;

    fn words(text: &str) -> Words {
        Words { subject: format!("About {text}"), message: format!("Hello {text}") }
    }

    fn known() -> BTreeMap<String, Words> {
        ["note.en", "note.fr", "form.en"].into_iter().map(|origin| (origin.to_owned(), words(origin))).collect()
    }

    fn letter(lang: Lang) -> Letter {
        Letter { template: "note".to_owned(), ..Letter::blank(ReferralId(Uuid::from_u128(1)), lang) }
    }

    #[test]
    fn words_that_nobody_edited_follow_the_language() {
        let mut letter = letter(Lang::En);
        settle(&mut letter, &known());
        assert_eq!(letter.typed.words, words("note.en"));
        letter.lang = Lang::Fr;
        settle(&mut letter, &known());
        assert_eq!((letter.typed.words.clone(), letter.typed.kept.len()), (words("note.fr"), 0));
    }

    #[test]
    fn edited_words_are_kept_when_the_language_changes_and_come_back_with_it() {
        let mut letter = letter(Lang::En);
        settle(&mut letter, &known());
        letter.typed.words.message = "My own words".to_owned();
        letter.lang = Lang::Fr;
        settle(&mut letter, &known());
        assert_eq!(letter.typed.words, words("note.fr"));
        assert_eq!(letter.typed.kept["note.en"].message, "My own words");
        letter.typed.words.message = "Mes mots".to_owned();
        letter.lang = Lang::En;
        settle(&mut letter, &known());
        assert_eq!(letter.typed.words.message, "My own words");
        assert_eq!(letter.typed.kept["note.fr"].message, "Mes mots");
    }

    #[test]
    fn kept_words_can_be_taken_over_and_nothing_is_lost_by_it() {
        let mut letter = letter(Lang::Fr);
        settle(&mut letter, &known());
        letter.typed.kept.insert("note.en".to_owned(), words("mine"));
        take(&mut letter, "note.en");
        assert_eq!(letter.typed.words, words("mine"));
        assert_eq!(letter.typed.kept["note.fr"], words("note.fr"));
        drop_kept(&mut letter, "note.fr");
        assert!(letter.typed.kept.is_empty());
    }

    fn begun(name: &str) -> BTreeMap<String, Words> {
        let words =
            |hello: &str| Words { subject: "About".to_owned(), message: format!("{hello} {name},\n\nPlease help.\n\nAmina") };
        BTreeMap::from([("note.en".to_owned(), words("Hello")), ("note.fr".to_owned(), words("Bonjour"))])
    }

    #[test]
    fn the_greeting_follows_the_name_and_nothing_else_that_was_edited_changes() {
        let edited = |greeting: &str| Words { subject: "Mine".to_owned(), message: format!("{greeting}\r\n\r\nMy own words.") };
        let mut typed = Typed {
            based_on: "note.en".to_owned(),
            words: edited("Hello Clinic,"),
            kept: BTreeMap::from([("note.fr".to_owned(), edited("Bonjour Clinic,"))]),
            ..Typed::default()
        };
        follow_name(&mut typed, &begun("Clinic"), &begun("Mr. Sample"));
        assert_eq!(typed.words, edited("Hello Mr. Sample,"));
        assert_eq!(typed.kept["note.fr"], edited("Bonjour Mr. Sample,"));
        typed.words = edited("Dear friends,");
        follow_name(&mut typed, &begun("Mr. Sample"), &begun("Rima"));
        assert_eq!(typed.words, edited("Dear friends,"));
    }
}
