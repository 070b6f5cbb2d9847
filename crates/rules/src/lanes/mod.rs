//! Rules over a batch, a thousand profiles at a time. A *lane* is one place of such a run: a household, one of its members, or a pair of
//! them. Says the same as `weigh`, which does one profile: the two are compared by chance in `tests/chance.rs`.
pub(crate) mod bits;
mod cells;
mod members;
mod truth;

use std::borrow::Cow;

use crate::batch::{Batch, Column};
use crate::fields::{FieldRef, Of};
use crate::rule::{NO_REASON, Stated, Verdict};
use crate::shape::Term;
use bits::Bits;
use cells::Data;

/// So many households are judged at once. A multiple of the bits of a word.
const RUN: usize = 1024;

/// Which rows of a table the lanes stand for.
#[derive(Debug, Clone, Copy)]
enum Rows<'d> {
    /// One after another from here.
    From(usize),
    /// Each its own.
    Each(&'d [u32]),
}

/// The lanes at hand: for each a household, and perhaps members of it.
#[derive(Debug, Clone, Copy)]
struct Domain<'d> {
    lanes: usize,
    household: Rows<'d>,
    member: Option<Rows<'d>>,
    other: Option<Rows<'d>>,
}

/// Reads a rule over a batch.
#[derive(Clone, Copy)]
struct Lanes<'a> {
    batch: &'a Batch,
}

impl Rows<'_> {
    fn row(self, lane: usize) -> usize {
        match self {
            Self::From(start) => start + lane,
            Self::Each(rows) => rows[lane] as usize,
        }
    }

    /// The values of these rows.
    fn pick<'a, T: Copy>(self, values: &'a [T], lanes: usize) -> Cow<'a, [T]> {
        match self {
            Self::From(start) => Cow::Borrowed(&values[start..start + lanes]),
            Self::Each(rows) => rows.iter().map(|row| values[*row as usize]).collect(),
        }
    }

    /// The bits of these rows.
    fn pick_bits(self, set: &[u64], lanes: usize) -> Vec<u64> {
        match self {
            Self::From(start) => bits::window(set, start, lanes),
            Self::Each(rows) => bits::ask_one(rows, |row| bits::get(set, *row as usize)),
        }
    }
}

impl<'a> Lanes<'a> {
    fn column<'d>(self, field: &FieldRef, domain: Domain<'d>) -> Option<(&'a Column, Rows<'d>)> {
        let rows = match field.of {
            Of::Household => domain.household,
            Of::Member => domain.member?,
            Of::Other => domain.other?,
        };
        Some((self.batch.column(field)?, rows))
    }
}

fn runs(batch: &Batch) -> impl Iterator<Item = Domain<'static>> {
    let all = batch.len();
    (0..all).step_by(RUN).map(move |start| Domain {
        lanes: RUN.min(all - start),
        household: Rows::From(start),
        member: None,
        other: None,
    })
}

/// Adds a verdict and its reason for each profile.
pub(crate) fn judge(clauses: &[Stated], batch: &Batch, verdicts: &mut Vec<Verdict>, reasons: &mut Vec<u8>) {
    let lanes = Lanes { batch };
    for domain in runs(batch) {
        let mut holds = Bits::every(domain.lanes);
        let mut seen = Reasons { failed: vec![NO_REASON; domain.lanes], unknown: vec![NO_REASON; domain.lanes] };
        for (number, clause) in clauses.iter().enumerate() {
            let one = lanes.truth(&clause.shape, domain);
            seen.note(u8::try_from(number).unwrap_or(NO_REASON - 1), &holds, &one);
            holds.and(&one);
        }
        for lane in 0..domain.lanes {
            let (yes, no) = (bits::get(&holds.yes, lane), bits::get(&holds.no, lane));
            let (verdict, reason) = match (yes, no) {
                (_, true) => (Verdict::NotEligible, seen.failed[lane]),
                (true, false) => (Verdict::Eligible, NO_REASON),
                (false, false) => (Verdict::Unknown, seen.unknown[lane]),
            };
            verdicts.push(verdict);
            reasons.push(reason);
        }
    }
}

/// Which clause was the first that failed, and the first that was unknown.
struct Reasons {
    failed: Vec<u8>,
    unknown: Vec<u8>,
}

impl Reasons {
    /// `before` is what the clauses before this one come to.
    fn note(&mut self, clause: u8, before: &Bits, now: &Bits) {
        let newly_failed = bits::zip(&now.no, &before.no, |now, before| now & !before);
        each_set(&newly_failed, &mut self.failed, clause);
        // Among those that didn't fail, all before held as long as `yes` says so: the first unknown one ends that.
        let unknown = bits::zip(&now.yes, &now.no, |yes, no| !yes & !no);
        each_set(&bits::both(&unknown, &before.yes), &mut self.unknown, clause);
    }
}

fn each_set(set: &[u64], codes: &mut [u8], code: u8) {
    for (word, codes) in set.iter().zip(codes.chunks_mut(bits::WORD)) {
        let mut left = *word;
        while left != 0 {
            // Bits past the last lane mean nothing.
            if let Some(place) = codes.get_mut(left.trailing_zeros() as usize) {
                *place = code;
            }
            left &= left - 1;
        }
    }
}

/// Adds a number, or that it is unknown, for each profile.
pub(crate) fn score(shape: &Term, batch: &Batch, values: &mut Vec<Option<f64>>) {
    let lanes = Lanes { batch };
    for domain in runs(batch) {
        let cells = lanes.term(shape, domain);
        let known = |lane: usize| bits::get(&cells.valid, lane);
        match &cells.data {
            Data::Int(numbers) => values.extend((0..domain.lanes).map(|lane| known(lane).then_some(numbers[lane] as f64))),
            Data::Number(numbers) => values.extend((0..domain.lanes).map(|lane| known(lane).then_some(numbers[lane]))),
            Data::Text(_) | Data::Nothing => values.extend((0..domain.lanes).map(|_| None)),
        }
    }
}
