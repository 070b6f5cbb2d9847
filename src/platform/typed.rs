//! Text as people type it: characters that steer a screen instead of being read are left out, and what shows nothing is nothing.

use chrono::{Datelike, NaiveDate};

// No paper that anybody still carries ended earlier, and none is given for longer.
const FIRST_YEAR: i32 = 1900;
const YEARS_AHEAD: i32 = 30;

/// What is wrong with the day until which a paper holds: far from today it is a slip of the keyboard.
pub fn wrong_expiry(day: NaiveDate, today: NaiveDate) -> Option<&'static str> {
    match day.year() {
        year if year < FIRST_YEAR => Some("too_long_ago"),
        year if year > today.year() + YEARS_AHEAD => Some("too_far"),
        _ => None,
    }
}

/// A character that no field keeps: it moves, reorders or hides what stands around it. Line breaks and tabs stay, and so do the marks
/// that Arabic and Persian spelling needs.
pub fn is_steering(c: char) -> bool {
    let harmless = matches!(c, '\n' | '\t');
    let embeds = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{206A}'..='\u{206F}');
    let hides = matches!(c, '\u{200B}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{00AD}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}');
    (c.is_control() && !harmless) || embeds || hides
}

/// A character that a reader sees.
pub fn is_visible(c: char) -> bool {
    let blank = matches!(
        c,
        '\u{200C}'..='\u{200F}' | '\u{061C}' | '\u{180E}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{3164}' | '\u{FFA0}' | '\u{2800}' | '\u{FE00}'..='\u{FE0F}'
    );
    !c.is_whitespace() && !is_steering(c) && !blank
}

/// Nothing in it shows.
pub fn is_blank(text: &str) -> bool {
    !text.chars().any(is_visible)
}

/// The text without what steers, and without blanks around it.
pub fn cleaned(text: &str) -> String {
    let kept: String = text.chars().filter(|c| !is_steering(*c)).collect();
    if is_blank(&kept) { String::new() } else { kept.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_holds_until_a_day_that_can_be() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-11-27");
        assert_eq!(wrong_expiry(day("0001-01-01"), today), Some("too_long_ago"));
        assert_eq!(wrong_expiry(day("9999-12-31"), today), Some("too_far"));
        assert_eq!((wrong_expiry(day("1999-12-31"), today), wrong_expiry(day("2056-12-31"), today)), (None, None));
    }

    #[test]
    fn what_steers_is_left_out_and_what_spelling_needs_stays() {
        assert_eq!(cleaned(" Dana\u{202E} Saleh\u{200B} "), "Dana Saleh");
        assert_eq!(cleaned("می\u{200C}روم\nدوم"), "می\u{200C}روم\nدوم");
    }

    #[test]
    fn what_shows_nothing_is_nothing() {
        for text in ["", " ", "\u{200F}\u{200B}", "\u{2800}\u{3164}", "\u{0000}"] {
            assert_eq!(cleaned(text), "", "{text:?}");
        }
        assert!(!is_blank("د"));
    }
}
