//! Texts. Places count characters, not bytes.
use regex_lite::RegexBuilder;

use crate::xpath::ast::Expr;
use crate::xpath::error::Error;
use crate::xpath::eval::{Evaluator, Focus};
use crate::xpath::number as numbers;
use crate::xpath::value::{Value, text_of};

/// Bytes of memory a regular expression may need once it is read.
const REGEX_SIZE: usize = 256 * 1024;

pub(super) fn string(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    own(e, a, f).and_then(|text| e.made(text))
}

/// The text of the only argument, or of the node if there is none.
fn own(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<String, Error> {
    match a.first() {
        Some(expr) => e.text(expr, f),
        None => Ok(text_of(e.context, f.node)),
    }
}

pub(super) fn concat(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let parts = all(e, a, f)?;
    e.made(parts.concat())
}

pub(super) fn join(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let between = e.text(&a[0], f)?;
    let parts = all(e, &a[1..], f)?;
    let length = parts.iter().map(String::len).sum::<usize>().saturating_add(between.len().saturating_mul(parts.len()));
    if length > e.limits.text.saturating_add(between.len()) {
        return Err(Error::TooMuchText);
    }
    e.made(parts.join(&between))
}

/// The texts of all arguments, of node-sets each one's.
fn all(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Vec<String>, Error> {
    let mut parts = Vec::new();
    let mut length = 0;
    for expr in a {
        let mut add = |e: &mut Evaluator, text: String| {
            length += text.len();
            parts.push(text);
            e.spend(1)?;
            if length > e.limits.text { Err(Error::TooMuchText) } else { Ok(()) }
        };
        match e.value(expr, f)? {
            Value::Nodes(nodes) => nodes.into_iter().try_for_each(|node| add(e, text_of(e.context, node)))?,
            other => add(e, other.into_text(e.context))?,
        }
    }
    Ok(parts)
}

/// A question about two texts.
pub(super) fn test(e: &mut Evaluator, a: &[Expr], f: Focus, holds: fn(&str, &str) -> bool) -> Result<Value, Error> {
    Ok(Value::Bool(holds(&e.text(&a[0], f)?, &e.text(&a[1], f)?)))
}

/// A text made of another.
pub(super) fn changed(e: &mut Evaluator, a: &[Expr], f: Focus, change: fn(&str) -> String) -> Result<Value, Error> {
    let text = e.text(&a[0], f)?;
    e.made(change(&text))
}

pub(super) fn substring_before(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let (text, mark) = (e.text(&a[0], f)?, e.text(&a[1], f)?);
    e.made(text.split_once(&mark).map_or("", |(before, _)| before).to_owned())
}

pub(super) fn substring_after(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let (text, mark) = (e.text(&a[0], f)?, e.text(&a[1], f)?);
    e.made(text.split_once(&mark).map_or("", |(_, after)| after).to_owned())
}

/// XPath 1.0: places count from 1; start and length are rounded; with NaN nothing is left.
pub(super) fn substring(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let text = e.text(&a[0], f)?;
    let start = numbers::round(e.number(&a[1], f)?);
    let end = match a.get(2) {
        Some(length) => start + numbers::round(e.number(length, f)?),
        None => f64::INFINITY,
    };
    let inside = |place: usize| {
        let place = place as f64 + 1.0;
        place >= start && place < end
    };
    e.made(text.chars().enumerate().filter(|(place, _)| inside(*place)).map(|(_, c)| c).collect())
}

/// ODK: places count from 0 up to the end, which is left out; negative ones count from behind.
pub(super) fn substr(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let text = e.text(&a[0], f)?;
    let length = text.chars().count() as f64;
    let place = |place: f64| {
        let place = numbers::whole(if place.is_nan() { 0.0 } else { place });
        (if place < 0.0 { length + place } else { place }).clamp(0.0, length)
    };
    let start = place(e.number(&a[1], f)?);
    let end = match a.get(2) {
        Some(end) => place(e.number(end, f)?),
        None => length,
    };
    let count = (end - start).max(0.0) as usize;
    e.made(text.chars().skip(start as usize).take(count).collect())
}

pub(super) fn string_length(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    Ok(Value::Number(own(e, a, f)?.chars().count() as f64))
}

pub(super) fn normalize_space(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let text = own(e, a, f)?;
    let words: Vec<&str> = text.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()).collect();
    e.made(words.join(" "))
}

/// Characters of the second text turn into those at the same place in the third, and are left out if there is none.
pub(super) fn translate(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let (text, from, to) = (e.text(&a[0], f)?, e.text(&a[1], f)?, e.text(&a[2], f)?);
    e.spend(text.len().saturating_mul(from.len()) / 64)?;
    let to: Vec<char> = to.chars().collect();
    let turned =
        text.chars().filter_map(|c| from.chars().position(|one| one == c).map_or(Some(c), |place| to.get(place).copied()));
    e.made(turned.collect())
}

/// Whether a pattern of `regex` can be read at all.
pub(crate) fn is_pattern(pattern: &str) -> bool {
    built(pattern).is_ok()
}

fn built(pattern: &str) -> Result<regex_lite::Regex, regex_lite::Error> {
    RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(REGEX_SIZE).nest_limit(64).build()
}

/// Whether the whole text fits the expression.
pub(super) fn regex(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let (text, pattern) = (e.text(&a[0], f)?, e.text(&a[1], f)?);
    let cost = (text.len() + 1).saturating_mul(pattern.len() + 1) / 16;
    e.spend(cost + pattern.len() * 8)?;
    let regex = built(&pattern)
        .map_err(|_| Error::Unusable { function: "regex", reason: "the regular expression can't be read, or is too large" })?;
    Ok(Value::Bool(regex.is_match(&text)))
}
