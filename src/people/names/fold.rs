//! From a written name to its parts in small ASCII letters, without articles and the words for "son of".
use super::{skeleton, variants};

/// Longest name read; no register holds a longer one, and search must not be slowed by pasted text.
const MOST_CHARS: usize = 200;
/// Most parts of a name that are compared.
const MOST_TOKENS: usize = 8;
/// Most letters of one part.
const MOST_LETTERS: usize = 40;

/// One part of a name, spelt by sound.
#[derive(Debug)]
pub(super) struct Token {
    /// The usual reading.
    pub folded: String,
    /// The reading with or without an article that may only look like one (Alhassan, but also Alan).
    pub other: Option<String>,
    /// Whether short vowels are there to be compared.
    pub vowels: Vowels,
}

/// Whether the script of a word writes its vowels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vowels {
    Written,
    Unwritten,
}

impl Token {
    /// The usual reading, then the other one.
    pub fn readings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.folded.as_str()).chain(self.other.as_deref())
    }
}

/// A word in ASCII, before compounds are joined and sounds are spelt alike.
struct Word {
    latin: String,
    article: Option<String>,
    vowels: Vowels,
}

/// The words of a name as written, split at spaces and punctuation.
pub(super) fn words(name: &str) -> Vec<String> {
    let name: String = name.chars().take(MOST_CHARS).collect();
    let kept = name.split(is_separator).filter(|word| word.chars().any(char::is_alphanumeric));
    kept.take(2 * MOST_TOKENS).map(str::to_owned).collect()
}

/// The parts of a name that identify somebody, in the order written.
pub(super) fn tokens(name: &str) -> Vec<Token> {
    let words: Vec<Word> = words(name).iter().map(|word| romanise(word)).filter(|w| !w.latin.is_empty()).collect();
    let joined = join(words);
    let mut tokens: Vec<Token> = joined.into_iter().map(token).filter(|token| !token.folded.is_empty()).collect();
    tokens.truncate(MOST_TOKENS);
    tokens
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || (c.is_ascii_punctuation() && !matches!(c, '\'' | '`'))
        || matches!(c, '\u{2010}'..='\u{2015}' | '·' | '•' | '،' | '؛' | '«' | '»' | '“' | '”' | '…' | '・')
}

fn romanise(word: &str) -> Word {
    let unwritten = word.chars().any(
        |c| matches!(c, '\u{0590}'..='\u{06ff}' | '\u{0750}'..='\u{077f}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'),
    );
    let vowels = if unwritten { Vowels::Unwritten } else { Vowels::Written };
    let mut latin = String::new();
    for c in word.chars() {
        match skeleton::arabic(c) {
            Some(sound) => latin.push_str(sound),
            None => latin.push_str(special(c).unwrap_or_else(|| any_ascii::any_ascii_char(c))),
        }
    }
    latin.retain(|c| c.is_ascii_alphanumeric());
    latin.make_ascii_lowercase();
    latin.truncate(MOST_LETTERS);
    Word { article: bare(&latin, vowels), latin, vowels }
}

/// Letters whose ASCII form would hide their sound.
fn special(c: char) -> Option<&'static str> {
    match c {
        'ç' | 'Ç' => Some("s"),
        'ş' | 'Ş' | 'ș' | 'Ș' | 'š' | 'Š' | 'č' | 'Č' => Some("sh"),
        '\u{0300}'..='\u{036f}' => Some(""),
        _ => None,
    }
}

/// The word without an attached article, where enough remains to be a name.
fn bare(latin: &str, vowels: Vowels) -> Option<String> {
    let least = if vowels == Vowels::Unwritten { 3 } else { 4 };
    let rest = latin.strip_prefix("al").or_else(|| latin.strip_prefix("el"))?;
    (rest.len() >= least && !rest.starts_with(is_vowel)).then(|| rest.to_owned())
}

/// Joins compounds that are written in one word or several, and drops articles and "son of".
fn join(words: Vec<Word>) -> Vec<Word> {
    let alone = words.iter().all(|word| is_particle(&word.latin));
    let mut joined: Vec<Word> = Vec::new();
    let mut pending: Option<Word> = None;
    for word in words {
        let dropped = !alone && (is_particle(&word.latin) || (word.latin == "ben" && !joined.is_empty()));
        if dropped {
            continue;
        }
        let word = match pending.take() {
            Some(first) => compound(&first, word),
            None => word,
        };
        match word.latin.as_str() {
            "abd" | "abdul" | "abdel" | "abdal" | "abdu" | "abu" | "abou" | "abo" | "abw" => pending = Some(word),
            "allah" | "allh" => append(&mut joined, word, "allah"),
            "din" | "dine" | "deen" | "eddine" | "eddin" | "uddin" | "uddine" | "aldyn" | "dyn" => {
                append(&mut joined, word, "din")
            }
            _ => joined.push(word),
        }
    }
    joined.extend(pending);
    joined
}

/// "Servant of" is left out before one of God's names, but not before "Allah"; "father of" is joined on.
fn compound(first: &Word, second: Word) -> Word {
    let rest = second.article.clone().filter(|_| second.vowels == Vowels::Unwritten).unwrap_or(second.latin);
    let latin = match (first.latin.starts_with("abd"), rest.as_str()) {
        (true, "allah" | "allh" | "ellah" | "lah") => "abdallah".to_owned(),
        (true, _) => rest,
        (false, _) => format!("abu{rest}"),
    };
    Word { latin, article: None, vowels: second.vowels }
}

fn append(joined: &mut Vec<Word>, word: Word, ending: &str) {
    match joined.last_mut() {
        Some(last) => last.latin.push_str(ending),
        None => joined.push(word),
    }
}

fn token(word: Word) -> Token {
    let latin = without_servant(&word.latin).unwrap_or(word.latin);
    let spelt = skeleton::respell(variants::usual(&latin));
    let other = word.article.map(|rest| skeleton::respell(variants::usual(&rest)));
    // Arabic writes the article out, so there the bare word is the usual reading.
    let (folded, other) = match other {
        Some(rest) if word.vowels == Vowels::Unwritten => (rest, Some(spelt)),
        other => (spelt, other),
    };
    Token { folded, other, vowels: word.vowels }
}

/// `abdulkarim`, `abderrahmane`, `abdirahman`: what follows "servant of", unless that is "Allah".
fn without_servant(latin: &str) -> Option<String> {
    let rest = latin.strip_prefix("abd")?;
    let tail = rest.trim_start_matches(is_vowel);
    if tail.len() == rest.len() {
        return None;
    }
    let mut letters = tail.chars();
    let first = letters.next()?;
    let second = letters.next()?;
    let name = if first == 'l' || first == second { &tail[1..] } else { tail };
    (skeleton::of(&skeleton::respell(name)).len() >= 2).then(|| name.to_owned())
}

fn is_particle(latin: &str) -> bool {
    const PARTICLES: &[&str] = &[
        "al", "el", "ul", "il", "ar", "er", "ur", "ash", "ad", "ed", "bin", "ibn", "abn", "bn", "bint", "bent", "bnt", "ould",
        "de", "del", "da", "dos", "du", "di", "la", "le", "las", "los", "van", "von", "der", "y",
    ];
    PARTICLES.contains(&latin)
}

pub(super) fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}
