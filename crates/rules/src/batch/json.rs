//! A profile's JSON right into columns, without a document in between. Takes what [`crate::Profile`] takes.
use std::borrow::Cow;
use std::fmt;

use super::Batch;
use super::column::{Column, Table};
use super::words::Words;
use crate::lanes::bits;

mod numbers;
mod reader;

use reader::Reader;

/// Why a profile's JSON couldn't be read. The batch is as it was before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Where, in bytes from 0.
    pub at: usize,
    /// What is wrong there.
    pub what: &'static str,
}

impl fmt::Display for Broken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} at byte {}", self.what, self.at)
    }
}

impl std::error::Error for Broken {}

impl Batch {
    /// Another profile, from its JSON: `{"household": {…}, "members": [{…}, …]}`. Keys that no field has are passed over; a value that
    /// doesn't fit its field is unknown.
    ///
    /// # Errors
    /// When the text isn't such JSON.
    pub fn push_json(&mut self, text: &[u8]) -> Result<(), Broken> {
        let row = self.start();
        let mut reader = Reader::new(text);
        let read = self.read(row, &mut reader).and_then(|()| reader.end());
        if read.is_err() {
            self.undo();
        }
        read
    }

    fn read(&mut self, row: usize, reader: &mut Reader<'_>) -> Result<(), Broken> {
        reader.open(b'{', "a profile is an object")?;
        let (mut first, mut household, mut members) = (true, false, false);
        while let Some(key) = reader.key(&mut first)? {
            let twice = match &*key {
                b"household" => std::mem::replace(&mut household, true),
                b"members" => std::mem::replace(&mut members, true),
                _ => false,
            };
            if twice {
                return Err(reader.broken("a key stands there twice"));
            }
            match &*key {
                b"household" | b"members" if reader.null()? => {}
                b"household" => self.household.read(row, reader, &mut self.words)?,
                b"members" => self.read_members(row, reader)?,
                _ => reader.skip()?,
            }
        }
        Ok(())
    }

    fn read_members(&mut self, row: usize, reader: &mut Reader<'_>) -> Result<(), Broken> {
        reader.open(b'[', "members are a list")?;
        bits::set(&mut self.listed, row);
        let mut first = true;
        while reader.item(&mut first)? {
            let place = self.start_member(row);
            self.member.read(place, reader, &mut self.words)?;
        }
        Ok(())
    }
}

impl Table {
    /// An object's values into one row.
    fn read(&mut self, row: usize, reader: &mut Reader<'_>, words: &mut Words) -> Result<(), Broken> {
        reader.open(b'{', "what is known stands in an object")?;
        let (mut place, mut first) = (0, true);
        while let Some(key) = reader.key(&mut first)? {
            match self.next(&key, &mut place) {
                Some(column) => self.columns[column].read(row, reader, words)?,
                None => reader.skip()?,
            }
        }
        Ok(())
    }
}

impl Column {
    fn read(&mut self, row: usize, reader: &mut Reader<'_>, words: &mut Words) -> Result<(), Broken> {
        match reader.peek() {
            Some(b'"') => {
                let text = reader.string()?;
                if self.text(row, &text, words) { Ok(()) } else { Err(reader.broken("no UTF-8")) }
            }
            Some(b't') => {
                reader.word(b"true")?;
                self.bool(row, true);
                Ok(())
            }
            Some(b'f') => {
                reader.word(b"false")?;
                self.bool(row, false);
                Ok(())
            }
            Some(b'-' | b'0'..=b'9') => {
                match reader.number()? {
                    numbers::Read::Int(value) => self.int(row, value),
                    numbers::Read::Number(value) => self.number(row, value),
                }
                Ok(())
            }
            Some(b'[') => self.read_list(row, reader, words),
            _ => {
                self.forget(row);
                reader.skip()
            }
        }
    }

    fn read_list(&mut self, row: usize, reader: &mut Reader<'_>, words: &mut Words) -> Result<(), Broken> {
        reader.open(b'[', "a list")?;
        let (mut chosen, mut plain, mut first) = (Vec::<Cow<'_, [u8]>>::new(), true, true);
        while reader.item(&mut first)? {
            if reader.peek() == Some(b'"') {
                chosen.push(reader.string()?);
            } else {
                plain = false;
                reader.skip()?;
            }
        }
        if !plain {
            self.forget(row);
            return Ok(());
        }
        let kept = self.choices(row, chosen.iter().map(|one| &**one), words);
        if kept { Ok(()) } else { Err(reader.broken("no UTF-8")) }
    }
}
