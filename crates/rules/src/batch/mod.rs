//! Many profiles, a column for each field, so that a rule is judged a thousand at a time. Members lie one after another; each household
//! knows where its own end.
mod column;
mod json;
mod words;

pub use column::Cell;
pub(crate) use column::{Column, Values};
pub use json::Broken;
pub(crate) use words::Words;

use crate::fields::{FieldRef, Fields, Of};
use crate::lanes::bits;
use crate::profile::{Answers, Profile, Value};
use column::Table;

/// Many profiles. Make one for the fields that rules were compiled with (or for those the rules use: [`Fields::only`]), fill it with some
/// thousand profiles, judge every rule, [`Batch::clear`] it and go on: it keeps its memory.
#[derive(Debug, Clone)]
pub struct Batch {
    household: Table,
    member: Table,
    /// Where each household's members end; its neighbour's end is where they begin.
    ends: Vec<u32>,
    /// Of which households anybody knows the members.
    listed: Vec<u64>,
    /// The household of each member.
    homes: Vec<u32>,
    words: Words,
}

impl Batch {
    /// An empty one for these fields.
    pub fn new(fields: &Fields) -> Self {
        Self {
            household: Table::new(&fields.household),
            member: Table::new(&fields.members),
            ends: Vec::new(),
            listed: Vec::new(),
            homes: Vec::new(),
            words: Words::default(),
        }
    }

    /// How many profiles it holds.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Takes every profile out.
    pub fn clear(&mut self) {
        self.household.empty();
        self.member.empty();
        self.ends.clear();
        self.homes.clear();
        self.listed.fill(0);
        if self.words.forget() {
            self.household.forget_texts();
            self.member.forget_texts();
        }
    }

    /// Another profile of which nothing is known yet; fill it through what this gives back.
    pub fn add(&mut self) -> Row<'_> {
        let row = self.start();
        Row { batch: self, row }
    }

    /// Another profile.
    pub fn push(&mut self, profile: &Profile) {
        let row = self.start();
        fill(&mut self.household, row, &profile.household, &mut self.words);
        let Some(members) = &profile.members else { return };
        bits::set(&mut self.listed, row);
        for member in members {
            let place = self.start_member(row);
            fill(&mut self.member, place, member, &mut self.words);
        }
    }

    fn start(&mut self) -> usize {
        let row = self.ends.len();
        self.household.reach(row);
        if bits::words(row + 1) > self.listed.len() {
            self.listed.push(0);
        }
        self.ends.push(self.ends.last().copied().unwrap_or_default());
        row
    }

    fn start_member(&mut self, row: usize) -> usize {
        let place = self.homes.len();
        self.member.reach(place);
        self.homes.push(u32::try_from(row).expect("a batch never grows so large"));
        self.ends[row] = u32::try_from(self.homes.len()).expect("a batch never grows so large");
        place
    }

    /// Takes the last profile out again.
    fn undo(&mut self) {
        let Some(row) = self.ends.len().checked_sub(1) else { return };
        let members = self.members(row);
        members.clone().for_each(|place| self.member.forget(place));
        self.homes.truncate(members.start);
        self.household.forget(row);
        bits::clear(&mut self.listed, row);
        self.ends.pop();
    }

    /// Where a household's members lie.
    pub(crate) fn members(&self, row: usize) -> std::ops::Range<usize> {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        start as usize..self.ends[row] as usize
    }

    /// Of which households anybody knows the members.
    pub(crate) fn listed(&self) -> &[u64] {
        &self.listed
    }

    pub(crate) fn homes(&self) -> &[u32] {
        &self.homes
    }

    pub(crate) fn words(&self) -> &Words {
        &self.words
    }

    pub(crate) fn column(&self, field: &FieldRef) -> Option<&Column> {
        let table = if field.of == Of::Household { &self.household } else { &self.member };
        table.find(&field.name).map(|column| &table.columns[column])
    }
}

fn fill(table: &mut Table, row: usize, answers: &Answers, words: &mut Words) {
    for column in 0..table.columns.len() {
        let Some(value) = answers.get(table.name(column)) else { continue };
        let column = &mut table.columns[column];
        match value {
            Value::Bool(value) => column.bool(row, *value),
            Value::Int(value) => column.int(row, *value),
            Value::Number(value) => column.number(row, *value),
            Value::Text(text) => column.set(row, Cell::Text(text), words),
            Value::Choices(chosen) => {
                let kept = column.choices(row, chosen.iter().map(String::as_bytes), words);
                debug_assert!(kept, "a String is text");
            }
        }
    }
}

/// A profile being filled in: fields by their place in [`Fields`].
pub struct Row<'a> {
    batch: &'a mut Batch,
    row: usize,
}

impl Row<'_> {
    /// Sets the household's field at this place of [`Fields::household`].
    pub fn set(&mut self, field: usize, cell: Cell<'_>) {
        self.batch.household.columns[field].set(self.row, cell, &mut self.batch.words);
    }

    /// Says that all members are known: those that follow, or none.
    pub fn listed(&mut self) {
        bits::set(&mut self.batch.listed, self.row);
    }

    /// Another member; [`Row::set_member`] is about this one from here on.
    pub fn member(&mut self) {
        self.listed();
        self.batch.start_member(self.row);
    }

    /// Sets the field at this place of [`Fields::members`] for the last member; does nothing before the first.
    pub fn set_member(&mut self, field: usize, cell: Cell<'_>) {
        if let Some(last) = self.batch.members(self.row).next_back() {
            self.batch.member.columns[field].set(last, cell, &mut self.batch.words);
        }
    }
}
