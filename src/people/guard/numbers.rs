//! Phones, document numbers and e-mail addresses, however they are grouped and in whichever digits.
use super::{Hit, Kind};
use crate::people::names::{document_key, phone_key, phone_keys, phone_wanted};

/// A shorter number is in too many texts by chance.
const LEAST_PHONE: usize = 6;
const LEAST_DOCUMENT: usize = 5;
/// Digits without the letters of their number are told from chance by being more.
const LEAST_DIGITS: usize = 6;
/// A number without its area's or country's code: the last digits of one that is known with it.
const LOCAL: usize = 7;
/// Digits beyond which the zeros before a number are no prefix to dial.
const MOST_LOCAL: usize = LOCAL + 3;

/// A letter or digit of the text in capital ASCII, with its place and what parts it from the one before.
#[derive(Debug)]
pub(super) struct Sign {
    start: usize,
    end: usize,
    ascii: char,
    gap: Gap,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    None,
    /// Spaces, dashes, brackets and the like, as people group numbers.
    Light,
    Break,
}

/// All letters and digits of a text.
pub(super) fn signs(text: &str) -> Vec<Sign> {
    let mut signs = Vec::new();
    let mut gap = Gap::Break;
    let mut between = 0;
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        if c.is_alphanumeric() {
            for ascii in any_ascii::any_ascii_char(c).chars().filter(char::is_ascii_alphanumeric) {
                signs.push(Sign { start, end, ascii: ascii.to_ascii_uppercase(), gap });
                gap = Gap::None;
            }
            between = 0;
        } else if !is_invisible(c) {
            between += 1;
            gap = if is_light(c) && between <= 3 && gap != Gap::Break { Gap::Light } else { Gap::Break };
        }
        if c.is_alphanumeric() && signs.is_empty() {
            gap = Gap::Break;
        }
    }
    signs
}

fn is_light(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '.' | '/' | '\\' | '(' | ')' | '_' | ',' | '+' | '·' | '•' | '٫' | '٬' | '،' | '\u{2010}'..='\u{2015}'
        )
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{ad}' | '\u{feff}')
}

/// These phones in the text, with or without the country's code.
pub(super) fn phones(signs: &[Sign], known: &[String]) -> Vec<Hit> {
    let mut hits = Vec::new();
    for run in runs(signs) {
        let digits: String = run.iter().map(|sign| sign.ascii).collect();
        for phone in known {
            let key = phone_key(phone);
            if key.len() < LEAST_PHONE {
                continue;
            }
            hits.extend(
                digits.match_indices(&key).map(|(at, _)| hit(&run[whole(&digits, at, phone)..at + key.len()], Kind::Phone)),
            );
            let keys = phone_keys(phone);
            hits.extend(
                locals(run)
                    .filter(|(_, wanted)| wanted.iter().any(|key| keys.contains(key)))
                    .map(|(part, _)| hit(part, Kind::Phone)),
            );
        }
    }
    hits
}

/// Whole groups of a run that may be a number without its country's code, with what the register finds it by.
fn locals(run: &[Sign]) -> impl Iterator<Item = (&[Sign], Vec<String>)> {
    let begins = move |at: usize| at == 0 || run[at].gap != Gap::None;
    let ends = (1..=run.len()).filter(move |end| *end == run.len() || begins(*end));
    ends.flat_map(move |end| {
        let starts = end.saturating_sub(MOST_LOCAL)..end.saturating_sub(LOCAL - 1);
        starts.rev().filter(move |start| begins(*start)).map(move |start| &run[start..end])
    })
    .filter_map(|part| {
        let digits: String = part.iter().map(|sign| sign.ascii).collect();
        (phone_key(&digits).len() == LOCAL).then(|| (part, phone_wanted(&digits)))
    })
}

/// Digits that only light gaps part.
fn runs(signs: &[Sign]) -> impl Iterator<Item = &[Sign]> {
    let together = |one: &Sign, next: &Sign| one.ascii.is_ascii_digit() && next.ascii.is_ascii_digit() && next.gap != Gap::Break;
    signs.chunk_by(together).filter(|run| run[0].ascii.is_ascii_digit())
}

