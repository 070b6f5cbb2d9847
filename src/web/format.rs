//! Dates, spans and numbers as a reader of this language writes them.
use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;

use crate::platform::lang::Lang;
use crate::platform::text::{text, text_with};

/// The same text set apart from what stands beside it on the line: digits after a name of the other direction would else leap before it.
pub fn apart(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("\u{2068}{text}\u{2069}") }
}

/// The same text whose numbers stay on one line: a space between two digits does not break.
pub fn unbroken(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let is_digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|one| one.is_numeric());
    let stays = |(at, one): (usize, &char)| match one {
        ' ' if is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)) => '\u{A0}',
        other => *other,
    };
    chars.iter().enumerate().map(stays).collect()
}

// Spans in words. A list says the same few again and again, and to work one out, with its plural, takes longer than the rest of its row.
static SPANS: LazyLock<RwLock<HashMap<Span, String>>> = LazyLock::new(RwLock::default);
// The language, the family of texts, the unit and how many: there are some thousands at most.
type Span = (Lang, &'static str, &'static str, i64);

// A letter for the kind, four characters and four.
const SHAPE: &[u8] = b"X-XXXX-XXXX";

/// The text in pieces, each with whether it is the code of something: a code is never broken, and stands the right way round in any text.
pub fn pieces(text: &str) -> Vec<(bool, &str)> {
    let (mut found, mut from, mut at) = (Vec::new(), 0, 0);
    while at + SHAPE.len() <= text.len() {
        if !is_code(text.as_bytes(), at) {
            at += 1;
            continue;
        }
        if from < at {
            found.push((false, &text[from..at]));
        }
        from = at + SHAPE.len();
        found.push((true, &text[at..from]));
        at = from;
    }
    if from < text.len() {
        found.push((false, &text[from..]));
    }
    found
}

fn is_code(text: &[u8], at: usize) -> bool {
    let end = at + SHAPE.len();
    let ends = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-');
    let fits = |(shape, byte): (&u8, &u8)| match shape {
        b'-' => *byte == b'-',
        _ => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
    };
    ends(at.checked_sub(1).and_then(|before| text.get(before)))
        && ends(text.get(end))
        && SHAPE.iter().zip(&text[at..end]).all(fits)
}

/// How this reader writes: language, digits, time zone, and what "now" is.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// Their language.
    pub lang: Lang,
    /// ٠–٩ instead of 0–9.
    pub arabic_digits: bool,
    /// Their time zone.
    pub zone: Tz,
    /// The moment the page is made.
    pub now: DateTime<Utc>,
    /// Every date with its year: what they read is paper, which lasts into other years.
    pub years: bool,
}

impl Reader {
    /// `24 Nov 2026`; the year only on paper and when it is not this one.
    pub fn date(&self, date: NaiveDate) -> String {
        if self.years || date.year() != self.today().year() {
            return self.full_date(date);
        }
        let month = text(self.lang, &format!("month-{}", date.month()));
        self.digits(&format!("{} {month}", date.day()))
    }

    /// `24 Nov 2026`, whichever year it is: on paper, which is read in other years too.
    pub fn full_date(&self, date: NaiveDate) -> String {
        let month = text(self.lang, &format!("month-{}", date.month()));
        self.digits(&format!("{} {month} {}", date.day(), date.year()))
    }

    /// `24 Nov, 14:30`.
    pub fn moment(&self, moment: DateTime<Utc>) -> String {
        let local = moment.with_timezone(&self.zone);
        format!("{}{} {}", self.date(local.date_naive()), self.lang.comma(), self.time(moment))
    }

    /// `24 Nov 2026, 14:30`, whichever year it is: on paper.
    pub fn full_moment(&self, moment: DateTime<Utc>) -> String {
        let local = moment.with_timezone(&self.zone);
        format!("{}{} {}", self.full_date(local.date_naive()), self.lang.comma(), self.time(moment))
    }

    /// `14:30`.
    pub fn time(&self, moment: DateTime<Utc>) -> String {
        let local = moment.with_timezone(&self.zone);
        self.digits(&format!("{:02}:{:02}", local.hour(), local.minute()))
    }

    /// `24 Nov`, of a moment.
    pub fn day(&self, moment: DateTime<Utc>) -> String {
        self.date(moment.with_timezone(&self.zone).date_naive())
    }

    /// `in 2 days, 24 Nov`: relative and exact.
    pub fn when(&self, moment: DateTime<Utc>) -> String {
        format!("{}{} {}", self.relative(moment), self.lang.comma(), self.day(moment))
    }

