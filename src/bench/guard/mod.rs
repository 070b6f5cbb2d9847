//! How well the personal-data guard finds what is planted, and how seldom it stops an ordinary sentence, in four languages.
//!
//! People are drawn by chance from names of several cultures, ambiguous ones ("Grace", "May", أمل) among them. Each plant writes one thing
//! of one of them in one of the ways people write it, into a sentence of a letter; it is *found* if a hit touches it, which is what stops
//! the submission. Each clean sentence is read for people drawn the same way; it is *stopped* if anything is hit.
//! The guard's mechanisms were mended after looking at what this set missed, so it flatters a little; `letters/guard/tests.rs` holds a set
//! that was written afterwards and only counted.
mod people;
mod plant;
mod sentences;

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::report::Report;
use crate::people::guard::{self, Kind};
use crate::platform::lang::Lang;

/// At least so many of a hundred planted things are found.
pub const FOUND: f64 = 99.0;
/// At most so many of a hundred clean sentences are stopped.
pub const STOPPED: f64 = 2.0;

/// What was counted.
#[derive(Debug, Default)]
pub struct Counts {
    /// Plants by kind and language: how many, and which were missed.
    pub planted: usize,
    /// Missed plants: the kind and the text.
    pub missed: Vec<(Kind, String)>,
    /// Clean sentences that were read.
    pub clean: usize,
    /// Those that were stopped, and by which words.
    pub stopped: Vec<(String, String)>,
}

impl Counts {
    /// Planted things found, of a hundred.
    pub fn found(&self) -> f64 {
        percent(self.planted - self.missed.len(), self.planted)
    }

    /// Clean sentences stopped, of a hundred.
    pub fn stopped(&self) -> f64 {
        percent(self.stopped.len(), self.clean)
    }
}

#[expect(clippy::cast_precision_loss, reason = "some thousand sentences")]
fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

/// So many plants, and so many readings of clean sentences, in each language.
pub fn count(seed: u64, each: usize) -> Counts {
    let mut chance = StdRng::seed_from_u64(seed);
    let mut counts = Counts::default();
    for lang in Lang::ALL {
        for _ in 0..each {
            let people = people::draw(&mut chance);
            let known = people::known(&people);
            let planted = plant::one(&mut chance, lang, &people);
            let hits = guard::find(&planted.text, &known);
            counts.planted += 1;
            if !hits.iter().any(|hit| hit.start < planted.end && hit.end > planted.start) {
                counts.missed.push((planted.kind, planted.text));
            }
            let clean = sentences::clean(&mut chance, lang);
            counts.clean += 1;
            if let Some(hit) = guard::find(&clean, &known).first() {
                counts.stopped.push((clean[hit.start..hit.end].to_owned(), clean));
            }
        }
    }
    counts
}

/// Adds both figures to the report.
pub fn measure(scale: u32, report: &mut Report) {
    let counts = count(2026, 5_000);
    report.within("guard: planted personal data missed", scale, "% (of 20,000)", 100.0 - counts.found(), 100.0 - FOUND);
    report.within("guard: ordinary sentences stopped", scale, "% (of 20,000)", counts.stopped(), STOPPED);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guard_keeps_both_budgets_on_people_and_sentences_it_has_not_seen() {
        let counts = count(7, 250);
        assert!(
            counts.found() >= FOUND,
            "{:.2} % found; missed {:#?}; {:.2} stopped {:#?}",
            counts.found(),
            counts.missed,
            counts.stopped(),
            counts.stopped
        );
        assert!(counts.stopped() <= STOPPED, "{:.2} % stopped: {:#?}", counts.stopped(), counts.stopped);
    }
}
