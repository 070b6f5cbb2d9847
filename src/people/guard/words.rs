//! A text as words with their places, and what their writing says: capital or not, at the start of a sentence or inside it.
use super::ordinary;

/// One word of the text.
#[derive(Debug)]
pub(super) struct Word<'a> {
    pub start: usize,
    pub end: usize,
    pub text: &'a str,
    /// Small letters without accents, Arabic letters in their plainest form.
    pub plain: String,
    pub writing: Writing,
    /// Nothing but a space, hyphen or comma parts it from the word before.
    pub follows: bool,
}

/// What a word's letters tell about its being a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    /// A capital where no rule asks for one.
    Capital,
    /// A capital that says nothing: the start of a sentence, a heading, a text in capitals.
    Start,
    Small,
    /// A script without capitals.
    Caseless,
}

/// The words of a text.
pub(super) fn of(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut from = None;
    let mut last_end = 0;
    let mut sentence = 0;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if is_letter(c) || (from.is_some() && is_inside(text, at, c)) {
            from.get_or_insert(at);
            continue;
        }
        let Some(start) = from.take() else { continue };
        let gap = &text[last_end..start];
        if ends_sentence(gap) {
            judge(&mut words[sentence..]);
            sentence = words.len();
        }
        words.extend(pieces(text, start, at, follows(gap) && !words.is_empty()));
        last_end = at;
    }
    judge(&mut words[sentence..]);
    words
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '\u{0300}'..='\u{036f}' | '\u{0610}'..='\u{061a}' | '\u{0640}' | '\u{064b}'..='\u{065f}' | '\u{0670}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '`' | '\u{02bc}' | '\u{02bf}' | '\u{02be}')
}

// An apostrophe between letters, and marks of direction anywhere, belong to the word.
fn is_inside(text: &str, at: usize, c: char) -> bool {
    let next = || text[at + c.len_utf8()..].chars().next().is_some_and(is_letter);
    (is_apostrophe(c) && next()) || (matches!(c, '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{feff}') && next())
}

// "d'Amina" and "Fatima's" are also the names inside them; "O'Brien" is one word. Both readings are offered.
fn pieces(text: &str, start: usize, end: usize, follows: bool) -> Vec<Word<'_>> {
    let whole = word(text, start, end, follows);
    let Some((at, c)) = text[start..end].char_indices().find(|(_, c)| is_apostrophe(*c)) else { return vec![whole] };
    let after = start + at + c.len_utf8();
    if text[after..end].chars().count() <= 1 {
        return vec![word(text, start, start + at, follows)];
    }
    if at <= 3 { vec![whole, word(text, after, end, follows)] } else { vec![whole] }
}

fn word(text: &str, start: usize, end: usize, follows: bool) -> Word<'_> {
    let piece = &text[start..end];
    let plain = ordinary::plain(piece);
    let first = piece.chars().find(|c| c.is_alphabetic());
    let writing = match first {
        Some(c) if c.is_uppercase() => Writing::Capital,
        Some(c) if c.is_lowercase() => Writing::Small,
        _ => Writing::Caseless,
    };
    Word { start, end, text: piece, plain, writing, follows }
}

fn follows(gap: &str) -> bool {
    gap.chars().count() <= 3 && !ends_sentence(gap) && gap.chars().all(|c| {
        c.is_whitespace()
            || matches!(c, '-' | ',' | '،' | '.' | '\u{2010}' | '\u{2011}' | '\u{200b}'..='\u{200f}' | '\u{2066}'..='\u{2069}')
    })
}

fn ends_sentence(gap: &str) -> bool {
    gap.chars().any(|c| matches!(c, '!' | '?' | '؟' | '\n' | '\r' | '•' | '¿' | '¡' | '…'))
        || gap.contains(". ")
        || gap.contains(".\u{a0}")
}

/// Takes the meaning from capitals that a sentence's start, a heading or shouting explains.
fn judge(sentence: &mut [Word<'_>]) {
    let long = |word: &&Word<'_>| word.plain.len() > 3 && word.writing != Writing::Caseless;
    let count = sentence.iter().filter(long).count();
    let capital = sentence.iter().filter(long).filter(|word| word.writing == Writing::Capital).count();
    let heading = count >= 4 && capital * 10 >= count * 7;
    let shouted = |word: &Word<'_>| word.text.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    let loud = sentence.len() >= 4 && sentence.iter().filter(|word| shouted(word)).count() * 10 >= sentence.len() * 7;
    let first = sentence.first().map(|word| word.start);
    // A word in Arabic letters among Latin ones can only be a name.
    let foreign: Vec<bool> = (0..sentence.len()).map(|at| is_foreign(sentence, at)).collect();
    for word in sentence.iter_mut().filter(|word| word.writing == Writing::Capital) {
        if heading || loud || Some(word.start) == first {
            word.writing = Writing::Start;
        }
    }
    for (word, _) in sentence.iter_mut().zip(foreign).filter(|(_, foreign)| *foreign) {
        word.writing = Writing::Capital;
    }
}

fn is_foreign(sentence: &[Word<'_>], at: usize) -> bool {
    let digits = |word: &Word<'_>| word.plain.chars().all(|c| c.is_ascii_digit());
    let caseless = sentence.iter().filter(|word| word.writing == Writing::Caseless && !digits(word)).count();
    sentence[at].writing == Writing::Caseless && !digits(&sentence[at]) && caseless * 2 < sentence.len()
}