    /// The day it is where the reader works.
    pub fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }

    /// `in 2 days`, `today`, `3 days ago`.
    pub fn relative(&self, moment: DateTime<Utc>) -> String {
        let days = (moment.with_timezone(&self.zone).date_naive() - self.today()).num_days();
        let family = match days {
            0 => return text(self.lang, "when-today"),
            1 => return text(self.lang, "when-tomorrow"),
            -1 => return text(self.lang, "when-yesterday"),
            2.. => "when-in",
            _ => "when-ago",
        };
        self.span(family, days.abs())
    }

    /// So many days in the words of a family of texts: as days, beyond two months as months, beyond two years without a number, which would
    /// say more than anybody reads. Every span on a page is told here.
    pub fn span(&self, family: &'static str, days: i64) -> String {
        let (unit, count) = match days {
            ..=60 => ("days", days.max(0)),
            61..=730 => ("months", days * 12 / 365),
            _ => ("years", 2),
        };
        let span = (self.lang, family, unit, count);
        if let Some(words) = SPANS.read().unwrap_or_else(PoisonError::into_inner).get(&span) {
            return self.digits(words);
        }
        let words = text_with(self.lang, &format!("{family}-{unit}"), &[("count", count.into())]);
        let said = self.digits(&words);
        SPANS.write().unwrap_or_else(PoisonError::into_inner).insert(span, words);
        said
    }

    /// `overdue by 3 days`, for a moment that has passed; within the first hour it is due now, as what was asked for at once is.
    pub fn overdue(&self, moment: DateTime<Utc>) -> String {
        let hours = (self.now - moment).num_hours();
        if hours < 1 {
            return text(self.lang, "when-due-now");
        }
        if hours >= 48 {
            return self.span("when-overdue", hours / 24);
        }
        self.digits(&text_with(self.lang, "when-overdue-hours", &[("count", hours.into())]))
    }

    /// An age in years, `approx.` when the date of birth is estimated.
    pub fn age(&self, born_on: NaiveDate, estimated: bool) -> String {
        let years = self.today().years_since(born_on).unwrap_or(0);
        let key = if estimated { "age-about" } else { "age-years" };
        self.digits(&text_with(self.lang, key, &[("years", years.into())]))
    }

    /// A whole number with its thousands set apart.
    pub fn number(&self, number: i64) -> String {
        let plain = number.unsigned_abs().to_string();
        let separator = match self.lang {
            Lang::En | Lang::Ar => ",",
            Lang::Fr => "\u{202f}",
            Lang::Es => ".",
        };
        let grouped =
            plain.as_bytes().rchunks(3).rev().map(|chunk| String::from_utf8_lossy(chunk)).collect::<Vec<_>>().join(separator);
        self.digits(&if number < 0 { format!("-{grouped}") } else { grouped })
    }

    /// A share, 0 to 1, in per cent with no decimals.
    pub fn percent(&self, share: f64) -> String {
        let number = self.number((share * 100.0).round() as i64);
        if self.lang == Lang::Fr || self.lang == Lang::Es { format!("{number}\u{202f}%") } else { format!("{number}%") }
    }

    /// The reader's digits.
    pub fn digits(&self, text: &str) -> String {
        if !self.arabic_digits {
            return text.to_owned();
        }
        text.chars().map(|c| c.to_digit(10).and_then(|digit| char::from_u32('٠' as u32 + digit)).unwrap_or(c)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_not_broken_over_a_line() {
        assert_eq!(unbroken("Desk, 555 0100"), "Desk, 555\u{A0}0100");
        assert_eq!(unbroken("a 1 b"), "a 1 b");
    }

    #[test]
    fn a_code_is_a_piece_of_its_own_in_any_words() {
        let code = "C-7KQ4-M2XD";
        assert_eq!(pieces(code), [(true, code)]);
        assert_eq!(pieces("حالة C-7KQ4-M2XD، الآن"), [(false, "حالة "), (true, code), (false, "، الآن")]);
        for none in ["", "AC-7KQ4-M2XD", "C-7KQ4-M2XD9", "C-7kq4-M2XD", "2026-11-24 well-being"] {
            assert!(pieces(none).iter().all(|(whole, _)| !whole), "{none}");
        }
    }

    #[test]
    fn what_was_due_within_the_hour_is_due_now_and_not_an_hour_late() {
        let now: DateTime<Utc> = "2026-11-24T10:00:00Z".parse().unwrap();
        let reader = Reader { lang: Lang::En, arabic_digits: false, zone: chrono_tz::UTC, now, years: false };
        assert_eq!(reader.overdue(now - chrono::TimeDelta::minutes(59)), "due now");
        assert!(reader.overdue(now - chrono::TimeDelta::minutes(61)).starts_with("overdue by"));
    }

    #[test]
    fn a_long_span_is_told_in_months_and_a_very_long_one_without_a_number() {
        let now: DateTime<Utc> = "2026-11-24T10:00:00Z".parse().unwrap();
        let told = |lang, days| {
            let reader = Reader { lang, arabic_digits: false, zone: chrono_tz::UTC, now, years: false };
            reader.overdue(now - chrono::TimeDelta::days(days)).replace(['\u{2068}', '\u{2069}'], "")
        };
        for (days, words) in [(3, "3 days"), (60, "60 days"), (61, "2 months"), (730, "24 months"), (2522, "more than 2 years")] {
            assert_eq!(told(Lang::En, days), format!("overdue by {words}"));
        }
        assert_eq!(told(Lang::Ar, 70), "متأخر شهرين");
        assert_eq!(told(Lang::Ar, 200), "متأخر 6 أشهر");
        assert_eq!(told(Lang::Fr, 2522), "en retard de plus de 2 ans");
        assert_eq!(told(Lang::Es, 400), "vencido hace 13 meses");
    }
}
