//! Columns: the values of one field, and which of them are known.
use super::words::{Recent, Words};
use crate::fields::{Field, Kind};
use crate::lanes::bits;
use crate::profile::whole;

/// Columns grow by so many places at once.
const STEP: usize = 1024;

/// A value for a field, typed. One that doesn't fit the field's kind counts as unknown, as in a profile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Nobody knows.
    Unknown,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Number(f64),
    /// A text, or the one choice made.
    Text(&'a str),
    /// The choices made.
    Choices(&'a [&'a str]),
}

#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) valid: Vec<u64>,
    pub(crate) values: Values,
    recent: Recent,
}

#[derive(Debug, Clone)]
pub(crate) enum Values {
    Bool(Vec<u64>),
    Int(Vec<i64>),
    Number(Vec<f64>),
    /// Numbers of texts.
    Text(Vec<u32>),
    /// Of each row, from where to where its choices lie among the codes.
    Choices {
        spans: Vec<(u32, u32)>,
        codes: Vec<u32>,
    },
}

impl Column {
    fn new(kind: Kind) -> Self {
        let values = match kind {
            Kind::Bool => Values::Bool(Vec::new()),
            Kind::Int => Values::Int(Vec::new()),
            Kind::Number => Values::Number(Vec::new()),
            Kind::Text | Kind::Choice => Values::Text(Vec::new()),
            Kind::Choices => Values::Choices { spans: Vec::new(), codes: Vec::new() },
        };
        Self { valid: Vec::new(), values, recent: Recent::default() }
    }

    fn grow(&mut self, room: usize) {
        let words = bits::words(room);
        self.valid.resize(words, 0);
        match &mut self.values {
            Values::Bool(yes) => yes.resize(words, 0),
            Values::Int(values) => values.resize(room, 0),
            Values::Number(values) => values.resize(room, 0.0),
            Values::Text(codes) => codes.resize(room, 0),
            Values::Choices { spans, .. } => spans.resize(room, (0, 0)),
        }
    }

    fn empty(&mut self) {
        self.valid.fill(0);
        if let Values::Choices { codes, .. } = &mut self.values {
            codes.clear();
        }
    }

    pub(crate) fn forget(&mut self, row: usize) {
        bits::clear(&mut self.valid, row);
    }

    pub(crate) fn bool(&mut self, row: usize, value: bool) {
        let Values::Bool(yes) = &mut self.values else { return self.forget(row) };
        if value {
            bits::set(yes, row)
        } else {
            bits::clear(yes, row)
        }
        bits::set(&mut self.valid, row);
    }

    pub(crate) fn int(&mut self, row: usize, value: i64) {
        match &mut self.values {
            Values::Int(values) => values[row] = value,
            Values::Number(values) => values[row] = value as f64,
            _ => return self.forget(row),
        }
        bits::set(&mut self.valid, row);
    }

    pub(crate) fn number(&mut self, row: usize, value: f64) {
        match &mut self.values {
            Values::Number(values) if value.is_finite() => values[row] = value,
            Values::Int(values) => match whole(value) {
                Some(value) => values[row] = value,
                None => return self.forget(row),
            },
            _ => return self.forget(row),
        }
        bits::set(&mut self.valid, row);
    }

    /// Says no if the bytes aren't text.
    #[must_use]
    pub(crate) fn text(&mut self, row: usize, text: &[u8], words: &mut Words) -> bool {
        let Values::Text(codes) = &mut self.values else {
            self.forget(row);
            return std::str::from_utf8(text).is_ok();
        };
        let Some(code) = words.code(text, &mut self.recent) else { return false };
        codes[row] = code;
        bits::set(&mut self.valid, row);
        true
    }

    /// Says no if the bytes aren't text.
    #[must_use]
    pub(crate) fn choices<'t>(&mut self, row: usize, chosen: impl Iterator<Item = &'t [u8]>, words: &mut Words) -> bool {
        let Values::Choices { spans, codes } = &mut self.values else {
            self.forget(row);
            return true;
        };
        let from = codes.len();
        for one in chosen {
            let Some(code) = words.code(one, &mut self.recent) else { return false };
            codes.push(code);
        }
        let (Ok(from), Ok(to)) = (u32::try_from(from), u32::try_from(codes.len())) else { return false };
        spans[row] = (from, to);
        bits::set(&mut self.valid, row);
        true
    }

    pub(crate) fn set(&mut self, row: usize, cell: Cell<'_>, words: &mut Words) {
        let kept = match cell {
            Cell::Unknown => false,
            Cell::Bool(value) => return self.bool(row, value),
            Cell::Int(value) => return self.int(row, value),
            Cell::Number(value) => return self.number(row, value),
            Cell::Text(text) => self.text(row, text.as_bytes(), words),
            Cell::Choices(chosen) => self.choices(row, chosen.iter().map(|one| one.as_bytes()), words),
        };
        if !kept {
            self.forget(row);
        }
    }
}

/// The columns of one sort of row: households, or members.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    names: Vec<String>,
    pub(crate) columns: Vec<Column>,
    /// After each column, and at first, the one whose value was written next the last time: documents name fields in a steady order.
    after: Vec<usize>,
    room: usize,
}

impl Table {
    pub(crate) fn new(fields: &[Field]) -> Self {
        Self {
            names: fields.iter().map(|field| field.name.clone()).collect(),
            columns: fields.iter().map(|field| Column::new(field.kind)).collect(),
            after: (0..=fields.len()).collect(),
            room: 0,
        }
    }

    /// Makes room for this row, in which nothing is known yet.
    pub(crate) fn reach(&mut self, row: usize) {
        if row >= self.room {
            self.room = row + STEP;
            self.columns.iter_mut().for_each(|column| column.grow(self.room));
        }
    }

    pub(crate) fn empty(&mut self) {
        self.columns.iter_mut().for_each(Column::empty);
    }

    /// Before the texts are forgotten.
    pub(crate) fn forget_texts(&mut self) {
        self.columns.iter_mut().for_each(|column| column.recent = Recent::default());
    }

    pub(crate) fn forget(&mut self, row: usize) {
        self.columns.iter_mut().for_each(|column| column.forget(row));
    }

    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    pub(crate) fn name(&self, column: usize) -> &str {
        &self.names[column]
    }

    /// The column of this name. `place` says where in an object we are: 0 at its beginning, then what the last call left there.
    pub(crate) fn next(&mut self, name: &[u8], place: &mut usize) -> Option<usize> {
        let likely = self.after[*place];
        let column = match self.names.get(likely) {
            Some(known) if known.as_bytes() == name => likely,
            _ => self.names.iter().position(|known| known.as_bytes() == name)?,
        };
        self.after[*place] = column;
        *place = column + 1;
        Some(column)
    }
}
