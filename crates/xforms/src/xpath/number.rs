//! Numbers and texts into each other, and rounding, as XPath 1.0 sections 3.5, 4.2 and 4.4 say.
use super::moment;

/// A number as text: no exponent, no needless digits, `NaN`, `Infinity`, and `0` for minus zero.
pub fn to_text(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "Infinity".to_owned() } else { "-Infinity".to_owned() }
    } else if value == 0.0 {
        "0".to_owned()
    } else {
        value.to_string()
    }
}

/// A text as a number: blanks around it, one minus sign, digits with at most one point; anything else is NaN.
/// ODK adds to XPath that dates and times with a date count as days since 1970-01-01, in the offset from UTC given in minutes.
pub fn from_text(text: &str, offset: i32) -> f64 {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain =
        digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && digits.bytes().any(|byte| byte.is_ascii_digit());
    if plain {
        // Two points are left to the parser, which refuses them.
        return text.parse().unwrap_or(f64::NAN);
    }
    moment::days(text, offset).unwrap_or(f64::NAN)
}

/// The nearest whole number; of two as near the greater. Minus zero if the result is zero and the value was negative.
pub fn round(value: f64) -> f64 {
    if !value.is_finite() {
        return value;
    }
    let below = libm::floor(value);
    // Adding a half before cutting would lift 0.49999999999999994 to 1.
    let rounded = if value - below >= 0.5 { below + 1.0 } else { below };
    if rounded == 0.0 { libm::copysign(0.0, value) } else { rounded }
}

/// The nearest number with so many decimals (tens, hundreds … if negative); of two as near the greater. Decimals are those of the
/// shortest way to write the value, so 1.005 rounds to 1.01 although the number in memory lies below. Past 30 decimals either way: NaN.
pub fn round_to(value: f64, places: f64) -> f64 {
    if !value.is_finite() {
        return value;
    }
    if places.is_nan() || libm::fabs(places) >= 31.0 {
        return f64::NAN;
    }
    let text = libm::fabs(value).to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|byte| byte - b'0').collect();
    // Of the digits, so many stay; the next one decides.
    let kept = whole.len() as i64 + places as i64;
    let Ok(kept) = usize::try_from(kept) else { return 0.0 };
    if kept >= digits.len() {
        return value;
    }
    let up = rounds_away(&digits[kept..], value < 0.0);
    digits[kept..].fill(0);
    let carried = up && carry(&mut digits[..kept]);
    let mut written = String::from(if value < 0.0 { "-" } else { "" });
    written.push_str(if carried { "1" } else { "" });
    for (place, digit) in digits.iter().enumerate() {
        if place == whole.len() {
            written.push('.');
        }
        written.push(char::from(b'0' + digit));
    }
    written.parse().unwrap_or(f64::NAN)
}

/// Whether what is cut off makes the rest greater in size: more than a half does, exactly a half only above zero.
fn rounds_away(cut: &[u8], negative: bool) -> bool {
    match cut.split_first() {
        Some((5, rest)) if negative => rest.iter().any(|digit| *digit != 0),
        Some((first, _)) => *first >= 5,
        None => false,
    }
}

/// Adds one to the last digit; whether a one must be put before the first.
fn carry(digits: &mut [u8]) -> bool {
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return false;
        }
        *digit = 0;
    }
    true
}

/// The whole part of a number, towards zero.
pub fn whole(value: f64) -> f64 {
    libm::trunc(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_without_exponent() {
        for (value, text) in [
            (1.0, "1"),
            (-0.0, "0"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e21, "1000000000000000000000"),
            (1e-7, "0.0000001"),
            (-2.5, "-2.5"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(to_text(value), text);
        }
    }

    #[test]
    fn only_plain_numbers_are_read() {
        for (text, value) in [(" 12 ", 12.0), ("-.5", -0.5), ("5.", 5.0), ("\n1.50\t", 1.5), ("-0", -0.0)] {
            assert_eq!(from_text(text, 0).to_bits(), f64::to_bits(value), "{text}");
        }
        for text in ["", " ", "+1", "1e3", "1 2", "--1", "1.2.3", ".", "-", "Infinity", "NaN", "0x10", "1,5", "- 1", "١"] {
            assert!(from_text(text, 0).is_nan(), "{text}");
        }
    }

    #[test]
    fn halves_are_rounded_up_even_below_zero() {
        for (value, rounded) in
            [(2.5, 3.0), (-2.5, -2.0), (-2.6, -3.0), (0.499_999_999_999_999_94, 0.0), (1e300, 1e300), (-0.3, -0.0), (-0.5, -0.0)]
        {
            assert_eq!(round(value).to_bits(), f64::to_bits(rounded), "{value}");
        }
        assert!(round(f64::NAN).is_nan());
    }

    #[test]
    fn decimals_are_rounded_as_written() {
        for (value, places, rounded) in [
            (1.005, 2.0, 1.01),
            (-1.005, 2.0, -1.0),
            (-1.0051, 2.0, -1.01),
            (99.995, 2.0, 100.0),
            (9.99, 1.0, 10.0),
            (1234.0, -2.0, 1200.0),
            (1250.0, -2.0, 1300.0),
            (51.0, -2.0, 100.0),
            (49.0, -2.0, 0.0),
            (5.0, -3.0, 0.0),
            (3.25, 5.0, 3.25),
            (1e-10, 2.0, 0.0),
        ] {
            assert_eq!(round_to(value, places), rounded, "{value} {places}");
        }
        assert!(round_to(1.0, 31.0).is_nan());
    }
}
