//! Dates of birth in any usual writing: figures in any order, months by name in four languages, Arabic-Indic digits.
use chrono::{Datelike, NaiveDate};

use super::words::Word;
use super::{Hit, Kind};

/// Months by name and by abbreviation; what stands twice in two languages means the same month.
const MONTHS: [&str; 12] = [
    "january jan janvier janv enero ene يناير جانفي",
    "february feb fevrier fevr febrero فبراير فيفري شباط",
    "march mar mars marzo مارس اذار",
    "april apr avril avr abril abr ابريل افريل نيسان",
    "may mai mayo مايو ماي ايار",
    "june jun juin junio يونيو جوان حزيران",
    "july jul juillet juil julio يوليو يوليوز جويليه تموز",
    "august aug aout agosto ago اغسطس غشت اوت اب",
    "september sep sept septembre septiembre setiembre سبتمبر شتنبر ايلول",
    "october oct octobre octubre اكتوبر",
    "november nov novembre noviembre نوفمبر نونبر",
    "december dec decembre diciembre dic ديسمبر دجنبر",
];
/// Months whose Levantine names are two words.
const PAIRS: [(&str, &str, u32); 4] =
    [("كانون", "الثاني", 1), ("كانون", "الاول", 12), ("تشرين", "الاول", 10), ("تشرين", "الثاني", 11)];
/// Words that may stand inside a date.
const FILLERS: &[&str] = &["of", "the", "de", "del", "le", "el", "من", "شهر", "سنه", "سنة", "عام", "لعام", "لسنة"];
/// Words after which a year or a day alone is a birth.
const BORN: &[&str] = &[
    "born",
    "birth",
    "birthday",
    "dob",
    "ne",
    "nee",
    "naissance",
    "nacio",
    "nacido",
    "nacida",
    "nacimiento",
    "مواليد",
    "ولد",
    "ولدت",
    "مولود",
    "مولوده",
    "مولودة",
    "الميلاد",
    "ميلاد",
    "ميلاده",
    "ميلادها",
];
/// How far before a date such a word may stand.
const BORN_WITHIN: usize = 5;

#[derive(Clone, Copy, Debug)]
enum Piece {
    Number { value: u32, digits: usize },
    Month(u32),
    Other,
}

/// What the words before a date say of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Birth,
    Any,
}

/// A piece and the words it takes.
struct Placed {
    piece: Piece,
    first: usize,
    last: usize,
}

/// These dates of birth in the text.
pub(super) fn births(words: &[Word<'_>], known: &[NaiveDate]) -> Vec<Hit> {
    if known.is_empty() {
        return Vec::new();
    }
    let placed = placed(words);
    let mut hits = Vec::new();
    for at in 0..placed.len() {
        let context = context(words, placed[at].first);
        let longest = (1..=3).rev().find(|length| {
            placed.get(at..at + length).is_some_and(|run| known.iter().any(|birth| is_birth(run, *birth, context)))
        });
        if let Some(length) = longest {
            let (first, last) = (&words[placed[at].first], &words[placed[at + length - 1].last]);
            hits.push(Hit { start: first.start, end: last.end, kind: Kind::Birth });
        }
    }
    hits
}

fn placed(words: &[Word<'_>]) -> Vec<Placed> {
    let mut placed = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let plain = words[at].plain.as_str();
        let pair = words.get(at + 1).and_then(|next| PAIRS.iter().find(|(one, two, _)| *one == plain && *two == next.plain));
        match pair {
            Some((_, _, month)) => {
                placed.push(Placed { piece: Piece::Month(*month), first: at, last: at + 1 });
                at += 1;
            }
            None if FILLERS.contains(&plain) => {}
            None => placed.push(Placed { piece: piece(plain), first: at, last: at }),
        }
        at += 1;
    }
    placed
}

fn piece(plain: &str) -> Piece {
    let month = |name: &str| MONTHS.iter().position(|names| names.split(' ').any(|one| one == name));
    if let Some(month) = month(plain).or_else(|| month(&plain.replace('ة', "ه"))) {
        return Piece::Month(u32::try_from(month).unwrap_or(0) + 1);
    }
    let digits =
        ["st", "nd", "rd", "th", "er", "re", "o", "a"].iter().find_map(|ending| plain.strip_suffix(ending)).unwrap_or(plain);
    match digits.parse() {
        Ok(value) if digits.len() <= 8 && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Piece::Number { value, digits: digits.len() }
        }
        _ => Piece::Other,
    }
}

fn context(words: &[Word<'_>], at: usize) -> Context {
    let born = words[at.saturating_sub(BORN_WITHIN)..at].iter().any(|word| BORN.contains(&word.plain.as_str()));
    if born { Context::Birth } else { Context::Any }
}

fn is_birth(run: &[Placed], birth: NaiveDate, context: Context) -> bool {
    use Piece::{Month, Number};
    let born = context == Context::Birth;
    let day = |piece: Piece| matches!(piece, Number { value, digits } if digits <= 2 && value == birth.day());
    let month = |piece: Piece| match piece {
        Number { value, digits } => digits <= 2 && value == birth.month(),
        Month(month) => month == birth.month(),
        Piece::Other => false,
    };
    let year = |piece: Piece| match (piece, u32::try_from(birth.year())) {
        (Number { value, digits: 4 }, Ok(year)) => value == year,
        (Number { value, digits: 2 }, Ok(year)) => value == year % 100,
        _ => false,
    };
    match run.iter().map(|placed| placed.piece).collect::<Vec<_>>().as_slice() {
        [a, b, c] => {
            (day(*a) && month(*b) && year(*c))
                || (month(*a) && day(*b) && year(*c))
                || (year(*a) && month(*b) && day(*c))
                || (year(*a) && day(*b) && month(*c))
        }
        [a, b] => {
            born && (matches!(a, Month(_)) || matches!(b, Month(_)))
                && ((day(*a) && month(*b)) || (month(*a) && day(*b)) || (month(*a) && year(*b)))
        }
        [Number { value, digits: 4 }] => born && u32::try_from(birth.year()) == Ok(*value),
        [Number { value, digits: 8 }] => {
            ["%Y%m%d", "%d%m%Y", "%m%d%Y"].iter().any(|form| birth.format(form).to_string() == format!("{value:08}"))
        }
        [Number { value, digits: 6 }] => {
            ["%y%m%d", "%d%m%y"].iter().any(|form| birth.format(form).to_string() == format!("{value:06}"))
        }
        _ => false,
    }
}
