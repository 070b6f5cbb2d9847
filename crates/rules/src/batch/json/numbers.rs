//! Numbers of JSON. Those of few digits, which are nearly all, are read without the long way that rounds any.
use super::Broken;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Read {
    Int(i64),
    Number(f64),
}

/// Powers of ten that a float holds exactly.
const TENS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// Reads the number that begins at `at`, and moves there.
pub(super) fn read(text: &[u8], at: &mut usize) -> Result<Read, Broken> {
    let start = *at;
    let negative = text.get(*at) == Some(&b'-');
    *at += usize::from(negative);
    let (mut digits, first) = (0, *at);
    take(text, at, &mut digits);
    let before = *at - first;
    if before == 0 || (before > 1 && text[first] == b'0') {
        return Err(Broken { at: start, what: "no number" });
    }
    let mut after = 0;
    if text.get(*at) == Some(&b'.') {
        *at += 1;
        let point = *at;
        take(text, at, &mut digits);
        after = *at - point;
        if after == 0 {
            return Err(Broken { at: start, what: "no number" });
        }
    }
    if matches!(text.get(*at), Some(b'e' | b'E')) {
        exponent(text, at)?;
        return long(text, start, *at);
    }
    // Up to fifteen digits a float holds exactly, and the quotient of two exact ones is rounded once.
    match (before + after, after) {
        (1..=18, 0) if negative && digits == 0 => Ok(Read::Number(-0.0)),
        (1..=18, 0) if negative => Ok(Read::Int(-(digits as i64))),
        (1..=18, 0) => Ok(Read::Int(digits as i64)),
        (1..=15, _) => {
            let value = digits as f64 / TENS[after];
            Ok(Read::Number(if negative { -value } else { value }))
        }
        _ => long(text, start, *at),
    }
}

fn take(text: &[u8], at: &mut usize, digits: &mut u64) {
    while let Some(digit) = text.get(*at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
        *digits = digits.wrapping_mul(10).wrapping_add(u64::from(digit));
        *at += 1;
    }
}

fn exponent(text: &[u8], at: &mut usize) -> Result<(), Broken> {
    *at += 1;
    *at += usize::from(matches!(text.get(*at), Some(b'+' | b'-')));
    let (from, mut digits) = (*at, 0);
    take(text, at, &mut digits);
    if *at == from { Err(Broken { at: from, what: "no number" }) } else { Ok(()) }
}

fn long(text: &[u8], from: usize, to: usize) -> Result<Read, Broken> {
    let text = std::str::from_utf8(&text[from..to]).map_err(|_| Broken { at: from, what: "no number" })?;
    if let Ok(value) = text.parse() {
        return Ok(Read::Int(value));
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Read::Number(value)),
        _ => Err(Broken { at: from, what: "a number too large" }),
    }
}
