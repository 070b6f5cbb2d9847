//! Terms over lanes: numbers and texts, and which of them are known.
use std::borrow::Cow;

use super::bits::{self, Bits};
use super::{Domain, Lanes, Rows};
use crate::batch::{Column, Values};
use crate::fields::FieldRef;
use crate::profile::whole;
use crate::shape::{Arithmetic, Term};
use crate::weigh::Trouble;

/// A value for each lane; where it isn't known, any.
pub(super) struct Cells<'a> {
    pub(super) valid: Vec<u64>,
    pub(super) data: Data<'a>,
}

pub(super) enum Data<'a> {
    Int(Cow<'a, [i64]>),
    Number(Cow<'a, [f64]>),
    Text(Vec<&'a str>),
    /// Unknown in every lane.
    Nothing,
}

impl<'a> Cells<'a> {
    fn nothing(lanes: usize) -> Self {
        Self { valid: vec![0; bits::words(lanes)], data: Data::Nothing }
    }

    fn every(data: Data<'a>, lanes: usize) -> Self {
        Self { valid: vec![u64::MAX; bits::words(lanes)], data }
    }

    fn into_numbers(self, lanes: usize) -> Self {
        match self.data {
            Data::Int(values) => Self { valid: self.valid, data: Data::Number(floats(&values)) },
            Data::Number(_) => self,
            Data::Text(_) | Data::Nothing => Self::nothing(lanes),
        }
    }
}

impl From<(Vec<u64>, Vec<i64>)> for Cells<'_> {
    fn from((valid, values): (Vec<u64>, Vec<i64>)) -> Self {
        Self { valid, data: Data::Int(values.into()) }
    }
}

impl From<(Vec<u64>, Vec<f64>)> for Cells<'_> {
    fn from((valid, values): (Vec<u64>, Vec<f64>)) -> Self {
        Self { valid, data: Data::Number(values.into()) }
    }
}

impl<'a> From<(Vec<u64>, Vec<&'a str>)> for Cells<'a> {
    fn from((valid, values): (Vec<u64>, Vec<&'a str>)) -> Self {
        Self { valid, data: Data::Text(values) }
    }
}

pub(super) fn floats(values: &[i64]) -> Cow<'static, [f64]> {
    values.iter().map(|value| *value as f64).collect()
}

impl<'a> Lanes<'a> {
    pub(super) fn term(self, term: &'a Term, domain: Domain<'_>) -> Cells<'a> {
        let lanes = domain.lanes;
        match term {
            Term::Field(field) => self.field(field, domain),
            Term::Int(value) => Cells::every(Data::Int(vec![*value; lanes].into()), lanes),
            Term::Number(value) => Cells::every(Data::Number(vec![*value; lanes].into()), lanes),
            Term::Text(text) => Cells::every(Data::Text(vec![text.as_str(); lanes]), lanes),
            Term::Count(such) => self.tally(such.as_deref(), domain).exact(),
            Term::Picked(field) => self.picked(field, domain),
            Term::Length(of) => self.length(of, domain),
            Term::Arithmetic { terms, operators } => self.arithmetic(terms, operators, domain),
            Term::Minus(of) => {
                let of = self.term(of, domain);
                match &of.data {
                    Data::Int(values) => each(&of.valid, values, i64::checked_neg).into(),
                    Data::Number(values) => each(&of.valid, values, |value: f64| Some(-value)).into(),
                    Data::Text(_) | Data::Nothing => Cells::nothing(lanes),
                }
            }
            Term::ToInt(of) => {
                let of = self.term(of, domain);
                match &of.data {
                    Data::Number(values) => each(&of.valid, values, |value: f64| whole(value.trunc())).into(),
                    Data::Int(_) => of,
                    Data::Text(_) | Data::Nothing => Cells::nothing(lanes),
                }
            }
            Term::ToNumber(of) => self.term(of, domain).into_numbers(lanes),
            Term::Choose { condition, then, otherwise } => {
                let condition = self.truth(condition, domain);
                choose(&condition, self.term(then, domain), self.term(otherwise, domain), lanes)
            }
        }
    }

    fn field(self, field: &FieldRef, domain: Domain<'_>) -> Cells<'a> {
        let lanes = domain.lanes;
        let Some((column, rows)) = self.column(field, domain) else { return Cells::nothing(lanes) };
        let data = match &column.values {
            Values::Int(values) => Data::Int(rows.pick(values, lanes)),
            Values::Number(values) => Data::Number(rows.pick(values, lanes)),
            Values::Text(codes) => return self.texts(column, codes, rows, lanes),
            Values::Bool(_) | Values::Choices { .. } => Data::Nothing,
        };
        Cells { valid: rows.pick_bits(&column.valid, lanes), data }
    }

    fn texts(self, column: &'a Column, codes: &'a [u32], rows: Rows<'_>, lanes: usize) -> Cells<'a> {
        let valid = rows.pick_bits(&column.valid, lanes);
        let codes = rows.pick(codes, lanes);
        // A place that isn't known may hold a number from before the texts were forgotten.
        let text = |lane: usize| if bits::get(&valid, lane) { self.batch.words().text(codes[lane]) } else { "" };
        let texts = (0..lanes).map(text).collect();
        Cells { data: Data::Text(texts), valid }
    }

    fn picked(self, field: &FieldRef, domain: Domain<'_>) -> Cells<'a> {
        let lanes = domain.lanes;
        let Some((column, rows)) = self.column(field, domain) else { return Cells::nothing(lanes) };
        let Values::Choices { spans, .. } = &column.values else { return Cells::nothing(lanes) };
        let sizes = rows.pick(spans, lanes).iter().map(|(from, to)| i64::from(to.saturating_sub(*from))).collect();
        Cells { valid: rows.pick_bits(&column.valid, lanes), data: Data::Int(sizes) }
    }

    fn length(self, of: &'a Term, domain: Domain<'_>) -> Cells<'a> {
        let of = self.term(of, domain);
        let Data::Text(texts) = &of.data else { return Cells::nothing(domain.lanes) };
        let lengths = texts.iter().map(|text| i64::try_from(text.chars().count()).unwrap_or(i64::MAX)).collect();
        Cells { valid: of.valid, data: Data::Int(lengths) }
    }

    fn arithmetic(self, terms: &'a [Term], operators: &[Arithmetic], domain: Domain<'_>) -> Cells<'a> {
        let lanes = domain.lanes;
        let Some((first, rest)) = terms.split_first() else { return Cells::nothing(lanes) };
        operators
            .iter()
            .zip(rest)
            .fold(self.term(first, domain), |sum, (operator, term)| operate(*operator, sum, self.term(term, domain), lanes))
    }
}

