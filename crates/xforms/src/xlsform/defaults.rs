//! Whether a default is a value or an expression, by the same signs that form authors rely on elsewhere: an operator, a call or a
//! reference makes it one, and a hyphen inside a date or a place does not.
use crate::form::QuestionKind;

/// Whether a default must be computed.
pub(super) fn is_dynamic(text: &str, kind: &QuestionKind) -> bool {
    let hyphens = matches!(
        kind,
        QuestionKind::Date | QuestionKind::DateTime | QuestionKind::Geopoint | QuestionKind::Geotrace | QuestionKind::Geoshape
    );
    let mut rest = text;
    while !rest.is_empty() {
        let (sign, length) = next(rest);
        match sign {
            Sign::Hyphen if hyphens => return false,
            Sign::Hyphen | Sign::Telling => return true,
            Sign::Silent => rest = &rest[length..],
        }
    }
    false
}

enum Sign {
    Hyphen,
    Telling,
    Silent,
}

// The sign at the start of a text, and its length in bytes.
fn next(text: &str) -> (Sign, usize) {
    let first = text.chars().next().unwrap_or(' ');
    if let Some(length) = date(text).or_else(|| number(text)) {
        return (Sign::Silent, length);
    }
    match first {
        '-' => return (Sign::Hyphen, 1),
        '*' | '+' | '|' => return (Sign::Telling, 1),
        '\'' | '"' => {
            if let Some(close) = text[1..].find(first) {
                return (Sign::Silent, close + 2);
            }
        }
        ' ' if text.starts_with(" mod ") || text.starts_with(" div ") => return (Sign::Telling, 5),
        '$' => {
            let name = text.strip_prefix("${").and_then(|rest| rest.split_once('}')).map(|(name, _)| name);
            let name = name.map(|name| name.strip_prefix("last-saved#").unwrap_or(name));
            if name.is_some_and(crate::xml::is_name) {
                return (Sign::Telling, 2);
            }
        }
        _ => {}
    }
    let word = text.len() - text.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':')).len();
    if word > 0 && (first.is_alphabetic() || first == '_') {
        let name = text[..word].trim_end_matches(':');
        let call = text[name.len()..].starts_with('(');
        return (if call { Sign::Telling } else { Sign::Silent }, name.len());
    }
    (Sign::Silent, first.len_utf8())
}

fn date(text: &str) -> Option<usize> {
    let skipped = usize::from(text.starts_with('-'));
    let bytes = text.get(skipped..skipped + 10)?.as_bytes();
    let fits = bytes.iter().enumerate().all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() });
    fits.then_some(skipped + 10)
}

fn number(text: &str) -> Option<usize> {
    let body = text.strip_prefix('-').unwrap_or(text);
    let digits = body.len() - body.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let after = &body[digits..];
    let fraction =
        after.strip_prefix('.').map(|rest| 1 + rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len());
    let length = match fraction {
        Some(fraction) if digits > 0 || fraction > 1 => digits + fraction,
        _ if digits > 0 => digits,
        _ => return None,
    };
    Some(length + text.len() - body.len())
}

#[cfg(test)]
mod tests {
    use super::is_dynamic;
    use crate::form::QuestionKind;

    #[test]
    fn values_are_told_from_expressions() {
        for value in [
            "5",
            "-5",
            "-5.5",
            "hello",
            "two words",
            "a-b",
            "2020-01-02",
            "https://example.org/a-b?x=1",
            "'a + b'",
            "x.png",
            "50%",
            "$5",
        ] {
            assert!(!is_dynamic(value, &QuestionKind::Text), "{value}");
        }
        for value in ["now()", "${a}", "1 + 1", "3 * 4", "4 div 2", "concat('a', 'b')", "${last-saved#a}", "a - b"] {
            assert!(is_dynamic(value, &QuestionKind::Text), "{value}");
        }
        assert!(!is_dynamic("12.3 -4.5 0 0", &QuestionKind::Geopoint));
        assert!(!is_dynamic("2020 - 01", &QuestionKind::Date));
        assert!(is_dynamic("today()", &QuestionKind::Date));
    }
}
