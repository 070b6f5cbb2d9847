//! Words that a letter may hold though somebody bears them as a name, in four languages, and words that say how to read their neighbour.
//!
//! The lists need no whole language: only what is common, and what a name's spelling could be taken for.
use std::collections::HashSet;
use std::sync::LazyLock;

static ORDINARY: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let files =
        [include_str!("words/en.txt"), include_str!("words/fr.txt"), include_str!("words/es.txt"), include_str!("words/ar.txt")];
    files.iter().flat_map(|file| entries(file)).map(plain).collect()
});
static NAMES_TOO: LazyLock<HashSet<String>> =
    LazyLock::new(|| entries(include_str!("words/names-too.txt")).map(str::to_owned).collect());
static CALENDAR: LazyLock<HashSet<String>> = LazyLock::new(|| entries(include_str!("words/calendar.txt")).map(plain).collect());
static TITLES: LazyLock<HashSet<String>> = LazyLock::new(|| entries(include_str!("words/titles.txt")).map(plain).collect());
static INSTITUTIONS: LazyLock<HashSet<String>> =
    LazyLock::new(|| entries(include_str!("words/institutions.txt")).map(plain).collect());

fn entries(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace)
}

/// A common word of one of the four languages.
pub(super) fn is_ordinary(plain: &str) -> bool {
    let listed = |word: &str| ORDINARY.contains(word) || bare(word).is_some_and(|bare| ORDINARY.contains(bare));
    // Arabic glues "and" and "then" to the word.
    listed(plain) || NAMES_TOO.contains(plain) || plain.strip_prefix(['و', 'ف']).is_some_and(listed)
}

/// A common word that a capital at the start of a sentence makes a name all the same: nobody begins one with a bare "Grace".
pub(super) fn is_name_when_capital(word: &str) -> bool {
    // Accents count: Grace is a name where Grâce is not.
    NAMES_TOO.contains(&word.to_lowercase())
}

/// Months and days, which some languages write with a capital.
pub(super) fn is_calendar(plain: &str) -> bool {
    CALENDAR.contains(plain)
}

/// A word after which an English month comes; the other languages write theirs in small letters.
pub(super) fn comes_before_a_month(plain: &str) -> bool {
    const WORDS: &[&str] = &[
        "in", "by", "since", "of", "until", "till", "last", "next", "this", "early", "late", "mid", "from", "during", "before",
        "after", "through", "and", "or", "to",
    ];
    WORDS.contains(&plain)
}

/// A word after which a name comes: "Mr", "named", السيدة.
pub(super) fn announces_a_name(plain: &str) -> bool {
    // Arabic glues "and", "with", "like" to the title.
    TITLES.contains(plain) || plain.strip_prefix(['و', 'ف', 'ب', 'ك']).is_some_and(|rest| TITLES.contains(rest))
}

/// A word beside which a name is an institution's or a street's.
pub(super) fn is_institution(plain: &str) -> bool {
    INSTITUTIONS.contains(plain) || bare(plain).is_some_and(|bare| INSTITUTIONS.contains(bare))
}

/// An Arabic word without its article.
pub(super) fn bare(plain: &str) -> Option<&str> {
    plain.strip_prefix("ال").filter(|rest| rest.chars().count() >= 2)
}

/// Small letters without accents; Arabic without marks, its alefs alike.
pub(super) fn plain(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        match c {
            'أ' | 'إ' | 'آ' | 'ٱ' => out.push('ا'),
            'ؤ' => out.push('و'),
            'ئ' | 'ی' => out.push('ي'),
            'ک' => out.push('ك'),
            '\u{0610}'..='\u{061a}' | '\u{0640}' | '\u{064b}'..='\u{065f}' | '\u{0670}' | '\u{200b}'..='\u{200f}' => {}
            '٠'..='٩' | '۰'..='۹' => out.push_str(any_ascii::any_ascii_char(c)),
            '\u{0600}'..='\u{06ff}' => out.push(c),
            '\u{0300}'..='\u{036f}' => {}
            c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            c => out.extend(any_ascii::any_ascii_char(c).chars().map(|c| c.to_ascii_lowercase())),
        }
    }
    out
}

/// Plain Arabic letters with the two that writers mix up at a word's end made one.
pub(super) fn letters(plain: &str) -> String {
    plain.replace('ى', "ي").replace('ة', "ه")
}
