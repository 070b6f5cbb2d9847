//! Rows on their way into the database by COPY in its binary form: the quickest way there is, and sealed bytes pass as they are.
use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use tokio::sync::mpsc::Sender;
use uuid::Uuid;

use crate::demo::chance::Chance;

/// As many bytes go in one statement.
const FULL: usize = 1 << 20;
/// What every binary copy begins with: the signature, no flags, no extension.
const HEAD: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TAIL: [u8; 2] = (-1_i16).to_be_bytes();

/// A value as COPY reads it.
pub trait Cell {
    /// The bytes; false for null.
    fn put(&self, out: &mut Vec<u8>) -> bool;
}

/// Some columns of a row, each with its value.
pub type Part<'a> = [(&'static str, &'a dyn Cell)];

/// Rows of one table, ready for the database.
pub struct Chunk {
    /// Which table.
    pub table: &'static str,
    /// Its columns, as a statement names them.
    pub columns: String,
    /// The rows.
    pub bytes: Vec<u8>,
    /// How many households are made by now.
    pub done: u32,
}

/// Rows being collected by table, handed on whenever enough wait.
pub struct Sheets {
    waiting: BTreeMap<&'static str, Chunk>,
    ready: Sender<Chunk>,
    codes: HashSet<String>,
    /// How many households are made by now.
    pub done: u32,
}

impl Sheets {
    /// Nothing yet; whoever listens writes what is ready.
    pub fn new(ready: Sender<Chunk>) -> Self {
        Self { waiting: BTreeMap::new(), ready, codes: HashSet::new(), done: 0 }
    }

    /// Adds a row; every row of a table names the same columns in the same order. False when nobody listens any more.
    pub fn add(&mut self, table: &'static str, parts: &[&Part<'_>]) -> bool {
        let chunk = self.waiting.entry(table).or_insert_with(|| {
            let columns: Vec<&str> = parts.iter().flat_map(|part| part.iter().map(|(name, _)| *name)).collect();
            Chunk { table, columns: columns.join(", "), bytes: HEAD.to_vec(), done: 0 }
        });
        let out = &mut chunk.bytes;
        let count: usize = parts.iter().map(|part| part.len()).sum();
        out.extend(i16::try_from(count).unwrap_or(i16::MAX).to_be_bytes());
        for (_, cell) in parts.iter().copied().flatten() {
            framed(out, |out| cell.put(out));
        }
        chunk.bytes.len() < FULL || self.hand_on(table)
    }

    /// A code that no other row bears: among millions of random ones a few come twice.
    pub fn code(&mut self, chance: &mut Chance, kind: char) -> String {
        loop {
            let code = chance.code(kind);
            if self.codes.insert(code.clone()) {
                return code;
            }
        }
    }

    /// Hands everything on that still waits.
    pub fn finish(mut self) {
        for table in self.waiting.keys().copied().collect::<Vec<_>>() {
            self.hand_on(table);
        }
    }

    fn hand_on(&mut self, table: &'static str) -> bool {
        let Some(chunk) = self.waiting.get_mut(table) else { return true };
        let bytes = std::mem::replace(&mut chunk.bytes, HEAD.to_vec());
        if bytes.len() == HEAD.len() {
            return true;
        }
        let full = Chunk { table, columns: chunk.columns.clone(), bytes: [&bytes[..], &TAIL].concat(), done: self.done };
        self.ready.blocking_send(full).is_ok()
    }
}

// A value with its length before it; minus one stands for null.
fn framed(out: &mut Vec<u8>, put: impl FnOnce(&mut Vec<u8>) -> bool) {
    let at = out.len();
    out.extend((-1_i32).to_be_bytes());
    if put(out) {
        let length = i32::try_from(out.len() - at - 4).unwrap_or(i32::MAX);
        out[at..at + 4].copy_from_slice(&length.to_be_bytes());
    }
}

macro_rules! cells {
    ($($of:ty => |$value:ident, $out:ident| $put:expr),+ $(,)?) => {$(
        impl Cell for $of {
            fn put(&self, $out: &mut Vec<u8>) -> bool {
                let $value = self;
                $put;
                true
            }
        }
    )+};
}

/// Sealed bytes.
pub struct Bytes(pub Vec<u8>);
/// JSON.
pub struct Json(pub String);

cells! {
    bool => |value, out| out.push(u8::from(*value)),
    i16 => |value, out| out.extend(value.to_be_bytes()),
    i32 => |value, out| out.extend(value.to_be_bytes()),
    &str => |value, out| out.extend(value.as_bytes()),
    String => |value, out| out.extend(value.as_bytes()),
    Uuid => |value, out| out.extend(value.as_bytes()),
    Bytes => |value, out| out.extend(&value.0),
    Json => |value, out| { out.push(1); out.extend(value.0.as_bytes()) },
    DateTime<Utc> => |value, out| out.extend((value.timestamp_micros() - 946_684_800_000_000).to_be_bytes()),
    NaiveDate => |value, out| out.extend(i32::try_from((*value - MILLENNIUM).num_days()).unwrap_or_default().to_be_bytes()),
    Vec<i32> => |value, out| array(out, 23, value),
    Vec<&str> => |value, out| array(out, 25, value),
    Vec<Uuid> => |value, out| array(out, 2950, value),
}

const MILLENNIUM: NaiveDate = NaiveDate::from_ymd_opt(2000, 1, 1).expect("the year 2000 began");

impl<T: Cell> Cell for Option<T> {
    fn put(&self, out: &mut Vec<u8>) -> bool {
        self.as_ref().is_some_and(|value| value.put(out))
    }
}

// One dimension, no nulls, counted from one.
fn array<T: Cell>(out: &mut Vec<u8>, of: i32, values: &[T]) {
    let length = i32::try_from(values.len()).unwrap_or(i32::MAX);
    let head: &[i32] = if values.is_empty() { &[0, 0, of] } else { &[1, 0, of, length, 1] };
    out.extend(head.iter().flat_map(|number| number.to_be_bytes()));
    for value in values {
        framed(out, |out| value.put(out));
    }
}
