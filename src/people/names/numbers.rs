//! Document and phone numbers, written as people write them, made comparable.

/// Longest number read.
const MOST_CHARS: usize = 64;
/// Digits of a phone number that are compared. Countries with eight-digit numbers (Tunisia, Mali,
/// Lebanon) would match nothing with more: the ninth digit is there the end of the country's code.
const PHONE_DIGITS: usize = 8;

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
        assert_eq!(phone_key("112"), "112");
        assert_eq!(phone_key("none"), "");
        assert!(phone_key(&"7".repeat(10_000)).len() <= PHONE_DIGITS);
        assert!(document_key(&"7".repeat(10_000)).len() <= MOST_CHARS);
    }
}
