//! Document and phone numbers, written as people write them, made comparable.

/// Longest number read.
const MOST_CHARS: usize = 64;
/// Digits of a phone number that are compared. Countries with eight-digit numbers (Tunisia, Mali,
/// Lebanon) would match nothing with more: the ninth digit is there the end of the country's code.
const PHONE_DIGITS: usize = 8;
/// Digits of a whole number where they are fewest: seven, of a Lebanese one without its zero (03 777 111).
const FEWEST_DIGITS: usize = 7;

/// A document number in capitals and Western digits, without spaces and punctuation.
pub fn document_key(number: &str) -> String {
    ascii(number).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// The last digits of a phone number, the same with or without the country's code and leading zeros.
pub fn phone_key(number: &str) -> String {
    let digits: String = ascii(number).chars().filter(char::is_ascii_digit).collect();
    let significant = digits.trim_start_matches('0');
    significant[significant.len().saturating_sub(PHONE_DIGITS)..].to_owned()
}

/// What a phone is found by. Whoever has a code of the country's before it is found by the last [`FEWEST_DIGITS`] too, under a name of its
/// own (`s:`), so that two long numbers never meet in these alone.
pub fn phone_keys(number: &str) -> Vec<String> {
    let key = phone_key(number);
    let short = (key.len() > FEWEST_DIGITS).then(|| format!("s:{}", last(&key)));
    std::iter::once(format!("t:{key}")).chain(short).filter(|_| !key.is_empty()).collect()
}

/// What to look for where this number was typed: the same number, and the same without or with the country's code.
pub fn phone_wanted(number: &str) -> Vec<String> {
    let key = phone_key(number);
    let other = match key.len() {
        FEWEST_DIGITS => Some(format!("s:{key}")),
        more if more > FEWEST_DIGITS => Some(format!("t:{}", last(&key))),
        _ => None,
    };
    std::iter::once(format!("t:{key}")).chain(other).filter(|_| !key.is_empty()).collect()
}

// All digits are ASCII here.
fn last(key: &str) -> &str {
    &key[key.len().saturating_sub(FEWEST_DIGITS)..]
}

fn ascii(number: &str) -> String {
    let bounded: String = number.chars().take(MOST_CHARS).collect();
    any_ascii::any_ascii(&bounded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn document_numbers_compare_as_people_write_them() {
        let table = [
            ("ab-123 456", "AB123456"),
            ("AB/123.456", "AB123456"),
            ("١٢٣-٤٥٦", "123456"),
            ("۱۲۳۴۵۶", "123456"),
            ("ＡＢ１２", "AB12"),
            ("  ", ""),
        ];
        for (written, expected) in table {
            assert_eq!(document_key(written), expected, "{written}");
        }
    }

    #[test]
    fn phone_numbers_compare_with_and_without_the_country() {
        let table: &[&[&str]] = &[
            &["+962 79 123 4567", "00962791234567", "079-1234567", "(079) 123 45 67", "٠٧٩١٢٣٤٥٦٧"],
            &["+216 20 123 456", "20123456", "0021620123456"],
            &["+90 532 123 45 67", "0532 1234567"],
        ];
        for row in table {
            for other in &row[1..] {
                assert_eq!(phone_key(row[0]), phone_key(other), "{other}");
            }
        }
        let meet = |stored: &str, typed: &str| phone_wanted(typed).iter().any(|key| phone_keys(stored).contains(key));
        for (stored, typed) in [
            ("+961 3 777 111", "03777111"),
            ("+961 3 777 111", "3777111"),
            ("03 777 111", "+9613777111"),
            ("3777111", "03777111"),
        ] {
            assert!(meet(stored, typed), "{stored} {typed}");
        }
        for (stored, typed) in [("079 123 4567", "078 123 4567"), ("+961 3 777 111", "777111"), ("", ""), ("+961 3 777 111", "")]
        {
            assert!(!meet(stored, typed), "{stored} {typed}");
        }
        assert_eq!(phone_key("112"), "112");
        assert_eq!(phone_key("none"), "");
        assert!(phone_key(&"7".repeat(10_000)).len() <= PHONE_DIGITS);
        assert!(document_key(&"7".repeat(10_000)).len() <= MOST_CHARS);
    }
}