fn operate<'a>(operator: Arithmetic, left: Cells<'a>, right: Cells<'a>, lanes: usize) -> Cells<'a> {
    if let (Data::Int(one), Data::Int(other)) = (&left.data, &right.data) {
        return pairs(&bits::both(&left.valid, &right.valid), one, other, |one, other| operator.ints(one, other)).into();
    }
    let (left, right) = (left.into_numbers(lanes), right.into_numbers(lanes));
    match (&left.data, &right.data) {
        (Data::Number(one), Data::Number(other)) => {
            let valid = bits::both(&left.valid, &right.valid);
            pairs(&valid, one, other, |one, other| operator.numbers(one, other)).into()
        }
        _ => Cells::nothing(lanes),
    }
}

/// A number from two in each lane; where there is none, it isn't known.
fn pairs<T: Copy + Default>(
    valid: &[u64],
    left: &[T],
    right: &[T],
    result: impl Fn(T, T) -> Result<T, Trouble>,
) -> (Vec<u64>, Vec<T>) {
    let mut valid = valid.to_vec();
    let lanes = left.iter().zip(right).enumerate();
    let values = lanes.map(|(lane, (left, right))| {
        result(*left, *right).unwrap_or_else(|_| {
            bits::clear(&mut valid, lane);
            T::default()
        })
    });
    let values = values.collect();
    (valid, values)
}

/// A number from one in each lane, as [`pairs`].
fn each<T: Copy, U: Default>(valid: &[u64], values: &[T], result: impl Fn(T) -> Option<U>) -> (Vec<u64>, Vec<U>) {
    let mut valid = valid.to_vec();
    let results = values.iter().enumerate().map(|(lane, value)| {
        result(*value).unwrap_or_else(|| {
            bits::clear(&mut valid, lane);
            U::default()
        })
    });
    let results = results.collect();
    (valid, results)
}

fn choose<'a>(condition: &Bits, then: Cells<'a>, otherwise: Cells<'a>, lanes: usize) -> Cells<'a> {
    let valid = [&then.valid[..], &otherwise.valid[..]];
    match (&then.data, &otherwise.data) {
        (Data::Int(one), Data::Int(other)) => mix(condition, [one, other], valid).into(),
        (Data::Number(one), Data::Number(other)) => mix(condition, [one, other], valid).into(),
        (Data::Text(one), Data::Text(other)) => mix(condition, [one, other], valid).into(),
        // One of them is known in no lane: the other's kind leads.
        (_, Data::Nothing) => Cells { valid: bits::both(&then.valid, &condition.yes), data: then.data },
        (Data::Nothing, _) => Cells { valid: bits::both(&otherwise.valid, &condition.no), data: otherwise.data },
        _ => Cells::nothing(lanes),
    }
}

fn mix<T: Copy + PartialEq>(condition: &Bits, values: [&[T]; 2], valid: [&[u64]; 2]) -> (Vec<u64>, Vec<T>) {
    let mut mixed = values[0].to_vec();
    let mut known = vec![0; bits::words(mixed.len())];
    for (lane, value) in mixed.iter_mut().enumerate() {
        let other = values[1][lane];
        let [one_known, other_known] = valid.map(|valid| bits::get(valid, lane));
        let decided = if bits::get(&condition.yes, lane) {
            one_known
        } else if bits::get(&condition.no, lane) {
            let decided = other_known;
            *value = other;
            decided
        } else {
            one_known && other_known && *value == other
        };
        if decided {
            bits::set(&mut known, lane);
        }
    }
    (known, mixed)
}
