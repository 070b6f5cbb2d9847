//! The column `parameters`: `key=value` pairs, and which keys each type takes.
use crate::form::{Place, QuestionKind, Range};

use crate::findings::{Findings, nearest};

/// Reads the pairs; keys in lower case, values as written.
pub(super) fn read(text: &str, place: &Place, findings: &mut Findings) -> Vec<(String, String)> {
    let separated = |c: char| c.is_whitespace() || c == ',' || c == ';';
    // Spaces around `=` belong to the pair.
    let tight = text.split('=').map(str::trim).collect::<Vec<_>>().join("=");
    let mut pairs = Vec::new();
    for word in tight.split(separated).filter(|word| !word.is_empty()) {
        match word.split_once('=') {
            Some((key, value)) if !key.is_empty() && !value.is_empty() && !value.contains('=') => {
                pairs.push((key.to_lowercase(), value.to_owned()));
            }
            _ => {
                let what = format!("`{word}` is no parameter.");
                findings.mistake(
                    "broken-parameter",
                    place.clone(),
                    what,
                    "Write parameters as `key=value`, separated by spaces.",
                );
            }
        }
    }
    pairs
}

/// Reports keys that a type does not take.
pub(super) fn only(allowed: &[&str], pairs: &[(String, String)], place: &Place, findings: &mut Findings) {
    for (key, _) in pairs.iter().filter(|(key, _)| !allowed.contains(&key.as_str())) {
        let what = format!("This type of question takes no parameter `{key}`.");
        let remedy = match nearest(key, allowed.iter().copied()) {
            Some(close) => format!("Perhaps `{close}` is meant."),
            None if allowed.is_empty() => "Take it out.".to_owned(),
            None => format!("It takes {}.", allowed.join(", ")),
        };
        findings.mistake("unknown-parameter", place.clone(), what, remedy);
    }
}

/// The keys that a type takes.
pub(super) fn allowed(kind: &QuestionKind, from_file: bool) -> &'static [&'static str] {
    match kind {
        QuestionKind::SelectOne | QuestionKind::SelectMultiple | QuestionKind::Rank if from_file => {
            &["randomize", "seed", "value", "label"]
        }
        QuestionKind::SelectOne | QuestionKind::SelectMultiple | QuestionKind::Rank => &["randomize", "seed"],
        QuestionKind::Range(_) => &["start", "end", "step", "tick_interval", "placeholder", "tick_labelset"],
        QuestionKind::Text => &["rows"],
        QuestionKind::File(kind) if kind == "image/*" => &["max-pixels", "app"],
        QuestionKind::File(kind) if kind == "audio/*" => &["quality"],
        QuestionKind::Geopoint => &["capture-accuracy", "warning-accuracy", "allow-mock-accuracy", "reference-geometry"],
        QuestionKind::Geotrace | QuestionKind::Geoshape => &["incremental", "allow-mock-accuracy", "reference-geometry"],
        _ => &[],
    }
}

/// One value.
pub(super) fn get<'p>(pairs: &'p [(String, String)], key: &str) -> Option<&'p str> {
    pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
}

/// The scale of a range; what makes no sense is reported.
pub(super) fn range(pairs: &[(String, String)], place: &Place, findings: &mut Findings) -> Range {
    let mut number = |key: &str, otherwise: &str| {
        let text = get(pairs, key).unwrap_or(otherwise).to_owned();
        let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
        if value.is_none() && !text.is_empty() {
            findings.mistake(
                "broken-range",
                place.clone(),
                format!("`{key}={text}` is no number."),
                "Write a number such as 1 or 0.5.",
            );
        }
        (text, value)
    };
    let (start, low) = number("start", "1");
    let (end, high) = number("end", "10");
    let (step, width) = number("step", "1");
    let (_, tick) = number("tick_interval", "");
    let (_, placeholder) = number("placeholder", "");
    let whole = [low, high, width, tick, placeholder].iter().flatten().all(|value| value.fract() == 0.0);
    if let (Some(low), Some(high), Some(width)) = (low, high, width) {
        check_scale(low, high, width, tick, placeholder, place, findings);
    }
    Range { start, end, step, whole }
}

fn check_scale(
    low: f64,
    high: f64,
    width: f64,
    tick: Option<f64>,
    placeholder: Option<f64>,
    place: &Place,
    findings: &mut Findings,
) {
    let length = (high - low).abs();
    let mut report = |what: &str, remedy: &str| findings.mistake("broken-range", place.clone(), what, remedy);
    for (name, value) in [("step", Some(width)), ("tick_interval", tick)] {
        let Some(value) = value else { continue };
        if value == 0.0 {
            report(&format!("`{name}` is 0."), "Give a number above 0.");
        } else if value > length {
            report(
                &format!("`{name}` is larger than the distance of `start` and `end`."),
                "Make it smaller, or the scale longer.",
            );
        }
    }
    let multiple = |value: f64, of: f64| ((value / of) - (value / of).round()).abs() < 1e-9;
    if tick.is_some_and(|tick| width != 0.0 && !multiple(tick, width)) {
        report("`tick_interval` is no multiple of `step`.", "Make it a multiple.");
    }
    if placeholder.is_some_and(|at| at < low.min(high) || at > low.max(high) || (width != 0.0 && !multiple(at - low, width))) {
        report("`placeholder` is no value of the scale.", "Choose one that the scale has.");
    }
}

#[cfg(test)]
mod tests {
    use super::{only, range, read};
    use crate::findings::Findings;
    use crate::form::Place;

    fn codes(findings: Findings) -> Vec<&'static str> {
        findings.finish().iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn pairs_may_be_separated_in_many_ways() {
        let mut findings = Findings::default();
        let pairs = read("randomize = true, seed=${Age};max-pixels=5", &Place::default(), &mut findings);
        assert_eq!(pairs.len(), 3);
        assert_eq!(pairs[1], ("seed".to_owned(), "${Age}".to_owned()));
        only(&["randomize", "seed"], &pairs, &Place::default(), &mut findings);
        read("start", &Place::default(), &mut findings);
        assert_eq!(codes(findings), ["unknown-parameter", "broken-parameter"]);
    }

    #[test]
    fn a_scale_must_make_sense() {
        let mut findings = Findings::default();
        let pairs = read("start=0 end=1 step=0.25", &Place::default(), &mut findings);
        assert!(!range(&pairs, &Place::default(), &mut findings).whole);
        assert!(range(&[], &Place::default(), &mut findings).whole);
        let pairs = read("start=x end=1 step=0", &Place::default(), &mut findings);
        range(&pairs, &Place::default(), &mut findings);
        let pairs = read("end=3 step=5", &Place::default(), &mut findings);
        range(&pairs, &Place::default(), &mut findings);
        assert_eq!(codes(findings), ["broken-range", "broken-range"]);
    }
}
