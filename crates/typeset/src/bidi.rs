//! Numbers written in groups keep their order inside right-to-left text.
//!
//! The bidirectional algorithm orders "+962 79 123" in an Arabic line as 123 79 962+, since the spaces between groups take the line's
//! direction. An isolate around the whole number stops that.

const OPEN: char = '\u{2066}';
const CLOSE: char = '\u{2069}';
/// A plus, a bracket or at least two groups make a number that may be torn apart.
const LEAST_DIGITS: usize = 4;

/// The text without marks of direction, which do nothing where all runs one way and would be copied along with a number.
pub(crate) fn bare(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{2066}'..='\u{2069}')).collect()
}

/// Some letters run from right to left.
pub(crate) fn is_mixed(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{0590}'..='\u{08ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'))
}

/// The text with every grouped number isolated, and every line that is wholly Latin.
pub(crate) fn isolated(text: &str) -> String {
    let line = |line: &str| if is_latin(line) { format!("{OPEN}{}{CLOSE}", bare(line)) } else { numbers(line) };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// An address such as "2 Mill Lane", which would begin with its street.
fn is_latin(line: &str) -> bool {
    !is_mixed(line) && line.chars().any(char::is_alphabetic)
}

fn numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(at) = rest.find(starts) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let (number, after) = from.split_at(length(from));
        if tears(number) {
            out.push(OPEN);
            out.push_str(number);
            out.push(CLOSE);
        } else {
            out.push_str(number);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn starts(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '+' | '(')
}

/// From the first digit, plus or bracket to the last digit (or closing bracket before one) of the same number.
fn length(text: &str) -> usize {
    let mut end = text.chars().next().map_or(0, char::len_utf8);
    let mut separators = 0;
    for (at, c) in text.char_indices() {
        match c {
            '0'..='9' => {
                end = at + 1;
                separators = 0;
            }
            '+' if at == 0 => {}
            ' ' | '\u{a0}' | '-' | '.' | '/' | '(' | ')' => separators += 1,
            _ => break,
        }
        if separators > 2 {
            break;
        }
    }
    end
}

fn tears(number: &str) -> bool {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    digits >= LEAST_DIGITS && number.chars().any(|c| matches!(c, '+' | ' ' | '\u{a0}' | '('))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grouped_numbers_are_isolated_and_nothing_else() {
        let table = [
            ("هاتف +962 79 123 4567.", "هاتف \u{2066}+962 79 123 4567\u{2069}."),
            ("(06) 123 456", "\u{2066}(06) 123 456\u{2069}"),
            ("12/03/2026", "12/03/2026"),
            ("خلال 24 ساعة", "خلال 24 ساعة"),
            ("(طفل)", "(طفل)"),
            ("A+", "\u{2066}A+\u{2069}"),
            ("2 Mill Lane\nعمّان", "\u{2066}2 Mill Lane\u{2069}\nعمّان"),
            ("", ""),
            ("2026", "2026"),
        ];
        for (text, expected) in table {
            assert_eq!(isolated(text), expected, "{text}");
        }
    }
}
