//! Spelling by sound, and the consonants that remain of it.
use super::fold::is_vowel;

/// Most letters of a skeleton; longer words differ enough before.
const MOST_LETTERS: usize = 24;

/// The Latin spelling of an Arabic, Persian, Kurdish or Urdu letter; none for other scripts.
pub(super) fn arabic(c: char) -> Option<&'static str> {
    let sound = match c {
        'ا' | 'أ' | 'إ' | 'آ' | 'ٱ' | 'ى' | 'ة' | 'ۀ' | 'ە' => "a",
        'ع' => "a",
        'ئ' | 'ێ' | 'ې' => "i",
        'ؤ' | 'ۆ' | 'ۇ' | 'ۈ' => "u",
        'ب' => "b",
        'پ' => "p",
        'ت' | 'ط' | 'ٹ' => "t",
        'ث' => "th",
        'ج' => "j",
        'ح' | 'ه' | 'ھ' | 'ہ' => "h",
        'خ' => "kh",
        'چ' | 'ش' => "sh",
        'د' | 'ض' | 'ڈ' => "d",
        'ذ' => "dh",
        'ر' | 'ڑ' | 'ڕ' => "r",
        'ز' | 'ظ' | 'ژ' => "z",
        'س' | 'ص' => "s",
        'غ' => "gh",
        'ف' | 'ڤ' => "f",
        'ق' => "q",
        'ك' | 'ک' => "k",
        'گ' => "g",
        'ل' | 'ڵ' => "l",
        'م' => "m",
        'ن' | 'ں' => "n",
        'و' => "w",
        'ي' | 'ی' | 'ے' => "y",
        // Marks for short vowels, doubling and lengthening, and the lone hamza.
        '\u{0610}'..='\u{061a}' | 'ء' | '\u{0640}' | '\u{064b}'..='\u{065f}' | '\u{0670}' => "",
        _ => return None,
    };
    Some(sound)
}

/// Groups of letters that are written for one sound, the longest first.
const SPELLINGS: &[(&str, &str)] = &[
    ("tch", "s"),
    ("sch", "s"),
    ("chr", "kr"),
    ("dj", "j"),
    ("ch", "s"),
    ("sh", "s"),
    ("kh", "h"),
    ("gh", "g"),
    ("th", "t"),
    ("dh", "d"),
    ("ph", "f"),
    ("ck", "k"),
    ("qu", "k"),
    ("ce", "s"),
    ("ci", "s"),
    ("cy", "s"),
    ("ou", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("q", "k"),
    ("c", "k"),
    ("x", "ks"),
    ("v", "w"),
    ("y", "i"),
];

/// Where in a word a letter stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Later,
}

/// One spelling for the many ways a sound is written in Arabic, French, Spanish, Turkish and English names.
pub(super) fn respell(latin: &str) -> String {
    let mut spelt = String::new();
    let mut rest = latin;
    while !rest.is_empty() {
        let at = if rest.len() == latin.len() { Place::Start } else { Place::Later };
        let (sound, length) = sound(rest, at);
        rest = &rest[length..];
        for c in sound.chars() {
            if !spelt.ends_with(c) {
                spelt.push(c);
            }
        }
    }
    // A last h after a vowel is silent, and a last t is a d that Turkish hardens (Ahmet, Mehmet).
    if spelt.len() > 2 && spelt.ends_with('h') {
        spelt.pop();
    }
    if spelt.len() > 2 && spelt.ends_with('t') {
        spelt.pop();
        spelt.push('d');
    }
    spelt
}

/// The sound at the start of a word's remaining letters, and how many letters write it.
fn sound(rest: &str, at: Place) -> (&str, usize) {
    if at == Place::Start {
        let after = rest.strip_prefix("ou").and_then(|tail| tail.chars().next());
        if after.is_some_and(is_vowel) {
            return ("w", 2);
        }
        if rest.starts_with('y') {
            return ("y", 1);
        }
    }
    match SPELLINGS.iter().find(|(written, _)| rest.starts_with(written)) {
        // A soft c gives its vowel along; the vowel itself is read next.
        Some((written, sound)) if matches!(*written, "ce" | "ci" | "cy") => (sound, 1),
        Some((written, sound)) => (sound, written.len()),
        None => (&rest[..1], 1),
    }
}

/// The consonants of a respelt word, sounds that spellings confuse in one class.
///
/// Only a vowel, h, w or y that begins the word is kept, since Ahmed and Mahmoud differ by little else.
pub(super) fn of(spelt: &str) -> String {
    let mut skeleton = String::new();
    let mut previous = None;
    for (at, c) in spelt.chars().enumerate() {
        let class = match c {
            _ if is_vowel(c) => 'a',
            'z' => 's',
            'p' => 'b',
            'j' => 'g',
            c => c,
        };
        let kept = at == 0 || !matches!(class, 'a' | 'h' | 'w' | 'y');
        if kept && previous != Some(class) {
            skeleton.push(class);
        }
        previous = Some(class);
    }
    skeleton.truncate(MOST_LETTERS);
    skeleton
}