/// Where the number begins whose last digits stand at `at`: before it come its own first digits, or zeros.
fn whole(digits: &str, at: usize, phone: &str) -> usize {
    let own: Vec<u8> = document_key(phone).bytes().filter(u8::is_ascii_digit).collect();
    let before = own.len().saturating_sub(phone_key(phone).len());
    let text = digits.as_bytes();
    let mut start = at;
    for digit in own[..before].iter().rev() {
        if start == 0 || text[start - 1] != *digit {
            break;
        }
        start -= 1;
    }
    let zeros = text[..start].iter().rev().take(2).take_while(|digit| **digit == b'0').count();
    start - zeros
}

fn hit(signs: &[Sign], kind: Kind) -> Hit {
    let (start, end) = (signs.first().map_or(0, |sign| sign.start), signs.last().map_or(0, |sign| sign.end));
    Hit { start, end, kind }
}

/// These document numbers in the text.
pub(super) fn documents(signs: &[Sign], known: &[String]) -> Vec<Hit> {
    let keys: Vec<String> = known.iter().flat_map(|number| document_keys(number)).collect();
    let mut hits = Vec::new();
    for start in 0..signs.len() {
        for key in keys.iter().filter(|key| begins(signs, start, key)) {
            hits.push(hit(&signs[start..start + key.len()], Kind::Document));
        }
    }
    hits
}

/// A number as a whole, and its digits alone: who copies one leaves out its letters.
fn document_keys(number: &str) -> Vec<String> {
    let key = document_key(number);
    let digits: String = key.chars().filter(char::is_ascii_digit).collect();
    let alone =
        Some(digits).filter(|digits| digits.len() >= LEAST_DIGITS && digits.len() < key.len() && key.contains(digits.as_str()));
    [Some(key).filter(|key| key.len() >= LEAST_DOCUMENT), alone].into_iter().flatten().collect()
}

/// The key stands here whole: nothing of its own kind is glued to either end.
fn begins(signs: &[Sign], start: usize, key: &str) -> bool {
    let Some(run) = signs.get(start..start + key.len()) else { return false };
    let same = run.iter().map(|sign| sign.ascii).eq(key.chars()) && run[1..].iter().all(|sign| sign.gap != Gap::Break);
    let kin = |one: &Sign, other: &Sign| one.ascii.is_ascii_digit() == other.ascii.is_ascii_digit();
    let before = start.checked_sub(1).map(|at| &signs[at]);
    let free_before = run[0].gap != Gap::None || before.is_none_or(|before| !kin(before, &run[0]));
    let free_after = signs.get(start + key.len()).is_none_or(|after| after.gap != Gap::None || !kin(after, &run[run.len() - 1]));
    same && free_before && free_after
}

/// These e-mail addresses in the text, also with the sign written out.
pub(super) fn emails(text: &str, known: &[String]) -> Vec<Hit> {
    let lower = text.to_ascii_lowercase();
    let mut hits = Vec::new();
    for email in known {
        let email = email.trim().to_ascii_lowercase();
        let Some((local, domain)) = email.split_once('@') else { continue };
        let label = domain.split('.').next().unwrap_or(domain);
        if local.is_empty() || label.is_empty() {
            continue;
        }
        for (start, _) in lower.match_indices(local) {
            let glued = lower[..start].chars().next_back().is_some_and(char::is_alphanumeric);
            let after = &lower[start + local.len()..];
            let Some(domain_at) = at_sign(after).filter(|rest| rest.starts_with(label) && !glued) else { continue };
            let from = lower.len() - domain_at.len();
            let length =
                domain_at.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(domain_at.len());
            let end = from + lower[from..from + length].trim_end_matches('.').len();
            hits.push(Hit { start, end, kind: Kind::Email });
        }
    }
    hits
}

/// What follows "@", "(at)" or " at ".
fn at_sign(text: &str) -> Option<&str> {
    let text = text.trim_start_matches([' ', '(', '[', '{', '<']);
    let rest = ["@", "at", "arobase", "arroba"].iter().find_map(|sign| text.strip_prefix(sign))?;
    Some(rest.trim_start_matches([' ', ')', ']', '}', '>']))
}
